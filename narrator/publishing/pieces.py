"""A long chapter encoded in pieces, by threads: they are cut where nobody speaks, and no listener can tell.

An encoder that starts some frames before its piece puts its packets where one encoder for the whole chapter would have
put them; those of the lead are thrown away. The cuts depend on the chapter alone: every machine makes the same file.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from narrator.audio.resample import blocks, resampled_blocks
from narrator.domain import Master, Samples
from narrator.publishing.encoding import PRODUCT_HZ, frame_of
from narrator.workers import ahead

PIECE_S = 60.0
"""A piece is at least so long."""
QUIET_S = 0.2
"""A cut lies in the middle of a silence of this length or more: both encoders' frames are silent there."""
LEAD = 8
"""Frames before its piece with which an encoder begins: what it has heard so far no longer matters."""
LATE = 4
"""Frames behind its piece that an encoder is given: it gives its packets that much later at most."""
SETTLED_S = 0.05
"""The resampler hears no further back."""
AudioPacket: TypeAlias = "Packet[AudioStream]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How a chapter is encoded."""

    codec: str
    sample_format: str
    bitrate_kbps: int
    options: dict[str, str]
    n_frame: int
    """Samples of a packet."""
    gain: float = 1.0
    filled_up: bool = False
    """The chapter ends with a whole packet."""
    parted: bool = True
    """No packet needs the bytes of the one before it, so pieces can be joined."""

    def context(self) -> AudioCodecContext:
        """A new encoder."""
        made = av.CodecContext.create(self.codec, "w")
        assert isinstance(made, AudioCodecContext)  # noqa: S101 - audio codecs have such contexts
        made.sample_rate, made.layout, made.format = PRODUCT_HZ, "mono", self.sample_format
        made.bit_rate, made.options = self.bitrate_kbps * 1000, dict(self.options)
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Frames of a chapter."""

    first: int
    end: int | None
    """None: to the end of the chapter."""


def pieces(master: Master, n_frame: int) -> tuple[Piece, ...]:
    """Where a chapter may be cut: between lines, at the frames of its encoder."""
    cuts = [0]
    for before, after in pairwise(master.cues):
        frame = round((before.end_s + after.start_s) / 2 * PRODUCT_HZ / n_frame)
        quiet = after.start_s - before.end_s >= QUIET_S
        left_s = master.seconds - frame * n_frame / PRODUCT_HZ
        if quiet and (frame - cuts[-1]) * n_frame >= PIECE_S * PRODUCT_HZ and left_s >= PIECE_S:
            cuts.append(frame)
    return tuple(Piece(first=first, end=end) for first, end in zip(cuts, [*cuts[1:], None], strict=True))


def encode_in_pieces(container: OutputContainer, stream: AudioStream, master: Master, coding: Coding) -> None:
    """Encode a master into a stream of a container whose header is written, to the end."""
    cut = pieces(master, coding.n_frame) if coding.parted else (Piece(first=0, end=None),)
    for packets in ahead(lambda piece: _encoded(master, piece, coding), cut):
        for packet in packets:
            packet.stream = stream
            container.mux(packet)


def _encoded(master: Master, piece: Piece, coding: Coding) -> list[AudioPacket]:
    begin = max(0, piece.first - LEAD)
    end = None if piece.end is None else (piece.end + LATE) * coding.n_frame
    parts = product_samples(master, begin * coding.n_frame, end)
    context, at = coding.context(), begin * coding.n_frame
    packets: list[AudioPacket] = []
    for part in _filled_up(parts, coding.n_frame) if coding.filled_up else parts:
        frame = frame_of(part * np.float32(coding.gain), coding.sample_format)
        frame.sample_rate, frame.pts = PRODUCT_HZ, at
        at += len(part)
        packets += context.encode(frame)
    packets += context.encode(None)
    return packets[piece.first - begin : None if piece.end is None else piece.end - begin]


def _filled_up(parts: Iterator[Samples], n_frame: int) -> Iterator[Samples]:
    n_samples = 0
    for part in parts:
        n_samples += len(part)
        yield part
    if missing := -n_samples % n_frame:
        yield np.zeros(missing, dtype=np.float32)


def product_samples(master: Master, first: int, end: int | None) -> Iterator[Samples]:
    """The samples `first` … `end` of a master at the product's rate, as if all of it had been resampled."""
    common = math.gcd(master.sample_rate_hz, PRODUCT_HZ)
    step_in, step_out = master.sample_rate_hz // common, PRODUCT_HZ // common
    n_settling = math.ceil(SETTLED_S * common)  # in steps: after each, both rates have a sample at the same time
    step = max(0, first // step_out - n_settling)
    last = None if end is None else (end // step_out + 1 + n_settling) * step_in
    source = blocks(master.samples[step * step_in : last], master.sample_rate_hz)
    at = step * step_out
    for part in resampled_blocks(source, master.sample_rate_hz, PRODUCT_HZ):
        wanted = part[max(0, first - at) : None if end is None else max(0, end - at)]
        at += len(part)
        if len(wanted):
            yield wanted
