"""The package of an EPUB, read by our own rules: for everything that the library does not tell, or trips over."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from lxml import etree

from narrator.errors import BookError
from narrator.reading import rules
from narrator.reading.archive import Archive
from narrator.reading.entities import EntityError
from narrator.reading.trees import local, parse_xml, text_content

CONTAINER: Final = "META-INF/container.xml"
_NAV_TYPES: Final = ("toc", "landmarks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An entry of the metadata."""

    name: str
    value: str
    id: str = ""
    role: str = ""
    """Of a creator: MARC relator code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """An entry of the manifest."""

    id: str
    name: str
    """In the archive."""
    media_type: str = ""
    properties: tuple[str, ...] = ()
    fallback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the contents, the landmarks or the guide."""

    label: str
    target: str
    """`document#id`, or `document`; empty for a heading of the contents that leads nowhere."""
    depth: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What an EPUB says about itself."""

    name: str
    facts: tuple[Fact, ...] = ()
    resources: tuple[Resource, ...] = ()
    spine: tuple[tuple[str, bool], ...] = ()
    """Resource ids in the order of reading, and whether they belong to the main flow."""
    contents: tuple[Entry, ...] = ()
    landmarks: tuple[Entry, ...] = ()
    nav: str = ""
    """Name of the navigation document."""


def xml(archive: Archive, name: str) -> etree._Element:
    """The root of an XML member.

    Raises:
        BookError: It is missing or cannot be read.
    """
    try:
        root = parse_xml(archive.read(name))
    except EntityError as error:
        raise archive.refusal(f"holds {name}, which {error}") from error
    if root is None:
        raise archive.refusal(f"is damaged: {name} is not XML")
    return root


def _optional(archive: Archive, name: str) -> etree._Element | None:
    """The root of an XML member that a book can be read without."""
    if not name or archive.find(name) is None:
        return None
    try:
        return xml(archive, name)
    except BookError:
        return None


def package_name(archive: Archive) -> str:
    """The name of the first package file that the container names.

    Raises:
        BookError: There is none.
    """
    if archive.find(CONTAINER) is None:
        raise archive.refusal(f"is not an EPUB file: it has no {CONTAINER}")
    for element in xml(archive, CONTAINER).iter("{*}rootfile"):
        if path := element.get("full-path"):
            return path
    raise archive.refusal("is not an EPUB file: its container names no package")


def read_package(archive: Archive, name: str) -> Package:
    """Read the package file and the contents it names.

    Raises:
        BookError: The package file is missing or not XML.
    """
    root = xml(archive, name)
    resources = tuple(_resources(root, name))
    nav = next((r.name for r in resources if "nav" in r.properties), "")
    contents, landmarks = _from_nav(archive, nav)
    return Package(
        name=name,
        facts=tuple(_facts(root)),
        resources=resources,
        spine=tuple((e.get("idref") or "", e.get("linear") != "no") for e in root.iter("{*}itemref")),
        contents=contents or tuple(_from_ncx(archive, root, resources)),
        landmarks=landmarks + tuple(_guide(root, name)),
        nav=nav,
    )


def join(origin: str, href: str) -> str:
    """The name in the archive, with its fragment, that a reference in the member `origin` means."""
    path, _, fragment = href.strip().partition("#")
    path = unquote(path)
    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(origin), path)).lstrip("/") if path else origin
    return f"{target}#{unquote(fragment)}" if fragment else target


def _facts(root: etree._Element) -> Iterator[Fact]:
    metadata = next(root.iter("{*}metadata"), None)
    elements = list(metadata.iterdescendants("{*}*")) if metadata is not None else []
    refined = {
        ((e.get("refines") or "").lstrip("#"), e.get("property")): (e.text or "").strip()
        for e in elements
        if e.get("refines")
    }
    for element in elements:
        name, identifier = local(element), element.get("id") or ""
        if name == "meta":
            value = element.get("content") or text_content(element)
            yield Fact(name=f"meta:{element.get('name') or element.get('property') or ''}", value=value)
            continue
        role = next((v for k, v in element.attrib.items() if str(k).endswith(("}role", "}event"))), "")
        kind = refined.get((identifier, "role")) or refined.get((identifier, "title-type")) or str(role)
        yield Fact(name=name, value=" ".join(text_content(element).split()), id=identifier, role=kind)


def _resources(root: etree._Element, package: str) -> Iterator[Resource]:
    for element in root.iter("{*}item"):
        href = element.get("href")
        if href and not urlsplit(href).scheme:
            yield Resource(
                id=element.get("id") or "",
                name=join(package, href),
                media_type=(element.get("media-type") or "").lower(),
                properties=tuple((element.get("properties") or "").split()),
                fallback=element.get("fallback") or "",
            )


def _guide(root: etree._Element, package: str) -> Iterator[Entry]:
    for element in root.iter("{*}reference"):
        if href := element.get("href"):
            kind = (element.get("type") or "").lower().replace("title-page", "titlepage")
            yield Entry(label=element.get("title") or "", target=join(package, href), kind=kind)


def _from_nav(archive: Archive, nav: str) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    root = _optional(archive, nav)
    lists: dict[str, tuple[Entry, ...]] = {}
    for element in root.iter("{*}nav") if root is not None else ():
        kind = next((t for t in _NAV_TYPES if t in rules.types(element)), "" if lists else "toc")
        lists.setdefault(kind, tuple(_listed(element, nav)))
    return lists.get("toc", ()), lists.get("landmarks", ())


def _listed(nav: etree._Element, name: str) -> Iterator[Entry]:
    for item in nav.iter("{*}li"):
        label = next((e for e in item if local(e) in {"a", "span"}), None)
        if label is None:
            label = next((e for e in item.iter("{*}a", "{*}span")), None)
        if label is None:
            continue
        depth = sum(local(e) == "li" for e in item.iterancestors())
        href = label.get("href") or ""
        yield Entry(
            label=" ".join(text_content(label).split()),
            target=join(name, href) if href else "",
            depth=depth,
            kind=" ".join(sorted(rules.types(label))),
        )


def _from_ncx(archive: Archive, root: etree._Element, resources: tuple[Resource, ...]) -> Iterator[Entry]:
    named = next((e.get("toc") for e in root.iter("{*}spine")), None)
    ncx = next(
        (r.name for r in resources if r.media_type == "application/x-dtbncx+xml" or (named and r.id == named)), ""
    )
    tree = _optional(archive, ncx)
    for point in tree.iter("{*}navPoint") if tree is not None else ():
        label = next((text_content(e) for e in point if local(e) == "navlabel"), "")
        source = next((e.get("src") or "" for e in point if local(e) == "content"), "")
        depth = sum(local(e) == "navpoint" for e in point.iterancestors())
        yield Entry(label=" ".join(label.split()), target=join(ncx, source) if source else "", depth=depth)
