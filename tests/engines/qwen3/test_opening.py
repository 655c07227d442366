"""Models are held side by side where there is room for them, and else one after another."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from narrator.domain import Delivery  # noqa: E402 - needs torch
from narrator.engines.protocol import Line, Spoken, TakesTurns  # noqa: E402
from narrator.engines.qwen3.checkpoint import read_checkpoint  # noqa: E402
from narrator.engines.qwen3.computing import Computing  # noqa: E402
from narrator.engines.qwen3.config import Checkpoint, Kind  # noqa: E402
from narrator.engines.qwen3.models import Fit, NoRoomError, free_bytes, load_models  # noqa: E402
from narrator.engines.qwen3.opening import opened  # noqa: E402
from narrator.engines.qwen3.session import Qwen3Session, open_session  # noqa: E402
from narrator.engines.qwen3.voiceprompt import Voice  # noqa: E402
from tests.engines.contract import spoken  # noqa: E402

HOW = Computing(device="cpu", dtype="float32", attention="sdpa")
VOICES = {
    "ryan": Voice(kind=Kind.CUSTOM_VOICE, speaker="ryan"),
    "x": Voice(kind=Kind.BASE, embedding=np.random.default_rng(1).standard_normal(64).astype(np.float32)),
    "old": Voice(kind=Kind.VOICE_DESIGN, description="old, dry"),
}
LINES = [
    Line(id=f"{n} {voice}", text=text, voice=voice, language="en", delivery=Delivery(), seed=n)
    for n, text in enumerate(("Yes.", "Nobody spoke."))
    for voice in VOICES
]


@pytest.fixture(scope="module")
def parts(checkpoints: Callable[..., Path]) -> dict[Kind, Checkpoint]:
    """A checkpoint of each kind."""
    return {kind: read_checkpoint(checkpoints(kind.value)) for kind in Kind}


def by_id(said: list[Spoken]) -> dict[str, Spoken]:
    """Takes by their lines."""
    return {one.line_id: one for one in said}


class Loads:
    """Loads as the engine does, remembers what, and may have room for one model only."""

    def __init__(self, *, room_for_one: bool = False) -> None:
        self.kinds: list[tuple[Kind, ...]] = []
        self._room_for_one = room_for_one

    def __call__(self, parts: Any, voices: Any, how: Computing) -> Qwen3Session:
        self.kinds.append(tuple(parts))
        if self._room_for_one and len(parts) > 1:
            raise NoRoomError("the weights do not fit")
        return open_session(parts, voices, how, n_slots=2)


def test_with_room_they_are_side_by_side(parts: dict[Kind, Checkpoint]) -> None:
    """All are loaded at once, the session takes no turns, and says so."""
    loads = Loads()
    session = opened(parts, VOICES, HOW, lambda _: 1 << 30, loads)
    assert loads.kinds == [tuple(Kind)]
    assert not isinstance(session, TakesTurns)
    assert session.device == "cpu, float32, sdpa (3 models side by side), 6 slots"
    session.close()


def test_without_room_each_is_loaded_once(parts: dict[Kind, Checkpoint]) -> None:
    """Mixed lines cost one load a model; the session says why; takes are those of models side by side."""
    loads = Loads()
    roomy = opened(parts, VOICES, HOW, lambda _: 1 << 30, Loads())
    wanted = by_id(spoken(roomy, LINES))
    roomy.close()
    session = opened(parts, VOICES, HOW, lambda _: 3_000_000, loads)
    assert isinstance(session, TakesTurns)
    assert session.device.startswith("cpu, float32, sdpa (3 models one after another: 0.0 GB of weights, 0.0 GB free)")
    found = by_id(spoken(session, LINES))
    session.close()
    assert loads.kinds == [(Kind.CUSTOM_VOICE,), (Kind.BASE,), (Kind.VOICE_DESIGN,)]
    assert {name: take.samples.tobytes() for name, take in found.items()} == {
        name: take.samples.tobytes() for name, take in wanted.items()
    }


def test_a_meter_that_was_wrong_is_believed_no_more(parts: dict[Kind, Checkpoint]) -> None:
    """Where the room runs out while loading, the models are loaded one after another after all."""
    loads = Loads(room_for_one=True)
    session = opened(parts, VOICES, HOW, lambda _: 1 << 30, loads)
    assert "one after another: side by side they found no room" in session.device
    assert len(spoken(session, LINES)) == len(LINES)
    assert loads.kinds == [tuple(Kind), (Kind.CUSTOM_VOICE,), (Kind.BASE,), (Kind.VOICE_DESIGN,)]
    session.close()


def test_one_model_is_not_measured(parts: dict[Kind, Checkpoint]) -> None:
    """A single model is loaded however little memory there is: whether it fits is seen by loading it."""
    ryan = {"ryan": VOICES["ryan"]}
    session = opened({Kind.CUSTOM_VOICE: parts[Kind.CUSTOM_VOICE]}, ryan, HOW, lambda _: 0)
    assert session.device == f"cpu, float32, sdpa, {session.slots} slots"
    session.close()


def test_weights_are_counted_before_they_are_loaded(parts: dict[Kind, Checkpoint]) -> None:
    """What is counted is what the files hold, in the numbers in which it will be held."""
    base = parts[Kind.BASE]
    whole = Fit.of([base], HOW, lambda _: 10_000_000)
    half = Fit.of([base], Computing(device="cpu", dtype="bfloat16", attention="sdpa"), lambda _: 0)
    files = [*base.folder.glob("model*.safetensors"), *base.codec_folder.glob("model*.safetensors")]
    on_disk = sum(path.stat().st_size for path in files)
    assert 0.9 * on_disk < whole.weights_bytes <= on_disk  # float32 there, too; the rest is the table of contents
    assert half.weights_bytes * 2 == whole.weights_bytes
    assert whole.side_by_side
    assert not half.side_by_side


def test_the_free_memory_of_this_machine_is_known() -> None:
    """More than a tiny model needs and less than a petabyte."""
    assert 1_000_000 < free_bytes("cpu") < 1 << 50


def test_weights_without_room_are_told_apart(parts: dict[Kind, Checkpoint]) -> None:
    """Out of memory while loading is an error of its own, which names the models and the way out."""

    class Full(dict[Kind, Checkpoint]):
        def items(self) -> Any:
            raise torch.OutOfMemoryError("4.2 GiB")

    with pytest.raises(NoRoomError, match="base and custom_voice do not fit on cpu") as refusal:
        load_models(Full({Kind.BASE: parts[Kind.BASE], Kind.CUSTOM_VOICE: parts[Kind.CUSTOM_VOICE]}), HOW)
    assert "0.6b" in refusal.value.hint
