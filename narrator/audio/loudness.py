"""How loud: integrated loudness and true peak after ITU-R BS.1770-5, for mono at any sample rate.

The K-weighting filter is designed for each rate from its analogue prototype (the constants published with BS.1770's
48 kHz coefficients by De Man, 2014); the meters of the trade do the same.
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from narrator.audio.resample import blocks, resampled_blocks
from narrator.domain import Samples

SILENT = -math.inf
ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
HOPS_PER_SECOND = 10
HOPS_PER_BLOCK = 4
"""400 ms blocks that overlap by 75 %."""
TRUE_PEAK_HZ = 176_400
"""True peak is looked for at this rate at least, and at four times the signal's own: BS.1770 has 192 kHz for 48 kHz."""
TINY = 1e-30


def decibels(ratio: float) -> float:
    """An amplitude ratio in dB; -inf for zero."""
    return 20 * math.log10(ratio) if ratio > 0 else SILENT


def ratio(level_db: float) -> float:
    """An amplitude ratio from dB."""
    return float(10 ** (level_db / 20))


class LoudnessMeter:
    """Integrated loudness of a signal that arrives in parts, with the memory of ten numbers a second."""

    def __init__(self, rate_hz: int) -> None:
        from scipy import signal  # noqa: PLC0415 - slow to import; encoding alone does not need it

        self._filter = signal.sosfilt
        self._sections = _k_weighting(rate_hz)
        self._state = np.zeros((len(self._sections), 2))
        self._n_hop = rate_hz // HOPS_PER_SECOND
        self._left = np.zeros(0)
        self.n_samples = 0
        self._hops: list[NDArray[np.float64]] = []

    def feed(self, samples: Samples) -> None:
        """Take the next part of the signal."""
        self.n_samples += len(samples)
        weighted, self._state = self._filter(self._sections, samples.astype(np.float64), zi=self._state)
        heard = np.concatenate([self._left, weighted])
        n_hops = len(heard) // self._n_hop
        whole = heard[: n_hops * self._n_hop].reshape(n_hops, self._n_hop)
        self._hops.append(np.einsum("ij,ij->i", whole, whole) / self._n_hop)
        self._left = heard[n_hops * self._n_hop :]

    def block_powers(self) -> NDArray[np.float64]:
        """Mean square of each K-weighted 400 ms block, shape [n_blocks].

        A signal shorter than one block is one block of its own length, which the standard leaves open.
        """
        hops = np.concatenate([*self._hops, np.zeros(0)])
        if len(hops) >= HOPS_PER_BLOCK:
            return np.convolve(hops, np.full(HOPS_PER_BLOCK, 1 / HOPS_PER_BLOCK), mode="valid")
        energy = float(hops.sum()) * self._n_hop + float(np.dot(self._left, self._left))
        return np.full(min(1, self.n_samples), energy / max(1, self.n_samples))

    def integrated_lufs(self) -> float:
        """Gated loudness of everything heard so far."""
        return gated_lufs(self.block_powers())


def block_powers(samples: Samples, rate_hz: int) -> NDArray[np.float64]:
    """Mean square of each K-weighted 400 ms block of a signal; see `LoudnessMeter.block_powers`."""
    return _heard(blocks(samples, rate_hz), rate_hz).block_powers()


def integrated_lufs(samples: Samples, rate_hz: int) -> float:
    """Gated loudness of a signal; -inf if it is silent."""
    return _heard(blocks(samples, rate_hz), rate_hz).integrated_lufs()


def _heard(parts: Iterable[Samples], rate_hz: int) -> LoudnessMeter:
    meter = LoudnessMeter(rate_hz)
    for part in parts:
        meter.feed(part)
    return meter


def gated_lufs(powers: NDArray[np.float64]) -> float:
    """Loudness of a set of blocks, gated at -70 LUFS and then 10 LU below what is left; -inf if nothing is left."""
    powers = powers[_lufs(powers) > ABSOLUTE_GATE_LUFS]
    if not len(powers):
        return SILENT
    gate_lufs = float(_lufs(powers.mean())) + RELATIVE_GATE_LU
    return float(_lufs(powers[_lufs(powers) > gate_lufs].mean()))


def _lufs(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(powers + TINY))


def peak_cells(samples: Samples, rate_hz: int, n_cell: int) -> NDArray[np.float32]:
    """The highest true peak within each run of `n_cell` samples, as amplitudes, shape [ceil(n_samples / n_cell)]."""
    peaks = [np.zeros(0, dtype=np.float32)]
    left = np.zeros(0, dtype=np.float32)
    oversampling = _oversampling(rate_hz)
    n_upper = n_cell * oversampling
    for part in resampled_blocks(blocks(samples, rate_hz), rate_hz, rate_hz * oversampling):
        heard = np.concatenate([left, np.abs(part)])
        n_whole = len(heard) // n_upper * n_upper
        if n_whole:
            peaks.append(np.maximum.reduceat(heard[:n_whole], np.arange(0, n_whole, n_upper)))
        left = heard[n_whole:]
    if len(left):
        peaks.append(left.max(keepdims=True))
    return np.concatenate(peaks)[: -(-len(samples) // n_cell)]


def true_peak_dbtp(samples: Samples, rate_hz: int) -> float:
    """The highest peak of the signal between its samples, at four times its rate or more; -inf if it is silent."""
    return true_peak_of(blocks(samples, rate_hz), rate_hz)


def true_peak_of(parts: Iterable[Samples], rate_hz: int) -> float:
    """The true peak of a signal that arrives in parts, in dBTP."""
    upper = resampled_blocks(iter(parts), rate_hz, rate_hz * _oversampling(rate_hz))
    return decibels(max((float(np.abs(part).max(initial=0)) for part in upper), default=0.0))


def _oversampling(rate_hz: int) -> int:
    return max(4, -(-TRUE_PEAK_HZ // rate_hz))


def _k_weighting(rate_hz: int) -> NDArray[np.float64]:
    """The head's shelf and the RLB high-pass as second-order sections."""
    shelf_hz, shelf_db, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    cut_hz, cut_q = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * shelf_hz / rate_hz)
    high = 10 ** (shelf_db / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / shelf_q + k * k
    shelf = [
        (high + band * k / shelf_q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / shelf_q + k * k) / a0,
        1.0,
        2 * (k * k - 1) / a0,
        (1 - k / shelf_q + k * k) / a0,
    ]
    k = math.tan(math.pi * cut_hz / rate_hz)
    a0 = 1 + k / cut_q + k * k
    highpass = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / cut_q + k * k) / a0]
    return np.array([shelf, highpass])
