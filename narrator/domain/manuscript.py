"""Nouns of reading: a book as it is printed."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of some text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """A stretch of a source document.

    For Markdown and plain text, positions count characters of the decoded file. For XHTML they count characters of the
    document's text content (all text nodes of `html` joined in document order, white space as it stands).
    """

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of a paragraph's text copied unchanged from the source."""

    start: int
    """First character in `Paragraph.text`."""
    source: int
    """First character in the source document."""
    n_chars: int


class ParagraphKind(StrEnum):
    """How a paragraph stands on the page."""

    PROSE = "prose"
    HEADING = "heading"
    VERSE = "verse"
    """One paragraph a line, or lines separated by newlines."""
    ITEM = "item"
    """An item of a list or a row of a table."""
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSpan:
    """Words that the page says are in another language than those around them."""

    start: int
    end: int
    language: str
    """BCP 47, lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """What a comment in the manuscript asks for the paragraph below it."""

    where: str
    """`book.md:12`."""
    speaker: str = ""
    """Says what is quoted in it, or all of it when nothing is."""
    style: str = ""
    pause_s: float | None = None
    """Silence before it in the place of the usual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Text that is read without a break; white space collapsed, verse lines separated by newlines."""

    text: str
    kind: ParagraphKind = ParagraphKind.PROSE
    document: str
    pieces: tuple[Piece, ...]
    emphases: tuple[Span, ...] = ()
    quoted: bool = False
    """Stands in a block quotation: a letter, an inscription."""
    languages: tuple[LanguageSpan, ...] = ()
    """In the order in which they begin, an outer one before those inside it."""
    persona: Span | None = None
    """Of a play: where its first words name the speaker of the rest or, if there is no rest, of what follows."""
    persona_aloud: bool = False
    """Whether that name is read, and not only heard by the voice."""
    directions: tuple[Span, ...] = ()
    """Of a play: words that the page says are stage directions."""
    directive: Directive | None = None

    @property
    def speech_start(self) -> int:
        """Where a play's name of the speaker, with the stop behind it, has ended; 0 when there is none."""
        if self.persona is None:
            return 0
        rest = self.text[self.persona.end :]
        return self.persona.end + len(rest) - len(rest.lstrip(" .:\n"))

    @property
    def unread(self) -> Span | None:
        """The name of the speaker, where it is not read."""
        return Span(start=0, end=self.speech_start) if self.persona and not self.persona_aloud else None

    def source(self, span: Span) -> SourceSpan:
        """Where a stretch of this paragraph's text is printed.

        Returns:
            The source span from the first to the last copied character of `span`; empty, at the nearest place, when
            none was copied.
        """
        inside = [p for p in self.pieces if p.start < span.end and p.start + p.n_chars > span.start]
        if not inside:
            after = next((p.source for p in self.pieces if p.start >= span.end), None)
            at = after if after is not None else max((p.source + p.n_chars for p in self.pieces), default=0)
            return SourceSpan(document=self.document, start=at, end=at)
        first, last = inside[0], inside[-1]
        start = first.source + max(0, span.start - first.start)
        end = last.source + min(last.n_chars, span.end - last.start)
        return SourceSpan(document=self.document, start=start, end=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneBreak:
    """A change of place or time: a rule, asterisks, an ornament."""


Block: TypeAlias = Paragraph | SceneBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter as it is printed; its heading, if it has one, is its first paragraphs."""

    number: int
    """Counts from 1 in the order of reading."""
    title: str
    blocks: tuple[Block, ...]

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The chapter's text without scene breaks."""
        return tuple(b for b in self.blocks if isinstance(b, Paragraph))


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Text that is printed and not read aloud."""

    document: str
    rule: str
    """Why, in a word or two: `cover`, `copyright`, `contents`, `note`, `note mark`, `page number` …"""
    n_letters: int
    """Letters and digits left out."""
    sample: str = ""
    n_passages: int = 1
    """In how many places: notes, page numbers, readings of characters; 1 of a whole document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Was every letter kept? Counted by a second, dumb reader of the same documents. Letters = letters and digits."""

    n_letters: int
    n_spoken: int
    n_skipped: int

    @property
    def n_unaccounted(self) -> int:
        """Letters neither spoken nor skipped by a rule; a negative number is text that was made up."""
        return self.n_letters - self.n_spoken - self.n_skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The picture on the front."""

    data: bytes = field(repr=False)
    media_type: str
    """`image/jpeg` or `image/png`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A book as it was read from its file."""

    title: str
    authors: tuple[str, ...] = ()
    language: str = "en"
    """BCP 47, lower case; `en`, `en-gb`, `zh`."""
    publisher: str = ""
    published: str = ""
    description: str = ""
    identifier: str = ""
    cover: Cover | None = None
    chapters: tuple[Chapter, ...]
    skipped: tuple[Skipped, ...] = ()
    coverage: Coverage
