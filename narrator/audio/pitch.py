"""How high a voice is: the fundamental frequency of its voiced frames, by autocorrelation."""

import numpy as np
from numpy.typing import NDArray

from narrator.audio.resample import resample
from narrator.domain import Samples

RATE_HZ = 8_000
"""Enough for 500 Hz, and quick."""
LOWEST_HZ, HIGHEST_HZ = 60.0, 450.0
FRAME_S = 0.05
"""Three periods of the lowest voice."""
HOP_S = 0.02
VOICED = 0.6
"""Normalised autocorrelation above which a frame counts as voiced."""
OCTAVE = 0.9
"""The first peak that is so near the highest is taken: the double period correlates as well as the period."""


def median_hz(samples: Samples, rate_hz: int) -> float:
    """The median pitch of speech.

    Args:
        samples: Mono, shape [n_samples].
        rate_hz: Its rate.

    Returns:
        Hz; 0 when nothing is voiced.
    """
    signal = resample(samples, rate_hz, RATE_HZ).astype(np.float64)
    n_frame, n_hop = int(FRAME_S * RATE_HZ), int(HOP_S * RATE_HZ)
    if len(signal) < n_frame:
        return 0.0
    frames = np.lib.stride_tricks.sliding_window_view(signal, n_frame)[::n_hop]
    frames = frames - frames.mean(axis=1, keepdims=True)
    energy = (frames**2).sum(axis=1)
    loud = frames[energy > 0.1 * np.quantile(energy, 0.9)]
    pitches = [hz for frame in loud if (hz := _pitch_hz(frame))]
    return float(np.median(pitches)) if pitches else 0.0


def _pitch_hz(frame: NDArray[np.float64]) -> float:
    """The pitch of a frame; 0 when it is not voiced."""
    n = len(frame)
    spectrum = np.fft.rfft(frame * np.hanning(n), 2 * n)
    window = np.fft.rfft(np.hanning(n), 2 * n)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[:n]
    correlation = correlation / np.maximum(np.fft.irfft(np.abs(window) ** 2)[:n], 1e-9)
    if correlation[0] <= 0:
        return 0.0
    shortest, longest = int(RATE_HZ / HIGHEST_HZ), int(RATE_HZ / LOWEST_HZ)
    inside = correlation[shortest - 1 : longest + 2] / correlation[0]
    peaks = 1 + np.flatnonzero((inside[1:-1] >= inside[:-2]) & (inside[1:-1] > inside[2:]))
    if not len(peaks) or inside[peaks].max() < VOICED:
        return 0.0
    first = next(peak for peak in peaks if inside[peak] >= OCTAVE * inside[peaks].max())
    left, middle, right = inside[first - 1 : first + 2]
    bend = left - 2 * middle + right
    offset = 0.5 * (left - right) / bend if bend else 0.0
    return RATE_HZ / (shortest - 1 + float(first) + offset)
