"""How words are said: lexicon.yaml, and the lexicons of other programs."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from narrator.domain import LexiconEntry
from narrator.errors import ProjectError
from narrator.settings.borrowed import faulty_pattern, read_pairs, read_pls
from narrator.settings.document import Document, load
from narrator.settings.options import strict
from narrator.settings.spelling import did_you_mean, visible


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconOptions:
    """One line of a lexicon: `word` or `match`, and what to say instead."""

    word: str = ""
    match: str = ""
    say: str
    voices: tuple[str, ...] = ()


def read_lexicon(path: Path, voices: Collection[str]) -> tuple[LexiconEntry, ...]:
    """The entries of a lexicon in their order; none if the file holds only comments.

    Args:
        path: The file, as messages shall name it: `.pls` is W3C's, `.txt` a list of `written==said`, any other YAML.
        voices: Names of the project's voices.

    Raises:
        ProjectError: Everything that is wrong with it, one line each.
    """
    if path.suffix.lower() == ".pls":
        return read_pls(path)
    if path.suffix.lower() == ".txt":
        return read_pairs(path)
    document = load(path, tuple[LexiconOptions, ...], empty=())
    wrong = [line for n in range(len(document.value)) for line in _wrong(document, n, voices)]
    if wrong:
        raise ProjectError("\n".join(map(visible, wrong)))
    return tuple(
        LexiconEntry(match=each.match or each.word, say=each.say, regex=bool(each.match), voices=each.voices)
        for each in document.value
    )


def _wrong(document: Document[tuple[LexiconOptions, ...]], n: int, voices: Collection[str]) -> list[str]:
    entry, wrong = document.value[n], []
    if bool(entry.word.strip()) == bool(entry.match):
        wrong.append(f"{document.where(n)}: give either `word` or `match`, and not an empty one")
    elif entry.match and (fault := faulty_pattern(entry.match, entry.say)):
        wrong.append(f"{document.where(n, fault.key)}: {fault.problem}")
    wrong += [
        f"{document.where(n, 'voices', v)}: no voice is called '{name}'{did_you_mean(name, voices)}"
        for v, name in enumerate(entry.voices)
        if name not in voices
    ]
    return wrong
