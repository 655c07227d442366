"""Weighs who speaks a quotation whose tag does not name its speaker: the softmax of what speaks for each candidate.

The weights are learnt by `scripts/train_speakers.py` from books whose quotations people have labelled; each feature is
a few words, so that the table can be read.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

from narrator.domain import Gender
from narrator.scripting.people import People
from narrator.scripting.scene import Scene, Turn

_NEAR: Final = 3
"""Paragraphs of narration after which a conversation is a new one."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A quotation and what is printed around it."""

    kind: str
    """`pronoun`, `described`: what its tag says; `beat`: narration beside it, no tag; `bare`: nothing."""
    gender: Gender = Gender.UNKNOWN
    """What the tag says of the speaker."""
    words: str = ""
    named: str = ""
    """Whom the tag names; then it is only weighed how the talk may have gone."""
    start: int = 0
    called: tuple[str, ...] = ()
    spoken_of: frozenset[str] = frozenset()
    to: Gender = Gender.UNKNOWN
    asks: bool = False
    told: tuple[str, ...] = ()
    """Whom the narration says they spoke to."""
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Who is named in the narration beside it: where, and the sentence."""
    beside_gender: Gender = Gender.UNKNOWN
    """`he` or `she`, first in the narration beside it."""
    beside_i: bool = False
    owner: str = ""
    """Whose friend the tag speaks of."""
    since: str = ""
    """What lies between it and the quotation before in the same paragraph."""
    following: tuple[str, str] = ("", "")
    """Whom a tag later in the same paragraph names, and what lies between."""


class Judge(Protocol):
    """Says how likely each candidate is."""

    def __call__(self, occasion: Occasion, candidates: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
        """Probabilities of the candidates, given the features of each."""
        ...


@cache
def weights() -> Mapping[str, float]:
    """What each feature counts for."""
    table: dict[str, float] = json.loads((files("narrator.scripting") / "weights.json").read_text("utf-8"))
    return table


def weigh(
    occasion: Occasion, candidates: Mapping[str, Sequence[str]], table: Mapping[str, float] | None = None
) -> Mapping[str, float]:
    """The probability of each candidate; by the weights of the package unless others are given."""
    known = weights() if table is None else table
    scores = {
        name: sum(known.get(f, 0.0) + known.get(f"{occasion.kind}: {f}", 0.0) for f in features)
        for name, features in candidates.items()
    }
    most = max(scores.values(), default=0.0)
    powers = {name: math.exp(score - most) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


@dataclass(frozen=True, slots=True)
class _Setting:
    """Where a candidate is weighed."""

    occasion: Occasion
    scene: Scene
    turns: Sequence[Turn]
    people: People


def candidates(occasion: Occasion, scene: Scene, turns: Sequence[Turn], people: People) -> dict[str, tuple[str, ...]]:
    """Who may speak after these turns, each with what is known of them."""
    names = scene.thought_of(turns) | {*occasion.beside, occasion.following[0]} - {""}
    if names or occasion.kind != "bare":  # nobody is guessed from nothing
        names |= people.leading
    if scene.spoke_i:
        names.add(people.first_person)
    names = {n for n in names if _fits(people.gender_of(n), occasion.gender)}
    order = sorted(names, key=lambda n: (-scene.seen[n].order if n in scene.seen else 0, n))
    rank = {n: i for i, n in enumerate(order)}
    setting = _Setting(occasion, scene, turns, people)
    return {n: tuple(_features(n, rank[n], setting)) for n in sorted(names)}


def _fits(own: Gender, needed: Gender) -> bool:
    return Gender.UNKNOWN in {own, needed} or own is needed


def _features(name: str, rank: int, setting: _Setting) -> Iterator[str]:
    yield from _of_naming(name, rank, setting.occasion, setting.scene)
    yield from _of_turns(name, setting.occasion, setting.scene.paragraph, setting.turns)
    yield from _of_speech(name, setting)
    yield from _of_person(name, setting.occasion, setting.people)


def _of_naming(name: str, rank: int, occasion: Occasion, scene: Scene) -> Iterator[str]:
    """When and how the narration named them."""
    seen = scene.seen.get(name)
    if seen is None:
        yield "not named in this scene"
    else:
        ago = scene.paragraph - seen.paragraph
        yield f"named {_bucket(ago)} ago"
        if ago <= 1:
            yield f"named {ago} ago as {seen.part}"
        yield f"last named but {min(rank, 4)}"
    if where := occasion.beside.get(name):
        yield f"beside: {where[0]}"


def _of_turns(name: str, occasion: Occasion, paragraph: int, all_turns: Sequence[Turn]) -> Iterator[str]:
    """Whose turn it is."""
    turns = [t for t in all_turns if t.paragraph < paragraph]
    same = [t for t in all_turns if t.paragraph == paragraph]
    if turns:
        gap = _gap(paragraph - turns[-1].paragraph)
        last = [i for i, t in enumerate(reversed(turns), 1) if t.speaker == name]
        where = f"{min(last[0], 5)} turns ago" if last else "no turn yet"
        yield f"spoke {where}, {gap}" if not same else f"spoke {where}, other turns since"
        yield f"has {min(len(last), 4)} of the last turns"
        yield from _of_last_turn(name, turns[-1], gap, others={t.speaker for t in turns[-4:]})
    if same:
        yield f"{'is' if same[-1].speaker == name else 'is not'} who spoke before, {occasion.since}"
        if len(same) > 1 and same[-2].speaker == name:
            yield "spoke last but one in the paragraph"
    if occasion.following[0]:
        yield f"{'is' if occasion.following[0] == name else 'is not'} who is named after, {occasion.following[1]}"


def _of_last_turn(name: str, last: Turn, gap: str, others: set[str]) -> Iterator[str]:
    if last.speaker == name:
        if last.asks:
            yield f"asked, {gap}"
        return
    if name in last.called:
        yield f"was called{' last' if last.called[-1] == name else ''}, {gap}"
    if name == last.told:
        yield f"was told, {gap}"
    if name in last.spoken_of:
        yield f"was spoken of, {gap}"
    if name in others:
        yield f"is one of {len(others)} who talk, {gap}"


def _of_speech(name: str, setting: _Setting) -> Iterator[str]:
    """What the speech itself tells."""
    occasion, turns = setting.occasion, setting.turns
    if name in occasion.called:
        yield "is called"
    elif name in occasion.spoken_of:
        yield "is spoken of"
    own = setting.people.gender_of(name)
    last = turns[-1] if turns else None
    if last is not None and last.to is not Gender.UNKNOWN and last.speaker != name and own is not Gender.UNKNOWN:
        yield f"{'was' if last.to is own else 'was not'} called sir or madam"
    if occasion.to is not Gender.UNKNOWN and occasion.to is own:
        yield "would be called sir or madam"


def _of_person(name: str, occasion: Occasion, people: People) -> Iterator[str]:
    own = people.gender_of(name)
    if own is Gender.UNKNOWN:
        yield "of no known gender"
    if occasion.beside_gender is not Gender.UNKNOWN and own is not Gender.UNKNOWN:
        yield f"{'is' if occasion.beside_gender is own else 'is not'} he or she beside"
    if name == people.first_person:
        yield "is I"
        if occasion.beside_i:
            yield "is I beside"
    elif occasion.beside_i:
        yield "is not I beside"
    if occasion.owner:
        yield f"{'is' if occasion.owner == name else 'is not'} the owner"
    yield f"is {people.standing(name)}"


def _bucket(ago: int) -> str:
    return str(ago) if ago < 3 else "3 or 4" if ago < 5 else "5 to 9" if ago < 10 else "10 or more"


def _gap(paragraphs: int) -> str:
    return "next" if paragraphs == 1 else "near" if paragraphs <= _NEAR else "far"
