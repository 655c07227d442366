"""French."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from narrator.scripting import numbers
from narrator.scripting.spoken.abbreviations import abbreviations, signs
from narrator.scripting.spoken.classes import Clock, Coin, Date
from narrator.scripting.spoken.figures import START, Figures
from narrator.scripting.spoken.finding import Match, Rule
from narrator.scripting.spoken.tongue import Tongue

_KINGS: Final = (
    "Louis|Charles|Henri|François|Philippe|Napoléon|Jean|Jacques|Guillaume|Édouard|Edouard|Georges|Frédéric|Léopold|Paul"
    "|Pie|Léon|Grégoire|Innocent|Clément|Benoît|Urbain|Alexandre|Nicolas|Pierre|Catherine|Élisabeth|Ferdinand|Maximilien"
    "|Victor-Emmanuel|Joseph|Alphonse|Ramsès|Ptolémée|Othon|Robert|Richard|Christian|Gustave|Humbert|Albert|Baudouin"
)
_PARTS: Final = (
    "[Cc]hapitre|CHAPITRE|[Tt]ome|[Ll]ivre|[Aa]cte|[Ss]cène|[Pp]artie|[Vv]olume|[Cc]hant|[Aa]rticle|PARTIE|LIVRE|TOME"
)
_OF_ROMAN: Final = "(?:siècle|République|arrondissement|dynastie|livre|chapitre|armée|corps|régiment|acte|congrès)"
"""What is numbered by one Roman figure with an ending: `Ve République`; `Ce` and `Le` are words."""


class French(Tongue):
    """French."""

    code = "fr"
    group = r"[.\u00a0\u202f\u2009 ]"
    months: ClassVar[tuple[str, ...]] = (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    )  # fmt: skip
    short_months: ClassVar[Mapping[str, int]] = {
        "janv.": 1,
        "févr.": 2,
        "avr.": 4,
        "juil.": 7,
        "sept.": 9,
        "oct.": 10,
        "nov.": 11,
        "déc.": 12,
    }
    scales: ClassVar[tuple[str, ...]] = ("millions", "million", "milliards", "milliard", "billions", "billion")
    coins: ClassVar[Mapping[str, Coin]] = {
        "€": Coin("euro", "euros", "centime", "centimes"),
        "$": Coin("dollar", "dollars", "cent", "cents"),
        "£": Coin("livre", "livres", "penny", "pence"),
        "¥": Coin("yen", "yens"),
        "fr.": Coin("franc", "francs", "centime", "centimes"),
        "F": Coin("franc", "francs", "centime", "centimes"),
    }
    feminine = r"^(?:livre|tonne|minute|seconde|heure|once|personne|femme|année|lieue|page|ligne|fois)s?$"
    units: ClassVar[tuple[str, ...]] = tuple(u for u in Tongue.units if u not in {"in", "ft", *"AKstVWL"})
    w_point = "virgule"
    w_minus = "moins"
    w_to = "à"
    w_and = "et"
    w_of = "de"
    w_percent = "pour cent"
    w_dot = "point"
    w_at = "arobase"
    w_dash = "tiret"
    w_underscore = "tiret bas"
    signs: ClassVar[Mapping[str, str]] = {
        "&": "et", "+": "plus", "=": "égale", "×": "fois", "§": "paragraphe", "№": "numéro",
    }  # fmt: skip
    abbreviations: ClassVar[Mapping[str, str]] = {
        "M": "monsieur", "MM": "messieurs", "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle",
        "Mlles": "mesdemoiselles", "Mgr": "monseigneur", "Dr": "docteur", "Me": "maître", "St": "saint",
        "Ste": "sainte", "etc": "et cetera",
        "p. ex": "par exemple", "c.-à-d": "c'est-à-dire", "av. J.-C": "avant Jésus-Christ",
        "ap. J.-C": "après Jésus-Christ", "env": "environ", "cf": "confer",
    }  # fmt: skip
    before_figures: ClassVar[Mapping[str, str]] = {
        "n°": "numéro", "nº": "numéro", "p": "page", "pp": "pages", "vol": "volume", "chap": "chapitre",
        "art": "article", "fig": "figure", "t": "tome",
    }  # fmt: skip

    def cardinal(self, number: int, gender: str = "") -> str:
        """`vingt et une` before a feminine noun."""
        said = numbers.cardinal(number, "fr")
        return re.sub(r"\bun$", "une", said) if gender == "f" else said

    def ordinal(self, number: int, gender: str = "") -> str:
        """`deux centième`, not `deux centsième`; `première` for a woman."""
        if number == 1:
            return "première" if gender == "f" else "premier"
        return re.sub(r"(?<=cent|ingt)s(?=ième$)", "", numbers.ordinal(number, "fr"))

    def decimals(self, part: str) -> str:
        """`,14` is quatorze, `,05` zéro cinq; longer parts by twos."""
        if len(part) > 3:
            return " ".join(self.decimals(part[i : i + 2]) for i in range(0, len(part), 2))
        zeros = len(part) - len(part.lstrip("0"))
        rest = [self.cardinal(int(part))] if part.strip("0") else []
        return " ".join(["zéro"] * zeros + rest)

    def fraction(self, top: int, bottom: int) -> str | None:
        """`un demi`, `deux tiers`, `trois quarts`."""
        if not bottom:
            return None
        name = {2: "demi", 3: "tiers", 4: "quart"}.get(bottom) or self.ordinal(bottom)
        return f"{self.cardinal(top)} {name}{'s' if top > 1 and not name.endswith('s') else ''}"

    def day(self, day: int) -> str:
        """`premier mai`, `deux mai`."""
        return self.ordinal(1) if day == 1 else self.cardinal(day)

    def time(self, clock: Clock) -> str:
        """`quatorze heures trente`."""
        hour = f"{self.cardinal(clock.hour, 'f')} heure{'s' if clock.hour > 1 else ''}"
        minute = self.cardinal(clock.minute, "f") if clock.minute else ""
        if clock.second is None:
            return f"{hour} {minute}".strip()
        return f"{hour} {minute or 'zéro'} minutes {self.cardinal(clock.second, 'f')} secondes"


class _French(Figures[French]):
    """French figures that the others have not."""

    def calendar(self) -> tuple[Rule, ...]:
        """Dates."""
        days = r"(?P<d>\d{1,2}(?:er|ᵉʳ)?(?:[-/–]\d{1,2}){0,3})[ \u00a0]"
        month = rf"(?P<month>{self.month})(?!\w)(?:[ \u00a0](?P<y>\d{{4}})(?![\w.,]\d|\w))?"
        return (
            Rule("date", re.compile(START + days + month), self.days_and_month),
            *self.dates(),
            Rule("date", re.compile(START + r"(?P<d>\d\d)\.(?P<m>\d\d)(?![\w]|[.,]\d)"), self.day_dot_month),
        )

    def listed(self) -> Rule:
        """`1° … 2° …`: at the head of a clause, and not degrees."""
        pattern = re.compile(r"(?:(?<=^)|(?<=[;:.] ))(?P<n>\d{1,2})[°º](?!\s?[CF]\b)")
        return Rule("ordinal", pattern, lambda m: self.tongue.ordinal(int(m["n"])))

    def ordinals(self) -> tuple[Rule, ...]:
        """`2e`, `XIXe siècle`."""
        figures = re.compile(START + r"(?P<n>\d{1,6})(?P<end>ers?|ᵉʳ|res?|ères?|ʳᵉ|ièmes?|èmes?|es?|ᵉ|de|d)\b")
        roman = re.compile(
            rf"\b(?P<n>I(?=er|re|ère)|[IVXLC]{{2,}}|[IVX](?=ᵉ|e {_OF_ROMAN}))(?P<end>er|ᵉʳ|re|ère|ème|e|ᵉ)(?!\w)"
        )
        return (Rule("ordinal", figures, self.suffixed), Rule("ordinal", roman, self.suffixed, "[IVX]"))

    def days_and_month(self, match: Match) -> str | None:
        """`1er mai`, `les 17/18 juin 2025`."""
        days = [int(n) for n in re.findall(r"\d+", match["d"])]
        if not all(1 <= day <= 31 for day in days):
            return None
        said = " ".join(self.tongue.day(day) for day in days)
        year = f" {self.tongue.cardinal(int(match['y']))}" if match["y"] else ""
        return f"{said} {self.tongue.months[self.month_of(match['month']) - 1]}{year}"

    def day_dot_month(self, match: Match) -> str | None:
        """`17.06`: French decimals have commas."""
        day, month = int(match["d"]), int(match["m"])
        return self.tongue.date(Date(day=day, month=month)) if 1 <= day <= 31 and 1 <= month <= 12 else None

    def suffixed(self, match: Match) -> str | None:
        """`2e`, `1re`, `XIXe`, `2d`."""
        text, end = match["n"], match["end"]
        if not text[0].isdecimal() and not numbers.is_roman(text):
            return None
        number = int(text) if text[0].isdecimal() else numbers.from_roman(text)
        if end.startswith(("er", "ᵉʳ", "re", "ère", "ʳᵉ")) and number != 1:
            return None
        if end in {"d", "de"}:
            return ("seconde" if end == "de" else "second") if number == 2 else None
        said = self.tongue.ordinal(number, "f" if end.startswith(("re", "ère", "ʳᵉ")) else "")
        return f"{said}s" if end.endswith("s") else said

    def king(self, match: Match, number: int) -> str:
        """`Louis quatorze`; the first is `premier`."""
        return f"{match['word']} {self.tongue.cardinal(number)}"


_LETTERS: Final = {
    "Mᵐᵉ": "madame", "Mᵐᵉˢ": "mesdames", "Mˡˡᵉ": "mademoiselle", "Mˡˡᵉˢ": "mademoiselles", "Mᵍʳ": "monseigneur",
    "Mᵉ": "maître", "Dʳ": "docteur", "Dʳᵉˢ": "docteures", "Sᵗ": "saint", "Sᵗᵉ": "sainte",
}  # fmt: skip
_UNDOTTED: Final = {
    "Mme": "madame", "Mmes": "mesdames", "Mlle": "mademoiselle", "Mlles": "mesdemoiselles", "Mgr": "monseigneur",
    "Dr": "docteur", "MM": "messieurs",
}  # fmt: skip


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    figures = _French(French())
    return (
        *figures.long(),
        *figures.web(),
        *figures.calendar(),
        figures.times(START + r"(?P<h>\d{1,2})[ \u00a0\u202f]?h(?:eures?)?\.?(?:[ \u00a0\u202f]?(?P<m>\d\d))?(?!\w)"),
        figures.times(START + r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?![\w:])"),
        *figures.telephone(),
        *figures.money(),
        *figures.percent(),
        figures.listed(),
        *figures.measures(),
        *figures.fractions(),
        *figures.ordinals(),
        figures.sequence(_KINGS, figures.king),
        figures.sequence(f"(?:{_PARTS}),?", lambda m, n: f"{m['word']} {figures.tongue.cardinal(n)}"),
        figures.sequence("siècles?|Siècle", lambda m, n: f"{m['word']} {figures.tongue.cardinal(n)}"),
        figures.roman(),
        *figures.ranges(),
        *_titles(),
        *abbreviations(figures.tongue),
        *figures.plain(),
        *signs(figures.tongue),
    )


def _titles() -> tuple[Rule, ...]:
    """Titles that carry no full stop."""
    raised = re.compile(r"(?<!\w)(?P<w>[MDS][ʳᵐˡᵍᵗᵉˢ]+)(?!\w)")
    undotted = re.compile(r"\b(?P<w>M(?:mes?|lles?|gr|M)|Dr)(?=\s[A-ZÀ-Þd])")
    saint = re.compile(r"\bSt(?P<e>e?)-(?=[A-ZÀ-Þ])")
    return (
        Rule("title", raised, lambda m: _LETTERS.get(m["w"]), "[MDS][ʳᵐˡᵍᵗᵉ]"),
        Rule("title", undotted, lambda m: _UNDOTTED[m["w"]], "M[mlgM]|Dr"),
        Rule("title", saint, lambda m: f"Saint{m['e']}-", "St"),
    )
