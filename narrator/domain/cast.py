"""Nouns of casting: voices, and who plays whom."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from narrator.domain.script import Gender


def name_key(name: str) -> str:
    """A name as it is compared: capitals and spaces tell nobody apart."""
    return " ".join(name.casefold().split())


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
    where: str = field(default="", compare=False)
    """Where it is written: `project.yaml:5:3`."""
    home: Path | None = field(default=None, compare=False)
    """The folder of the file that wrote it, where that is a series' and not the project's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A character and the voice that plays them."""

    character: str
    aliases: tuple[str, ...] = ()
    voice: VoiceProfile
    delivery: Delivery
    """The voice's own delivery with the role's on top."""
    where: str = field(default="", compare=False)
    """Where it is written: `project.yaml:9:3`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a cast or a line that a person should look at, and that stops nothing."""

    rule: str
    character: str
    message: str
    address: str = ""
    """Of the line; empty when it is about the role."""
    where: str = ""
    """Of the role."""


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

    def recast(self, change: Callable[[VoiceProfile], VoiceProfile]) -> "Cast":
        """The same roles with every voice changed; roles that shared a voice share the changed one."""
        voices = {voice.name: change(voice) for voice in self.voices}
        return Cast(
            roles=tuple(replace(role, voice=voices[role.voice.name]) for role in self.roles),
            unknown=replace(self.unknown, voice=voices[self.unknown.voice.name]) if self.unknown else None,
        )

    @property
    def voices(self) -> tuple[VoiceProfile, ...]:
        """Every voice that may be heard, once."""
        played = (*self.roles, *((self.unknown,) if self.unknown else ()))
        return tuple({role.voice.name: role.voice for role in played}.values())
