"""Bytes → text. The encoding is what the file says; what says nothing is UTF-8, or else Windows-1252.

The order: byte order mark, XML declaration, `<meta charset>`, UTF-8, Windows-1252. A declared encoding that is unknown
or does not fit falls through to the next. Newlines stay as they are.
"""

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = (
    re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']"""),
    re.compile(rb"""<meta\b[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE),
)
_ALIASES: Final = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}
"""As browsers read them: the 32 control characters of Latin-1 are never meant, Windows's “ ” ’ are."""


def decode(data: bytes, *, markup: bool = False) -> str:
    """Decode a file; the byte order mark is not part of the text.

    Args:
        data: The file.
        markup: Look for a declaration in XML or HTML.

    Returns:
        The text. Windows-1252 fits every file, so this never fails.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if markup and data[:4] in {b"<\0?\0", b"\0<\0?"}:
        return data.decode("utf-16-le" if data[0] else "utf-16-be", errors="replace")
    declared = [m[1].decode("ascii").lower() for p in _DECLARED if (m := p.search(data[:2048]))] if markup else []
    for encoding in (*(_ALIASES.get(name, name) for name in declared), "utf-8"):
        if (text := _try(data, encoding)) is not None:
            return text
    return data.decode("cp1252", errors="replace")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        if not codecs.lookup(encoding)._is_text_encoding:  # noqa: SLF001 — `hex`, `zip` …
            return None
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None
