"""Room tone: a quiet, even bed under a chapter, where a profile asks for one because digital silence is refused."""

import numpy as np

from narrator.audio.loudness import ratio
from narrator.audio.resample import blocks
from narrator.domain import Samples

BAND_HZ = (80.0, 4000.0)
SEED = 20
"""Equal takes give equal masters."""


def lay_room_tone(samples: Samples, rate_hz: int, level_dbfs: float) -> None:
    """Add band-limited noise of a given RMS level to a signal, in place."""
    from scipy import signal  # noqa: PLC0415 - slow to import; most chapters have no bed

    sections = signal.butter(2, BAND_HZ, "bandpass", fs=rate_hz, output="sos")
    _, response = signal.sosfreqz(sections, worN=4096)
    per_unit = float(np.sqrt(np.mean(np.abs(response) ** 2)))
    noise = np.random.default_rng(SEED)
    state = np.zeros((len(sections), 2))
    for part in blocks(samples, rate_hz):
        tone, state = signal.sosfilt(sections, noise.standard_normal(len(part)), zi=state)
        np.add(part, tone * (ratio(level_dbfs) / per_unit), out=part, casting="same_kind")
