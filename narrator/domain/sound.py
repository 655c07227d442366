"""Nouns of recording and mastering: takes, masters, and what is written on the finished files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from narrator.domain.script import Pause

Samples: TypeAlias = NDArray[np.float32]
"""Mono PCM, shape [n_samples], nominal range [-1, 1]."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A take and its place in the chapter, for the assembly."""

    take: Take
    address: str
    text: str
    character: str
    voice: str
    level_db: float
    tempo: float = 1.0
    """How much faster than it was recorded it is heard, at the same pitch."""
    pause_after: Pause
    pause_s: float | None = None
    """Silence after it, if it is not what `pause_after` means."""


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
