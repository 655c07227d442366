"""Who is in the book: names beside verbs of speaking, names with titles, and what else they are called."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from narrator.domain import NARRATOR, Character, Gender
from narrator.scripting import quotations, tags
from narrator.scripting.languages import Language
from narrator.scripting.passage import passage
from narrator.scripting.people import People, gender_of_name, key_of
from narrator.scripting.tags import Kind

_MIN_DESCRIBED: Final = 3
"""How often `the nurse` must speak to be someone in the cast."""
_MIN_MENTIONS: Final = 2
_OF_THE_FAMILY: Final = frozenset({"mrs", "miss", "mme", "mlle", "madame", "frau", "fräulein", "mevrouw"})
"""Titles that a mother, a sister and a wife share."""
_VAGUE: Final = frozenset({
    "other",
    "others",
    "latter",
    "former",
    "first",
    "second",
    "third",
    "last",
    "voice",
    "rest",
    "two",
})
_DEFINITE: Final = frozenset({"the", "der", "die", "le", "la", "el", "de", "het", "il", "o", "a"})
_OWNERS: Final = frozenset({"his", "her", "your", "their"})
"""Words before a form of address, which is nobody's name: `her Ladyship`."""
_BEFORE: Final = re.compile(r"\b([^\W\d_]+)\s$")
_LONGEST_WORD: Final = 8
_NEXT_PRONOUN_CHARS: Final = 120
_I_SHARE: Final = 0.015
"""Of the narration's words, the first person's, in a book that is told by somebody in it."""
_NEVER_TOLD: Final = 4
"""How much more often the teller is called by name than named in the narration."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_CAP: Final = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?…:\n\"“”‘«»—–(_*])[\s\"“‘'«_*]*$")


@dataclass(slots=True)
class _Evidence:
    spoke: Counter[str] = field(default_factory=Counter)
    """Names and descriptions as subjects of verbs of speaking."""
    named: Counter[str] = field(default_factory=Counter)
    """Capitalised words inside sentences, and names with titles."""
    with_the: Counter[str] = field(default_factory=Counter)
    owned: Counter[str] = field(default_factory=Counter)
    """Of `named`, those behind his, her or your: `her Ladyship`."""


def find_characters(
    texts: list[str], language: Language, marks: str, personae: Mapping[str, int] = MappingProxyType({})
) -> tuple[Character, ...]:
    """Everyone who speaks or carries a title, most mentioned first.

    Args:
        texts: The book's paragraphs.
        language: The book's.
        marks: What opens speech in it.
        personae: Of a play: the names before the speeches, and how often each speaks.
    """
    evidence = _gather(texts, language, marks)
    evidence.spoke.update(personae)
    names = _persons(evidence, language)
    alone = [Character(name=n, gender=gender_of_name(n, language)) for n in names]
    genders = {p.name: p.gender for p in _with_pronouns(alone, texts, language)}
    genders |= dict.fromkeys(_surnames_of_men(genders, language), Gender.MALE)
    groups = _merge({n: names[n] for n in names if n in genders}, genders, language)
    people = [_character(g, evidence, genders) for g in groups]
    return _with_pronouns(people, texts, language)


def with_first_person(
    people: Sequence[Character], texts: list[str], language: Language, marks: str
) -> tuple[Character, ...]:
    """With `I` among the names of who tells the book: whom others call by a name that the narration never says."""
    found = People(people, language)
    if found.first_person != NARRATOR:
        return tuple(people)
    called: Counter[str] = Counter()
    told: Counter[str] = Counter()
    n_words = n_i = 0
    for text in texts:
        here = passage(text, quotations.find(text, marks, language), found.mentions(text), language)
        told.update(m.name for m in here.named)
        for i in range(len(here.quotes)):
            called.update(here.called(i))
        for i in range(-1, len(here.quotes)):
            words = _WORD.findall(text, *here.gap(i))
            n_words += len(words)
            n_i += sum(w.lower() in language.i for w in words)
    if not n_i or n_i < _I_SHARE * n_words:
        return tuple(people)
    unseen = [n for n in called if told[n] * _NEVER_TOLD <= called[n]]
    teller = max(unseen, key=lambda n: (called[n], n), default=None)
    first = max(language.i, key=lambda word: (len(word), word)).capitalize()
    return tuple(replace(p, aliases=(*p.aliases, first)) if p.name == teller else p for p in people)


def _gather(texts: list[str], language: Language, marks: str) -> _Evidence:
    evidence = _Evidence()
    short = "|".join(sorted(language.all_titles & language.abbreviations, key=len, reverse=True)) or "x^"
    title = "|".join(sorted(language.all_titles, key=len, reverse=True)) or "x^"
    titles = rf"(?i:(?:{short})\.|(?:{title}))\s+"
    word = rf"(?:St\.\s+)?{_CAP}"
    name = re.compile(rf"\b(?:{titles})?{word}(?:\s+(?:(?:de|of|von|van|der|du)\s+)?{word})*")
    for text in texts:
        quotes = quotations.find(text, marks, language)
        for i, quote in enumerate(quotes):
            end = quotes[i + 1].start if i + 1 < len(quotes) else len(text)
            _note(evidence.spoke, text, tags.after(text, quote.end, end, language))
            start = quotes[i - 1].end if i else 0
            if text[start : quote.start].rstrip()[-1:] in {",", ":"}:
                _note(evidence.spoke, text, tags.before(text, start, quote.start, language))
        for match in name.finditer(text):
            _count_name(evidence, text, match, language)
    return evidence


def _note(spoke: Counter[str], text: str, subject: tags.Subject | None) -> None:
    if subject is not None and subject.kind in {Kind.NAME, Kind.NOUN}:
        spoke[_clean(text[subject.start : subject.end])] += 1


def _clean(name: str) -> str:
    name = re.sub(r"[’']s?$", "", name.strip().rstrip(",;"))
    return re.sub(r"(?<!\b[A-Z])(?<!Mr)(?<!Mrs)(?<!Dr)\.$", "", name)


def _count_name(evidence: _Evidence, text: str, match: re.Match[str], language: Language) -> None:
    name = _clean(match[0])
    words = name.split()
    titled = words[0].rstrip(".").casefold() in language.all_titles
    if len(words) == 1 and (titled or _SENTENCE_START.search(text[max(0, match.start() - 6) : match.start()])):
        return
    evidence.named[name] += 1
    before = _BEFORE.search(text, max(0, match.start() - _LONGEST_WORD), match.start())
    if before and before[1].lower() == "the":
        evidence.with_the[name] += 1
    elif before and before[1].lower() in _OWNERS:
        evidence.owned[name] += 1


def _persons(evidence: _Evidence, language: Language) -> dict[str, int]:
    """Names that are people's, with their mentions."""
    persons: dict[str, int] = {}
    for said, n in evidence.spoke.items():
        name = _speaker(said, n, language)
        if name and evidence.owned[name] * 2 <= evidence.named[name]:
            persons[name] = max(persons.get(name, 0), evidence.named[name] + n)
    often = {name: n for name, n in evidence.named.items() if n >= _MIN_MENTIONS}
    for test in (_is_titled, _extends):
        persons |= {name: n for name, n in often.items() if name not in persons and test(name, persons, language)}
    return persons


def _speaker(said: str, n: int, language: Language) -> str:
    """The name in the subject of a verb of speaking; a description only if it speaks often."""
    words = said.split()
    bare = words[1:] if words[0].casefold() in language.determiners else words
    if any(w[0].isupper() for w in bare):
        name = _from_capital(" ".join(bare), language)
        return "" if _is_common(name, language) else name
    definite = words[0].casefold() in _DEFINITE and len(words) > 1
    plain = definite and n >= _MIN_DESCRIBED and words[-1].casefold() not in _VAGUE
    return said[0].lower() + said[1:] if plain else ""


def _is_titled(name: str, persons: dict[str, int], language: Language) -> bool:
    words = name.split()
    gendered = words[0].rstrip(".").casefold() in (language.titles_male | language.titles_female)
    plural = name.endswith("s") and name[:-1] in persons
    return gendered and 1 < len(words) <= 4 and not plural and not _is_common(name, language)


def _from_capital(name: str, language: Language) -> str:
    """`little Alice` → `Alice`; titles stay."""
    words = name.split()
    while words and not words[0][0].isupper() and words[0].rstrip(".").casefold() not in language.all_titles:
        words.pop(0)
    return " ".join(words)


def _is_common(name: str, language: Language) -> bool:
    """Holds a capital that only begins a sentence: `And rising`, `sister I`."""
    closed = language.starters | language.he | language.she | language.i | language.determiners
    closed |= language.prepositions | language.clause_words | language.adverbs
    words = [w.casefold().strip(".") for w in name.split() if w[0].isupper()]
    closed |= language.all_titles & language.abbreviations if len(words) == 1 else set()
    return len(name) < 2 or any(w in closed for w in words) or "." in name.replace("St. ", "").rstrip(".")[4:]


def _extends(name: str, persons: dict[str, int], language: Language) -> bool:
    """`Fitzwilliam Darcy` or `Dr. Darcy`, where Darcy is someone."""
    words = name.split()
    if len(words) == 2 and words[0].rstrip(".").casefold() in language.all_titles & language.abbreviations:
        return words[1] in persons
    if len(words) not in {2, 3} or _is_common(words[0], language):
        return False
    return any(w in persons for w in (words[0], words[-1])) and gender_of_name(words[0], language) is not Gender.UNKNOWN


# ── one person, several names ─────────────────────────────────────────────────────────────────────────────────────────


def _merge(persons: dict[str, int], genders: dict[str, Gender], language: Language) -> list[list[str]]:
    """Names grouped by bearer: a shorter name joins a longer one only if it can join no other."""
    order = sorted(persons, key=lambda n: (-len(_split(n, language)[1]), not _split(n, language)[0], -persons[n], n))
    groups: list[list[str]] = []
    for name in order:
        exact = [g for g in groups if key_of(name) in {key_of(other) for other in g}]
        fitting = exact or [g for g in groups if any(_same(name, other, genders, language) for other in g)]
        if exact or len(fitting) == 1:
            fitting[0].append(name)
        else:
            groups.append([name])
    return [sorted(g, key=lambda n: (-persons[n], n)) for g in groups]


def _surnames_of_men(genders: dict[str, Gender], language: Language) -> set[str]:
    """Bare surnames that some `Mr.` bears: by custom they mean him."""
    split = {n: _split(n, language) for n in genders}
    men = {rest for n, (title, rest) in split.items() if title and genders[n] is Gender.MALE}
    return {
        n
        for n, (title, rest) in split.items()
        if not title and len(rest) == 1 and rest in men and gender_of_name(n, language) is Gender.UNKNOWN
    }


def _split(name: str, language: Language) -> tuple[str, tuple[str, ...]]:
    key = key_of(name)
    return (key[0], key[1:]) if len(key) > 1 and key[0] in language.all_titles else ("", key)


def _same(short: str, long: str, genders: dict[str, Gender], language: Language) -> bool:
    """`Darcy` is `Mr. Darcy` and not `Miss Darcy`: bare surnames are men's or tell their gender by their pronouns."""
    title, rest = _split(short, language)
    title2, rest2 = _split(long, language)
    gender, gender2 = genders[short], genders[long]
    apart = gender is not gender2 and Gender.UNKNOWN not in {gender, gender2}
    if apart or not rest or not rest2 or (title and title2 and title != title2):
        return False
    if rest == rest2:
        return (not title and gender is gender2) or (not title2 and not title) or title == title2
    first = len(rest2) > 1 and rest == (rest2[0],) and (not title or title2 == title or not title2)
    last = len(rest2) > 1 and rest == (rest2[-1],) and title not in _OF_THE_FAMILY
    return first or (last and (gender is gender2 or gender2 is not Gender.FEMALE))


def _character(group: list[str], evidence: _Evidence, genders: dict[str, Gender]) -> Character:
    best = group[0]
    gender = next((genders[n] for n in group if genders[n] is not Gender.UNKNOWN), Gender.UNKNOWN)
    if best[0].isupper() and evidence.with_the[best] * 2 > evidence.named[best]:
        best, group = f"The {best}", [best, *group]
    elif not best[0].isupper():
        best = best[0].upper() + best[1:]
    aliases = tuple(n for n in dict.fromkeys(group) if n != best)
    return Character(name=best, aliases=aliases, gender=gender)


# ── he or she ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_pronouns(people: list[Character], texts: Iterable[str], language: Language) -> tuple[Character, ...]:
    """Mentions counted, and gender from the pronouns that follow each name."""
    found = People(people, language)
    votes: defaultdict[str, Counter[Gender]] = defaultdict(Counter)
    mentions: Counter[str] = Counter()
    for text in texts:
        named = found.mentions(text)
        for i, m in enumerate(named):
            mentions[m.name] += 1
            end = min(m.end + _NEXT_PRONOUN_CHARS, named[i + 1].start if i + 1 < len(named) else len(text))
            for w in _WORD.finditer(text, m.end, end):
                lower = w[0].lower()
                if lower in language.his or lower in language.her:
                    votes[m.name][Gender.MALE if lower in language.his else Gender.FEMALE] += 1
                    break
    result = [_decided(p, votes[p.name], mentions[p.name]) for p in people if mentions[p.name]]
    return tuple(sorted(result, key=lambda p: (-p.n_mentions, p.name)))


def _decided(person: Character, votes: Counter[Gender], n_mentions: int) -> Character:
    gender = person.gender
    male, female = votes[Gender.MALE], votes[Gender.FEMALE]
    if gender is Gender.UNKNOWN and male + female >= 2 and max(male, female) >= 2 * min(male, female):
        gender = Gender.MALE if male > female else Gender.FEMALE
    return Character(name=person.name, aliases=person.aliases, gender=gender, n_mentions=n_mentions)
