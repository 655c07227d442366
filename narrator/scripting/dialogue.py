"""Who speaks each quotation of a scene, and why we think so.

Evidence in falling order: a tag that names the speaker, a tag with a pronoun, speech that goes on from the paragraph
before, the actor of the sentence beside it, the turn of the other of two speakers, whoever was named last. Nothing
looks past a scene break, and nothing looks ahead of its own paragraph.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from narrator.domain import UNKNOWN, Attribution, Gender, Paragraph
from narrator.scripting import quotations, tags
from narrator.scripting.languages import Language
from narrator.scripting.people import Mention, People
from narrator.scripting.tags import Kind, Subject

_FIRM: Final = frozenset({"named", "I said", "not in the cast", "described"})
"""Rules that look at nothing but the tag."""
_GAP: Final = 3
"""Paragraphs of narration after which a conversation is a new one."""
_SENTENCE_END: Final = re.compile(r"(?<!Mr)(?<!Mrs)(?<!Dr)(?<!St)[.!?…]\s+")
_VOCATIVE_BEFORE: Final = re.compile(
    r"(?:^|[,;:.!?—–(]|\b(?:dear|dearest|my|oh|ah|o|well|yes|no|poor))[\s\"“‘']*$", re.IGNORECASE
)
_VOCATIVE_AFTER: Final = re.compile(r"\s*(?:[,.!?;:—–…]|$)")


@dataclass(frozen=True, slots=True)
class Speech:
    """A quotation and its speaker."""

    start: int
    end: int
    character: str
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class _Guess:
    name: str
    rule: str
    confidence: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class _Turn:
    paragraph: int
    speaker: str
    addressee: str | None


@dataclass(slots=True)
class _Memory:
    """What a reader remembers of the scene so far."""

    seen: dict[str, float] = field(default_factory=dict)
    """When a character was last named in the narration, in paragraphs."""
    turns: list[_Turn] = field(default_factory=list)
    open_speech: Speech | None = None
    before: str = ""
    """The paragraph before, when it was narration."""


class Listener:
    """Attributes the speech of one scene, paragraph by paragraph."""

    def __init__(self, people: People, language: Language, marks: str) -> None:
        self._people = people
        self._language = language
        self._marks = marks
        self._memory = _Memory()
        self._k = 0
        self._text = ""
        self._quotes: tuple[quotations.Quote, ...] = ()
        self._named: tuple[Mention, ...] = ()

    def hear(self, paragraph: Paragraph) -> tuple[Speech, ...]:
        """The speech of the scene's next paragraph, in order."""
        self._k += 1
        self._text = text = paragraph.text
        self._quotes = quotations.find(text, self._marks, self._language)
        mentions = self._people.mentions(text)
        self._named = tuple(m for m in mentions if not self._inside(m.start))
        if not self._quotes:
            self._remember_named(len(text))
            self._memory.open_speech = None
            self._memory.before = text
            return ()
        spoken = tuple(m for m in mentions if self._inside(m.start))
        speeches = self._attribute(spoken)
        self._conclude(speeches, spoken)
        return speeches

    def _inside(self, at: int) -> bool:
        return any(q.start <= at < q.end for q in self._quotes)

    def _remember_named(self, end: int) -> None:
        for m in self._named:
            if m.start < end:
                boost = 0.0 if self._is_oblique(m.start) else 0.8 if self._is_first(m.start) else 0.5
                self._memory.seen[m.name] = self._k + boost + m.start / (4 * max(len(self._text), 1))

    def _is_first(self, at: int) -> bool:
        """Begins a sentence, and so is most likely its subject."""
        return at < 3 or _SENTENCE_END.search(self._text, max(0, at - 3), at) is not None

    def _is_oblique(self, at: int) -> bool:
        words = self._text[max(0, at - 20) : at].split()
        return bool(words) and words[-1].lower() in self._language.prepositions

    # ── one paragraph ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _attribute(self, spoken: tuple[Mention, ...]) -> tuple[Speech, ...]:
        called = [frozenset(self._called(q, spoken)) for q in self._quotes]
        guesses: list[_Guess | None] = [
            self._tagged(i, called[i]) or self._carried(q) for i, q in enumerate(self._quotes)
        ]
        if not any(guesses):
            everyone_called = frozenset().union(*called)
            guesses[0] = self._acted(everyone_called) or self._turn(everyone_called)
        united = _united(guesses)
        best = [self._nearest(united, i) for i in range(len(united))]
        return tuple(
            Speech(q.start, q.end, g.name, Attribution(rule=g.rule, confidence=g.confidence, evidence=g.evidence))
            for q, g in zip(self._quotes, best, strict=True)
        )

    @staticmethod
    def _nearest(guesses: list[_Guess | None], i: int) -> _Guess:
        own = guesses[i]
        if own is not None:
            return own
        near = sorted(range(len(guesses)), key=lambda j: (abs(j - i), j > i))
        guess = next(g for j in near if (g := guesses[j]) is not None)
        return replace(guess, rule="same paragraph", confidence=round(guess.confidence * 0.95, 2))

    def _called(self, quote: quotations.Quote, spoken: tuple[Mention, ...]) -> tuple[str, ...]:
        """Whom a quotation calls by name, in order: they are spoken to, so they do not speak."""
        return tuple(
            m.name
            for m in spoken
            if quote.start <= m.start < quote.end
            and _VOCATIVE_BEFORE.search(self._text, max(quote.start + 1, m.start - 14), m.start)
            and _VOCATIVE_AFTER.match(self._text, m.end, quote.end)
        )

    def _carried(self, quote: quotations.Quote) -> _Guess | None:
        last = self._memory.open_speech
        if last is None or quote is not self._quotes[0] or self._text[: quote.start].strip():
            return None
        return _Guess(last.character, "goes on", last.attribution.confidence, last.attribution.evidence)

    def _tagged(self, i: int, called: frozenset[str]) -> _Guess | None:
        quote = self._quotes[i]
        following = self._quotes[i + 1].start if i + 1 < len(self._quotes) else len(self._text)
        subject = tags.after(self._text, quote.end, following, self._language)
        if subject is not None and self._may_follow(quote, subject):
            return self._who(self._text, subject, called)
        head = self._quotes[i - 1].end if i else 0
        start = self._sentence_start(self._text, head, quote.start)
        if self._leads(self._text[start : quote.start]):
            subject = tags.before(self._text, start, quote.start, self._language)
            return None if subject is None else self._who(self._text, subject, called)
        if i == 0 and not self._text[: quote.start].strip() and self._memory.before.endswith((":", ":—", "—", ",")):
            return self._introduced(called)
        return None

    def _may_follow(self, quote: quotations.Quote, subject: Subject) -> bool:
        """After speech that ends in a full stop, a capital starts a sentence of its own."""
        end = self._text[: quote.end].rstrip("”’\"'»› ")[-1:]
        start = self._text[quote.end : subject.end].lstrip(" ,;—–-")[:1]
        return end != "." or start.islower() or quote.mark == "—"

    def _leads(self, narration: str) -> bool:
        stripped = narration.rstrip()
        return (bool(stripped) and stripped[-1] in ",:—–-;") or stripped[-1:].isalpha()

    @staticmethod
    def _sentence_start(text: str, start: int, end: int) -> int:
        """Where the last sentence before `end` begins."""
        end = len(text[:end].rstrip()) - 1
        starts = [m.end() for m in _SENTENCE_END.finditer(text, start, end)]
        return starts[-1] if starts else start

    def _introduced(self, called: frozenset[str]) -> _Guess | None:
        text = self._memory.before
        start = self._sentence_start(text, 0, len(text))
        subject = tags.before(text, start, len(text), self._language)
        return None if subject is None else self._who(text, subject, called)

    # ── the speaker's words for the speaker ───────────────────────────────────────────────────────────────────────────

    def _who(self, text: str, subject: Subject, called: frozenset[str]) -> _Guess | None:
        words = text[subject.start : subject.end]
        if subject.kind is Kind.I:
            return _Guess(self._people.first_person, "I said", 0.9, words)
        if subject.kind in {Kind.HE, Kind.SHE}:
            gender = Gender.MALE if subject.kind is Kind.HE else Gender.FEMALE
            at = subject.start if text is self._text else None
            return self._pronoun(gender, called, words, at)
        named = self._people.named(words) or next((m.name for m in self._people.mentions(words)), None)
        if named is not None and not (subject.kind is Kind.NOUN and "’s " in words):
            return _Guess(named, "named", 0.98 if text is self._text else 0.9, words)
        if subject.kind is Kind.NAME and self._language.code != "de":
            return _Guess(UNKNOWN, "not in the cast", 0.9, words)
        gender = self._gender_of_noun(words)
        if gender is Gender.UNKNOWN:
            return _Guess(UNKNOWN, "described", 0.5, words)
        guess = self._pronoun(gender, called, words, subject.start if text is self._text else None)
        return guess and replace(guess, rule="described", confidence=round(guess.confidence * 0.7, 2))

    def _gender_of_noun(self, words: str) -> Gender:
        nouns = [w.casefold() for w in re.findall(r"[^\W\d_]+", words)]
        if any(w in self._language.nouns_female for w in nouns[1:]):
            return Gender.FEMALE
        return Gender.MALE if any(w in self._language.nouns_male for w in nouns[1:]) else Gender.UNKNOWN

    def _pronoun(self, gender: Gender, called: frozenset[str], words: str, at: int | None) -> _Guess | None:
        seen = dict(self._memory.seen)
        if at is not None:
            for m in self._named:
                if m.start < at:
                    seen[m.name] = self._k + (0.4 if self._is_oblique(m.start) else 1.0)
        scores = {
            name: self._score(name, when, gender) * (0.1 if name in called else 1.0) for name, when in seen.items()
        }
        if not scores:
            return _Guess(UNKNOWN, "pronoun", 0.3, words)
        best = max(scores, key=lambda n: (scores[n], n))
        if scores[best] <= 0:
            return _Guess(UNKNOWN, "pronoun", 0.3, words)
        share = scores[best] / sum(scores.values())
        return _Guess(best, "pronoun", round(0.4 + 0.5 * share, 2), words)

    def _score(self, name: str, when: float, gender: Gender) -> float:
        own = self._people.gender.get(name, Gender.UNKNOWN)
        if own is not gender and own is not Gender.UNKNOWN:
            return 0.0
        score: float = 1.0 / (1.0 + max(0.0, self._k + 0.5 - when)) * (1.0 if own is gender else 0.25)
        turns = self._memory.turns
        if turns and self._k - turns[-1].paragraph == 1 and when < self._k:
            if turns[-1].speaker == name:
                score *= 0.25
            elif name in {t.speaker for t in turns[-3:-1]} or name == turns[-1].addressee:
                score *= 2.5
        return score

    # ── no tag ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _acted(self, called: frozenset[str]) -> _Guess | None:
        """The actor of the sentence beside the quotation: `Anna shook her head. “No.”`."""
        first = self._quotes[0]
        start = self._sentence_start(self._text, 0, first.start)
        spans = [(start, first.start)] if self._text[: first.start].strip() else []
        spans.append((first.end, self._quotes[1].start if len(self._quotes) > 1 else len(self._text)))
        for a, b in spans:
            guess = self._actor(a, b, called)
            if guess is not None:
                return guess
        return None

    def _actor(self, start: int, end: int, called: frozenset[str]) -> _Guess | None:
        named = [m for m in self._named if start <= m.start < end and not self._is_oblique(m.start)]
        named = [m for m in named if self._text[m.end : m.end + 2] not in {"’s", "'s"}]
        pronoun = self._pronoun_in(start, end)
        if named and (pronoun is None or named[0].start < pronoun.start):
            return (
                None
                if named[0].name in called
                else _Guess(named[0].name, "acts", 0.8, self._text[start:end].strip()[:60])
            )
        if pronoun is None:
            return None
        guess = self._who(self._text, pronoun, called)
        return guess and replace(guess, rule="acts", confidence=round(guess.confidence * 0.8, 2))

    def _pronoun_in(self, start: int, end: int) -> Subject | None:
        for m in re.compile(r"[^\W\d_]+").finditer(self._text, start, end):
            word = m[0].lower()
            for kind, forms in (
                (Kind.HE, self._language.he),
                (Kind.SHE, self._language.she),
                (Kind.I, self._language.i),
            ):
                if word in forms:
                    return Subject(m.start(), m.end(), kind)
        return None

    def _turn(self, called: frozenset[str]) -> _Guess:
        """The other of two who talk; else whoever was named last."""
        turns = self._memory.turns
        near = turns and self._k - turns[-1].paragraph <= _GAP
        if near:
            last = turns[-1]
            other = self._other(last)
            if other is not None and other not in called:
                sure = 0.8 if last.paragraph == self._k - 1 else 0.5
                return _Guess(other, "turn", sure)
        blocked = called | ({turns[-1].speaker} if near and turns[-1].paragraph == self._k - 1 else set())
        recent = [
            (when, name) for name, when in self._memory.seen.items() if name not in blocked and self._k - when < 4
        ]
        return _Guess(max(recent)[1], "named last", 0.35) if recent else _Guess(UNKNOWN, "no evidence", 0.0)

    def _other(self, last: _Turn) -> str | None:
        if last.addressee is not None and last.addressee != last.speaker:
            return last.addressee
        for turn in reversed(self._memory.turns[-4:-1]):
            if turn.speaker not in {last.speaker, UNKNOWN} and last.paragraph - turn.paragraph <= 2 * _GAP:
                return turn.speaker
        return None

    # ── memory ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _conclude(self, speeches: tuple[Speech, ...], spoken: tuple[Mention, ...]) -> None:
        memory = self._memory
        self._remember_named(len(self._text))
        last = speeches[-1]
        called = [n for q in self._quotes for n in self._called(q, spoken) if n != last.character]
        memory.turns.append(_Turn(self._k, last.character, called[-1] if called else self._told(last.character)))
        if last.character != UNKNOWN:
            memory.seen[last.character] = max(memory.seen.get(last.character, 0.0), self._k + 0.5)
        quote = self._quotes[-1]
        memory.open_speech = last if quote.open and quote.mark != "—" else None
        memory.before = self._text if self._text[quote.end :].strip() else ""

    def _told(self, speaker: str) -> str | None:
        """Whom the narration says was spoken to: `said Anna to Bob`."""
        told = [m.name for m in self._named if re.search(r"\b(?:to|told|asked|zu|à|a)\s$", self._text[: m.start][-8:])]
        return next((n for n in told if n != speaker), None)


def _united(guesses: list[_Guess | None]) -> list[_Guess | None]:
    """One paragraph, one speaker, unless tags name two: the surest guess stands for all that are less sure."""
    if sum(g is not None for g in guesses) < 2:
        return guesses
    surest = max((g for g in guesses if g is not None), key=lambda g: (g.name != UNKNOWN, g.confidence))
    return [g if g is None or g.rule in _FIRM else replace(surest, evidence=g.evidence) for g in guesses]
