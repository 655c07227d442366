"""Portuguese: Brazil's, unless the book says Portugal's."""

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
    "Pedro|João|Manuel|Afonso|Sancho|Dinis|Luís|Carlos|Filipe|Henrique|Napoleão|Pio|Leão|Gregório|Paulo|Inocêncio|Clemente"
    "|Bento|Alexandre|Nicolau|Catarina|Isabel|Guilherme|Jorge|Eduardo|Frederico|Francisco|José|Fernando|Maria"
)
_PARTS: Final = "[Cc]apítulo|CAPÍTULO|[Tt]omo|[Ll]ivro|[Aa]to|[Aa]cto|[Cc]ena|[Pp]arte|[Vv]olume|[Cc]anto|[Ss]éculos?"
_SCALES: Final = (
    (10**12, "trilhão", "trilhões"), (10**9, "bilhão", "bilhões"), (10**6, "milhão", "milhões"), (1000, "mil", "mil"),
    (1, "", ""),
)  # fmt: skip


class Portuguese(Tongue):
    """Brazilian Portuguese."""

    code = "pt"
    months: ClassVar[tuple[str, ...]] = (
        "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
        "dezembro",
    )  # fmt: skip
    short_months: ClassVar[Mapping[str, int]] = {
        "Janeiro": 1, "Fevereiro": 2, "Março": 3, "Abril": 4, "Maio": 5, "Junho": 6, "Julho": 7, "Agosto": 8,
        "Setembro": 9, "Outubro": 10, "Novembro": 11, "Dezembro": 12, "jan.": 1, "fev.": 2, "abr.": 4, "ago.": 8,
        "set.": 9, "out.": 10, "nov.": 11, "dez.": 12,
    }  # fmt: skip
    scales: ClassVar[tuple[str, ...]] = ("milhões", "milhão", "bilhões", "bilhão", "trilhões", "trilhão", "mil")
    coins: ClassVar[Mapping[str, Coin]] = {
        "R$": Coin("real", "reais", "centavo", "centavos"),
        "$": Coin("dólar", "dólares", "centavo", "centavos"),
        "€": Coin("euro", "euros", "centavo", "centavos"),
        "£": Coin("libra", "libras", "penny", "pence"),
        "¥": Coin("iene", "ienes"),
    }
    feminine = (
        r"(?:as?|dades?|ções|ção|vezes|vez|noites?|mulheres|léguas?|gens|gem)$(?<!dia)(?<!dias)(?<!gramas)(?<!grama)"
    )
    units: ClassVar[tuple[str, ...]] = tuple(u for u in Tongue.units if u not in {"in", "ft", "A", "t"})
    w_point = "vírgula"
    w_minus = "menos"
    w_to = "a"
    w_and = "e"
    w_change = "e"
    w_of = "de"
    w_percent = "por cento"
    w_dot = "ponto"
    w_at = "arroba"
    w_slash = "barra"
    w_dash = "traço"
    w_underscore = "sublinhado"
    signs: ClassVar[Mapping[str, str]] = {
        "&": "e", "+": "mais", "=": "igual a", "×": "vezes", "§": "parágrafo", "№": "número",
    }  # fmt: skip
    abbreviations: ClassVar[Mapping[str, str]] = {
        "Sr": "senhor", "Sra": "senhora", "Srta": "senhorita", "Srs": "senhores", "Dr": "doutor", "Dra": "doutora",
        "D": "dom", "Exmo": "excelentíssimo", "Prof": "professor", "Sto": "santo", "Sta": "santa", "Fr": "frei",
        "sr": "senhor", "sra": "senhora", "dr": "doutor", "etc": "et cetera", "p. ex": "por exemplo",
        "a. c": "antes de Cristo", "d. c": "depois de Cristo", "v. ex": "vossa excelência",
    }  # fmt: skip
    before_figures: ClassVar[Mapping[str, str]] = {
        "n.º": "número", "nº": "número", "n°": "número", "núm": "número", "pág": "página", "págs": "páginas",
        "vol": "volume", "cap": "capítulo", "art": "artigo", "fig": "figura",
    }  # fmt: skip

    def cardinal(self, number: int, gender: str = "") -> str:
        """`duzentas e uma` before a feminine noun."""
        if not 0 < number < 10**15:
            return numbers.cardinal(number, self.code)
        said = _counted(number, self.code)
        if gender == "f":
            said = re.sub(
                r"entos\b(?!.*(?:ões|ão))", "entas", re.sub(r"\bdois(?: mil\b.*|$)", lambda m: "duas" + m[0][4:], said)
            )
            said = re.sub(r"\bum$", "uma", re.sub(r"\bdois$", "duas", said))
        return said

    def ordinal(self, number: int, gender: str = "") -> str:
        """`décimo primeiro`, `décima primeira`."""
        said = numbers.ordinal(number, self.code)
        return " ".join(re.sub(r"o$", "a", w) for w in said.split()) if gender == "f" else said

    def fraction(self, top: int, bottom: int) -> str | None:
        """`um meio`, `dois terços`, `cinco treze avos`."""
        if bottom < 2:
            return None
        plain = bottom <= 10 or bottom in {100, 1000}
        name = {2: "meio", 3: "terço"}.get(bottom) or (self.ordinal(bottom) if plain else "")
        if not name:
            return f"{self.cardinal(top)} {self.cardinal(bottom)} avos"
        return f"{self.cardinal(top)} {name}{'s' if top > 1 else ''}"

    def date(self, date: Date) -> str:
        """`primeiro de junho de mil novecentos e noventa e cinco`."""
        day, year = self.day(date.day) if date.day else "", self.year(date.year) if date.year else ""
        return " de ".join(w for w in (day, self.months[date.month - 1], year) if w)

    def day(self, day: int) -> str:
        """`primeiro`, `dois`."""
        return "primeiro" if day == 1 else self.cardinal(day)

    def time(self, clock: Clock) -> str:
        """`catorze horas e trinta`."""
        hour = f"{self.cardinal(clock.hour, 'f')} {'hora' if clock.hour == 1 else 'horas'}"
        if clock.second is not None:
            return f"{hour} e {self.cardinal(clock.minute)} minutos e {self.cardinal(clock.second)} segundos"
        return f"{hour} e {self.cardinal(clock.minute)}" if clock.minute else hour


class EuropeanPortuguese(Portuguese):
    """Portugal's: `dezasseis`, `mil milhões`."""

    code = "pt-PT"

    def cardinal(self, number: int, gender: str = "") -> str:
        """As in Lisbon."""
        said = numbers.cardinal(number, self.code)
        return re.sub(r"\bum$", "uma", re.sub(r"\bdois$", "duas", said)) if gender == "f" else said


def _counted(number: int, code: str) -> str:
    """Groups of three, with `e` before the last one if it is round or below a hundred."""
    groups: list[tuple[int, str]] = []
    for size, one, many in _SCALES:
        group, number = divmod(number, size)
        if group:
            count = "" if size == 1000 and group == 1 else numbers.cardinal(group, code)
            groups.append((group, f"{count} {one if group == 1 else many}".strip()))
    *head, (last, said) = groups
    joint = " e " if head and (last < 100 or last % 100 == 0) else " "
    return f"{' '.join(words for _, words in head)}{joint}{said}" if head else said


class _Portuguese(Figures[Portuguese]):
    """Portuguese figures that the others have not."""

    def day_and_month(self, match: Match) -> str | None:
        """`15 de março de 2024`."""
        day = int(match["d"])
        if not 1 <= day <= 31:
            return None
        return self.tongue.date(Date(day=day, month=self.month_of(match["month"]), year=int(match["y"] or 0)))

    def suffixed(self, match: Match) -> str:
        """`6.º`, `5ª`."""
        return self.tongue.ordinal(int(match["n"]), "f" if match["end"] in "ªᵃ" else "")

    def king(self, match: Match, number: int) -> str:
        """`Pedro segundo`, `Luís catorze`."""
        female = "f" if match["word"].endswith(("a", "bel")) else ""
        return (
            f"{match['word']} {self.tongue.ordinal(number, female) if number <= 10 else self.tongue.cardinal(number)}"
        )


def rules(language: str) -> tuple[Rule, ...]:
    """The rules, most trusted first."""
    tongue = EuropeanPortuguese() if language.lower().replace("_", "-") == "pt-pt" else Portuguese()
    figures = _Portuguese(tongue)
    year = r"(?:(?: de)? (?P<y>\d{4})(?![\w]|[.,]\d))?"
    return (
        *figures.long(),
        *figures.web(),
        Rule(
            "date",
            re.compile(START + rf"(?P<d>\d{{1,2}})º?(?: de)? (?P<month>{figures.month})(?!\w){year}"),
            figures.day_and_month,
        ),
        *figures.dates(),
        figures.times(START + r"(?P<h>\d{1,2})\s?h(?:\s?(?P<m>\d\d)(?:\s?min\b)?)?(?!\w)"),
        figures.times(START + r"(?P<h>\d\d)\.(?P<m>\d\d)(?![\w:]|[.,]\d)"),
        figures.times(START + r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?![\w:])"),
        *figures.telephone(),
        *figures.money(),
        *figures.percent(),
        Rule("ordinal", re.compile(START + r"(?P<n>\d{1,6})\.?(?P<end>[ºªᵃ]|°(?=\s[a-z]))"), figures.suffixed),
        *figures.measures(),
        *figures.fractions(),
        figures.sequence(_KINGS, figures.king),
        figures.sequence(_PARTS, lambda m, n: f"{m['word']} {figures.tongue.cardinal(n)}"),
        figures.roman(),
        *figures.ranges(),
        Rule("title", re.compile(r"(?<![\w.])D\.(?= [A-ZÀ-Þ]\w+a\b)"), lambda _m: "Dona", r"D\."),
        *abbreviations(figures.tongue),
        *figures.plain(),
        *signs(figures.tongue),
    )
