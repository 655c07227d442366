"""Samples ↔ pydub's AudioSegment, through 32-bit integers: what is quieter than -186 dBFS is lost."""

import warnings
from typing import Any

import numpy as np

from narrator.domain import Samples

_FULL_SCALE = 2.0**31


def segment(samples: Samples, sample_rate_hz: int) -> Any:
    """A short clip as pydub works on it; values beyond [-1, 1] are clipped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for ffmpeg when imported; nothing here needs it
        from pydub import AudioSegment  # noqa: PLC0415 - only those who cut clips pay for it

    scaled = np.clip(np.asarray(samples, np.float64) * _FULL_SCALE, -_FULL_SCALE, _FULL_SCALE - 1)
    return AudioSegment(scaled.astype("<i4").tobytes(), frame_rate=sample_rate_hz, sample_width=4, channels=1)


def samples_of(clip: Any) -> Samples:
    """A mono clip of 32 bits as samples, shape [n_samples]."""
    return (np.frombuffer(clip.raw_data, "<i4") / _FULL_SCALE).astype(np.float32)
