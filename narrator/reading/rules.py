"""What an element is: block or inline, heading or verse, read or skipped, and by which rule.

EPUB's own words come first (`epub:type`, `role="doc-…"`), then HTML's elements, then the class names that producers of
books commonly use. `frontmatter` and the like decide nothing; only the part itself does.
"""

import re
from itertools import islice
from typing import Final

from lxml import etree

from narrator.reading.copyist import DIRECTION, PERSONA
from narrator.reading.languages import tag
from narrator.reading.letters import n_letters
from narrator.reading.page import UNPRINTED
from narrator.reading.trees import is_empty, local, opening

OPS: Final = "{http://www.idpf.org/2007/ops}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_MATHML: Final = "{http://www.w3.org/1998/Math/MathML}"

_INLINE: Final = (
    "a abbr acronym annoref b bdi bdo big br case cite code data default del dfn em font i img ins kbd label mark math"
    " meter nobr noteref output pagenum q rb rp rt rtc ruby s samp sent small span strike strong sub sup switch time"
    " tspan tt u var w wbr"
)
INLINE: Final = frozenset(_INLINE.split())
EMPHASES: Final = frozenset({"em", "i", "strong", "b"})
HEADINGS: Final = {**{f"h{n}": n for n in range(1, 7)}, "hd": 2, "doctitle": 1}
NOTES: Final = frozenset({"footnote", "endnote", "rearnote"})
NOTE_RULE: Final = "note"
MARK_RULE: Final = "note mark"
BASE_RULE: Final = "ruby base"

MATTER: Final = {
    "cover": "cover",
    "titlepage": "title page",
    "halftitlepage": "title page",
    "halftitle": "title page",
    "imprint": "imprint",
    "colophon": "colophon",
    "copyright-page": "copyright",
    "copyright": "copyright",
    "toc": "contents",
    "toc-brief": "contents",
    "landmarks": "contents",
    "page-list": "contents",
    "loi": "list of illustrations",
    "lot": "list of tables",
    "loa": "list of recordings",
    "lov": "list of films",
    "index": "index",
    "index-group": "index",
    "bibliography": "bibliography",
}
"""Parts of a book that are printed for the eye or the shop."""

_ALWAYS: Final = {
    **dict.fromkeys(("toc", "landmarks", "page-list"), "contents"),
    **dict.fromkeys(("footnotes", "endnotes", "rearnotes"), NOTE_RULE),
}
"""Skipped in the body of the book too, where everything else is kept."""

_DIVISIONS: Final = (
    "chapter part volume prologue epilogue preface foreword introduction preamble dedication epigraph afterword"
    " conclusion appendix acknowledgments postscript"
)
DIVISIONS: Final = frozenset(_DIVISIONS.split())

_BY_NAME: Final = {
    "script": UNPRINTED,
    "style": UNPRINTED,
    "title": UNPRINTED,
    "rt": "ruby",
    "rp": "ruby",
    "rtc": "ruby",
    "template": "hidden",
    "audio": "media",
    "video": "media",
    "object": "media",
    "canvas": "media",
    "iframe": "media",
    "annotation": "formula source",
    "annotation-xml": "formula source",
    "desc": "picture",
    "metadata": "picture",
    "pagenum": "page number",
    "noteref": MARK_RULE,
    "annoref": MARK_RULE,
}
_BY_INLINE_TYPE: Final = {"pagebreak": "page number", "noteref": MARK_RULE, "backlink": MARK_RULE}
_PAGE_CLASSES: Final = frozenset({"pagenum", "pageno", "pagenumber", "page-number", "page_number", "page-num", "folio"})
_PAGE_NUMBER: Final = re.compile(r"\W*(?:p(?:age|g)?\b\.?\s*)?[\divxlcdm]{0,7}\W*", re.IGNORECASE)
_BOILERPLATE: Final = frozenset({"pg-boilerplate", "pgheader", "pg-header", "pg-footer"})
_CODE_CLASSES: Final = frozenset({"code", "programlisting", "sourcecode", "highlight", "listing"})
_NOTE_SECTIONS: Final = frozenset({"footnotes", "endnotes", "rearnotes"})
_NOTE_CLASSES: Final = frozenset({"footnote", "endnote", "fnote"})
_VERSE: Final = re.compile(r"(?:z3998:)?(?:poem|poetry|verse|song|hymn|lyrics|stanza|linegroup|lg)(?:[-_]?\d+)?")
_TITLES: Final = frozenset({"title", "fulltitle", "subtitle", "halftitle", "label", "ordinal", "z3998:ordinal"})
_TITLE_CLASS: Final = re.compile(
    r"(?:chapter|chap|part|book|section|sub)?[-_]?(?:title|heading|head|subtitle|number|num)\d?|chapter", re.IGNORECASE
)
_PLAY: Final = {
    PERSONA: frozenset({"z3998:persona", "persona", "speaker"}),
    DIRECTION: frozenset({"z3998:stage-direction", "stage-direction", "stagedirection", "stagedir"}),
}
_BREAK_CLASS: Final = re.compile(
    r"(?:scene|section|thought|space|text)[-_]?(?:break|brk)s?|tb|asterism|ornament|separator|divider|dinkus|fleuron",
    re.IGNORECASE,
)
_PAGE_BREAK: Final = re.compile(r"page[-_]?break|pb", re.IGNORECASE)
_LEAD_CLASS: Final = re.compile(
    r"space[-_]?(?:above|before)|(?:after|post)[-_]?(?:scene)?break|scene[-_]?start", re.IGNORECASE
)
_BLOCKS_OF_TITLES: Final = frozenset({"p", "div", *HEADINGS})
_MAX_MARK: Final = 40
_NEAR: Final = 4
"""Generations between a title and the group it belongs to. Looking further would make deep documents slow."""
_MANY: Final = 50
"""Elements around or inside one that are looked at, for the same reason."""
_MAX_TITLE: Final = 160
"""Letters; a paragraph of class `title` that is longer is no title."""


def types(element: etree._Element) -> frozenset[str]:
    """Its `epub:type` and `role`, as words of the EPUB vocabulary."""
    words = (element.get(f"{OPS}type") or element.get("epub:type") or "").split()
    roles = (r[4:] if r.startswith("doc-") else "" for r in (element.get("role") or "").split())
    return frozenset((*words, *roles))


def classes(element: etree._Element) -> frozenset[str]:
    """Its class names, lower case."""
    return frozenset((element.get("class") or "").lower().split())


def language(element: etree._Element, around: str) -> str:
    """The language that an element says it is in, if it is another than the one around it; regions make none."""
    found = element.get(_XML_LANG) or element.get("xml:lang") or element.get("lang") or ""
    if found.strip().lower() in {"", "und", "zxx", "mul"}:
        return ""
    declared = tag(found)
    return "" if declared.partition("-")[0] == around.partition("-")[0] else declared


def parts_in_play(element: etree._Element) -> tuple[str, ...]:
    """Whether it names a speaker, or tells what is done on the stage."""
    words = types(element) | classes(element)
    return tuple(kind for kind, known in _PLAY.items() if words & known)


def has_reading(ruby: etree._Element) -> bool:
    """Whether the reading of a ruby says anything."""
    return any(not is_empty(e) for e in ruby.iterchildren("{*}rt"))


def is_inline(element: etree._Element, name: str) -> bool:
    """Whether it stands within a line; elements that nobody knows are blocks."""
    return name in INLINE or str(element.tag).startswith(_MATHML)


def skip_rule(element: etree._Element, name: str, *, in_body: bool) -> str:
    """The rule by which an element is not read, whatever the options say; empty if it is read."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if element.get("hidden") is not None or "display:none" in (element.get("style") or "").replace(" ", ""):
        return "hidden"
    if str(element.tag).startswith(OPS) and name == "case":
        return "alternative" if _has_other(element) else ""
    if not element.attrib:
        return ""
    kinds = types(element)
    by_type = next((_BY_INLINE_TYPE[t] for t in kinds if t in _BY_INLINE_TYPE), "")
    return by_type or _by_class(element) or ("" if is_inline(element, name) else part_rule(kinds, in_body=in_body))


def part_rule(kinds: frozenset[str], *, in_body: bool) -> str:
    """The rule for a part of a book that says what it is."""
    table = _ALWAYS if in_body else {**MATTER, **_ALWAYS}
    return next((table[t] for t in sorted(kinds) if t in table), "")


def _by_class(element: etree._Element) -> str:
    names = classes(element)
    if names & _PAGE_CLASSES and _PAGE_NUMBER.fullmatch(opening(element, _MAX_MARK)):
        return "page number"
    if names & _BOILERPLATE or element.get("id") in _BOILERPLATE:
        return "licence"
    return NOTE_RULE if "footnotes" in names or "endnotes" in names else ""


def _has_other(case: etree._Element) -> bool:
    """Whether a switch offers something better than this case: its default, or an earlier case."""
    others = (islice(case.itersiblings(preceding=before), _MANY) for before in (True, False))
    earlier, later = ({local(e) for e in elements} for elements in others)
    return "case" in earlier or "default" in earlier | later


def is_note(element: etree._Element, name: str) -> bool:
    """Whether an element is the text of a note and says so."""
    if is_inline(element, name) or not element.attrib:
        return False
    return bool(types(element) & NOTES or classes(element) & _NOTE_CLASSES)


def is_code(element: etree._Element, name: str) -> bool:
    """Whether it is a block of program code; preformatted text without a `code` in it may be verse or a letter."""
    if name != "pre":
        return False
    inner = [local(e) for e in element]
    return bool(classes(element) & _CODE_CLASSES) or (bool({"code", "samp"} & set(inner)) and not element.text)


def is_verse(element: etree._Element, name: str) -> bool:
    """Whether it is a poem or a stanza."""
    if any(_VERSE.fullmatch(word) for word in types(element) | classes(element)):
        return True
    return name in {"p", "div"} and not _blank_free(element) and {local(e) for e in element} == {"span", "br"}


def _blank_free(element: etree._Element) -> bool:
    """Whether text stands directly in it."""
    return bool((element.text or "").strip() or any((e.tail or "").strip() for e in element))


def heading_level(element: etree._Element, name: str) -> int:
    """1 … 6 of a heading; 0 of anything else."""
    if name in HEADINGS:
        return HEADINGS[name]
    if name not in {"p", "div", "bridgehead"}:
        return 0
    group = next((e for e in islice(element.iterancestors(), _NEAR) if local(e) in {"hgroup", "header"}), None)
    if group is not None and local(group) == "hgroup":
        return _group_level(group)
    named = types(element) & _TITLES or any(_TITLE_CLASS.fullmatch(c) for c in classes(element))
    if (
        not named
        or any(local(e) in _BLOCKS_OF_TITLES for e in element)
        or n_letters(opening(element, 4 * _MAX_TITLE)) > _MAX_TITLE
    ):
        return 0
    return _group_level(group) if group is not None else 3


def _group_level(group: etree._Element) -> int:
    return next((HEADINGS[n] for n in map(local, islice(group.iter(), _MANY)) if n in HEADINGS), 2)


def is_break(element: etree._Element, name: str) -> bool:
    """Whether it is drawn as a change of scene: a rule, or an empty ornament."""
    if name == "hr":
        return "pagebreak" not in types(element) and not any(_PAGE_BREAK.fullmatch(c) for c in classes(element))
    if name not in {"p", "div"} or not any(_BREAK_CLASS.fullmatch(c) for c in classes(element)):
        return False
    return is_empty(element)


def leads_in(element: etree._Element) -> bool:
    """Whether blank space stands above it because a new scene begins."""
    return any(_LEAD_CLASS.fullmatch(c) for c in classes(element))


def is_blank(element: etree._Element, name: str) -> bool:
    """Whether it is an empty paragraph, there for the white space."""
    return name == "p" and is_empty(element) and next(element.iter("{*}img", "{*}image"), None) is None
