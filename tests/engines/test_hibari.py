"""hibari speaks in five voices that can be told apart."""

import hashlib

import numpy as np
import pytest

from narrator.domain import Builtin, Samples, VoiceProfile
from narrator.engines.hibari import VOICES, WEIGHTS, HibariEngine
from narrator.engines.protocol import Session
from narrator.errors import ProjectError
from tests.engines.contract import EngineContract, line, spoken

RATE_HZ = 24_000


class TestHibari(EngineContract):
    """The contract, and how lines over the model's window are joined."""

    name = "hibari"
    voices = ("heart", "bass")
    unknown_voice = "tenner"
    unspoken = "你好€Дом"

    def test_a_line_longer_than_the_window_is_joined_from_pieces(self, session: Session) -> None:
        """Such a line is spoken in full, and nowhere silent for longer than a speaker takes to breathe."""
        text = "The road went on between black hedges, turning now left, now right. " * 9
        (take,) = spoken(session, [line(text, "heart")])
        assert len(text) / 20 < len(take.samples) / RATE_HZ < len(text) / 13
        loud = np.flatnonzero(np.abs(take.samples) > 0.01)
        assert np.diff(loud).max() < 0.7 * RATE_HZ


def median_pitch_hz(samples: Samples) -> float:
    """Pitch of the voiced frames of 40 ms, by the highest peak of the autocorrelation between 60 and 400 Hz."""
    n_frame = RATE_HZ // 25
    shortest, longest = RATE_HZ // 400, RATE_HZ // 60
    pitches = []
    for start in range(0, len(samples) - 2 * n_frame, n_frame):
        frame = samples[start : start + n_frame + longest]
        head = frame[:n_frame]
        echoes = np.array([head @ frame[lag : lag + n_frame] for lag in range(shortest, longest)])
        best = int(echoes.argmax())
        if head @ head > 0.5 and echoes[best] > 0.5 * (head @ head):
            pitches.append(RATE_HZ / (best + shortest))
    return float(np.median(pitches))


def test_the_five_voices_stand_in_order_of_pitch() -> None:
    """From bass to girl each voice lies clearly above the one before, near where it was designed to lie."""
    engine = HibariEngine()
    profiles = [VoiceProfile(name=name, source=Builtin(engine="hibari", voice=name)) for name in VOICES]
    session = engine.open([engine.prepare(profile) for profile in profiles])
    text = "The miller stood at his door and counted the carts."
    takes = spoken(session, [line(text, name, line_id=name) for name in VOICES])
    pitch_hz = {take.line_id: median_pitch_hz(take.samples) for take in takes}
    assert sorted(pitch_hz, key=lambda name: pitch_hz[name]) == ["bass", "tenor", "alto", "heart", "girl"]
    for name, timbre in VOICES.items():
        assert pitch_hz[name] == pytest.approx(pitch_hz["heart"] * timbre.pitch, rel=0.15)


def test_all_voices_are_equally_loud() -> None:
    """A line is brought to one level as far as its peak allows, so that how a voice was made lets nobody shout."""
    engine = HibariEngine()
    profiles = [VoiceProfile(name=name, source=Builtin(engine="hibari", voice=name)) for name in VOICES]
    session = engine.open([engine.prepare(profile) for profile in profiles])
    for take in spoken(session, [line("At last the oldest of them got down.", name, line_id=name) for name in VOICES]):
        rms, peak = np.sqrt(np.mean(take.samples**2)), np.abs(take.samples).max()
        assert rms == pytest.approx(0.08, rel=0.02) or (rms < 0.08 and peak == pytest.approx(0.98))


def test_an_unknown_voice_is_told_the_nearest_and_all() -> None:
    """A slip of the pen gets the voice that was meant, and anything else the list."""
    with pytest.raises(ProjectError, match="did you mean 'tenor'"):
        HibariEngine().prepare(VoiceProfile(name="a", source=Builtin(engine="hibari", voice="tenner")))
    with pytest.raises(ProjectError, match="heart, girl, alto, tenor, bass"):
        HibariEngine().prepare(VoiceProfile(name="a", source=Builtin(engine="hibari", voice="zzz")))


def test_the_revision_is_the_checksum_of_the_installed_model() -> None:
    """The constant in every recipe is what lies on the disk."""
    profile = VoiceProfile(name="v", source=Builtin(engine="hibari", voice="heart"))
    assert hashlib.sha256(WEIGHTS.read()).hexdigest().startswith(HibariEngine().revision(profile))
