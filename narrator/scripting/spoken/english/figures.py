"""Figures as English prints them: scripture, dates, old and new money, times, years, fractions, houses."""

import re
from dataclasses import replace
from typing import Final

from narrator.scripting.spoken.classes import Clock, Date
from narrator.scripting.spoken.english.tongue import MONTHS, English
from narrator.scripting.spoken.figures import START, Figures
from narrator.scripting.spoken.finding import Match, Rule, any_of, ends_line

_SHORT: Final = (
    r"(?:Jan|Febr?|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)\b\.?"
)
_LONG: Final = "|".join(m for m in MONTHS if m not in {"March", "May"})
_ANY_CASE: Final = (
    rf"(?P<month>(?i:{_LONG})\b|{_SHORT}|jan|feb|jun|jul|aug|sept|oct|nov|dec|March|MARCH|May|MAY|march|may)"
)
_DAY: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th|d)?"
_YEAR: Final = r"(?P<comma>,?)[ \u00a0](?P<y>[12]\d{3})(?![\d–-]|[.,]\d)\b"
_COUNTED: Final = (
    r"(?!\s?(?:men|women|people|persons|soldiers|troops|pounds|dollars|francs|miles|feet|yards|acres|tons|years|days|hours"
    r"|times|horses|ships|souls|copies|inhabitants|volumes|pages|lbs?|kg|km|kilomet|met(?:er|re)s?|per\b|%|°|barrels|gallons"
    r"|sheep|cattle|head|florins|guineas|ducats|crowns|marks|bottles|books|words|lines|others|more|of\s(?:them|these|those|us)))"
)
"""What follows a number of things; 1812 of them are not a year."""
_SHORT_BIBLE: Final = {
    "Gen": "Genesis", "Ex": "Exodus", "Exod": "Exodus", "Lev": "Leviticus", "Num": "Numbers", "Deut": "Deuteronomy",
    "Josh": "Joshua", "Judg": "Judges", "Sam": "Samuel", "Kgs": "Kings", "Chron": "Chronicles", "Neh": "Nehemiah",
    "Ps": "Psalm", "Pss": "Psalms", "Prov": "Proverbs", "Eccl": "Ecclesiastes", "Isa": "Isaiah", "Jer": "Jeremiah",
    "Lam": "Lamentations", "Ezek": "Ezekiel", "Dan": "Daniel", "Hos": "Hosea", "Mic": "Micah", "Hab": "Habakkuk",
    "Zech": "Zechariah", "Mal": "Malachi", "Mt": "Matthew", "Matt": "Matthew", "Mk": "Mark", "Lk": "Luke", "Jn": "John",
    "Rom": "Romans", "Cor": "Corinthians", "Gal": "Galatians", "Eph": "Ephesians", "Phil": "Philippians",
    "Col": "Colossians", "Thess": "Thessalonians", "Tim": "Timothy", "Tit": "Titus", "Heb": "Hebrews", "Jas": "James",
    "Pet": "Peter", "Rev": "Revelation",
}  # fmt: skip
_BIBLE: Final = (
    "Genesis|Exodus|Leviticus|Numbers|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Ezra|Nehemiah|Esther|Job|Psalms?"
    "|Proverbs|Ecclesiastes|Isaiah|Jeremiah|Lamentations|Ezekiel|Daniel|Hosea|Joel|Amos|Obadiah|Jonah|Micah|Nahum|Habakkuk"
    "|Zephaniah|Haggai|Zechariah|Malachi|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Galatians|Ephesians|Philippians"
    "|Colossians|Thessalonians|Timothy|Titus|Philemon|Hebrews|James|Peter|Jude|Revelation"
)
_STREET: Final = (
    r"(?:St\b\.?|Street|Ave\b\.?|Avenue|Rd\b\.?|Road|Lane|Drive|Place|Square|Terrace|Boulevard|Blvd\b\.?|Crescent|Row)"
)
_ROADS: Final = {"St": "Street", "Ave": "Avenue", "Rd": "Road", "Blvd": "Boulevard", "Ln": "Lane"}
_SIDES: Final = {"N": "North", "S": "South", "E": "East", "W": "West"}
_SIZES: Final = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion"}
_IDIOMS: Final = {"9/11": "nine eleven", "24/7": "twenty-four seven", "50/50": "fifty-fifty", "20/20": "twenty-twenty"}
_SUFFIXES: Final = {1: "st", 2: "nd", 3: "rd"}


class EnglishFigures(Figures[English]):
    """English figures."""

    def scripture(self) -> tuple[Rule, ...]:
        """`John 3:16`, `Psalm 119:105`."""
        short = any_of(_SHORT_BIBLE)
        book = re.compile(rf"(?<!\w)(?P<it>(?P<book>{short})\.?)(?=[ \u00a0]\d{{1,3}}:\d)")
        verse = re.compile(
            rf"(?<!\w)(?:{_BIBLE}|(?:{short})\.?)[ \u00a0](?P<it>(?P<c>\d{{1,3}}):(?P<v>\d{{1,3}}))(?!\w|:\d)"
        )
        return (
            Rule("scripture", verse, self._verse, r"\d:\d", part="it"),
            Rule("scripture", book, lambda m: _SHORT_BIBLE[m["book"]], r"\d:\d", part="it"),
        )

    def _verse(self, match: Match) -> str:
        return f"{self.tongue.cardinal(int(match['c']))} {self.tongue.cardinal(int(match['v']))}"

    # ── dates ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def calendar(self, *, american: bool) -> tuple[Rule, ...]:
        """`12th March, 1998`, `June 5`, `2001-02-03`, `12/03/1998` as the country reads it."""
        needs = r"\d"
        day_first = re.compile(
            rf"(?P<the>\b[Tt]he[ \u00a0])?(?<![\w.,$£€/:-]){_DAY}[ \u00a0](?:of[ \u00a0])?{_ANY_CASE}(?!\w)(?:{_YEAR})?"
        )
        month_first = re.compile(
            rf"\b{_ANY_CASE}[ \u00a0-]{_DAY}(?:[-–](?P<d2>\d{{1,2}})(?:st|nd|rd|th|d)?)?"
            rf"(?!\d|\w|:\d|[.,]\d|[-–]\d\d?\b){_COUNTED}(?:{_YEAR}|-(?P<y2>[12]\d{{3}})\b)?"
        )
        of_year = re.compile(rf"\b{_ANY_CASE}[ \u00a0](?P<it>(?P<y>1\d{{3}}|20\d\d))(?!\w|[.,]\d|[-–]\d)")
        figures = re.compile(START + r"(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})(?!\w|[./-]\d)")
        ymd = re.compile(START + r"(?P<y>\d{4})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)(?P<a>\d{1,2})(?!\w|[./-]\d)")
        slashed = self._american if american else self._british
        return (
            Rule("date", day_first, self._day_first, needs),
            Rule("date", month_first, self._month_first, needs),
            Rule("year", of_year, lambda m: self.tongue.year(int(m["y"])), needs, part="it"),
            Rule("date", figures, slashed, r"\d[./-]\d"),
            Rule("date", ymd, self._year_first, r"\d[./-]\d"),
        )

    def _month_name(self, match: Match) -> str:
        start = match["month"][:3].casefold()
        name = next(m for m in MONTHS if m.casefold().startswith(start))
        stop = "." if match["month"].endswith(".") and ends_line(match) else ""
        return name + stop

    def _ordinary(self, match: Match) -> bool:
        """`may 5` is a date only where the month is a name."""
        return match["month"] not in {"may", "march"} and 1 <= int(match["d"]) <= 31

    def _day_first(self, match: Match) -> str | None:
        adjective = match["month"] == "august" and not match["y"]  # the 3 august personages
        if adjective or not self._ordinary(match):
            return None
        year = f"{match['comma']} {self.tongue.year(int(match['y']))}" if match["y"] else ""
        return f"{match['the'] or 'the '}{self.tongue.ordinal(int(match['d']))} of {self._month_name(match)}{year}"

    def _month_first(self, match: Match) -> str | None:
        if not self._ordinary(match):
            return None
        printed = match["y"] or match["y2"]
        year = f"{match['comma'] or ''} {self.tongue.year(int(printed))}" if printed else ""
        until = f" to {self.tongue.ordinal(int(match['d2']))}" if match["d2"] else ""
        return f"{self._month_name(match).rstrip('.')} {self.tongue.ordinal(int(match['d']))}{until}{year}"

    def _in_figures(self, day: int, month: int, match: Match, *, day_first: bool) -> str | None:
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        date = Date(day=day, month=month, year=int(match["y"]))
        return self.tongue.date(date) if day_first else self.tongue.american_date(date)

    def _american(self, match: Match) -> str | None:
        a, b = int(match["a"]), int(match["b"])
        return self._in_figures(b, a, match, day_first=False) or self._in_figures(a, b, match, day_first=True)

    def _british(self, match: Match) -> str | None:
        a, b = int(match["a"]), int(match["b"])
        return self._in_figures(a, b, match, day_first=True) or self._in_figures(b, a, match, day_first=False)

    def _year_first(self, match: Match) -> str | None:
        return self._in_figures(int(match["a"]), int(match["b"]), match, day_first=False)

    # ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def sums(self) -> tuple[Rule, ...]:
        """`£5 10s. 6d.`, `20l.`, `5d.`, then money of today."""
        n = self.integer
        old = re.compile(
            rf"(?<![\w.])(?:£\s?(?P<l>{n})[.,]?\s?)?\b(?P<s>\d{{1,2}})\s?s\b\.?(?:,?\s?(?P<d>\d{{1,2}}(?:\s?[½¼¾])?)\s?d\b\.?)?"
            rf"|(?<![\w.])£\s?(?P<l2>{n})[.,]?\s(?P<d2>\d{{1,2}}(?:\s?[½¼¾])?)\s?d\b\.?"
        )
        pounds = re.compile(START + rf"(?P<n>{n})l\.")
        pence = re.compile(START + r"(?P<n>\d{1,2})(?P<f>\s?[½¼¾])?\s?d\.(?!\w)")
        span = re.compile(rf"(?<!\w)(?P<coin>[$£€])(?P<a>{n})[ \u00a0]?[-–][ \u00a0]?(?P<b>{n})(?![\w/]|[.,]\d)")
        short = re.compile(rf"(?<!\w)(?P<coin>[$£€])(?P<n>{n})(?:\.(?P<part>\d+))?(?P<size>m|bn|k|M|B|K)\b")
        return (
            Rule("money", span, self._span_of_money, "[$£€]"),
            Rule("money", short, self._short_money, "[$£€]"),
            Rule("money", old, self._old_money, r"\d\s?[sd]\b"),
            Rule("money", pounds, lambda m: self._coins(m["n"], "pound", "pounds"), r"\dl\."),
            Rule("money", pence, self._pence, r"d\."),
            *self.money(),
        )

    def _span_of_money(self, match: Match) -> str:
        """`$5–10` is five to ten dollars."""
        first, last = self.value(match["a"]), self.value(match["b"])
        coins = self.tongue.coins[match["coin"]].many
        return f"{self.tongue.cardinal(first)} to {self.tongue.cardinal(last)} {coins}"

    def _short_money(self, match: Match) -> str | None:
        """`£3m` is three million pounds."""
        amount = replace(self.amount(match), scale=_SIZES[match["size"].lower()])
        return self.tongue.money(amount, self.tongue.coins[match["coin"]])

    def _coins(self, figures: str, one: str, many: str) -> str:
        number = self.value(figures.rstrip("½¼¾ "))
        half = {"½": " and a half", "¼": " and a farthing", "¾": " and three farthings"}.get(figures[-1], "")
        if half and many == "pence" and figures[-1] != "½":
            return f"{self.tongue.cardinal(number)} {one if number == 1 else many}{half}"
        return f"{self.tongue.cardinal(number)}{half} {one if number == 1 and not half else many}"

    def _old_money(self, match: Match) -> str | None:
        kinds = (("l", "pound", "pounds"), ("l2", "pound", "pounds"), ("s", "shilling", "shillings"),
                 ("d", "penny", "pence"), ("d2", "penny", "pence"))  # fmt: skip
        parts = [
            self._coins(match[group], one, many) for group, one, many in kinds if match[group] and match[group] != "0"
        ]
        alone = match["s"] and int(match["s"]) < 21 and "." in match[0]
        if len(parts) < 2 and not alone:
            return None
        return " ".join(parts) + ("." if match[0].endswith(".") and ends_line(match) else "")

    def _pence(self, match: Match) -> str:
        stop = "." if ends_line(match) else ""
        return self._coins(match["n"] + (match["f"] or ""), "penny", "pence") + stop

    # ── times, years ──────────────────────────────────────────────────────────────────────────────────────────────────

    def clock(self) -> tuple[Rule, ...]:
        """`7:45 p.m.`, `10:05`, `4 a.m.`, `11:20AM`."""
        half = r"[ \u00a0]?(?P<half>[ap]\.[ \u00a0]?m\b\.?|[AP]\.[ \u00a0]?M\b\.?|[ap]\.?m\b\.?|[AP]M\b\.?)"
        halved = re.compile(START + rf"(?P<h>\d{{1,2}})(?:[:.](?P<m>\d\d))?(?::(?P<s>\d\d))?{half}")
        plain = re.compile(START + r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?![\w:]|\.\d)")
        pointed = re.compile(
            r"\b(?:[Aa]t|[Bb]y|[Tt]ill|[Uu]ntil|[Ff]rom|[Tt]he)[ \u00a0](?P<it>(?P<h>\d{1,2})\.(?P<m>[0-5]\d))"
            r"(?=[,;:!?]|\.?$|\.\s|[ \u00a0](?:train|express|boat|bus|plane|from|to|on|in|and|this|that|tomorrow)\b)"
        )
        hours = re.compile(r"(?<![\w.,])(?P<h>[01]\d|2[0-4])(?P<m>[0-5]\d)(?=[ \u00a0](?:hours|hrs)\b)")
        ratio = re.compile(START + r"(?P<a>\d{1,3}):(?P<b>\d{1,2})(?![\w:]|\.\d)")
        return (
            Rule("time", halved, self._halved, r"\d[^\n]?[^\n]?[AaPp]"),
            Rule("time", plain, self._time, r"\d:\d"),
            Rule("time", pointed, self._time, r"\d\.\d", part="it"),
            Rule("time", hours, self._hours, r"\d{4}\s(?:hours|hrs)"),
            Rule(
                "ratio",
                ratio,
                lambda m: f"{self.tongue.cardinal(int(m['a']))} to {self.tongue.cardinal(int(m['b']))}",
                r"\d:\d",
            ),
        )

    def _hours(self, match: Match) -> str:
        """`0600 hours` is oh six hundred."""
        hour, minute = int(match["h"]), int(match["m"])
        said = f"{'oh ' if hour < 10 else ''}{self.tongue.cardinal(hour)}"
        return f"{said} {self.tongue.cardinal(minute) if minute else 'hundred'}"

    def _halved(self, match: Match) -> str | None:
        hour, minute = int(match["h"]), int(match["m"] or 0)
        if hour > 24 or minute > 59:
            return None
        said = self.tongue.time(Clock(hour=hour, minute=minute, second=int(match["s"]) if match["s"] else None))
        stop = "." if match[0].endswith(".") and ends_line(match) else ""
        bare = said.removesuffix(" o'clock")
        return f"{bare} {match['half'][0].upper()}M{stop}"

    def spans_of_years(self) -> tuple[Rule, ...]:
        """`1914–18`, `the 1920s`, `the ’20s`."""
        years = re.compile(
            r"(?<![\w.,$£€/–-])(?P<a>1[1-9]\d\d|20\d\d)\s?[-–—]\s?(?P<b>\d{4}|\d\d?)(?![\w-]|[.,]\d)" + _COUNTED
        )
        decade = re.compile(START + r"(?P<y>1[1-9]\d0|20\d0)[’']?\s?s\b")
        short = re.compile(r"(?<!\w)[’'‘](?P<y>[1-9]0)[’']?s\b")
        plain = re.compile(START + r"(?P<y>[2-9]0)[’']?s\b(?!\.)")
        return (
            Rule("years", years, self._years, r"\d\s?[-–—]\s?\d"),
            Rule("decade", decade, self._decade, r"0[’']?\s?s"),
            Rule("decade", short, self._decade, r"0[’']?s"),
            Rule("decade", plain, self._decade, r"0[’']?s"),
        )

    def _years(self, match: Match) -> str | None:
        first, second = int(match["a"]), match["b"]
        size = 10 ** len(second)
        last = first // size * size + int(second)
        if last <= first:
            return None
        until = self.tongue.year(last) if len(second) == 4 else self.tongue.cardinal(int(second))
        return f"{self.tongue.year(first)} to {until}"

    def _decade(self, match: Match) -> str:
        words = self.tongue.year(int(match["y"]))
        return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"

    def years(self) -> tuple[Rule, ...]:
        """`1812`, where nothing is counted."""
        year = re.compile(rf"(?<![\d,.$£€#/–-])(?<!\w)(?P<y>1[1-9]\d\d|20\d\d)(?![\w/]|[,.]\d|[-–]\d){_COUNTED}")
        era = re.compile(
            START + r"(?P<it>(?P<y>\d{3,4}))(?=[ \u00a0](?:A\.\s?D|B\.\s?C|AD\b|BC\b|C\.\s?E\b|CE\b|BCE\b))"
        )
        after = re.compile(r"(?:A\.\s?D\.?|\bAD)[ \u00a0](?P<it>(?P<y>\d{3,4}))(?![\w]|[.,]\d)")
        dated = re.compile(r"(?<=\b[Ii]n[ \u00a0])(?P<y>1[6-9]\d\d|20\d\d)(?![\w/]|[,.]\d|[-–]\d)")
        kinds = ((era, ""), (after, "it"), (dated, ""), (year, ""))
        return tuple(Rule("year", p, self._year, part=part) for p, part in kinds)

    def _year(self, match: Match) -> str:
        return self.tongue.year(int(match["y"]))

    # ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def ordinals(self) -> tuple[Rule, ...]:
        """`22nd`, `2d`; the ending must be the number's own."""
        pattern = re.compile(START + rf"(?P<n>{self.integer})(?P<end>st|nd|rd|th|ST|ND|RD|TH|d)\b")
        return (Rule("ordinal", pattern, self._ordinal, r"\d(?:st|nd|rd|th|ST|ND|RD|TH|d)"),)

    def _ordinal(self, match: Match) -> str | None:
        number, end = self.value(match["n"]), match["end"].lower()
        right = "th" if number % 100 in {11, 12, 13} else _SUFFIXES.get(number % 10, "th")
        return self.tongue.ordinal(number) if end == right or (end == "d" and right in {"nd", "rd"}) else None

    def idioms(self) -> tuple[Rule, ...]:
        """`24/7` and its like; `1/4th`."""
        pattern = re.compile(r"(?<![\w/.])(?P<w>\d{1,2}/\d{1,2})(?![\w/])")
        tailed = re.compile(r"(?<![\w/.])(?P<top>\d{1,3})/(?P<bottom>\d{1,3})(?i:st|nd|rd|th)s?\b")
        glyph = re.compile(r"(?<![\w/])½(?=[ \u00a0](?:a|an|the|past|of)\b)|(?<=\b[Aa][ \u00a0])½")
        return (
            Rule("fraction", pattern, lambda m: _IDIOMS.get(m["w"]), "/"),
            Rule("fraction", tailed, lambda m: self.tongue.fraction(int(m["top"]), int(m["bottom"])), "/"),
            Rule("fraction", glyph, lambda _m: "half", "½"),
        )

    def ranges(self) -> tuple[Rule, ...]:
        """Also between times and decades: `4 a.m. – 8 p.m.`, `1960s–80s`."""
        between = re.compile(r"(?:(?<=[ap]m)|(?<=[AP]M)|(?<=[m]\.)|(?<=\ds))[ \u00a0]?[-–—][ \u00a0]?(?=[’']?\d)")
        return (*super().ranges(), Rule("range", between, lambda _m: " to ", r"[mMs.]\s?[-–—]\s?[’']?\d"))

    def heights(self) -> tuple[Rule, ...]:
        """`6'2"`, `5 ft. 3 in.`, `12 st.` are feet, inches and stone."""
        prime = re.compile(r"(?<![\w.])(?P<f>\d{1,2})['’′][ \u00a0]?(?P<i>\d{1,2})(?:[\"”″]|''|’’)")
        spelt = re.compile(r"(?<![\w.,])(?P<f>\d{1,2})[ \u00a0]?ft\.?,?[ \u00a0](?P<i>\d{1,2})[ \u00a0]?in\b\.?")
        stone = re.compile(r"(?<![\w.,])(?P<n>\d{1,2})[ \u00a0]st\.(?!\w)")
        return (
            Rule("measure", prime, self._height, r"\d['’′]"),
            Rule("measure", spelt, self._height, r"\dft|\d\sft"),
            Rule(
                "measure", stone, lambda m: self.tongue.cardinal(int(m["n"])) + " stone" + "." * ends_line(m), r"\d\sst"
            ),
        )

    def _height(self, match: Match) -> str:
        feet, inches = int(match["f"]), int(match["i"])
        said = f"{self.tongue.cardinal(feet)} {'foot' if feet == 1 else 'feet'}"
        return f"{said} {self.tongue.cardinal(inches)} {'inch' if inches == 1 else 'inches'}"

    def houses(self) -> tuple[Rule, ...]:
        """`221B Baker Street`, `Room 237`: in pairs."""
        house = re.compile(
            rf"(?<![\w.,$£€-])(?P<it>(?P<n>\d{{3,4}})(?P<letter>[A-Da-d]?))"
            rf"(?=,?[ \u00a0](?:[NSEW]\.?[ \u00a0])?(?:[A-Z][\w’'.]*[ \u00a0]){{1,3}}{_STREET}(?!\w))"
        )
        room = re.compile(
            r"\b(?:Room|Suite|Flight|Apartment|Route|Highway)[ \u00a0](?P<it>(?P<n>\d{3,4})(?P<letter>[A-D]?))"
            r"\b(?![.,]\d)"
        )
        words = r"\d[A-Da-d]?[ \u00a0](?:[NSEW]\.?[ \u00a0])?(?:[A-Z][\w’']*[ \u00a0]){1,3}"
        road = re.compile(rf"{words}(?P<it>St|Ave|Rd|Blvd|Ln)\b(?!\.)")
        side = re.compile(
            rf"\d[A-Da-d]?[ \u00a0](?P<it>[NSEW])\.?[ \u00a0](?:[A-Z][\w’']*[ \u00a0]){{1,3}}{_STREET}(?!\w)"
        )
        return (
            *(Rule("house", p, self._house, part="it") for p in (house, room)),
            Rule("address", side, lambda m: _SIDES[m["it"]], part="it"),
            Rule("address", road, lambda m: _ROADS[m["it"]], part="it"),
        )

    def _house(self, match: Match) -> str:
        number, letter = int(match["n"]), f" {match['letter'].upper()}" if match["letter"] else ""
        high, low = divmod(number, 100)
        if number < 100 or not low or (not high % 10 and high >= 10 and low < 10):
            return self.tongue.cardinal(number) + letter
        return f"{self.tongue.cardinal(high)} {'oh ' if low < 10 else ''}{self.tongue.cardinal(low)}{letter}"
