"""A book learnt anew, beside what was learnt and perhaps corrected by hand: what changes, and what stays."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from narrator.domain import Character, Learnt
from narrator.scripting.people import key_of

_T = TypeVar("_T")


def merged(base: Learnt, own: Learnt, new: Learnt) -> Learnt:
    """What is learnt now, with everything that a person has changed left as they made it.

    Args:
        base: What narrator itself had learnt; empty where that is not known: then all of `own` counts as a person's.
        own: What stands in learnt.yaml.
        new: What narrator learns now.
    """
    return Learnt(
        abbreviations=_kept(base.abbreviations, own.abbreviations, new.abbreviations),
        collocations=_kept(base.collocations, own.collocations, new.collocations),
        sentence_starters=_kept(base.sentence_starters, own.sentence_starters, new.sentence_starters),
        quotes=new.quotes if own.quotes == base.quotes else own.quotes,
        characters=_characters(base.characters, own.characters, new.characters),
    )


def _kept(base: tuple[_T, ...], own: tuple[_T, ...], new: tuple[_T, ...]) -> tuple[_T, ...]:
    """`new`, less what a person took out, and what they put in."""
    taken_out, put_in = set(base) - set(own), [each for each in own if each not in base]
    return tuple(dict.fromkeys([*(each for each in new if each not in taken_out), *put_in]))


def _characters(base: Sequence[Character], own: Sequence[Character], new: Sequence[Character]) -> tuple[Character, ...]:
    was, stands, found = ({each.name: each for each in some} for some in (base, own, new))
    by_hand = {name: each for name, each in stands.items() if not _same(was.get(name), each)}
    claimed = {key_of(name) for each in by_hand.values() for name in (each.name, *each.aliases)}
    kept = []
    for name, each in found.items():
        if name in by_hand:
            kept.append(replace(by_hand.pop(name), n_mentions=each.n_mentions))
        elif name not in was or name in stands:
            free = tuple(alias for alias in each.aliases if key_of(alias) not in claimed)
            if key_of(name) not in claimed:
                kept.append(replace(each, aliases=free))
    return (*kept, *by_hand.values())


def _same(one: Character | None, other: Character) -> bool:
    return one is not None and replace(one, n_mentions=0) == replace(other, n_mentions=0)


def differences(old: Learnt, new: Learnt) -> tuple[str, ...]:
    """What is different, one thing a line: `+ The Dodo, male, 12 mentions`."""
    return (
        *_between_characters(old.characters, new.characters),
        *_between("abbreviation", old.abbreviations, new.abbreviations),
        *_between("pair that holds together", map(" ".join, old.collocations), map(" ".join, new.collocations)),
        *_between("sentence starter", old.sentence_starters, new.sentence_starters),
        *_between("quotation mark", old.quotes, new.quotes),
    )


def _between_characters(old: Sequence[Character], new: Sequence[Character]) -> Iterator[str]:
    before, after = ({each.name: each for each in some} for some in (old, new))
    for name, each in after.items():
        if name not in before:
            also = f", also {', '.join(each.aliases)}" if each.aliases else ""
            yield f"+ {name}, {each.gender}, {each.n_mentions} mentions{also}"
        elif changes := "; ".join(_changes(before[name], each)):
            yield f"~ {name}: {changes}"
    yield from (f"- {name}" for name in before if name not in after)


def _changes(old: Character, new: Character) -> Iterator[str]:
    if old.gender is not new.gender:
        yield f"{old.gender} → {new.gender}"
    if more := [alias for alias in new.aliases if alias not in old.aliases]:
        yield f"also {', '.join(more)}"
    if less := [alias for alias in old.aliases if alias not in new.aliases]:
        yield f"no longer {', '.join(less)}"


def _between(what: str, old: Iterator[str] | Sequence[str], new: Iterator[str] | Sequence[str]) -> Iterator[str]:
    before, after = tuple(old), tuple(new)
    yield from (f"+ {what} “{each}”" for each in after if each not in before)
    yield from (f"- {what} “{each}”" for each in before if each not in after)
