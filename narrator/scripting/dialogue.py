"""Who speaks each quotation of a scene, and why we think so.

A tag that names its speaker is believed. What else there is (a pronoun, who is named beside the quotation, whose turn
it is, who was called by name) is weighed, candidate by candidate (`narrator.scripting.weighing`), over the likeliest
ways the talk may have gone so far. Nothing looks past a scene break, and nothing looks ahead of its own paragraph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from narrator.domain import UNKNOWN, Attribution, Gender, Paragraph, ParagraphKind
from narrator.scripting import quotations, tags
from narrator.scripting.clues import Clue, Guess, TagReader
from narrator.scripting.languages import Language
from narrator.scripting.passage import Passage, passage, sentence_start
from narrator.scripting.people import Mention, People
from narrator.scripting.quotations import Quote
from narrator.scripting.scene import History, Part, Scene, Turn
from narrator.scripting.weighing import Judge, Occasion, candidates, weigh

_WIDTH: Final = 6
"""Ways the talk may have gone that are kept in mind."""
_BRANCHES: Final = 3
"""Speakers of one quotation that are kept in mind."""
_FLOOR: Final = 0.02
"""How likely, at least, it is anybody's turn."""
_TAGGED: Final = frozenset({"pronoun", "described"})
_NEAR: Final = 6
"""Of those named last, whose relatives a tag may speak of."""
_PLACES: Final = {Part.OWNER: "of whom", Part.OBLIQUE: "to whom"}


@dataclass(frozen=True, slots=True)
class Speech:
    """A quotation and its speaker."""

    start: int
    end: int
    character: str
    attribution: Attribution


class Listener:
    """Attributes the speech of one scene, paragraph by paragraph."""

    def __init__(
        self, people: People, language: Language, marks: str, judge: Judge = weigh, width: int = _WIDTH
    ) -> None:
        self._people = people
        self._language = language
        self._marks = marks
        self._judge = judge
        self._width = width
        self._tags = TagReader(people, language)
        self._scene = Scene()
        self._open: Speech | None = None
        self._cites = False
        self._references: list[tuple[int, Mention | Gender | None]] = []
        self._n_noted = 0

    def hear(self, paragraph: Paragraph) -> tuple[Speech, ...]:
        """The speech of the scene's next paragraph, in order; headings and block quotations are the narrator's."""
        if paragraph.kind is ParagraphKind.HEADING or paragraph.quoted:
            return ()
        self._scene.paragraph += 1
        text = paragraph.text
        quotes = self._spoken(text, quotations.find(text, self._marks, self._language))
        here = passage(text, quotes, self._people.mentions(text), self._language)
        self._references, self._n_noted = here.references(), 0
        speeches = self._attribute(here)
        self._note(here, len(text))
        self._remember(here, speeches)
        return speeches

    def _spoken(self, text: str, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        """Without words that end a sentence of the narrator's, set apart: a motto, the lines of a poem."""
        if not quotes or text[: quotes[0].start].strip():
            self._cites = False
            return quotes
        if not self._cites and not self._breaks_off(text):
            return quotes
        self._cites = quotes[0].open
        return quotes[1:]

    def _breaks_off(self, text: str) -> bool:
        """Whether the narration before ends in mid-sentence, and not in a tag."""
        before = self._scene.before
        last = before.rstrip(" —–-").rpartition(" ")[2].lower()
        small = last in self._language.who | self._language.clause_words
        if not (small or (last.isalpha() and text[1:2].islower())):
            return False
        return tags.before(before, sentence_start(before, 0, len(before)), len(before), self._language) is None

    def _remember(self, here: Passage, speeches: tuple[Speech, ...]) -> None:
        if not speeches:
            self._open = None
            self._scene.before = here.text
            return
        quote = here.quotes[-1]
        self._open = speeches[-1] if quote.open and quote.mark != "—" else None
        self._scene.before = here.text if here.text[quote.end :].strip() else ""

    def _note(self, here: Passage, end: int) -> None:
        """Take in whom the narration names and means by he and she, up to a place."""
        while self._n_noted < len(self._references) and self._references[self._n_noted][0] < end:
            who = self._references[self._n_noted][1]
            if isinstance(who, Mention):
                self._scene.name(who.name, here.part(who), self._people.gender_of(who.name))
            elif who is None:
                self._scene.spoke_i = True
            else:
                self._scene.refer(who)
            self._n_noted += 1

    # ── one paragraph ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _attribute(self, here: Passage) -> tuple[Speech, ...]:
        clues = [self._clue(here, i) for i in range(len(here.quotes))]
        following = _following(here, clues)
        speeches: list[Speech] = []
        for i, (quote, clue) in enumerate(zip(here.quotes, clues, strict=True)):
            occasion = self._occasion(here, i, clue, following[i])
            guess = self._weighed(occasion) if clue.guess is None else self._believed(clue.guess, occasion)
            why = Attribution(rule=guess.rule, confidence=guess.confidence, evidence=guess.evidence)
            speeches.append(Speech(quote.start, quote.end, guess.name, why))
        return tuple(speeches)

    def _clue(self, here: Passage, i: int) -> Clue:
        clue = self._tags.clue(here, i, self._scene.before, self._near())
        if clue is not None:
            return clue
        last = self._open
        if i or last is None or here.text[: here.quotes[0].start].strip():
            return Clue()
        return Clue(Guess(last.character, "goes on", last.attribution.confidence, last.attribution.evidence))

    def _near(self) -> tuple[str, ...]:
        """Who spoke last, then who was named last."""
        seen = self._scene.seen
        talked = [turn.speaker for turn in reversed(self._scene.histories[0].turns)][:2]
        return tuple(dict.fromkeys((*talked, *sorted(seen, key=lambda n: -seen[n].order)[:_NEAR])))

    def _occasion(self, here: Passage, i: int, clue: Clue, following: tuple[str, str]) -> Occasion:
        """A quotation and what is printed around it."""
        quote = here.quotes[i]
        self._note(here, quote.start if clue.at < 0 else clue.at)
        beside: dict[str, tuple[str, str]] = {}
        gender, says_i = Gender.UNKNOWN, False
        for where, start, end in here.beside(i):
            first = "first "
            for m in here.names(start, end):
                sentence = here.text[start:end].strip()[:60]
                beside.setdefault(m.name, (f"{first}{_PLACES.get(here.part(m), 'who')} {where}", sentence))
                first = ""
            if gender is Gender.UNKNOWN and not says_i:
                gender, says_i = here.pronoun(start, end)
        return Occasion(
            kind=clue.kind or ("beat" if beside or says_i or gender is not Gender.UNKNOWN else "bare"),
            gender=clue.gender,
            words=clue.words,
            start=quote.start,
            called=here.called(i),
            spoken_of=frozenset(m.name for m in here.spoken[i]),
            told=here.told,
            to=here.addressed(i),
            asks=here.asks(i),
            beside=beside,
            beside_gender=gender,
            beside_i=says_i,
            owner=clue.owner,
            since=here.between(i - 1) if i else "",
            following=following,
        )

    # ── what is believed, and what is weighed ─────────────────────────────────────────────────────────────────────────

    def _turn(self, speaker: str, occasion: Occasion) -> Turn:
        return Turn(
            paragraph=self._scene.paragraph,
            speaker=speaker,
            called=tuple(n for n in occasion.called if n != speaker),
            told=next((n for n in occasion.told if n != speaker), None),
            spoken_of=occasion.spoken_of,
            asks=occasion.asks,
            to=occasion.to,
        )

    def _believed(self, guess: Guess, occasion: Occasion) -> Guess:
        """A speaker who is named: histories in which it is not their turn lose weight."""
        turn = self._turn(guess.name, occasion)
        alone = replace(occasion, named=guess.name, following=("", ""))
        histories = []
        for history in self._scene.histories:
            chance = 1.0 if guess.name == UNKNOWN else self._likely(history, alone).get(guess.name, 0.0) + _FLOOR
            histories.append(history.then(turn, history.weight * chance))
        self._scene.keep(histories, self._width)
        return guess

    def _weighed(self, occasion: Occasion) -> Guess:
        """The likeliest speaker over all histories."""
        chances: dict[str, float] = {}
        histories = []
        for history in self._scene.histories:
            likely = self._likely(history, occasion)
            for name, chance in likely.items():
                chances[name] = chances.get(name, 0.0) + chance * history.weight
            best = sorted(likely, key=lambda n: (-likely[n], n))[:_BRANCHES]
            histories += [history.then(self._turn(n, occasion), history.weight * likely[n]) for n in best]
        if not chances:
            rule = occasion.kind if occasion.kind in _TAGGED else "no evidence"
            return self._believed(Guess(UNKNOWN, rule, 0.0, occasion.words), occasion)
        name = max(chances, key=lambda n: (chances[n], n))
        evidence = occasion.words or occasion.beside.get(name, ("", ""))[1]
        guess = Guess(name, self._rule(name, occasion), round(chances[name], 2), evidence)
        self._scene.keep(histories, self._width)
        return guess

    def _likely(self, history: History, occasion: Occasion) -> Mapping[str, float]:
        return self._judge(occasion, candidates(occasion, self._scene, history.turns, self._people))

    def _rule(self, name: str, occasion: Occasion) -> str:
        """What speaks most for the candidate, in a word or two."""
        if occasion.kind in _TAGGED:
            return occasion.kind
        best = self._scene.histories[0]
        if name in {best.speaker_in(self._scene.paragraph), occasion.following[0]}:
            return "same paragraph"
        if name in occasion.beside:
            return "acts"
        return "turn" if any(t.speaker == name or name in t.called for t in best.turns) else "named last"


def _following(here: Passage, clues: list[Clue]) -> list[tuple[str, str]]:
    """The next name that a later tag of the paragraph gives, for each quotation, and what lies between."""
    found: list[tuple[str, str]] = []
    name, more = "", False
    for i in range(len(clues) - 1, -1, -1):
        found.append((name, f"{here.between(i)}{' and more' if more else ''}" if name else ""))
        guess = clues[i].guess
        if guess is not None and guess.name != UNKNOWN:
            name, more = guess.name, False
        else:
            more = True
    return found[::-1]
