"""What is said for what is printed.

One pass: words of the lexicon, then each class of figures, names and signs that the language knows, then capitals.
Every change of letters is recorded with its place; marks are turned into pauses without a record, because every line of
dialogue would carry one.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from narrator.domain import Change, Span
from narrator.scripting import numbers
from narrator.scripting.languages import primary, words_of
from narrator.scripting.spoken import (
    chinese,
    english,
    french,
    german,
    italian,
    japanese,
    korean,
    plain,
    portuguese,
    russian,
    spanish,
)
from narrator.scripting.spoken.capitals import find_capitals
from narrator.scripting.spoken.finding import Found, Rule, find
from narrator.scripting.spoken.marks import as_pauses

_LANGUAGES: Final[Mapping[str, Callable[[str], tuple[Rule, ...]]]] = {
    "de": german.rules,
    "en": english.rules,
    "es": spanish.rules,
    "fr": french.rules,
    "it": italian.rules,
    "ja": japanese.rules,
    "ko": korean.rules,
    "pt": portuguese.rules,
    "ru": russian.rules,
    "zh": chinese.rules,
}
_CHAPTERS: Final[Mapping[str, Callable[[int], tuple[str, str]]]] = {
    "ja": japanese.chapter,
    "ko": korean.chapter,
    "ru": russian.chapter,
    "zh": chinese.chapter,
}
"""Where a chapter is not called by a word and a cardinal."""
_HEADING_NUMBER: Final = re.compile(r"\s*(?P<n>[IVXLC]+|\d{1,3})(?P<stop>[.:)]?)\s*(?P<rest>.*)", re.DOTALL)
_UNSPACED: Final = frozenset({"zh", "ja", "ko", "th"})
_STAND_INS: Final = tuple(map(chr, range(0x10380, 0x1039E)))
"""Letters of Ugaritic: one that the line does not hold stands for what the lexicon says while the marks are tidied."""


@cache
def _rules(language: str) -> tuple[Rule, ...]:
    return _LANGUAGES.get(primary(language), plain.rules)(language)


def spoken_languages() -> tuple[str, ...]:
    """Languages whose figures can be put into words, by their primary subtags."""
    return tuple(sorted({*_LANGUAGES, *numbers.countable()}))


def spoken_form(text: str, language: str, settled: Sequence[Found] = ()) -> tuple[str, tuple[Change, ...]]:
    """What is said for a line, and where that leaves the printed letters.

    Args:
        text: As printed.
        language: BCP 47; a language nobody can count in keeps its figures.
        settled: What the lexicon says, which no rule may touch.
    """
    found = find(text, _rules(language), settled, spaced=primary(language) not in _UNSPACED)
    found = sorted([*found, *find_capitals(text, language, found)], key=lambda each: each.start)
    fixed = [each for each in settled if each.said]
    stand_in = next((c for c in _STAND_INS if c not in text), "") if fixed else ""
    spoken = as_pauses(_said(text, found, dict.fromkeys(fixed, stand_in) if stand_in else {}))
    if words_of(language).dashes:
        spoken = spoken.rstrip(" —")
    if stand_in:
        said = [each.said for each in sorted(fixed, key=lambda each: each.start)]
        spoken = "".join(part for pair in zip(spoken.split(stand_in), [*said, ""], strict=True) for part in pair)
    return spoken, tuple(_change(text, each) for each in found)


def _said(text: str, found: Iterable[Found], instead: dict[Found, str]) -> str:
    pieces, at = [], 0
    for each in found:
        pieces += [text[at : each.start], instead.get(each, each.said)]
        at = each.end
    return "".join((*pieces, text[at:])).replace("\u00ad", "")


def _change(text: str, found: Found) -> Change:
    return Change(
        rule=found.rule,
        printed=text[found.start : found.end].strip(),
        spoken=found.said.strip(),
        span=Span(start=found.start, end=found.end),
    )


def heading_form(text: str, language: str, settled: Sequence[Found] = ()) -> tuple[str, tuple[Change, ...]]:
    """What is said for a chapter's first heading: `IV` as `Chapter four`, `I. A Scandal` as `One. A Scandal`."""
    match = _HEADING_NUMBER.fullmatch(text.strip())
    if not match or not (match["stop"] or not match["rest"]):
        return spoken_form(text, language, settled)
    n = match["n"]
    value = int(n) if n.isdecimal() else numbers.from_roman(n) if numbers.is_roman(n) else 0
    named = _as_chapter(value, language)
    if not value or named is None:
        return spoken_form(text, language, settled)
    chapter, count = named
    said = f"{count[0].upper()}{count[1:]}." if match["rest"] else f"{chapter}."
    start = text.index(n)
    number = Found(start, start + len(n) + len(match["stop"]), "heading number", said)
    spoken, changes = spoken_form(text, language, (number, *(each for each in settled if each.start >= number.end)))
    return spoken if match["rest"] else spoken.removesuffix("."), changes


def _as_chapter(number: int, language: str) -> tuple[str, str] | None:
    """What a chapter of this number is called, and the number alone; None where nobody knows."""
    if own := _CHAPTERS.get(primary(language)):
        return own(number)
    word = words_of(language).chapter
    if not word or not numbers.can_count(language):
        return None
    count = numbers.cardinal(number, language)
    return f"{word} {count}", count
