"""learnt.yaml: what was learnt from the book once, written for people and read back exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from narrator.domain import Character, Gender, Learnt
from narrator.files import write
from narrator.settings.document import load
from narrator.settings.options import strict
from narrator.settings.writing import inline, scalar

_HEADER = """\
# What narrator learnt from this book: its abbreviations, its sentences and its characters.
# It is frozen here, so that an edit to the book changes the lines of its own paragraph and no others. Lines may be
# corrected by hand. `narrate new --refresh` learns the book anew, shows what would change, and keeps your corrections.
"""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class CharacterOptions:
    """Someone in the book."""

    name: Annotated[str, Field(min_length=1)]
    gender: Gender = Gender.UNKNOWN
    mentions: Annotated[int, Field(ge=0)] = 0
    aliases: tuple[str, ...] = ()


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class LearntOptions:
    """learnt.yaml."""

    learnt: Literal[1]
    abbreviations: tuple[str, ...] = ()
    collocations: tuple[tuple[str, str], ...] = ()
    sentence_starters: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    characters: tuple[CharacterOptions, ...] = ()


def read_learnt(path: Path) -> Learnt:
    """What was learnt.

    Raises:
        ProjectError: Everything that is wrong with the file, one line each.
    """
    options = load(path, LearntOptions).value
    return Learnt(
        abbreviations=options.abbreviations,
        collocations=options.collocations,
        sentence_starters=options.sentence_starters,
        quotes=options.quotes,
        characters=tuple(
            Character(name=each.name, aliases=each.aliases, gender=each.gender, n_mentions=each.mentions)
            for each in options.characters
        ),
    )


def write_learnt(path: Path, learnt: Learnt) -> None:
    """Write what was learnt; the same knowledge gives the same bytes."""
    write(path, learnt_yaml(learnt))


def learnt_yaml(learnt: Learnt) -> str:
    """The text of learnt.yaml: one thing a line, so that a difference is easy to read."""
    return "\n".join((
        _HEADER,
        "learnt: 1\n",
        "# Words whose full stop does not end a sentence.",
        _listed("abbreviations", map(scalar, learnt.abbreviations)),
        "# Pairs that hold together over a full stop; ##number## is any number.",
        _listed("collocations", map(inline, learnt.collocations)),
        "# Words that often begin a sentence.",
        _listed("sentence_starters", map(scalar, learnt.sentence_starters)),
        "# Marks that open speech, most used first.",
        _listed("quotes", map(scalar, learnt.quotes)),
        "# Who is in the book, how else they are called, and how often.",
        _listed("characters", map(_character, learnt.characters)),
    ))


def _listed(key: str, lines: Iterable[str]) -> str:
    items = "".join(f"- {line}\n" for line in lines)
    return f"{key}:\n{items}" if items else f"{key}: []\n"


def _character(character: Character) -> str:
    aliases = f", aliases: {inline(character.aliases)}" if character.aliases else ""
    name, gender = scalar(character.name), character.gender
    return f"{{name: {name}, gender: {gender}, mentions: {character.n_mentions}{aliases}}}"
