"""Languages without a file of their own: only what is sure, by what num2words and the locale data know of them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from narrator.scripting import numbers
from narrator.scripting.languages import primary
from narrator.scripting.spoken.classes import Amount, Coin
from narrator.scripting.spoken.figures import START, Figures
from narrator.scripting.spoken.finding import Match, Rule
from narrator.scripting.spoken.tongue import Tongue

_POINT = {"nl": "komma", "sv": "komma", "da": "komma", "no": "komma", "nb": "komma", "pl": "przecinek"}
_ORDINAL = {"nl": START + r"(?P<n>\d{1,6})(?:ste|de|e)\b"}
_CODES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}


def _separators(language: str) -> tuple[str, str]:
    """What groups thousands, as a set of characters, and what stands before decimals."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only for books in these languages

    try:
        symbols = Locale.parse(language).number_symbols
    except (UnknownLocaleError, ValueError):
        return "[ \u00a0\u202f]", ","
    latin = symbols.get("latn", symbols)
    group = str(latin.get("group", " "))
    return f"[{re.escape(group)}]" if group.strip() else "[ \u00a0\u202f]", str(latin.get("decimal", ","))


def _tongue(language: str) -> Tongue:
    thousands, decimals = _separators(language)

    class Plain(Tongue):
        """What is known of the language."""

        code = language
        group = thousands
        point = decimals
        w_point = _POINT.get(language, "")

        def coin(self, coin: Coin, amount: Amount, *, part: bool = False) -> str:  # noqa: ARG002 - whole coins only
            """The currency's name in the locale data."""
            found = self.currency(coin.one, amount)
            return found.one if found else coin.one

        coins: ClassVar[Mapping[str, Coin]] = {sign: Coin(name, name) for sign, name in _CODES.items()}

    return Plain()


@cache
def rules(language: str) -> tuple[Rule, ...]:
    """The rules for a language; none if nobody can count in it."""
    code = primary(language)
    if not numbers.can_count(code):
        return ()
    figures = Figures(_tongue(code))
    say = figures.tongue

    def number(match: Match) -> str:
        text = match["n"]
        return say.digits(text) if len(text) > 1 and text[0] == "0" else say.cardinal(figures.value(text))

    whole = re.compile(rf"(?<![\w.,:/-])(?P<n>{figures.integer})(?![\w/]|[.,:-]\d)")
    ordinal = _ORDINAL.get(code)
    ordinals = (Rule("ordinal", re.compile(ordinal), lambda m: say.ordinal(int(m["n"]))),) if ordinal else ()
    decimals = figures.plain()[:1] if say.w_point else ()
    return (*figures.long(), *figures.money(), *ordinals, *decimals, Rule("number", whole, number))
