import numpy as np
import pytest
from numpy.typing import NDArray

from narrator.audio.loudness import integrated_lufs, true_peak_dbtp
from narrator.mastering.limiter import BLOCK_CELLS, CELL, Limiter, limiting, released_db
from tests.audio.signals import sine, speech

RATE = 24_000
CELLS_HZ = RATE / CELL


def gains(peaks: NDArray[np.float32]) -> NDArray[np.float32]:
    """The limiter's gain at the edges of all cells."""
    return limiting(released_db(peaks, CELLS_HZ), 0, len(peaks), CELLS_HZ)


def test_the_gain_never_falls_short():
    """At both edges of every cell the gain brings the cell's peak to the ceiling or below."""
    peaks = np.exp(np.random.default_rng(1).normal(-1, 1, 40_000)).astype(np.float32)
    gain = gains(peaks)
    assert (peaks * gain[:-1]).max() <= 1 + 1e-5
    assert (peaks * gain[1:]).max() <= 1 + 1e-5


def test_what_is_below_the_ceiling_is_left_alone():
    """Half a second away from a peak the gain is exactly one."""
    peaks = np.full(6000, 0.9, dtype=np.float32)
    peaks[3000] = 4.0
    gain = gains(peaks)
    assert gain[3000] == pytest.approx(0.25, rel=1e-4)
    assert (gain[:2900] == 1).all()
    assert (gain[4500:] == 1).all()


def test_the_gain_moves_gently():
    """A single peak of 6 dB is met by a fade of milliseconds, never by a jump of more than 1 dB in a third of one."""
    peaks = np.full(6000, 0.5, dtype=np.float32)
    peaks[3000] = 2.0
    steps_db = np.diff(20 * np.log10(gains(peaks)))
    assert np.abs(steps_db).max() < 1.0


def test_the_gain_does_not_depend_on_blocks():
    """Where one block of cells ends and the next begins, both say the same as the whole."""
    needed_db = released_db(np.exp(np.random.default_rng(2).normal(-1, 1, 40_000)).astype(np.float32), CELLS_HZ)
    whole = limiting(needed_db, 0, 40_000, CELLS_HZ)
    for first in range(0, 40_000, BLOCK_CELLS):
        last = min(first + BLOCK_CELLS, 40_000)
        assert np.allclose(limiting(needed_db, first, last, CELLS_HZ), whole[first : last + 1], atol=1e-5)


def test_peaks_stay_under_the_ceiling():
    """Speech 12 dB over comes out within 0.1 dB above the ceiling, between samples too."""
    samples = speech(10.0, level_db=12)
    Limiter(samples, RATE, -3.5).apply(6.0)
    assert true_peak_dbtp(samples, RATE) <= -3.4


def test_quiet_sound_is_only_raised():
    """Where nothing reaches the ceiling the result is the input times the gain."""
    samples = sine(440, -30, 12.3456, RATE)
    expected = samples * np.float32(2)
    Limiter(samples, RATE, -3.5).apply(20 * np.log10(2))
    assert np.allclose(samples, expected, atol=1e-6)


def test_the_gain_makes_good_what_the_limiter_takes():
    """Speech that is limited at every syllable still arrives at its loudness, within 0.05 LU."""
    samples = speech(20.0)
    raw_lufs = integrated_lufs(samples, RATE)
    limiter = Limiter(samples, RATE, -4.5)
    gain_db = limiter.gain_for(-19.0, -19.0 - raw_lufs)
    limiter.apply(gain_db)
    assert gain_db > -19.0 - raw_lufs + 0.05
    assert integrated_lufs(samples, RATE) == pytest.approx(-19.0, abs=0.05)


def test_a_signal_of_any_length_is_finished_to_its_end():
    """A length that is no multiple of a cell loses and gains no sample."""
    samples = sine(440, -6, 1, RATE)[: CELL * 100 + 3]
    Limiter(samples, RATE, -3.5).apply(-6.0)
    assert np.allclose(samples, sine(440, -12, 1, RATE)[: CELL * 100 + 3], atol=1e-3)
