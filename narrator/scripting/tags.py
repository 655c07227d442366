"""Who a narrator says is speaking: the subject of the verb of speaking beside a quotation (`said the old man`)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from narrator.scripting.languages import Language

_CAP: Final = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_PARTICLE: Final = r"(?:of|de|du|des|von|van|der|den|la|le|della|di|d[’'])"
_OBJECT: Final = r"(?:(?:me|lui|leur|nous|le|se|s['’]|m['’]|had|has|avait|avais|avaient|a|ai|eut|ont)\s?){0,3}"
_PHRASES: Final = r"went on|put in|broke in|broke out|burst out|cut in|chimed in|burst forth|struck in|fuhr fort"


class Kind(StrEnum):
    """What stands where the speaker is named."""

    NAME = "name"
    HE = "he"
    SHE = "she"
    I = "i"  # noqa: E741 - the pronoun
    NOUN = "noun"


@dataclass(frozen=True, slots=True)
class Subject:
    """The words that name a speaker, as positions in the paragraph's text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Patterns:
    inverted: re.Pattern[str]
    normal: re.Pattern[str]
    verb: re.Pattern[str]
    subject: re.Pattern[str]
    stop: re.Pattern[str]
    owned: re.Pattern[str]
    who: re.Pattern[str]


@cache
def _patterns(language: Language) -> _Patterns:
    verb = "|".join(re.escape(v) for v in sorted(language.verbs, key=len, reverse=True)).replace("'", "['’]")
    verb = rf"(?:{_PHRASES}|{verb or 'x^'})"
    pronoun = "|".join(sorted(language.he | language.she | language.i, key=len, reverse=True)) or "x^"
    title = "|".join(sorted(language.all_titles, key=len, reverse=True)) or "x^"
    determiner = "|".join(sorted(language.determiners, key=len, reverse=True)) or "x^"
    small = "|".join(sorted(language.prepositions | language.clause_words)) or "x^"
    owner = "|".join(sorted(language.his | language.her, key=len, reverse=True)) or "x^"
    article = rf"(?:(?i:{determiner})\s+(?:voice\s+of\s+|(?!(?:{small})\b)[a-zà-öø-ÿ-]+\s+)?)?"
    first = rf"{article}(?:(?i:{title})\.?\s+)*{_CAP}\.?"
    name = rf"{first}(?:\s+{_CAP}(?:\.(?=\s+[A-Z]))?|\s+{_PARTICLE}\s*{_CAP})*"
    noun = rf"(?i:{determiner})['’]?\s*(?:[^\W\d_][\w’'-]*\s+){{0,4}}?[^\W\d_][\w’'-]*"
    glue = (
        r"(?:(?:[^\W\d_]+ly|then|had|has|only|also|again|just|still|even|now|at (?:last|length|once)|was|did|could"
        r"|would|all|soon|next|merely|here)\s+){0,3}"
    )
    aside = r"(?:,[^,.;:!?“”\"]{1,60},)?"
    return _Patterns(
        inverted=re.compile(
            rf"[\s,;—–-]*(?:(?:and|then|so|thus|but|\w+ly)\s+)?{_OBJECT}(?P<verb>{verb})"
            rf"(?:-(?:t-)?|\s+(?:out|again|back|up|to (?:her|him|me))?\s*)(?P<np>(?:(?i:{pronoun})\b)|{name}|{noun})"
        ),
        normal=re.compile(
            rf"[\s,;—–-]*(?:(?:and|then|so|thus|but)\s+)?(?P<np>(?:(?i:{pronoun})\b)|{name}|{noun}){aside}\s+{glue}(?P<verb>{verb})\b"
        ),
        verb=re.compile(rf"\b{verb}\b"),
        owned=re.compile(
            rf"[\s,;—–-]*(?:was|were|came|is)\s+(?:all\s+)?(?P<np>(?:(?i:{owner})\b)|{name})(?:['’]s)?\s+"
            rf"(?:\w+\s+){{0,2}}?(?:{'|'.join(sorted(language.answers)) or 'x^'})\b"
        ),
        who=re.compile(rf"(?P<np>{name}),?\s+(?:{'|'.join(sorted(language.who)) or 'x^'})\b"),
        subject=re.compile(rf"\b(?:(?:(?i:{pronoun})\b)|{name})"),
        stop=re.compile(rf"\s+(?:{'|'.join(sorted(language.prepositions | language.clause_words)) or 'x^'}|\w+ly)\b"),
    )


def after(text: str, start: int, end: int, language: Language) -> Subject | None:
    """The subject of a tag that follows a quotation: `said Anna`, `the old man replied`.

    Args:
        text: The paragraph.
        start: Just after the closing mark.
        end: Where the narration ends.
        language: Its verbs and pronouns.
    """
    p = _patterns(language)
    clause = re.compile(r"[.!?;:](?=\s|$)|[“\"«]").search(text, start, end)
    stop = _past_titles(text, start, clause.start() if clause else end, end)
    for pattern in (p.owned, p.inverted, p.normal):
        if match := pattern.match(text, start, stop):
            if pattern is p.normal and not _is_tag(text, start, match):
                continue
            return _subject(text, match, language)
    return None


_TITLE_END: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|M|Mme|Mlle|Sr|Sra|Capt|Col|Rev|Prof|Lt|Sgt|Gen|Hr|Fr)$")


def _past_titles(text: str, start: int, stop: int, end: int) -> int:
    """The end of the clause: the full stop of `Mr.` does not end it."""
    while stop < end and text[stop] == "." and _TITLE_END.search(text, start, stop):
        more = re.compile(r"[.!?;:](?=\s|$)|[“\"«]").search(text, stop + 1, end)
        stop = more.start() if more else end
    return stop


def _is_tag(text: str, start: int, match: re.Match[str]) -> bool:
    """`“…,” he said` is a tag; `“….” Anna said nothing` is not."""
    rest = text[match.end() : match.end() + 12].lower()
    return (
        not re.match(r"\s+(?:nothing|no more|not a|no word|goodb|good-b|so\b)", rest)
        or text[start - 2 : start - 1] == ","
    )


def before(text: str, start: int, end: int, language: Language) -> Subject | None:
    """The subject of a tag that leads up to a quotation: `Then Anna turned and said:`."""
    p = _patterns(language)
    verbs = list(p.verb.finditer(text, start, end))
    if not verbs:
        return None
    verb = verbs[-1]
    if (match := p.inverted.match(text, verb.start(), end)) and _is_person(text, match, language):
        return _subject(text, match, language)
    if antecedents := list(p.who.finditer(text, start, verb.start())):
        return _subject(text, antecedents[-1], language)
    best = None
    for match in p.subject.finditer(text, start, verb.start()):
        if _can_speak(text, match, language):
            best = match
    return None if best is None else _subject(text, best, language, group=0)


def _is_person(text: str, match: re.Match[str], language: Language) -> bool:
    """`Then said the man:` and not `He said these words:`, `said with a smile:`."""
    subject = _subject(text, match, language)
    words = text[subject.start : subject.end].casefold().split()
    return subject.kind is not Kind.NOUN or bool({*words} & (language.nouns_male | language.nouns_female))


def _can_speak(text: str, match: re.Match[str], language: Language) -> bool:
    """Neither the object of a preposition nor an owner (`Anna’s eyes`)."""
    words = text[max(0, match.start() - 16) : match.start()].split()
    if words and words[-1].lower().strip(",;") in language.prepositions and not words[-1].endswith((",", ";")):
        return False
    return not match[0].endswith(("'s", "’s"))


def _subject(text: str, match: re.Match[str], language: Language, group: str | int = "np") -> Subject:
    start, end = match.start(group), match.end(group)
    words = text[start:end]
    first = words.split()[0].lower()
    he, she = language.he | language.his, language.she | language.her
    for kind, forms in ((Kind.HE, he), (Kind.SHE, she), (Kind.I, language.i)):
        if words.lower() in forms:
            return Subject(start, end, kind)
    if cut := _patterns(language).stop.search(text, start + len(first), end):
        end = cut.start()
    head = text[start:end]
    named = any(w[0].isupper() for w in (head.split()[1:] if first in language.determiners else head.split()))
    if not named and (tail := _patterns(language).inverted.match(text, match.start())) and tail.start("np") == start:
        end = _noun_end(text, start, language)
    return Subject(start, end, Kind.NAME if named else Kind.NOUN)


def _noun_end(text: str, start: int, language: Language) -> int:
    """`the old man with a smile` ends before `with`."""
    phrase = re.compile(r"[^\W\d_][\w’'-]*(?:[ \n][^\W\d_][\w’'-]*){0,4}").match(text, start)
    if phrase is None:
        return start
    stop = _patterns(language).stop.search(text, start + 1, phrase.end())
    return stop.start() if stop else phrase.end()
