"""A recording of a voice → the clip that is cloned: mono, 24 kHz, trimmed, levelled, silent at its end.

The silence is not for beauty: a model that has heard a clip break off goes on with its last syllable.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from narrator import files
from narrator.audio.edit import samples_in, speech_bounds
from narrator.audio.files import encode_flac
from narrator.audio.resample import resample
from narrator.casting.segments import samples_of, segment
from narrator.domain import Cloned, Samples, VoiceProfile
from narrator.errors import ProjectError

PREPARATION = "1"
"""Raised when the same recording would become another clip: it is part of what a clone is called."""
RATE_HZ = 24_000
FRAME = 1920
"""Samples of a frame of codes; a clip in parts of a frame would end in codes that depend on padding."""
TAIL_MS = 500
MARGIN_S = 0.05
"""Kept around the speech, so that no consonant is cut."""
FADE_MS = 20
LEVEL_DBFS = -20.0
"""RMS of the clip, and the level of what is cloned from it."""
CEILING_DBFS = -1.0
SHORTEST_S, LONGEST_S = 1.0, 600.0

Recording: TypeAlias = Path | bytes | tuple[NDArray[Any], int]
"""A file, a file's bytes, or samples (floating point, [n] or [n, channels]) with their rate in Hz."""

_FORMATS = (
    "aac", "aiff", "amr", "ape", "asf", "au", "caf", "flac", "matroska,webm", "mov,mp4,m4a,3gp,3g2,mj2", "mp3", "ogg",
    "tta", "w64", "wav", "wv",
)  # fmt: skip
"""What FFmpeg may take a file for. Playlists are left out: they name other files, and addresses."""
_PLAYLIST = re.compile(rb"\s*(#EXTM3U|\[playlist\]|ffconcat |<asx|<smil|(https?|rtsp|mms)://)", re.IGNORECASE)


def prepare(recording: Recording, *, what: str) -> Samples:
    """The clip of a recording.

    Args:
        recording: Of any common format; channels are averaged.
        what: How a person finds it; begins messages.

    Returns:
        Shape [n_frames x 1920], 24 kHz: the speech, faded at its ends, then half a second of silence or a little more.

    Raises:
        ProjectError: It cannot be read, is a playlist, is silent, or is shorter than 1 s or longer than 10 minutes.
    """
    samples, rate_hz = _decoded(recording, what)
    if not np.isfinite(samples).all():
        raise ProjectError(f"{what}: has samples that are not numbers", hint="Export the recording again.")
    samples = resample(samples, rate_hz, RATE_HZ)
    start, end = speech_bounds(samples, RATE_HZ)
    if start == end:
        raise ProjectError(
            f"{what}: is silent", hint="If it is stereo, its channels may cancel out: save one of them and name that."
        )
    if (end - start) / RATE_HZ < SHORTEST_S:
        raise ProjectError(
            f"{what}: has {(end - start) / RATE_HZ:.2f} s of speech",
            hint=f"A voice needs {SHORTEST_S:g} s to be known by; give 3 s or more.",
        )
    margin = samples_in(MARGIN_S, RATE_HZ)
    clip = _levelled(samples[max(0, start - margin) : end + margin])
    return np.pad(clip, (0, -len(clip) % FRAME))


def digest(recording: Path | bytes) -> str:
    """What a clone of this recording is called in recipes: its bytes, and how they are prepared."""
    data = recording.read_bytes() if isinstance(recording, Path) else recording
    return f"{hashlib.sha256(data).hexdigest()}.{PREPARATION}"


def named(voice: VoiceProfile) -> VoiceProfile:
    """A cloned voice with its digest; nothing is decoded. Other voices, and those that have theirs, are as they were.

    Raises:
        ProjectError: The recording is gone.
    """
    source = voice.source
    if not isinstance(source, Cloned) or source.digest:
        return voice
    return replace(voice, source=replace(source, digest=digest(_read(source.audio, _what(voice, source)))))


def prepared(voice: VoiceProfile, folder: Path) -> VoiceProfile:
    """A cloned voice whose `audio` is its clip, with the same identity as the voice of the recording.

    Args:
        voice: Voices that are not cloned are as they were.
        folder: Clips are kept there, by their digest; any may be deleted at any time.

    Raises:
        ProjectError: As `prepare`.
        DiskFullError: The clip found no room.
    """
    voice = named(voice)
    source = voice.source
    if not isinstance(source, Cloned):
        return voice
    clip = folder / f"{source.digest}.flac"
    if not clip.exists():
        files.write(clip, encode_flac(prepare(source.audio, what=_what(voice, source)), RATE_HZ))
    return replace(voice, source=replace(source, audio=clip))


def _what(voice: VoiceProfile, source: Cloned) -> str:
    return f"voices.{voice.name}: {source.audio.name}"


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProjectError(
            f"{what}: cannot be read ({error.strerror})", hint="Name a recording that is there."
        ) from error


def _decoded(recording: Recording, what: str) -> tuple[Samples, int]:
    """Mono samples and their rate."""
    if isinstance(recording, tuple):
        array, rate_hz = np.asarray(recording[0]), recording[1]
        if array.dtype.kind != "f" or array.ndim not in {1, 2}:
            raise ProjectError(
                f"{what}: an array of {array.dtype} with {array.ndim} dimensions is no recording",
                hint="Give floating point between -1 and 1, of shape [n_samples] or [n_samples, n_channels].",
            )
        _check_length(len(array) / rate_hz, what)
        return np.asarray(array if array.ndim == 1 else array.mean(axis=1), np.float32), rate_hz
    data = recording if isinstance(recording, bytes) else _read(recording, what)
    if _PLAYLIST.match(data):
        raise ProjectError(f"{what}: is a playlist and has no sound in it", hint="Name the recording itself.")
    return _by_ffmpeg(data, what)


def _by_ffmpeg(data: bytes, what: str) -> tuple[Samples, int]:
    import av  # noqa: PLC0415 - loads FFmpeg; only clips pay for it

    try:
        # The bytes come from memory and the formats are listed, so no other file and no address is ever opened.
        with av.open(io.BytesIO(data), container_options={"format_whitelist": ",".join(_FORMATS)}) as container:
            if not container.streams.audio:
                raise ProjectError(f"{what}: has no sound in it", hint="Name a recording.")
            rate_hz = container.streams.audio[0].rate
            parts = list(_mono(container, rate_hz, what))
    except av.FFmpegError as error:
        raise ProjectError(
            f"{what}: cannot be read as sound ({error.strerror})",
            hint="Save it as WAV, FLAC, MP3, M4A, Ogg or Opus, and name that.",
        ) from error
    return np.concatenate(parts) if parts else np.zeros(0, np.float32), rate_hz


def _mono(container: Any, rate_hz: int, what: str) -> Iterator[Samples]:
    from av import AudioResampler  # noqa: PLC0415 - as above

    to_float, n_samples = AudioResampler(format="fltp", rate=rate_hz), 0
    for frame in container.decode(audio=0):
        for part in to_float.resample(frame):
            n_samples += part.samples
            _check_length(n_samples / rate_hz, what)
            yield part.to_ndarray().mean(axis=0)


def _check_length(seconds: float, what: str) -> None:
    if seconds > LONGEST_S:
        raise ProjectError(
            f"{what}: is longer than {LONGEST_S / 60:g} minutes", hint="Cut out the best ten to thirty seconds."
        )


def _levelled(speech: Samples) -> Samples:
    """Faded at its ends, at the usual level, and followed by silence."""
    clip = segment(speech, RATE_HZ)
    clip = clip.apply_gain(min(LEVEL_DBFS - clip.dBFS, CEILING_DBFS - clip.max_dBFS)).fade_in(FADE_MS).fade_out(FADE_MS)
    return samples_of(clip.append(type(clip).silent(TAIL_MS, RATE_HZ).set_sample_width(clip.sample_width), crossfade=0))
