"""The nouns of audiobook production.

Everything that crosses from one room to another is defined here: frozen, slotted, keyword-only, tuples inside. Text
positions are Unicode characters, end exclusive. Sound is mono float32.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
"""Mono PCM, shape [n_samples], nominal range [-1, 1]."""

NARRATOR = "narrator"
"""The character who speaks everything that no one else does."""

UNKNOWN = "unknown"
"""The character of speech whose speaker the text does not tell; the cast's `unknown:` decides who reads it."""


# ── reading: Manuscript ───────────────────────────────────────────────────────────────────────────────────────────────


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
class Paragraph:
    """Text that is read without a break; white space collapsed, verse lines separated by newlines."""

    text: str
    kind: ParagraphKind = ParagraphKind.PROSE
    document: str
    pieces: tuple[Piece, ...]
    emphases: tuple[Span, ...] = ()
    quoted: bool = False
    """Stands in a block quotation: a letter, an inscription."""

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


# ── scripting: Script ─────────────────────────────────────────────────────────────────────────────────────────────────


class Gender(StrEnum):
    """What the book's pronouns and titles say of a character, or a voice's maker of a voice."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """Someone in the book."""

    name: str
    aliases: tuple[str, ...] = ()
    gender: Gender = Gender.UNKNOWN
    n_mentions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What was learnt from the book once and is frozen in learnt.yaml, so that an edit elsewhere changes no line."""

    abbreviations: tuple[str, ...] = ()
    """Lower case, without the final full stop."""
    collocations: tuple[tuple[str, str], ...] = ()
    """Pairs of words that hold together over a full stop (`(“##number##”, “june”)`, Punkt's notation)."""
    sentence_starters: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    """Marks that open speech in this book, most used first (`“`, `—`); none = any that is known."""
    characters: tuple[Character, ...] = ()


class Pause(StrEnum):
    """What follows a line, from the shortest to the longest silence."""

    CLAUSE = "clause"
    SENTENCE = "sentence"
    SPEAKER = "speaker"
    PARAGRAPH = "paragraph"
    TITLE = "title"
    SCENE = "scene"
    END = "end"
    """End of the chapter; the mastering profile's tail follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Where the spoken form leaves the printed one."""

    rule: str
    printed: str
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Why a character was given a line."""

    rule: str
    confidence: float
    """0 … 1."""
    evidence: str = ""
    """The words it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One line of the script: what one character says in one breath."""

    address: str
    """How a person names it: `ch03:l17`."""
    text: str
    """As printed: an unchanged slice of its paragraph's text."""
    spoken: str
    """As said: after normalisation and lexicon."""
    character: str
    """Canonical name, `narrator` or `unknown`."""
    pause_after: Pause
    source: SourceSpan
    attribution: Attribution | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterScript:
    """The lines of one chapter."""

    number: int
    title: str
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole book as lines to be spoken, in order."""

    language: str
    chapters: tuple[ChapterScript, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconEntry:
    """How a word is to be said."""

    match: str
    """The word, or a regular expression."""
    say: str
    regex: bool = False
    voices: tuple[str, ...] = ()
    """Names of the voice profiles it holds for; none = all."""


# ── casting: Cast ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloned:
    """A voice taken from a recording."""

    audio: Path
    transcript: str = ""
    x_vector_only: bool = False
    digest: str = ""
    """Names the recording and how it was prepared, where `audio` is a prepared copy; empty = the bytes of `audio`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Designed:
    """A voice made from a description, rendered once and then cloned."""

    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A speaker built into a CustomVoice checkpoint."""

    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Builtin:
    """A voice that one engine brings along: `kokoro: 0.6*bf_emma+0.4*af_heart`, `hibari: alto`, `tone: 220`."""

    engine: str
    voice: str


VoiceSource: TypeAlias = Cloned | Designed | Preset | Builtin


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a line is to be said."""

    pace: float = 1.0
    """Factor on the speed of speech; 1 is the voice's own."""
    style: str = ""
    """An instruction in words, for engines that take one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who may use a cloned voice, and why."""

    kind: str
    speaker: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceProfile:
    """A voice of the project."""

    name: str
    source: VoiceSource
    delivery: Delivery = field(default_factory=Delivery)
    gender: Gender = Gender.UNKNOWN
    rights: Rights | None = None
    level_db: float = 0.0
    """Added after levelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A character and the voice that plays them."""

    character: str
    aliases: tuple[str, ...] = ()
    voice: VoiceProfile
    delivery: Delivery
    """The voice's own delivery with the role's on top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays whom."""

    roles: tuple[Role, ...]
    """The narrator first."""
    unknown: Role | None
    """Reads speech of unknown or uncast speakers; None = that is an error."""

    def role(self, character: str) -> Role | None:
        """The role that plays a character, by canonical name; None if nobody may."""
        return next((r for r in self.roles if r.character == character), self.unknown)

    @property
    def voices(self) -> tuple[VoiceProfile, ...]:
        """Every voice that may be heard, once."""
        played = (*self.roles, *((self.unknown,) if self.unknown else ()))
        return tuple({role.voice.name: role.voice for role in played}.values())


# ── recording: Take ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A line as it was recorded."""

    key: str
    """Digest of its recipe: the request."""
    object: str
    """SHA-256 of the file: the bytes."""
    path: Path
    n_samples: int
    sample_rate_hz: int
    flag: str = ""
    """What proofing holds against it; empty when nothing."""

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return self.n_samples / self.sample_rate_hz


# ── mastering: Master ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A take and its place in the chapter, for the assembly."""

    take: Take
    address: str
    text: str
    character: str
    voice: str
    level_db: float
    pause_after: Pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """When a line sounds in the master."""

    address: str
    text: str
    character: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """A chapter, mastered."""

    samples: Samples = field(repr=False)
    sample_rate_hz: int
    cues: tuple[Cue, ...]
    loudness_lufs: float
    true_peak_dbtp: float

    @property
    def seconds(self) -> float:
        """Length of the chapter."""
        return len(self.samples) / self.sample_rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class BookTags:
    """What a player shows."""

    title: str
    authors: tuple[str, ...] = ()
    narrator: str = ""
    publisher: str = ""
    published: str = ""
    description: str = ""
    language: str = ""
    series: str = ""
    series_part: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
