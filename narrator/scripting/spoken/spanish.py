"""Spanish."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from narrator.scripting import numbers
from narrator.scripting.spoken.abbreviations import abbreviations, signs
from narrator.scripting.spoken.classes import Amount, Clock, Coin, Date
from narrator.scripting.spoken.figures import START, Figures
from narrator.scripting.spoken.finding import Match, Rule
from narrator.scripting.spoken.tongue import Tongue

_ONES: Final = ("primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno")
_TENS: Final = (
    "décimo", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo", "octogésimo",
    "nonagésimo",
)  # fmt: skip
_HUNDREDS: Final = (
    "centésimo", "ducentésimo", "tricentésimo", "cuadringentésimo", "quingentésimo", "sexcentésimo", "septingentésimo",
    "octingentésimo", "noningentésimo",
)  # fmt: skip
_TEENS: Final = {
    11: "undécimo", 12: "duodécimo", 13: "decimotercero", 14: "decimocuarto", 15: "decimoquinto", 16: "decimosexto",
    17: "decimoséptimo", 18: "decimoctavo", 19: "decimonoveno",
}  # fmt: skip
_KINGS: Final = (
    "Felipe|Carlos|Alfonso|Fernando|Isabel|Luis|Enrique|Juan|Pedro|Sancho|Jaime|Ramiro|Napoleón|Pío|León|Gregorio|Pablo"
    "|Inocencio|Clemente|Benedicto|Alejandro|Nicolás|Catalina|Guillermo|Jorge|Eduardo|Jacobo|Federico|Francisco|José"
)
_PARTS: Final = "[Cc]apítulo|CAPÍTULO|[Tt]omo|[Ll]ibro|[Aa]cto|[Ee]scena|[Pp]arte|[Vv]olumen|[Cc]anto|[Ss]iglos?|[Aa]ño"
_FRACTIONS: Final = {2: "medio", 3: "tercio", 100: "centésimo", 1000: "milésimo"}


class Spanish(Tongue):
    """Spanish."""

    code = "es"
    group = r"[.\u00a0\u202f\u2009 ]"
    months: ClassVar[tuple[str, ...]] = (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    )  # fmt: skip
    short_months: ClassVar[Mapping[str, int]] = {
        "ene.": 1, "feb.": 2, "abr.": 4, "jun.": 6, "jul.": 7, "ago.": 8, "sept.": 9, "setiembre": 9, "oct.": 10,
        "nov.": 11, "dic.": 12,
    }  # fmt: skip
    scales: ClassVar[tuple[str, ...]] = ("millones", "millón", "billones", "billón", "trillones", "trillón")
    coins: ClassVar[Mapping[str, Coin]] = {
        "€": Coin("euro", "euros", "céntimo", "céntimos"),
        "$": Coin("dólar", "dólares", "centavo", "centavos"),
        "£": Coin("libra", "libras", "penique", "peniques"),
        "¥": Coin("yen", "yenes", "centavo", "centavos"),
        "₧": Coin("peseta", "pesetas", "céntimo", "céntimos"),
        "ptas.": Coin("peseta", "pesetas", "céntimo", "céntimos"),
        "ptas": Coin("peseta", "pesetas", "céntimo", "céntimos"),
    }
    feminine = (
        r"(?:as?|iones|ión|dades|dad|mujeres|veces|vez|noches?|leguas?)$(?<!día)(?<!días)(?<!problema)(?<!gramas)"
    )
    units: ClassVar[tuple[str, ...]] = tuple(u for u in Tongue.units if u not in {"in", "ft", "A", "t"})
    w_point = "coma"
    w_minus = "menos"
    country_whole = True
    w_to = "a"
    w_and = "y"
    w_of = "de"
    w_percent = "por ciento"
    w_dot = "punto"
    w_at = "arroba"
    w_slash = "barra"
    w_dash = "guion"
    w_underscore = "guion bajo"
    signs: ClassVar[Mapping[str, str]] = {
        "&": "y", "+": "más", "=": "es igual a", "×": "por", "§": "sección", "№": "número",
    }  # fmt: skip
    abbreviations: ClassVar[Mapping[str, str]] = {
        "Sr": "señor", "Sra": "señora", "Srta": "señorita", "Sres": "señores", "Dr": "doctor", "Dra": "doctora",
        "D": "don", "Dña": "doña", "Fr": "fray", "Sto": "santo", "Sta": "santa", "Gral": "general", "Prof": "profesor",
        "sr": "señor", "sra": "señora", "srta": "señorita",
        "ud": "usted", "uds": "ustedes", "vd": "usted", "vds": "ustedes", "etc": "etcétera", "p. ej": "por ejemplo",
        "ee. uu": "Estados Unidos", "a. c": "antes de Cristo", "d. c": "después de Cristo",
        "pza": "plaza", "avda": "avenida",
    }  # fmt: skip
    before_figures: ClassVar[Mapping[str, str]] = {
        "núm": "número", "n.º": "número", "n.°": "número", "nº": "número", "n°": "número", "pág": "página",
        "págs": "páginas", "vol": "volumen", "cap": "capítulo", "art": "artículo", "fig": "figura",
    }  # fmt: skip

    def cardinal(self, number: int, gender: str = "") -> str:
        """`doscientas una` before a feminine noun, `veintiún` before a masculine one; millions are men."""
        said = numbers.cardinal(number, "es")
        if gender == "f":
            millions, many, rest = said.rpartition(" millones ")
            rest = re.sub(r"ientos\b", "ientas", rest)
            return millions + many + re.sub(r"uno$", "una", rest)
        return re.sub(r"veintiuno$", "veintiún", re.sub(r"\buno$", "un", said)) if gender == "m" else said

    def gender_of(self, noun: str) -> str:
        """`m` for any other noun than a feminine one; none before nothing."""
        first = noun.split(" ", maxsplit=1)[0]
        return "" if not first[:1].isalpha() else "f" if re.search(self.feminine, first) else "m"

    def counted(self, amount: Amount, noun: str) -> str | None:
        """`tres quintos de metro`."""
        said = super().counted(amount, noun)
        return said and (said.removesuffix(noun) + f"de {noun}" if amount.bottom else said)

    def unit(self, symbol: str, amount: Amount) -> str:
        """Fractions are of one; Celsius is said as Spain says it."""
        if symbol == "°C":
            return "grado centígrado" if amount.count == 1 else "grados centígrados"
        return super().unit(symbol, Amount(whole=1) if amount.bottom else amount)

    def ordinal(self, number: int, gender: str = "") -> str:
        """`decimotercero`; `f` `decimotercera`, `er` `decimotercer` before a noun."""
        said = _ordinal(number)
        if gender == "f":
            return (
                re.sub(r"o\b", "a", said) if " " not in said else " ".join(re.sub(r"o$", "a", w) for w in said.split())
            )
        return re.sub(r"(primer|tercer)o$", r"\1", said) if gender == "er" else said

    def decimals(self, part: str) -> str:
        """`,32` is treinta y dos; a part that begins with nought figure by figure; longer parts by twos."""
        if part.startswith("0"):
            return self.digits(part)
        if len(part) <= 3:
            return self.cardinal(int(part))
        return " ".join(self.cardinal(int(part[i : i + 2])) for i in range(0, len(part), 2))

    def fraction(self, top: int, bottom: int) -> str | None:
        """`dos tercios`, `un onceavo`, `uno sobre ciento uno`."""
        if bottom < 2:
            return None
        name = _FRACTIONS.get(bottom) or (_ordinal(bottom) if bottom <= 10 else _avo(bottom))
        if name is None:
            return f"{self.cardinal(top)} sobre {self.cardinal(bottom)}"
        return f"{self.cardinal(top, 'm')} {name}{'s' if top > 1 else ''}"

    def date(self, date: Date) -> str:
        """`veinte de marzo de mil novecientos`."""
        year = self.year(date.year) if date.year else ""
        return " de ".join(w for w in (self.day(date.day) if date.day else "", self.months[date.month - 1], year) if w)

    def time(self, clock: Clock) -> str:
        """`cinco y dos`, `doce y cuarto`, `dos y media`."""
        hour = self.cardinal(clock.hour, "f")
        if clock.second is not None:
            return f"{hour} horas {self.cardinal(clock.minute)} minutos y {self.cardinal(clock.second)} segundos"
        short = {15: "cuarto", 30: "media"} if clock.hour <= 12 else {}
        return f"{hour} y {short.get(clock.minute) or self.cardinal(clock.minute)}" if clock.minute else hour


def _ordinal(number: int) -> str:
    if not 0 < number < 1_000_000:
        return numbers.ordinal(number, "es")
    if number >= 1000:
        thousands = "" if number < 2000 else numbers.cardinal(number // 1000, "es").replace(" ", "")
        rest = f" {_ordinal(number % 1000)}" if number % 1000 else ""
        return f"{thousands}milésimo{rest}"
    if number >= 100:
        return f"{_HUNDREDS[number // 100 - 1]} {_ordinal(number % 100) if number % 100 else ''}".strip()
    if number in _TEENS:
        return _TEENS[number]
    tens = _TENS[number // 10 - 1] if number >= 10 else ""
    return f"{tens} {_ONES[number % 10 - 1] if number % 10 else ''}".strip()


def _avo(bottom: int) -> str | None:
    """`onceavo`, `veintiunavo`, `treintavo`, `dosmilésimo`; None where `sobre` is said."""
    if bottom < 100:
        count = numbers.cardinal(bottom, "es").replace(" y ", "i").translate(str.maketrans("áéíóú", "aeiou"))
        return re.sub(r"uno$", "un", count).removesuffix("a") + "avo"
    is_round = bottom % 100 == 0 if bottom < 1000 else bottom % 1000 == 0
    return _ordinal(bottom) if is_round and bottom < 1_000_000 else None


class _Spanish(Figures[Spanish]):
    """Spanish figures that the others have not."""

    def day_and_month(self, match: Match) -> str | None:
        """`20 de marzo de 1990`, `31 marzo`."""
        day = int(match["d"])
        if not 1 <= day <= 31:
            return None
        month = self.tongue.months[self.month_of(match["month"]) - 1]
        year = f" {match['del'] or 'de'} {self.tongue.cardinal(int(match['y']))}" if match["y"] else ""
        return f"{self.tongue.day(day)} de {month}{year}"

    def suffixed(self, match: Match) -> str:
        """`1.º`, `2.ª`, `3.er`."""
        end = match["end"]
        return self.tongue.ordinal(self.value(match["n"]), "f" if end in "ªᵃa" else "er" if end in {"er", "ᵉʳ"} else "")

    def king(self, match: Match, number: int) -> str:
        """`Felipe segundo`, `Luis catorce`."""
        female = "f" if match["word"] in {"Isabel", "Catalina"} else ""
        return (
            f"{match['word']} {self.tongue.ordinal(number, female) if number <= 10 else self.tongue.cardinal(number)}"
        )

    def half_day(self, match: Match) -> str | None:
        """`5:02 p. m.` is in the afternoon."""
        said = self._time(match)
        late = match["half"].lower() == "p"
        when = (
            ("de la tarde" if int(match["h"]) in {12, *range(1, 8)} else "de la noche")
            if late
            else ("de la noche" if int(match["h"]) == 12 else "de la mañana")
        )
        return said and f"{said} {when}" + ("." if match[0].endswith(".") and match.end() == len(match.string) else "")


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    figures = _Spanish(Spanish())
    year = r"(?:(?: (?P<del>del?))? (?P<y>\d{4})(?![\w]|[.,]\d))?"
    clock = START + r"(?P<h>\d{1,2})[:.](?P<m>\d\d)"
    return (
        *figures.long(),
        *figures.web(),
        Rule(
            "date",
            re.compile(START + rf"(?P<d>\d{{1,2}})(?: de)? (?P<month>{figures.month})(?!\w){year}"),
            figures.day_and_month,
        ),
        Rule("date", re.compile(rf"\b(?P<month>{figures.month}) (?P<d>\d{{1,2}})(?!\d){year}"), figures.day_and_month),
        *figures.dates(),
        Rule("time", re.compile(clock + r"\s?(?P<half>[apAP])\.?\s?[mM]\b\.?"), figures.half_day),
        figures.times(clock + r"(?::(?P<s>\d\d))?\s?(?:h|hs|hrs|horas)\b\.?"),
        figures.times(START + r"(?P<h>\d{1,2})\s?h\s?(?P<m>\d\d)\s?min\b\.?"),
        figures.times(START + r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?![\w:])"),
        *figures.telephone(),
        *figures.money(),
        *figures.percent(),
        Rule(
            "ordinal",
            re.compile(START + rf"(?P<n>{figures.integer})(?:\.?(?P<end>[ºªᵃ]|ᵉʳ|er\b)|\.?(?P<deg>°)(?=\s[a-z]))"),
            lambda m: figures.suffixed(m) if m["end"] else None,
        ),
        *figures.measures(),
        *figures.fractions(),
        figures.sequence(_KINGS, figures.king),
        figures.sequence(_PARTS, lambda m, n: f"{m['word']} {figures.tongue.cardinal(n)}"),
        Rule(
            "roman",
            re.compile(r"\b(?P<word>[Ss]iglos?|[Aa]ño) (?P<r>[ivxlcdm]+)\b"),
            lambda m: (
                f"{m['word']} {figures.tongue.cardinal(numbers.from_roman(m['r']))}"
                if numbers.is_roman(m["r"])
                else None
            ),
            "iglo|ño",
        ),
        figures.roman(),
        *figures.ranges(),
        *abbreviations(figures.tongue),
        *figures.plain(),
        *signs(figures.tongue),
    )
