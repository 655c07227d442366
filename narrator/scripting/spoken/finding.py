"""Rules, and one pass of them over a line: no rule ever sees what another has said."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

Match: TypeAlias = re.Match[str]
Say: TypeAlias = Callable[[Match], str | None]

_END: Final = re.compile(r"[\s\"”’'»)\]}*_]*\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """One class of words: how it is printed and how it is said; `say` answers None to leave the words to others."""

    name: str
    pattern: re.Pattern[str]
    say: Say
    needs: str = r"\d"
    """A cheap test of the whole line: a pattern without which no match is possible."""
    part: str = ""
    """The group that is said otherwise; the rest of the match only tells that it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words of a line that are said otherwise than printed."""

    start: int
    end: int
    rule: str
    said: str


def find(text: str, rules: Sequence[Rule], settled: Iterable[Found] = (), *, spaced: bool = True) -> list[Found]:
    """What the rules change in a line, in order; where two would change the same letter, the earlier rule does.

    Args:
        text: As printed.
        rules: Most trusted first.
        settled: Changes that no rule may touch.
        spaced: Whether words are parted by spaces: figures that touch letters (`A4`) are then said apart.
    """
    found = list(settled)
    taken = bytearray(len(text))
    for each in found:
        taken[each.start : each.end] = b"\1" * (each.end - each.start)
    met: dict[str, bool] = {}
    for rule in rules:
        if rule.needs not in met:
            met[rule.needs] = _compiled(rule.needs).search(text) is not None
        if met[rule.needs]:
            found.extend(_apart(text, each) if spaced else each for each in _matches(rule, text, taken))
    return sorted(found, key=lambda each: each.start)


def _matches(rule: Rule, text: str, taken: bytearray) -> Iterable[Found]:
    at = 0
    while match := rule.pattern.search(text, at):
        start, end = match.span(rule.part) if rule.part else match.span()
        barrier = taken.rfind(1, start, end)
        at = max(match.end(), at + 1) if barrier < 0 else barrier + 1
        said = rule.say(match) if barrier < 0 and start < end else None
        if said is not None:
            taken[start:end] = b"\1" * (end - start)
            yield Found(start, end, rule.name, said)


def _apart(text: str, found: Found) -> Found:
    start, end, said = found.start, found.end, found.said
    left = " " if start and text[start - 1].isalnum() and said[:1].isalnum() else ""
    right = " " if end < len(text) and text[end].isalnum() and said[-1:].isalnum() else ""
    return Found(start, end, found.rule, f"{left}{said}{right}") if left or right else found


@cache
def _compiled(needs: str) -> re.Pattern[str]:
    return re.compile(needs)


def ends_line(match: Match) -> bool:
    """Whether nothing but closing marks follows, and words go before: a full stop then ends the sentence too."""
    return match.start() > 0 and _END.match(match.string, match.end()) is not None


def words(text: str) -> frozenset[str]:
    """A set of words from a text."""
    return frozenset(text.split())


def any_of(choices: Iterable[str]) -> str:
    """A pattern for any of these, the longest first."""
    return "|".join(re.escape(w) for w in sorted(choices, key=lambda w: (-len(w), w)))
