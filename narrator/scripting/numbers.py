"""Numbers in words: num2words where it is right, and own small tables where it is wrong or knows nothing."""

import re
from functools import cache
from typing import Final

from narrator.scripting.languages import primary

MAX_DIGITS: Final = 15
"""Longer numbers without separators are read digit by digit."""
_MAX_WORDS: Final = 10**36
"""Nobody counts further."""
_ROMAN: Final = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@cache
def _converter(language: str) -> str:
    """num2words' name for a language; Portuguese is Brazil's unless Portugal is named."""
    from num2words import CONVERTER_CLASSES  # noqa: PLC0415 - loads forty languages

    code = primary(language)
    if code == "pt":
        return "pt" if language.lower().replace("_", "-") == "pt-pt" else "pt_BR"
    return code if code in CONVERTER_CLASSES else ""


def countable() -> frozenset[str]:
    """Primary subtags of the languages that num2words counts in."""
    from num2words import CONVERTER_CLASSES  # noqa: PLC0415 - see _converter

    return frozenset(name for name in CONVERTER_CLASSES if "_" not in name)


def can_count(language: str) -> bool:
    """Whether num2words puts numbers into words in this language."""
    return bool(_converter(language))


@cache
def say(number: int, language: str, form: str = "cardinal", gender: str = "", case: str = "") -> str:
    """A number in words as num2words says it; its figures one by one where it knows no words.

    Args:
        number: Any.
        language: BCP 47.
        form: `cardinal`, `ordinal` or `year`.
        gender: `f`, `n` or `pl` where num2words bends for it.
        case: Russian: `g`, `d`, `a`, `i`, `p`.
    """
    from num2words import num2words  # noqa: PLC0415 - see _converter

    bent: dict[str, str | bool] = {"plural": True} if gender == "pl" else {"gender": gender} if gender else {}
    bent |= {"case": case} if case else {}
    try:
        words = str(num2words(number, lang=_converter(language), to=form, **bent))
    except (NotImplementedError, OverflowError, ArithmeticError, LookupError, TypeError, ValueError):
        return str(number) if number < 10 else digits(str(number), language)
    return re.sub(r"\s+", " ", words.replace(",", "")).strip()


def cardinal(number: int, language: str = "en") -> str:
    """`forty-two`."""
    if abs(number) >= _MAX_WORDS:
        return digits(str(number), language)
    return say(number, language)


def ordinal(number: int, language: str = "en") -> str:
    """`forty-second`."""
    return say(number, language, "ordinal")


def year(number: int, language: str = "en") -> str:
    """`eighteen twelve`."""
    return say(number, language, "year").replace("oh-", "oh ")


def digits(text: str, language: str = "en") -> str:
    """`0 4 2` one by one."""
    return " ".join(say(int(c), language) for c in text if c.isdecimal())


def is_roman(text: str) -> bool:
    """Whether a word is a well-formed Roman numeral, in either case."""
    return bool(text) and text.isascii() and _ROMAN.fullmatch(text.upper()) is not None


def from_roman(text: str) -> int:
    """The value of a Roman numeral."""
    values = [_VALUES[c] for c in text.upper()]
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))
