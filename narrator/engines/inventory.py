"""What is on this machine: the checkpoints of Qwen3-TTS, and the voices of every engine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from narrator.domain import Builtin, Preset, VoiceSource
from narrator.engines import checkpoints, downloads
from narrator.errors import MissingError, ProjectError

if TYPE_CHECKING:
    from narrator.settings.options import EngineOptions

SPEAKS = {"base": "clones", "custom_voice": "presets", "voice_design": "designs"}


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
    sources = (source,) if source else (checkpoints.HUB, checkpoints.MODELSCOPE, str(downloads.home()))
    wanted = [(size, kind) for kind in checkpoints.KINDS for size in ("0.6b", "1.7b") if (size, kind) != _NO_SUCH]
    return tuple(_first([_model(place, size, kind) for place in sources]) for size, kind in wanted)


def model(options: "EngineOptions", kind: str) -> Model:
    """The checkpoint that a project wants for voices of a kind."""
    size = "1.7b" if kind == "voice_design" else options.size
    name = checkpoints.repository(size, kind)
    bare = Model(name=name, kind=kind, size=size, speaks=SPEAKS[kind])
    try:
        folder = checkpoints.locate(options, kind)
    except (MissingError, ProjectError) as error:
        return _with(bare, trouble=error.message, cure=error.hint)
    if absent := downloads.lacking(folder):
        return _with(bare, trouble=f"not whole, lacks {', '.join(absent)}", cure=f"Run: narrate models get {name}")
    n_bytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    commit = folder.name if re.fullmatch(r"[0-9a-f]{40}", folder.name) else ""
    return Model(
        name=name, kind=kind, size=size, speaks=SPEAKS[kind], folder=folder, n_bytes=n_bytes,
        revision=commit or checkpoints.fingerprint(folder), trouble="",
    )  # fmt: skip


def voices(options: "EngineOptions") -> tuple[Voice, ...]:
    """Every voice at hand: Kokoro's, hibari's, and the speakers of the CustomVoice checkpoint if it is here."""
    return (*_kokoro(), *_hibari(), *_presets(options))


_NO_SUCH = ("0.6b", "voice_design")


def _kokoro() -> Iterator[Voice]:
    from narrator.engines.mix import names  # noqa: PLC0415 - reads the tables

    for name in names():
        accent = "en-GB" if name.startswith("b") else "en-US"
        yield Voice(engine="kokoro", name=name, source=Builtin(engine="kokoro", voice=name), language=accent)


def _hibari() -> Iterator[Voice]:
    from narrator.engines.hibari import VOICES  # noqa: PLC0415 - signal processing

    for name in VOICES:
        yield Voice(engine="hibari", name=name, source=Builtin(engine="hibari", voice=name), language="en-US")


def _presets(options: "EngineOptions") -> Iterator[Voice]:
    from narrator.engines.qwen3.checkpoint import read_checkpoint  # noqa: PLC0415 - only where there is one

    found = model(options, "custom_voice")
    if not found.here or found.folder is None:
        return
    known = read_checkpoint(found.folder).model
    spoken = ", ".join(sorted(language.name for language in known.languages if not _is_dialect(language.name, known)))
    for speaker in sorted(known.speakers, key=lambda each: each.name):
        dialect = f"dialect {speaker.dialect}" if speaker.dialect else ""
        yield Voice(
            engine="qwen3", name=speaker.name, source=Preset(speaker=speaker.name), language=spoken, note=dialect
        )
