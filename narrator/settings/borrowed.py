"""Lexicons that other programs wrote: W3C's Pronunciation Lexicon Specification 1.0, and lists of `written==said`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from narrator.domain import LexiconEntry
from narrator.errors import ProjectError
from narrator.settings.document import MAX_BYTES, read_text
from narrator.settings.spelling import visible

_PLS: Final = "{http://www.w3.org/2005/01/pronunciation-lexicon}"
_PLAIN: Final = re.compile(r"[\w\s'’.-]+")
"""A left side that means itself; any other is a regular expression, as the programs that began these lists take it."""


class Fault(NamedTuple):
    """What is wrong with an entry, and on which side."""

    key: str
    problem: str


def faulty_pattern(match: str, say: str) -> Fault | None:
    """What is wrong with a regular expression and what is to be said for it."""
    try:
        pattern = re.compile(match)
    except (re.error, OverflowError, RecursionError) as error:
        return Fault("match", f"'{match}' is not a regular expression: {error}")
    if pattern.match(""):
        return Fault("match", f"'{match}' would match between any two letters")
    try:
        pattern.sub(say, "")  # the template is read even where nothing matches
    except (re.error, IndexError) as error:
        return Fault("say", f"'{say}' asks for what '{match}' does not give: {error}")
    return None


def read_pairs(path: Path) -> tuple[LexiconEntry, ...]:
    """The entries of a list of `written==said`, one a line; `#` begins a comment.

    Raises:
        ProjectError: Everything that is wrong with it, one line each.
    """
    entries, wrong = [], []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        written, equals, said = line.partition("==")
        written, said = written.strip(), said.strip()
        regex = _PLAIN.fullmatch(written) is None
        if not equals or not written:
            wrong.append(f"{path}:{number}: write `written==said`")
        elif regex and (fault := faulty_pattern(written, said)):
            wrong.append(f"{path}:{number}: {fault.problem}")
        else:
            entries.append(LexiconEntry(match=written, say=said, regex=regex))
    if wrong:
        raise ProjectError("\n".join(map(visible, wrong)))
    return tuple(entries)


def read_pls(path: Path) -> tuple[LexiconEntry, ...]:
    """The entries of a .pls file: each `<grapheme>` is said as its lexeme's first `<alias>`.

    Raises:
        ProjectError: It is no PLS file, or a lexeme has only phonemes: the engines take words.
    """
    from lxml import etree  # noqa: PLC0415 - few projects have such a file

    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        read_text(path)  # says what is wrong
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        raise ProjectError(f"{path}:{error.lineno}: not XML: {error.msg}", hint="Export the lexicon again.") from error
    if root.tag != f"{_PLS}lexicon":
        raise ProjectError(
            f"{path}:1: not a pronunciation lexicon: its root is <{etree.QName(root).localname}>",
            hint="A .pls file begins with <lexicon> of http://www.w3.org/2005/01/pronunciation-lexicon.",
        )
    entries: list[LexiconEntry] = []
    wrong: list[str] = []
    for lexeme in root.iterfind(f"{_PLS}lexeme"):
        graphemes = [word for word in _texts(lexeme, "grapheme") if word]
        aliases = [said for said in _texts(lexeme, "alias") if said]
        if graphemes and aliases:
            entries += [LexiconEntry(match=word, say=aliases[0]) for word in graphemes]
        else:
            lacks = "has only phonemes, and the engines take words" if graphemes else "has no <grapheme>"
            wrong.append(f"{path}:{lexeme.sourceline}: the lexeme {' '.join(graphemes)!r} {lacks}")
    if wrong:
        raise ProjectError(
            "\n".join(map(visible, wrong)), hint="Add an <alias>: the word as it would be spelt to sound right."
        )
    return tuple(entries)


def _texts(lexeme: "etree._Element", name: str) -> Iterator[str]:  # type: ignore[name-defined] # noqa: F821
    return (" ".join("".join(each.itertext()).split()) for each in lexeme.iterfind(f"{_PLS}{name}"))
