"""What Chinese, Japanese and Korean share: numbers by ten thousands, fractions from the bottom, no spaces."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from narrator.scripting.spoken.classes import UNITS
from narrator.scripting.spoken.figures import ISO
from narrator.scripting.spoken.finding import Match, Rule, any_of

_N: Final = r"(?P<n>\d{1,3}(?:[,，]\d{3}){1,6}(?!\d)|\d+)"
_NEG: Final = r"(?P<neg>(?<![A-Za-z\d.)）年月日时時시분-])[-−－])?"
_NUMBER: Final = rf"{_NEG}{_N}(?:[.．](?P<part>\d+))?"
_NOT_IN_WORD: Final = r"(?<![A-Za-z\d.])"
_DASH: Final = r"\s?[-–—−~〜～]\s?"
_NEAR: Final = 8
"""How far before a wave dash a figure makes it a span, and not a drawn-out vowel."""
MAX_DIGITS: Final = 20
"""Longer numbers are read figure by figure."""


class EastAsian:
    """A language: its tables, and how it puts each class into words."""

    code: ClassVar[str] = ""
    zeros: ClassVar[str] = ""
    """The ten figures."""
    smalls: ClassVar[tuple[str, ...]] = ()
    """Names of 1, 10, 100, 1000."""
    bigs: ClassVar[tuple[str, ...]] = ()
    """Names of the powers of ten thousand, from 1."""
    big_signs: ClassVar[str] = ""
    """Those that stand behind figures in print."""
    gap: ClassVar[str] = ""
    """Between a number and its unit."""
    w_point: ClassVar[str] = ""
    w_minus: ClassVar[str] = ""
    w_to: ClassVar[str] = ""
    w_percent: ClassVar[str] = ""
    w_and: ClassVar[str] = ""
    parts_of: ClassVar[str] = ""
    """Between the bottom of a fraction and its top."""
    marks: ClassVar[tuple[str, str, str]] = ("", "", "")
    """Year, month, day."""
    clock: ClassVar[tuple[str, str, str]] = ("", "", "")
    """Hour, minute, second."""
    coins: ClassVar[Mapping[str, str]] = {}
    units: ClassVar[Mapping[str, str]] = {}
    particles: ClassVar[str] = ""
    """What may follow a fraction and bends with it, as a pattern."""

    def cardinal(self, number: int) -> str:
        """A number in words."""
        raise NotImplementedError

    def digits(self, text: str) -> str:
        """Figures one by one."""
        return "".join(self.zeros[int(c)] for c in text if c.isdecimal())

    def value(self, text: str) -> int:
        """The value of figures."""
        return int("".join(c for c in text if c.isdecimal()))

    def whole(self, text: str) -> str:
        """Printed figures in words; figure by figure where they begin with nought or nobody counts so far."""
        plain = "".join(c for c in text if c.isdecimal())
        if len(plain) > MAX_DIGITS or (len(plain) > 2 and self.value(plain[0]) == 0):
            return self.digits(plain)
        return self.cardinal(int(plain))

    def number(self, match: Match) -> str:
        """A whole or decimal number."""
        minus = self.w_minus if match["neg"] else ""
        part = match.groupdict().get("part")
        return f"{minus}{self.whole(match['n'])}{self.w_point + self.digits(part) if part else ''}"

    def percent(self, match: Match) -> str:
        """`5%`."""
        return f"{self.number(match)}{self.gap}{self.w_percent}"

    def fraction(self, match: Match) -> str | None:
        """`1/3`, `2 1/3`."""
        top, bottom = self.value(match["top"]), self.value(match["bottom"])
        if not bottom:
            return None
        whole = f"{self.cardinal(self.value(match['n']))}{self.w_and}" if match["n"] else ""
        minus = self.w_minus if match["neg"] else ""
        unit = f"{self.gap}{self.unit(match['unit'])}" if match["unit"] else ""
        said = f"{minus}{whole}{self.cardinal(bottom)}{self.parts_of}{self.cardinal(top)}{unit}"
        return said + self.particle(said, match["particle"]) if match["particle"] else said

    def particle(self, before: str, printed: str) -> str:  # noqa: ARG002 - Korean bends it
        """The particle behind a fraction."""
        return printed

    def money(self, match: Match) -> str | None:
        """`$5`."""
        coin = match["coin"]
        name = self.coins.get(coin) or self.currency(coin)
        return name and f"{self.number(match)}{match['big'] or ''}{self.gap}{name}"

    def currency(self, code: str) -> str:
        """A currency by its three letters."""
        from babel.numbers import get_currency_name  # noqa: PLC0415 - only for texts with sums of money

        return str(get_currency_name(code, locale=self.code))

    def span(self, match: Match) -> str | None:
        """The wave dash of `3月〜5月`."""
        before = match.string[max(0, match.start() - _NEAR) : match.start()]
        return self.w_to if any(c.isdecimal() for c in before) else None

    def unit(self, symbol: str) -> str:
        """A unit's name: from the language's own list or the Unicode locale data."""
        if symbol in self.units:
            return self.units[symbol]
        from babel.units import format_unit  # noqa: PLC0415 - only for texts with measures

        said: str = format_unit(5, UNITS[symbol], "long", format="0", locale=self.code)
        return "" if "5" not in said or "-" in said else said.replace("5", "").replace(" ", "")

    def measure(self, match: Match) -> str | None:
        """`25kg`."""
        name = self.unit(match["unit"])
        return name and f"{self.number(match)}{self.gap}{name}"

    def year(self, text: str) -> str:
        """A year of the calendar."""
        return self.cardinal(self.value(text))

    def month(self, number: int) -> str:
        """A month by its number."""
        return f"{self.cardinal(number)}{self.marks[1]}"

    def day(self, number: int) -> str:
        """A day of the month."""
        return f"{self.cardinal(number)}{self.marks[2]}"

    def date(self, match: Match) -> str | None:
        """`2024/01/30`."""
        month, day = int(match["m"]), int(match["d"])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        return f"{self.year(match['y'])}{self.marks[0]}{self.gap}{self.month(month)}{self.gap}{self.day(day)}"

    def hour(self, number: int, before: str) -> str:  # noqa: ARG002 - Korean asks what stands before
        """An hour of the clock."""
        return f"{self.cardinal(number)}{self.clock[0]}"

    def time(self, match: Match) -> str | None:
        """`10:30`."""
        hour, minute, second = int(match["h"]), int(match["m"]), int(match["s"] or 0)
        if hour > 24 or minute > 59 or second > 59:
            return None
        said = [self.hour(hour, match.string[max(0, match.start() - 4) : match.start()])]
        said += [f"{self.cardinal(minute)}{self.clock[1]}"] if minute else []
        said += [f"{self.cardinal(second)}{self.clock[2]}"] if second else []
        return self.gap.join(said)

    def telephone(self, match: Match) -> str | None:
        """`123-123-5678`."""
        groups = re.findall(r"\d+", match[0])
        if not 7 <= sum(map(len, groups)) <= 16:
            return None
        return (self.gap or "，").join(self.digits(group) for group in groups)

    def own(self) -> tuple[Rule, ...]:
        """Rules of this language alone, tried first."""
        return ()

    def rules(self) -> tuple[Rule, ...]:
        """The rules, most trusted first."""
        coins, units = any_of({*self.coins, *ISO.split("|")}), any_of({*UNITS, *self.units})
        big = f"(?P<big>[{self.big_signs}])?"
        phone = (
            r"(?<![A-Za-z\d.+-])\(?\+?\d{1,4}\)?(?:[- .]\(?\d{2,5}\)?){2,4}(?![\d-])"
            r"|(?<![A-Za-z\d.+-])0\d{1,3}-\d{6,8}(?![\d-])"
        )
        return (
            Rule("number", re.compile(rf"\d{{{MAX_DIGITS + 1},}}"), lambda m: self.digits(m[0])),
            Rule(
                "date",
                re.compile(r"(?<![\d/.-])(?P<y>\d{4})(?P<s>[/.-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\d/])"),
                self.date,
                r"\d[/.-]\d",
            ),
            Rule("telephone", re.compile(phone), self._phone, r"\d[-) .]+\(?\d"),
            *self.own(),
            Rule(
                "time",
                re.compile(r"(?<![\d:：.])(?P<h>\d{1,2})[:：](?P<m>\d\d)(?:[:：](?P<s>\d\d))?(?![\d:：])"),
                self.time,
                "[:：]",
            ),
            Rule("money", re.compile(rf"(?P<coin>{coins})\s?{_NUMBER}{big}"), self.money, coins),
            Rule("percent", re.compile(rf"{_NUMBER}\s?[%％]"), self.percent, "[%％]"),
            Rule(
                "fraction",
                re.compile(
                    rf"(?<![\d/.]){_NEG}(?:{_N}(?:[ 又]))?(?P<top>\d{{1,6}})[/⁄／](?P<bottom>\d{{1,6}})(?![\d/])"
                    rf"(?:\s?(?P<unit>{units})(?![A-Za-z\d²³/]))?(?P<particle>{self.particles or 'x^'})?"
                ),
                self.fraction,
                "[/⁄／]",
            ),
            Rule("measure", re.compile(rf"{_NOT_IN_WORD}{_NUMBER}\s?(?P<unit>{units})(?![A-Za-z\d²³/])"), self.measure),
            Rule("range", re.compile(r"[〜～~](?=[^\d\s。、]{0,4}\d)"), self.span, "[〜～~]"),
            Rule("range", re.compile(rf"(?<=[\d年月日時号])(?:{_DASH})(?=[\d同])"), lambda _m: self.w_to, r"\d"),
            Rule("number", re.compile(rf"{_NEG}(?<![\d.]){_N}(?:[.．](?P<part>\d+))?(?![.．]\d)"), self.number),
            Rule("number", re.compile(r"(?P<neg>x^)?(?P<n>\d+)"), self.number),
        )

    def _phone(self, match: Match) -> str | None:
        return self.telephone(match) if "-" in match[0] or "(" in match[0] or match[0].startswith("+") else None


def in_ten_thousands(number: int) -> list[tuple[int, int]]:
    """A number's groups of four figures, from the largest: value and power of ten thousand, noughts left out."""
    groups: list[tuple[int, int]] = []
    power = 0
    while number:
        number, group = divmod(number, 10_000)
        if group:
            groups.insert(0, (group, power))
        power += 1
    return groups
