"""Entities that a document declares for itself, resolved where they are short text and nothing else.

What a document of the world outside may hold is never fetched, and an entity that holds other entities or elements is
refused: text must not grow by declarations (“billion laughs”).
"""

import re
from typing import Final

_DOCTYPE: Final = re.compile(r"<!DOCTYPE\b[^>\[]*\[(?P<subset>.*?)\]\s*>", re.DOTALL | re.IGNORECASE)
_ENTITY: Final = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_DECLARED: Final = re.compile(
    r"<!ENTITY\s+(?P<name>[A-Za-z_][\w.-]*)\s+(?:\"(?P<text>[^\"]*)\"\s*>|'(?P<other>[^']*)'\s*>)?"
)
_PLAIN: Final = re.compile(r"(?:[^<&%]|&#\d+;|&#x[0-9a-fA-F]+;|&(?:amp|lt|gt|quot|apos);)*")
_REFERENCE: Final = re.compile(r"&([A-Za-z_][\w.-]*);")
_MAX_GROWTH: Final = 1 << 20
"""Characters that entities may add to a document."""


class EntityError(ValueError):
    """A document needs entities that are not resolved; the message says why, to follow its name."""


def resolved(markup: str) -> str:
    """A document without entities of its own.

    Raises:
        EntityError: It refers to one that lies outside the book or holds more than text, or to so many that it swells.
    """
    if not _ENTITY.search(markup):
        return markup
    doctype = _DOCTYPE.search(markup)
    if doctype is None:
        raise EntityError("declares entities of its own outside its document type")
    known: dict[str, str | None] = {}
    for match in _DECLARED.finditer(doctype["subset"]):
        known.setdefault(match["name"], _text(match))
    grown = 0

    def text(match: re.Match[str]) -> str:
        nonlocal grown
        if match[1] not in known:
            return match[0]
        value = known[match[1]]
        if value is None:
            raise EntityError(f"declares entities of its own, and &{match[1]}; is more than text")
        grown += len(value)
        if grown > _MAX_GROWTH:
            raise EntityError("declares entities of its own, and swells with them")
        return value

    return markup[: doctype.start()] + _REFERENCE.sub(text, markup[doctype.end() :])


def _text(match: re.Match[str]) -> str | None:
    """What an entity stands for; None for what lies outside, and what holds elements or other entities."""
    value = match["text"] if match["text"] is not None else match["other"]
    return value if value is not None and _PLAIN.fullmatch(value) else None
