"""What counts as text: letters and digits, and what stands between them."""

import re
from typing import Final

from narrator.settings.spelling import glance

INVISIBLE: Final = "\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Soft hyphen, zero-width space, word joiner, byte order mark, marks of direction: hints to the typesetter, left out
of what is read."""

ENDED: Final = tuple('.,:;!?…—–-”’"»)')
"""A cell of a table that ends like this needs no comma before the next one."""

_ORNAMENT = re.compile(
    r"[\s\xa0*#~•·∙⁂❦❧☙✻✽✾✿✦✧✶✷★☆◆◇◊●○■□▪—–―⸺⸻\-_=+.…⁕†‡§|/\\<>:^]{1,60}|\W*o[o0]o\W*|x( +x)+", re.IGNORECASE
)
_SAMPLE_LENGTH = 60


def n_letters(text: str) -> int:
    """How many letters and digits there are in a text."""
    return sum(map(str.isalnum, text))


def is_ornament(text: str) -> bool:
    """Whether a paragraph is a mark between scenes: `***`, `* * *`, `⁂`, `#`, `—`, `-oOo-`."""
    return _ORNAMENT.fullmatch(text) is not None


def sample(text: str) -> str:
    """The first words of a text, white space collapsed."""
    return glance(text[: _SAMPLE_LENGTH * 4], _SAMPLE_LENGTH)


def plain(text: str) -> str:
    """A text reduced to its letters, digits and single spaces, in one case: for comparing titles."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
