"""Proofing hears the faults that models make."""

import numpy as np
import pytest

from narrator.domain import Samples
from narrator.engines.protocol import Ended, Spoken
from narrator.recording.proofing import Verdict, proof

RATE = 24_000


def voice(seconds: float, level: float = 0.1) -> Samples:
    """Noise that stands for speech."""
    noise = np.random.default_rng(7).standard_normal(int(seconds * RATE)).astype(np.float32)
    return np.asarray(np.clip(noise * level, -0.9, 0.9), np.float32)


def verdict(samples: Samples, *, expected_s: float, ended: Ended = Ended.EOS) -> Verdict:
    """What proofing says of a take."""
    return proof(Spoken(line_id="x", samples=samples, ended=ended), sample_rate_hz=RATE, expected_s=expected_s)


def test_good_take_passes() -> None:
    """A take of the expected length is good."""
    assert verdict(voice(3.0), expected_s=3.0).good


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.zeros(0, np.float32), "no sound"),
        (np.zeros(RATE, np.float32), "silence"),
        (np.full(RATE, np.nan, np.float32), "not a number"),
    ],
)
def test_take_without_sound_is_unusable(samples: Samples, reason: str) -> None:
    """Nothing, silence and NaN are refused by name and never kept."""
    found = verdict(samples, expected_s=1.0)
    assert (found.reason, found.usable) == (reason, False)


@pytest.mark.parametrize(
    ("samples", "expected_s", "reason"),
    [
        (voice(30.0), 3.0, "runs away"),
        (voice(0.5), 4.0, "too short"),
        (np.sign(voice(2.0)), 2.0, "clipped"),
        (np.concatenate([voice(1.0), np.zeros(3 * RATE, np.float32), voice(1.0)]), 5.0, "silent for more than"),
    ],
)
def test_doubtful_take_is_named(samples: Samples, expected_s: float, reason: str) -> None:
    """Babble, cuts, clipping and holes are named, and the take stays usable."""
    found = verdict(samples, expected_s=expected_s)
    assert reason in found.reason
    assert found.usable


def test_capped_take_is_doubtful() -> None:
    """A take that the engine cut off is never called finished."""
    assert "cut off" in verdict(voice(2.0), expected_s=2.0, ended=Ended.CAP).reason


def test_short_line_is_not_called_a_runaway() -> None:
    """A one-word line may take several times as long as its letters say."""
    assert verdict(voice(1.5), expected_s=0.3).good
