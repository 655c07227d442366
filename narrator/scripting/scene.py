"""What a reader remembers of a scene: who was named when, who spoke, and to whom. It never looks ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from narrator.domain import UNKNOWN, Gender

_TURNS: Final = 12
"""Turns that are remembered."""
_AGREE: Final = 4
"""Turns by which two histories are told apart."""
_FORGOTTEN: Final = 16
"""Paragraphs after which somebody who was only named is no longer thought of."""


class Part(StrEnum):
    """What somebody named is in the sentence."""

    SUBJECT = "subject"
    PRONOUN = "pronoun"
    """He or she, who was the subject before."""
    OTHER = "other"
    OBLIQUE = "oblique"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Seen:
    """When somebody was last named in the narration."""

    paragraph: int
    order: int
    """Counts mentions through the scene."""
    part: Part


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said before the next."""

    paragraph: int
    speaker: str
    called: tuple[str, ...] = ()
    """Whom they called by name, in order."""
    told: str | None = None
    """Whom the narration says they spoke to."""
    spoken_of: frozenset[str] = frozenset()
    asks: bool = False
    """Ends with a question."""
    to: Gender = Gender.UNKNOWN
    """What they call the other: `sir`, `madam`."""


@dataclass(frozen=True, slots=True)
class History:
    """One way the talk may have gone so far: who took each turn."""

    turns: tuple[Turn, ...] = ()
    weight: float = 1.0
    """How likely, against the others."""

    def then(self, turn: Turn, weight: float) -> "History":
        """With one more quotation; who goes on in the same paragraph still has the turn."""
        last = self.turns[-1] if self.turns else None
        if last is None or last.speaker != turn.speaker or last.paragraph != turn.paragraph:
            return History((*self.turns[1 - _TURNS :], turn), weight)
        united = Turn(
            paragraph=turn.paragraph,
            speaker=turn.speaker,
            called=last.called + turn.called,
            told=turn.told or last.told,
            spoken_of=last.spoken_of | turn.spoken_of,
            asks=turn.asks,
            to=turn.to if turn.to is not Gender.UNKNOWN else last.to,
        )
        return History((*self.turns[:-1], united), weight)

    def speaker_in(self, paragraph: int) -> str:
        """Who spoke last in this paragraph; nobody yet = empty."""
        last = self.turns[-1] if self.turns else None
        return last.speaker if last is not None and last.paragraph == paragraph else ""


@dataclass(slots=True)
class Scene:
    """The memory, filled paragraph by paragraph."""

    paragraph: int = 0
    seen: dict[str, Seen] = field(default_factory=dict)
    histories: tuple[History, ...] = (History(),)
    """The likeliest, most likely first."""
    before: str = ""
    """The paragraph before, when it ended in narration."""
    topics: dict[Gender, str] = field(default_factory=dict)
    """Whom he and she mean in the narration: of each gender, the last who was a subject."""
    n_mentions: int = 0
    spoke_i: bool = False
    """The narrator has said I."""

    def name(self, name: str, part: Part, gender: Gender) -> None:
        """Somebody is named in the narration."""
        self.n_mentions += 1
        self.seen[name] = Seen(self.paragraph, self.n_mentions, part)
        if part in {Part.SUBJECT, Part.OTHER} or gender not in self.topics:
            self.topics[gender] = name

    def refer(self, gender: Gender) -> None:
        """The narration says he or she."""
        if name := self.topics.get(gender):
            self.n_mentions += 1
            self.seen[name] = Seen(self.paragraph, self.n_mentions, Part.PRONOUN)

    def keep(self, histories: Iterable[History], width: int) -> None:
        """Go on with the likeliest histories; those that agree on the last turns are one."""
        united: dict[tuple[str, ...], History] = {}
        for history in histories:
            key = tuple(t.speaker for t in history.turns[-_AGREE:])
            other = united.get(key)
            weight = history.weight + (other.weight if other else 0.0)
            better = other if other is not None and other.weight >= history.weight else history
            united[key] = History(better.turns, weight)
        best = sorted(united.items(), key=lambda item: (-item[1].weight, item[0]))[:width]
        total = sum(h.weight for _, h in best) or 1.0
        self.histories = tuple(History(h.turns, h.weight / total) for _, h in best)

    def thought_of(self, turns: Sequence[Turn]) -> set[str]:
        """Who may speak next: named or heard not long ago."""
        earliest = self.paragraph - _FORGOTTEN
        names = {name for name, seen in self.seen.items() if seen.paragraph >= earliest}
        for turn in turns:
            if turn.paragraph >= earliest:
                names |= {turn.speaker, *turn.called, *((turn.told,) if turn.told else ())}
        return names - {UNKNOWN}
