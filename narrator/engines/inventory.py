"""What is on this machine: the checkpoints of Qwen3-TTS, and the voices of every engine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from narrator.domain import Builtin, Preset, VoiceSource
from narrator.engines import checkpoints, downloads
from narrator.errors import MissingError, ProjectError
from narrator.settings.options import EngineOptions

SPEAKS = {"base": "clones", "custom_voice": "presets", "voice_design": "designs"}
_SIZES: tuple[Literal["0.6b", "1.7b"], ...] = ("0.6b", "1.7b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A published checkpoint, and what of it is here."""

    name: str
    """Its repository."""
    kind: str
    size: str
    speaks: str
    folder: Path | None = None
    n_bytes: int = 0
    revision: str = ""
    """The hub's commit; elsewhere the fingerprint, which recipes know."""
    trouble: str = "not here"
    """Why it cannot speak; empty where it can."""
    cure: str = ""

    @property
    def here(self) -> bool:
        """Whole and ready to speak."""
        return not self.trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice that a project may name."""

    engine: str
    name: str
    source: VoiceSource
    language: str
    note: str = ""


def models(source: str = "") -> tuple[Model, ...]:
    """The five checkpoints.

    Args:
        source: As `engine.source`; empty = the hub's cache, ModelScope's and narrator's own folder, the first that has
            it.
    """
    places = (source,) if source else (checkpoints.HUB, checkpoints.MODELSCOPE, str(downloads.home()))
    return tuple(
        _first(tuple(model(EngineOptions(source=place, size=size), kind) for place in places))
        for kind in checkpoints.KINDS
        for size in _SIZES
        if (size, kind) != ("0.6b", "voice_design")
    )


def model(options: EngineOptions, kind: str) -> Model:
    """The checkpoint that a project wants for voices of a kind."""
    size = "1.7b" if kind == "voice_design" else options.size
    name = checkpoints.repository(size, kind)
    bare = Model(name=name, kind=kind, size=size, speaks=SPEAKS[kind])
    try:
        folder = checkpoints.locate(options, kind)
    except (MissingError, ProjectError) as error:
        return replace(bare, trouble=error.message, cure=error.hint)
    if absent := downloads.lacking(folder):
        trouble = f"{folder} is not whole: it lacks {', '.join(absent)}"
        return replace(bare, trouble=trouble, cure=f"Run: narrate models get {name}")
    n_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    commit = folder.name if re.fullmatch(r"[0-9a-f]{40}", folder.name) else ""
    return replace(bare, folder=folder, n_bytes=n_bytes, revision=commit or checkpoints.fingerprint(folder), trouble="")


def voices(options: EngineOptions) -> tuple[Voice, ...]:
    """Every voice at hand: Kokoro's, hibari's, and the speakers of the CustomVoice checkpoint if it is here."""
    return (*_kokoro(), *_hibari(), *_presets(options))


def _first(found: tuple[Model, ...]) -> Model:
    """The first that is here; of several that are not, what is said of the first."""
    return next((each for each in found if each.here), found[0])


def _kokoro() -> Iterator[Voice]:
    from narrator.engines.mix import names  # noqa: PLC0415 - reads the tables

    for name in names():
        accent = "en-GB" if name.startswith("b") else "en-US"
        yield Voice(engine="kokoro", name=name, source=Builtin(engine="kokoro", voice=name), language=accent)


def _hibari() -> Iterator[Voice]:
    from narrator.engines.hibari import VOICES  # noqa: PLC0415 - signal processing

    for name in VOICES:
        yield Voice(engine="hibari", name=name, source=Builtin(engine="hibari", voice=name), language="en-US")


def _presets(options: EngineOptions) -> Iterator[Voice]:
    from narrator.engines.qwen3.checkpoint import read_checkpoint  # noqa: PLC0415 - only where there is one
    from narrator.engines.qwen3.prompt import spoken_languages  # noqa: PLC0415 - likewise

    found = model(options, "custom_voice")
    if not found.here or found.folder is None:
        return
    known = read_checkpoint(found.folder).model
    spoken = ", ".join(sorted(spoken_languages(known)))
    for speaker in sorted(known.speakers, key=lambda each: each.name):
        dialect = f"dialect {speaker.dialect}" if speaker.dialect else ""
        yield Voice(
            engine="qwen3", name=speaker.name, source=Preset(speaker=speaker.name), language=spoken, note=dialect
        )
