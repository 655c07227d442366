"""Names of languages as books write them → BCP 47, lower case."""

from typing import Final

UNKNOWN: Final = "en"
"""A book that does not say is taken for English; `book.language` says otherwise."""

_SHORT: Final = {
    "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es", "ita": "it", "por": "pt",
    "rus": "ru", "jpn": "ja", "chi": "zh", "zho": "zh", "kor": "ko", "dut": "nl", "nld": "nl", "pol": "pl",
    "swe": "sv", "dan": "da", "nor": "no", "fin": "fi", "cze": "cs", "ces": "cs", "heb": "he", "ara": "ar",
}  # fmt: skip
"""ISO 639-2, which EPUB 2 books often write."""


def tag(language: str) -> str:
    """`en_US`, `EN-us`, `eng` → `en-us`, `en-us`, `en`."""
    first, *rest = language.strip().lower().replace("_", "-").split("-")
    if first in {"", "und", "zxx", "mul"}:
        return UNKNOWN
    return "-".join([_SHORT.get(first, first), *rest])
