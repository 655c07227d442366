"""Builds projects/demo/the-long-loan.epub from projects/demo-markdown, the same bytes every time.

The Markdown is the source; the cover is drawn here. Run it after every edit of the story:

    .venv/bin/python scripts/make_demo.py [TARGET [SOURCE]]
"""

import itertools
import re
import struct
import sys
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

PROJECTS = Path(__file__).resolve().parent.parent / "projects"
MODIFIED = "2024-10-10T18:00:00Z"
"""Of the EPUB: a fixed moment, so that equal text makes equal bytes."""


# ── the text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(kw_only=True, slots=True)
class Chapter:
    """A chapter of the EPUB while it is put together."""

    title: str
    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def chapters_of(markdown: str) -> list[Chapter]:
    """Read the Markdown that the demo uses: headings, paragraphs, emphasis, scene breaks, footnotes."""
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", markdown)]
    notes = {m[1]: m[2] for block in blocks if (m := re.fullmatch(r"\[\^(\w+)\]: (.+)", block))}
    numbers = itertools.count(1)
    chapters: list[Chapter] = []
    for block in blocks:
        if block.startswith("# "):
            chapters.append(Chapter(title=block[2:]))
        elif block == "* * *":
            chapters[-1].body.append("<hr/>")
        elif not block.startswith("[^"):
            chapters[-1].body.append(_paragraph(block, notes, numbers, chapters[-1]))
    return chapters


def _paragraph(block: str, notes: dict[str, str], numbers: Iterator[int], chapter: Chapter) -> str:
    def mark(match: re.Match[str]) -> str:
        name, number = match[1], next(numbers)
        chapter.notes.append(
            f'<aside epub:type="footnote" role="doc-footnote" id="note-{name}"><p><a role="doc-backlink" '
            f'href="#mark-{name}">{number}</a> {_inline(notes[name])}</p></aside>'
        )
        return f'<sup><a epub:type="noteref" role="doc-noteref" id="mark-{name}" href="#note-{name}">{number}</a></sup>'

    text = re.sub(r"\[\^(\w+)\]", mark, _inline(block))
    return f"<p>{text}</p>"


def _inline(text: str) -> str:
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", escape(text, quote=False))


# ── the package ───────────────────────────────────────────────────────────────────────────────────────────────────────

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
STYLE = """body { margin: 5%; line-height: 1.5; }
h1 { margin: 2em 0; font-size: 1.4em; text-align: center; }
p { margin: 0; text-indent: 1.4em; }
h1 + p, hr + p, aside p { text-indent: 0; }
hr { width: 20%; margin: 1.5em auto; }
aside { margin-top: 2em; font-size: 0.85em; }
section.cover { text-align: center; }
img { max-width: 100%; }
"""


def _page(title: str, language: str, body: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
 lang="{language}" xml:lang="{language}">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
{body}
</html>
"""


def _package(book: dict[str, str], identifier: str, n_chapters: int) -> str:
    numbers = range(1, n_chapters + 1)
    items = "\n".join(
        f'<item id="chapter-{n}" href="chapter-{n}.xhtml" media-type="application/xhtml+xml"/>' for n in numbers
    )
    spine = "\n".join(f'<itemref idref="chapter-{n}"/>' for n in numbers)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{book["language"]}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{identifier}</dc:identifier>
<dc:title>{book["title"]}</dc:title>
<dc:creator>{book["author"]}</dc:creator>
<dc:language>{book["language"]}</dc:language>
<dc:publisher>{book["publisher"]}</dc:publisher>
<dc:date>{MODIFIED[:10]}</dc:date>
<dc:rights>Apache-2.0</dc:rights>
<meta property="dcterms:modified">{MODIFIED}</meta>
<meta name="cover" content="cover-picture"/>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="style" href="style.css" media-type="text/css"/>
<item id="cover-picture" href="cover.png" media-type="image/png" properties="cover-image"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
{items}
</manifest>
<spine toc="ncx">
<itemref idref="cover"/>
{spine}
</spine>
</package>
"""


def _nav(chapters: list[Chapter]) -> str:
    entries = "".join(f'<li><a href="chapter-{n}.xhtml">{c.title}</a></li>\n' for n, c in enumerate(chapters, 1))
    return f"""<body>
<nav epub:type="toc" role="doc-toc" id="toc"><h1>Contents</h1><ol>
{entries}</ol></nav>
<nav epub:type="landmarks" hidden="hidden"><h2>Landmarks</h2><ol>
<li><a epub:type="cover" href="cover.xhtml">Cover</a></li>
<li><a epub:type="bodymatter" href="chapter-1.xhtml">Start</a></li>
</ol></nav>
</body>"""


def _ncx(title: str, identifier: str, chapters: list[Chapter]) -> str:
    points = "".join(
        f'<navPoint id="point-{n}" playOrder="{n}"><navLabel><text>{c.title}</text></navLabel>'
        f'<content src="chapter-{n}.xhtml"/></navPoint>\n'
        for n, c in enumerate(chapters, 1)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">
<head><meta name="dtb:uid" content="{identifier}"/></head>
<docTitle><text>{title}</text></docTitle>
<navMap>
{points}</navMap>
</ncx>
"""


def _chapter(chapter: Chapter) -> str:
    blocks = "\n".join([*chapter.body, *chapter.notes])
    return f"""<body epub:type="bodymatter"><section epub:type="chapter" role="doc-chapter">
<h1>{chapter.title}</h1>
{blocks}
</section></body>"""


def files_of(book: dict[str, str], chapters: list[Chapter]) -> dict[str, bytes]:
    """The members of the EPUB by name, in their order."""
    identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, book['title'])}"
    title, language = book["title"], book["language"]
    cover = (
        f'<body><section class="cover" epub:type="cover"><img src="cover.png" alt="{title}: '
        'under a lamp, a row of books with a blue one back in its place" role="doc-cover"/></section></body>'
    )
    texts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "book/package.opf": _package(book, identifier, len(chapters)),
        "book/nav.xhtml": _page(title, language, _nav(chapters)),
        "book/toc.ncx": _ncx(title, identifier, chapters),
        "book/style.css": STYLE,
        "book/cover.xhtml": _page(title, language, cover),
        **{
            f"book/chapter-{n}.xhtml": _page(chapter.title, language, _chapter(chapter))
            for n, chapter in enumerate(chapters, 1)
        },
    }
    return {**{name: text.encode() for name, text in texts.items()}, "book/cover.png": cover_png()}


def write_epub(target: Path, files: dict[str, bytes]) -> None:
    """Pack the files uncompressed and undated: the same bytes on every machine."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data)


# ── the cover ─────────────────────────────────────────────────────────────────────────────────────────────────────────

WIDTH, HEIGHT = 600, 900
NIGHT, LIGHT, CREAM, GOLD, WOOD, SHADE = "16243b", "22385a", "f3e9d2", "e0b45c", "6b4a32", "4d3423"
BLUE = "3f7fb5"
SPINES = (  # width, height, colour, drawn from the left edge; the blue one is the book that came back
    (58, 220, "7d3b3b"), (44, 250, "a8793f"), (66, 205, "3d5a4c"), (40, 236, "8a8272"), (52, 262, "5b3f5e"),
    (38, 214, "b0573f"), (64, 278, BLUE), (46, 226, "3d5a4c"), (60, 248, "a8793f"), (36, 208, "7d3b3b"),
    (56, 258, "44546e"), (40, 230, "8a8272"),
)  # fmt: skip
SHELF = 800
"""Height of the shelf's upper edge in pixels from the top."""

LETTERS: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    # strokes (x0, y0, x1, y1) in a box one high; O and G are rings
    "T": ((0, 0, 0.7, 0), (0.35, 0, 0.35, 1)),
    "H": ((0, 0, 0, 1), (0.68, 0, 0.68, 1), (0, 0.5, 0.68, 0.5)),
    "E": ((0, 0, 0, 1), (0, 0, 0.55, 0), (0, 0.5, 0.48, 0.5), (0, 1, 0.55, 1)),
    "L": ((0, 0, 0, 1), (0, 1, 0.55, 1)),
    "N": ((0, 1, 0, 0), (0, 0, 0.72, 1), (0.72, 1, 0.72, 0)),
    "A": ((0, 1, 0.4, 0), (0.4, 0, 0.8, 1), (0.15, 0.64, 0.65, 0.64)),
    "O": (),
    "G": ((0.56, 0.54, 1, 0.54),),
}
ADVANCE = {"T": 0.7, "H": 0.68, "E": 0.55, "L": 0.55, "N": 0.72, "A": 0.8, "O": 1.0, "G": 1.0}
GAP = 0.3

Field = NDArray[np.float64]


class Canvas:
    """A picture of flat colours; edges are smoothed over one pixel. Square roots only: exact on every machine."""

    def __init__(self) -> None:
        self.rgb = np.empty((HEIGHT, WIDTH, 3))
        self.y, self.x = np.mgrid[0.5:HEIGHT, 0.5:WIDTH]
        self.paint(np.ones((HEIGHT, WIDTH)), NIGHT)

    def paint(self, cover: Field, colour: str) -> None:
        """Lay a colour over the picture where `cover`, 0 … 1, says so."""
        mask = np.clip(cover, 0, 1)[..., None]
        self.rgb = self.rgb * (1 - mask) + np.array(list(bytes.fromhex(colour)), dtype=float) * mask

    def box(self, left: float, top: float, right: float, bottom: float) -> Field:
        """Coverage of an upright rectangle."""
        inside = np.minimum(self.x - left, right - self.x), np.minimum(self.y - top, bottom - self.y)
        return np.asarray(np.minimum(*inside) + 0.5)

    def stroke(self, ends: tuple[float, float, float, float], width: float) -> Field:
        """Coverage of a line with round ends."""
        x0, y0, x1, y1 = ends
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((self.x - x0) * dx + (self.y - y0) * dy) / (dx * dx + dy * dy), 0, 1)
        away = np.sqrt((self.x - x0 - along * dx) ** 2 + (self.y - y0 - along * dy) ** 2)
        return np.asarray(width / 2 - away + 0.5)

    def ring(self, x: float, y: float, radius: float, width: float) -> Field:
        """Coverage of a circle's line."""
        away = np.sqrt((self.x - x) ** 2 + (self.y - y) ** 2)
        return np.asarray(width / 2 - np.abs(away - radius) + 0.5)

    def word(self, text: str, top: float, size: float, colour: str) -> None:
        """Write a word of `LETTERS` in the middle of the line."""
        left = WIDTH / 2 - size * (sum(ADVANCE[c] for c in text) + GAP * (len(text) - 1)) / 2
        width = size / 9
        for letter in text:
            for x0, y0, x1, y1 in LETTERS[letter]:
                ends = (left + x0 * size, top + y0 * size, left + x1 * size, top + y1 * size)
                self.paint(self.stroke(ends, width), colour)
            if letter in "OG":
                ring = self.ring(left + size / 2, top + size / 2, size / 2, width)
                mouth = (self.x > left + size * 0.62) & (self.y > top + size * 0.2) & (self.y < top + size * 0.54)
                self.paint(np.where(mouth & (letter == "G"), 0, ring), colour)
            left += (ADVANCE[letter] + GAP) * size


def _ship(canvas: Canvas, x: float, deck: float) -> None:
    sail = np.minimum(canvas.box(x + 2, deck - 44, x + 24, deck - 4), (canvas.y - deck + 44) / 2 - (canvas.x - x - 2))
    hull = np.minimum(canvas.box(x - 22, deck, x + 22, deck + 10), 22 - (canvas.y - deck) - np.abs(canvas.x - x))
    mast = canvas.box(x - 2, deck - 48, x, deck)
    for part in (sail, hull, mast):
        canvas.paint(part, CREAM)


def _spines(canvas: Canvas) -> None:
    left = 0
    for width, height, colour in SPINES:
        top = SHELF - height
        canvas.paint(canvas.box(left + 2, top, left + width - 2, SHELF), colour)
        band = GOLD if colour == BLUE else NIGHT
        for offset in (18, 26, height - 34):
            canvas.paint(canvas.box(left + 2, top + offset, left + width - 2, top + offset + 3), band)
        if colour == BLUE:
            _ship(canvas, left + width / 2, top + 130)
        left += width


def cover_png() -> bytes:
    """Draw the cover: under a lamp, the title and a row of books with the blue one back in its place."""
    canvas = Canvas()
    lamp = 120.0
    beam = 70 + (canvas.y - lamp) * 0.36 - np.abs(canvas.x - WIDTH / 2)
    canvas.paint(np.where(canvas.y > lamp, beam, 0), LIGHT)
    canvas.paint(canvas.box(WIDTH / 2 - 2, 0, WIDTH / 2 + 2, 70), GOLD)
    shade = 24 + (canvas.y - 66) * 0.85 - np.abs(canvas.x - WIDTH / 2)
    canvas.paint(np.minimum(shade, canvas.box(0, 66, WIDTH, lamp)), GOLD)
    for text, top, size in (("THE", 190, 38), ("LONG", 266, 76), ("LOAN", 384, 76)):
        canvas.word(text, top, size, CREAM)
    _spines(canvas)
    canvas.paint(canvas.box(0, SHELF, WIDTH, SHELF + 26), WOOD)
    canvas.paint(canvas.box(0, SHELF + 26, WIDTH, HEIGHT), SHADE)
    return png(np.floor(canvas.rgb + 0.5).astype(np.uint8))


def png(rgb: NDArray[np.uint8]) -> bytes:
    """Encode a picture, shape [height, width, 3]."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = rgb.shape
    rows = np.zeros((height, 1 + width * 3), np.uint8)
    rows[:, 1:] = rgb.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(rows.tobytes(), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def main() -> None:
    """Write the demo's EPUB, or another from another folder with a project.yaml and Markdown."""
    asked = [Path(word) for word in sys.argv[1:]]
    target = asked[0] if asked else PROJECTS / "demo" / "the-long-loan.epub"
    source = asked[1] if asked[1:] else PROJECTS / "demo-markdown"
    book = yaml.safe_load((source / "project.yaml").read_text(encoding="utf-8"))["book"]
    chapters = chapters_of((source / book["source"]).read_text(encoding="utf-8"))
    write_epub(target, files_of(book, chapters))
    print(target)


if __name__ == "__main__":
    main()
