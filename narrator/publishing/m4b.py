"""The audiobook in one file: chapters are encoded one by one, at any time and in any process, and bound in seconds.

A chapter's AAC file is an intermediate: whole frames of 1024 samples, the encoder's one priming frame in front. Binding
copies packets; of every chapter but the first the priming frame is dropped, so each chapter starts where the one before
it ends, to the sample. Where they meet, both must be quiet: a head and a tail of silence see to that.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
from av.audio.stream import AudioStream
from av.packet import Packet

from narrator.domain import BookTags, Cover, Master
from narrator.files import partial, publish
from narrator.publishing.atoms import add_tags
from narrator.publishing.encoding import BITEXACT, PRODUCT_HZ, Picture, book_tags
from narrator.publishing.pieces import Coding, encode_in_pieces

FRAME = 1024
"""Samples of an AAC-LC packet."""
AAC_KBPS = 64
CODER = "fast"
"""Not FFmpeg's default, which lets single peaks through up to 1.6 dB over: docs/decisions/0003."""
MAX_NERO_CHAPTERS = 255
"""The count is one byte in the Nero form; players prefer a cut list there over the whole one in QuickTime's form."""
AUDIOBOOK = "2"
"""iTunes' kind of media; players keep the place in it."""
TICK = Fraction(1, PRODUCT_HZ)
AudioPacket: TypeAlias = "Packet[AudioStream]"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedChapter:
    """A chapter ready to be bound."""

    path: Path
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A chapter of a bound book."""

    title: str
    start_s: float
    end_s: float


def encode_chapter(master: Master, target: Path, *, bitrate_kbps: int = AAC_KBPS) -> None:
    """Write a chapter as AAC, 44.1 kHz mono, mean bit rate, for `bind`."""
    coding = Coding(
        codec="aac",
        sample_format="fltp",
        bitrate_kbps=bitrate_kbps,
        options={"aac_coder": CODER, "flags": BITEXACT},
        n_frame=FRAME,
        filled_up=True,
    )
    with partial(target) as temporary:
        with av.open(temporary, "w", format="mp4", options={"fflags": BITEXACT, "use_editlist": "0"}) as container:
            stream = container.add_stream("aac", rate=PRODUCT_HZ, layout="mono", options=coding.options)
            stream.bit_rate = bitrate_kbps * 1000
            container.start_encoding()
            encode_in_pieces(container, stream, master, coding)
        publish(temporary, target)


def bind(chapters: Sequence[EncodedChapter], tags: BookTags, cover: Cover | None, target: Path) -> tuple[Mark, ...]:
    """Make the book of its encoded chapters, without encoding anything again.

    Args:
        chapters: In order, at least one.
        tags: What a player shows.
        cover: The picture; None = the book has none.
        target: The finished file.

    Returns:
        Where each chapter lies in the book.
    """
    marks = _marks(chapters)
    chapter_forms = {"movflags": "+disable_chpl"} if len(chapters) > MAX_NERO_CHAPTERS else {}
    file_options = {"brand": "M4B ", "fflags": BITEXACT, **chapter_forms}
    with partial(target) as temporary:
        with av.open(temporary, "w", format="mp4", options=file_options) as container:
            with _opened(chapters[0].path) as first:
                stream = container.add_stream_from_template(first.streams.audio[0])
            picture = Picture(container, cover) if cover else None
            container.metadata.update([
                *book_tags(tags),
                ("title", tags.title),
                ("album", tags.title),
                ("media_type", AUDIOBOOK),
            ])
            container.set_chapters([
                {
                    "id": i,
                    "start": round(mark.start_s * 1000),
                    "end": round(mark.end_s * 1000),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": mark.title},
                }
                for i, mark in enumerate(marks)
            ])
            container.start_encoding()
            if picture:
                picture.write()
            for packet in _spliced(chapters):
                packet.stream = stream
                container.mux(packet)
        add_tags(temporary, tags)
        publish(temporary, target)
    return marks


def _opened(path: Path) -> av.container.InputContainer:
    return av.open(path, "r", format="mp4", options={"ignore_editlist": "1"})


def _packets(path: Path) -> Iterator[AudioPacket]:
    with _opened(path) as file:
        yield from (packet for packet in file.demux(file.streams.audio[0]) if packet.size)


def _spliced(chapters: Sequence[EncodedChapter]) -> Iterator[AudioPacket]:
    """All packets on one clock; the first one, which only primes the decoder, lies before zero."""
    at = -FRAME
    for i, chapter in enumerate(chapters):
        for k, packet in enumerate(_packets(chapter.path)):
            if k == 0 and i > 0:
                continue
            packet.pts = packet.dts = at
            packet.duration = FRAME
            packet.time_base = TICK
            at += FRAME
            yield packet


def _marks(chapters: Sequence[EncodedChapter]) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    at = 0
    for chapter in chapters:
        with _opened(chapter.path) as file:
            n_samples = (file.streams.audio[0].frames - 1) * FRAME
        marks.append(Mark(title=chapter.title, start_s=at / PRODUCT_HZ, end_s=(at + n_samples) / PRODUCT_HZ))
        at += n_samples
    return tuple(marks)
