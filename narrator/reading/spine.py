"""Which documents of an EPUB are read, in which order; and each of them parsed whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from narrator.domain import Skipped
from narrator.errors import BookError
from narrator.reading import coverage
from narrator.reading.archive import Archive
from narrator.reading.decoding import decode
from narrator.reading.entities import EntityError, resolved
from narrator.reading.opf import Package, Resource, join, xml
from narrator.reading.trees import TreeError, is_well_formed, parse

MAX_MARKUP: Final = 64 << 20
"""Characters of all documents of a book; the longest novels have 10 million."""
MAX_DOCUMENTS: Final = 20_000
"""Entries of the order of reading; as many as an archive may have members."""
_FONTS: Final = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Obfuscation of fonts; what else is encrypted cannot be read."""
_TEXT: Final = re.compile(r"html|xml|oeb|dtbook|^text/|^$")
_OUTSIDE: Final = "outside the flow"
_MISSING: Final = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document of the spine before it is read."""

    name: str
    tree: etree._Element
    n_letters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spine:
    """The documents of a book."""

    sources: tuple[Source, ...]
    """In the order of reading; a document that the spine lists twice is read twice."""
    left: tuple[Skipped, ...]
    """Documents that are not read, with their letters."""


def open_spine(archive: Archive, package: Package) -> Spine:
    """Parse what is to be read.

    Raises:
        BookError: There is nothing to read, or a document is missing, protected, over a limit, or would lose text.
    """
    names, left = _order(archive, package)
    _refuse_protected(archive, names)
    sources = _sources(archive, names)
    return Spine(sources=tuple(sources[n] for n in names), left=tuple(_counted(archive, left, sources)))


def _order(archive: Archive, package: Package) -> tuple[list[str], list[Skipped]]:
    """Names of the documents in the order of reading, and what cannot be among them."""
    by_id = {r.id: r for r in reversed(package.resources)}
    listed = {e.target.partition("#")[0] for e in package.contents}
    flow = package.spine or _without_spine(package)
    has_flow = any(linear for _, linear in flow)
    names: list[str] = []
    left: list[Skipped] = []
    for identifier, linear in flow:
        resource = _readable(by_id, identifier)
        if resource is None:
            left.append(Skipped(document=identifier, rule="no text" if identifier in by_id else _MISSING, n_letters=0))
            continue
        name = archive.find(resource.name) or resource.name
        if not linear and has_flow and resource.name not in listed and name not in listed:
            left.append(Skipped(document=name, rule=_OUTSIDE, n_letters=0))
        else:
            names.append(name)
    if not names:
        raise archive.refusal("has no documents in its order of reading", "Its package lists nothing to read.")
    if len(names) > MAX_DOCUMENTS:
        raise archive.refusal(f"has more than {MAX_DOCUMENTS:,} documents in its order of reading")
    return names, left


def _without_spine(package: Package) -> tuple[tuple[str, bool], ...]:
    """What a package without an order of reading can be read by: the order of its manifest."""
    return tuple((r.id, True) for r in package.resources if "html" in r.media_type and r.name != package.nav)


def _readable(by_id: dict[str, Resource], identifier: str) -> Resource | None:
    """The resource itself, or the first of its fallbacks that is text."""
    seen: set[str] = set()
    while identifier in by_id and identifier not in seen:
        seen.add(identifier)
        resource = by_id[identifier]
        if _TEXT.search(resource.media_type) and (resource.media_type != "application/xml" or not resource.fallback):
            return resource
        identifier = resource.fallback
    return None


def _refuse_protected(archive: Archive, names: Sequence[str]) -> None:
    """Refuse a book whose text is said to be encrypted, unless it can be read all the same."""
    listing = archive.find("META-INF/encryption.xml")
    if listing is None:
        return
    read = set(names)
    for data in xml(archive, listing).iter("{*}EncryptedData"):
        method = next((e.get("Algorithm") or "" for e in data.iter("{*}EncryptionMethod")), "")
        for reference in data.iter("{*}CipherReference"):
            name = archive.find(join("", reference.get("URI") or ""))
            if name not in read or method.startswith(_FONTS):
                continue
            read.discard(name)
            if not is_well_formed(decode(archive.read(name), markup=True)):
                raise archive.refusal(f"is protected (DRM): {name} is encrypted", "Use a copy without copy protection.")


def _sources(archive: Archive, names: Sequence[str]) -> dict[str, Source]:
    """Each document parsed once; one that is read twice counts twice against the limit."""
    sources: dict[str, Source] = {}
    lengths: dict[str, int] = {}
    total = 0
    for name in names:
        if name not in sources:
            sources[name], lengths[name] = _source(archive, name)
        total = _within(archive, total + lengths[name])
    return sources


def _source(archive: Archive, name: str) -> tuple[Source, int]:
    try:
        markup = resolved(decode(archive.read(name), markup=True))
        expected = coverage.count_markup(markup)
        tree = parse(markup, expected)
    except (EntityError, TreeError) as error:
        raise archive.refusal(f"would lose text: {name} {error}", "Mend that document and try again.") from error
    return Source(name=name, tree=tree, n_letters=expected), len(markup)


def _counted(archive: Archive, left: Sequence[Skipped], sources: dict[str, Source]) -> Iterator[Skipped]:
    """The documents that are left out, with their letters; a file that cannot be read is missing, and has none."""
    letters = {s.name: s.n_letters for s in sources.values()}
    total = 0
    for each in left:
        name = each.document
        if each.rule != _OUTSIDE:
            yield each
            continue
        if name not in letters:
            try:
                markup = decode(archive.read(name), markup=True)
            except BookError:
                yield replace(each, rule=_MISSING)  # nobody would have heard it
                continue
            total = _within(archive, total + len(markup))
            letters[name] = coverage.count_markup(markup)
        yield replace(each, n_letters=letters[name])


def _within(archive: Archive, n_chars: int) -> int:
    if n_chars > MAX_MARKUP:
        raise archive.refusal(f"has more than {MAX_MARKUP >> 20} million characters of text")
    return n_chars
