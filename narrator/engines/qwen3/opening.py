"""Voices opened: by all their models at once, or by one model after another where memory does not suffice for all."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import torch

from narrator.engines.in_turn import InTurn
from narrator.engines.protocol import Session
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import Checkpoint, Kind
from narrator.engines.qwen3.models import Fit, Meter, NoRoomError, free_bytes
from narrator.engines.qwen3.session import open_session
from narrator.engines.qwen3.voiceprompt import Voice

Parts = Mapping[Kind, Checkpoint]
Voices = Mapping[str, Voice]


def opened(
    parts: Parts,
    voices: Voices,
    how: Computing,
    meter: Meter | None = None,
    load: Callable[[Parts, Voices, Computing], Session] = open_session,
) -> Session:
    """A session for voices of any kinds.

    Args:
        parts: A checkpoint for each kind of voice.
        voices: By the names that lines use.
        how: On what, and in which numbers.
        meter: Tells how much memory is free; none = whoever knows.
        load: Loads checkpoints and opens a session for their voices.

    Raises:
        MissingError: A checkpoint has no weights.
        EngineError: Weights are damaged, or do not fit on the device.
        ProjectError: A preset that the model lacks.
    """
    if len(parts) == 1:
        return load(parts, voices, how)
    fit = Fit.of(parts.values(), how, meter or free_bytes)
    why = str(fit)
    if fit.side_by_side:
        try:
            return load(parts, voices, _noted(how, f"{len(parts)} models side by side"))
        except NoRoomError:
            why = f"side by side they found no room; {fit}"
    if torch.cuda.is_available():
        torch.cuda.empty_cache()  # what was loaded before the room ran out
    how = _noted(how, f"{len(parts)} models one after another: {why}")

    def turn(kind: str) -> Session:
        mine = {name: voice for name, voice in voices.items() if voice.kind == kind}
        return load({Kind(kind): parts[Kind(kind)]}, mine, how)

    return InTurn({name: voice.kind.value for name, voice in voices.items()}, turn, device=str(how))


def _noted(how: Computing, note: str) -> Computing:
    return replace(how, notes=(*how.notes, note))
