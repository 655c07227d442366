"""Changing the sample rate: soxr, high quality, no delay, in blocks where the signal is long."""

from collections.abc import Iterator

import numpy as np

from narrator.domain import Samples

BLOCK_S = 5
"""Fixed, because the last bits of a streamed result may depend on how it was cut."""


def blocks(samples: Samples, rate_hz: int) -> Iterator[Samples]:
    """Views of a signal, `BLOCK_S` each; none for an empty one."""
    n_block = BLOCK_S * rate_hz
    for start in range(0, len(samples), n_block):
        yield samples[start : start + n_block]


def resampled_blocks(parts: Iterator[Samples], from_hz: int, to_hz: int) -> Iterator[Samples]:
    """The signal made of `parts` at another rate; the parts that come out have other lengths than those that go in."""
    import soxr  # noqa: PLC0415 - not needed by those who only ask for a length

    if from_hz == to_hz:
        yield from parts
        return
    stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ")
    for part in parts:
        yield stream.resample_chunk(part)
    yield stream.resample_chunk(np.zeros(0, dtype=np.float32), last=True)


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """A signal at another rate, shape [n_samples × to_hz / from_hz] rounded."""
    if from_hz == to_hz or not len(samples):
        return samples
    parts = list(resampled_blocks(blocks(samples, from_hz), from_hz, to_hz))
    return np.concatenate(parts)
