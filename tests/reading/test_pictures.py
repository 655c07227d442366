"""What may stand on the front is known by its frame."""

import struct
import zlib

import pytest

from narrator.reading.pictures import MAX_PIXELS, cover
from tests.pictures import JPEG, PNG


@pytest.mark.parametrize(("data", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png")])
def test_whole_pictures_are_covers(data: bytes, kind: str) -> None:
    """A JPEG and a PNG are told by their bytes, which stay as they are; what cameras append is no harm."""
    for each in (data, data + b"\0\0 appended"):
        found = cover(each)
        assert found is not None
        assert (found.data, found.media_type) == (each, kind)


@pytest.mark.parametrize("data", [JPEG, PNG])
def test_cut_pictures_are_none(data: bytes) -> None:
    """Cut anywhere, a picture is no cover any more."""
    assert [n for n in range(len(data)) if cover(data[:n])] == []


def test_damaged_png_is_none() -> None:
    """Every byte of a PNG is under its signature or a checksum, or is one."""
    broken = (PNG[:n] + bytes([PNG[n] ^ 1]) + PNG[n + 1 :] for n in range(len(PNG)))
    assert not any(map(cover, broken))


def _sized(width: int, height: int) -> tuple[bytes, bytes]:
    """The JPEG and the PNG, saying that they are of another size."""
    at = JPEG.index(b"\xff\xc0") + 5
    header = b"IHDR" + struct.pack(">II", width, height) + PNG[24:29]
    png = PNG[:12] + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]
    return JPEG[:at] + struct.pack(">HH", height, width) + JPEG[at + 4 :], png


@pytest.mark.parametrize(("width", "height", "good"), [(64, 64, True), (0, 64, False), (MAX_PIXELS >> 12, 8192, False)])
def test_size_is_a_size(width: int, height: int, *, good: bool) -> None:
    """A picture of no size, or of one that no encoder takes, is no cover."""
    assert [cover(data) is not None for data in _sized(width, height)] == [good, good]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        b"\xff\xd8\xff and no more",
        b"\x89PNG\r\n\x1a\n and no more",
        b"\xff\xd8\xff\xd9",
        JPEG[:-2],
        JPEG.replace(b"\xff\xc0", b"\xff\xc3"),
        PNG[:8] + PNG[-12:],
        PNG[:33] + PNG[-12:],
    ],
    ids=["empty", "vector", "a start", "another", "no frame", "no end", "lossless", "no header", "no image data"],
)
def test_what_is_no_picture_is_none(data: bytes) -> None:
    """First bytes alone make no picture, nor does one that players cannot show."""
    assert cover(data) is None
