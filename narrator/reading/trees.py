"""XHTML text → a tree of elements that has lost nothing.

libxml2 drops what it cannot digest without a word: everything below its depth limit, the rest of a document after some
errors. So each way of parsing is tried in turn, strict first, and the first tree that has every letter is taken.
"""

import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.entities import html5
from typing import Final

from lxml import etree

from narrator.reading.decoding import decode
from narrator.reading.entities import resolved
from narrator.reading.letters import n_letters

UNPRINTED_NAMES: Final = frozenset({"script", "style", "title"})
_PROLOGUE: Final = re.compile(r"\A\s*<\?xml\b.*?\?>", re.DOTALL)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_REFERENCE: Final = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]*))(;?)|&")
_XML_NAMES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535, *range(55296, 57344)), " ")
_SELF_CLOSED: Final = re.compile(r"<((?:script|style|title|a|b|i|em|p|span|div|td|li)\b[^<>]*)/>", re.IGNORECASE)
MAX_TAGS: Final = 1_000_000
"""Of one document; each costs about 150 bytes of memory."""


class TreeError(ValueError):
    """A document cannot be parsed without loss; the message says why, to follow its name."""


def parse(source: str, expected: int) -> etree._Element:
    """Parse an XHTML document.

    Args:
        source: The document, decoded.
        expected: The letters and digits that the tree must have.

    Returns:
        Its root, without comments and processing instructions, every character reference resolved.

    Raises:
        TreeError: It has too many tags, or every way of parsing loses text.
    """
    if source.count("<") > MAX_TAGS:
        raise TreeError(f"has more than {MAX_TAGS:,} tags")
    markup = _bare(source)
    best = 0
    for attempt in _WAYS:
        root = attempt(markup)
        if root is not None:
            kept = sum(n_letters(text) for text in texts(root))
            if kept == expected:
                return root
            best = max(best, kept)
    raise TreeError(f"is damaged: only {best} of its {expected} letters can be read")


def is_well_formed(source: str) -> bool:
    """Whether a document is whole XHTML as it stands."""
    root = _strict(_bare(source))
    return root is not None and local(root) == "html"


def _bare(source: str) -> str:
    """The document's elements alone, in characters that XML knows."""
    return _resolved(_DOCTYPE.sub("", _PROLOGUE.sub("", source), count=1)).translate(_CONTROLS)


def text_content(root: etree._Element) -> str:
    """All text nodes joined in document order, white space as it stands: what source positions count."""
    return "".join(root.itertext())  # type: ignore[arg-type]  # stubs: bytes in Python 2 only


def opening(element: etree._Element, limit: int) -> str:
    """The first characters of an element's text: at least `limit` of them, if it has so many."""
    parts: list[str] = []
    length = 0
    for text in element.itertext():
        parts.append(str(text))
        length += len(text)
        if length >= limit:
            break
    return "".join(parts)


def is_empty(element: etree._Element) -> bool:
    """Whether an element has no text but white space."""
    return not any(text.strip() for text in element.itertext())


def texts(root: etree._Element) -> Iterator[str]:
    """Text nodes that are printed."""
    for element in root.iter():
        if element.text and local(element) not in UNPRINTED_NAMES:
            yield element.text
        if element.tail and element is not root:
            yield element.tail


def local(element: etree._Element) -> str:
    """Name of an element without its namespace, lower case."""
    return _local(str(element.tag))


@lru_cache(maxsize=512)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def parse_xml(data: bytes) -> etree._Element | None:
    """The root of a small XML file, mended where it is ill-formed; None if there is nothing to mend.

    Raises:
        EntityError: It declares entities of its own that cannot be resolved.
    """
    markup = _bare(resolved(decode(data, markup=True)))  # mending `&#xD800;`, libxml2 makes text that lxml cannot give
    options = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    return _parsed(markup.strip().encode("utf-8"), options)


def _resolved(markup: str) -> str:
    """The markup with HTML's character references resolved, and ampersands that begin none written out."""
    if "&" not in markup:
        return markup
    parts = re.split(r"(<!\[CDATA\[.*?\]\]>)", markup, flags=re.DOTALL)
    return "".join(p if p.startswith("<![CDATA[") else _REFERENCE.sub(_character, p) for p in parts)


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name, end = match.groups()
    if end and name in _XML_NAMES:
        return match[0]
    if end and (decimal or hexadecimal or (name and f"{name};" in html5)):
        return html.escape(html.unescape(match[0]), quote=False)
    return "&amp;" + match[0][1:]


def _strict(markup: str) -> etree._Element | None:
    return _xml(markup, recover=False)


def _mended(markup: str) -> etree._Element | None:
    return _xml(markup, recover=True)


def _xml(markup: str, *, recover: bool) -> etree._Element | None:
    options = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    return _parsed(markup.strip().encode("utf-8"), options)


def _as_html(markup: str) -> etree._Element | None:
    options = etree.HTMLParser(no_network=True, huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    return _parsed(_SELF_CLOSED.sub(_opened, markup).encode("utf-8"), options)


def _opened(match: re.Match[str]) -> str:
    return f"<{match[1]}></{match[1].split()[0]}>"


def _parsed(data: bytes, options: etree.XMLParser | etree.HTMLParser) -> etree._Element | None:
    try:
        return etree.fromstring(data, options)
    except (etree.LxmlError, ValueError):
        return None


_WAYS: Final[tuple[Callable[[str], etree._Element | None], ...]] = (_strict, _mended, _as_html)
