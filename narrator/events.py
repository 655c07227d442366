"""What production reports while it works. Drawing it is the business of `narrator.cli`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRead:
    """The manuscript is in memory and its text accounted for."""

    title: str
    n_chapters: int
    n_letters: int
    n_skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Every line has its recipe; what is missing will be recorded."""

    n_lines: int
    n_reused: int
    n_letters: int
    """Of the spoken text."""
    n_letters_missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOpened:
    """An engine is loaded and speaks from now on."""

    engine: str
    why: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRecorded:
    """A line was recorded, accepted and stored."""

    address: str
    character: str
    key: str
    seconds: float
    n_letters: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRejected:
    """A recording failed proofing; it will be tried again unless `final`."""

    address: str
    reason: str
    attempt: int
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDamaged:
    """A stored take was not what it was when it was stored; it was set aside and will be made again."""

    key: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterFinished:
    """A chapter is mastered and its files stand under their final names."""

    number: int
    title: str
    seconds: float
    loudness_lufs: float
    true_peak_dbtp: float
    files: tuple[Path, ...]
    reused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFinished:
    """The whole book stands under its final name."""

    files: tuple[Path, ...]
    seconds: float
    reused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something a person should know, and that stops nothing."""

    message: str


Event: TypeAlias = (
    BookRead
    | Planned
    | EngineOpened
    | TakeRecorded
    | TakeRejected
    | TakeDamaged
    | ChapterFinished
    | BookFinished
    | Warned
)
Listener: TypeAlias = Callable[[Event], None]
