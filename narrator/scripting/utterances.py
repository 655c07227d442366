"""Cuts a paragraph into lines: one sentence of one speaker each, as long as an engine speaks well, never more."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final
from unicodedata import category

from narrator.scripting.dialogue import Speech
from narrator.scripting.languages import Language

_SHORT_WORDS: Final = 3
"""A sentence of so few words is glued to its neighbour: engines mangle them alone."""
_LETTER: Final = re.compile(r"[^\W_]")
_STRONG: Final = re.compile(r"[;:](?=\s)|[—―]|--+|\n")
_MEDIUM: Final = re.compile(r"[,)](?=[\s—])|…(?=\s)|[，、；：]|[.!?][”’\"')]*(?=\s)")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SPACE: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_GLANCE: Final = 32
"""Characters looked at before a boundary."""
_TITLE: Final = re.compile(r"\b[A-ZÀ-Þ][a-z]{0,3}\.\s?$")


@dataclass(frozen=True, slots=True)
class Cut:
    """A line's place in its paragraph."""

    start: int
    end: int
    speech: Speech | None
    ends_sentence: bool


def cuts(
    text: str, speeches: Sequence[Speech], sentences: Sequence[int], max_chars: int, language: Language
) -> tuple[Cut, ...]:
    """The lines of a paragraph, in order; together they hold all its letters.

    Args:
        text: The paragraph.
        speeches: Who speaks where; the rest is the narrator's.
        sentences: Where sentences but the first begin.
        max_chars: Longest line.
        language: Where clauses may be parted.
    """
    found: list[Cut] = []
    for start, end, speech in _segments(text, speeches):
        pieces = _pieces(text, (start, end), sentences, speech)
        glued = _glue(text, pieces, max_chars)
        for piece in glued:
            for part in divide(text, piece, max_chars, language):
                found += _chopped(text, part, max_chars)
    return tuple(found)


def _segments(text: str, speeches: Sequence[Speech]) -> list[tuple[int, int, Speech | None]]:
    segments: list[tuple[int, int, Speech | None]] = []
    at = 0
    for speech in speeches:
        segments += [(at, speech.start, None), (speech.start, speech.end, speech)]
        at = speech.end
    return [(a, b, s) for a, b, s in [*segments, (at, len(text), None)] if a < b]


def _pieces(text: str, span: tuple[int, int], sentences: Sequence[int], speech: Speech | None) -> list[Cut]:
    """The sentences inside one speaker's stretch; what holds no letter goes with what stands before it."""
    start, end = span
    first, last = bisect_right(sentences, start), bisect_left(sentences, end)
    borders = [start, *sentences[first:last], end]
    pieces: list[Cut] = []
    for a, b in pairwise(borders):
        ends = _holds(sentences, b) or b == len(text) or (b == end and _next_starts(text, b, sentences))
        if _LETTER.search(text, a, b):
            pieces.append(_trimmed(text, Cut(a, b, speech, ends)))
        elif pieces:
            pieces[-1] = _trimmed(text, replace(pieces[-1], end=b, ends_sentence=ends))
    return pieces


def _next_starts(text: str, at: int, sentences: Sequence[int]) -> bool:
    while at < len(text) and not text[at].isalnum():
        if _holds(sentences, at):
            return True
        at += 1
    return _holds(sentences, at) or at == len(text)


def _holds(places: Sequence[int], at: int) -> bool:
    """Whether a place is among these, which are in order."""
    n = bisect_left(places, at)
    return n < len(places) and places[n] == at


def _trimmed(text: str, cut: Cut) -> Cut:
    start, end = cut.start, cut.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return replace(cut, start=start, end=end)


def _glue(text: str, pieces: list[Cut], max_chars: int) -> list[Cut]:
    """Short sentences joined to the next, the last to the one before."""
    glued: list[Cut] = []
    for piece in pieces:
        last = glued[-1] if glued else None
        if (
            last is not None
            and piece.end - last.start <= max_chars
            and (_is_short(text, last) or _is_last_short(text, piece, pieces))
        ):
            glued[-1] = replace(last, end=piece.end, ends_sentence=piece.ends_sentence)
        else:
            glued.append(piece)
    return glued


def _is_short(text: str, piece: Cut) -> bool:
    return len(text[piece.start : piece.end].split()) <= _SHORT_WORDS


def _is_last_short(text: str, piece: Cut, pieces: list[Cut]) -> bool:
    return piece is pieces[-1] and _is_short(text, piece)


# ── long sentences ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left of a line to be parted."""

    start: int
    end: int
    first_letter: int
    last_letter: int


def divide(text: str, cut: Cut, max_chars: int, language: Language) -> list[Cut]:
    """A line in parts of at most `max_chars`, parted at the best clause boundaries; a longer word stays whole."""
    parts: list[Cut] = []
    last_letter = next((at for at in range(cut.end - 1, cut.start, -1) if _LETTER.match(text[at])), cut.start)
    rest = cut
    while rest.end - rest.start > max_chars:
        first = _LETTER.search(text, rest.start, rest.end)
        at = first and _best(text, _Rest(rest.start, rest.end, first.start(), last_letter), max_chars, language)
        if at is None:
            break
        parts.append(_trimmed(text, replace(rest, end=at, ends_sentence=False)))
        rest = _trimmed(text, replace(rest, start=at))
    return [*parts, rest]


def _best(text: str, rest: _Rest, max_chars: int, language: Language) -> int | None:
    """The strongest boundary near an even share of what is left; if none is near enough, the next space."""
    length = rest.end - rest.start
    share = rest.start + -(-length // -(-length // max_chars))
    latest = rest.start + max_chars
    # One character more than a part may have, because a boundary is known by what follows it: the work for a line
    # grows with its length, not with the square of it.
    for places, earliest in _places(text, rest.start, min(rest.end, latest + 1), language):
        inside = [p for p in places if rest.start + earliest * max_chars <= p <= latest and _is_safe(text, rest, p)]
        if inside:
            return min(inside, key=lambda p: (abs(p - share), p))
    return next((p for p in _spaces(text, rest.start, rest.end) if _is_safe(text, rest, p)), None)


def _places(text: str, start: int, end: int, language: Language) -> Iterator[tuple[list[int], float]]:
    yield [m.end() for m in _STRONG.finditer(text, start, end)], 0.3
    yield [m.end() for m in _MEDIUM.finditer(text, start, end)], 0.3
    spaces = list(_spaces(text, start, end))
    yield [p for p in spaces if _word_at(text, p) in language.clause_words], 0.3
    yield spaces, 0.1
    yield [m.start() for m in _CJK.finditer(text, start + 1, end)], 0.1


def _spaces(text: str, start: int, end: int) -> Iterator[int]:
    return (m.end() for m in _SPACE.finditer(text, start, end))


def _word_at(text: str, at: int) -> str:
    match = _WORD.match(text, at)
    return match[0].lower() if match else ""


def _is_safe(text: str, rest: _Rest, at: int) -> bool:
    """Letters on both sides, no number parted, no title parted from its name."""
    if not rest.first_letter < at <= rest.last_letter:
        return False
    before, after = text[max(rest.start, at - _GLANCE) : at], text[at : at + 1]
    if (before.rstrip()[-1:].isdigit() and after.isdigit()) or after in "”’»\"')],.;:!?…":
        return False
    return not _TITLE.search(before[-8:]) and not (before[-1:].isdigit() and after.isalnum())


def _chopped(text: str, cut: Cut, max_chars: int) -> list[Cut]:
    """A line that has no boundary, in parts of at most `max_chars` all the same: at a space or, in a word, anywhere."""
    parts: list[Cut] = []
    rest = cut
    while rest.end - rest.start > max_chars:
        latest = rest.start + max_chars
        at = text.rfind(" ", rest.start + 1, latest + 1)
        at = at if at > 0 else _before_marks(text, rest.start + 1, latest)
        parts.append(_trimmed(text, replace(rest, end=at, ends_sentence=False)))
        rest = _trimmed(text, replace(rest, start=at))
    return [*parts, rest]


def _before_marks(text: str, start: int, at: int) -> int:
    """Accents and vowel signs stay with their letter, if it is not all of the line."""
    return next((p for p in range(at, start, -1) if not category(text[p]).startswith("M")), at)
