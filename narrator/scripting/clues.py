"""What the tag of a quotation tells of its speaker: who it is, or what to look for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from narrator.domain import UNKNOWN, Gender
from narrator.scripting import tags
from narrator.scripting.languages import Language
from narrator.scripting.passage import Passage, sentence_start
from narrator.scripting.people import People
from narrator.scripting.tags import Kind, Subject

_OWNED: Final = re.compile(r"(.+?)[’']s\s+\S")
_LEADS_ON: Final = (":", ":—", "—", ",", ":--")
_LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Guess:
    """A speaker, and why."""

    name: str
    rule: str
    confidence: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Clue:
    """What a tag says."""

    guess: Guess | None = None
    """Whom it names."""
    kind: str = ""
    """Otherwise how it speaks of them: `pronoun`, `described`."""
    gender: Gender = Gender.UNKNOWN
    words: str = ""
    at: int = -1
    """Where the words stand in the paragraph; names after them are not who they mean."""
    owner: str = ""
    """Whose friend is speaking."""


@dataclass(frozen=True, slots=True)
class TagReader:
    """Reads the tags of a book."""

    people: People
    language: Language

    def clue(self, here: Passage, i: int, before: str, near: Sequence[str]) -> Clue | None:
        """What the tag of a quotation says; None where it has none.

        Args:
            here: The paragraph.
            i: Which of its quotations.
            before: The paragraph before, if it ended in narration.
            near: Who spoke or was named last, for `her mother`.
        """
        quote = here.quotes[i]
        start, end = here.gap(i)
        subject = tags.after(here.text, start, end, self.language)
        if subject is not None and self._may_follow(here, i, subject):
            return self._read(here.text, subject, near, at=subject.start)
        head = here.sentence_start(here.gap(i - 1)[0], quote.start)
        if _leads(here.text[head : quote.start]):
            subject = tags.before(here.text, head, quote.start, self.language)
            return None if subject is None else self._read(here.text, subject, near, at=subject.start)
        if i == 0 and not here.text[: quote.start].strip() and before.endswith(_LEADS_ON):
            subject = tags.before(before, sentence_start(before, 0, len(before)), len(before), self.language)
            return None if subject is None else self._read(before, subject, near, at=-1)
        return None

    @staticmethod
    def _may_follow(here: Passage, i: int, subject: Subject) -> bool:
        """After speech that ends in a full stop, a capital starts a sentence of its own."""
        quote = here.quotes[i]
        end = here.text[max(quote.start, quote.end - 6) : quote.end].rstrip("”’\"'»› ")[-1:]
        start = here.text[quote.end : subject.end].lstrip(" ,;—–-")[:1]
        return end != "." or start.islower() or quote.mark == "—"

    def _read(self, text: str, subject: Subject, near: Sequence[str], at: int) -> Clue:
        """What the subject of a tag tells."""
        words = text[subject.start : subject.end]
        if subject.kind is Kind.I:
            return Clue(Guess(self.people.first_person, "I said", 0.9, words))
        if subject.kind in {Kind.HE, Kind.SHE}:
            gender = Gender.MALE if subject.kind is Kind.HE else Gender.FEMALE
            return Clue(kind="pronoun", gender=gender, words=words, at=at)
        owned = _OWNED.match(words)
        named = None if owned else self._named(text, subject)
        if named is not None:
            return Clue(Guess(named, "named", 0.98 if at >= 0 else 0.9, words))
        if subject.kind is Kind.NAME and not owned and self.language.code != "de":
            return Clue(Guess(UNKNOWN, "not in the cast", 0.9, words))
        owner = (self.people.named(owned[1]) if owned else None) or ""
        if (relative := self._relative(words, owner, near)) is not None:
            return Clue(Guess(relative, "relative", 0.8, words))
        return Clue(kind="described", gender=self._gender_of_noun(words), words=words, at=at, owner=owner)

    def _named(self, text: str, subject: Subject) -> str | None:
        """Whom the words name: by a longer name that begins among them, by all of them, or by one inside them."""
        found = self.people.mentions(text, subject.start, min(len(text), subject.end + _LONGEST_NAME))
        inside = [m for m in found if m.start < subject.end]
        longer = next((m.name for m in inside if m.end > subject.end), None)
        exact = self.people.named(text[subject.start : subject.end])
        return longer or exact or next((m.name for m in inside), None)

    def _relative(self, words: str, owner: str, near: Sequence[str]) -> str | None:
        """Whom `her mother` or `Mr. Poe’s wife` means."""
        nouns = words.lower().split()
        if owner:
            return self.people.kin(owner, nouns[-1])
        if nouns[0] in self.language.his:
            gender = Gender.MALE
        elif nouns[0] in self.language.her:
            gender = Gender.FEMALE
        else:
            return None
        owners = (n for n in near if self.people.gender_of(n) is gender)
        return next((kin for n in owners if (kin := self.people.kin(n, nouns[-1])) is not None), None)

    def _gender_of_noun(self, words: str) -> Gender:
        nouns = [w.casefold() for w in re.findall(r"[^\W\d_]+", words)]
        if any(w in self.language.nouns_female for w in nouns[1:]):
            return Gender.FEMALE
        return Gender.MALE if any(w in self.language.nouns_male for w in nouns[1:]) else Gender.UNKNOWN


def _leads(narration: str) -> bool:
    """Does not end a sentence: speech is to follow."""
    last = narration.rstrip()[-1:]
    return last.isalpha() or (bool(last) and last in ",:—–-;")
