"""What is read from one document of a book, before the book is cut into chapters."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from narrator.domain import Block, Paragraph, SceneBreak, Skipped
from narrator.reading.letters import n_letters, sample

UNPRINTED = "unprinted"
"""Scripts, style sheets and the title of the window: not text of the page, and not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A block on its way into a chapter."""

    block: Block
    level: int = 0
    """Of a heading: 1 is the highest."""
    marks: tuple[str, ...] = ()
    """Keys of the notes that are referred to in it."""
    note: str = ""
    """Key of the note that it belongs to."""

    @property
    def paragraph(self) -> Paragraph | None:
        """The block, if it has text."""
        return self.block if isinstance(self.block, Paragraph) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A place in a document that the contents or a link can name."""

    id: str
    index: int
    """The first item at or after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document, read."""

    document: str
    title: str = ""
    division: str = ""
    """The part of a book that it says it is: `chapter`, `preface` …"""
    items: tuple[Item, ...]
    anchors: tuple[Anchor, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    n_linked: int = 0
    """Letters that stand in links."""
    n_pictured: int = 0
    """Letters of words that stand for pictures and are read: no text of the document, counted beside it."""

    @property
    def n_letters(self) -> int:
        """Letters and digits of all items."""
        return n_spoken(self.items)


def n_spoken(items: Iterable[Item]) -> int:
    """Letters and digits of some items."""
    return sum(n_letters(i.block.text) for i in items if isinstance(i.block, Paragraph))


def skip_items(items: Iterable[Item], rule: str) -> tuple[Skipped, ...]:
    """What leaving out these items leaves out: one entry a document, one passage a note."""
    tally: dict[str, Tally] = {}
    notes: dict[str, set[str]] = {}
    for item in items:
        if item.paragraph is not None:
            tally.setdefault(item.paragraph.document, Tally()).add(rule, item.paragraph.text)
            notes.setdefault(item.paragraph.document, set()).add(item.note)
    return tuple(
        replace(s, n_passages=len(notes[document])) for document, each in tally.items() for s in each.skipped(document)
    )


@dataclass(slots=True)
class Tally:
    """Counts what is left out of a document, by rule."""

    _counts: dict[str, int] = field(default_factory=dict)
    _samples: dict[str, str] = field(default_factory=dict)
    _passages: Counter[str] = field(default_factory=Counter)

    def add(self, rule: str, text: str, *, n_passages: int = 1) -> None:
        """Count a text that a rule leaves out; none of a passage that was counted already."""
        count = n_letters(text)
        if count and rule != UNPRINTED:
            self._counts[rule] = self._counts.get(rule, 0) + count
            self._passages[rule] += n_passages
            if len(self._samples.get(rule, "")) < 40:
                self._samples[rule] = f"{self._samples.get(rule, '')} {text[:400]}"

    def begin(self, rule: str) -> None:
        """Count a passage whose text comes in parts."""
        self._passages[rule] += 1

    def count(self, rule: str, n: int) -> None:
        """Count letters of which there is no text to show."""
        if n:
            self._counts[rule] = self._counts.get(rule, 0) + n

    def skipped(self, document: str) -> tuple[Skipped, ...]:
        """One entry for each rule that left something out."""
        return tuple(
            Skipped(
                document=document,
                rule=rule,
                n_letters=n,
                sample=sample(self._samples.get(rule, "")),
                n_passages=max(1, self._passages[rule]),
            )
            for rule, n in self._counts.items()
        )


SCENE_BREAK = Item(block=SceneBreak())
NOTHING = Item(block=SceneBreak())
"""Keeps the place of a break that turned out to be none, so that anchors stay right."""
