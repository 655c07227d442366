"""What an engine is: something that speaks lines.

An engine does not retry, cache, split a book, normalise, print or know what it reads. Every type here is picklable and
holds numpy only, because a session may live in another process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from narrator.domain import Delivery, Samples, VoiceProfile

if TYPE_CHECKING:  # the schema of project.yaml brings pydantic, and a session needs none of it
    from narrator.settings.options import EngineOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What an engine can do; known without loading its weights."""

    name: str
    audio_version: int
    """Raised by hand, only when the same request would sound different: it is part of every recipe."""
    sample_rate_hz: int
    max_chars: int
    """Longest line it speaks well, in characters of spoken text."""
    languages: frozenset[str]
    """Primary BCP 47 subtags: `en`, `de`."""
    voice_kinds: frozenset[str]
    """Which voices it speaks: `clone`, `design`, `preset`, or the name of an engine whose built-in voices it has."""
    seeded: bool
    """True if another seed gives another take; else only another pace does."""
    styled: frozenset[str] = frozenset()
    """In which of its `voice_kinds` a delivery's style can be heard."""
    paced: bool = True
    """True if a delivery's pace can be heard; else takes come at the voice's own pace, and mastering stretches them."""
    chars_per_s: float
    """Usual speed of speech at pace 1, for estimates and proofing: characters of spoken text a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicePrompt:
    """A voice made ready for an engine: computed once, kept in the store."""

    voice: str
    """Name by which lines refer to it within a session."""
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    facts: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    """JSON scalars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to say."""

    id: str
    text: str
    voice: str
    """`VoicePrompt.voice` of one of the session's prompts."""
    language: str
    delivery: Delivery
    seed: int
    """0 … 2**63 - 1; the only source of the line's randomness."""


class Ended(StrEnum):
    """Why the engine stopped speaking a line."""

    EOS = "eos"
    CAP = "cap"
    """It hit its own limit: the line is not complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A line as it came out of the engine."""

    line_id: str
    samples: Samples = field(repr=False)
    ended: Ended = Ended.EOS


class Session(Protocol):
    """An open engine with its voices loaded."""

    device: str
    """Where and how it runs, for people: `cpu, 2 threads, int8`."""
    slots: int
    """How many lines it speaks at once."""

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines, at any time; they are started in this order."""

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:
        """Finished lines in the order they finished; empty if none within the time or none are queued.

        Engines that speak one line at a time do their work here and may take longer than `timeout_s`.
        """

    def close(self) -> None:
        """Free the weights; queued lines are dropped."""


@runtime_checkable
class TakesTurns(Protocol):
    """What a session has besides when its voices have no room side by side, and a change from one to another is dear.

    It speaks lines in any order; those who give them turn by turn, and come back to none, wait for each change once.
    """

    turns: Mapping[str, str]
    """The turn of each voice, by the names that lines use."""


class Engine(Protocol):
    """The seam. Registered under the entry point group `narrator.engines`; constructed without arguments."""

    info: EngineInfo

    def revision(self, voice: VoiceProfile) -> str:
        """Which weights will speak this voice."""

    def identity(self, voice: VoiceProfile) -> Mapping[str, str]:
        """Everything about the voice that a listener could hear, as JSON strings, for the recipe.

        Raises:
            ProjectError: The engine has no such voice.
        """

    def unspoken(self, text: str) -> str:
        """Letters of a line that the engine cannot say, in order, each once; empty for most lines.

        Cheap: no weights, no pronunciation. Signs of money count as letters.
        """

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """Make a voice ready. Costly at most once for each voice: the result is kept in the store."""

    def open(self, prompts: Sequence[VoicePrompt]) -> Session:
        """Load the weights.

        Raises:
            MissingError: A package or a model is not installed.
            EngineError: It cannot run here.
        """


@runtime_checkable
class Configurable(Protocol):
    """What an engine has besides when a project decides how it computes: which weights, of what size, on what.

    There is nothing to inherit and nothing to register: an engine with this method is asked to use it, once, before
    anything else; one without it takes no options.
    """

    def configured(self, options: "EngineOptions") -> Engine:
        """The engine as the project wants it, usually `type(self)(options)`; weights are looked for later.

        Raises:
            ProjectError: It cannot be what the options ask for.
        """
