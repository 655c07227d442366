import stat
import zipfile
from pathlib import Path

import pytest

from narrator.errors import BookError
from narrator.reading import read
from narrator.reading.archive import Archive, Limits
from narrator.settings.options import ReadOptions
from tests.reading import epubs
from tests.reading.epubs import Book, with_member


def test_a_truncated_book_is_refused_in_words(tmp_path: Path) -> None:
    """A download that stopped half-way is called damaged, and the reader is told what to do."""
    with pytest.raises(BookError, match=r"cut\.epub is damaged, cut short") as caught:
        read(epubs.truncated(tmp_path / "cut.epub"), ReadOptions())
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"not a zip file at all" * 100])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, data: bytes) -> None:
    """A file that only has an EPUB's name is refused, not traced back."""
    path = tmp_path / "book.epub"
    path.write_bytes(data)
    with pytest.raises(BookError, match="not an EPUB file"):
        Archive(path)


def test_a_protected_book_is_called_protected(tmp_path: Path) -> None:
    """A book whose text is encrypted is refused as protected; its noise is never read."""
    with pytest.raises(BookError, match="protected"):
        read(epubs.protected(tmp_path / "drm.epub"), ReadOptions())


def test_obfuscated_fonts_are_no_protection(tmp_path: Path) -> None:
    """Fonts under the two standard obfuscations do not stop the reading of the text."""
    listing = (
        b'<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        b'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>'
        b'<CipherData><CipherReference URI="OPS/font.otf"/></CipherData></EncryptedData></encryption>'
    )
    book = Book(members={"META-INF/encryption.xml": listing, "OPS/font.otf": b"x"})
    assert epubs.texts(epubs.open_book(book, tmp_path))


@pytest.mark.parametrize(
    ("name", "mode", "flags", "words"),
    [
        ("../escape.xhtml", 0, 0, "outside the book"),
        ("/etc/passwd", 0, 0, "outside the book"),
        ("a\\..\\..\\b", 0, 0, "outside the book"),
        ("link", stat.S_IFLNK | 0o777, 0, "link"),
        ("secret", 0, 1, "password"),
    ],
)
def test_hostile_members_are_refused_by_name(tmp_path: Path, name: str, mode: int, flags: int, words: str) -> None:
    """Names that leave the archive, links and encrypted members refuse the whole book."""
    path = with_member(tmp_path / "book.epub", name, mode=mode, flags=flags)
    with pytest.raises(BookError, match=words):
        Archive(path)


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """Two members that claim the same bytes are a bomb, not a book."""
    with pytest.raises(BookError, match="overlap"):
        Archive(epubs.overlapping(tmp_path / "book.epub"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_equal_duplicates_are_one_member_and_different_ones_are_refused(tmp_path: Path) -> None:
    """The same member twice does no harm; two different members of one name leave open which is meant."""
    same = with_member(tmp_path / "same.epub", "OPS/one.xhtml", Book().files()["OPS/one.xhtml"])
    assert Archive(same).read("OPS/one.xhtml") == Book().files()["OPS/one.xhtml"]
    with pytest.raises(BookError, match="two different members"):
        Archive(with_member(tmp_path / "other.epub", "OPS/one.xhtml", b"other"))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(file_bytes=100), "larger than"),
        (Limits(members=2), "more than 2 members"),
        (Limits(unpacked_bytes=1000), "unpacks to more than"),
        (Limits(ratio=2), "2 times its size"),
    ],
)
def test_each_limit_holds_before_anything_is_read(tmp_path: Path, limits: Limits, words: str) -> None:
    """File size, number of members, declared size and ratio are checked from the directory alone."""
    path = with_member(tmp_path / "book.epub", "big", b"ab" * (1 << 20))
    with pytest.raises(BookError, match=words):
        Archive(path, limits)


def test_the_limits_hold_against_what_is_counted_too(tmp_path: Path) -> None:
    """A member larger than one document may be is refused while it is read, as is too much altogether."""
    path = with_member(tmp_path / "book.epub", "big", bytes(range(256)) * 100)
    with pytest.raises(BookError, match="larger than"):
        Archive(path, Limits(member_bytes=1000)).read("big")
    archive = Archive(path, Limits(unpacked_bytes=40_000))
    archive.read("big")
    with pytest.raises(BookError, match="unpacks to more than"):
        archive.read("big")


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    """A chapter of a thousandfold ratio is refused by the directory's figures."""
    with pytest.raises(BookError, match="times its size"):
        read(epubs.bomb(tmp_path / "bomb.epub", 64 << 20), ReadOptions())


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    """A member whose bytes do not fit their checksum is damaged."""
    path = tmp_path / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in Book().files().items():
            archive.writestr(name, data)
    path.write_bytes(path.read_bytes().replace(b"Alice", b"Alicf"))
    with pytest.raises(BookError, match=r"damaged at OPS/one\.xhtml"):
        read(path, ReadOptions())


@pytest.mark.parametrize(
    "asked", ["OPS/ü.xhtml", "OPS/u\u0308.xhtml", "ops/Ü.XHTML", "/OPS/%C3%BC.xhtml", "./OPS/ü.xhtml"]
)
def test_a_name_is_found_in_every_spelling(tmp_path: Path, asked: str) -> None:
    """Composed or not, any case, percent-encoded, with a leading slash: it is the same member."""
    archive = Archive(with_member(tmp_path / "book.epub", "OPS/ü.xhtml"))
    assert archive.find(asked) == "OPS/ü.xhtml"
    assert archive.find("OPS/missing") is None
