"""The mel spectrogram that the speaker encoder was trained on: 128 bands from 0 to 12 kHz, natural logarithm."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

RATE_HZ = 24_000
N_FFT = 1024
HOP = 256
N_BANDS = 128
TOP_HZ = 12_000.0
QUIETEST = 1e-5
"""Magnitudes below this are this: the logarithm has a floor."""
# Slaney's scale: even steps of 200/3 Hz to 1 kHz, above it 27 steps to a factor of 6.4.
_STEP_HZ = 200 / 3
_BEND_HZ = 1000.0
_BEND = _BEND_HZ / _STEP_HZ
_LOG_STEP = np.log(6.4) / 27


def log_mel(samples: Tensor) -> Tensor:
    """Spectrogram of a clip.

    Args:
        samples: Mono at 24 kHz, shape [n_samples], more than 384 of them; float32.

    Returns:
        Shape [n_samples // 256, 128].
    """
    edge = (N_FFT - HOP) // 2
    padded = torch.nn.functional.pad(samples[None], (edge, edge), mode="reflect")[0]
    window = torch.hann_window(N_FFT, device=samples.device)
    spectrum = torch.stft(padded, N_FFT, HOP, window=window, center=False, return_complex=True)
    magnitude = torch.sqrt(torch.view_as_real(spectrum).pow(2).sum(-1) + 1e-9)
    return torch.log((_bands().to(samples.device) @ magnitude).clamp(min=QUIETEST)).T


@cache
def _bands() -> Tensor:
    """Triangles of equal area, evenly spaced on Slaney's mel scale, shape [128, 513]."""
    mels = np.linspace(0, _BEND + np.log(TOP_HZ / _BEND_HZ) / _LOG_STEP, N_BANDS + 2)
    corners_hz = np.where(mels < _BEND, mels * _STEP_HZ, _BEND_HZ * np.exp(_LOG_STEP * (mels - _BEND)))
    bins_hz = np.linspace(0, RATE_HZ / 2, N_FFT // 2 + 1)
    ramps = corners_hz[:, None] - bins_hz
    widths_hz = np.diff(corners_hz)[:, None]
    triangles = np.maximum(0, np.minimum(-ramps[:-2] / widths_hz[:-1], ramps[2:] / widths_hz[1:]))
    areas = 2 / (corners_hz[2:] - corners_hz[:-2])[:, None]
    return torch.from_numpy((triangles.astype(np.float32) * areas).astype(np.float32))
