"""A voice as source and filter, and other voices made from it.

The model describes each 12.5 ms frame of a piece by a pitch and three spectra of 601 bins, 20 Hz apart: the filter of
the voice (how strong, and in which phase, each harmonic of the pitch comes out), the noise of breath and hiss, and a
residue with phases of its own. To make another voice we move the pitch and stretch the filter along frequency.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrator.domain import Samples

BIN_HZ = 20.0
N_BINS = 601
VOICED_HZ = 40.0
"""A pitch below this is the model's way of saying: no voice here."""
LOWEST_HZ, HIGHEST_HZ = 45.0, 600.0
SILENT = -9.0
"""Logarithm of a magnitude that is not heard, for bins beyond the top of a stretched spectrum."""
NEPERS_PER_DB = np.log(10) / 20

Spectrum = NDArray[np.float32]
"""Shape [601, n_frames]."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What the model says of one piece, in its own order. Magnitudes are natural logarithms."""

    filter: Spectrum
    filter_phase: Spectrum
    """Before `pi * tanh`."""
    noise: Spectrum
    residue: Spectrum
    residue_phase: Spectrum
    pitch_hz: NDArray[np.float32]
    """Shape [n_frames]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timbre:
    """How a voice differs from the model's own."""

    pitch: float = 1.0
    """Factor on its middle pitch."""
    formants: float = 1.0
    """Factor on its resonances: below 1 a longer throat."""
    melody: float = 1.0
    """Factor on how far the pitch moves, in octaves."""
    tilt_db: float = 0.0
    """Added for every octave above 1 kHz: below 0 darker."""
    speed: float = 1.0

    @property
    def spelt(self) -> str:
        """All that is heard of it, for recipes."""
        return f"{self.pitch:g} {self.formants:g} {self.melody:g} {self.tilt_db:g} {self.speed:g}"


def render(frames: Frames, timbre: Timbre, noise: np.random.Generator) -> Samples:
    """Sound of a piece in this timbre, shape [n_samples] at 24 kHz; the noise is the only chance in it."""
    from hibari import dsp  # noqa: PLC0415 - loads scipy's transforms, which nobody needs to ask what an engine can do

    voice, breath, pitch_hz = _turned(frames), frames.noise, frames.pitch_hz
    magnitude = frames.filter
    if timbre.pitch != 1 or timbre.melody != 1:
        magnitude, voice = _between_harmonics(magnitude, voice, pitch_hz)
        pitch_hz = _moved(pitch_hz, timbre)
        magnitude = magnitude + np.float32(0.5 * np.log(timbre.pitch))  # fewer hertz between harmonics: more of them
    if timbre.formants != 1:
        magnitude, breath = (_stretched(spectrum, timbre.formants) for spectrum in (magnitude, breath))
    tilt = _tilt(timbre.tilt_db)
    chance = noise.standard_normal((N_BINS, 2 * len(pitch_hz)), dtype=np.float32).view(np.complex64)
    sound = dsp.stft(dsp.pulses(pitch_hz), len(pitch_hz)) * voice * dsp.ex(magnitude + tilt)
    sound += chance * dsp.ex(breath)
    sound += np.exp(1j * frames.residue_phase) * dsp.ex(frames.residue + tilt)
    samples: Samples = dsp.ola(sound.astype(np.complex64))
    return samples


def _turned(frames: Frames) -> NDArray[np.complex64]:
    """The filter's phase as unit numbers, shape [601, n_frames]."""
    turned: NDArray[np.complex64] = np.exp(1j * np.pi * np.tanh(frames.filter_phase))
    return turned


def _between_harmonics(
    magnitude: Spectrum, phase: NDArray[np.complex64], pitch_hz: NDArray[np.float32]
) -> tuple[Spectrum, NDArray[np.complex64]]:
    """The filter as it is at the harmonics, with straight lines between them.

    The model has learnt it only there, since only there it is heard: what lies between is arbitrary, and would sound
    as soon as another pitch puts harmonics there.
    """
    bins = np.arange(N_BINS)
    magnitude, phase = magnitude.copy(), phase.copy()
    for frame in np.flatnonzero(pitch_hz > VOICED_HZ):
        spacing = pitch_hz[frame] / BIN_HZ
        harmonics = np.arange(1, int((N_BINS - 1) / spacing) + 1) * spacing
        magnitude[:, frame] = np.interp(bins, harmonics, np.interp(harmonics, bins, magnitude[:, frame]))
        at = np.interp(harmonics, bins, phase[:, frame])
        phase[:, frame] = np.interp(bins, harmonics, at)
    phase /= np.maximum(np.abs(phase), 1e-3)
    return magnitude, phase


def _moved(pitch_hz: NDArray[np.float32], timbre: Timbre) -> NDArray[np.float32]:
    """Another middle pitch and another liveliness; what has no voice keeps none."""
    voiced = pitch_hz > VOICED_HZ
    if not voiced.any():
        return pitch_hz
    middle = np.exp(np.log(pitch_hz[voiced]).mean())
    moved = middle * timbre.pitch * (np.maximum(pitch_hz, 1) / middle) ** timbre.melody
    return np.where(voiced, np.clip(moved, LOWEST_HZ, HIGHEST_HZ), 0).astype(np.float32)


def _stretched(spectrum: Spectrum, factor: float) -> Spectrum:
    """The spectrum moved along frequency: what was at 1000 Hz is at `factor` times 1000 Hz."""
    wanted = np.arange(N_BINS) / factor
    below = np.minimum(wanted.astype(int), N_BINS - 1)
    above = np.minimum(below + 1, N_BINS - 1)
    share = np.clip(wanted - below, 0, 1)[:, None]
    stretched: Spectrum = (spectrum[below] * (1 - share) + spectrum[above] * share).astype(np.float32)
    stretched[wanted > N_BINS - 1] = SILENT
    return stretched


def _tilt(tilt_db: float) -> Spectrum:
    """Logarithmic gain of each bin, shape [601, 1]; level below 200 Hz."""
    octaves = np.log2(np.maximum(np.arange(N_BINS) * BIN_HZ, 200) / 1000)
    gain: Spectrum = (tilt_db * octaves * NEPERS_PER_DB)[:, None].astype(np.float32)
    return gain
