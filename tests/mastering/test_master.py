import time
from dataclasses import replace

import numpy as np
import pytest

from narrator.audio.loudness import integrated_lufs, true_peak_dbtp
from narrator.audio.resample import resample
from narrator.domain import Pause
from narrator.mastering import master
from narrator.settings.options import MasteringProfile, PauseOptions
from tests.audio.signals import take
from tests.mastering.lines import Shelf, at_rate

PROFILE, PAUSES = MasteringProfile(), PauseOptions()


def shelf(n_takes: int) -> Shelf:
    """Takes of two voices, one 6 dB below the other."""
    return Shelf([take(2.0 + i % 3, seed=i, level_db=-6.0 * (i % 2)) for i in range(n_takes)])


def test_a_chapter_is_what_it_says():
    """The figures on a master are those of its samples, and they are the profile's."""
    takes = shelf(8)
    made = master(takes.lines(voices=("a", "b")), takes.load, PROFILE, PAUSES)
    assert made.sample_rate_hz == 24_000
    assert made.samples.dtype == np.float32
    assert made.loudness_lufs == pytest.approx(-19, abs=0.05)
    assert made.loudness_lufs == pytest.approx(integrated_lufs(made.samples, 24_000), abs=1e-6)
    assert made.true_peak_dbtp == pytest.approx(true_peak_dbtp(made.samples, 24_000), abs=1e-4)
    assert [cue.address for cue in made.cues] == [f"ch01:l{i}" for i in range(1, 9)]
    assert made.cues[-1].end_s < made.seconds


def test_equal_takes_give_equal_bits():
    """Mastering twice gives the same samples, room tone included."""
    takes = shelf(4)
    profile = MasteringProfile(room_tone_dbfs=-72)
    one, two = (master(takes.lines(), takes.load, profile, PAUSES) for _ in range(2))
    assert np.array_equal(one.samples, two.samples)
    assert one.cues == two.cues


def test_takes_of_two_rates_make_one_chapter():
    """A take at another rate is resampled to the highest one and lasts as long as before."""
    spoken = [take(2.0, seed=1), resample(take(2.0, seed=2), 24_000, 16_000)]
    takes = Shelf(spoken)
    first, second = takes.lines(Pause.PARAGRAPH)
    made = master((first, at_rate(second, 16_000)), takes.load, PROFILE, PAUSES)
    assert made.sample_rate_hz == 24_000
    assert made.cues[1].end_s - made.cues[1].start_s == pytest.approx(2.11, abs=0.03)


def test_takes_are_not_changed():
    """Mastering writes into its own memory only."""
    takes = shelf(2)
    lines = takes.lines()
    before = [takes.load(line.take).copy() for line in lines]
    master(lines, takes.load, PROFILE, PAUSES)
    assert all(np.array_equal(old, takes.load(line.take)) for old, line in zip(before, lines, strict=True))


def test_the_acx_figures_are_met():
    """With room tone and -20 LUFS, RMS lies in -23 … -18 dB, peaks below -3 dB and no half second below -80 dB."""
    takes = shelf(12)
    profile = MasteringProfile(loudness_lufs=-20, room_tone_dbfs=-72)
    made = master(takes.lines(), takes.load, profile, PAUSES).samples.astype(np.float64)
    n_half = 12_000
    halves = made[: len(made) // n_half * n_half].reshape(-1, n_half)
    floor_db = 10 * np.log10((halves**2).mean(axis=1).min())
    assert -23 <= 10 * np.log10((made**2).mean()) <= -18
    assert 20 * np.log10(np.abs(made).max()) <= -3
    assert -80 < floor_db <= -60


@pytest.mark.slow
def test_mastering_is_a_small_part_of_the_work():
    """A quarter of an hour is mastered at more than a hundred times real time on one core."""
    takes = shelf(20)
    lines = takes.lines() * 15
    started = time.process_time()
    made = master(lines, takes.load, PROFILE, PAUSES)
    assert made.seconds / (time.process_time() - started) > 100


@pytest.mark.parametrize("tempo", [0.8, 1.25])
def test_a_line_is_heard_at_its_tempo(tempo):
    """A line of another tempo is as much shorter or longer, and the pauses around it stay."""
    shelf = Shelf([take(2.0, seed=1), take(2.0, seed=2)])
    lines = shelf.lines()
    plain = master(lines, shelf.load, MasteringProfile(), PauseOptions())
    paced = master([lines[0], replace(lines[1], tempo=tempo)], shelf.load, MasteringProfile(), PauseOptions())
    assert paced.seconds - plain.seconds == pytest.approx(2.0 / tempo - 2.0, abs=0.04)
    assert paced.cues[1].start_s == pytest.approx(plain.cues[1].start_s, abs=0.02)
