"""Books spoilt on purpose, at every level where books go wrong: archive, package, contents, documents, encodings."""

import io
import random
import warnings
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any, TypeAlias

from lxml import etree

from tests.reading.epubs import Book, Line, chapters

Files: TypeAlias = dict[str, bytes]

_TAGS = (
    "p div span i b em a h1 h2 h6 li ol ul table tr td th section aside nav pre code br hr img ruby rt rp"
    " sup svg text tspan blockquote script style title template math switch case default poem body head"
    " html x"
)
TAGS = _TAGS.split()
ATTRIBUTES = {
    "id": ["n", "x", "", "x y", "c1"],
    "href": [
        "#n",
        "#x",
        "c2.xhtml#n",
        "../../etc/passwd",
        "http://example.org/",
        "",
        "c1.xhtml",
        "%00",
        "#%ff",
        "//x",
        "[x",
    ],
    "src": ["x.png", "c1.xhtml#n", "", "[x"],
    "class": ["dropcap", "pagenum", "poem", "footnote", "persona", "title", "chapter", "line", "scenebreak", "code"],
    "lang": ["fr", "en-GB", "", "und", "x" * 300],
    "hidden": [""],
    "alt": ["A", "An owl.", "image"],
    "role": ["doc-footnote", "doc-noteref", "doc-toc", "doc-pagebreak"],
    "{http://www.idpf.org/2007/ops}type": [
        "toc",
        "footnote",
        "noteref",
        "pagebreak",
        "cover",
        "bodymatter",
        "landmarks",
    ],
    "idref": ["d0", "d1", "nav", "ncx", "gone", ""],
    "media-type": [
        "application/xhtml+xml",
        "image/png",
        "application/x-dtbncx+xml",
        "text/html",
        "",
        "application/xml",
    ],
    "properties": ["nav", "cover-image", "scripted nav", ""],
    "fallback": ["d0", "d1", "nav", "gone"],
    "linear": ["no", "yes", ""],
    "toc": ["ncx", "d0", "gone"],
    "full-path": ["OPS/package.opf", "gone.opf", "../x", "OPS/c1.xhtml", ""],
    "y": ["1", "2"],
}
TEXTS = (
    "", " ", "word", "* * *", "1", "[1]", "\u00ad", "\u202e", "é", "一。", "\U0001f600", "&", "<", "]]>", "a\u0300",
    "—", "“No,”", "\n\n", "x" * 5000,
)  # fmt: skip
DAMAGE = (
    b"<", b">", b"&", b'"', b"'", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?", b"\0", b"\xff\xfe", b"\xef\xbb\xbf",
    b"</p>", b"<p>", b"<script>", b"<title>", b"&#0;", b"&#xD800;", b"&nbsp;", b"&bogus;",
    b"<!DOCTYPE html [<!ENTITY a 'b'>]>", b"\x0b",
)  # fmt: skip
ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "latin-1",
    "cp1252",
    "gb18030",
    "shift_jis",
    "koi8-r",
    "ascii",
    "utf-7",
)
NAMES = (
    "/etc/passwd",
    "../x",
    "OPS/../../x",
    "OPS\\c1.xhtml",
    "ops/C1.XHTML",
    "OPS/é.xhtml",
    "mimetype",
    "a" * 300,
)
LINES = (
    "# Head", "## Two", "***", "---", "===", "> quoted", "- item", "1. one", "| a | b |", "|---|", "```", "<div>",
    "<!-- no", "-->", "[^1]: note", 'word[^1] and [link](x "t")', "[a]: http://x", "    indented", "\t",
    "![alt](x.png)", "<http://x>", "&amp; &bogus;", "**bold *both***", "a  ", "\\*", "`code", "title: x",
    "<span lang='fr'>oui</span>", "* * *", "Setext\n===", "\u2028", "x" * 3000,
)  # fmt: skip


def mutant(seed: int) -> tuple[str, bytes]:
    """The suffix and the bytes of a spoilt book."""
    rng = random.Random(seed)
    return _markdown(rng) if rng.random() < 0.25 else _epub(rng)


# ── EPUB ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _epub(rng: random.Random) -> tuple[str, bytes]:
    files = _book(rng).files()
    for _ in range(rng.choice([1, 1, 2, 3, 5])):
        rng.choice(_EPUB)(files, rng)
    return ".epub", _zipped(files, rng)


def _book(rng: random.Random) -> Book:
    note = "<a href='#n' epub:type='noteref'>1</a><aside epub:type='footnote' id='n'><p>Note.</p></aside>"
    table = "<table><tr><td epub:type='z3998:persona'>Ann</td><td>two</td></tr></table>"
    ruby = "<p lang='ja'><ruby>山<rt>やま</rt></ruby></p><pre><code>x = 1</code></pre>"
    made = chapters(
        f"<h2 id='x'>I</h2><p class='first'><span class='dropcap'>I</span>t was a <i>dark</i> night.{note}</p>",
        f"<h2>II</h2><hr/>{table}<p>End.</p><div class='poem'><p>One<br/>two</p></div>",
        f"<section epub:type='chapter'><h1>III</h1>{ruby}<svg><text><tspan y='1'>a</tspan></text></svg></section>",
    )
    landmarks = "<nav epub:type='landmarks'><ol><li><a epub:type='cover' href='c1.xhtml'>C</a></li></ol></nav>"
    return replace(
        made,
        version=rng.choice([2, 3, 3]),
        contents=[*made.contents, Line(label="x", href="c1.xhtml#x")],
        landmarks=landmarks,
    )


def _member(files: Files, rng: random.Random) -> str:
    """Any of them; less often those without which there is no book."""
    names = sorted(files)
    documents = [name for name in names if name.startswith("OPS/") and not name.endswith(".opf")]
    return rng.choice(documents if documents and rng.random() < 0.7 else names)


def _drop_member(files: Files, rng: random.Random) -> None:
    files.pop(_member(files, rng)) if len(files) > 1 else None


def _swap_members(files: Files, rng: random.Random) -> None:
    one, other = _member(files, rng), _member(files, rng)
    files[one], files[other] = files[other], files[one]


def _add_member(files: Files, rng: random.Random) -> None:
    files[rng.choice(NAMES)] = files[_member(files, rng)]


def _rename_member(files: Files, rng: random.Random) -> None:
    name = _member(files, rng)
    files[name.swapcase() if rng.random() < 0.5 else f"{name}.bak"] = files.pop(name)


def _encrypt(files: Files, rng: random.Random) -> None:
    uri = rng.choice(["OPS/c1.xhtml", "OPS/package.opf", "gone", "[x"])
    files["META-INF/encryption.xml"] = (
        f"<encryption><EncryptedData><CipherReference URI='{uri}'/></EncryptedData></encryption>".encode()
    )
    if rng.random() < 0.5 and uri in files:
        files[uri] = rng.randbytes(400)


def _reencode(files: Files, rng: random.Random) -> None:
    name = _member(files, rng)
    text = files[name].decode("utf-8", errors="replace").replace("utf-8", rng.choice(ENCODINGS), rng.randint(0, 1))
    files[name] = text.encode(rng.choice(ENCODINGS), errors="replace")


def _damage(files: Files, rng: random.Random) -> None:
    name = _member(files, rng)
    data = bytearray(files[name])
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) or 1)
        match rng.randrange(5):
            case 0:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del data[at : at + rng.randint(1, 40)]
            case 2:
                data[at:at] = rng.choice(DAMAGE)
            case 3:
                data[at:at] = data[at : at + rng.randint(1, 60)] * rng.choice([1, 1, 200])
            case _:
                data = data[:at]
    files[name] = bytes(data)


def _restructure(files: Files, rng: random.Random) -> None:
    """Move, copy, drop, wrap, rename elements of a member and change their attributes and text."""
    name = _member(files, rng)
    try:
        root = etree.fromstring(files[name])
    except (etree.LxmlError, ValueError):
        return
    for _ in range(rng.randint(1, 8)):
        elements = list(root.iter("{*}*"))
        rng.choice(_TREE)(rng.choice(elements), rng.choice(elements), rng)
    encoding = rng.choice(["utf-8", "utf-16", "ascii"])
    buffer = io.BytesIO()
    root.getroottree().write(buffer, encoding=encoding, xml_declaration=True)
    files[name] = buffer.getvalue()


_EPUB: tuple[Callable[[Files, random.Random], None], ...] = (
    _drop_member, _swap_members, _add_member, _rename_member, _encrypt, _reencode, _damage, _damage,
    _restructure, _restructure, _restructure, _restructure, _restructure,
)  # fmt: skip


def _move(one: Any, other: Any, _: random.Random) -> None:
    if one.getparent() is not None and one not in {other, *other.iterancestors()}:
        other.append(one)


def _copy(one: Any, other: Any, rng: random.Random) -> None:
    for _ in range(rng.choice([1, 1, 30])):
        if sum(1 for _ in one.iter()) < 400:
            other.insert(rng.randint(0, len(other)), deepcopy(one))


def _drop(one: Any, _other: Any, _: random.Random) -> None:
    if one.getparent() is not None:
        one.getparent().remove(one)


def _retag(one: Any, _other: Any, rng: random.Random) -> None:
    space = str(one.tag).rpartition("}")[0]
    one.tag = (f"{space}}}" if space and rng.random() < 0.7 else "") + rng.choice(TAGS)


def _nest(one: Any, _other: Any, rng: random.Random) -> None:
    tag = rng.choice(TAGS)
    for _ in range(rng.choice([1, 2, 300])):
        one = etree.SubElement(one, tag)
    one.text = "deep"


def _attribute(one: Any, other: Any, rng: random.Random) -> None:
    name = rng.choice(sorted(ATTRIBUTES))
    match rng.randrange(3):
        case 0:
            one.attrib.clear()
        case 1:
            one.attrib.update(other.attrib)
        case _:
            one.set(name, rng.choice(ATTRIBUTES[name]))


def _text(one: Any, other: Any, rng: random.Random) -> None:
    one.text = rng.choice(TEXTS) * rng.choice([1, 1, 3])
    other.tail = rng.choice(TEXTS)


_TREE: tuple[Callable[[Any, Any, random.Random], None], ...] = (
    _move,
    _copy,
    _drop,
    _retag,
    _nest,
    _attribute,
    _attribute,
    _text,
)


def _zipped(files: Files, rng: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # two members of one name
        for name, data in files.items():
            archive.writestr(name, data, rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]))
            if rng.random() < 0.01:
                archive.writestr(name, data[::-1])
    packed = bytearray(buffer.getvalue())
    for _ in range(rng.choice([0, 0, 0, 0, 0, 1, 3])):
        packed[rng.randrange(len(packed))] = rng.randrange(256)
    return bytes(packed[: rng.randrange(len(packed))] if rng.random() < 0.01 else packed)


# ── Markdown and plain text ───────────────────────────────────────────────────────────────────────────────────────────

_MANUSCRIPT = """\
---
title: The Ferry
author: [Ann, Bo]
---

# One

It was *early*, and **still**.[^1]

> A letter.
> Yours.

***

## Two

1. one
2. two
   - three

| a | b |
|---|---|
| c | d |

```
code
```

<p>html</p>

[^1]: A note.

A [link](http://x) &amp; an ![owl](o.png).
"""


def _markdown(rng: random.Random) -> tuple[str, bytes]:
    lines = _MANUSCRIPT.split("\n")
    for _ in range(rng.randint(1, 12)):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(7):
            case 0:
                lines.insert(at, rng.choice(LINES))
            case 1:
                lines[at] = (
                    rng.choice(["> ", "    ", "- ", "# ", "| ", "[^1]: ", "<b>", "\t"]) * rng.choice([1, 2, 60])
                    + lines[at]
                )
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] += rng.choice(["", " ", "  ", "\\", *LINES])
            case 4:
                lines[at:at] = lines[other : other + 5] * rng.choice([1, 1, 40])
            case 5:
                cut = rng.randint(0, len(lines[at]))
                lines[at] = (
                    lines[at][:cut]
                    + rng.choice([*LINES, "*", "_", "[", "](", "`", "<", "&#", "|", "\r"])
                    + lines[at][cut:]
                )
            case _:
                del lines[at : at + rng.randint(0, 3)]
                lines = lines or [""]
    data = rng.choice(["\n", "\n", "\r\n", "\r"]).join(lines).encode(rng.choice(ENCODINGS[:5]), errors="replace")
    return rng.choice([".md", ".md", ".txt"]), data
