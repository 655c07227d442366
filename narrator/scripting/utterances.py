"""Cuts a paragraph into lines: one sentence of one speaker each, as long as an engine speaks well, never more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from narrator.scripting.dialogue import Speech
from narrator.scripting.languages import Language

_SHORT_WORDS: Final = 3
"""A sentence of so few words is glued to its neighbour: engines mangle them alone."""
_LETTER: Final = re.compile(r"[^\W_]")
_STRONG: Final = re.compile(r"[;:](?=\s)|[—―]|--+|\n")
_MEDIUM: Final = re.compile(r"[,)](?=[\s—])|…(?=\s)|[，、；：]|[.!?][”’\"')]*(?=\s)")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
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
            found += divide(text, piece, max_chars, language)
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
    borders = [start, *(s for s in sentences if start < s < end), end]
    pieces: list[Cut] = []
    for a, b in pairwise(borders):
        ends = b in sentences or b == len(text) or (b == end and _next_starts(text, b, sentences))
        if _LETTER.search(text, a, b):
            pieces.append(_trimmed(text, Cut(a, b, speech, ends)))
        elif pieces:
            pieces[-1] = _trimmed(text, replace(pieces[-1], end=b, ends_sentence=ends))
    return pieces


def _next_starts(text: str, at: int, sentences: Sequence[int]) -> bool:
    while at < len(text) and not text[at].isalnum():
        if at in sentences:
            return True
        at += 1
    return at in sentences or at == len(text)


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


def divide(text: str, cut: Cut, max_chars: int, language: Language) -> list[Cut]:
    """A line in parts of at most `max_chars`, parted at the best clause boundaries; a longer word stays whole."""
    parts: list[Cut] = []
    rest = cut
    while rest.end - rest.start > max_chars:
        at = _best(text, rest, max_chars, language)
        if at is None:
            break
        parts.append(_trimmed(text, replace(rest, end=at, ends_sentence=False)))
        rest = _trimmed(text, replace(rest, start=at))
    return [*parts, rest]


def _best(text: str, cut: Cut, max_chars: int, language: Language) -> int | None:
    """The strongest boundary near an even share of what is left."""
    length = cut.end - cut.start
    share = cut.start + -(-length // -(-length // max_chars))
    latest = cut.start + max_chars
    for places, earliest in _places(text, cut, language):
        inside = [p for p in places if cut.start + earliest * max_chars <= p <= latest and _is_safe(text, cut, p)]
        if inside:
            return min(inside, key=lambda p: (abs(p - share), p))
    return next((p for p in _spaces(text, cut) if _is_safe(text, cut, p)), None)


def _places(text: str, cut: Cut, language: Language) -> list[tuple[list[int], float]]:
    strong = [m.end() for m in _STRONG.finditer(text, cut.start, cut.end)]
    medium = [m.end() for m in _MEDIUM.finditer(text, cut.start, cut.end)]
    spaces = _spaces(text, cut)
    words = [p for p in spaces if _word_at(text, p) in language.clause_words]
    chars = [m.start() for m in _CJK.finditer(text, cut.start + 1, cut.end)]
    return [(strong, 0.3), (medium, 0.3), (words, 0.3), (spaces, 0.1), (chars, 0.1)]


def _spaces(text: str, cut: Cut) -> list[int]:
    return [m.end() for m in re.compile(r"\s+").finditer(text, cut.start, cut.end)]


def _word_at(text: str, at: int) -> str:
    match = re.compile(r"[^\W\d_]+").match(text, at)
    return match[0].lower() if match else ""


def _is_safe(text: str, cut: Cut, at: int) -> bool:
    """Letters on both sides, no number parted, no title parted from its name."""
    if not (_LETTER.search(text, cut.start, at) and _LETTER.search(text, at, cut.end)):
        return False
    before, after = text[cut.start : at], text[at : at + 1]
    if (before.rstrip()[-1:].isdigit() and after.isdigit()) or after in "”’»\"')],.;:!?…":
        return False
    return not _TITLE.search(before[-8:]) and not (before[-1:].isdigit() and after.isalnum())
