"""Whom a name means: the cast and the book's own characters under all their names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from narrator.domain import NARRATOR, UNKNOWN, Cast, Character, Gender, Learnt
from narrator.scripting.firstnames import gender_of_first_name
from narrator.scripting.languages import Language

_TOKEN: Final = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SAME: Final = {"mister": "mr", "missus": "mrs", "doctor": "dr", "saint": "st", "captain": "capt", "colonel": "col"}
_ARTICLES: Final = frozenset({"the", "a", "an", "der", "die", "das", "le", "la", "el", "de", "het", "il", "lo", "o"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A character's name in a text."""

    start: int
    end: int
    name: str


def key_of(name: str) -> tuple[str, ...]:
    """A name as it is compared: lower case, without full stops, possessives and leading article."""
    tokens = tuple(_plain(t) for t in _TOKEN.findall(name))
    return tokens[1:] if len(tokens) > 1 and tokens[0] in _ARTICLES else tokens


@lru_cache(maxsize=1 << 16)
def _plain(token: str) -> str:
    token = token.casefold().replace("’", "'")
    token = token.removesuffix("'s")
    return _SAME.get(token, token)


def gender_of_name(name: str, language: Language) -> Gender:
    """What a name alone tells: its title, its noun, or a well-known first name."""
    tokens = [t.casefold() for t in _TOKEN.findall(name)]
    plain = [t for t in tokens if t not in _ARTICLES]
    if not plain:
        return Gender.UNKNOWN
    if any(t in language.titles_female for t in plain[:2]) or plain[-1] in language.nouns_female:
        return Gender.FEMALE
    if any(t in language.titles_male for t in plain[:2]) or plain[-1] in language.nouns_male:
        return Gender.MALE
    first = next((t for t in plain if t not in language.titles), plain[-1])
    return gender_of_first_name(first)


class People:
    """Every character that a name can mean; the cast's own names go before what was learnt."""

    def __init__(self, characters: Iterable[Character], language: Language) -> None:
        self._language = language
        self._names: dict[tuple[str, ...], str] = {}
        self._upper: dict[tuple[str, ...], bool] = {}
        self.gender: dict[str, Gender] = {}
        self.first_person = NARRATOR
        people = tuple(characters)
        for person in people:
            self._add(person)
        self._derive(people)
        self._longest: dict[str, int] = {}
        for key in self._names:
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def _add(self, person: Character) -> None:
        known = person.gender
        for name in (person.name, *person.aliases):
            if name.casefold() == "i":
                self.first_person = person.name
                continue
            key = key_of(name)
            if key and key not in self._names:
                self._names[key] = person.name
                self._upper[key] = any(c.isupper() for c in name.split()[-1][:1])
            known = known if known is not Gender.UNKNOWN else gender_of_name(name, self._language)
        self.gender.setdefault(person.name, known)

    def _derive(self, people: tuple[Character, ...]) -> None:
        """First and last names, where they can mean one character only."""
        derived: dict[tuple[str, ...], set[str]] = {}
        for person in people:
            for name in (person.name, *person.aliases):
                for key in self._parts(key_of(name)):
                    derived.setdefault(key, set()).add(person.name)
        for key, owners in derived.items():
            if len(owners) == 1 and key not in self._names:
                self._names[key] = next(iter(owners))
                self._upper[key] = True

    def _parts(self, key: tuple[str, ...]) -> set[tuple[str, ...]]:
        titles = self._language.all_titles
        titled = key[:1] if key and key[0] in titles else ()
        rest = key[len(titled) :]
        if not rest or any(len(t) < 3 for t in (rest[0], rest[-1])):
            return set()
        parts: set[tuple[str, ...]] = (
            {(rest[-1],)} if not titled or titled[0] not in self._language.titles_female else set()
        )
        if len(rest) > 1 and rest[0] not in titles:
            parts |= {(rest[0],), (*titled, rest[-1]), (*titled, rest[0])}
        return {p for p in parts if p != key and p[0] not in self._language.starters}

    def named(self, name: str) -> str | None:
        """The character whom exactly these words mean."""
        return self._names.get(key_of(name))

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> tuple[Mention, ...]:
        """Every character named in a text, longest names first, in order."""
        tokens = list(_TOKEN.finditer(text, start, len(text) if end is None else end))
        found, i = [], 0
        while i < len(tokens):
            if _plain(tokens[i][0]) not in self._longest:
                i += 1
                continue
            n, name = self._match(tokens, i)
            if name is not None and self._agrees(tokens, i, name):
                found.append(Mention(tokens[i].start(), tokens[i + n - 1].end(), name))
            i += max(n, 1)
        return tuple(found)

    def _match(self, tokens: list[re.Match[str]], i: int) -> tuple[int, str | None]:
        longest = self._longest[_plain(tokens[i][0])]
        for n in range(min(longest, len(tokens) - i), 0, -1):
            key = tuple(_plain(t[0]) for t in tokens[i : i + n])
            name = self._names.get(key)
            if name is not None and (not self._upper[key] or tokens[i + n - 1][0][0].isupper()):
                return n, name
        return 0, None

    def _agrees(self, tokens: list[re.Match[str]], i: int, name: str) -> bool:
        """`Mrs. Darcy` is not Darcy."""
        if not i or not tokens[i - 1][0][0].isupper() or tokens[i].start() - tokens[i - 1].end() > 2:
            return True
        title, gender = tokens[i - 1][0].casefold(), self.gender.get(name, Gender.UNKNOWN)
        if title in self._language.titles_female:
            return gender is not Gender.MALE
        return not (title in self._language.titles_male and gender is Gender.FEMALE)


def everyone(cast: Cast | None, learnt: Learnt, language: Language) -> People:
    """The cast with what was learnt of each, then the book's characters whom nobody plays yet."""
    if cast is None:
        return People(learnt.characters, language)
    people: list[Character] = []
    used: set[str] = set()
    owners = {key_of(n): r.character for r in cast.roles for n in (r.character, *r.aliases)}
    for role in cast.roles:
        if role.character in {NARRATOR, UNKNOWN} and not role.aliases:
            continue
        mine = {key_of(n) for n in (role.character, *role.aliases)}
        same = [c for c in learnt.characters if any(key_of(n) in mine for n in (c.name, *c.aliases))]
        used |= {c.name for c in same}
        more = [
            n for c in same for n in (c.name, *c.aliases) if owners.get(key_of(n), role.character) == role.character
        ]
        gender = next((c.gender for c in same if c.gender is not Gender.UNKNOWN), Gender.UNKNOWN)
        people.append(Character(name=role.character, aliases=(*role.aliases, *more), gender=gender))
    rest = [c for c in learnt.characters if c.name not in used and key_of(c.name) not in owners]
    return People([*people, *rest], language)
