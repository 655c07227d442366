"""Figures as an English reader says them: money, dates, times, fractions, years, numbers."""

import re
from typing import Final

from narrator.scripting import numbers
from narrator.scripting.numbers import cardinal, ordinal, year
from narrator.scripting.rules import Rule

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH: Final = r"(?:Jan|Feb|Febr|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.|(?:" + "|".join(_MONTHS) + r")\b"
_N: Final = r"\d{1,3}(?:,\d{3})+|\d+"
_SCALE: Final = r"hundred|thousand|million|billion|trillion"
_COINS: Final = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
}
_FRACTIONS: Final = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
_MEASURED: Final = (
    r"(?!\s?(?:men|women|people|persons|soldiers|troops|pounds|dollars|francs|miles|feet|yards|acres|tons|years|days|hours"
    r"|times|horses|ships|souls|copies|inhabitants|volumes|pages|lbs?|km|kilomet|met(?:er|re)s?|per\b|%|°))"
)


def integer(text: str) -> int:
    """`3,450` → 3450."""
    return int(text.replace(",", ""))


def _month(text: str) -> str:
    start = text.rstrip(".")[:3]
    return next(m for m in _MONTHS if m.startswith(start))


def _counted(n: int, one: str, many: str) -> str:
    return f"{cardinal(n)} {one if n == 1 else many}"


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _old_money(match: re.Match[str]) -> str | None:
    parts = [
        _counted(integer(match[group]), one, many)
        for group, one, many in (("l", "pound", "pounds"), ("s", "shilling", "shillings"), ("d", "penny", "pence"))
        if match[group]
    ]
    alone = match["s"] and int(match["s"]) < 20 and match[0].endswith(".")
    return " ".join(parts) if len(parts) > 1 or alone else None


def _money(match: re.Match[str]) -> str:
    one, many, cent, cents = _COINS[match["coin"]]
    whole, part, scale = integer(match["n"]), match["part"], match["scale"]
    if scale:
        amount = numbers.decimal(str(whole), part) if part else cardinal(whole)
        return f"{amount} {scale} {many}"
    spoken = _counted(whole, one, many)
    if not part or not int(part):
        return spoken
    small = _counted(int(part.ljust(2, "0")[:2]), cent, cents)
    return small if not whole else f"{spoken} and {small}"


# ── dates and times ───────────────────────────────────────────────────────────────────────────────────────────────────


def _day_first(match: re.Match[str]) -> str | None:
    if not 1 <= int(match["d"]) <= 31:
        return None
    of = "" if match["the"] else "the "
    suffix = f", {year(int(match['y']))}" if match["y"] else ""
    return f"{match['the'] or ''}{of}{ordinal(int(match['d']))} of {_month(match['m'])}{suffix}"


def _month_first(match: re.Match[str]) -> str | None:
    if not 1 <= int(match["d"]) <= 31:
        return None
    suffix = f", {year(int(match['y']))}" if match["y"] else ""
    return f"{_month(match['m'])} {ordinal(int(match['d']))}{suffix}"


def _in_figures(day: int, month: int, year_: int) -> str | None:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return f"{_MONTHS[month - 1]} {ordinal(day)}, {year(year_)}"


def _iso(match: re.Match[str]) -> str | None:
    return _in_figures(int(match["d"]), int(match["m"]), int(match["y"]))


def _american(match: re.Match[str]) -> str | None:
    a, b, y = int(match["a"]), int(match["b"]), int(match["y"])
    return _in_figures(b, a, y) or _in_figures(a, b, y)


def _british(match: re.Match[str]) -> str | None:
    a, b, y = int(match["a"]), int(match["b"]), int(match["y"])
    return _in_figures(a, b, y) or _in_figures(b, a, y)


def _time(match: re.Match[str]) -> str | None:
    hour, minute = int(match["h"]), int(match["m"] or 0)
    if hour > 24 or minute > 59:
        return None
    half = f" {match['half'][0].upper()} M" if match["half"] else ""
    if not minute:
        return f"{cardinal(hour)}{half or ' o’clock'.replace('’', chr(39))}"
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}{half}"


def _decade(match: re.Match[str]) -> str:
    tens = int(match["y"]) % 100
    words = year(int(match["y"]))
    return words[:-1] + "ies" if tens and words.endswith("y") else words + "s"


def _years(match: re.Match[str]) -> str | None:
    first, second = int(match["a"]), match["b"]
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    return f"{year(first)} to {year(last) if len(second) == 4 else cardinal(last % 100)}" if last > first else None


# ── fractions ───────────────────────────────────────────────────────────────────────────────────────────


def _fraction(top: int, bottom: int) -> str | None:
    if not 0 < top < bottom or bottom == 1:
        return None
    names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    one, many = names.get(bottom, (ordinal(bottom), ordinal(bottom) + "s"))
    return f"{'one' if top == 1 else cardinal(top)} {one if top == 1 else many}"


def _glyph(match: re.Match[str]) -> str | None:
    spoken = _fraction(*_FRACTIONS[match["f"]])
    if not match["n"]:
        return "half" if match["f"] == "½" else spoken
    spoken = (spoken or "").replace("one ", "a ", 1) if (spoken or "").startswith("one ") else spoken
    return f"{cardinal(integer(match['n']))} and {spoken}"


def _slashed(match: re.Match[str]) -> str | None:
    top, bottom = int(match["a"]), int(match["b"])
    spoken = _fraction(top, bottom) if bottom <= 20 or bottom in {100, 1000} else None
    if spoken is None:
        return f"{cardinal(top)} {cardinal(bottom)}" if not match["n"] else None
    if not match["n"]:
        return spoken
    return f"{cardinal(integer(match['n']))} and {'a ' + spoken[4:] if top == 1 else spoken}"


def _decimal(match: re.Match[str]) -> str:
    sign = "minus " if match["sign"] else ""
    return sign + numbers.decimal((match["n"] or "").replace(",", ""), match["f"])


def _number(match: re.Match[str]) -> str:
    text = match["n"].replace(",", "")
    sign = "minus " if match["sign"] else ""
    if len(text) > 1 and text[0] == "0":
        return sign + numbers.digits(text)
    return sign + cardinal(int(text))


def _spaced(match: re.Match[str]) -> str:
    """A space where figures touch letters: `5lb`, `A4`."""
    text, start, end = match.string, match.start(), match.end()
    left = " " if start and text[start - 1].isalpha() else ""
    right = " " if end < len(text) and text[end].isalpha() else ""
    return f"{left}{_number(match)}{right}"


_D: Final = r"\d"
BEFORE_WORDS: Final = (
    Rule(
        "money",
        re.compile(rf"(?:£\s?(?P<l>{_N})\s?)?(?:\b(?P<s>\d+)\s?s\b\.?,?)(?:\s?(?P<d>\d+)\s?d\b\.?)?"),
        _old_money,
        _D,
    ),
    Rule("money", re.compile(rf"\b(?P<n>{_N})l\."), lambda m: _counted(integer(m["n"]), "pound", "pounds"), r"\dl"),
    Rule(
        "money",
        re.compile(rf"(?P<coin>[$£€¥])\s?(?P<n>{_N})(?:\.(?P<part>\d+))?(?:\s(?P<scale>{_SCALE})\b)?"),
        _money,
        r"[$£€¥]",
    ),
    Rule(
        "date",
        re.compile(
            rf"(?P<the>\bthe\s)?\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|d)?\s(?:of\s)?(?P<m>{_MONTH})(?:,?\s(?P<y>\d{{4}})\b)?"
        ),
        _day_first,
        _D,
    ),
    Rule(
        "date",
        re.compile(rf"\b(?P<m>{_MONTH})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th|d)?\b(?!:)(?:,?\s(?P<y>\d{{4}})\b)?"),
        _month_first,
        _D,
    ),
    Rule("date", re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b"), _iso, _D),
    Rule(
        "time",
        re.compile(r"\b(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s?(?P<half>[ap]\.\s?m\.|[ap]\.?m\b|[AP]\.?M\b\.?)"),
        _time,
        _D,
    ),
    Rule("time", re.compile(r"\b(?P<h>\d{1,2}):(?P<m>\d{2})\b(?!:)(?P<half>x^)?"), _time, _D),
    Rule("decade", re.compile(r"\b(?P<y>1[1-9]\d0|20\d0)['’]?s\b"), _decade, _D),
    Rule("years", re.compile(r"\b(?P<a>1[1-9]\d\d|20\d\d)\s?[-–]\s?(?P<b>\d{4}|\d\d)\b"), _years, _D),
    Rule(
        "ordinal",
        re.compile(rf"\b(?P<n>{_N})(?:st|nd|rd|th|ST|ND|RD|TH|(?<=[23])d)\b"),
        lambda m: ordinal(integer(m["n"])),
        _D,
    ),
    Rule(
        "fraction",
        re.compile(rf"(?:(?P<n>{_N})\s?)?(?P<f>[{''.join(_FRACTIONS)}])"),
        _glyph,
        f"[{''.join(_FRACTIONS)}]",
    ),
    Rule("fraction", re.compile(r"(?<![\d/.])(?:(?P<n>\d+)\s)?(?P<a>\d{1,3})/(?P<b>\d{1,4})(?![\d/])"), _slashed, "/"),
)
"""Tried before titles and abbreviations are."""
AFTER_WORDS: Final = (
    Rule(
        "year",
        re.compile(rf"(?<![\d,.$£€#-])\b(?P<y>1[1-9]\d\d|20\d\d)\b(?![,.]\d){_MEASURED}"),
        lambda m: year(int(m["y"])),
        _D,
    ),
    Rule("range", re.compile(r"(?<=\d)\s?[-–]\s?(?=\d)"), lambda _m: " to ", r"\d\s?[-–]"),
    Rule(
        "decimal",
        re.compile(rf"(?:(?<!\w)(?P<sign>[-−]))?(?<![\w.])(?P<n>{_N})?\.(?P<f>\d+)(?!\.?\d)"),
        _decimal,
        r"\.\d",
    ),
    Rule("number", re.compile(rf"(?:(?<![\w)])(?P<sign>[-−]))?(?<!\d)(?P<n>{_N})(?!\d)"), _spaced, _D),
)
"""Tried after Roman numerals are."""
_FIGURES: Final = re.compile(r"\b(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})\b")


def slashed_date(*, american: bool) -> Rule:
    """12/03/1998 as the country reads it."""
    return Rule("date", _FIGURES, _american if american else _british, "/")
