import numpy as np
import pytest

from narrator.audio.resample import blocks, resample, resampled_blocks
from tests.audio.signals import sine


@pytest.mark.parametrize(("from_hz", "to_hz"), [(24_000, 44_100), (44_100, 24_000), (22_050, 24_000)])
def test_a_tone_keeps_level_and_place(from_hz, to_hz):
    """A resampled tone is the same tone, sample for sample, away from the edges."""
    there, expected = resample(sine(440, -6, 12.3, from_hz), from_hz, to_hz), sine(440, -6, 12.3, to_hz)
    assert len(there) == len(expected)
    assert np.abs(there - expected)[1000:-1000].max() < 1e-4


def test_the_same_rate_changes_nothing():
    """Without a change of rate the samples are the same ones."""
    samples = sine(440, -6, 1, 24_000)
    assert resample(samples, 24_000, 24_000) is samples
    assert np.array_equal(np.concatenate(list(resampled_blocks(blocks(samples, 24_000), 24_000, 24_000))), samples)


def test_blocks_are_the_signal():
    """Blocks put together are the signal; an empty one has none."""
    samples = sine(440, -6, 11, 24_000)
    assert np.array_equal(np.concatenate(list(blocks(samples, 24_000))), samples)
    assert list(blocks(samples[:0], 24_000)) == []
    assert len(resample(samples[:0], 24_000, 44_100)) == 0
