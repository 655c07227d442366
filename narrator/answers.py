"""Answers that take seconds to work out, kept as JSON: asked again, they are a file away.

    answers/<name>-<key>  on the first line the SHA-256 of the rest; then the answer

The key is the SHA-256 of everything that the answer follows from, with narrator's own files and the installed packages
among it: so no answer of other code, and none to another question, is ever found. Derived things: any file may be
deleted at any time, one that is damaged is made again, and only the last few are kept. A refusal is never kept.
"""

import hashlib
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import GenericAlias
from typing import Any, Final, TypeVar

from pydantic import ConfigDict, TypeAdapter
from pydantic_core import to_json

from narrator import files
from narrator.errors import DiskFullError

KEPT: Final = 3
"""Answers of each name: a build, its draft, and one to go back to. Those of Moby-Dick have 7 MB together."""

T = TypeVar("T")


class Answers:
    """The kept answers of one project."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str, kind: type[T], causes: Callable[[], object], make: Callable[[], T]) -> T:
        """An answer, a kept one if there is one; it is the same either way, since a new one is read back too.

        Args:
            name: Of the question.
            kind: A frozen dataclass; its type hints say how the answer is read back.
            causes: Everything that the answer follows from, as dataclasses, tuples, texts, numbers. Asked for again
                afterwards: what was made of a file that changed in between is not kept.
            make: Works the answer out. What it raises, it raises every time.
        """
        path, notation = self._path(name, causes()), _notation(kind)
        with suppress(OSError, ValueError):
            return _whole(notation, path)
        answer = notation.dump_json((make(),))
        if path == self._path(name, causes()):
            with suppress(OSError, DiskFullError):  # a folder that cannot be written, or a full disk: only slower
                self._keep(path, answer, name)
        return notation.validate_json(answer)[0]

    def _path(self, name: str, causes: object) -> Path:
        key = hashlib.sha256(to_json((_code(), name, causes), bytes_mode="base64")).hexdigest()
        return self._folder / f"{name}-{key}"

    def _keep(self, path: Path, answer: bytes, name: str) -> None:
        files.write(path, hashlib.sha256(answer).hexdigest().encode() + b"\n" + answer)
        by_age = sorted(self._folder.glob(f"{name}-*"), key=lambda each: each.stat().st_mtime_ns)
        for old in by_age[:-KEPT]:
            old.unlink(missing_ok=True)


def _whole(notation: TypeAdapter[tuple[T]], path: Path) -> T:
    """A kept answer.

    Raises:
        OSError: There is none.
        ValueError: It is damaged, or is something else.
    """
    digest, _, answer = path.read_bytes().partition(b"\n")
    if hashlib.sha256(answer).hexdigest().encode() != digest:
        raise ValueError(path)
    found = notation.validate_json(answer)[0]
    with suppress(OSError):
        path.touch()  # used last, dropped last
    return found


def _notation(kind: type[T]) -> TypeAdapter[tuple[T]]:
    """How a dataclass is written as JSON: pictures as base64. In a tuple, since a dataclass alone takes no settings."""
    written: Any = GenericAlias(tuple, (kind,))
    return TypeAdapter(written, config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))


@cache
def _code() -> str:
    """Names the code that answers: Python, every installed package, and each file of narrator by its bytes."""
    found = Path(__file__).parent
    own = sorted(path for path in found.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    contents = [(path.relative_to(found).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()) for path in own]
    packages = sorted(path.name for folder in sys.path for path in Path(folder).glob("*.dist-info"))
    return hashlib.sha256(to_json((sys.version, packages, contents))).hexdigest()
