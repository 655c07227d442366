"""A cast that is given from outside, as JSON: a list of objects with `name`, `aliases`, `gender` and `nominals`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from narrator.domain import Character, Gender
from narrator.errors import UsageError

_GENDERS: Final = {"f": Gender.FEMALE, "female": Gender.FEMALE, "m": Gender.MALE, "male": Gender.MALE}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """One of the cast; other keys say nothing to us."""

    name: str
    aliases: tuple[str, ...] | None = None
    gender: str | None = None
    nominals: tuple[str, ...] | None = None
    """What else they are called that is no name: `the nurse`."""


def read_characters(path: Path) -> tuple[Character, ...]:
    """The characters of a JSON file.

    Raises:
        UsageError: There is no such file, or it is no such list.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file", hint="Name a JSON list of characters.")
    try:
        known = TypeAdapter(tuple[_Known, ...]).validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(
            f"{path}: {where + ': ' if where else ''}{first['msg']}",
            hint='Write it as [{"name": "Anna", "aliases": ["Miss Hart"], "gender": "F"}, …].',
        ) from error
    return tuple(
        Character(
            name=one.name,
            aliases=tuple(dict.fromkeys((*(one.aliases or ()), *(one.nominals or ())))),
            gender=_GENDERS.get((one.gender or "").casefold(), Gender.UNKNOWN),
        )
        for one in known
    )
