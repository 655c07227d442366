"""Text becomes the tokens that Qwen's text model was trained on."""

import base64
import json
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.tokenizer import TextTokenizer, plain
from narrator.errors import EngineError, MissingError
from scripts.bench.random_qwen3.vocabulary import CONTROLS, byte_letters

LINES = (
    "Yes.",
    "“You are late,” said the old woman — and she WAS.",
    "It's 1,234.50 kg… isn't it?  Two  spaces,\tand a tab.",
    "McDonald and O'Neill met DeLaRue at the iPhone shop on YouTube; NASA's HQ.",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "我叫通义千问。これはテストです。안녕하세요",
    "e\u0301le\u0300ve",
    "🙂 ok\nnext line",
)


@pytest.fixture(scope="module")
def tokenizer(checkpoints) -> TextTokenizer:
    """Of the tiny base model."""
    return TextTokenizer(read_checkpoint(checkpoints("base")))


@pytest.mark.parametrize("text", LINES)
def test_lines_have_the_tokens_of_the_package(text, tokenizer, official):
    """The ids of a line, cut from the package's own prompt, are ours."""
    model = official("base")
    (ids,) = model._tokenize_texts([model._build_assistant_text(text)])
    words = tokenizer.words(text)
    assert ids[0, :3].tolist() == list(words.role)
    assert ids[0, 3:-5].tolist() == list(words.text)


@pytest.mark.parametrize("text", LINES)
def test_instructions_and_transcripts_have_the_tokens_of_the_package(text, tokenizer, official):
    """Instruction and transcript are what the package makes of them."""
    model = official("base")
    words = tokenizer.words("Yes.", instruction=text, transcript=text)
    (instruction,) = model._tokenize_texts([model._build_instruct_text(text)])
    (transcript,) = model._tokenize_texts([model._build_ref_text(text)])
    assert instruction[0].tolist() == list(words.instruction)
    assert transcript[0, 3:-2].tolist() == list(words.transcript)


@pytest.mark.parametrize("control", CONTROLS)
def test_what_is_spelt_like_a_control_is_read(control, tokenizer, official):
    """A control token in a text becomes ordinary tokens, in our tokenizer and in the package's."""
    model = official("base")
    text = plain(f"She wrote {control} and left.")
    (ids,) = model._tokenize_texts([model._build_assistant_text(text)])
    assert ids[0, 3:-5].tolist() == list(tokenizer.words(text).text)
    assert max(tokenizer.words(text).text) < tokenizer.words(text).role[0] - 1


@pytest.mark.parametrize("text", ["\nYes.", " \n\n Yes. ", "\r\nYes.\n", "\tYes.\N{LINE SEPARATOR}"])
def test_white_space_around_a_line_is_nothing(text, tokenizer):
    """A leading newline does not melt into the newline of the prompt."""
    assert tokenizer.words(text) == tokenizer.words("Yes.")


def test_a_vocabulary_that_is_not_there_is_named(checkpoints, tmp_path):
    """Missing files are missing, and files that do not belong together are refused."""
    checkpoint = read_checkpoint(checkpoints("base"))
    for path in checkpoint.folder.iterdir():
        if path.name not in {"vocab.json", "merges.txt"}:
            (tmp_path / path.name).symlink_to(path)
    ours = read_checkpoint(tmp_path)
    with pytest.raises(MissingError, match=r"vocab\.json"):
        TextTokenizer(ours)
    (tmp_path / "vocab.json").write_text("[")
    with pytest.raises(EngineError, match="not JSON"):
        TextTokenizer(ours)
    letters = byte_letters()
    (tmp_path / "vocab.json").write_text(json.dumps({letter: i for i, letter in enumerate(letters)}))
    with pytest.raises(MissingError, match=r"merges\.txt"):
        TextTokenizer(ours)
    (tmp_path / "merges.txt").write_text("#version: 0.2\na s\n")
    with pytest.raises(EngineError, match=r"'a s' is not in vocab\.json"):
        TextTokenizer(ours)
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    with pytest.raises(EngineError, match="`assistant`"):
        TextTokenizer(ours)


def _ranks() -> dict[bytes, int]:
    """The real text vocabulary, which ships in the package dashscope for other purposes."""
    spec = find_spec("dashscope")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package dashscope, which has Qwen's vocabulary, is not installed")
    lines = (Path(spec.submodule_search_locations[0]) / "resources" / "qwen.tiktoken").read_bytes().split(b"\n")
    return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines if line)}


def _halves(token: bytes, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """The last merge that makes a token: its bytes merged by lower ranks only."""
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:
        pairs = [ranks.get(a + b, len(ranks)) for a, b in pairwise(parts)]
        at = pairs.index(min(pairs))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts[0], parts[1]


@pytest.fixture(scope="module")
def real(checkpoints, tmp_path_factory) -> Path:
    """A tiny checkpoint with the real text vocabulary and its control ids."""
    ranks = _ranks()
    folder: Path = tmp_path_factory.mktemp("real")
    letters = byte_letters()
    spelt = {token: "".join(letters[byte] for byte in token) for token in ranks}
    tiny = checkpoints("base")
    for path in tiny.iterdir():
        if path.name not in {"vocab.json", "merges.txt", "config.json", "tokenizer_config.json"}:
            (folder / path.name).symlink_to(path)
    (folder / "vocab.json").write_text(json.dumps({spelt[token]: rank for token, rank in ranks.items()}))
    merges = [_halves(token, ranks) for token in sorted(ranks, key=ranks.__getitem__) if len(token) > 1]
    (folder / "merges.txt").write_text("".join(f"{spelt[a]} {spelt[b]}\n" for a, b in merges))
    config = json.loads((tiny / "config.json").read_text())
    config |= {"im_start_token_id": 151_644, "im_end_token_id": 151_645}
    (folder / "config.json").write_text(json.dumps(config))
    settings = json.loads((tiny / "tokenizer_config.json").read_text())
    settings["added_tokens_decoder"] = {
        str(len(ranks) + i): added for i, added in enumerate(settings["added_tokens_decoder"].values())
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return folder


@pytest.mark.slow
def test_the_real_vocabulary_gives_the_published_ids(real):
    """With the real vocabulary the role has the ids that the published models were trained on."""
    words = TextTokenizer(read_checkpoint(real)).words("Yes.", instruction="Angry.")
    assert words.role == (151_644, 77_091, 198)
    assert words.instruction[:3] == (151_644, 872, 198)
    assert words.instruction[-2:] == (151_645, 198)


@pytest.mark.slow
@pytest.mark.usefixtures("package")
def test_words_are_cut_as_the_text_model_was_trained(real):
    """With the real vocabulary ours are Qwen2's own tokens; the package's repair for Mistral would cut "YouTube"."""
    transformers = pytest.importorskip("transformers")
    ours = TextTokenizer(read_checkpoint(real))
    own = transformers.AutoTokenizer.from_pretrained(str(real), fix_mistral_regex=False)
    repaired = transformers.AutoTokenizer.from_pretrained(str(real), fix_mistral_regex=True)
    assert [list(ours.ids(text)) for text in LINES] == [own.encode(text) for text in LINES]
    assert list(ours.ids("YouTube")) != repaired.encode("YouTube")
