"""Whom a name means: the cast and the book's own characters under all their names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from narrator.domain import NARRATOR, UNKNOWN, Cast, Character, Gender, Learnt
from narrator.scripting.firstnames import gender_of_first_name, short_names
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


_CALLED_BEFORE: Final = re.compile(
    r"(?:^|[,;:.!?—–(]|\b(?:dear|dearest|my|oh|ah|o|well|yes|no|poor))[\s\"“‘']*$", re.IGNORECASE
)
_CALLED_AFTER: Final = re.compile(r"\s*(?:[,.!?;:—–…]|$)")


def is_called(text: str, start: int, word: tuple[int, int], end: int) -> bool:
    """Whether a quotation from `start` to `end` speaks to somebody by the word that stands there."""
    before = _CALLED_BEFORE.search(text, max(start + 1, word[0] - 14), word[0])
    return before is not None and _CALLED_AFTER.match(text, word[1], end) is not None


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
        self._pronouns = language.i | language.he | language.she | language.his | language.her | language.others
        self._names: dict[tuple[str, ...], str] = {}
        self._upper: dict[tuple[str, ...], bool] = {}
        self._ranks: dict[str, str] = {}
        self.gender: dict[str, Gender] = {}
        self.first_person = NARRATOR
        people = tuple(characters)
        self._most = max((p.n_mentions for p in people), default=0)
        self._mentions = {p.name: p.n_mentions for p in people}
        for person in people:
            self._add(person)
        self._derive(people)
        self.leading = frozenset(p.name for p in people if self._most and self.standing(p.name) == "leading")
        self._surnames = {p.name: self._surname(p) for p in people}
        self._longest: dict[str, int] = {}
        for key in self._names:
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def _add(self, person: Character) -> None:
        known = person.gender
        for name in (person.name, *person.aliases):
            if name.casefold() in self._language.i:
                self.first_person = person.name
            if name.casefold() in self._pronouns:
                continue
            key = key_of(name)
            if key and key not in self._names:
                self._names[key] = person.name
                self._upper[key] = name.split()[-1][:1].isupper() and not (name.isupper() and len(name) > 3)
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
        self._derive_ranks(people)

    def _derive_ranks(self, people: tuple[Character, ...]) -> None:
        """`the general`, where one general is in the book."""
        ranks: dict[str, set[str]] = {}
        for person in people:
            for name in (person.name, *person.aliases):
                key = key_of(name)
                if len(key) > 1 and key[0] in self._language.ranks:
                    ranks.setdefault(key[0], set()).add(person.name)
        for rank, owners in ranks.items():
            spelt = {rank, *(full for full, short in _SAME.items() if short == rank)}
            known = {self._names.get((word,)) for word in spelt} - {None}
            if len(owners | known) == 1:
                self._ranks |= dict.fromkeys(spelt, next(iter(owners)))

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
        if not titled and self._language.code == "en":
            parts |= {(short,) for short in short_names(rest[0])}
        return {p for p in parts if p != key and p[0] not in self._language.starters}

    def _surname(self, person: Character) -> tuple[str, str]:
        """Title and last name, where there is a title or a first name before it."""
        best = ("", "")
        for name in (person.name, *person.aliases):
            key = key_of(name)
            title = key[0] if len(key) > 1 and key[0] in self._language.all_titles else ""
            if len(key) > 1 and (not best[1] or (title and not best[0])):
                best = (title or best[0], key[-1])
        return best

    def kin(self, owner: str, noun: str) -> str | None:
        """Whom `her mother` or `Mr. Poe's wife` means: the one of the family who can be it by title and gender."""
        kind = next((k for k, nouns in self._language.kin.items() if noun in nouns), None)
        title, surname = self._surnames.get(owner, ("", ""))
        if kind is None or not surname:
            return None
        married = title in self._language.married
        if (kind in {"wife", "husband"}) != married and kind not in {"sister", "brother"}:
            return None
        gender = Gender.FEMALE if kind in {"wife", "mother", "sister"} else Gender.MALE
        found = [
            name
            for name, (other, last) in self._surnames.items()
            if last == surname and name != owner and self.gender_of(name) is gender
            if (other in self._language.married) == (kind not in {"sister", "brother"})
        ]
        return found[0] if len(found) == 1 else None

    def gender_of(self, name: str) -> Gender:
        """What is known of somebody."""
        return self.gender.get(name, Gender.UNKNOWN)

    def standing(self, name: str) -> str:
        """How much of the book is about somebody, against whom it is about most."""
        share = self._mentions.get(name, 0) / self._most if self._most else 0.0
        return "leading" if share > 0.3 else "in the second row" if share > 0.05 else "minor"

    def named(self, name: str) -> str | None:
        """The character whom exactly these words mean."""
        key = key_of(name)
        return self._names.get(key) or (self._ranks.get(key[0]) if len(key) == 1 else None)

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> tuple[Mention, ...]:
        """Every character named in a text, longest names first, in order."""
        tokens = list(_TOKEN.finditer(text, start, len(text) if end is None else end))
        found, i = [], 0
        while i < len(tokens):
            word = _plain(tokens[i][0])
            if word in self._ranks and i and _plain(tokens[i - 1][0]) in _ARTICLES and not self._titles_next(tokens, i):
                found.append(Mention(tokens[i].start(), tokens[i].end(), self._ranks[word]))
                i += 1
                continue
            if word not in self._longest:
                i += 1
                continue
            n, name = self._match(tokens, i)
            if name is not None and self._agrees(tokens, i, name):
                found.append(Mention(tokens[i].start(), tokens[i + n - 1].end(), name))
            i += max(n, 1)
        return tuple(found)

    @staticmethod
    def _titles_next(tokens: list[re.Match[str]], i: int) -> bool:
        """`the general Poe`."""
        return i + 1 < len(tokens) and tokens[i + 1][0][0].isupper() and tokens[i + 1].start() - tokens[i].end() < 3

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
    roles = () if cast is None else cast.roles
    named = (r for r in roles if r.character not in {NARRATOR, UNKNOWN} or r.aliases)
    return People(merged([Character(name=r.character, aliases=r.aliases) for r in named], learnt, language), language)


def merged(known: Sequence[Character], learnt: Learnt, language: Language) -> tuple[Character, ...]:
    """Characters whose names are given, with what was learnt of each; then those who were only learnt."""
    people: list[Character] = []
    used: set[str] = set()
    owners = {key_of(n): c.name for c in known for n in (c.name, *c.aliases)}
    bearers = People(known, language)
    meant = {c.name: {bearers.named(n) for n in (c.name, *c.aliases)} - {None} for c in learnt.characters}
    for one in known:
        same = [c for c in learnt.characters if meant[c.name] == {one.name}]
        used |= {c.name for c in same}
        more = [n for c in same for n in (c.name, *c.aliases) if owners.get(key_of(n), one.name) == one.name]
        gender = next((c.gender for c in (one, *same) if c.gender is not Gender.UNKNOWN), Gender.UNKNOWN)
        n_mentions = max((c.n_mentions for c in (one, *same)), default=0)
        aliases = (*one.aliases, *more)
        people.append(Character(name=one.name, aliases=aliases, gender=gender, n_mentions=n_mentions))
    rest = [c for c in learnt.characters if c.name not in used and key_of(c.name) not in owners]
    return (*people, *rest)
