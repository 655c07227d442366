"""What an English reader says for what is printed: titles, abbreviations, kings, parts of a book, signs, initials."""

import re
from collections.abc import Mapping
from typing import Final

from narrator.scripting import english_figures, numbers
from narrator.scripting.numbers import cardinal, ordinal
from narrator.scripting.rules import Rule, Say


def _spelt(words: Mapping[str, str], then: str = "") -> Say:
    return lambda match: words[(match["w"] or "etc").casefold()] + then


_TITLES: Final = {
    "mr": "Mister", "mrs": "Missus", "ms": "Miz", "messrs": "Messieurs", "dr": "Doctor", "prof": "Professor",
    "rev": "Reverend", "revd": "Reverend", "hon": "Honourable", "capt": "Captain", "col": "Colonel", "gen": "General",
    "lt": "Lieutenant", "lieut": "Lieutenant", "maj": "Major", "sgt": "Sergeant", "sergt": "Sergeant",
    "cmdr": "Commander", "adm": "Admiral", "gov": "Governor", "sen": "Senator", "pres": "President", "st": "Saint",
    "mme": "Madame", "mlle": "Mademoiselle", "mt": "Mount", "ft": "Fort", "insp": "Inspector", "supt": "Superintendent",
}  # fmt: skip
_ALWAYS: Final = {
    "etc": "et cetera", "&c": "et cetera", "e.g": "for example", "i.e": "that is", "viz": "namely", "vs": "versus",
    "esq": "Esquire", "jr": "Junior", "sr": "Senior", "approx": "approximately", "ad lib": "ad lib", "inst": "instant",
    "ult": "ultimo",
}  # fmt: skip
_BEFORE_NUMBER: Final = {
    "no": "number", "nos": "numbers", "vol": "volume", "vols": "volumes", "p": "page", "pp": "pages", "fig": "figure",
    "ch": "chapter", "chap": "chapter", "sec": "section", "art": "article", "ver": "verse",
}  # fmt: skip
_UNITS: Final = {
    "kg": "kilograms", "km": "kilometres", "cm": "centimetres", "mm": "millimetres", "lbs": "pounds", "lb": "pounds",
    "oz": "ounces", "ft": "feet", "mph": "miles per hour",
}  # fmt: skip
_REGNAL: Final = (
    "Henry|George|Charles|James|Edward|William|Louis|Philip|Napoleon|Pius|Leo|John|Richard|Alexander|Nicholas|Catherine"
    "|Elizabeth|Frederick|Gustavus|Benedict|Gregory|Innocent|Clement|Urban|Ferdinand|Peter|Christian|Francis|Joseph|Otto"
    "|Paul|Mary|Ramses|Ptolemy|Alfonso|Wilhelm|Friedrich|Haakon|Umberto"
)
_PARTS: Final = (
    "chapter|book|part|volume|act|scene|canto|section|letter|stanza|psalm|article|appendix|lesson|page|stave|war|number"
    "|phase|verse|plate|figure|table|class|type"
)


def _of(words: Mapping[str, str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


def _web(match: re.Match[str]) -> str:
    text = re.sub(r"^https?://", "", match[0]).rstrip("/")
    for sign, word in ((".", " dot "), ("/", " slash "), ("@", " at "), ("-", " dash "), ("_", " underscore ")):
        text = text.replace(sign, word)
    return re.sub(r"\s+", " ", re.sub(r"[?&=#:%+~]", " ", text)).strip()


def _cased(words: Mapping[str, str]) -> str:
    return "|".join(form for w in sorted(words, key=len, reverse=True) for form in (w.title(), w.upper()))


def _letters(match: re.Match[str]) -> str:
    end = match.end()
    stop = "." if end == len(match.string.rstrip("\"”’' ")) else ""
    return " ".join(c for c in match[0] if c.isalnum()) + stop


def _initials(match: re.Match[str]) -> str:
    return _letters(match) + (" " if match[0].endswith(" ") else "")


def _king(match: re.Match[str]) -> str | None:
    if not numbers.is_roman(match["r"]):
        return None
    return f"{match['name']} the {ordinal(numbers.from_roman(match['r']))}"


def _part(match: re.Match[str]) -> str | None:
    """`Chapter IV`, `page xii`; not `the letter I wrote`."""
    kind, numeral = match["kw"], match["r"]
    if not numbers.is_roman(numeral) or (len(numeral) == 1 and (kind.islower() or numeral not in "IVX")):
        return None
    if numeral == "I" and re.match(r"\s[a-z]", match.string[match.end() :]):
        return None
    return f"{match['kw']} {cardinal(numbers.from_roman(match['r']))}"


def _roman(match: re.Match[str]) -> str | None:
    return cardinal(numbers.from_roman(match[0])) if numbers.is_roman(match[0]) else None


_ADDRESS: Final = Rule(
    "address", re.compile(r"(?:https?://|www\.)[^\s<>\"”’]*[\w/]|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _web, r"[/@.]"
)
_WORDS: Final = (
    Rule("percent", re.compile(r"(?<=\d)\s?%"), lambda _m: " percent", "%"),
    Rule("degrees", re.compile(r"\s?°\s?C\b"), lambda _m: " degrees Celsius", "°"),
    Rule("degrees", re.compile(r"\s?°\s?F\b"), lambda _m: " degrees Fahrenheit", "°"),
    Rule("degrees", re.compile(r"\s?°"), lambda _m: " degrees", "°"),
    Rule(
        "abbreviation",
        re.compile(rf"\b(?P<w>{_of(_BEFORE_NUMBER)})\.\s?(?=\d|[ivxlIVXL]{{2,}}\b)", re.IGNORECASE),
        _spelt(_BEFORE_NUMBER, " "),
        r"\.",
    ),
    Rule("abbreviation", re.compile(r"[#№]\s?(?=\d)"), lambda _m: "number ", "[#№]"),
    Rule("abbreviation", re.compile(r"(?<=[a-z]\s)St\.(?!\s[A-Z])"), lambda _m: "Street", "St"),
    Rule("abbreviation", re.compile(r"(?<=[a-z]\s)St\.(?=\s(?:It|He|She|The|They|We)\b)"), lambda _m: "Street.", "St"),
    Rule("unit", re.compile(rf"(?<=\d)\s?(?P<w>{_of(_UNITS)})\b\.?(?!\w)"), lambda m: " " + _UNITS[m["w"]], r"\d"),
    Rule(
        "title",
        re.compile(rf"\b(?P<w>(?i:mr|mrs)|{_cased(_TITLES)})\b(?:\.(?=\s?[A-ZÀ-Þ—–_*])|(?=\s[A-ZÀ-Þ—]))"),
        _spelt(_TITLES),
    ),
    Rule("title", re.compile(r"\b(?P<w>(?i:Mr|Mrs))\b\.?"), _spelt(_TITLES), "[Mm][Rr]"),
    Rule(
        "abbreviation",
        re.compile(rf"(?<!\w)(?P<w>{_of(_ALWAYS)})\.(?=\s*$)|(?<!\w)(?P<e>etc|&c)\.(?=\s[A-Z])", re.IGNORECASE),
        _spelt(_ALWAYS, "."),
        r"\.",
    ),
    Rule("abbreviation", re.compile(rf"(?<!\w)(?P<w>{_of(_ALWAYS)})\.(?!\w)", re.IGNORECASE), _spelt(_ALWAYS), r"\."),
    Rule("abbreviation", re.compile(r"&c\b"), lambda _m: "et cetera", "&"),
    Rule("part", re.compile(rf"\b(?P<kw>(?i:{_PARTS}))\.?\s(?P<r>[IVXLC]+|[ivxlc]+)\b(?!['’])"), _part, "[IVXLCivxlc]"),
    Rule("king", re.compile(rf"\b(?P<name>{_REGNAL})\s(?P<r>[IVX]+)\b(?!['’]|\.?\s[a-z]|\s?[A-Z])"), _king, "[IVX]"),
    Rule("king", re.compile(rf"\b(?P<name>{_REGNAL})\s(?P<r>[IVX]{{2,}}|V)\b(?:\.(?=\s[a-z]))?"), _king, "[IVX]"),
    Rule("king", re.compile(r"\b(?P<name>[A-Z][a-z]+)\s(?P<r>[IVX]{2,})\b"), _king, "[IVX]"),
    Rule("roman", re.compile(r"\b(?=[IVX]*[IVX])(?!XL\b|LI\b)[IVXL]{2,}\b"), _roman, "[IVXL]"),
)
_SIGNS: Final = (
    Rule("sign", re.compile(r"\s?&\s?"), lambda _m: " and ", "&"),
    Rule("sign", re.compile(r"\s?=\s?"), lambda _m: " equals ", "="),
    Rule("sign", re.compile(r"(?<=\w)\s?\+\s?(?=\w)"), lambda _m: " plus ", r"\+"),
    Rule("sign", re.compile(r"\s?×\s?"), lambda _m: " times ", "×"),
    Rule("sign", re.compile(r"§\s?"), lambda _m: "section ", "§"),
    Rule("sign", re.compile(r"(?<=[^\W\d_])/(?=[^\W\d_])"), lambda _m: " or ", "/"),
    Rule("sign", re.compile(r"\s?@\s?"), lambda _m: " at ", "@"),
    Rule(
        "initials",
        re.compile(r"\b(?:[A-Z]\.\s?){2,}(?=\W|$)|\b(?:[A-Z]\.){2,}(?=[A-Z])|\b[A-Z]\.(?:[A-Z]\.)+"),
        _initials,
        r"[A-Z]\.",
    ),
    Rule(
        "initials",
        re.compile(r"(?<=[A-Z][a-z] )[A-Z]\.(?=\s[A-Z])|(?<=[a-z] )[A-HJ-Z]\.(?=\s[A-Z][a-z])"),
        lambda m: m[0][0],
        r"[A-Z]\.",
    ),
)


def rules(*, american: bool) -> tuple[Rule, ...]:
    """The rules in the order they are tried."""
    dates = english_figures.slashed_date(american=american)
    return (_ADDRESS, dates, *english_figures.BEFORE_WORDS, *_WORDS, *english_figures.AFTER_WORDS, *_SIGNS)
