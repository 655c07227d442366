"""Is this a picture that can stand on the front? Told from its frame alone, without decoding a pixel."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from narrator.domain import Cover

MAX_PIXELS: Final = 100_000_000
"""10,000 × 10,000; FFmpeg, which puts the picture into the files, refuses 2^28."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""JPEG's frame headers that players decode: baseline, extended, progressive."""
_SCAN: Final = 0xDA


def cover(data: bytes) -> Cover | None:
    """The picture of a file's bytes, if they are a whole JPEG or PNG; None = they are something else, or cut short."""
    if _whole_png(data):
        return Cover(data=data, media_type="image/png")
    if _whole_jpeg(data):
        return Cover(data=data, media_type="image/jpeg")
    return None


def _whole_png(data: bytes) -> bool:
    """Chunks with the right sums from a header of some size, over image data, to the end mark (PNG 3, §5)."""
    kinds: list[bytes] = []
    at = len(_PNG)
    while data.startswith(_PNG) and at + 12 <= len(data) and kinds[-1:] != [b"IEND"]:
        n_bytes, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 4 : at + 8 + n_bytes]
        if zlib.crc32(body).to_bytes(4) != data[at + 8 + n_bytes : at + 12 + n_bytes]:
            return False
        kinds.append(kind)
        at += 12 + n_bytes
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        return False
    return 0 < int.from_bytes(data[16:20]) * int.from_bytes(data[20:24]) <= MAX_PIXELS


def _whole_jpeg(data: bytes) -> bool:
    """A frame header of some size, a scan after it, and the end mark after that (ITU-T T.81, B.2)."""
    sized = False
    for kind, body in _segments(data):
        if kind in _FRAMES and len(body) >= 6:
            n_bits, height, width, n_components = struct.unpack_from(">BHHB", body)
            sized = n_bits == 8 and 0 < width * height <= MAX_PIXELS and len(body) == 6 + 3 * n_components
        elif kind == _SCAN:
            return sized
    return False


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """A JPEG's markers with what they hold, to its first scan; that one is given only if the picture ends after it."""
    at = 2 if data.startswith(b"\xff\xd8\xff") else len(data)
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:  # fill
            at += 1
            continue
        n_bytes = int.from_bytes(data[at + 2 : at + 4])
        end = at + 2 + n_bytes
        if n_bytes < 2 or end > len(data) or (kind == _SCAN and data.rfind(b"\xff\xd9") < end):
            return
        yield kind, data[at + 4 : end]
        at = len(data) if kind == _SCAN else end
