"""The package of an EPUB as ebooklib reads it, completed by our own reading where it knows less."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from lxml import etree

from narrator.errors import BookError
from narrator.reading.archive import Archive
from narrator.reading.opf import Entry, Fact, Package, join, package_name, read_package

_FAULTS: Final = (
    AttributeError,
    AssertionError,
    IndexError,
    KeyError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
"""What ebooklib raises, besides its own exception, on books that other readers open."""
_READ: Final = (".opf", ".ncx", ".xml", ".xhtml", ".html", ".htm")


def open_package(archive: Archive) -> Package:
    """What the book says about itself.

    Raises:
        BookError: There is no package, or it cannot be read.
    """
    own = read_package(archive, package_name(archive))
    library = _from_library(archive, own)
    return library if library is not None else own


def _from_library(archive: Archive, own: Package) -> Package | None:
    """Facts, order and contents by ebooklib, wherever it has at least as many as we; None if it trips."""
    from ebooklib import epub  # noqa: PLC0415 — 40 ms that a Markdown book need not pay

    documents = {own.name, own.nav, *(r.name for r in own.resources if r.media_type == "application/x-dtbncx+xml")}

    class Bounded(epub.EpubReader):  # type: ignore[misc, no-any-unimported]
        """Reads the package through our archive, and no resource at all."""

        def read_file(self, name: str) -> bytes:
            member = archive.find(name)
            if member is None:
                return b""
            wanted = member.startswith("META-INF/") or member in {archive.find(d) for d in documents if d}
            return archive.read(member) if wanted else b""

        def _load(self) -> None:
            self._load_container()
            self.opf_file, self.opf_dir = own.name, own.name.rpartition("/")[0]
            self._load_opf_file()

    try:
        reader = Bounded("", {"ignore_ncx": True})
        return _merged(reader.load(), own)
    except (*_FAULTS, BookError, epub.EpubException):
        return None


def _merged(book: Any, own: Package) -> Package:
    facts = tuple(_facts(book, own.facts))
    spine = tuple((str(name), linear != "no") for name, linear in book.spine)
    contents = tuple(_entries(book.toc, own.nav or own.name, 0)) if own.nav else ()
    return replace(
        own,
        facts=facts if len(facts) >= len(own.facts) else own.facts,
        spine=spine if len(spine) >= len(own.spine) else own.spine,
        contents=contents if len(contents) > len(own.contents) else own.contents,
    )


def _facts(book: Any, own: Sequence[Fact]) -> Iterator[Fact]:
    """The metadata, refined by what only we have resolved: roles and kinds of titles."""
    roles = {(f.name, f.value): f for f in own}
    for names in book.metadata.values():
        for name, values in names.items():
            for value, attributes in values:
                kind = attributes.get("name") or attributes.get("property") or ""
                text = " ".join((attributes.get("content") or value or "").split())
                fact = f"meta:{kind}" if name == "meta" else str(name)
                known = roles.get((fact, text))
                yield known or Fact(name=fact, value=text, id=attributes.get("id") or "")


def _entries(toc: Any, origin: str, depth: int) -> Iterator[Entry]:
    for each in toc:
        link, children = each if isinstance(each, tuple) else (each, ())
        href = getattr(link, "href", "") or ""
        yield Entry(label=" ".join((link.title or "").split()), target=join(origin, href) if href else "", depth=depth)
        yield from _entries(children, origin, depth + 1)
