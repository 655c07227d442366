import numpy as np
import pytest

from narrator.audio.edit import (
    equal_power,
    fade,
    highpass,
    raised_cosine,
    samples_in,
    silence,
    speech_bounds,
)
from tests.audio.signals import sine, speech, take

RATE = 24_000


def test_speech_is_found_to_ten_milliseconds():
    """The bounds lie at most one 10 ms frame outside the speech and never inside it."""
    samples = take(2.0, before_s=0.205, after_s=0.333)
    start, end = speech_bounds(samples, RATE)
    assert 0 <= 0.205 * RATE - start < 240
    assert 0 <= end - 2.205 * RATE < 240


@pytest.mark.parametrize(("below_db", "end"), [(35, 36_000), (60, 24_000)])
def test_a_soft_ending_belongs_to_the_speech(below_db, end):
    """Sound 35 dB below the speech before it is speech; sound 60 dB below is not."""
    loud, rest = speech(1.0, level_db=6), np.random.default_rng(3).standard_normal(RATE // 2)
    soft = rest * np.sqrt(np.mean(loud**2)) * 10 ** (-below_db / 20)
    assert speech_bounds(np.concatenate([loud, soft]).astype(np.float32), RATE)[1] == end


@pytest.mark.parametrize(
    "samples", [silence(0), silence(RATE), sine(300, -70, 1, RATE)], ids=["empty", "digital silence", "below -65 dBFS"]
)
def test_silence_has_no_bounds(samples):
    """A take in which nothing is louder than -65 dBFS has no speech."""
    assert speech_bounds(samples, RATE) == (0, 0)


def test_bounds_stay_within_a_take_of_any_length():
    """Speech that fills an odd number of samples ends with the take."""
    samples = speech(0.5)[:11_987]
    assert speech_bounds(samples, RATE) == (0, 11_987)


def test_fade_starts_and_ends_in_silence_and_leaves_the_middle():
    """A fade moves only its edges and begins within a thousandth of zero."""
    ones = np.ones(1000, dtype=np.float32)
    faded = fade(ones, raised_cosine(100), raised_cosine(200))
    assert faded[0] < 1e-3
    assert faded[-1] < 1e-3
    assert np.array_equal(faded[100:800], ones[100:800])
    assert ones.min() == 1


def test_fade_fits_a_signal_shorter_than_itself():
    """A fade longer than the signal is cut to it."""
    assert len(fade(np.ones(10, dtype=np.float32), raised_cosine(100), raised_cosine(100))) == 10


def test_equal_power_keeps_power():
    """The squares of an equal-power curve and its mirror image sum to one at every sample."""
    curve = equal_power(360)
    assert np.allclose(curve**2 + curve[::-1] ** 2, 1, atol=1e-6)


def test_highpass_removes_dc_without_a_thump():
    """A constant becomes silence from the first sample on."""
    assert np.abs(highpass(np.full(RATE, 0.25, dtype=np.float32), RATE, 50)).max() < 1e-6


def test_highpass_leaves_the_lowest_voice():
    """85 Hz, a deep man's pitch, loses at most 0.6 dB."""
    low = sine(85, -6, 1, RATE)
    kept = highpass(low, RATE, 50)[RATE // 2 :]
    assert 20 * np.log10(np.abs(kept).max() / np.abs(low).max()) > -0.6


def test_highpass_takes_an_empty_signal():
    """Nothing stays nothing."""
    assert len(highpass(silence(0), RATE, 50)) == 0


def test_seconds_become_the_nearest_sample():
    """Lengths round, they are not cut."""
    assert samples_in(0.0149999, RATE) == 360
