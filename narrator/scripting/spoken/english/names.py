"""Titles, abbreviations, kings, parts of a book, initials, as an English reader says them."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Final

from narrator.scripting import numbers
from narrator.scripting.languages import ENGLISH
from narrator.scripting.numbers import cardinal, ordinal
from narrator.scripting.spoken.abbreviations import signs
from narrator.scripting.spoken.english.tongue import English
from narrator.scripting.spoken.figures import ROMAN
from narrator.scripting.spoken.finding import Match, Rule, any_of, ends_line

_TITLES: Final = {
    "mr": "Mister", "mrs": "Missus", "ms": "Miz", "messrs": "Messieurs", "dr": "Doctor", "prof": "Professor",
    "rev": "Reverend", "revd": "Reverend", "hon": "Honourable", "capt": "Captain", "col": "Colonel", "gen": "General",
    "lt": "Lieutenant", "lieut": "Lieutenant", "maj": "Major", "sgt": "Sergeant", "sergt": "Sergeant",
    "cmdr": "Commander", "adm": "Admiral", "gov": "Governor", "sen": "Senator", "pres": "President", "st": "Saint",
    "mme": "Madame", "mlle": "Mademoiselle", "mt": "Mount", "ft": "Fort", "insp": "Inspector", "supt": "Superintendent",
}  # fmt: skip
_ALWAYS: Final = {
    "etc": "et cetera", "&c": "et cetera", "e.g": "for example", "e. g": "for example", "i.e": "that is",
    "i. e": "that is", "viz": "namely", "vs": "versus", "esq": "Esquire", "jr": "Junior", "sr": "Senior",
    "approx": "approximately", "inst": "instant", "ult": "ultimo", "ph.d": "PhD", "lbs": "pounds",
}  # fmt: skip
_BEFORE_NUMBER: Final = {
    "no": "number", "nos": "numbers", "vol": "volume", "vols": "volumes", "p": "page", "pp": "pages", "fig": "figure",
    "ch": "chapter", "chap": "chapter", "sec": "section", "art": "article", "ver": "verse",
}  # fmt: skip
_ROADS: Final = {"ave": "Avenue", "blvd": "Boulevard", "rd": "Road"}
_REGNAL: Final = (
    "Henry|George|Charles|James|Edward|William|Louis|Philip|Napoleon|Pius|Leo|John|Richard|Alexander|Nicholas|Catherine"
    "|Elizabeth|Frederick|Gustavus|Benedict|Gregory|Innocent|Clement|Urban|Ferdinand|Peter|Christian|Francis|Joseph|Otto"
    "|Paul|Mary|Ramses|Ptolemy|Alfonso|Wilhelm|Friedrich|Haakon|Umberto"
)
_PARTS: Final = (
    "chapter|book|part|volume|act|scene|canto|section|letter|stanza|psalm|article|appendix|lesson|page|stave|war|number"
    "|phase|verse|plate|figure|table|class|type"
)
_MODELS: Final = (
    "Mark|Apollo|Gemini|Bowl|Vatican|Title|Stage|Level|Grade|Tier|Category|Schedule|Group|Corps|Division|Legion|Episode"
    "|Exhibit|Round|Fantasy|Team|World|Model|Series|Mk\\.?"
)
"""What has a number of its own and is no king."""
_DRIP: Final = re.compile(r"\s(?:drip|line|bag|pole|needle|fluid|tube|stand|port|bottle)s?\b")
_STARTERS: Final = ENGLISH.starters | {"well", "yes", "oh", "come", "do", "is", "let", "nor", "or", "please", "with"}
_FIRST: Final = r"(?<=[A-Z][a-z] )[A-Z]\.(?=\s[A-Z])|(?<=[a-z] )[A-HJ-Z]\.(?=\s[A-Z][a-z])"


def _cased(words: Mapping[str, str]) -> str:
    return "|".join(form for w in sorted(words, key=len, reverse=True) for form in (w.title(), w.upper()))


def _spelt(words: Mapping[str, str], match: Match) -> str:
    stop = "." if match[0].endswith(".") and ends_line(match) else ""
    return words[match["w"].casefold()] + stop


def _always(match: Match) -> str:
    starts = bool(re.match(r"\s[A-Z]", match.string[match.end() : match.end() + 2])) and match["w"].casefold() in {
        "etc",
        "&c",
    }
    return _ALWAYS[match["w"].casefold()] + ("." if ends_line(match) or starts else "")


def _king(match: Match) -> str | None:
    return f"the {ordinal(numbers.from_roman(match['r']))}" if numbers.is_roman(match["r"]) else None


def _part(match: Match) -> str | None:
    """`Chapter IV`, `page xii`; not `the letter I wrote`."""
    kind, numeral = match["kw"], match["r"]
    if not numbers.is_roman(numeral) or (len(numeral) == 1 and (kind.islower() or numeral not in "IVX")):
        return None
    if numeral == "I" and re.match(r"\s[a-z]", match.string[match.end() : match.end() + 2]):
        return None
    return cardinal(numbers.from_roman(numeral))


def _roman(match: Match) -> str | None:
    """`XXXIX Articles`; `an IV drip` hangs in a hospital."""
    before = match.string[max(0, match.start() - 3) : match.start()].lower()
    if match["r"] == "IV" and (before == "an " or _DRIP.match(match.string, match.end())):
        return "I V"
    return cardinal(numbers.from_roman(match["r"])) if numbers.is_roman(match["r"]) else None


def _ranked(match: Match) -> str | None:
    return ordinal(numbers.from_roman(match["r"])) if numbers.is_roman(match["r"]) else None


def _initials(match: Match) -> str:
    """`J R R Tolkien`; alone, letters are a word of their own: `USA`, `PM`."""
    letters = [c.upper() for c in match[0] if c.isalnum()]
    name = re.match(r"\s?[A-Z]", match.string[match.end() : match.end() + 2])
    apart = name or " " in match[0].rstrip() or numbers.is_roman("".join(letters))
    stop = "." if match[0].rstrip().endswith(".") and ends_line(match) else ""
    return (" " if apart else "").join(letters) + stop + (" " if match[0].endswith(" ") else "")


def _first(match: Match) -> str | None:
    """`Francis H. Moulton`; in `the letter A. You have` the stop ends a sentence."""
    after = re.match(r"\s(\w+)", match.string[match.end() : match.end() + 16])
    starts = after and after[1].lower() in _STARTERS
    return None if starts else match[0][0]


def before_figures() -> tuple[Rule, ...]:
    """Abbreviations and Roman numerals, which look at figures that stand beside them."""
    number = rf"\b(?P<w>(?i:{any_of(_BEFORE_NUMBER)}))\.[ \u00a0]?(?=\d|[ivxlIVXL]{{2,}}\b)"
    road = r"(?<=[a-z][ \u00a0])St\.(?=\s(?:It|He|She|The|They|We|I|In|At|There)\b)"
    titled = (
        rf"\b(?P<w>(?i:mr|mrs)|{_cased(_TITLES)})\b(?:\.(?=\s?[A-ZÀ-Þ—–⸺⸻_*“‘])|(?=\s[A-ZÀ-Þ—⸺⸻])"
        r"|\.(?=\s(?:and|&|or)\s(?:M(?:rs?|s|iss|me|lle)|Dr|Lady|Prof)\b))"
    )
    always = rf"(?<![\w.])(?P<w>(?i:{any_of(_ALWAYS)}))\.(?!\w)"
    part = rf"\b(?P<kw>(?i:{_PARTS}))\.?\s(?P<r>[IVXLC]+|[ivxlc]+)\b(?!['’])"
    king = rf"\b(?:{_REGNAL})\s(?P<r>[IVX]+)\b(?!['’]|\.?\s[a-z]|\s?[A-Z])"
    dotted = rf"\b(?:{_REGNAL})\s(?P<it>(?P<r>[IVX]{{2,}}|V)\b(?:\.(?=\s[a-z]))?)"
    ranked = r"(?<!\w)(?P<r>[IVXLC]{2,})(?:th|st|nd|rd)\b"
    return (
        Rule("abbreviation", re.compile(number), lambda m: _BEFORE_NUMBER[m["w"].casefold()] + " ", r"\."),
        Rule("abbreviation", re.compile(r"[#№]\s?(?=\d)"), lambda _m: "number ", "[#№]"),
        Rule(
            "abbreviation",
            re.compile(r"(?<=[a-z][ \u00a0])St\.(?!\s[A-Z]|[—⸺⸻])"),
            lambda m: "Street" + ("." if ends_line(m) else ""),
            "St",
        ),
        Rule("abbreviation", re.compile(road), lambda _m: "Street.", "St"),
        Rule(
            "abbreviation",
            re.compile(rf"(?<=[a-z][ \u00a0])(?P<w>(?i:{any_of(_ROADS)}))\.(?!\w)"),
            partial(_spelt, _ROADS),
            r"[vd]e?\.",
        ),
        Rule("title", re.compile(titled), partial(_spelt, _TITLES), "[A-Zm][a-zA-Z]"),
        Rule("title", re.compile(r"\b(?P<w>(?i:Mr|Mrs))\b\.?"), partial(_spelt, _TITLES), "[Mm][Rr]"),
        Rule("abbreviation", re.compile(always), _always, r"\w\."),
        Rule(
            "abbreviation", re.compile(r"(?<=[&d][ \u00a0])Co\.(?!\w)"), lambda m: "Company" + "." * ends_line(m), "Co"
        ),
        Rule("abbreviation", re.compile(r"&c\b"), lambda _m: "et cetera", "&"),
        Rule("part", re.compile(part), _part, "[IVXLCivxlc]", part="r"),
        Rule("king", re.compile(king), _king, "[IVX]", part="r"),
        Rule("king", re.compile(dotted), _king, "[IVX]", part="it"),
        Rule("roman", re.compile(rf"\b(?:{_MODELS})\s(?P<r>[IVX]{{2,}})\b"), _roman, "[IVX]{2}", part="r"),
        Rule("king", re.compile(r"\b[A-Z][a-z]+\s(?P<r>[IVX]{2,})\b"), _king, "[IVX]{2}", part="r"),
        Rule("ordinal", re.compile(ranked), _ranked, "[IVXLC]{2}"),
        Rule("roman", re.compile(ROMAN), _roman, "[IVXLC]{2}"),
    )


def after_figures(tongue: English) -> tuple[Rule, ...]:
    """Signs, and what is spelt letter by letter."""
    spelt = (
        r"\b(?:[A-Z]\.\s?){2,12}(?=\W|$)|\b(?:[A-Z]\.){2,12}(?=[A-Z])|\b[A-Z]\.(?:[A-Z]\.){1,12}"
        r"|\b[AaPp]\.[Mm]\.|\b[A-Z]\.[A-Z]\b"
    )
    return (
        Rule("sign", re.compile(r"(?<=[^\W\d_])/(?=[^\W\d_])"), lambda _m: " or ", "/"),
        *signs(tongue),
        Rule("initials", re.compile(spelt), _initials, r"[A-Za-z]\."),
        Rule("initials", re.compile(_FIRST), _first, r"[A-Z]\."),
    )
