"""How a language puts each class into words. What most languages of Europe share is here; each bends it to its own."""

import re
from collections.abc import Mapping
from typing import ClassVar

from narrator.scripting import numbers
from narrator.scripting.spoken.classes import UNITS, Amount, Clock, Coin, Date


class Tongue:
    """A language: how its figures are printed, and how each class is said."""

    code: ClassVar[str] = ""
    group: ClassVar[str] = r"[.\u00a0\u202f\u2009 ]"
    """Between thousands."""
    point: ClassVar[str] = ","
    months: ClassVar[tuple[str, ...]] = ()
    short_months: ClassVar[Mapping[str, int]] = {}
    scales: ClassVar[tuple[str, ...]] = ()
    coins: ClassVar[Mapping[str, Coin]] = {}
    units: ClassVar[tuple[str, ...]] = tuple(UNITS)
    year_suffix: ClassVar[str] = ""
    feminine: ClassVar[str] = r"$^"
    """Nouns after which a number is feminine, as a pattern of their ends."""
    w_point: ClassVar[str] = ""
    w_minus: ClassVar[str] = "minus"
    w_to: ClassVar[str] = ""
    w_and: ClassVar[str] = ""
    """Between a whole and a fraction."""
    w_change: ClassVar[str] = ""
    """Between money and its small change."""
    w_of: ClassVar[str] = ""
    """Between a million and what there is of it."""
    w_percent: ClassVar[str] = ""
    w_per: ClassVar[str] = ""
    w_dot: ClassVar[str] = "dot"
    w_at: ClassVar[str] = "at"
    w_slash: ClassVar[str] = "slash"
    w_dash: ClassVar[str] = "minus"
    w_underscore: ClassVar[str] = "underscore"
    country_whole: ClassVar[bool] = False
    """Whether the two figures of a country's telephone number are said as one number."""
    signs: ClassVar[Mapping[str, str]] = {}
    abbreviations: ClassVar[Mapping[str, str]] = {}
    """Without the last full stop; a key with a capital holds only before a name."""
    before_figures: ClassVar[Mapping[str, str]] = {}

    # ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def cardinal(self, number: int, gender: str = "") -> str:  # noqa: ARG002 - for the languages that bend
        """`42` in words; `gender` is `f` before a feminine noun."""
        return numbers.cardinal(number, self.code)

    def ordinal(self, number: int, gender: str = "") -> str:  # noqa: ARG002 - as above
        """`42nd` in words."""
        return numbers.ordinal(number, self.code)

    def year(self, number: int) -> str:
        """A year in words."""
        return self.cardinal(number)

    def digits(self, text: str) -> str:
        """Figures one by one."""
        return numbers.digits(text, self.code)

    def decimals(self, part: str) -> str:
        """What follows the decimal sign."""
        return self.digits(part)

    def fraction(self, top: int, bottom: int) -> str | None:
        """`3/4`; None where nobody would read a fraction."""
        return f"{self.cardinal(top)} {self.ordinal(bottom)}"

    def amount(self, amount: Amount, gender: str = "") -> str | None:
        """A number of any kind in words."""
        words: list[str | None] = [self.w_minus] if amount.negative else []
        if amount.bottom:
            fraction = self.fraction(amount.top, amount.bottom)
            words += [self.cardinal(amount.whole, gender), self.w_and] if amount.whole else []
            words.append(fraction)
            if fraction is None:
                return None
        else:
            words.append(self.cardinal(amount.whole or 0, gender if not amount.part else ""))
            words += [self.w_point, self.decimals(amount.part)] if amount.part else []
        words.append(amount.scale)
        return " ".join(word for word in words if word)

    # ── things counted ────────────────────────────────────────────────────────────────────────────────────────────────

    def gender_of(self, noun: str) -> str:
        """`f` for a feminine noun."""
        return "f" if re.search(self.feminine, noun.split(" ", maxsplit=1)[0]) else ""

    def counted(self, amount: Amount, noun: str) -> str | None:
        """`two miles`, `2.5 million dollars`."""
        said = self.amount(amount, "" if amount.scale else self.gender_of(noun))
        return said and " ".join(word for word in (said, self.w_of if amount.scale else "", noun) if word)

    def unit(self, symbol: str, amount: Amount) -> str:
        """A unit's name in the number that the amount asks for."""
        from babel.units import format_unit  # noqa: PLC0415 - only for texts with measures

        said: str = format_unit(amount.count, UNITS[symbol], "long", format="0.#", locale=self.code)
        return re.sub(r"^[\d.,\s]+|[\d.,\s]+$", "", said).replace("\u00a0", " ")

    def coin(self, coin: Coin, amount: Amount, *, part: bool = False) -> str:
        """A currency's name, or its hundredth's."""
        one, many = (coin.part_one, coin.part_many) if part else (coin.one, coin.many)
        return one if amount.count == 1 else many

    def money(self, amount: Amount, coin: Coin) -> str | None:
        """`two pounds and five pence`."""
        part = amount.part.rstrip("0")
        if amount.scale or len(part) > 2 or (part and not coin.part_one):
            return self.counted(amount, self.coin(coin, amount))
        whole = Amount(whole=amount.whole or 0, negative=amount.negative)
        small = Amount(whole=int(part.ljust(2, "0")) if part else 0)
        sums = [self.counted(whole, self.coin(coin, whole))] if whole.whole or not small.whole else []
        sums += [self.counted(small, self.coin(coin, small, part=True))] if small.whole else []
        return f" {self.w_change} ".replace("  ", " ").join(each for each in sums if each)

    def currency(self, code: str, amount: Amount) -> Coin | None:
        """A currency by its three letters; None if there is none."""
        from babel import Locale  # noqa: PLC0415 - only for texts with sums of money
        from babel.numbers import get_currency_name  # noqa: PLC0415 - as above

        if code not in Locale.parse(self.code).currencies:
            return None
        name = get_currency_name(code, count=amount.count, locale=self.code)
        return Coin(name, name)

    # ── dates and times ───────────────────────────────────────────────────────────────────────────────────────────────

    def date(self, date: Date) -> str:
        """`1 May 1805` in words."""
        day = self.day(date.day) if date.day else ""
        year = self.year(date.year) if date.year else ""
        return " ".join(word for word in (day, self.months[date.month - 1], year) if word)

    def day(self, day: int) -> str:
        """A day of the month."""
        return self.cardinal(day)

    def time(self, clock: Clock) -> str:
        """`14:30` in words."""
        return f"{self.cardinal(clock.hour)} {self.cardinal(clock.minute) if clock.minute else ''}".strip()

    # ── addresses of the web and the telephone ────────────────────────────────────────────────────────────────────────

    def web(self, text: str) -> str:
        """A web or mail address, without what every address begins with."""
        text = re.sub(r"^https?://", "", text, flags=re.IGNORECASE).rstrip("/.")
        for sign, word in (
            (".", self.w_dot),
            ("/", self.w_slash),
            ("@", self.w_at),
            ("-", self.w_dash),
            ("_", self.w_underscore),
        ):
            text = text.replace(sign, f" {word} ")
        figures = re.sub(r"\d+", lambda m: f" {self.digits(m[0])} ", re.sub(r"[?&=#:%+~*,;!$()']", " ", text))
        return " ".join(figures.split())

    def telephone(self, text: str) -> str:
        """Figures one by one, a breath between groups."""
        groups = re.findall(r"\d+", text)
        said = [self.digits(group) for group in groups]
        if text.startswith("+"):
            country = self.cardinal(int(groups[0])) if self.country_whole and len(groups[0]) == 2 else said[0]
            said[0] = f"{self.signs.get('+', '')} {country}"
        return ", ".join(said)
