"""Numbers in words, by num2words."""

import re
from functools import cache
from typing import Final

from narrator.scripting.languages import primary

_MAX_DIGITS: Final = 15
"""Longer numbers are read digit by digit."""
_ROMAN: Final = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@cache
def can_count(language: str) -> bool:
    """Whether numbers can be put into words in this language."""
    from num2words import CONVERTER_CLASSES  # noqa: PLC0415 - loads forty languages

    return primary(language) in CONVERTER_CLASSES


@cache
def _say(number: float, language: str, form: str) -> str:
    from num2words import num2words  # noqa: PLC0415 - see can_count

    words = str(num2words(number, lang=primary(language), to=form))
    return re.sub(r"\s+", " ", words.replace(",", "")).strip()


def cardinal(number: int, language: str = "en") -> str:
    """`forty-two`."""
    if len(str(abs(number))) > _MAX_DIGITS:
        return digits(str(number), language)
    return _say(number, language, "cardinal")


def ordinal(number: int, language: str = "en") -> str:
    """`forty-second`."""
    return _say(number, language, "ordinal")


def year(number: int, language: str = "en") -> str:
    """`eighteen twelve`."""
    return _say(number, language, "year").replace("oh-", "oh ")


def digits(text: str, language: str = "en") -> str:
    """`0 4 2` one by one."""
    return " ".join(_say(int(c), language, "cardinal") for c in text if c.isdigit())


def decimal(whole: str, fraction: str, language: str = "en", point: str = "point") -> str:
    """`three point one four`."""
    return f"{cardinal(int(whole or '0'), language)} {point} {digits(fraction, language)}"


def is_roman(text: str) -> bool:
    """Whether a word is a well-formed Roman numeral, in either case."""
    return bool(text) and _ROMAN.fullmatch(text.upper()) is not None


def from_roman(text: str) -> int:
    """The value of a Roman numeral."""
    values = [_VALUES[c] for c in text.upper()]
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))
