"""Russian: numbers bend for case, gender and number; where the print does not tell, they stand in the nominative."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from narrator.scripting import numbers
from narrator.scripting.spoken.abbreviations import abbreviations, signs
from narrator.scripting.spoken.classes import Amount, Clock, Coin, Date
from narrator.scripting.spoken.figures import START, Figures
from narrator.scripting.spoken.finding import Match, Rule, ends_line
from narrator.scripting.spoken.tongue import Tongue

_ENDINGS: Final = {
    "й": ("m", "n"), "ый": ("m", "n"), "ий": ("m", "n"), "ой": ("m", "n"), "я": ("f", "n"), "ая": ("f", "n"),
    "е": ("pl", "n"), "ые": ("pl", "n"), "ое": ("n", "n"), "го": ("m", "g"), "ого": ("m", "g"), "му": ("m", "d"),
    "ому": ("m", "d"), "м": ("m", "p"), "ом": ("m", "p"), "ым": ("m", "i"), "х": ("pl", "g"), "ых": ("pl", "g"),
    "ю": ("f", "a"), "ую": ("f", "a"), "ми": ("pl", "i"), "ыми": ("pl", "i"),
}  # fmt: skip
"""The end of an ordinal: gender and case."""
_TENTHS: Final = {1: "десят", 2: "сот", 3: "тысячн", 4: "десятитысячн", 5: "стотысячн", 6: "миллионн"}
_KINGS: Final = (
    "Пётр|Петр|Николай|Александр|Павел|Иван|Фёдор|Карл|Людовик|Генрих|Фридрих|Вильгельм|Филипп|Наполеон|Георг|Эдуард|Яков"
    "|Пий|Лев|Григорий|Бенедикт|Густав|Людвиг|Франц|Иосиф|Леопольд|Василий"
)
_CAPITAL: Final = re.compile(r"\s[А-ЯЁ]")
_QUEENS: Final = "Екатерина|Елизавета|Мария|Виктория|Изабелла"
_PARTS: Final = "[Гг]лава|ГЛАВА|[Чч]асть|ЧАСТЬ|[Кк]нига|КНИГА|[Сс]цена"


class Russian(Tongue):
    """Russian."""

    code = "ru"
    group = r"[\u00a0\u202f\u2009 ]"
    months: ClassVar[tuple[str, ...]] = (
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
        "декабря",
    )  # fmt: skip
    scales: ClassVar[tuple[str, ...]] = (
        "миллионов", "миллиона", "миллион", "миллиардов", "миллиарда", "миллиард", "тысяч", "тысячи", "тысяча", "млрд.",
        "млрд", "млн.", "млн", "тыс.", "тыс",
    )  # fmt: skip
    coins: ClassVar[Mapping[str, Coin]] = {
        "руб.": Coin("рубль", "рублей", "копейка", "копеек", "рубля", "копейки"),
        "₽": Coin("рубль", "рублей", "копейка", "копеек", "рубля", "копейки"),
        "коп.": Coin("копейка", "копеек", few="копейки"),
        "$": Coin("доллар", "долларов", "цент", "центов", "доллара", "цента"),
        "€": Coin("евро", "евро", "цент", "центов", "евро", "цента"),
        "£": Coin("фунт", "фунтов", "пенс", "пенсов", "фунта", "пенса"),
        "USD": Coin("доллар", "долларов", "цент", "центов", "доллара", "цента"),
    }
    cyrillic: ClassVar[Mapping[str, str]] = {
        "км": "km", "м": "m", "см": "cm", "мм": "mm", "кг": "kg", "г": "g", "мг": "mg", "л": "l", "мл": "ml",
        "км/ч": "km/h", "м/с": "m/s", "м²": "m²", "км²": "km²", "см²": "cm²", "м³": "m³", "см³": "cm³", "га": "ha",
        "сек": "s", "мин": "min", "кВт": "kW", "В": "V", "Вт": "W", "Гц": "Hz", "т": "t",
    }  # fmt: skip
    units: ClassVar[tuple[str, ...]] = (*cyrillic, "km", "m", "cm", "mm", "kg", "°C", "°F", "°")
    w_point = "целых"
    w_minus = "минус"
    w_to = "—"
    w_and = "и"
    w_percent = "процентов"
    w_dot = "точка"
    w_at = "собака"
    w_slash = "слэш"
    w_dash = "дефис"
    w_underscore = "подчёркивание"
    signs: ClassVar[Mapping[str, str]] = {"&": "и", "+": "плюс", "=": "равно", "×": "на", "§": "параграф", "№": "номер"}
    abbreviations: ClassVar[Mapping[str, str]] = {
        "т. е": "то есть", "т. д": "так далее", "т. п": "тому подобное", "др": "другие", "т. к": "так как",
        "г-н": "господин", "г-жа": "госпожа", "н. э": "нашей эры", "им": "имени", "см": "смотри", "ср": "сравни",
    }  # fmt: skip
    before_figures: ClassVar[Mapping[str, str]] = {
        "гл": "глава", "стр": "страница", "с": "страница", "рис": "рисунок", "т": "том", "ст": "статья", "п": "пункт",
    }  # fmt: skip

    def cardinal(self, number: int, gender: str = "") -> str:
        """`двадцать одна` before a feminine noun."""
        if gender == "a":  # одна минута, but два метра: one of what ends so is a woman, two of it a man
            gender = "f" if _is_one(number) else ""
        return numbers.say(number, "ru", gender=gender) if number < 10**30 else self.digits(str(number))

    def gender_of(self, noun: str) -> str:
        """`f` for what ends like `минуты`, `a` for what ends like `минута` or `метра`."""
        return {"ы": "f", "и": "f", "а": "a", "я": "a"}.get(noun.partition(" ")[0][-1:], "")

    def ordinal(self, number: int, gender: str = "") -> str:
        """The ordinal in the nominative."""
        return self.bent(number, gender or "m", "n")

    def bent(self, number: int, gender: str, case: str) -> str:
        """An ordinal in any gender and case."""
        said = numbers.say(number, "ru", "ordinal", gender if gender != "m" else "", case if case != "n" else "")
        return said.removeprefix("одна ").removeprefix("один ")

    def year(self, number: int) -> str:
        """A year in the genitive, as after a date."""
        return self.bent(number, "m", "g")

    def amount(self, amount: Amount, gender: str = "") -> str | None:
        """`две целых пять десятых`."""
        if not amount.part:
            return super().amount(amount, gender)
        whole, part = amount.whole or 0, amount.part
        if len(part) not in _TENTHS or not int(part):
            words = [self.cardinal(whole, "f"), "целая" if _is_one(whole) else "целых", self.digits(part)]
        else:
            tenth = _TENTHS[len(part)] + ("ая" if _is_one(int(part)) else "ых")
            words = [
                self.cardinal(whole, "f"),
                "целая" if _is_one(whole) else "целых",
                self.cardinal(int(part), "f"),
                tenth,
            ]
        return " ".join([self.w_minus] * amount.negative + words + [_scale(amount)] * bool(amount.scale))

    def fraction(self, top: int, bottom: int) -> str | None:
        """`одна вторая`, `две третьих`."""
        name = self.bent(bottom, "f" if _is_one(top) else "pl", "n" if _is_one(top) else "g")
        return f"{self.cardinal(top, 'f')} {name}" if bottom > 1 else None

    def counted(self, amount: Amount, noun: str) -> str | None:
        """Short scales are spelt: `2,5 тыс. рублей`."""
        if amount.scale and not amount.part:
            gender = "f" if amount.scale.startswith("тыс") else ""
            return (
                f"{self.amount(Amount(whole=amount.whole, negative=amount.negative), gender)} {_scale(amount)} {noun}"
            )
        return super().counted(amount, noun)

    def unit(self, symbol: str, amount: Amount) -> str:
        """Cyrillic symbols too."""
        return super().unit(self.cyrillic.get(symbol, symbol), amount)

    def coin(self, coin: Coin, amount: Amount, *, part: bool = False) -> str:
        """`рубль`, `рубля`, `рублей`."""
        one, few, many = (coin.part_one, coin.part_few, coin.part_many) if part else (coin.one, coin.few, coin.many)
        if amount.part and not amount.scale:
            return few
        return _form(int(amount.count), one, few, many) if not amount.scale else many

    def date(self, date: Date) -> str:
        """`шестое марта две тысячи шестого`."""
        day = self.bent(date.day, "n", "n")
        return " ".join(w for w in (day, self.months[date.month - 1], self.year(date.year) if date.year else "") if w)

    def time(self, clock: Clock) -> str:
        """`тринадцать часов пять минут`."""
        hour, minute = clock.hour, clock.minute
        words = [self.cardinal(hour), _form(hour, "час", "часа", "часов")]
        if minute or clock.second is not None:
            words += [self.cardinal(minute, "f"), _form(minute, "минута", "минуты", "минут")]
        if clock.second is not None:
            words += [self.cardinal(clock.second, "f"), _form(clock.second, "секунда", "секунды", "секунд")]
        return " ".join(words)


def _is_one(number: int) -> bool:
    return number % 10 == 1 and number % 100 != 11


def _form(number: int, one: str, few: str, many: str) -> str:
    if _is_one(number):
        return one
    return few if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14} else many


def _scale(amount: Amount) -> str:
    """A scale in full, in the case that its number asks for."""
    stem = {"млн": "миллион", "млрд": "миллиард", "тыс": "тысяч"}.get(amount.scale.rstrip("."))
    if stem is None:
        return amount.scale
    count = 2 if amount.part else amount.whole or 0
    if stem == "тысяч":
        return "тысячи" if amount.part else _form(count, "тысяча", "тысячи", "тысяч")
    return f"{stem}а" if amount.part else _form(count, stem, f"{stem}а", f"{stem}ов")


class _Russian(Figures[Russian]):
    """Russian figures that the others have not."""

    def day_and_month(self, match: Match) -> str | None:
        """`6 марта`: on that day, as in nearly every sentence."""
        day = int(match["d"])
        if not 1 <= day <= 31:
            return None
        month = self.tongue.months[self.month_of(match["month"]) - 1]
        year = f" {self.tongue.year(int(match['y']))}" if match["y"] else ""
        of = " года" if match["of"] else ""
        return f"{self.tongue.bent(day, 'm', 'g')} {month}{year}{of}"

    def suffixed(self, match: Match) -> str | None:
        """`8-го`, `51-я`, `1990-е`."""
        gender, case = _ENDINGS[match["end"]]
        return self.tongue.bent(int(match["n"]), gender, case)

    def year_named(self, match: Match) -> str:
        """`1863 г.`, `в 1863 году`."""
        number, noun = int(match["y"]), match["noun"]
        at = match.string[max(0, match.start() - 3) : match.start()].strip().lower()
        if noun in {"г.", "г"}:
            case, noun = ("p", "году") if at in {"в", "во", "о"} else ("g", "года")
        else:
            case = {"год": "n", "года": "g", "году": "p", "годом": "i"}[noun]
        return f"{self.tongue.bent(number, 'm', case)} {noun}"

    def many(self, match: Match) -> str | None:
        """`1,23 млрд.`; scales in full need no help."""
        amount = self.amount(match)
        if amount.scale.rstrip(".") not in {"млн", "млрд", "тыс"}:
            return None
        noun = _scale(amount)
        said = self.tongue.amount(replace(amount, scale=""), "f" if noun.startswith("тыс") else "")
        return said and f"{said} {noun}"

    def padded(self, match: Match) -> str:
        """`03`: a nought before one figure only fills the column."""
        return self.tongue.cardinal(int(match["n"]))

    def king(self, match: Match, number: int) -> str:
        """`Пётр первый`, `Екатерина вторая`."""
        return f"{match['word']} {self.tongue.ordinal(number, 'f' if match['word'][-1] in 'ая' else 'm')}"

    def century(self, match: Match) -> str | None:
        """`XIX век`, `в XIX веке`, `XIX века`."""
        if not numbers.is_roman(match["r"]):
            return None
        case = {"век": "n", "в.": "n", "века": "g", "веке": "p", "веку": "d", "веком": "i"}[match["noun"]]
        stop = "." if match["noun"] == "в." and (ends_line(match) or _CAPITAL.match(match.string, match.end())) else ""
        noun = f"век{stop}" if match["noun"] == "в." else match["noun"]
        return f"{self.tongue.bent(numbers.from_roman(match['r']), 'm', case)} {noun}"


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    figures = _Russian(Russian())
    endings = "|".join(sorted(_ENDINGS, key=len, reverse=True))
    day = rf"(?P<d>\d{{1,2}})[ \u00a0](?P<month>{figures.month})(?!\w)"
    year = r"(?:[ \u00a0](?P<y>\d{4})(?!\w)(?P<of>[ \u00a0]?(?:г\.|года))?)?"
    return (
        *figures.long(),
        *figures.web(),
        Rule("date", re.compile(START + day + year), figures.day_and_month),
        *figures.dates(),
        figures.times(START + r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?![\w:])"),
        *figures.telephone(),
        *figures.money(),
        *figures.percent(),
        Rule(
            "year", re.compile(START + r"(?P<y>\d{3,4})[ \u00a0](?P<noun>г\.|год(?:а|у|ом)?)(?!\w)"), figures.year_named
        ),
        Rule("ordinal", re.compile(START + rf"(?P<n>\d{{1,4}})-(?P<end>{endings})(?!\w)"), figures.suffixed),
        *figures.measures(),
        *figures.fractions(),
        figures.sequence(f"{_KINGS}|{_QUEENS}", figures.king),
        figures.sequence(_PARTS, lambda m, n: f"{m['word']} {figures.tongue.ordinal(n, 'f')}"),
        figures.sequence("[Тт]ом|ТОМ|[Аа]кт", lambda m, n: f"{m['word']} {figures.tongue.ordinal(n)}"),
        Rule(
            "roman",
            re.compile(r"\b(?P<r>[IVXL]+)[ \u00a0](?P<noun>век(?:а|е|у|ом)?(?!\w)|в\.)"),
            figures.century,
            "[IVXL]",
        ),
        figures.roman(),
        *figures.ranges(),
        *abbreviations(figures.tongue),
        Rule("number", re.compile(rf"{figures.before}{figures.scaled}"), figures.many, "млн|млрд|тыс"),
        Rule("number", re.compile(rf"{START}(?P<zeros>-?0)(?P<n>[1-9])(?![\w,.:-])"), figures.padded),
        *figures.plain(),
        *signs(figures.tongue),
    )


def chapter(number: int) -> tuple[str, str]:
    """A chapter's name, and its number."""
    count = Russian().ordinal(number, "f")
    return f"Глава {count}", count
