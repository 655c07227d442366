"""One file for each chapter: MP3 at a constant bit rate, or FLAC."""

from collections.abc import Iterable
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer

from narrator.audio.loudness import ratio
from narrator.domain import Master, Samples
from narrator.files import partial, publish
from narrator.publishing.encoding import BITEXACT, PRODUCT_HZ, Label, Picture, book_tags, encode, product_blocks

MP3_KBPS = 192
"""The least that the strictest shop takes, mono."""
LAME_LOSS_DB = {160: 0.445, 192: 0.264, 224: 0.175}
"""By how much LAME turns its input down at a constant bit rate: at most so many kbit/s; nothing above. Measured."""


LAME_QUALITY = "5"
"""Of 0, slow, to 9. LAME's own choice, 3, takes 1.3 times as long for 0.6 dB less noise; in either case that lies 44 dB
under the voice. Measured at 192 kbit/s."""


def write_mp3(master: Master, label: Label, target: Path, *, bitrate_kbps: int = MP3_KBPS) -> None:
    """Write a chapter as MP3: 44.1 kHz mono, constant bit rate, ID3v2.3 tags, cover."""
    loss_db = next((loss_db for kbps, loss_db in LAME_LOSS_DB.items() if bitrate_kbps <= kbps), 0.0)
    file_options = {"id3v2_version": "3", "write_id3v1": "0", "fflags": BITEXACT}
    with partial(target) as temporary:
        with av.open(temporary, "w", format="mp3", options=file_options) as container:
            options = {"flags": BITEXACT, "compression_level": LAME_QUALITY}
            stream = container.add_stream("libmp3lame", rate=PRODUCT_HZ, layout="mono", options=options)
            stream.bit_rate = bitrate_kbps * 1000
            stream.format = "fltp"
            _write(container, stream, label, product_blocks(master, ratio(loss_db)))
        publish(temporary, target)


def write_flac(master: Master, label: Label, target: Path) -> None:
    """Write a chapter as FLAC: 44.1 kHz mono, 24 bits (which need no dither), tags, cover."""
    with partial(target) as temporary:
        with av.open(temporary, "w", format="flac", options={"fflags": BITEXACT}) as container:
            stream = container.add_stream("flac", rate=PRODUCT_HZ, layout="mono", options={"flags": BITEXACT})
            stream.format = "s32"
            _write(container, stream, label, product_blocks(master))
        publish(temporary, target)


def _write(container: OutputContainer, stream: AudioStream, label: Label, parts: Iterable[Samples]) -> None:
    picture = Picture(container, label.cover) if label.cover else None
    container.metadata.update([
        *book_tags(label.book),
        ("album", label.book.title),
        ("title", label.title),
        ("track", f"{label.number}/{label.n_chapters}"),
    ])
    container.start_encoding()
    if picture:
        picture.write()
    encode(container, stream, parts)
