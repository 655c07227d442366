"""The options of a project, as dataclasses; pydantic checks them at the door and nowhere else.

Every key of `project.yaml` is a field here: the classes are the schema. Keys that only a later engine uses are checked
now, so that a project file does not change its meaning when that engine arrives.
"""

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, with_config

from narrator.domain import Gender, Pause

strict = with_config(ConfigDict(extra="forbid"))
"""Unknown keys are refused: an ignored key is a silent bug."""


def seconds_in(value: object) -> float:
    """Read `450ms`, `2.2s` or a bare number of milliseconds as seconds.

    Raises:
        ValueError: It is of another form, or not between 0 and 30 s.
    """
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ms|s)\s*", value)):
        seconds = float(match[1]) / (1000 if match[2] == "ms" else 1)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000
    else:
        raise ValueError("write a length of time as `450ms` or `2.2s`")
    if not 0 <= seconds <= 30:
        raise ValueError("a length of time lies between 0 and 30 s; a bare number is milliseconds")
    return seconds


def _decibels(value: object) -> object:
    """Read `-1dB` or a bare number."""
    if isinstance(value, str):
        if match := re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*dB\s*", value, re.IGNORECASE):
            return float(match[1])
        raise ValueError("write a level as `-1dB`")
    return value


def _bitrate(value: object) -> object:
    """Refuse what is not `192k`."""
    if not isinstance(value, str) or re.fullmatch(r"([1-9]\d{0,3}k)?", value) is None:
        raise ValueError("write a bitrate as `64k`")
    return value


def inside(value: str) -> str:
    """Refuse paths that leave the project's folder."""
    if value.startswith(("/", "~")) or ".." in value.replace("\\", "/").split("/"):
        raise ValueError("files of a project lie inside its folder; copy the file there")
    return value


Seconds: TypeAlias = Annotated[float, BeforeValidator(seconds_in)]
Decibels: TypeAlias = Annotated[float, BeforeValidator(_decibels), Field(ge=-24, le=24)]
Pace: TypeAlias = Annotated[float, Field(ge=0.5, le=2.0)]
InsidePath: TypeAlias = Annotated[str, AfterValidator(inside)]


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The series a book belongs to."""

    name: str
    part: Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int) else v)] = ""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class BookOptions:
    """Which book, and what it is called when the file does not say."""

    source: InsidePath
    language: str = ""
    title: str = ""
    author: str = ""
    narrator: str = ""
    publisher: str = ""
    series: Series | None = None
    cover: InsidePath = "auto"


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What of the printed page is read aloud."""

    footnotes: Literal["skip", "inline", "end-of-chapter"] = "skip"
    tables: Literal["rows", "skip"] = "rows"
    code: Literal["skip", "read"] = "skip"
    images: Literal["skip", "alt"] = "skip"
    """`alt`: pictures are read by the words that stand for them."""
    ruby: Literal["base", "reading"] = "base"
    """Of characters with their reading beside them: which of the two is read."""
    personae: Literal["skip", "read"] = "skip"
    """`read`: the narrator says the name before each speech of a play."""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class CloneOptions:
    """A recording to clone."""

    audio: str
    text: str = ""
    x_vector_only: bool = False


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class RightsOptions:
    """Why a cloned voice may be used."""

    kind: Literal["own", "licensed", "public-domain", "synthetic"]
    speaker: str = ""
    note: str = ""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOptions:
    """A voice: exactly one of the first group, then how it is used."""

    clone: CloneOptions | None = None
    design: str | None = None
    preset: str | None = None
    kokoro: str | None = None
    hibari: str | None = None
    tone: str | int | float | None = None
    engine: str | None = None
    """With `voice`: a voice of an engine that is installed as a plug-in."""
    voice: str | None = None
    ref_audio: str | None = None
    """As in Qwen's own examples: `clone.audio`."""
    ref_text: str | None = None
    x_vector_only: bool | None = None

    gender: Gender = Gender.UNKNOWN
    pace: Pace = 1.0
    style: str = ""
    level: Decibels = 0.0
    rights: RightsOptions | None = None


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleOptions:
    """A character's entry in the cast."""

    voice: str
    aliases: tuple[str, ...] = ()
    pace: Pace = 1.0
    style: str = ""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class PauseOptions:
    """Silence between lines by what lies between them: targets, silence kept from the takes included."""

    clause: Seconds = 0.12
    sentence: Seconds = 0.45
    speaker: Seconds = 0.35
    paragraph: Seconds = 0.9
    title: Seconds = 2.2
    scene: Seconds = 2.2

    def after(self, pause: Pause) -> float:
        """Seconds of silence after a line; the end of a chapter has none of its own."""
        return 0.0 if pause is Pause.END else float(getattr(self, pause.value))


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class Revisions:
    """Pinned revisions of the checkpoints, one for each kind of model."""

    base: str = ""
    custom_voice: str = ""
    voice_design: str = ""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """Which engine, which weights, how it computes."""

    use: str = "auto"
    size: Literal["0.6b", "1.7b"] = "1.7b"
    source: str = "hub"
    revision: Revisions = field(default_factory=Revisions)
    seed: Annotated[int, Field(ge=0)] = 20
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    codec_dtype: Literal["auto", "bfloat16", "float32"] = "auto"
    """Of what makes sound of codes; auto = as `dtype`."""
    attention: Literal["auto", "flash_attention_2", "sdpa", "eager"] = "auto"


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOptions:
    """What happens to a take that does not sound like its line."""

    retries: Annotated[int, Field(ge=0, le=10)] = 3
    on_fail: Literal["flag", "stop"] = "flag"


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class SoundOptions:
    """How it is mastered."""

    profile: str = "standard"


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions:
    """One kind of finished file."""

    format: Literal["m4b", "mp3", "flac", "vtt"]
    bitrate: Annotated[str, BeforeValidator(_bitrate)] = ""
    """`64k` for M4B and `192k` for MP3 unless given."""


MP3_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""The rates that MP3 has at 44.1 kHz."""
M4B_KBPS = (32, 320)
"""Where AAC at 44.1 kHz mono makes sense."""


def _outputs(outputs: tuple[OutputOptions, ...]) -> tuple[OutputOptions, ...]:
    """Refuse what would not be written, would be written twice, or not as it says."""
    formats = [output.format for output in outputs]
    if not formats:
        raise ValueError("name at least one format: [{format: m4b}]")
    if twice := [name for name in formats if formats.count(name) > 1]:
        raise ValueError(f"{twice[0]} is there twice: its files would have the same names")
    for output in outputs:
        kbps = int(output.bitrate.removesuffix("k") or 0)
        if kbps and output.format not in {"m4b", "mp3"}:
            raise ValueError(f"{output.format} has no bitrate")
        if kbps and output.format == "mp3" and kbps not in MP3_KBPS:
            raise ValueError(f"mp3 has no {kbps}k: choose one of {', '.join(f'{rate}k' for rate in MP3_KBPS)}")
        if kbps and output.format == "m4b" and not M4B_KBPS[0] <= kbps <= M4B_KBPS[1]:
            raise ValueError(f"m4b takes {M4B_KBPS[0]}k to {M4B_KBPS[1]}k")
    return outputs


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class MasteringProfile:
    """configs/mastering/*.yaml: what a finished chapter must measure."""

    loudness_lufs: Annotated[float, Field(ge=-40, le=-10)] = -19.0
    ceiling_dbtp: Annotated[float, Field(ge=-20, le=0)] = -3.5
    head: Seconds = 0.75
    tail: Seconds = 3.0
    fade_in: Seconds = 0.005
    fade_out: Seconds = 0.015
    crossfade: Seconds = 0.015
    """Where takes touch: equal power."""
    voice_match: bool = True
    """Bring the voices of a chapter to one loudness before the chapter is brought to its target."""
    room_tone_dbfs: Annotated[float, Field(ge=-120, le=-40)] | None = None


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOptions:
    """project.yaml."""

    narrate: Literal[1]
    book: BookOptions
    read: ReadOptions = field(default_factory=ReadOptions)
    voices: dict[str, VoiceOptions]
    cast: dict[str, str | RoleOptions] | InsidePath
    pauses: PauseOptions = field(default_factory=PauseOptions)
    lexicon: tuple[InsidePath, ...] = ()
    engine: EngineOptions = field(default_factory=EngineOptions)
    proof: ProofOptions = field(default_factory=ProofOptions)
    sound: SoundOptions = field(default_factory=SoundOptions)
    outputs: Annotated[tuple[OutputOptions, ...], AfterValidator(_outputs)] = (
        OutputOptions(format="m4b"),
        OutputOptions(format="mp3"),
    )
    speakers: dict[str, str] = field(default_factory=dict)
    """A line, by its address or its words → who says it."""
    extends: str = ""
    """A file whose voices, cast, lexicon and other keys hold here too; see `series`."""
