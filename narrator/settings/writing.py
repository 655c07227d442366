"""Text → YAML that our own reader reads back as the same text."""

import json
import re

_PLAIN = re.compile(r"[^\W\d_][\w’'.-]*( [\w’'.-]+)*")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
"""The first three are no text for us; the others are none for older readers of YAML."""
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def scalar(text: str) -> str:
    """A text as YAML on one line: bare where that is safe, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _NOT_TEXT:
        return text
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def inline(texts: tuple[str, ...]) -> str:
    """Texts as a YAML list on one line."""
    return f"[{', '.join(scalar(text) for text in texts)}]"
