"""YAML text → a tree of values that know where they stand.

Strict on purpose. Scalars are those of the YAML 1.2 core schema: `no`, `1:30` and `2026-03-01` are text. Equal keys,
aliases, tags, more than 50 levels and more than one document are refused. Keys are always text, as written.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from narrator.errors import ProjectError

MAX_LEVELS = 50
"""Far deeper than any file of ours, far shallower than the interpreter's stack."""

Scalar: TypeAlias = str | int | float | bool | None

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")  # no octal: 012 is text; no more than 18 digits: fits 64 bits
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_PLAINLY = (
    # what PyYAML says, what we say, what to do
    (
        "mapping values are not allowed",
        "a colon stands where none can be",
        "Put text that contains `: ` in quotes, or look for a colon missing in the line above.",
    ),
    ("character '\\t'", "the line begins with a tab", "Indent with spaces."),
    ("cannot start any token", "text cannot start with this character", "Put it in quotes."),
    ("expected ':'", "this line has no colon after its key", "Write `key: value`."),
    ("<block", "this line's indentation fits nothing above it", "Keys of one mapping start in the same column."),
    ("expected ','", "a bracket is opened here and not closed", "Close it, or put a comma between the items."),
    ("end of stream", "a quotation mark is opened here and not closed", "Close it."),
    ("document separator", "a quotation mark is opened here and not closed", "Close it."),
    ("escape character", "unknown escape after a backslash", "Double the backslash, or use single quotes."),
    ("another document", "a second document begins here", "Take the line `---` out."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in a text file; both count from 1."""

    line: int
    column: int
    file: Path | None = None
    """In which file, where a document is put together from several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value and where it is written."""

    value: "Scalar | tuple[Node, ...] | Mapping[str, Node]"
    mark: Mark
    key: Mark | None = None
    """Where its key is written, for a value in a mapping."""
    raw: str = ""
    """A scalar as it is written, without quotes."""

    def child(self, key: str | int) -> "Node | None":
        """The value under a key or at an index; None if there is none."""
        if isinstance(self.value, Mapping):
            return self.value.get(str(key)) if isinstance(key, str) else None
        if isinstance(self.value, tuple) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None

    def plain(self) -> Any:
        """The value as JSON would hold it."""
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value


def parse(text: str, name: str) -> Node:
    """Read a YAML document.

    Args:
        text: The whole file.
        name: The file as a person knows it, for messages.

    Raises:
        ProjectError: With line and column.
    """
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return Node(value=None, mark=Mark(line=1, column=1))
        return _node(root)
    except yaml.reader.ReaderError as error:
        raise _unreadable(text, name, error) from error
    except yaml.MarkedYAMLError as error:
        raise _syntax(name, error) from error
    except (ValueError, OverflowError) as error:  # PyYAML's own: an escape beyond Unicode, a version number too long
        line = loader.line + 1 if loader else 1
        raise ProjectError(
            f"{name}:{line}:1: a number or an escape sequence here is impossible",
            hint="Inside double quotes a backslash must be doubled; or use single quotes.",
        ) from error


class _Loader(yaml.BaseLoader):
    """Composes nodes and never builds objects."""

    _level = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _refused("text that starts with `*` must stand in quotes (aliases are not used here)", event)
        if getattr(event, "tag", None) is not None:
            raise _refused("text that starts with `!` must stand in quotes (tags are not used here)", event)
        if self._level >= MAX_LEVELS:
            raise _refused(f"more than {MAX_LEVELS} levels inside one another", event)
        self._level += 1
        node = super().compose_node(parent, index)
        self._level -= 1
        return node


def _refused(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _node(node: yaml.Node, key: Mark | None = None) -> Node:
    mark = Mark(line=node.start_mark.line + 1, column=node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        return Node(value=_entries(node), mark=mark, key=key)
    if isinstance(node, yaml.SequenceNode):
        return Node(value=tuple(_node(item) for item in node.value), mark=mark, key=key)
    raw: str = node.value
    if any("\ud800" <= character <= "\udfff" for character in raw):
        raise _refused("half a character: a surrogate cannot stand alone", node)
    return Node(value=raw if getattr(node, "style", None) else scalar_of(raw), mark=mark, key=key, raw=raw)


def _entries(node: yaml.MappingNode) -> Mapping[str, Node]:
    entries: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _refused("a key must be text", key)
        name = _node(key).raw
        mark = Mark(line=key.start_mark.line + 1, column=key.start_mark.column + 1)
        first = entries.get(name)
        if first is not None and first.key is not None:
            raise _refused(f"key {name!r} stands here for the second time; the first is in line {first.key.line}", key)
        entries[name] = _node(value, mark)
    return entries


def scalar_of(raw: str) -> Scalar:
    """What a scalar without quotes means."""
    if raw in _WORDS:
        return _WORDS[raw]
    if _INT.fullmatch(raw):
        return int(raw)
    if _FLOAT.fullmatch(raw) and not _LEADING_ZERO.fullmatch(raw) and math.isfinite(number := float(raw)):
        return number
    return raw


def _syntax(name: str, error: yaml.MarkedYAMLError) -> ProjectError:
    said = error.problem or "this is not YAML"
    problem, hint = next(((ours, hint) for theirs, ours, hint in _PLAINLY if theirs in said), (said, ""))
    # Where a thing was opened helps more than where the file ends.
    mark = error.context_mark if "opened here" in problem and error.context_mark else error.problem_mark
    where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark is not None else name
    return ProjectError(f"{where}: {problem}", hint=hint)


def _unreadable(text: str, name: str, error: yaml.reader.ReaderError) -> ProjectError:
    before = text[: error.position]
    line, column = before.count("\n") + 1, error.position - before.rfind("\n")
    return ProjectError(
        f"{name}:{line}:{column}: the invisible character U+{ord(text[error.position]):04X} is not allowed here",
        hint="Delete it, or write it as an escape inside double quotes.",
    )
