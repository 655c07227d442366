"""Nouns of scripting: who is in the book, and what is said, line by line."""

from dataclasses import dataclass
from enum import StrEnum

from narrator.domain.manuscript import SourceSpan, Span

NARRATOR = "narrator"
"""The character who speaks everything that no one else does."""

UNKNOWN = "unknown"
"""The character of speech whose speaker the text does not tell; the cast's `unknown:` decides who reads it."""


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
    span: Span
    """Where in the line's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Why a character was given a line."""

    rule: str
    confidence: float
    """0 … 1."""
    evidence: str = ""
    """The words it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerOverride:
    """A person's word on who says a line."""

    line: str
    """`ch03:l17`, `ch03:l17-19`, or words that are printed; see `scripting.overrides`."""
    speaker: str
    where: str
    """Where it is written: `project.yaml:5:3`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A stretch of speech as it is printed, its marks included, and who speaks it."""

    source: SourceSpan
    character: str
    """Canonical name, `narrator` for the I of the book, or `unknown`."""
    gender: Gender
    attribution: Attribution


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
    style: str = ""
    """Asked for in the manuscript; goes before the role's."""
    pause_s: float | None = None
    """Silence after it, if the manuscript asks for another than `pause_after` means."""


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
