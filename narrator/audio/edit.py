"""Cutting and joining: where speech begins and ends, fades, silence."""

import numpy as np
from numpy.typing import NDArray

from narrator.domain import Samples

FRAME_S = 0.01
"""Grid on which loudness over time is looked at to find speech."""
BELOW_SPEECH_DB = 50.0
"""Speech is what lies less than this below the loud frames (their 90th percentile): soft f, s and h included."""
FLOOR_DBFS = -65.0
"""Nothing below this is speech, however quiet the take."""


def samples_in(seconds: float, rate_hz: int) -> int:
    """Number of samples nearest to a length of time."""
    return round(seconds * rate_hz)


def silence(n_samples: int) -> Samples:
    """Digital silence, shape [n_samples]."""
    return np.zeros(n_samples, dtype=np.float32)


def speech_bounds(samples: Samples, rate_hz: int) -> tuple[int, int]:
    """First and end sample of speech, on a 10 ms grid, without any margin; (0, 0) if there is none."""
    frame = samples_in(FRAME_S, rate_hz)
    n_frames = -(-len(samples) // frame)
    padded = np.zeros(n_frames * frame, dtype=np.float32)
    padded[: len(samples)] = samples
    power = np.einsum("ij,ij->i", *[padded.reshape(n_frames, frame)] * 2) / frame
    levels_db = 10 * np.log10(power + 1e-20)
    active = levels_db[levels_db > FLOOR_DBFS]
    if not len(active):
        return 0, 0
    threshold_db = max(FLOOR_DBFS, float(np.percentile(active, 90)) - BELOW_SPEECH_DB)
    speech = np.flatnonzero(levels_db > threshold_db)
    return int(speech[0]) * frame, min(len(samples), (int(speech[-1]) + 1) * frame)


def raised_cosine(n_samples: int) -> NDArray[np.float32]:
    """The rising half of a Hann window, for fades from and to silence."""
    return (0.5 - 0.5 * np.cos(np.pi * _steps(n_samples))).astype(np.float32)


def equal_power(n_samples: int) -> NDArray[np.float32]:
    """A quarter sine: with its mirror image, two unrelated signals keep their power through the middle."""
    return np.sin(np.pi / 2 * _steps(n_samples)).astype(np.float32)


def _steps(n_samples: int) -> NDArray[np.float64]:
    """Midpoints of `n_samples` equal steps from 0 to 1, so that a rise and its mirror image are complements."""
    return (np.arange(n_samples) + 0.5) / max(1, n_samples)


def fade(samples: Samples, rise: NDArray[np.float32], fall: NDArray[np.float32]) -> Samples:
    """Copy of a signal that comes in along `rise` and goes out along `fall` reversed; both curves rise.

    Each is cut to the signal's length where it is longer.
    """
    faded = samples.copy()
    n_in, n_out = min(len(rise), len(faded)), min(len(fall), len(faded))
    faded[:n_in] *= rise[:n_in]
    faded[len(faded) - n_out :] *= fall[:n_out][::-1]
    return faded


def highpass(samples: Samples, rate_hz: int, cutoff_hz: float) -> Samples:
    """Remove DC and rumble: second-order Butterworth, settled on the first sample so that it starts without a thump."""
    from scipy import signal  # noqa: PLC0415 - slow to import; a worker that only encodes does not pay for it

    if not len(samples):
        return samples
    sections = signal.butter(2, cutoff_hz, "highpass", fs=rate_hz, output="sos")
    settled = signal.sosfilt_zi(sections) * float(samples[0])
    return np.asarray(signal.sosfilt(sections, samples.astype(np.float64), zi=settled)[0], dtype=np.float32)
