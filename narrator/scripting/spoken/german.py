"""German."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from narrator.scripting import numbers
from narrator.scripting.spoken.abbreviations import abbreviations, signs
from narrator.scripting.spoken.classes import Amount, Clock, Coin, Date
from narrator.scripting.spoken.figures import START, Figures
from narrator.scripting.spoken.finding import Match, Rule, ends_line, words
from narrator.scripting.spoken.tongue import Tongue

_WEAK: Final = words("am im vom zum zur beim dem den des bis seit ab nach")
"""After these an ordinal ends in -n; after the plain articles in -e; else it stands alone and ends in -r."""
_PLAIN: Final = words("der die das jede diese welche unsere ihre seine meine")
_DATIVE: Final = words("von vom unter mit bei seit nach zu zum dem")
_KINGS: Final = (
    "Ludwig|Friedrich|Wilhelm|Heinrich|Karl|Otto|Franz|Joseph|Josef|Leopold|Ferdinand|Maximilian|Rudolf|Konrad|Philipp"
    "|Georg|Eduard|Jakob|Alexander|Nikolaus|Peter|Katharina|Elisabeth|Pius|Leo|Gregor|Innozenz|Clemens|Benedikt|Johann"
    "|Johannes|Paul|Napoleon|Gustav|Christian|August|Albrecht|Ottokar|Matthias"
)
_CENTURY: Final = (
    r"Jahrhunderts?|Jahrhunderte|Kapitels?|Auflage|Band|Klasse|Stock|Geburtstag|Akt|Szene|Aufzug|Gesang|Mal"
)


class German(Tongue):
    """German."""

    code = "de"
    months: ClassVar[tuple[str, ...]] = (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    )  # fmt: skip
    short_months: ClassVar[Mapping[str, int]] = {
        "Jan.": 1, "Jänner": 1, "Feb.": 2, "Feber": 2, "Apr.": 4, "Aug.": 8, "Sept.": 9, "Okt.": 10, "Nov.": 11,
        "Dez.": 12, "januar": 1, "februar": 2, "märz": 3, "april": 4, "mai": 5, "juni": 6, "juli": 7, "august": 8,
        "september": 9, "oktober": 10, "november": 11, "dezember": 12,
    }  # fmt: skip
    scales: ClassVar[tuple[str, ...]] = (
        "Millionen", "Million", "Milliarden", "Milliarde", "Billionen", "Billion", "millionen", "million", "milliarden",
        "milliarde",
    )  # fmt: skip
    coins: ClassVar[Mapping[str, Coin]] = {
        "€": Coin("Euro", "Euro", "Cent", "Cent"),
        "$": Coin("Dollar", "Dollar", "Cent", "Cent"),
        "£": Coin("Pfund", "Pfund", "Penny", "Pence"),
        "¥": Coin("Yen", "Yen"),
        "Mk.": Coin("Mark", "Mark", "Pfennig", "Pfennig"),
        "DM": Coin("Mark", "Mark", "Pfennig", "Pfennig"),
    }
    feminine = (
        r"(?:Meile|Mark|Sekunde|Minute|Stunde|Woche|Nacht|Tonne|Unze|Frau|Stadt|Person|Seite|Flasche|Tasse|Million|Milliarde)"
        r"|\w+(?:ung|heit|keit|schaft|tion|rin)$"
    )
    units: ClassVar[tuple[str, ...]] = tuple(u for u in Tongue.units if u not in {"in", "A", "K", "t"})
    w_point = "Komma"
    country_whole = True
    w_to = "bis"
    w_and = ""
    w_percent = "Prozent"
    w_dot = "Punkt"
    w_at = "at"
    w_dash = "Bindestrich"
    w_underscore = "Unterstrich"
    signs: ClassVar[Mapping[str, str]] = {
        "&": "und", "+": "plus", "=": "gleich", "×": "mal", "§§": "Paragraphen", "§": "Paragraph", "№": "Nummer",
    }  # fmt: skip
    abbreviations: ClassVar[Mapping[str, str]] = {
        "z. b": "zum Beispiel", "d. h": "das heißt", "u. a": "unter anderem", "usw": "und so weiter",
        "u. s. w": "und so weiter", "u.s.w": "und so weiter", "bzw": "beziehungsweise", "ca": "circa",
        "vgl": "vergleiche", "sog": "sogenannte", "etc": "et cetera", "evtl": "eventuell", "geb": "geboren",
        "gest": "gestorben", "o. ä": "oder ähnliches", "z. t": "zum Teil", "u. ä": "und ähnliches", "Dr": "Doktor",
        "Prof": "Professor", "Hr": "Herr", "Hrn": "Herrn", "Fr": "Frau", "Frl": "Fräulein", "St": "Sankt",
        "mr": "Mister", "mrs": "Misses", "ms": "Miss", "v. Chr": "vor Christus", "n. Chr": "nach Christus",
        "a. d": "an der", "dgl": "dergleichen", "i. e": "das heißt", "Str": "Straße", "d. i": "das ist",
    }  # fmt: skip
    before_figures: ClassVar[Mapping[str, str]] = {
        "nr": "Nummer", "s": "Seite", "bd": "Band", "kap": "Kapitel", "abs": "Absatz", "art": "Artikel",
        "abb": "Abbildung", "anm": "Anmerkung", "jh": "Jahrhundert",
    }  # fmt: skip

    def cardinal(self, number: int, gender: str = "") -> str:
        """`eine Mark`, `ein Euro`; alone `eins`."""
        if number == 1 and gender:
            return {"f": "eine", "m": "ein"}[gender]
        return numbers.cardinal(number, "de")

    def gender_of(self, noun: str) -> str:
        """Which `ein` stands before a noun; none before nothing."""
        return ("f" if re.match(self.feminine, noun) else "m") if noun else ""

    def ordinal(self, number: int, gender: str = "e") -> str:
        """`zweite`, `zweiter`, `zweiten`: `gender` is the ending."""
        return numbers.ordinal(number, "de").lower().removesuffix("e") + gender

    def year(self, number: int) -> str:
        """`achtzehnhundertzwölf`."""
        return numbers.year(number, "de") if 1100 <= number < 2000 else self.cardinal(number)

    def amount(self, amount: Amount, gender: str = "") -> str | None:
        """`zweieinhalb`."""
        if amount.whole and (amount.top, amount.bottom) == (1, 2):
            whole = self.cardinal(amount.whole, "m" if amount.whole == 1 else "")
            return " ".join(w for w in (self.w_minus * amount.negative, f"{whole}einhalb", amount.scale) if w)
        return super().amount(amount, gender)

    def fraction(self, top: int, bottom: int) -> str | None:
        """`ein halb`, `drei viertel`."""
        count = self.cardinal(top, "m" if top == 1 else "")
        if bottom == 2:
            return f"{count} halb" if top == 1 else f"{count} halbe"
        return f"{count} {self.ordinal(bottom, 'e')}l" if bottom else f"{count} nulltel"

    def date(self, date: Date) -> str:
        """`zweiter März zweitausenddrei`."""
        day = self.ordinal(date.day, "er") if date.day else ""
        return " ".join(w for w in (day, self.months[date.month - 1], self.year(date.year) if date.year else "") if w)

    def time(self, clock: Clock) -> str:
        """`elf Uhr dreißig`."""
        hour = f"{self.cardinal(clock.hour, 'm')} Uhr"
        if clock.second is not None:
            minutes = f"{self.cardinal(clock.minute, 'f')} {'Minute' if clock.minute == 1 else 'Minuten'}"
            return (
                f"{hour} {minutes} {self.cardinal(clock.second, 'f')} {'Sekunde' if clock.second == 1 else 'Sekunden'}"
            )
        return f"{hour} {self.cardinal(clock.minute)}" if clock.minute else hour


def _ending(match: Match) -> str:
    before = re.search(r"(\w+)\W*$", match.string[max(0, match.start() - 24) : match.start()])
    word = before[1].lower() if before else ""
    return "en" if word in _WEAK else "e" if word in _PLAIN else "er"


class _German(Figures[German]):
    """German figures that the others have not."""

    def calendar(self) -> tuple[Rule, ...]:
        """Dates."""
        named = rf"(?P<d>\d{{1,2}})\.\s?(?P<month>{self.month})(?!\w)(?:\s(?P<y>\d{{4}})(?!\w))?"
        stopped = START + r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?!\w)"
        bare = START + r"(?P<d2>\d\d)\.(?P<m2>\d\d)(?!\w|[.,:]\d|\s?Uhr)"
        return (
            Rule("date", re.compile(START + named), self.day_and_month),
            *self.dates(),
            Rule("date", re.compile(f"{stopped}|{bare}"), self.day_dot_month),
        )

    def clock(self) -> tuple[Rule, ...]:
        """Times of day, and the years of `1848/49`, which is no fraction."""
        half = START + r"(?P<part>1/2|3/4|½|¾) ?(?P<h>\d{1,2})(?=\s?Uhr\b)"
        return (
            Rule("time", re.compile(half), self.half_hour),
            self.times(START + r"(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))?(?::(?P<s>\d\d))?\s?Uhr\b"),
            self.times(START + r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?![\w:])"),
            Rule("years", re.compile(START + r"(?P<y>1[1-9]\d\d)/(?P<z>\d\d)(?![\w/])"), self.season, "/"),
        )

    def years(self) -> tuple[Rule, ...]:
        """Years where nothing is counted, `90er Jahre`."""
        year = START + r"(?P<y>1[1-9]\d\d)(?![\w/]|[.,]\d|\s?(?:Mann|Menschen|Meter|Mark|Euro|km|kg|m|Taler|Gulden)\b)"
        return (
            Rule("decade", re.compile(START + r"(?P<n>\d{1,4})er\b"), lambda m: f"{self.tongue.year(int(m['n']))}er"),
            Rule("year", re.compile(year), lambda m: self.tongue.year(int(m["y"]))),
        )

    def ordinals(self) -> tuple[Rule, ...]:
        """`121tem`, `19. Jahrhundert`, `der 3. Mann`, and a figure with a stop that is the whole line."""
        counted = re.compile(START + rf"(?P<n>\d{{1,4}})\.(?=\s(?:{_CENTURY})\b)")
        return (
            Rule("ordinal", re.compile(START + r"(?P<n>\d{1,6})(?P<end>s?te[mnrs]?)\b"), self.bent),
            Rule("ordinal", counted, lambda m: self.tongue.ordinal(int(m["n"]), _ending(m))),
            Rule("ordinal", re.compile(START + r"(?P<n>\d{1,3})\.(?=\s[A-ZÄÖÜ])"), self.with_article),
            Rule("ordinal", re.compile(r"^(?P<n>\d{1,5})\.$"), lambda m: self.tongue.ordinal(int(m["n"]), "er")),
        )

    def kings(self) -> Rule:
        """`Ludwig XIV.` and his like."""
        named = self.sequence(f"(?:{_KINGS})s?", self.king)
        return Rule("king", re.compile(rf"{named.pattern.pattern}\.?"), named.say, named.needs)

    def day_and_month(self, match: Match) -> str | None:
        """`am 12. Juni 1815`."""
        day = int(match["d"])
        if not 1 <= day <= 31:
            return None
        year = f" {self.tongue.year(int(match['y']))}" if match["y"] else ""
        month = self.tongue.months[self.month_of(match["month"]) - 1]
        return f"{self.tongue.ordinal(day, _ending(match))} {month}{year}"

    def day_dot_month(self, match: Match) -> str | None:
        """`am 2.3.`, `02.03`: decimals have commas."""
        day, month, ending = int(match["d"] or match["d2"]), int(match["m"] or match["m2"]), _ending(match)
        section = match["d"] and ending == "er"
        if section or not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        stop = "." if match["d"] and ends_line(match) else ""
        return f"{self.tongue.ordinal(day, ending)} {self.tongue.months[month - 1]}{stop}"

    def with_article(self, match: Match) -> str | None:
        """`der 3. Mann`; a full stop behind any other figure ends the sentence."""
        ending = _ending(match)
        return None if ending == "er" else self.tongue.ordinal(int(match["n"]), ending)

    def half_hour(self, match: Match) -> str:
        """`1/2 9 Uhr`, `3/4 9 Uhr`."""
        part = "halb" if match["part"] in {"1/2", "½"} else "drei viertel"
        return f"{part} {self.tongue.cardinal(int(match['h']), 'm')}"

    def season(self, match: Match) -> str:
        """`1848/49`."""
        return f"{self.tongue.year(int(match['y']))} {self.tongue.cardinal(int(match['z']))}"

    def bent(self, match: Match) -> str:
        """`121tem`, `20ste`."""
        return self.tongue.ordinal(int(match["n"]), "e" + match["end"].lstrip("t").removeprefix("e"))

    def king(self, match: Match, number: int) -> str:
        """`Ludwig der Vierzehnte`, `unter Ludwig dem Vierzehnten`, `Ludwigs des Vierzehnten`."""
        before = re.search(
            r"(\w+)(?: (?:König|Kaiser|Papst|Herzog))?\s*$", match.string[max(0, match.start() - 30) : match.start()]
        )
        name = match["word"]
        article, end = ("der", "e")
        if name.endswith("s") and name not in {"Nikolaus", "Pius", "Johannes", "Clemens", "Matthias"}:
            article, end = "des", "en"
        elif before and before[1].lower() in _DATIVE:
            article, end = "dem", "en"
        elif name in {"Katharina", "Elisabeth"}:
            article = "die"
        return f"{name} {article} {self.tongue.ordinal(number, end).capitalize()}"


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    figures = _German(German())
    return (
        *figures.long(),
        *figures.web(),
        *figures.calendar(),
        *figures.clock(),
        *figures.telephone(),
        *figures.money(),
        *figures.percent(),
        *figures.measures(),
        *figures.fractions(),
        *figures.ordinals(),
        figures.kings(),
        figures.sequence("Kapitel|Band|Buch|Teil|Akt|Szene", lambda m, n: f"{m['word']} {figures.tongue.cardinal(n)}"),
        *figures.years(),
        figures.roman(),
        *figures.ranges(),
        *abbreviations(figures.tongue),
        *figures.plain(),
        *signs(figures.tongue),
    )
