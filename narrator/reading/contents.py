"""Items → chapters: cut at the places that the contents, or else the headings, name."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from narrator.domain import Block, Chapter, ParagraphKind, SceneBreak, Skipped
from narrator.reading.letters import n_letters, plain
from narrator.reading.page import NOTHING, Item, skip_items
from narrator.reading.rules import NOTE_RULE

_MAX_TITLE: Final = 120
_PART_GAP: Final = ", "


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a chapter or a part of the book begins."""

    label: str
    depth: int = 0
    index: int
    """Its first item; negative for a place that is not read."""
    folds: bool = True
    """Whether its label belongs in the titles of the chapters below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A book, cut into chapters."""

    chapters: tuple[Chapter, ...]
    skipped: tuple[Skipped, ...]


@dataclass(slots=True)
class _Segment:
    titles: tuple[str, ...]
    items: list[Item]
    folds: bool = True

    @property
    def is_heading(self) -> bool:
        return all(i.paragraph is None or i.level for i in self.items)


def by_headings(items: Sequence[Item], title: str = "") -> tuple[Start, ...]:
    """Starts at the headings of the deepest level that still makes chapters, not sections.

    That is the highest level with more than one heading; where most of these are followed at once by a heading of a
    deeper level, they are parts of the book, and the deeper one counts too.

    Args:
        items: The book.
        title: Its title; a heading that repeats it names no part.
    """
    levels = sorted({i.level for i in items if i.level})
    headings = [(n, i.level) for n, i in enumerate(items) if i.level and not i.note]
    limit = next((level for level in levels if sum(lv == level for _, lv in headings) > 1), levels[0] if levels else 0)
    while deeper := next((level for level in levels if level > limit), 0):
        bare = sum(items[n + 1].level > limit for n, level in headings if level == limit and n + 1 < len(items))
        if bare * 2 <= sum(level == limit for _, level in headings):
            break
        limit = deeper
    return tuple(
        Start(label=_text(items[n]), depth=level, index=n, folds=plain(_text(items[n])) != plain(title))
        for n, level in headings
        if level <= limit
    )


def cut(items: Sequence[Item], starts: Sequence[Start], *, title: str, footnotes: str) -> Cut:
    """Cut a book into chapters.

    A part that has only headings opens the chapter that follows it; its label is folded into the titles of all
    chapters below it.

    Args:
        items: The whole book in the order of reading.
        starts: Where chapters begin.
        title: The book's, for a chapter that has none.
        footnotes: `skip`, `inline` (after the paragraph with the mark) or `end-of-chapter`.
    """
    notes = _notes(items)
    placed: set[str] = set()
    chapters: list[Chapter] = []
    for segment in _merged(_segments(items, starts)):
        told = list(_with_notes(segment.items, notes, placed, footnotes))
        blocks = tuple(_tidied(told))
        if blocks:
            name = _title(segment, blocks) or (title if not chapters else f"{len(chapters) + 1}")
            chapters.append(Chapter(number=len(chapters) + 1, title=name, blocks=blocks))
    left = [i for key, texts in notes.items() if key not in placed for i in texts]
    return Cut(chapters=tuple(chapters), skipped=skip_items(left, NOTE_RULE))


def _text(item: Item) -> str:
    return item.paragraph.text if item.paragraph else ""


def _segments(items: Sequence[Item], starts: Sequence[Start]) -> Iterator[_Segment]:
    """The stretches between the places where chapters begin; of several starts at one place the last deepest counts."""
    ordered = _in_order(starts)
    cuts: dict[int, int] = {}
    for n, start in enumerate(ordered):
        known = cuts.get(start.index)
        if 0 <= start.index < len(items) and (known is None or start.depth >= ordered[known].depth):
            cuts[start.index] = n
    places = [*sorted(cuts), len(items)]
    if places[0]:
        yield _Segment((), list(items[: places[0]]))
    ends = dict(pairwise(places))
    path: list[Start] = []
    for n, start in enumerate(ordered):
        path = [s for s in path if s.depth < start.depth]
        titles = tuple(dict.fromkeys(s.label for s in [*[p for p in path if p.folds], start] if s.label))
        path.append(start)
        if cuts.get(start.index) == n:
            yield _Segment(titles, list(items[start.index : ends[start.index]]), start.folds)


def _in_order(starts: Sequence[Start]) -> list[Start]:
    """Starts by place; one that is not read stays before the one it was listed before."""
    place = sys.maxsize
    keyed = []
    for n, start in enumerate(reversed(starts)):
        place = start.index if start.index >= 0 else place
        keyed.append((place, -n, start))
    return [s for *_, s in sorted(keyed, key=lambda k: k[:2])]


def _merged(segments: Iterator[_Segment]) -> list[_Segment]:
    """Segments with text; headings alone go to the one that follows, at the end to the one before."""
    merged: list[_Segment] = []
    waiting: list[_Segment] = []
    for segment in segments:
        if not any(i.paragraph for i in segment.items):
            continue
        waiting.append(segment)
        if not segment.is_heading:
            merged.append(_joined(waiting))
            waiting = []
    if waiting and merged:
        merged[-1].items.extend(_joined(waiting).items)
    elif waiting:
        merged.append(_joined(waiting))
    return merged


def _joined(segments: Sequence[_Segment]) -> _Segment:
    """Headings and the segment they open as one; titles that fold come before its own."""
    last = segments[-1]
    inherited = dict.fromkeys(t for s in segments[:-1] if s.folds for t in s.titles)
    titles = (*(t for t in inherited if t not in last.titles), *last.titles)
    return _Segment(titles, [i for s in segments for i in s.items], last.folds)


def _title(segment: _Segment, blocks: Sequence[Block]) -> str:
    if segment.titles:
        return _PART_GAP.join(segment.titles)
    headings = []
    for block in blocks:
        if isinstance(block, SceneBreak) or block.kind is not ParagraphKind.HEADING:
            break
        headings.append(block.text)
    name = ". ".join(headings)
    return name if n_letters(name) <= _MAX_TITLE else headings[0][:_MAX_TITLE]


def _notes(items: Sequence[Item]) -> dict[str, list[Item]]:
    notes: dict[str, list[Item]] = {}
    for item in items:
        if item.note:
            notes.setdefault(item.note, []).append(item)
    return notes


def _with_notes(
    items: Sequence[Item], notes: dict[str, list[Item]], placed: set[str], footnotes: str
) -> Iterator[Item]:
    """The items of a chapter, each note once, where the option wants it."""
    waiting: list[Item] = []
    for item in items:
        if item.note:
            continue
        yield item
        for key in item.marks if footnotes != "skip" else ():
            if key in notes and key not in placed:
                placed.add(key)
                waiting += notes[key]
        if footnotes == "inline":
            yield from waiting
            waiting = []
    yield from waiting


def _tidied(items: Sequence[Item]) -> Iterator[Block]:
    """Blocks; scene breaks single, and only between paragraphs."""
    pending = False
    started = False
    for item in items:
        if item is NOTHING:
            continue
        if isinstance(item.block, SceneBreak):
            pending = True
            continue
        if pending and started:
            yield SceneBreak()
        pending, started = False, True
        yield item.block
