"""Recognises figures as the languages of Europe print them, and hands each class to the language to be said."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final, Generic, TypeVar

from narrator.scripting import numbers
from narrator.scripting.spoken.classes import GLYPHS, Amount, Clock, Date
from narrator.scripting.spoken.finding import Match, Rule, any_of
from narrator.scripting.spoken.tongue import Tongue

T = TypeVar("T", bound=Tongue)
START: Final = r"(?<![\w/])(?<!\d[.,:–-])"
"""No figure begins inside a word, a path or other figures."""
NEGATIVE: Final = r"(?P<neg>(?<![^\s(\[“\"‘'?!;:])[-−](?=\d))?"
"""A minus stands free; a hyphen between figures is a range."""
ROMAN: Final = (
    r"(?<![\w.&’'-])(?!XL\b|LI\b)(?P<r>[IVX]{2,}|L[IVX]{1,6}|X[LC][IVX]{0,4}|C{1,3}[IVXL]{2,6})(?![\w&’'-]|\.\w)"
)
"""Words in capitals that are Roman numerals and nothing else."""
SEQUENCE: Final = r"[IVX][IVXLC]+|[LC][IVXLC]+|[IVX](?!\.?\s[A-ZÀ-ÞА-Я])"
"""Roman numerals behind a king's name or a part's: one letter before a capital is an initial (`Otto V. Meyer`)."""
ISO: Final = "USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|HKD|CNY|KRW|INR|RUB|BRL|MXN|SEK|NOK|DKK|PLN|CZK|AED|SGD|ZAR"
_MAX_FIGURES: Final = 36
_GLYPH: Final = "".join(GLYPHS)


class Figures(Generic[T]):
    """The patterns of one language's figures."""

    def __init__(self, tongue: T) -> None:
        self.tongue = tongue
        self.integer = rf"(?:\d{{1,3}}(?:{tongue.group}\d{{3}}){{1,12}}(?!\d)|\d+)"
        point = re.escape(tongue.point)
        self.point = point
        self.before = rf"(?<![\d]{point})(?<![\w])"
        self.after = rf"(?!\d)(?!{point}\d)"
        fraction = rf"[ \u00a0]?(?P<glyph>[{_GLYPH}])|(?:(?<=\d)[ \u00a0])?(?P<top>\d{{1,5}})/(?P<bottom>\d{{1,5}})"
        whole = rf"(?=\d|{point}\d|[{_GLYPH}])(?:(?P<n>{self.integer})(?![\d/]))?"
        self.number = rf"{NEGATIVE}{whole}(?:{point}(?P<part>\d+)|{fraction})?"
        scale = f"(?:[ \u00a0](?P<scale>{any_of(tongue.scales)})(?!\\w))?" if tongue.scales else "(?P<scale>x^)?"
        self.scaled = self.number + scale
        self.month = any_of((*tongue.months, *tongue.short_months))

    # ── what was matched ──────────────────────────────────────────────────────────────────────────────────────────────

    def value(self, text: str) -> int:
        """The value of grouped figures."""
        return int("".join(c for c in text if c.isdecimal()))

    def amount(self, match: Match) -> Amount:
        """The number in a match of `number` or `scaled`."""
        given = match.groupdict()
        top, bottom = GLYPHS.get(given.get("glyph") or "", (int(given.get("top") or 0), int(given.get("bottom") or 0)))
        return Amount(
            whole=self.value(given["n"]) if given.get("n") else None,
            part=given.get("part") or "",
            negative=bool(given.get("neg")),
            top=top,
            bottom=bottom,
            scale=given.get("scale") or "",
        )

    def month_of(self, name: str) -> int:
        """1 … 12 by a month's name, short or long, in any case."""
        plain = name.casefold()
        for number, month in enumerate(self.tongue.months, start=1):
            if month.casefold() == plain:
                return number
        return next(n for short, n in self.tongue.short_months.items() if short.casefold() == plain)

    # ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def long(self) -> tuple[Rule, ...]:
        """More figures than anybody counts."""
        return (Rule("number", re.compile(rf"\d{{{_MAX_FIGURES + 1},}}"), lambda m: self.tongue.digits(m[0])),)

    def web(self) -> tuple[Rule, ...]:
        """Addresses of the web and of mail."""
        address = (
            r"\b(?:https?://|www\.)[^\s<>\"”“’»]*[\w/]"
            r"|(?<![\w.@])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
            r"|(?<![\w.@/-])[a-z][a-z\d-]{1,62}(?:\.[a-z\d-]{2,62}){0,3}\.(?:com|org|net|edu|gov)(?:\.[a-z]{2})?\b(?:/[\w/.-]*\w)?"
        )
        return (
            Rule(
                "address",
                re.compile(address),
                lambda m: self.tongue.web(m[0]),
                r"://|www\.|@|\.(?:com|org|net|edu|gov)",
            ),
        )

    def telephone(self) -> tuple[Rule, ...]:
        """`555-1234`, `+49 (411) 1234-1234`, `192.168.1.1`."""
        number = (
            START + r"(?:\+\d{1,3}[ -]?)?(?:\(\d{2,5}\)[ -]?)?\d{2,5}(?:[-.]\d{2,5}){1,4}(?![\w/]|[.,-]\d)"
            r"|(?<![\w.-])1-\d{3}-\d{3}-\d{4}(?![\w-])|(?<![\w.])\+\d[\d -]{6,20}\d(?!\w)"
            r"|(?<![\w.,/-])(?:\(\d{2,5}\)[ -]?)\d[\d -]{4,14}\d(?!\w)"
        )
        return (
            Rule("telephone", re.compile(START + r"\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"), self._dotted),
            Rule("telephone", re.compile(number), self._telephone, r"\d[-.\d )]+\d"),
        )

    def _dotted(self, match: Match) -> str | None:
        groups = match[0].split(".")
        if self.tongue.group.startswith(r"[.") and all(len(g) == 3 for g in groups[1:]):
            return None
        return f" {self.tongue.w_dot} ".join(self.tongue.digits(group) for group in groups)

    def _telephone(self, match: Match) -> str | None:
        text = match[0]
        groups = re.findall(r"\d+", text)
        n_digits = sum(map(len, groups))
        pair = len(groups) == 2 and re.fullmatch(r"\d{3,5}-\d{4}", text) and len(groups[0]) != len(groups[1])
        national = pair and (groups[0] == "555" or int(groups[0]) > int(groups[1]))  # 850-1066 are years, or pages
        foreign = text.startswith(("+", "("))
        if not 7 <= n_digits <= 15 or not (foreign or national or (len(groups) >= 3 and "-" in text)):
            return None
        if len(groups) >= 3 and not foreign and len(groups[-1]) < 2:
            return None
        return self.tongue.telephone(text)

    def money(self) -> tuple[Rule, ...]:
        """`£5`, `5,50 €`, `EUR 20`, `$2.5 million`."""
        signs = any_of(self.tongue.coins)
        if not signs:
            return ()
        # A coin's letters stand behind: `6 руб. 35 коп.` is six roubles.
        first = any_of(coin for coin in self.tongue.coins if not coin[-1].isalpha() and coin[-1] != ".")
        ahead = rf"(?<!\w)(?:(?P<coin>{first})|(?P<code>{ISO})\b)\s?{self.scaled}{self.after}"
        behind = rf"{self.before}{self.scaled}[ \u00a0\u202f]?(?:(?P<coin>{signs})(?!\w)|(?P<code>{ISO})\b)"
        needs = f"{signs}|{ISO}"
        return tuple(Rule("money", re.compile(p), self._money, needs) for p in (ahead, behind))

    def _money(self, match: Match) -> str | None:
        amount = self.amount(match)
        code = match["code"]
        coin = self.tongue.currency(code, amount) if code else self.tongue.coins[match["coin"]]
        return None if coin is None else self.tongue.money(amount, coin)

    def percent(self) -> tuple[Rule, ...]:
        """`5 %`."""
        pattern = re.compile(rf"{self.before}{self.scaled}\s?(?:%|٪|％)")
        return (Rule("percent", pattern, self._percent, "[%٪％]"),)

    def _percent(self, match: Match) -> str | None:
        said = self.tongue.amount(self.amount(match))
        return said and f"{said} {self.tongue.w_percent}"

    def measures(self) -> tuple[Rule, ...]:
        """`20 km`, `38 °C`; `5 m/s` as metres per second."""
        symbols = any_of(self.tongue.units)
        pattern = re.compile(
            rf"{self.before}{self.scaled}[ \u00a0\u202f-]?(?P<unit>{symbols})(?P<bend>[23])?"
            r"(?![\w²³/])(?:\.(?=\s[^A-ZÀ-ÞА-Я]|,))?"
        )
        degrees = re.compile(rf"{self.before}{self.number}\s?(?P<unit>°)\s?(?P<bend>[CFcf](?!\w))?(?!\w)")
        return (
            Rule("measure", degrees, self._degrees, "°"),
            Rule("measure", pattern, self._measure),
        )

    def _degrees(self, match: Match) -> str | None:
        symbol = f"°{(match['bend'] or '').upper()}"
        amount = self.amount(match)
        return self.tongue.counted(amount, self.tongue.unit(symbol, amount))

    def _measure(self, match: Match) -> str | None:
        symbol = match["unit"] + {"2": "²", "3": "³"}.get(match["bend"] or "", "")
        if symbol not in self.tongue.units:
            return None
        amount = self.amount(match)
        return self.tongue.counted(amount, self.tongue.unit(symbol, amount))

    def fractions(self) -> tuple[Rule, ...]:
        """`½`, `2½`, `3/4`, `2 3/4`."""
        glyph = re.compile(rf"(?<![\d/])(?:(?<!\w){NEGATIVE}(?P<n>{self.integer})\s?)?(?P<glyph>[{_GLYPH}])")
        slashed = re.compile(
            rf"(?<![\w/.,]){NEGATIVE}(?:(?P<n>\d+)[ \u00a0])?(?P<top>\d{{1,5}})"
            r"[/⁄](?P<bottom>\d{1,5})(?![\w/⁄]|[.,]\d)"
        )
        return (
            Rule("fraction", glyph, self._fraction, f"[{_GLYPH}]"),
            Rule("fraction", slashed, self._fraction, "[/⁄]"),
        )

    def _fraction(self, match: Match) -> str | None:
        amount = self.amount(match)
        return self.tongue.amount(amount) if amount.bottom else None

    def dates(self) -> tuple[Rule, ...]:
        """`31.12.1999`, `1999-12-31`."""
        dmy = START + r"(?P<d>\d{1,2})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4})(?!\w|[./-]\d)"
        ymd = START + r"(?P<y>\d{4})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\w|[./-]\d)"
        return tuple(Rule("date", re.compile(p), self._figures, r"\d[./-]\d") for p in (dmy, ymd))

    def _figures(self, match: Match) -> str | None:
        day, month, year = int(match["d"]), int(match["m"]), int(match["y"])
        if month > 12 >= day > 0:
            day, month = month, day
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        return self.tongue.date(Date(day=day, month=month, year=year))

    def times(self, pattern: str) -> Rule:
        """Times of day printed as `pattern`, with groups `h`, `m` and `s`."""
        return Rule("time", re.compile(pattern), self._time)

    def _time(self, match: Match) -> str | None:
        given = match.groupdict()
        hour, minute = int(given["h"]), int(given.get("m") or 0)
        if hour > 24 or minute > 59 or int(given.get("s") or 0) > 59:
            return None
        second = int(given["s"]) if given.get("s") else None
        return self.tongue.time(Clock(hour=hour, minute=minute, second=second))

    def ranges(self) -> tuple[Rule, ...]:
        """The dash of `3–4`; nothing goes up to nought, as in a score of `2-0`."""
        between = re.compile(r"(?<=[\d%°½¼¾])[ \u00a0]?[-–—‒][ \u00a0]?(?=[$£€¥]?\d)(?!0(?![\d.,]))")
        return (Rule("range", between, lambda _m: f" {self.tongue.w_to} ", r"[\d%°½¼¾]\s?[-–—‒]\s?[$£€¥]?\d"),)

    def plain(self) -> tuple[Rule, ...]:
        """Decimals, whole numbers, and the dots of `2.3.1`: what no other rule has taken."""
        dot = self.tongue.w_point if self.tongue.point == "." else self.tongue.w_dot
        bare = r"|(?<![\w.])(?=\.\d)" if self.tongue.point == "." else ""
        decimal = re.compile(
            rf"{self.before}{NEGATIVE}(?:(?P<n>{self.integer}){bare}){self.point}(?P<part>\d+){self.after}"
        )
        number = re.compile(rf"{NEGATIVE}(?<!\d)(?P<n>{self.integer})(?!\d)")
        return (
            Rule("decimal", decimal, lambda m: self.tongue.amount(self.amount(m)), rf"\d{self.point}\d"),
            Rule("number", number, self._number),
            Rule("number", re.compile(r"(?<=\d)\.(?=\d)"), lambda _m: f" {dot} ", r"\d\.\d"),
        )

    def _number(self, match: Match) -> str:
        text = match["n"]
        minus = f"{self.tongue.w_minus} " if match["neg"] else ""
        padded = text[0] == "0" and len(text) > 1 and not minus
        if text.isdecimal() and (padded or len(text) > numbers.MAX_DIGITS):
            return minus + self.tongue.digits(text)
        return minus + self.tongue.cardinal(self.value(text), self.tongue.gender_of(_next_word(match)))

    def sequence(self, words: str, say: Callable[[Match, int], str | None]) -> Rule:
        """A Roman numeral behind one of these words, given to `say` with its value."""
        pattern = re.compile(rf"\b(?P<word>{words})[ \u00a0](?P<r>{SEQUENCE})\b(?!['’])")
        return Rule("roman", pattern, partial(_roman, say), "[IVXLC]")

    def roman(self) -> Rule:
        """A Roman numeral that stands alone and is no word: `XIV`, `CXII`."""
        return Rule("roman", re.compile(ROMAN), partial(_roman, lambda _m, n: self.tongue.cardinal(n)), "[IVXLC]{2}")


def _roman(say: Callable[[Match, int], str | None], match: Match) -> str | None:
    return say(match, numbers.from_roman(match["r"])) if numbers.is_roman(match["r"]) else None


_NEXT: Final = re.compile(r"[ \u00a0](\w+)")


def _next_word(match: Match) -> str:
    found = _NEXT.match(match.string, match.end())
    return found[1] if found else ""
