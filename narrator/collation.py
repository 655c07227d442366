"""Was every letter kept, all the way from the book's file to the lines of the script?

Reading has counted the letters of the file against those of the manuscript. Here each paragraph of the manuscript is
laid beside the lines that were made of it, letter by letter: every one of them stands in exactly one line, and what a
line says instead of its printed letters is recorded there as a change by a rule. Only the names before the speeches of
a play stand in none where reading has skipped them.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrator.domain import (
    Chapter,
    ChapterScript,
    Coverage,
    LexiconEntry,
    Manuscript,
    Paragraph,
    Script,
    Span,
    Utterance,
)
from narrator.errors import BookError


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A paragraph and what is said of it."""

    paragraph: Paragraph
    lines: tuple[tuple[Span, Utterance], ...]
    """Each line and where it stands in the paragraph, in order."""
    lost: tuple[Span, ...]
    """Stretches with letters that stand in no line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterAccount:
    """What became of a chapter's letters."""

    number: int
    title: str
    n_letters: int
    n_spoken: int
    n_lines: int
    n_changes: int
    """Words that are said otherwise than printed, each by a rule."""
    lost: tuple[str, ...]
    """Text that stands in no line."""
    unrecorded: tuple[str, ...]
    """Addresses of lines whose spoken form has other letters than the printed one, and no change says so."""

    @property
    def n_unaccounted(self) -> int:
        """Letters that stand in no line."""
        return self.n_letters - self.n_spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedAccount:
    """What one rule left out."""

    rule: str
    n_passages: int
    n_letters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collation:
    """What became of a book's letters."""

    title: str
    coverage: Coverage
    chapters: tuple[ChapterAccount, ...]
    skipped: tuple[SkippedAccount, ...]
    """Most letters first."""
    changes: tuple[tuple[str, int], ...]
    """Rule of the spoken form, and how often it changed something; most often first."""

    @property
    def n_unrecorded(self) -> int:
        """Lines whose spoken form leaves the printed one without saying so."""
        return sum(len(c.unrecorded) for c in self.chapters)

    @property
    def n_unaccounted(self) -> int:
        """Letters that were lost in reading or in scripting."""
        return self.coverage.n_unaccounted + sum(c.n_unaccounted for c in self.chapters)

    @property
    def spoken_percent(self) -> float:
        """Share of the printed letters that is spoken, rounded down to hundredths."""
        n_spoken = sum(c.n_spoken for c in self.chapters)
        return math.floor(10_000 * n_spoken / max(1, self.coverage.n_letters)) / 100


def collate(manuscript: Manuscript, script: Script, lexicon: Sequence[LexiconEntry] = ()) -> Collation:
    """Lay a manuscript beside its script.

    Args:
        manuscript: The book.
        script: Its lines.
        lexicon: What they were made with: words that it silences are not lost.

    Raises:
        BookError: A line says what is not printed, or says it again.
    """
    silent = [_pattern(entry) for entry in lexicon if not _n_letters(entry.say)]
    passages: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for each in manuscript.skipped:
        passages[each.rule] += each.n_passages
        letters[each.rule] += each.n_letters
    changes = Counter(
        change.rule for chapter in script.chapters for line in chapter.utterances for change in line.changes
    )
    return Collation(
        title=manuscript.title,
        coverage=manuscript.coverage,
        chapters=tuple(
            _account(chapter, lines, silent)
            for chapter, lines in zip(manuscript.chapters, script.chapters, strict=True)
        ),
        skipped=tuple(
            SkippedAccount(rule=rule, n_passages=passages[rule], n_letters=n) for rule, n in letters.most_common() if n
        ),
        changes=tuple(changes.most_common()),
    )


def _pattern(entry: LexiconEntry) -> re.Pattern[str]:
    return re.compile(entry.match if entry.regex else re.escape(entry.match), re.IGNORECASE)


def insist(collation: Collation) -> None:
    """Refuse a script that does not tell all of its book.

    Raises:
        BookError: Letters of a chapter stand in no line; it is named.
    """
    for chapter in (c for c in collation.chapters if c.lost):
        raise BookError(
            f"Chapter {chapter.number} ({chapter.title}): {chapter.n_unaccounted} of its {chapter.n_letters} letters "
            f"stand in no line of the script, first “{chapter.lost[0]}”.",
            hint="This is a fault of narrator: please report it.",
        )


def tell(chapter: Chapter, script: ChapterScript) -> tuple[Telling, ...]:
    """Each paragraph of a chapter with its lines.

    Raises:
        BookError: A line says what is not printed, or says it again.
    """
    waiting = list(reversed(script.utterances))
    told = tuple(_telling(paragraph, waiting) for paragraph in chapter.paragraphs)
    if waiting:
        raise BookError(
            f"{waiting[-1].address}: “{waiting[-1].text[:60]}” is not printed where it would be said.",
            hint="This is a fault of narrator: please report it.",
        )
    return told


def _telling(paragraph: Paragraph, waiting: list[Utterance]) -> Telling:
    """A paragraph with its lines, taken from the end of those that wait."""
    text = paragraph.text
    lines: list[tuple[Span, Utterance]] = []
    at = unread = paragraph.unread.end if paragraph.unread else 0
    while waiting and (start := text.find(waiting[-1].text, at)) >= 0:
        line = waiting.pop()
        at = start + len(line.text)
        lines.append((Span(start=start, end=at), line))
    lost = tuple(_gaps(text, unread, [span for span, _ in lines]))
    return Telling(paragraph=paragraph, lines=tuple(lines), lost=lost)


def _gaps(text: str, at: int, spans: Sequence[Span]) -> Iterator[Span]:
    """The stretches between spans that have letters, from `at` on."""
    starts, ends = [at, *(s.end for s in spans)], [*(s.start for s in spans), len(text)]
    for start, end in zip(starts, ends, strict=True):
        if _n_letters(text[start:end]):
            yield Span(start=start, end=end)


def _account(chapter: Chapter, script: ChapterScript, silent: Sequence[re.Pattern[str]]) -> ChapterAccount:
    gaps = [t.paragraph.text[span.start : span.end].strip() for t in tell(chapter, script) for span in t.lost]
    lost = tuple(gap for gap in gaps if _n_letters(_without(gap, silent)))
    n_letters = sum(_n_letters(p.text[p.unread.end if p.unread else 0 :]) for p in chapter.paragraphs)
    return ChapterAccount(
        number=chapter.number,
        title=chapter.title,
        n_letters=n_letters,
        n_spoken=n_letters - sum(map(_n_letters, lost)),
        n_lines=len(script.utterances),
        n_changes=sum(len(line.changes) for line in script.utterances),
        lost=lost,
        unrecorded=tuple(line.address for line in script.utterances if not _is_recorded(line)),
    )


def _without(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub("", text)
    return text


def _is_recorded(line: Utterance) -> bool:
    """Whether the letters of the spoken form are those of the printed one after all changes; case aside."""
    letters = Counter(_letters(line.text))
    for change in line.changes:
        letters.subtract(_letters(change.printed))
        letters.update(_letters(change.spoken))
    letters.subtract(_letters(line.spoken))
    return not any(letters.values())


def _letters(text: str) -> list[str]:
    return [c for c in text.casefold() if c.isalnum()]


def _n_letters(text: str) -> int:
    return sum(map(str.isalnum, text))
