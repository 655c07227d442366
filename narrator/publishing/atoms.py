"""iTunes tags that FFmpeg does not write: narrator, publisher, and free ones as `----:com.apple.iTunes:KEY`.

They are appended to the list of tags (moov/udta/meta/ilst). FFmpeg puts `moov` last in the file, so nothing that the
file's tables point at moves.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from narrator.domain import BookTags

LIST_OF_TAGS = (b"moov", b"udta", b"meta", b"ilst")
UTF8 = 1


def add_tags(path: Path, book: BookTags) -> None:
    """Write what FFmpeg leaves out into an M4B file, in place: the file is not yet published."""
    added = b"".join(_tags(book))
    with path.open("rb+") as file:
        at = 0
        while True:
            file.seek(at)
            size, kind = _head(file.read(16))
            if kind == b"moov":
                break
            at += size
        file.seek(at)
        grown = _grown(file.read(size), LIST_OF_TAGS[1:], added)
        if file.read(1):
            raise ValueError(f"{path}: moov is not the last atom")
        file.seek(at)
        file.write(grown)


def _tags(book: BookTags) -> Iterator[bytes]:
    for kind, value in ((b"\xa9nrt", book.narrator), (b"\xa9pub", book.publisher)):
        if value:
            yield _atom(kind, _text(value))
    free = {
        "PUBLISHER": book.publisher,
        "LANGUAGE": book.language,
        "SERIES": book.series,
        "SERIES-PART": book.series_part,
        **{key.upper(): value for key, value in book.extra.items()},
    }
    for key, value in free.items():
        if value:
            mean, name = _atom(b"mean", b"\0\0\0\0com.apple.iTunes"), _atom(b"name", b"\0\0\0\0" + key.encode())
            yield _atom(b"----", mean + name + _text(value))


def _text(value: str) -> bytes:
    return _atom(b"data", struct.pack(">II", UTF8, 0) + value.encode())


def _atom(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _head(start: bytes) -> tuple[int, bytes]:
    """Size and kind of the atom that starts so; sizes beyond 4 GiB follow the kind."""
    size, kind = struct.unpack_from(">I4s", start)
    return (struct.unpack_from(">Q", start, 8)[0] if size == 1 else size), kind


def _grown(atom: bytes, path: tuple[bytes, ...], added: bytes) -> bytes:
    """The atom with `added` at the end of the atom that `path` leads to."""
    kind = atom[4:8]
    if not path:
        return _atom(kind, atom[8:] + added)
    at = 12 if kind == b"meta" else 8  # meta has a version and flags before its children
    while atom[at + 4 : at + 8] != path[0]:
        at += _head(atom[at:])[0]
    end = at + _head(atom[at:])[0]
    return _atom(kind, atom[8:at] + _grown(atom[at:end], path[1:], added) + atom[end:])
