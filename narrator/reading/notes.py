"""Footnotes: which marks refer to which text, through the whole book."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import unquote

from lxml import etree

from narrator.reading import rules
from narrator.reading.letters import n_letters
from narrator.reading.trees import is_empty, local, opening

_MARK: Final = re.compile(
    r"\s*(?P<open>[\[({]?)\s*(?:\d{1,4}|[*†‡§‖¶]{1,4}|[a-z]|[ivxlc]{1,6})\s*[\])}]?\.?\s*", re.IGNORECASE
)
_SYMBOL: Final = re.compile(r"\s*(?:[\[({]\s*\w{1,5}\s*[\])}]|[*†‡§‖¶]{1,4}|↩\ufe0e?|↑|\^)\s*")
_HINT: Final = re.compile(r"foot|note|fn|anchor|noteref|endnote", re.IGNORECASE)
_BODIES: Final = frozenset({"p", "li", "div", "aside", "dd", "dt", "section", "note"})
_MAX_MARK: Final = 40
_NEAR: Final = 50
"""Elements that are looked at before giving up, so that no document is slow."""
_MAX_NOTE: Final = 12_000
"""Letters; a target that holds more is a chapter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of one document."""

    bodies: Mapping[etree._Element, str]
    """Element that holds a note → its key, `document#id`."""
    marks: Mapping[etree._Element, str]
    """Link that refers to a note → the note's key."""


def find_notes(trees: Mapping[str, etree._Element]) -> dict[str, Notes]:
    """Find the notes of a book.

    Args:
        trees: The root of each document.

    Returns:
        The notes of each document.
    """
    marks = {name: dict(_marks(name, root)) for name, root in trees.items()}
    wanted: dict[str, set[str]] = {}
    for key in {key for links in marks.values() for key in links.values()}:
        document, _, identifier = key.partition("#")
        wanted.setdefault(document, set()).add(identifier)
    found = {}
    for name, root in trees.items():
        bodies = dict(_bodies(name, root, wanted.get(name, set())))
        found[name] = Notes(bodies=bodies, marks=marks[name])
    return found


def resolve(document: str, href: str) -> str:
    """`document#id` that a link in a document points to."""
    path, _, fragment = unquote(href).partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(document), path)) if path else document
    return f"{target}#{fragment}"


def is_back_link(link: etree._Element) -> bool:
    """Whether a link inside a note leads back to its mark."""
    text = opening(link, _MAX_MARK)
    return "backlink" in rules.types(link) or bool(_MARK.fullmatch(text) or _SYMBOL.fullmatch(text))


def _marks(document: str, root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for link in root.iter("{*}a", "{*}noteref"):
        href = link.get("href") or link.get("idref") or ""
        if "#" in href and not href.partition("#")[0].count(":") and _is_mark(link, href):
            yield link, resolve(document, href)


def _is_mark(link: etree._Element, href: str) -> bool:
    kinds = rules.types(link)
    if "noteref" in kinds or local(link) == "noteref":
        return True
    text = opening(link, _MAX_MARK)
    if "backlink" in kinds or not _MARK.fullmatch(text):
        return False
    parent = link.getparent()
    raised = (parent is not None and local(parent) == "sup") or any(local(e) == "sup" for e in link)
    named = " ".join((link.get("class") or "", link.get("id") or "", href))
    return raised or bool(_SYMBOL.fullmatch(text)) or (text.strip().isdigit() and bool(_HINT.search(named)))


def _bodies(document: str, root: etree._Element, wanted: set[str]) -> Iterator[tuple[etree._Element, str]]:
    """Elements that hold a note: those that say so, and blocks that begin where a mark points to."""
    for number, element in enumerate(root.iter("{*}*")):
        name = local(element)
        identifier = element.get("id") or (element.get("name") if name == "a" else None)
        if rules.is_note(element, name):
            yield element, f"{document}#{identifier or _inner_id(element, wanted) or number}"
        elif identifier in wanted and (body := _body(element)) is not None:
            yield body, f"{document}#{identifier}"
            if local(body) == "dt" and (text := body.getnext()) is not None and local(text) == "dd":
                yield text, f"{document}#{identifier}"


def _inner_id(note: etree._Element, wanted: set[str]) -> str:
    return next((i for e in islice(note.iterdescendants(), _NEAR) if (i := e.get("id")) in wanted and i), "")


def _body(target: etree._Element) -> etree._Element | None:
    """The block that begins at a target, if it can be a note."""
    element: etree._Element | None = target
    while element is not None and local(element) not in _BODIES:
        if not _is_first(element) or rules.heading_level(element, local(element)):
            return None
        element = element.getparent()
    if element is None or n_letters(opening(element, 2 * _MAX_NOTE)) > _MAX_NOTE:
        return None
    inside = islice(element.iter(), _MAX_NOTE)
    return None if any(local(e) in rules.HEADINGS for e in inside) else element


def _is_first(element: etree._Element) -> bool:
    """Whether no text stands before an element in its parent."""
    parent = element.getparent()
    if parent is None or (parent.text or "").strip():
        return False
    before = list(islice(element.itersiblings(preceding=True), _NEAR))
    return len(before) < _NEAR and all(is_empty(e) and not (e.tail or "").strip() for e in before)
