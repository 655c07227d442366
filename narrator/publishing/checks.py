"""The finished file, decoded and measured: what a listener gets is what is judged, not what was meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from narrator.audio.loudness import LoudnessMeter, true_peak_of
from narrator.domain import Samples
from narrator.errors import UsageError
from narrator.settings.options import MasteringProfile

LOUDNESS_TOLERANCE_LU = 0.3
PEAK_TOLERANCE_DB = 0.2
"""What a lossy codec may add to the ceiling."""
LENGTH_TOLERANCE_S = 0.05
N_PART = 1 << 15
"""Samples that are metered at a time: a decoder gives 1152 or fewer, and each meeting with a meter has its price."""


class ProductError(UsageError):
    """A file that was given to be checked cannot be decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a finished file sounds like."""

    seconds: float
    sample_rate_hz: int
    loudness_lufs: float
    true_peak_dbtp: float


def measure(path: Path) -> Measured:
    """Decode a finished file to its end and measure it; channels are averaged.

    Raises:
        ProductError: It is damaged or has no sound.
    """
    try:
        with av.open(path) as file:
            if not file.streams.audio:
                raise ProductError(f"{path}: has no sound in it", hint="Give an audio file.")
            rate_hz = file.streams.audio[0].rate
            meter = LoudnessMeter(rate_hz)
            peak_dbtp = true_peak_of(_metered(_gathered(_decoded(file)), meter), rate_hz)
    except av.error.FFmpegError as error:
        raise ProductError(f"{path}: cannot be decoded ({error.strerror})", hint="Build it again.") from error
    return Measured(
        seconds=meter.n_samples / rate_hz,
        sample_rate_hz=rate_hz,
        loudness_lufs=meter.integrated_lufs(),
        true_peak_dbtp=peak_dbtp,
    )


def faults(measured: Measured, profile: MasteringProfile, expected_s: float) -> tuple[str, ...]:
    """Where a finished file is not what its profile and its master promise, in words; empty if it is."""
    over_db = measured.true_peak_dbtp - profile.ceiling_dbtp
    off_lu = measured.loudness_lufs - profile.loudness_lufs
    off_s = measured.seconds - expected_s
    found = {
        f"loudness {measured.loudness_lufs:.2f} LUFS, not {profile.loudness_lufs:.1f}": abs(off_lu)
        > LOUDNESS_TOLERANCE_LU,
        f"true peak {measured.true_peak_dbtp:.2f} dBTP, over {profile.ceiling_dbtp:.1f}": over_db > PEAK_TOLERANCE_DB,
        f"{measured.seconds:.3f} s long, not {expected_s:.3f}": abs(off_s) > LENGTH_TOLERANCE_S,
    }
    return tuple(fault for fault, holds in found.items() if holds)


def _decoded(file: InputContainer) -> Iterator[Samples]:
    to_float = AudioResampler(format="fltp")
    for frame in file.decode(audio=0):
        for part in to_float.resample(frame):
            channels = part.to_ndarray()
            yield channels[0] if len(channels) == 1 else channels.mean(axis=0, dtype=np.float32)


def _gathered(parts: Iterator[Samples]) -> Iterator[Samples]:
    """The same signal in parts of `N_PART` samples or a little more."""
    held: list[Samples] = []
    n_held = 0
    for part in parts:
        held.append(part)
        n_held += len(part)
        if n_held >= N_PART:
            yield np.concatenate(held)
            held, n_held = [], 0
    if held:
        yield np.concatenate(held)


def _metered(parts: Iterator[Samples], meter: LoudnessMeter) -> Iterator[Samples]:
    for part in parts:
        meter.feed(part)
        yield part
