"""Was every letter kept? A second, dumb reader of the same documents that knows no rule but “tags are not text”."""

import html
import re
from html.entities import html5
from typing import Final

from narrator.reading.letters import n_letters

_MARKUP: Final = re.compile(
    r"<!--(?P<comment>.*?)-->"
    r"|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|<\?.*?\?>"
    r"|<![^>\[]*(?:\[.*?\]\s*)?>"
    r"|<(?P<raw>(?:[\w.-]+:)?(?:script|style|title))(?=[\s>/])(?:[^>\"'/]|\"[^\"]*\"|'[^']*'|/(?!>))*+(?P<end>/?>)"
    r"|</?[A-Za-z_:](?:[^>\"']|\"[^\"]*\"|'[^']*')*+>",
    re.DOTALL | re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")


def count_markup(source: str) -> int:
    """Letters and digits that an XHTML document prints; windows' titles, scripts and style sheets are not printed."""
    total = start = 0
    unclosed: set[str] = set()
    at = source.find("<")
    while at >= 0:
        match = _MARKUP.match(source, at)
        if match is None and re.match(r"[A-Za-z/!?]", source[at + 1 : at + 2]):
            break  # a tag that never ends: what follows is counted as text, and any parser that drops it is found out
        total += n_letters(_resolve(source[start:at]))
        start = at if match is None else _end(match, source, unclosed)
        total += n_letters(match["cdata"] or "") if match else 0
        at = source.find("<", start if match else at + 1)
    return total + n_letters(_resolve(source[start:]))


def _end(match: re.Match[str], source: str, unclosed: set[str]) -> int:
    """Where markup ends: behind its own `>`, or behind the end tag of an element that is not printed."""
    name = match["raw"]
    if name is None or match["end"] == "/>" or name.lower() in unclosed:
        return match.end()
    closing = re.compile(rf"</{re.escape(name)}\s*>", re.IGNORECASE).search(source, match.end())
    if closing is None:
        unclosed.add(name.lower())
    return closing.end() if closing else match.end()


def _resolve(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    known = match[1].startswith("#") or f"{match[1]};" in html5
    return html.unescape(match[0]) if known else match[0]
