import struct

import pytest

from narrator.domain import BookTags
from narrator.publishing.atoms import add_tags


def atom(kind: bytes, body: bytes) -> bytes:
    """An atom with its size."""
    return struct.pack(">I4s", 8 + len(body), kind) + body


def movie(*, ilst: bytes = b"") -> bytes:
    """The atoms around a list of tags."""
    meta = atom(b"meta", bytes(4) + atom(b"hdlr", bytes(25)) + atom(b"ilst", ilst))
    return atom(b"moov", atom(b"mvhd", bytes(100)) + atom(b"udta", meta + atom(b"chpl", b"x")))


def test_tags_are_added_where_they_belong(tmp_path):
    """Every enclosing size grows by what was added, and everything before and beside stays."""
    path, sound = tmp_path / "x.m4b", atom(b"ftyp", b"M4B ") + atom(b"mdat", bytes(1000))
    path.write_bytes(sound + movie())
    add_tags(path, BookTags(title="T", narrator="N"))
    text = atom(b"data", struct.pack(">II", 1, 0) + b"N")
    assert path.read_bytes() == sound + movie(ilst=atom(b"\xa9nrt", text))


def test_sound_beyond_four_gigabytes_is_stepped_over(tmp_path):
    """A 64-bit size in front of the tags is understood."""
    path = tmp_path / "x.m4b"
    long = struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + bytes(50)
    path.write_bytes(long + movie())
    add_tags(path, BookTags(title="T", publisher="P"))
    assert path.read_bytes()[: len(long)] == long
    assert path.read_bytes().count(b"PUBLISHER") == 1


def test_nothing_to_say_changes_nothing(tmp_path):
    """A book without such tags keeps its bytes."""
    path = tmp_path / "x.m4b"
    path.write_bytes(movie())
    add_tags(path, BookTags(title="T"))
    assert path.read_bytes() == movie()


def test_a_file_with_its_tables_in_front_is_not_touched(tmp_path):
    """Growing tables in front of the sound would make them point beside it: that is refused."""
    path = tmp_path / "x.m4b"
    path.write_bytes(movie() + atom(b"mdat", b"sound"))
    with pytest.raises(ValueError, match="moov"):
        add_tags(path, BookTags(title="T", narrator="N"))
    assert path.read_bytes() == movie() + atom(b"mdat", b"sound")
