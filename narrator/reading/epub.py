"""EPUB 2 and 3 → Manuscript."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from lxml import etree

from narrator.domain import Cover, Manuscript, Skipped
from narrator.errors import BookError
from narrator.reading import coverage, matter, pictures
from narrator.reading.archive import Archive
from narrator.reading.contents import Cut, Start, by_headings, cut
from narrator.reading.decoding import decode
from narrator.reading.languages import tag
from narrator.reading.letters import plain
from narrator.reading.manuscript import Edition, account
from narrator.reading.notes import find_notes
from narrator.reading.opf import Entry, Package, Resource, join, xml
from narrator.reading.package import open_package
from narrator.reading.page import Page, skip_items
from narrator.reading.trees import TreeError, parse
from narrator.reading.xhtml import read_xhtml
from narrator.settings.options import ReadOptions

MAX_MARKUP: Final = 64 << 20
"""Characters of all documents of a book; the longest novels have 10 million."""
_FONTS: Final = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Obfuscation of fonts; whatever else is encrypted cannot be read."""
_TEXT: Final = re.compile(r"html|xml|oeb|dtbook|^text/|^$")
_OUTSIDE: Final = "outside the flow"
_REPEATED: Final = "repeated"
_MISSING: Final = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A document of the spine before it is read."""

    name: str
    tree: etree._Element
    n_letters: int


def read_epub(path: Path, options: ReadOptions, *, language: str = "") -> Manuscript:
    """Read an EPUB file.

    Raises:
        BookError: It is damaged, protected, over a limit, or text would be lost.
    """
    with Archive(path) as archive:
        package = open_package(archive)
        names, left = _order(archive, package)
        _refuse_protected(archive, names)
        sources = _sources(archive, names)
        left = tuple(_counted(archive, left, sources))
        notes = find_notes({s.name: s.tree for s in sources})
        pages = [read_xhtml(s.name, s.tree, notes[s.name], options) for s in sources]
        edition = _edition(package, _cover(archive, package), language)
    kept, skipped = _without_matter(pages, package, edition)
    book = _cut(kept, package, edition, options)
    counts = Counter({s.name: s.n_letters for s in sources})
    for each in left:
        counts[each.document] += each.n_letters
    return account(edition, book, (*left, *skipped), counts)


# ── what is to be read ────────────────────────────────────────────────────────────────────────────────────────────


def _order(archive: Archive, package: Package) -> tuple[list[str], tuple[Skipped, ...]]:
    """Names of the documents in the order of reading, each once, and what cannot be among them."""
    by_id = {r.id: r for r in reversed(package.resources)}
    listed = {e.target.partition("#")[0] for e in package.contents}
    has_flow = any(linear for _, linear in package.spine)
    names: dict[str, None] = {}
    left: list[Skipped] = []
    for identifier, linear in package.spine:
        resource = _readable(by_id, identifier)
        if resource is None:
            left.append(Skipped(document=identifier, rule="no text" if identifier in by_id else _MISSING, n_letters=0))
            continue
        name = archive.find(resource.name) or resource.name
        if not linear and has_flow and resource.name not in listed and name not in listed:
            left.append(Skipped(document=name, rule=_OUTSIDE, n_letters=0))
        elif name in names:
            left.append(Skipped(document=name, rule=_REPEATED, n_letters=0))
        else:
            names[name] = None
    if not names:
        raise archive.refusal("has no documents in its order of reading", "Its package lists nothing to read.")
    return list(names), tuple(left)


def _counted(archive: Archive, left: Sequence[Skipped], sources: Sequence[_Source]) -> Iterator[Skipped]:
    """The documents that are left out, with their letters; a file that cannot be read is missing, and has none."""
    letters = {s.name: s.n_letters for s in sources}
    total = 0
    for name in {s.document for s in left if s.rule == _OUTSIDE} - letters.keys():
        try:
            markup = decode(archive.read(name), markup=True)
        except BookError:
            continue  # nobody would have heard it
        total = _within(archive, total + len(markup))
        letters[name] = coverage.count_markup(markup)
    for each in left:
        if each.rule not in {_OUTSIDE, _REPEATED}:
            yield each
        elif each.document in letters:
            yield replace(each, n_letters=letters[each.document])
        else:
            yield replace(each, rule=_MISSING)


def _within(archive: Archive, n_chars: int) -> int:
    if n_chars > MAX_MARKUP:
        raise archive.refusal(f"has more than {MAX_MARKUP >> 20} million characters of text")
    return n_chars


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
    listing = archive.find("META-INF/encryption.xml")
    if listing is None:
        return
    read = set(names)
    for data in xml(archive, listing).iter("{*}EncryptedData"):
        method = next((e.get("Algorithm") or "" for e in data.iter("{*}EncryptionMethod")), "")
        for reference in data.iter("{*}CipherReference"):
            name = archive.find(join("", reference.get("URI") or ""))
            if name in read and not method.startswith(_FONTS):
                raise archive.refusal(f"is protected (DRM): {name} is encrypted", "Use a copy without copy protection.")


def _sources(archive: Archive, names: Sequence[str]) -> list[_Source]:
    sources = []
    total = 0
    for name in names:
        markup = decode(archive.read(name), markup=True)
        total = _within(archive, total + len(markup))
        expected = coverage.count_markup(markup)
        try:
            tree = parse(markup, expected)
        except TreeError as error:
            raise archive.refusal(f"would lose text: {name} {error}", "Mend that document and try again.") from error
        sources.append(_Source(name=name, tree=tree, n_letters=expected))
    return sources


# ── the book's own words about itself ─────────────────────────────────────────────────────────────────────────────


def _edition(package: Package, cover: Cover | None, language: str) -> Edition:
    def all_of(name: str) -> list[str]:
        return [f.value for f in package.facts if f.name == name and f.value]

    titles = [f for f in package.facts if f.name == "title" and f.value]
    main = next((f for f in titles if f.role == "main"), titles[0] if titles else None)
    creators = [f for f in package.facts if f.name == "creator" and f.value]
    authors = [f.value for f in creators if f.role in {"", "aut"}] or [f.value for f in creators]
    dates = [f for f in package.facts if f.name == "date" and f.value]
    date = next((f for f in dates if f.role == "publication"), dates[0] if dates else None)
    return Edition(
        title=main.value if main else "",
        authors=tuple(dict.fromkeys(authors)),
        language=tag(language or next(iter(all_of("language")), "")),
        publisher=next(iter(all_of("publisher")), ""),
        published=date.value if date else "",
        description=next(iter(all_of("description")), ""),
        identifier=next(iter(all_of("identifier")), ""),
        cover=cover,
    )


def _cover(archive: Archive, package: Package) -> Cover | None:
    """The picture that the package calls its cover; none if it is no whole JPEG or PNG."""
    ids = {f.value for f in package.facts if f.name == "meta:cover"}
    named = [r for r in package.resources if "cover-image" in r.properties]
    named += [r for r in package.resources if r.id in ids or r.name in ids]
    named += [r for r in package.resources if r.media_type.startswith("image/") and "cover" in r.id.lower()]
    for resource in named:
        try:
            data = archive.read(resource.name)
        except BookError:
            continue  # missing, damaged or huge: a book can be heard without its cover
        if found := pictures.cover(data):
            return found
    return None


# ── pages → chapters ──────────────────────────────────────────────────────────────────────────────────────────────


def _without_matter(
    pages: Sequence[Page], package: Package, edition: Edition
) -> tuple[list[Page], tuple[Skipped, ...]]:
    """The pages that are read, and what is skipped: whole documents by rule, and what their readers left out."""
    kept: list[Page] = []
    skipped: list[Skipped] = []
    labels, kinds = _by_target(package.contents), _by_target(package.landmarks)
    for n, page in enumerate(pages):
        facts = matter.Facts(
            title=edition.title,
            authors=edition.authors,
            labels=tuple(e.label for e in labels.get(page.document, ())),
            kinds=tuple(e.kind for e in kinds.get(page.document, ())),
            place=n / max(1, len(pages) - 1),
        )
        rule = matter.rule_for(page, facts) if len(pages) > 1 else ""  # a book of one document is not all matter
        rule = "contents" if _is_nav(page, package) else rule
        skipped += page.skipped
        if rule:
            skipped += skip_items(page.items, rule)
        else:
            kept.append(page)
    return kept, tuple(skipped)


def _by_target(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    targets: dict[str, list[Entry]] = {}
    for entry in entries:
        targets.setdefault(entry.target, []).append(entry)
    return targets


def _is_nav(page: Page, package: Package) -> bool:
    return page.document == package.nav and sum(i.paragraph is not None for i in page.items) <= 2


def _cut(pages: Sequence[Page], package: Package, edition: Edition, options: ReadOptions) -> Cut:
    items = [i for page in pages for i in page.items]
    body = matter.licence(items)
    outside = skip_items((*items[: body.start], *items[body.stop :]), "licence")
    starts = tuple(_starts(pages, package, edition, body))
    inside = items[body]
    if len({s.index for s in starts if s.index >= 0}) < 2:
        headings = by_headings(inside, edition.title)
        starts = headings if len(headings) > 1 else starts or tuple(_page_starts(pages))
    book = cut(inside, starts, title=edition.title, footnotes=options.footnotes)
    return Cut(chapters=book.chapters, skipped=(*outside, *book.skipped))


def _starts(pages: Sequence[Page], package: Package, edition: Edition, body: slice) -> Iterator[Start]:
    """Places that the contents name, and documents that say they are a division and are not among them."""
    places = _places(pages)
    listed: set[int] = set()
    found = []
    for entry in package.contents:
        index = places.get(entry.target, places.get(entry.target.partition("#")[0], -1))
        listed.add(index)
        found.append((entry, index))
    first = max((i for i in listed if 0 <= i <= body.start), default=0)
    for entry, index in found:
        folds = plain(entry.label) != plain(edition.title) and (index >= 0 or not entry.target)
        yield Start(label=entry.label, depth=entry.depth, index=_inside(index, body, first), folds=folds)
    for page in (p for p in pages if p.items):
        index = places[page.document]
        if page.division and index not in listed:
            yield Start(label="", index=_inside(index, body, first))


def _inside(index: int, body: slice, first: int) -> int:
    """The same place counted from where the body begins; `first`, the chapter that this is in, begins with it."""
    if index == first:
        return 0
    return index - body.start if body.start <= index < body.stop else -1


def _places(pages: Sequence[Page]) -> dict[str, int]:
    """`document` and `document#id` → index of the item there, through the whole book; of documents that are read."""
    places: dict[str, int] = {}
    offset = 0
    for page in (p for p in pages if p.items):
        places[page.document] = offset
        for anchor in page.anchors:
            places.setdefault(f"{page.document}#{anchor.id}", offset + anchor.index)
        offset += len(page.items)
    return places


def _page_starts(pages: Sequence[Page]) -> Iterator[Start]:
    offset = 0
    for page in pages:
        yield Start(label="", index=offset)
        offset += len(page.items)
