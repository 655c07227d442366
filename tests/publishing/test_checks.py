import math
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from narrator.publishing.checks import Measured, ProductError, faults, measure
from narrator.settings.options import MasteringProfile
from tests.audio.signals import sine

GOOD = Measured(seconds=60.0, sample_rate_hz=44_100, loudness_lufs=-19.1, true_peak_dbtp=-3.4)


def test_a_known_tone_is_measured(tmp_path):
    """A 997 Hz sine at -20 dBFS reads -23 LUFS, -20 dBTP and its length."""
    soundfile.write(tmp_path / "x.wav", sine(997, -20, 3, 44_100), 44_100, subtype="PCM_24")
    found = measure(tmp_path / "x.wav")
    assert found.seconds == 3
    assert found.loudness_lufs == pytest.approx(-23.01, abs=0.02)
    assert found.true_peak_dbtp == pytest.approx(-20, abs=0.05)


def test_silence_is_measured_too(tmp_path):
    """A silent file has a length and no loudness, which is a fault."""
    soundfile.write(tmp_path / "x.flac", np.zeros(44_100), 44_100)
    found = measure(tmp_path / "x.flac")
    assert found.loudness_lufs == -math.inf
    assert len(faults(found, MasteringProfile(), 1.0)) == 1


def test_a_good_product_has_no_faults():
    """Within 0.3 LU, 0.2 dB and 50 ms nothing is said."""
    assert faults(GOOD, MasteringProfile(), 60.04) == ()


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (replace(GOOD, loudness_lufs=-19.4), "loudness -19.40"),
        (replace(GOOD, true_peak_dbtp=-3.2), "true peak -3.20"),
        (replace(GOOD, seconds=59.9), "59.900 s long"),
    ],
)
def test_each_fault_is_named(found, word):
    """What is wrong is said with its figure, and nothing else is."""
    (fault,) = faults(found, MasteringProfile(), 60.0)
    assert word in fault


@pytest.mark.parametrize("data", [b"", b"not a sound" * 1000])
def test_what_is_no_sound_is_an_error(data, tmp_path):
    """A file that cannot be decoded is an error that names it."""
    (tmp_path / "x.mp3").write_bytes(data)
    with pytest.raises(ProductError, match=r"x\.mp3"):
        measure(tmp_path / "x.mp3")
