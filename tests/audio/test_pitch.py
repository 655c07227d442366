"""How high a voice is."""

import numpy as np
import pytest

from narrator.audio.pitch import median_hz
from narrator.domain import Samples


def voice(hz: float, rate_hz: int, seconds: float = 2.0, noise: float = 0.01) -> Samples:
    """Something like a vowel: harmonics that fall off, with breath."""
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    tone = sum(np.sin(2 * np.pi * n * hz * t) / n for n in range(1, 12) if n * hz < rate_hz / 2)
    breath = np.random.default_rng(1).normal(0, noise, len(t))
    return np.asarray(0.2 * tone + breath, np.float32)


@pytest.mark.parametrize("hz", [75.0, 98.0, 123.4, 180.0, 221.0, 310.0, 400.0])
@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 44_100])
def test_pitch_is_heard_within_two_per_cent(hz: float, rate_hz: int) -> None:
    """From a man's lowest to a child's highest, at any rate."""
    assert median_hz(voice(hz, rate_hz), rate_hz) == pytest.approx(hz, rel=0.02)


def test_silence_in_between_does_not_count() -> None:
    """Nor does noise."""
    parts = [voice(120, 24_000, 1.0), np.zeros(48_000, np.float32), voice(120, 24_000, 1.0)]
    assert median_hz(np.concatenate(parts), 24_000) == pytest.approx(120, rel=0.02)


def test_what_has_no_pitch_has_none() -> None:
    """Silence, noise, and a clip shorter than a frame."""
    noise = np.random.default_rng(2).normal(0, 0.1, 48_000).astype(np.float32)
    assert [median_hz(s, 24_000) for s in (np.zeros(48_000, np.float32), noise, noise[:100])] == [0.0, 0.0, 0.0]
