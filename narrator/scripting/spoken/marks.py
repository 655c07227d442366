"""Quotation marks, brackets, dashes and ornaments: only for the eye or the breath."""

import re
from typing import Final

_DOUBLE: Final = re.compile(r"[“”„‟\"«»‹›「」『』]|``")
_ELISION: Final = re.compile(
    r"(?<!\w)[‘’'](?=(?:tis|twas|twere|twill|twould|twixt|em|bout|cause|fore|til|till|round|neath|tain)\b|\d)",
    re.IGNORECASE,
)
_INNER: Final = re.compile(r"(?<=\w)[’'](?=\w)|(?<=[sn])[’'](?=\s[a-z])")
_SINGLE: Final = re.compile(r"[‘’‚']")
_ROW: Final = re.compile(r"(?<=[^\s,;:.!?…—-])\s*\n\s*")
_ELLIPSIS: Final = re.compile(r"\s*(?:\.\s?){2,}\.|\s*…(?:\s?\.)*")
_DASH: Final = re.compile(r"\s*(?:[—―⸺⸻]+|--+|(?<=\s)[–-](?=\s)|–(?=[\s,.!?;:”’\"']|$)|(?<=[,.!?;:])–)[\s—–-]*")
_BRACKET: Final = re.compile(r"\s*[(\[{]\s*|\s*[)\]}](?=\s*\w)")
_CLOSING: Final = re.compile(r"\s*[)\]}]")
_ORNAMENT: Final = re.compile(r"[*_~^|<>\\•·†‡¶#`]+")
_SPACES: Final = re.compile(r"\s+")
_TIDY: Final = (
    (re.compile(r"\s+([,;:.!?…])"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:]\s*([.!?…])"), r"\1"),
    (re.compile(r"([.!?…])\s*[,;:]+"), r"\1"),
    (re.compile(r"([,;!?])(?=[^\W\d_])"), r"\1 "),
    (re.compile(r"^[\s,;:.!?…—–-]+"), ""),
    (re.compile(r"\s+—$"), "—"),
    (re.compile(r"[,;:]?\s*—\s*(?=[,.;:!?…])"), "—"),
)
_CLOSE_ELLIPSIS: Final = re.compile(r"…(?=\w)")


def as_pauses(text: str) -> str:
    """A line without quotation marks, brackets and ornaments; apostrophes straight, dashes and dots as breath wants."""
    text = _ELISION.sub("\ue0ff", _DOUBLE.sub(" ", text))
    text = _SINGLE.sub(" ", _INNER.sub("\ue0ff", text)).replace("\ue0ff", "'")
    text = _ORNAMENT.sub(" ", _ROW.sub(", ", text))
    text = _DASH.sub(" — ", _ELLIPSIS.sub("…", text))
    text = _CLOSING.sub("", _BRACKET.sub(", ", text))
    text = _SPACES.sub(" ", text).strip()
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    return _CLOSE_ELLIPSIS.sub("… ", text).strip()
