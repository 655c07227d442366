"""One gain for a whole chapter and a true-peak limiter behind it.

The limiter works on a grid of 8 samples. The true peak of a cell says by how much it must come down; that reduction is
let go slowly, begun early, and smoothed without ever falling below what is needed.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from narrator.audio.loudness import LoudnessMeter, peak_cells, ratio
from narrator.domain import Samples

CELL = 8
LOOK_AHEAD_S = 0.005
RELEASE_DB_PER_S = 60.0
BLOCK_CELLS = 15_000
"""5 s at 24 kHz."""
N_CORRECTIONS = 3
CLOSE_LU = 0.01


class Limiter:
    """A chapter behind a limiter; nothing is changed until `apply`."""

    def __init__(self, samples: Samples, rate_hz: int, ceiling_dbtp: float) -> None:
        self._samples = samples
        self._rate_hz = rate_hz
        self._ceiling = ratio(ceiling_dbtp)
        self._peaks = peak_cells(samples, rate_hz, CELL)

    def gain_for(self, target_lufs: float, first_gain_db: float) -> float:
        """The gain in front of the limiter after which the chapter is `target_lufs` loud.

        Starts with `first_gain_db`, which would be right if nothing were limited, and follows the secant. A chapter
        that cannot get there because it is all peaks keeps the last, nearest try.
        """
        gain_db, slope = first_gain_db, 1.0
        lufs = self._loudness_lufs(gain_db)
        for _ in range(N_CORRECTIONS):
            missing_lu = target_lufs - lufs
            if abs(missing_lu) < CLOSE_LU:
                break
            step_db = missing_lu / slope
            came_lufs = self._loudness_lufs(gain_db + step_db)
            slope = max(0.25, (came_lufs - lufs) / step_db)
            gain_db, lufs = gain_db + step_db, came_lufs
        return gain_db

    def apply(self, gain_db: float) -> None:
        """Raise the chapter by a gain and limit it, in place."""
        for start, finished in self._finished(gain_db):
            self._samples[start : start + len(finished)] = finished

    def _loudness_lufs(self, gain_db: float) -> float:
        meter = LoudnessMeter(self._rate_hz)
        for _, finished in self._finished(gain_db):
            meter.feed(finished)
        return meter.integrated_lufs()

    def _finished(self, gain_db: float) -> Iterator[tuple[int, Samples]]:
        gain = ratio(gain_db)
        needed_db = released_db(self._peaks * (gain / self._ceiling), self._rate_hz / CELL)
        steps = (np.arange(CELL, dtype=np.float32) + 0.5) / CELL
        for first in range(0, len(needed_db), BLOCK_CELLS):
            last = min(first + BLOCK_CELLS, len(needed_db))
            edges = gain * limiting(needed_db, first, last, self._rate_hz / CELL)[:, None]
            curve = (edges[:-1] + (edges[1:] - edges[:-1]) * steps).reshape(-1)
            start = first * CELL
            part = self._samples[start : start + len(curve)]
            yield start, np.asarray(part * curve[: len(part)], dtype=np.float32)


def released_db(peaks: NDArray[np.float32], cells_hz: float) -> NDArray[np.float32]:
    """Reduction that each cell needs, in dB, falling no faster than the release after each peak.

    Args:
        peaks: True peak of each cell as a multiple of the ceiling, shape [n_cells].
        cells_hz: Cells a second.
    """
    needed_db = np.empty(len(peaks), dtype=np.float32)
    db_per_cell = RELEASE_DB_PER_S / cells_hz
    held_db = 0.0
    for first in range(0, len(peaks), BLOCK_CELLS):
        over_db = 20 * np.log10(np.maximum(peaks[first : first + BLOCK_CELLS].astype(np.float64), 1))
        over_db[0] = max(over_db[0], held_db - db_per_cell)
        ramp_db = db_per_cell * np.arange(len(over_db))
        fallen_db = np.maximum.accumulate(over_db + ramp_db) - ramp_db
        needed_db[first : first + BLOCK_CELLS] = np.maximum(fallen_db, 0)
        held_db = float(fallen_db[-1])
    return needed_db


def limiting(needed_db: NDArray[np.float32], first: int, last: int, cells_hz: float) -> NDArray[np.float32]:
    """The limiter's gain at the edges of the cells `first` … `last` - 1, shape [last - first + 1].

    Early and smooth: the need is spread over twice the width that it is averaged over, so that no average is below it.
    """
    from scipy import ndimage  # noqa: PLC0415 - slow to import; workers that only encode do not pay for it

    n_ahead = round(LOOK_AHEAD_S * cells_hz) | 1
    n_around = 2 * n_ahead + 1
    start = max(0, first - n_around)
    around = np.pad(needed_db[start : last + n_around], (0, max(0, last + n_around - len(needed_db))))
    smooth_db = ndimage.maximum_filter1d(around, 2 * n_ahead + 1, mode="nearest")
    for _ in range(2):
        smooth_db = ndimage.uniform_filter1d(smooth_db, n_ahead, mode="nearest")
    smooth_db = smooth_db[first - start : last - start + 1]
    return np.asarray(np.minimum(1, 10 ** (-smooth_db / 20)), dtype=np.float32)
