"""A YAML file → checked options that know where they are written."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from narrator.errors import ProjectError
from narrator.settings.spelling import visible
from narrator.settings.tree import Mark, Node, parse

MAX_BYTES = 1 << 20
"""A project file is written by hand; a megabyte is a mistake."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Generic[T]):
    """What a file says, and where it says it."""

    path: Path
    """As the person gave it."""
    value: T
    tree: Node = field(repr=False)

    def where(self, *keys: str | int) -> str:
        """`project.yaml:5:3`: where a value is written, or the nearest thing around it that is."""
        node = self.tree
        for key in keys:
            child = node.child(key)
            if child is None:
                break
            node = child
        inline = not isinstance(node.value, tuple | dict)
        return _place(self.path, node.mark if inline else node.key or node.mark)

    def beside(self, *keys: str | int) -> Path | None:
        """The folder of the file that wrote a value, where that is not this document's own: a series'."""
        node: Node | None = self.tree
        for key in keys:
            node = node.child(key) if node else None
        return node.mark.file.parent if node and node.mark.file else None


def load(path: Path, schema: type[T], *, empty: T | None = None) -> Document[T]:
    """Read a file and check it against a schema.

    Args:
        path: The file, as messages shall name it.
        schema: A dataclass that refuses unknown keys, or a tuple or dict of such.
        empty: What a file that holds nothing says; without it, that is an error.

    Raises:
        ProjectError: Not there, not text, not YAML; or everything that does not fit the schema, one line each.
    """
    return checked(path, parse(read_text(path), str(path)), schema, empty=empty)


def checked(path: Path, tree: Node, schema: type[T], *, empty: T | None = None) -> Document[T]:
    """Check a tree against a schema; see `load`.

    Raises:
        ProjectError: Everything that does not fit the schema, one line each.
    """
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - slow to import, and `narrate --help` reads no file

    from narrator.settings.complaints import complaints  # noqa: PLC0415 - needs pydantic too

    if tree.value is None:
        if empty is not None:
            return Document(path=path, value=empty, tree=tree)
        raise ProjectError(f"{path}: the file is empty", hint="`narrate new BOOK` writes a project to start from.")
    try:
        # Strict as JSON is: no text for a number, no number for a truth value, but lists for tuples.
        value = TypeAdapter(schema).validate_json(json.dumps(tree.plain()), strict=True)
    except ValidationError as error:
        found = complaints(error.errors(include_url=False), tree, schema)
        raise ProjectError("\n".join(f"{_place(path, mark)}: {visible(what)}" for mark, what in found)) from error
    return Document(path=path, value=value, tree=tree)


def read_text(path: Path) -> str:
    """The text of a small UTF-8 file of the project.

    Raises:
        ProjectError: Not there, not a file, too large, not UTF-8.
    """
    try:
        if not path.is_file():
            raise _not_a_file(path)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ProjectError(
            f"{path}: cannot be read ({error.strerror})", hint="Check the file's permissions."
        ) from error
    if len(data) > MAX_BYTES:
        raise ProjectError(f"{path}: larger than 1 MiB", hint="This is not a file of a project; name another one.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise ProjectError(
            f"{path}:{line}:{column}: not UTF-8 text", hint="Save the file as UTF-8 in your editor."
        ) from error


def _not_a_file(path: Path) -> ProjectError:
    if path.is_dir():
        return ProjectError(f"{path}: a folder, not a file", hint="Name the file in it, such as project.yaml.")
    if path.exists():
        return ProjectError(f"{path}: not a regular file", hint="Name a text file.")
    return ProjectError(f"{path}: no such file", hint="Check the spelling and the folder.")


def _place(path: Path, mark: Mark) -> str:
    return f"{mark.file or path}:{mark.line}:{mark.column}"
