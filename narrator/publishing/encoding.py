"""What every encoder needs: samples as frames at the product's rate, and the cover as a picture stream."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.stream import Disposition

from narrator.audio.resample import blocks, resampled_blocks
from narrator.domain import BookTags, Cover, Master, Samples
from narrator.errors import ProjectError

PRODUCT_HZ = 44_100
"""Asked for or accepted by every shop."""
BITEXACT = "+bitexact"
"""No time of making, no name of the encoder's version: equal input gives equal bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is written on a chapter's file."""

    book: BookTags
    title: str
    number: int
    n_chapters: int
    cover: Cover | None = None


def book_tags(book: BookTags) -> tuple[tuple[str, str], ...]:
    """What all files of a book say, in FFmpeg's names; players of audiobooks look for the narrator under composer."""
    authors = ", ".join(book.authors)
    tags = {
        "artist": authors,
        "album_artist": authors,
        "composer": book.narrator,
        "publisher": book.publisher,
        "date": book.published,
        "genre": "Audiobook",
        "comment": book.description,
        "description": book.description,
        "language": book.language,
        "show": book.series,
        "episode_id": book.series_part,
        **book.extra,
    }
    return tuple((key, value) for key, value in tags.items() if value)


def product_blocks(master: Master, gain: float = 1.0) -> Iterator[Samples]:
    """A master at the product's rate, in parts, times a gain."""
    for part in resampled_blocks(blocks(master.samples, master.sample_rate_hz), master.sample_rate_hz, PRODUCT_HZ):
        yield part * np.float32(gain)


def encode(container: OutputContainer, stream: AudioStream, parts: Iterable[Samples]) -> None:
    """Send a signal through a stream's encoder into its file, to the end."""
    n_sent = 0
    for part in parts:
        if not len(part):
            continue
        frame = frame_of(part, stream.format.name)
        frame.sample_rate = stream.rate
        frame.pts = n_sent
        n_sent += len(part)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def frame_of(part: Samples, sample_format: str) -> av.AudioFrame:
    """Samples as an encoder takes them, in `s32` or a format of one plane of floats."""
    if sample_format == "s32":  # 24 bits, left-justified
        whole = np.rint(np.clip(part, -1, 1 - 2**-23).astype(np.float64) * 2**23).astype(np.int32) << 8
        return av.AudioFrame.from_ndarray(whole[None, :], format="s32", layout="mono")
    return av.AudioFrame.from_ndarray(np.ascontiguousarray(part[None, :]), format=sample_format, layout="mono")


class Picture:
    """A cover on its way into a file: a stream before encoding starts, then its one packet."""

    def __init__(self, container: OutputContainer, cover: Cover) -> None:
        self._container = container
        source = _open_picture(cover)
        try:
            stream = source.streams.video[0]
            self._packet = next(source.demux(stream))
            self._stream = container.add_stream_from_template(stream)
        finally:
            source.close()
        self._stream.disposition = Disposition.attached_pic
        self._stream.metadata["title"] = "Cover"
        self._stream.metadata["comment"] = "Cover (front)"

    def write(self) -> None:
        """Put the picture into its file; right after its encoding was started."""
        self._packet.stream = self._stream
        self._packet.pts = self._packet.dts = 0
        self._container.mux(self._packet)


def _open_picture(cover: Cover) -> InputContainer:
    demuxer = {b"\xff\xd8\xff": "jpeg_pipe", b"\x89PN": "png_pipe"}.get(cover.data[:3])
    try:
        source = av.open(io.BytesIO(cover.data), "r", format=demuxer) if demuxer else None
    except av.error.FFmpegError:
        source = None
    if source and source.streams.video[0].width:
        return source
    raise ProjectError(
        f"the cover is no picture that can be read ({cover.media_type}, {len(cover.data)} bytes)",
        hint="Name a JPEG or PNG file in `book: {cover: …}`.",
    )
