"""Reels."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from narrator.casting import reel, write_reel
from narrator.casting.audition import CEILING_DBFS, CROSSFADE_MS, GAP_MS, LEVEL_DBFS
from narrator.domain import Samples

RATE_HZ = 24000


def hum(seconds: float, amplitude: float, silence_s: float = 0.0) -> Samples:
    """A sine with silence at both ends."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    quiet = np.zeros(round(silence_s * RATE_HZ))
    return np.concatenate([quiet, amplitude * np.sin(2 * np.pi * 200 * time_s), quiet]).astype(np.float32)


def rms_db(samples: Samples) -> float:
    """Level in dBFS."""
    return float(20 * np.log10(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))))


def test_clips_come_out_at_one_level() -> None:
    """A loud and a faint clip are equally loud on the reel."""
    joined = reel([hum(1, 0.9), hum(1, 0.01)], RATE_HZ)
    middle = RATE_HZ // 2
    assert rms_db(joined[:middle]) == pytest.approx(LEVEL_DBFS, abs=0.2)
    assert rms_db(joined[-middle:]) == pytest.approx(LEVEL_DBFS, abs=0.2)


def test_silence_around_clips_is_cut() -> None:
    """The reel is as long as speech and gaps, within a tenth of a second, however long its clips were silent."""
    joined = reel([hum(1, 0.3, silence_s=2), hum(1, 0.3, silence_s=2)], RATE_HZ)
    expected_s = 2 + (GAP_MS - 2 * CROSSFADE_MS) / 1000
    assert len(joined) / RATE_HZ == pytest.approx(expected_s, abs=0.2)


def test_a_click_does_not_take_a_clip_over_the_ceiling() -> None:
    """Levelling stops where the highest sample reaches the ceiling."""
    clip = hum(1, 0.01)
    clip[12000] = 0.9
    assert 20 * np.log10(np.abs(reel([clip], RATE_HZ)).max()) <= CEILING_DBFS + 0.01


@pytest.mark.parametrize("clips", [[], [np.zeros(0, np.float32)], [np.zeros(2400, np.float32)]])
def test_a_reel_of_nothing_is_empty(clips: list[Samples]) -> None:
    """Silent clips are left out."""
    assert len(reel(clips, RATE_HZ)) == 0


def test_very_short_clips_are_joined() -> None:
    """A clip shorter than the crossfade is no error."""
    assert len(reel([hum(0.02, 0.5)] * 3, RATE_HZ)) > 0


def test_the_sound_is_kept_finely() -> None:
    """Below 16 bits nothing is lost: one clip differs from itself by gain alone."""
    clip = hum(1, 0.01)
    back = reel([clip], RATE_HZ)
    gain = float(np.abs(back).max() / np.abs(clip).max())
    assert float(np.abs(back[: len(clip)] - gain * clip).max()) < 2e-6


def test_a_reel_is_written_as_wav(tmp_path: Path) -> None:
    """The file has the samples at 16 bits and nothing is left beside it."""
    joined = reel([hum(1, 0.5)], RATE_HZ)
    write_reel(tmp_path / "reel.wav", joined, RATE_HZ)
    samples, rate_hz = soundfile.read(tmp_path / "reel.wav", dtype="float32")
    assert rate_hz == RATE_HZ
    assert np.abs(samples - joined).max() < 2 / 32768
    assert [path.name for path in tmp_path.iterdir()] == ["reel.wav"]
