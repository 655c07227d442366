import numpy as np
import pytest
from scipy import signal

from narrator.audio.edit import silence
from narrator.mastering.tone import lay_room_tone

RATE = 24_000


def test_room_tone_is_even_and_as_loud_as_asked():
    """Every half second of the bed lies within 1 dB of its level, and the whole within 0.1."""
    bed = silence(RATE * 20)
    lay_room_tone(bed, RATE, -72)
    levels_db = 10 * np.log10(np.mean(bed.reshape(40, -1) ** 2, axis=1, dtype=np.float64))
    assert 10 * np.log10(np.mean(bed.astype(np.float64) ** 2)) == pytest.approx(-72, abs=0.1)
    assert np.abs(levels_db + 72).max() < 1


def test_room_tone_lies_in_its_band():
    """Above 6 kHz the bed is at least 10 dB weaker than between 200 Hz and 3 kHz."""
    bed = silence(RATE * 10)
    lay_room_tone(bed, RATE, -60)
    hz, power = signal.welch(bed, RATE, nperseg=4096)
    inside, outside = power[(hz > 200) & (hz < 3000)].mean(), power[hz > 6000].mean()
    assert 10 * np.log10(inside / outside) > 10


def test_room_tone_is_the_same_every_time():
    """Equal chapters get equal beds, added to what is there."""
    one, two = silence(RATE), np.full(RATE, 0.25, dtype=np.float32)
    lay_room_tone(one, RATE, -60)
    lay_room_tone(two, RATE, -60)
    assert np.allclose(two - 0.25, one, atol=1e-7)
