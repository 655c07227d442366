"""Takes as bytes: FLAC, 24 bits, mono."""

import io

import numpy as np

from narrator.domain import Samples
from narrator.errors import ProjectError


class SoundError(ProjectError):
    """Bytes that should be sound cannot be read as such."""


def encode_flac(samples: Samples, rate_hz: int) -> bytes:
    """Mono FLAC of 24 bits: equal samples give equal bytes. Values beyond [-1, 1] are clipped.

    Raises:
        ValueError: A sample is not a number.
    """
    import soundfile  # noqa: PLC0415 - loads a shared library; `narrate --help` does not need it

    if not np.isfinite(samples).all():
        raise ValueError("sound must be finite before it is stored")
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="FLAC", subtype="PCM_24")
    return file.getvalue()


def encode_wav(samples: Samples, rate_hz: int) -> bytes:
    """Mono WAV of 16 bits, which every program opens; values beyond [-1, 1] are clipped."""
    import soundfile  # noqa: PLC0415 - as above

    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="WAV", subtype="PCM_16")
    return file.getvalue()


def decode(data: bytes, *, where: str) -> tuple[Samples, int]:
    """Mono samples and their rate from the bytes of a WAV, FLAC or Ogg file; channels are averaged.

    Args:
        data: The whole file.
        where: How a person finds it, for the message.

    Raises:
        SoundError: The bytes are damaged or are no sound.
    """
    import soundfile  # noqa: PLC0415 - as above

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            n_samples, rate_hz = file.frames, file.samplerate
            frames = file.read(dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise SoundError(
            f"{where}: cannot be read as sound ({error.error_string})", hint="Make or copy the file again."
        ) from error
    if len(frames) != n_samples:
        raise SoundError(
            f"{where}: breaks off after {len(frames)} of {n_samples} samples", hint="Make or copy the file again."
        )
    return np.ascontiguousarray(frames[:, 0] if frames.shape[1] == 1 else frames.mean(axis=1)), rate_hz
