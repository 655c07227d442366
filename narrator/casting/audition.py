"""An audition reel: a few lines of one voice after another, levelled, as short as listening allows.

Made with pydub, for which reels are the right size.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from narrator.casting.segments import samples_of, segment
from narrator.domain import Samples
from narrator.files import partial, publish

LEVEL_DBFS = -20.0
"""RMS of every clip: near where mastering will bring it."""
CEILING_DBFS = -1.0
SILENCE_DBFS = -50.0
"""Below this, a clip has not begun or is over."""
GAP_MS = 500
CROSSFADE_MS = 60
_MARGIN_MS = 40
"""Kept around the speech, so that no consonant is cut."""


def reel(clips: Sequence[Samples], sample_rate_hz: int) -> Samples:
    """Clips one after another, trimmed, brought to one level, and joined by short fades.

    Args:
        clips: Each of shape [n_samples]; silent ones are left out.
        sample_rate_hz: Of all of them.

    Returns:
        Shape [n_samples]; empty if nothing sounds.
    """
    sounding = [trimmed for clip in clips if len(trimmed := _trimmed(segment(clip, sample_rate_hz)))]
    if not sounding:
        return np.zeros(0, np.float32)
    joined = _levelled(sounding[0])
    for clip in sounding[1:]:
        gap = type(clip).silent(GAP_MS, frame_rate=sample_rate_hz).set_sample_width(clip.sample_width)
        joined = joined.append(gap, crossfade=min(CROSSFADE_MS, len(joined)))
        following = _levelled(clip)
        joined = joined.append(following, crossfade=min(CROSSFADE_MS, len(following)))
    return samples_of(joined)


def write_reel(target: Path, samples: Samples, sample_rate_hz: int) -> None:
    """Write a reel as 16-bit WAV, whole or not at all."""
    with partial(target) as temporary:
        clip = segment(samples, sample_rate_hz).set_sample_width(2)
        clip.export(temporary, format="wav").close()
        publish(temporary, target)


def _trimmed(clip: Any) -> Any:
    from pydub.silence import detect_leading_silence  # noqa: PLC0415 - see segments

    head = detect_leading_silence(clip, SILENCE_DBFS)
    if head >= len(clip):
        return clip[:0]
    tail = detect_leading_silence(clip.reverse(), SILENCE_DBFS)
    return clip[max(0, head - _MARGIN_MS) : len(clip) - max(0, tail - _MARGIN_MS)]


def _levelled(clip: Any) -> Any:
    gain_db = min(LEVEL_DBFS - clip.dBFS, CEILING_DBFS - clip.max_dBFS)
    return clip.apply_gain(gain_db)
