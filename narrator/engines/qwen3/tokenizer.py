"""Text → token ids, by the rules of Qwen's own text model.

The package asks transformers for a repair meant for another family of models, which cuts words at capitals where a
checkpoint lies in a local folder ("YouTube" becomes "You", "Tube") and does not where it comes from the hub. Here it is
one way always: the way the text model was trained.
"""

import json
import re
from pathlib import Path
from typing import Any

from narrator.engines.qwen3.config import Checkpoint
from narrator.engines.qwen3.prompt import Words
from narrator.errors import EngineError, MissingError

WORD = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
"""What a word is to Qwen2 and all after it: nothing is merged across these."""
_CONTROL = re.compile(r"<(?=[|/\w]+>)")


def plain(text: str) -> str:
    """Text that no tokenizer takes for a command.

    White space around it goes, since a leading newline would melt into the one before it; and a space breaks up what
    is spelt like a control token (`<|im_end|>`, `<think>`), so that it is read and not obeyed.
    """
    return _CONTROL.sub("< ", text.strip())


class TextTokenizer:
    """The vocabulary of a checkpoint. It has no control tokens: those come from the configuration, never from text.

    Raises:
        MissingError: vocab.json or merges.txt is not there.
        EngineError: They are damaged, or of another model.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        folder, ids = checkpoint.folder, checkpoint.model.text
        self._model = _model(_vocabulary(folder / "vocab.json"), folder)
        assistant, newline = self.ids("assistant"), self.ids("\n")
        if len(assistant) != 1 or len(newline) != 1:
            raise EngineError(
                f"{folder / 'vocab.json'}: `assistant` or a newline is not one token, so this is not Qwen's vocabulary",
                hint="Get this checkpoint again; the file is of another model.",
            )
        self._role = (ids.im_start, assistant[0], newline[0])
        self._end = (ids.im_end, newline[0])

    def ids(self, text: str) -> tuple[int, ...]:
        """Token ids of a text as it stands."""
        return tuple(self._model.encode(text).ids)

    def words(self, text: str, *, instruction: str = "", transcript: str = "") -> Words:
        """A line with what goes with it.

        Args:
            text: What is said; not blank.
            instruction: How, in words; empty = none.
            transcript: What the reference says; empty = there is none.
        """
        instruction, start, end = plain(instruction), self._role[:1], self._end
        return Words(
            role=self._role,
            text=self.ids(plain(text)),
            instruction=(*start, *self.ids(f"user\n{instruction}"), *end) if instruction else (),
            transcript=self.ids(plain(transcript)),
        )


def _vocabulary(path: Path) -> dict[str, int]:
    try:
        vocabulary = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise _missing(path) from error
    except ValueError as error:
        raise EngineError(f"{path}: not JSON ({error})", hint="Get this checkpoint again.") from error
    if not isinstance(vocabulary, dict) or not all(isinstance(i, int) for i in vocabulary.values()):
        raise EngineError(f"{path}: not a vocabulary", hint="Get this checkpoint again.")
    return vocabulary


def _missing(path: Path) -> MissingError:
    return MissingError(f"{path}: not there", hint="Get the whole checkpoint; text cannot be read without it.")


def _model(vocabulary: dict[str, int], folder: Path) -> Any:
    try:
        lines = (folder / "merges.txt").read_text("utf-8").splitlines()
    except FileNotFoundError as error:
        raise _missing(folder / "merges.txt") from error
    merges = [pair for line in lines if len(pair := tuple(line.split(" "))) == 2 and not line.startswith("#version")]
    strange = next((pair for pair in merges if not {*pair, "".join(pair)} <= vocabulary.keys()), None)
    if strange is not None:
        raise EngineError(
            f"{folder / 'merges.txt'}: {' '.join(strange)!r} is not in vocab.json",
            hint="Get this checkpoint again; its files are of different models.",
        )
    from tokenizers import Tokenizer, models, normalizers  # noqa: PLC0415 - a shared library

    made = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizer()
    return made


def pre_tokenizer() -> Any:
    """Cuts a text into words, and words into bytes."""
    from tokenizers import Regex, pre_tokenizers  # noqa: PLC0415 - a shared library

    words = pre_tokenizers.Split(Regex(WORD), behavior="isolated")
    return pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
