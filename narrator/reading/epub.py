"""EPUB 2 and 3 → Manuscript."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from narrator.domain import Cover, Manuscript, Skipped
from narrator.errors import BookError
from narrator.reading import matter, pictures
from narrator.reading.archive import Archive
from narrator.reading.contents import Cut, Start, by_headings, cut
from narrator.reading.languages import tag
from narrator.reading.letters import plain
from narrator.reading.manuscript import Edition, account
from narrator.reading.notes import find_notes
from narrator.reading.opf import Entry, Package
from narrator.reading.package import open_package
from narrator.reading.page import NOTHING, Page, skip_items
from narrator.reading.rules import NOTE_RULE
from narrator.reading.spine import Source, open_spine
from narrator.reading.xhtml import read_xhtml
from narrator.settings.options import ReadOptions


def read_epub(path: Path, options: ReadOptions, *, language: str = "") -> Manuscript:
    """Read an EPUB file.

    Raises:
        BookError: It is damaged, protected, over a limit, or text would be lost.
    """
    with Archive(path) as archive:
        package = open_package(archive)
        spine = open_spine(archive, package)
        edition = _edition(package, _cover(archive, package), language)
    pages = tuple(_pages(spine.sources, options, edition.language))
    kept, skipped = _without_matter(pages, package, edition)
    book = _cut(kept, package, edition, options)
    counts: Counter[str] = Counter()
    for source, page in zip(spine.sources, pages, strict=True):
        counts[source.name] += source.n_letters + page.n_pictured
    for each in spine.left:
        counts[each.document] += each.n_letters
    return account(edition, book, (*spine.left, *skipped), counts, personae=options.personae)


def _pages(sources: Sequence[Source], options: ReadOptions, language: str) -> Iterator[Page]:
    """The documents, read; the notes of one that comes again are not read again."""
    notes = find_notes({s.name: s.tree for s in sources})
    seen: set[str] = set()
    for source in sources:
        page = read_xhtml(source.name, source.tree, notes[source.name], options, language)
        yield page if source.name not in seen else _without_notes(page)
        seen.add(source.name)


def _without_notes(page: Page) -> Page:
    left = skip_items((i for i in page.items if i.note), NOTE_RULE)
    kept = tuple(NOTHING if i.note else i for i in page.items)
    return replace(page, items=kept, skipped=(*page.skipped, *left))


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
        places.setdefault(page.document, offset)
        for anchor in page.anchors:
            places.setdefault(f"{page.document}#{anchor.id}", offset + anchor.index)
        offset += len(page.items)
    return places


def _page_starts(pages: Sequence[Page]) -> Iterator[Start]:
    offset = 0
    for page in pages:
        yield Start(label="", index=offset)
        offset += len(page.items)
