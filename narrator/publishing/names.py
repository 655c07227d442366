"""File names that every system takes, from titles in any script."""

import re
import unicodedata
from collections.abc import Sequence

MAX_BYTES = 150
"""Of a name without its ending, in UTF-8: file systems take 255, and some systems count the folders too."""
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Devices under Windows, with any ending."""
REPLACED = str.maketrans({"/": "-", "\\": "-", "|": "-", '"': "'", "<": "(", ">": ")", "?": None, "*": None})
JOINERS = "\u200c\u200d"
"""Invisible, but they change how Persian, Indic and emoji are written."""


def safe_name(title: str) -> str:
    """A title as a file's name, without an ending: as printed but for what some file system refuses."""
    text = unicodedata.normalize("NFC", title)
    text = "".join(c for c in text if c.isspace() or c in JOINERS or unicodedata.category(c)[0] != "C")
    text = re.sub(r"\s*:\s+", " - ", text).replace(":", "-").translate(REPLACED)
    text = _shortened(" ".join(text.split())).strip(". ")
    if not text:
        return "untitled"
    return f"_{text}" if RESERVED.fullmatch(text) else text


def chapter_names(titles: Sequence[str]) -> tuple[str, ...]:
    """Names for a book's chapters, without endings: numbered, so that they sort as they are read and never collide."""
    width = max(2, len(str(len(titles))))
    return tuple(safe_name(f"{number:0{width}} {title}") for number, title in enumerate(titles, 1))


def _shortened(text: str) -> str:
    """As many whole characters as fit; combining marks stay with their letters."""
    if len(text.encode()) <= MAX_BYTES:
        return text
    end = len(text.encode()[:MAX_BYTES].decode(errors="ignore"))
    while end and (unicodedata.combining(text[end]) or text[end] in JOINERS or text[end - 1] in JOINERS):
        end -= 1
    return text[:end]
