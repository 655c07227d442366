"""Numbers, ordinals and sums of money in languages other than English: only what is sure."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from narrator.scripting import numbers
from narrator.scripting.languages import primary
from narrator.scripting.rules import Rule

_CODES: Final = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_POINT: Final = {"de": "Komma", "fr": "virgule", "es": "coma", "it": "virgola", "nl": "komma", "pt": "vírgula"}
_GERMAN_MONTHS: Final = "Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_ORDINAL: Final = {
    "de": rf"\b(?P<n>\d{{1,2}})\.(?=\s(?:{_GERMAN_MONTHS})\b)",
    "fr": r"\b(?P<n>\d+)(?:er|ère|e|ème|ième)\b",
    "es": r"\b(?P<n>\d+)\.?[ºª]",
    "it": r"\b(?P<n>\d+)[°ºª]",
    "pt": r"\b(?P<n>\d+)\.?[ºª]",
    "nl": r"\b(?P<n>\d+)(?:ste|de|e)\b",
}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Says figures in one language."""

    language: str

    def number(self, match: re.Match[str]) -> str:
        text = match["n"]
        if len(text) > 1 and text[0] == "0":
            return numbers.digits(text, self.language)
        return numbers.cardinal(_value(text), self.language)

    def decimal(self, match: re.Match[str]) -> str:
        whole = numbers.cardinal(_value(match["n"]), self.language)
        return f"{whole} {_POINT[self.language]} {numbers.digits(match['f'], self.language)}"

    def money(self, match: re.Match[str]) -> str:
        from babel.numbers import get_currency_name  # noqa: PLC0415 - only for texts with sums of money

        count = _value(match["n"] or match["m"])
        name = get_currency_name(_CODES[match["a"] or match["b"]], count=count, locale=self.language)
        cents = f" {numbers.cardinal(int(match['c']), self.language)}" if match["c"] and int(match["c"]) else ""
        return f"{numbers.cardinal(count, self.language)} {name}{cents}"

    def ordinal(self, match: re.Match[str]) -> str:
        bend = "n" if self.language == "de" else ""  # am zwölften Juni
        return numbers.ordinal(_value(match["n"]), self.language) + bend

    def year(self, match: re.Match[str]) -> str:
        return numbers.year(int(match[0]), self.language)


def _value(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _separators(language: str) -> tuple[str, str]:
    """What groups thousands and what stands before decimals."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only for books that are not English

    try:
        symbols = Locale.parse(language).number_symbols
    except UnknownLocaleError:
        return " ", ","
    latin = symbols.get("latn", symbols)
    return str(latin.get("group", " ")), str(latin.get("decimal", ","))


@cache
def rules(language: str) -> tuple[Rule, ...]:
    """The rules for a language; none if nobody can count in it."""
    if not numbers.can_count(language):
        return ()
    reader = _Reader(primary(language))
    group, point = (re.escape(s) for s in _separators(reader.language))
    blank = group if group.strip("\\ \u00a0\u202f") else r"[ \u00a0\u202f]"
    figure = rf"\d{{1,3}}(?:{blank}\d{{3}})+(?!\d)|\d+"
    before, after = rf"(?<![\d{point}])", rf"(?![\d{point}]\d)"
    sums = rf"(?P<a>[€$£¥])\s?(?P<n>{figure}){after}|{before}(?P<m>{figure})(?:{point}(?P<c>\d\d))?\s?(?P<b>[€$£¥])"
    found = [Rule("money", re.compile(sums), reader.money, "[€$£¥]")]
    if reader.language in _ORDINAL:
        found.append(Rule("ordinal", re.compile(_ORDINAL[reader.language]), reader.ordinal, r"\d"))
    if reader.language == "de":
        found.append(Rule("year", re.compile(r"(?<![\d.,])\b1[1-9]\d\d\b(?![.,]\d)"), reader.year, r"\d"))
    if reader.language in _POINT:
        decimal = re.compile(rf"(?<![\w.,])(?P<n>{figure}){point}(?P<f>\d+)(?![\d.,]\d)")
        found.append(Rule("decimal", decimal, reader.decimal, r"\d"))
    number = re.compile(rf"(?<![\w.,:/-])(?P<n>{figure})(?![\w/]|[.,:-]\d)")
    return (*found, Rule("number", number, reader.number, r"\d"))
