"""Ground truth: the signals and tolerances of EBU Tech 3341, in mono, which is one channel and 3.01 LU less."""

import math
import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from narrator.audio.loudness import (
    LoudnessMeter,
    block_powers,
    gated_lufs,
    integrated_lufs,
    peak_cells,
    ratio,
    true_peak_dbtp,
)
from narrator.domain import Samples
from tests.audio.signals import sine, speech

RATES = (16_000, 22_050, 24_000, 44_100, 48_000)
MONO_LU = -3.01


def steps(*levels_and_seconds: tuple[float, float]) -> Samples:
    """1 kHz at 48 kHz, at each level in turn."""
    return np.concatenate([sine(1000, level, seconds, 48_000) for level, seconds in levels_and_seconds])


@pytest.mark.parametrize("rate_hz", RATES)
def test_full_scale_sine_reads_three_below_zero(rate_hz):
    """997 Hz at 0 dBFS in one channel is -3.01 LUFS at every rate (BS.1770), within 0.05."""
    assert integrated_lufs(sine(997, 0, 5, rate_hz), rate_hz) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize(
    ("signal", "expected_lufs"),
    [
        (steps((-23, 20)), -23),
        (steps((-33, 20)), -33),
        (steps((-36, 10), (-23, 60), (-36, 10)), -23),
        (steps((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23),
        (steps((-26, 20), (-20, 20.1), (-26, 20)), -23),
    ],
    ids=["1", "2", "3", "4", "5"],
)
def test_integrated_loudness_follows_ebu_3341(signal, expected_lufs):
    """The test signals 1 to 5 read what EBU Tech 3341 says, within its 0.1 LU."""
    assert integrated_lufs(signal, 48_000) == pytest.approx(expected_lufs + MONO_LU, abs=0.1)


@pytest.mark.parametrize("rate_hz", [24_000, 44_100, 48_000])
@pytest.mark.parametrize(
    ("divisor", "phase_deg", "level_dbfs"), [(4, 0, -6), (4, 45, -6), (6, 60, -6), (8, 67.5, -6), (4, 45, 3)]
)
def test_true_peak_follows_ebu_3341(rate_hz, divisor, phase_deg, level_dbfs):
    """Test signals 15 to 19: peaks between the samples are found within +0.2 and -0.4 dB."""
    tone = sine(rate_hz / divisor, level_dbfs, 1, rate_hz, phase=math.radians(phase_deg))
    n_fade = rate_hz // 10
    tone[:n_fade] *= np.linspace(0, 1, n_fade, dtype=np.float32)
    tone[-n_fade:] *= np.linspace(1, 0, n_fade, dtype=np.float32)
    assert -0.4 <= true_peak_dbtp(tone, rate_hz) - level_dbfs <= 0.2


def test_loudness_moves_with_gain():
    """Twice the amplitude is 6.02 LU more."""
    samples = speech(5.0)
    louder = integrated_lufs(samples * 2, 24_000) - integrated_lufs(samples, 24_000)
    assert louder == pytest.approx(20 * math.log10(2), abs=1e-4)


def test_meter_does_not_depend_on_how_the_signal_is_cut():
    """Fed in odd pieces, the meter reads the same."""
    samples = speech(5.0)
    meter = LoudnessMeter(24_000)
    for part in np.array_split(samples, 37):
        meter.feed(part)
    assert meter.n_samples == len(samples)
    assert meter.integrated_lufs() == pytest.approx(integrated_lufs(samples, 24_000), abs=1e-9)


def test_silence_is_infinitely_quiet():
    """Nothing and digital silence have neither loudness nor peak."""
    for samples in (np.zeros(0, dtype=np.float32), np.zeros(24_000, dtype=np.float32)):
        assert integrated_lufs(samples, 24_000) == -math.inf
        assert true_peak_dbtp(samples, 24_000) == -math.inf


def test_a_word_shorter_than_a_block_has_a_loudness():
    """A quarter of a second of a tone is one block as loud as the tone."""
    powers = block_powers(sine(997, -20, 0.25, 24_000), 24_000)
    assert len(powers) == 1
    assert gated_lufs(powers) == pytest.approx(-20 - 3.01, abs=0.2)


def test_cells_hold_the_true_peak():
    """The highest cell is the true peak, and it lies where the peak is."""
    samples = np.zeros(24_000, dtype=np.float32)
    samples[10_000:10_400] = sine(3000, -6, 400 / 24_000, 24_000, phase=0.7)
    cells = peak_cells(samples, 24_000, 8)
    assert len(cells) == 3000
    assert 20 * math.log10(cells.max()) == pytest.approx(true_peak_dbtp(samples, 24_000), abs=1e-6)
    assert 10_000 // 8 - 1 <= int(cells.argmax()) <= 10_400 // 8


def test_ratio_is_the_inverse_of_decibels():
    """20 dB is a factor of ten."""
    assert ratio(20) == pytest.approx(10)


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="the judge, ffmpeg, is not installed")
def test_a_third_party_reads_the_same(tmp_path):
    """The meter of ffmpeg agrees on loudness and true peak of speech at 44.1 kHz, within a tenth."""
    samples = speech(10.0, 44_100)
    soundfile.write(tmp_path / "speech.wav", samples, 44_100, subtype="FLOAT")
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", tmp_path / "speech.wav"]
    run = subprocess.run([*command, "-af", "ebur128=peak=true", "-f", "null", "-"], capture_output=True, check=True)
    summary = run.stderr.decode().rsplit("Summary:", 1)[1].split()
    assert float(summary[summary.index("I:") + 1]) == pytest.approx(integrated_lufs(samples, 44_100), abs=0.1)
    assert float(summary[summary.index("Peak:") + 1]) == pytest.approx(true_peak_dbtp(samples, 44_100), abs=0.1)
