"""What is said for what is printed.

Every change of letters is recorded; quotation marks, brackets and dashes are only for the eye or the breath and are
turned into pauses without a record, because every line of dialogue would carry one.
"""

import re
from functools import cache
from typing import Final

from narrator.domain import Change
from narrator.scripting import english, numbers, other_languages
from narrator.scripting.languages import primary, words_of
from narrator.scripting.rules import Rule


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DOUBLE: Final = re.compile(r"[“”„‟\"«»‹›「」『』]")
_ELISION: Final = re.compile(
    r"(?<!\w)[‘’'](?=(?:tis|twas|twere|twill|twould|twixt|em|bout|cause|fore|til|till|round|neath|tain)\b|\d)",
    re.IGNORECASE,
)
_INNER: Final = re.compile(r"(?<=\w)[’'](?=\w)|(?<=[sn])[’'](?=\s[a-z])")
_SINGLE: Final = re.compile(r"[‘’‚']")
_ELLIPSIS: Final = re.compile(r"\s*(?:\.\s?){2,}\.|\s*…(?:\s?\.)*")
_DASH: Final = re.compile(r"\s*(?:[—―⸺⸻]+|--+|(?<=\s)[–-](?=\s)|–(?=[\s,.!?;:”’\"']|$)|(?<=[,.!?;:])–)[\s—–-]*")
_BRACKET: Final = re.compile(r"\s*[(\[{]\s*|\s*[)\]}](?=\s*\w)")
_CLOSING: Final = re.compile(r"\s*[)\]}]")
_ORNAMENT: Final = re.compile(r"[*_~^|<>\\•·†‡¶#`]+")
_TIDY: Final = (
    (re.compile(r"\s+([,;:.!?…])"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:]\s*([.!?…])"), r"\1"),
    (re.compile(r"([.!?…])\s*[,;:]+"), r"\1"),
    (re.compile(r"^[\s,;:.!?…—–-]+"), ""),
    (re.compile(r"\s+—$"), "—"),
    (re.compile(r"[,;:]?\s*—\s*(?=[,.;:!?…])"), "—"),
)
_CAPS: Final = re.compile(r"(?<![\w.&’'-])[A-ZÀ-ÖØ-Þ]{2,}(?:[’'-][A-ZÀ-ÖØ-Þ]+)*(?![\w&]|\.[A-Z])")
_VOWEL: Final = re.compile(r"[AEIOUYÀ-ÖØ-Ý]")
_CLUSTER: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{4}")
_SPELT: Final = _words("YMCA YWCA USAF USSR HTML RSVP IOU UEFA AIDS")
_SHORT_WORDS: Final = _words(
    "AN AM AS AT BE BY DO GO HE IF IN IS IT ME MY NO OF OH ON OR SO TO UP WE AH HA HO LO YE ALL AND ANY ARE ASK"
    " BAD BAG BED BIG BOX BOY BUT BUY CAN CAT CRY CUT DAY DID DIE DOG DRY EAR EAT END EYE FAR FEW FOR FUN GET GOD"
    " GOT GUN HAD HAS HAT HER HIM HIS HIT HOT HOW ILL ITS JOY KEY LAW LAY LED LEG LET LIE LOT LOW MAN MAY MEN MET"
    " NAY NEW NOR NOT NOW ODD OFF OLD ONE OUR OUT OWN PAY POOR PUT RAN RED RUN SAD SAT SAW SAY SEA SEE SET SHE"
    " SIR SIT SIX SKY SON SUN TEA TEN THE TOO TOP TRY TWO USE WAR WAS WAY WET WHO WHY WIN WON YES YET YOU MRS MR"
    " THAT WITH HAVE THIS WILL YOUR FROM THEY KNOW WANT BEEN GOOD MUCH SOME TIME VERY WHEN COME HERE JUST LIKE OVER"
    " SUCH TAKE THAN THEM WELL WERE WHAT MUST INTO ONLY EVER EVEN THEN HELP STOP MORE MOST BACK DOWN LOOK MAKE GIVE"
    " NEVER DON'T WON'T CAN'T AGAIN ALWAYS SHALL WOULD COULD SHOULD THERE THEIR THESE THOSE WHERE WHICH WHILE ABOUT"
    " AFTER OTHER UNDER EVERY NOTHING CALLED MIGHT"
    " DR ST LONG"
)
_HEADING_NUMBER: Final = re.compile(r"\s*(?P<n>[IVXLC]+|\d{1,3})(?P<stop>[.:)]?)\s*(?P<rest>.*)", re.DOTALL)


@cache
def _rules(language: str) -> tuple[tuple[Rule, re.Pattern[str] | None], ...]:
    british = language.lower().startswith("en-") and not language.lower().startswith("en-us")
    found = english.rules(american=not british) if primary(language) == "en" else other_languages.rules(language)
    return tuple((rule, re.compile(rule.needs) if rule.needs else None) for rule in found)


def spoken_form(text: str, language: str) -> tuple[str, tuple[Change, ...]]:
    """What is said for a line, and where that leaves the printed letters.

    Args:
        text: As printed.
        language: BCP 47; a language nobody can count in keeps its figures.
    """
    changes: list[Change] = []
    spoken = _unmark(text.replace("\u00ad", ""))
    for rule, needed in _rules(language):
        if needed is None or needed.search(spoken):
            spoken = _apply(rule, spoken, changes)
    spoken = _tidy(_lower_capitals(spoken, language, changes))
    return spoken.rstrip(" —") if words_of(language).dashes else spoken, tuple(changes)


def heading_form(text: str, language: str) -> tuple[str, tuple[Change, ...]]:
    """What is said for a chapter's first heading: `IV` as `Chapter four`, `I. A Scandal` as `One. A Scandal`."""
    match = _HEADING_NUMBER.fullmatch(text.strip())
    word = words_of(language).chapter
    if not match or not word or not numbers.can_count(language) or not (match["stop"] or not match["rest"]):
        return spoken_form(text, language)
    n = match["n"]
    if not n.isdigit() and not numbers.is_roman(n):
        return spoken_form(text, language)
    count = numbers.cardinal(int(n) if n.isdigit() else numbers.from_roman(n), language)
    said = f"{word} {count}" if not match["rest"] else count[0].upper() + count[1:]
    rest, changes = spoken_form(match["rest"], language)
    return f"{said}. {rest}".strip() if rest else said, (
        Change(rule="heading number", printed=n, spoken=said),
        *changes,
    )


def _apply(rule: Rule, text: str, changes: list[Change]) -> str:
    def say(match: re.Match[str]) -> str:
        spoken = rule.say(match)
        if spoken is None or spoken == match[0]:
            return match[0]
        changes.append(Change(rule=rule.name, printed=match[0].strip(), spoken=spoken.strip()))
        return spoken

    return rule.pattern.sub(say, text)


def _unmark(text: str) -> str:
    """Without quotation marks; apostrophes straight."""
    text = _ELISION.sub("\ue0ff", _DOUBLE.sub(" ", text))
    text = _SINGLE.sub(" ", _INNER.sub("\ue0ff", text)).replace("\ue0ff", "'")
    return re.sub(r"\s+", " ", re.sub(r"(?<=[^\s,;:.!?…—-])\s*\n\s*", ", ", text)).strip()


def _lower_capitals(text: str, language: str, changes: list[Change]) -> str:
    found = list(_CAPS.finditer(text))
    if not found:
        return text
    run = sum(len(m[0]) for m in found) * 2 > sum(c.isalpha() for c in text) and len(found) > 1

    def say(match: re.Match[str]) -> str:
        word = match[0]
        if not _is_emphasis(word, language):
            return word
        lower = word.lower()
        before = text[: match.start()].rstrip()
        first = before[-1:] in ".!?" or not any(c.isalnum() for c in before)
        spoken = lower[0].upper() + lower[1:] if first or (run and word not in _SHORT_WORDS) else lower
        changes.append(Change(rule="capitals", printed=word, spoken=spoken))
        return spoken

    return _CAPS.sub(say, text)


def _is_emphasis(word: str, language: str) -> bool:
    """Shouted or set in capitals, not spelt out letter by letter."""
    if word in _SPELT or not _VOWEL.search(word) or _CLUSTER.search(word):
        return False
    if len(re.split(r"[’'-]", word)[0]) <= 3 and "'" not in word and "’" not in word:
        return primary(language) == "en" and word in _SHORT_WORDS
    return True


def _tidy(text: str) -> str:
    text = _ORNAMENT.sub(" ", text)
    text = _ELLIPSIS.sub("…", text)
    text = _DASH.sub(" — ", text)
    text = _CLOSING.sub("", _BRACKET.sub(", ", text))
    text = re.sub(r"\s+", " ", text).strip()
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    return re.sub(r"…(?=\w)", "… ", text).strip()
