"""A signal at another tempo is as long as it says, and sounds the same pitch."""

import numpy as np
import pytest

from narrator.audio.tempo import stretched
from tests.audio.signals import speech

RATE_HZ = 24_000
TEMPOS = [0.5, 0.8, 0.97, 1.03, 1.25, 2.0]


def voice(seconds: float = 4.0, hz: float = 140.0) -> np.ndarray:
    """A steady pitch with harmonics, in three syllables a second."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * hz * n * time_s) / n for n in range(1, 12))
    return (0.1 * tone * (0.6 + 0.4 * np.sin(6 * np.pi * time_s))).astype(np.float32)


def pitch_hz(samples: np.ndarray) -> float:
    """The strongest frequency between 100 and 200 Hz, to a twentieth of a hertz."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 19))
    hertz = np.fft.rfftfreq(1 << 19, 1 / RATE_HZ)
    around = (hertz > 100) & (hertz < 200)
    return float(hertz[around][power[around].argmax()])


@pytest.mark.parametrize("tempo", TEMPOS)
def test_pitch_and_level_stay(tempo: float) -> None:
    """The pitch moves by less than 1 %, the level by less than 0.2 dB, the length is right to a sample."""
    before, after = voice(), stretched(voice(), RATE_HZ, tempo)
    assert len(after) == round(len(before) / tempo)
    assert after.dtype == np.float32
    assert pitch_hz(after) == pytest.approx(pitch_hz(before), rel=0.01)
    assert 20 * np.log10(np.std(after) / np.std(before)) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("tempo", TEMPOS)
def test_every_syllable_keeps_its_place(tempo: float) -> None:
    """Clicks come where the tempo puts them, to 30 ms: nothing is lost at either end."""
    clicks = np.zeros(3 * RATE_HZ, np.float32)
    at = np.arange(1, 6) * RATE_HZ // 2
    clicks[at] = 1.0
    heard = stretched(clicks, RATE_HZ, tempo)
    middles = [np.abs(heard[max(0, n - 1200) : n + 1200]).argmax() + max(0, n - 1200) for n in (at / tempo).astype(int)]
    assert np.abs(np.array(middles) - at / tempo).max() < 0.03 * RATE_HZ


def test_its_own_tempo_changes_nothing() -> None:
    """At 1, and where there is nothing, the samples are the same ones."""
    samples, nothing = speech(1.0), np.zeros(0, np.float32)
    assert stretched(samples, RATE_HZ, 1.0) is samples
    assert stretched(nothing, RATE_HZ, 1.1) is nothing


def test_equal_signals_stay_equal() -> None:
    """The same signal at the same tempo gives the same bits, however short it is."""
    for n_samples in (1, 50, 3000, 48_000):
        samples = speech(2.0)[:n_samples]
        first, second = stretched(samples, RATE_HZ, 0.9), stretched(samples, RATE_HZ, 0.9)
        assert np.array_equal(first, second)
        assert len(first) == round(n_samples / 0.9)
