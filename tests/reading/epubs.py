"""EPUB files for tests, made from a few words: well-formed ones, and the broken and hostile ones of the world."""

import os
import stat
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path

from narrator.domain import Manuscript, Paragraph
from narrator.reading import read
from narrator.settings.options import ReadOptions

XHTML = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
NAMESPACES = 'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en">'
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
ALICE = "<p>Alice was beginning to get very tired of sitting by her sister on the bank.</p>"


@dataclass(frozen=True, kw_only=True)
class Doc:
    """A document of the spine; `raw` replaces all that is made from the rest."""

    name: str = "one.xhtml"
    body: str = ALICE
    title: str = "A window"
    kinds: str = ""
    raw: bytes | None = None
    linear: bool = True
    media_type: str = "application/xhtml+xml"

    def data(self) -> bytes:
        """The file."""
        if self.raw is not None:
            return self.raw
        kinds = f' epub:type="{self.kinds}"' if self.kinds else ""
        head = f"<head><title>{escape(self.title)}</title><style>p {{ color: red }}</style></head>"
        return f"{XHTML}{NAMESPACES}{head}<body{kinds}>{self.body}</body></html>".encode()


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the contents."""

    label: str
    href: str = ""
    below: "Sequence[Line]" = ()


@dataclass(frozen=True, kw_only=True)
class Book:
    """An EPUB before it is written."""

    docs: Sequence[Doc] = (Doc(),)
    contents: Sequence[Line] = ()
    landmarks: str = ""
    guide: str = ""
    metadata: str = "<dc:title>A Book</dc:title><dc:creator>Ann Author</dc:creator><dc:language>en</dc:language>"
    version: int = 3
    manifest: str = ""
    members: Mapping[str, bytes] = field(default_factory=dict)
    """More members, or others in place of ours."""

    def files(self) -> dict[str, bytes]:
        """Every member by name."""
        files = {"META-INF/container.xml": CONTAINER.encode(), "OPS/package.opf": self._package().encode()}
        if self.version == 3:
            files["OPS/nav.xhtml"] = self._nav().encode()
        elif self.contents:
            files["OPS/toc.ncx"] = self._ncx().encode()
        files |= {f"OPS/{doc.name}": doc.data() for doc in self.docs}
        return files | dict(self.members)

    def _package(self) -> str:
        items = "".join(
            f'<item id="d{n}" href="{escape(doc.name)}" media-type="{doc.media_type}"/>'
            for n, doc in enumerate(self.docs)
        )
        linear = ("no", "yes")
        spine = "".join(f'<itemref idref="d{n}" linear="{linear[d.linear]}"/>' for n, d in enumerate(self.docs))
        toc = "ncx" if self.version == 2 else ""
        nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        ncx = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>' if self.contents else ""
        return (
            f'<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="{self.version}.0" '
            f'unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:opf="http://www.idpf.org/2007/opf"><dc:identifier id="id">urn:x:1</dc:identifier>{self.metadata}'
            f"</metadata><manifest>{nav if self.version == 3 else ncx}{items}{self.manifest}</manifest>"
            f'<spine toc="{toc}">{spine}</spine>{self.guide}</package>'
        )

    def _nav(self) -> str:
        return (
            f'{XHTML}{NAMESPACES}<head><title>Contents</title></head><body><nav epub:type="toc"><h1>Contents</h1>'
            f"{_list(self.contents)}</nav>{self.landmarks}</body></html>"
        )

    def _ncx(self) -> str:
        return (
            '<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>'
            f"{''.join(map(_point, self.contents))}</navMap></ncx>"
        )

    def write(self, path: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
        """Write it, the media type first and unpacked."""
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
            for name, data in self.files().items():
                archive.writestr(name, data)
        return path


def _list(lines: Sequence[Line]) -> str:
    items = "".join(f"<li>{_link(line)}{_list(line.below) if line.below else ''}</li>" for line in lines)
    return f"<ol>{items}</ol>" if items else ""


def _link(line: Line) -> str:
    text = escape(line.label)
    return f'<a href="{escape(line.href)}">{text}</a>' if line.href else f"<span>{text}</span>"


def _point(line: Line) -> str:
    return (
        f"<navPoint><navLabel><text>{escape(line.label)}</text></navLabel>"
        f'<content src="{escape(line.href)}"/>{"".join(map(_point, line.below))}</navPoint>'
    )


def chapters(*bodies: str) -> Book:
    """A book of one document a chapter, all of them in the contents."""
    docs = [Doc(name=f"c{n}.xhtml", body=body) for n, body in enumerate(bodies, 1)]
    return Book(docs=docs, contents=[Line(label=f"Chapter {n}", href=d.name) for n, d in enumerate(docs, 1)])


def open_book(book: Book, folder: Path, options: ReadOptions | None = None) -> Manuscript:
    """Write a book and read it."""
    return read(book.write(folder / "book.epub"), options or ReadOptions())


def open_body(body: str, folder: Path, options: ReadOptions | None = None) -> Manuscript:
    """Read a book of one document."""
    return open_book(Book(docs=[Doc(body=body)]), folder, options)


def paragraphs(manuscript: Manuscript) -> list[Paragraph]:
    """All paragraphs of a manuscript."""
    return [p for chapter in manuscript.chapters for p in chapter.paragraphs]


def texts(manuscript: Manuscript) -> list[str]:
    """The text of all paragraphs of a manuscript."""
    return [p.text for p in paragraphs(manuscript)]


def skipped(manuscript: Manuscript) -> dict[str, int]:
    """Rule → letters left out by it."""
    rules: dict[str, int] = {}
    for each in manuscript.skipped:
        rules[each.rule] = rules.get(each.rule, 0) + each.n_letters
    return rules


def check_pieces(paragraph: Paragraph, source: str) -> None:
    """Fail unless every piece stands in the source as it stands in the paragraph, white space aside."""
    for piece in paragraph.pieces:
        here = paragraph.text[piece.start : piece.start + piece.n_chars]
        there = source[piece.source : piece.source + piece.n_chars]
        assert len(here) == len(there) == piece.n_chars
        assert all(a == b or (a.isspace() and b.isspace()) for a, b in zip(here, there, strict=True))


# ── hostile and broken ────────────────────────────────────────────────────────────────────────────────────────────


def truncated(path: Path) -> Path:
    """A download that stopped half-way."""
    data = Book().write(path).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def protected(path: Path) -> Path:
    """A book under Adobe's DRM: encryption.xml names the text, and noise stands in its place."""
    listing = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod '
        'Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/><CipherData><CipherReference URI="OPS/one.xhtml"/>'
        "</CipherData></EncryptedData></encryption>"
    )
    noise = os.urandom(5000)
    return Book(docs=[Doc(raw=noise)], members={"META-INF/encryption.xml": listing.encode()}).write(path)


def with_member(path: Path, name: str, data: bytes = b"x", *, mode: int = 0, flags: int = 0) -> Path:
    """A book with one more member of any name, Unix mode and flags."""
    Book().write(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (mode or stat.S_IFREG | 0o644) << 16
        archive.writestr(info, data)
        archive.infolist()[-1].flag_bits |= flags
    return path


def overlapping(path: Path) -> Path:
    """A book whose last two members claim the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in Book().files().items():
            archive.writestr(name, data)
        first, second = archive.infolist()[-2:]
        second.header_offset, second.CRC = first.header_offset, first.CRC
        second.file_size, second.compress_size = first.file_size, first.compress_size
    return path


def bomb(path: Path, n_bytes: int = 1 << 30) -> Path:
    """A chapter that unpacks to a gibibyte of blanks."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in Book().files().items():
            if name != "OPS/one.xhtml":
                archive.writestr(name, data)
        with archive.open("OPS/one.xhtml", "w", force_zip64=True) as file:
            for _ in range(n_bytes >> 20):
                file.write(bytes(1 << 20))
    return path


@cache
def hostile() -> dict[str, bytes]:
    """Documents that parsers choke on, by name."""
    entity = b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><body><p>&b;</p></body></html>'
    outside = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>&x;</p></body></html>'

    def page(body: str, encoding: str = "utf-8", declared: str = "") -> bytes:
        head = f'<?xml version="1.0" encoding="{declared or encoding}"?>'
        return f'{head}<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'.encode(encoding)

    return {
        "billion laughs": entity,
        "external entity": outside,
        "nested 300 deep": page("<div>" * 300 + "<p>deep water</p>" + "</div>" * 300),
        "nested 5000 deep": page("<div>" * 5000 + "<p>deep water</p>" + "</div>" * 5000),
        "nested 200000 deep": page("<b>" * 200_000 + "deep water" + "</b>" * 200_000),
        "latin-1": page("<p>Café noir</p>", "iso-8859-1"),
        "utf-16": page("<p>Café noir</p>", "utf-16"),
        "wrong declaration": page("<p>Café noir</p>", "iso-8859-1", "utf-8"),
        "unknown encoding": page("<p>Café noir</p>", "utf-8", "x-klingon"),
        "unclosed paragraph": page("<p>one<p>two"),
        "unclosed comment": page("<p>one</p><!-- <p>two</p>"),
        "unclosed tag": page("<p>one</p><p class='x>two</p>"),
        "cdata": page("<p><![CDATA[one < two]]></p>"),
        "stray ampersand": page("<p>Smith & Sons, AT&T &copy; &unknown; &#151; &eacute;</p>"),
        "empty": b"",
        "noise": bytes(range(256)) * 20,
        "nul": page("<p>one\0two</p>"),
        "control": page("<p>one\x0btwo&#11;three</p>"),
        "surrogate": page("<p>one &#xD800; two &#x110000; three</p>"),
        "self-closed title": b"<html><head><title/></head><body><p>one</p><script/><p>two</p></body></html>",
        "fragment": b"just words",
        "deep and wide": page("<div>" * 1500 + "<i><p id='x'>a <a href='#x'>1</a></p></i>" * 5_000 + "</div>" * 1500),
        "tables in tables": page("<table><tr><td>a</td><td>" * 400 + "b" + "</td></tr></table>" * 400),
        "many marks": page("<p>" + "<a href='#n' id='n'><sup>1</sup></a>" * 20_000 + "</p>"),
        "many tags": page("<i/>" * 1_000_001),
    }
