"""A voice is made ready once."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.domain import Cloned, VoiceProfile
from narrator.engines.prompts import prompt
from narrator.engines.protocol import EngineInfo, Session, VoicePrompt

pytest.importorskip("safetensors", reason="the extra [qwen3] is not installed")


class Listening:
    """An engine that clones, and counts how often."""

    info = EngineInfo(
        name="listening", audio_version=1, sample_rate_hz=24_000, max_chars=100, languages=frozenset({"en"}),
        voice_kinds=frozenset({"clone"}), seeded=True, chars_per_s=15.0,
    )  # fmt: skip

    def __init__(self, weights: str = "1", *, arrays: bool = True) -> None:
        self.weights = weights
        self.arrays = arrays
        self.n_prepared = 0

    def revision(self, voice: VoiceProfile) -> str:  # noqa: ARG002
        """Its weights."""
        return self.weights

    def identity(self, voice: VoiceProfile) -> Mapping[str, str]:
        """The recording."""
        assert isinstance(voice.source, Cloned)
        return {"recording": voice.source.digest, "transcript": voice.source.transcript}

    def unspoken(self, text: str) -> str:
        """Nothing is left out."""
        raise NotImplementedError

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """Two arrays and a fact."""
        self.n_prepared += 1
        arrays: dict[str, NDArray[Any]] = {
            "codes": np.arange(6, dtype=np.int16).reshape(2, 3),
            "embedding": np.linspace(0, 1, 5, dtype=np.float32),
        }
        return VoicePrompt(voice=voice.name, arrays=arrays if self.arrays else {}, facts={"transcript": "Wie – “so”?"})

    def open(self, prompts: object) -> Session:
        """It does not speak."""
        raise NotImplementedError


ALICE = VoiceProfile(name="alice", source=Cloned(audio=Path("a.wav"), transcript="Hello.", digest="aa"))


def ready(engine: Listening, voice: VoiceProfile, folder: Path) -> VoicePrompt:
    """The voice made ready for an engine."""
    return prompt(engine, voice, folder, lambda: engine.prepare(voice))


def test_the_second_build_makes_nothing_ready(tmp_path):
    """What was kept comes back as it was, for another engine object and under another name of the voice."""
    first = ready(Listening(), ALICE, tmp_path)
    engine = Listening()
    again = ready(engine, replace(ALICE, name="mara"), tmp_path)
    assert engine.n_prepared == 0
    assert again.voice == "mara"
    assert again.facts == first.facts
    assert again.arrays.keys() == first.arrays.keys()
    for key, array in first.arrays.items():
        assert again.arrays[key].dtype == array.dtype
        assert np.array_equal(again.arrays[key], array)


def test_whatever_it_is_made_from_makes_it_another(tmp_path):
    """Other weights, another recording or another transcript are made ready anew."""
    assert isinstance(ALICE.source, Cloned)
    ready(Listening(), ALICE, tmp_path)
    others = [
        (Listening("2"), ALICE),
        (Listening(), replace(ALICE, source=replace(ALICE.source, digest="bb"))),
        (Listening(), replace(ALICE, source=replace(ALICE.source, transcript="Bye."))),
    ]
    for engine, voice in others:
        ready(engine, voice, tmp_path)
        assert engine.n_prepared == 1
    assert len(list(tmp_path.rglob("*.safetensors"))) == 4


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
def test_a_damaged_prompt_is_made_again(damage, tmp_path):
    """What is not what it was is not used, and replaced."""
    whole = ready(Listening(), ALICE, tmp_path)
    (path,) = tmp_path.rglob("*.safetensors")
    data = bytearray(path.read_bytes())
    if damage == "cut":
        del data[-4:]
    elif damage == "flip":
        data[-3] ^= 1
    elif damage == "other":
        data = bytearray(b"something else")
    else:
        data.clear()
    path.write_bytes(data)
    engine = Listening()
    mended = ready(engine, ALICE, tmp_path)
    assert engine.n_prepared == 1
    assert np.array_equal(mended.arrays["embedding"], whole.arrays["embedding"])
    ready(engine, ALICE, tmp_path)
    assert engine.n_prepared == 1


def test_what_costs_nothing_is_not_kept(tmp_path):
    """A prompt without arrays leaves no file."""
    ready(Listening(arrays=False), ALICE, tmp_path)
    assert list(tmp_path.iterdir()) == []
