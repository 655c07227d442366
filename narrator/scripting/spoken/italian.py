"""Italian."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from narrator.scripting import numbers
from narrator.scripting.spoken.abbreviations import abbreviations, signs
from narrator.scripting.spoken.classes import Clock, Coin
from narrator.scripting.spoken.figures import START, Figures
from narrator.scripting.spoken.finding import Match, Rule
from narrator.scripting.spoken.tongue import Tongue

_KINGS: Final = (
    "Emanuele|Umberto|Luigi|Carlo|Enrico|Filippo|Napoleone|Pio|Leone|Gregorio|Paolo|Innocenzo|Clemente|Benedetto|Giovanni"
    "|Alessandro|Nicola|Caterina|Elisabetta|Guglielmo|Giorgio|Edoardo|Giacomo|Federico|Francesco|Giuseppe|Ferdinando"
    "|Bonifacio|Urbano|Sisto|Giulio|Cosimo|Amedeo"
)
_PARTS: Final = "[Cc]apitolo|CAPITOLO|[Tt]omo|[Ll]ibro|[Vv]olume|[Pp]agina"
_ORDINAL_PARTS: Final = "[Aa]tto|[Ss]cena|[Pp]arte|[Cc]anto|[Ss]ecolo"


class Italian(Tongue):
    """Italian."""

    code = "it"
    months: ClassVar[tuple[str, ...]] = (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre", "dicembre",
    )  # fmt: skip
    short_months: ClassVar[Mapping[str, int]] = {"gen.": 1, "feb.": 2, "apr.": 4, "ago.": 8, "sett.": 9, "ott.": 10}
    scales: ClassVar[tuple[str, ...]] = ("milioni", "milione", "miliardi", "miliardo", "mila")
    coins: ClassVar[Mapping[str, Coin]] = {
        "€": Coin("euro", "euro", "centesimo", "centesimi"),
        "$": Coin("dollaro", "dollari", "centesimo", "centesimi"),
        "£": Coin("sterlina", "sterline", "penny", "penny"),
        "¥": Coin("yen", "yen"),
        "L.": Coin("lira", "lire", "centesimo", "centesimi"),
    }
    feminine = r"(?:a|ore|miglia|libbre|sterline|lire|volte)$"
    units: ClassVar[tuple[str, ...]] = tuple(u for u in Tongue.units if u not in {"in", "ft", "t"})
    w_point = "virgola"
    w_minus = "meno"
    w_to = "a"
    w_and = "e"
    w_of = "di"
    w_percent = "percento"
    w_dot = "punto"
    w_at = "chiocciola"
    w_dash = "trattino"
    w_underscore = "trattino basso"
    signs: ClassVar[Mapping[str, str]] = {
        "&": "e", "+": "più", "=": "uguale", "×": "per", "§": "paragrafo", "№": "numero",
    }  # fmt: skip
    abbreviations: ClassVar[Mapping[str, str]] = {
        "Sig": "signor", "Sig.ra": "signora", "Sig.na": "signorina", "Sigg": "signori", "Dott": "dottor",
        "Dott.ssa": "dottoressa", "Prof": "professor", "Ing": "ingegner", "On": "onorevole", "Mons": "monsignor",
        "S": "san", "sig": "signor", "sig.ra": "signora", "sig.na": "signorina", "dott": "dottor", "prof": "professor",
        "avv": "avvocato", "dip": "dipartimento", "ecc": "eccetera", "etc": "eccetera", "p. es": "per esempio",
        "a. c": "avanti Cristo", "d. c": "dopo Cristo",
    }  # fmt: skip
    before_figures: ClassVar[Mapping[str, str]] = {
        "n": "numero", "n.": "numero", "n°": "numero", "nº": "numero", "pag": "pagina", "pagg": "pagine",
        "vol": "volume", "cap": "capitolo", "art": "articolo", "fig": "figura",
    }  # fmt: skip

    def cardinal(self, number: int, gender: str = "") -> str:
        """`trecento sessantanove`: parted at hundreds and thousands, as the ear does; `una` before a feminine noun."""
        if number == 1 and gender:
            return "una" if gender == "f" else "un"
        if not 100 < number < 10**12:
            return numbers.cardinal(number, "it").replace("é", "e")
        head, rest = divmod(number, 100) if number < 1000 else divmod(number, 1000 if number < 10**6 else 10**6)
        if number >= 10**9:
            head, rest = divmod(number, 10**9)
            return f"{self._many(head, 'un miliardo', 'miliardi')} {self.cardinal(rest) if rest else ''}".strip()
        if number >= 10**6:
            return f"{self._many(head, 'un milione', 'milioni')} {self.cardinal(rest) if rest else ''}".strip()
        if number >= 1000:
            thousands = "mille" if head == 1 else f"{self.cardinal(head)}mila"
            return f"{thousands} {self.cardinal(rest) if rest else ''}".strip()
        hundreds = "cento" if head == 1 else f"{numbers.cardinal(head, 'it')}cento"
        return f"{hundreds} {self.cardinal(rest) if rest else ''}".strip()

    def _many(self, count: int, one: str, many: str) -> str:
        return one if count == 1 else f"{self.cardinal(count)} {many}"

    def gender_of(self, noun: str) -> str:
        """`m` for any other noun than a feminine one."""
        first = noun.split(" ", maxsplit=1)[0]
        return "" if not first[:1].isalpha() else "f" if re.search(self.feminine, first) else "m"

    def ordinal(self, number: int, gender: str = "") -> str:
        """`diciannovesimo`, `prima`."""
        said = numbers.ordinal(number, "it")
        return re.sub(r"o$", "a", said) if gender == "f" else said

    def decimals(self, part: str) -> str:
        """`,32` is trentadue; a part that begins with nought, or a long one, figure by figure."""
        return self.digits(part) if part.startswith("0") or len(part) > 3 else self.cardinal(int(part))

    def fraction(self, top: int, bottom: int) -> str | None:
        """`un mezzo`, `tre quarti`."""
        if bottom < 2:
            return None
        name = "mezzo" if bottom == 2 else self.ordinal(bottom)
        return f"{self.cardinal(top, 'm')} {name if top == 1 else name[:-1] + 'i'}"

    def day(self, day: int) -> str:
        """`primo maggio`, `due maggio`."""
        return "primo" if day == 1 else self.cardinal(day)

    def time(self, clock: Clock) -> str:
        """`quattordici e trenta`."""
        hour = self.cardinal(clock.hour, "f" if clock.hour == 1 else "")
        return f"{hour} e {self.cardinal(clock.minute)}" if clock.minute else hour


class _Italian(Figures[Italian]):
    """Italian figures that the others have not."""

    def day_and_month(self, match: Match) -> str | None:
        """`20 marzo 1990`, `1º maggio`."""
        day = int(match["d"])
        if not 1 <= day <= 31:
            return None
        year = f" {self.tongue.cardinal(int(match['y']))}" if match["y"] else ""
        return f"{self.tongue.day(day)} {self.tongue.months[self.month_of(match['month']) - 1]}{year}"

    def suffixed(self, match: Match) -> str:
        """`1º`, `2ª`."""
        return self.tongue.ordinal(int(match["n"]), "f" if match["end"] in "ªᵃ" else "")

    def king(self, match: Match, number: int) -> str:
        """`Luigi quattordicesimo`."""
        return f"{match['word']} {self.tongue.ordinal(number, 'f' if match['word'].endswith('a') else '')}"

    def part(self, match: Match, number: int) -> str:
        """`atto secondo`, `scena terza`."""
        return (
            f"{match['word']} {self.tongue.ordinal(number, 'f' if match['word'].lower() in {'scena', 'parte'} else '')}"
        )


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    figures = _Italian(Italian())
    return (
        *figures.long(),
        *figures.web(),
        Rule(
            "date",
            re.compile(
                START + rf"(?P<d>\d{{1,2}})[º°]? (?P<month>{figures.month})(?!\w)(?: (?P<y>\d{{4}})(?![\w]|[.,]\d))?"
            ),
            figures.day_and_month,
        ),
        *figures.dates(),
        figures.times(r"(?<=\b[Oo]re )(?P<h>\d{1,2})[.:](?P<m>\d\d)(?![\w:])"),
        figures.times(START + r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?![\w:])"),
        *figures.telephone(),
        *figures.money(),
        *figures.percent(),
        Rule("ordinal", re.compile(START + r"(?P<n>\d{1,6})(?P<end>[ºªᵃ]|°(?=\s[a-z]))"), figures.suffixed),
        *figures.measures(),
        *figures.fractions(),
        figures.sequence(_KINGS, figures.king),
        figures.sequence(_PARTS, lambda m, n: f"{m['word']} {figures.tongue.cardinal(n)}"),
        figures.sequence(_ORDINAL_PARTS, figures.part),
        Rule(
            "roman",
            re.compile(r"\b(?P<r>[IVXL]+) (?P<word>secolo)\b"),
            lambda m: (
                f"{figures.tongue.ordinal(numbers.from_roman(m['r']))} secolo" if numbers.is_roman(m["r"]) else None
            ),
            "secolo",
        ),
        figures.roman(),
        *figures.ranges(),
        *abbreviations(figures.tongue),
        *figures.plain(),
        *signs(figures.tongue),
    )
