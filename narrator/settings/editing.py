"""Adding to a YAML file that a person has written: every byte of theirs stays where it is.

Lines are put in at the place that the parser names, and the result is parsed again: it must say what the file said and
what was added, and nothing else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from narrator.errors import ProjectError
from narrator.settings.tree import Node, parse
from narrator.settings.writing import scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key and its value, with comments."""

    key: str
    value: str
    """As YAML on one line."""
    comments: tuple[str, ...] = ()
    """Lines above it, `# ` included."""
    note: str = ""
    """Behind it, `# ` included."""

    def lines(self, indent: str) -> list[str]:
        """As lines of a block mapping."""
        note = f"  {self.note}" if self.note else ""
        return [*(f"{indent}{comment}" for comment in self.comments), f"{indent}{scalar(self.key)}: {self.value}{note}"]


def with_entries(text: str, name: str, key: str, entries: Sequence[Entry], *, before: str = "") -> str:
    """A file with more entries in one of its mappings.

    Args:
        text: The file.
        name: How messages name it.
        key: Of the mapping at the top of the file; empty = the file itself. It is made where there is none.
        entries: What to add; their keys are not there yet.
        before: A key that they are put in front of, where it is there; else they come last.

    Raises:
        ProjectError: The file is not YAML, or is written in a way that nothing can be added to.
    """
    tree = parse(text, name)
    mapping = tree.child(key) if key else tree
    if mapping is None or mapping.value is None:
        edited = _with_mapping(text, mapping, key, entries)
    elif not isinstance(mapping.value, Mapping):
        raise ProjectError(f"{name}:{mapping.mark.line}: `{key}` is no mapping to add to", hint=_by_hand(entries))
    elif _offset(text, mapping) is not None:
        edited = _in_flow(text, mapping, entries, before)
    else:
        edited = _in_block(text, tree, mapping, entries, before)
    return _checked(text, edited, name, key, entries)


def with_key(text: str, name: str, key: str, old: str, entry: Entry) -> str:
    """A file in which one entry of a mapping has another key; what stands around it stays.

    Raises:
        ProjectError: As `with_entries`.
    """
    mapping = parse(text, name).child(key)
    node = mapping.child(old) if mapping else None
    if node is None or node.key is None:
        raise ProjectError(f"{name}: `{key}` has no entry {old}", hint=_by_hand([entry]))
    lines = _lines(text)
    line, column = lines[node.key.line - 1], node.key.column - 1
    end = node.mark.column - 1 if node.mark.line == node.key.line else len(line)
    lines[node.key.line - 1] = f"{line[:column]}{scalar(entry.key)}: {line[end:]}"
    edited = "".join(lines)
    expected = parse(text, name).plain()
    expected[key] = {entry.key if k == old else k: v for k, v in expected[key].items()}
    return _sound(edited, expected, name, [entry])


def _with_mapping(text: str, node: Node | None, key: str, entries: Sequence[Entry]) -> str:
    """A mapping that is not there yet, or is empty."""
    newline = _newline(text)
    if node is not None and node.key is not None:
        lines = _lines(text)
        lines.insert(node.key.line, newline.join(_block(entries, "  ")) + newline)
        return "".join(lines)
    gap = "" if not text or text.endswith(("\n", "\r")) else newline
    return text + gap + newline.join(["", f"{key}:", *_block(entries, "  "), ""])


def _in_flow(text: str, mapping: Node, entries: Sequence[Entry], before: str) -> str:
    """Into `{a: b}`, in front of a key; comments have no place there."""
    start = _offset(text, mapping)
    assert start is not None and isinstance(mapping.value, Mapping)  # noqa: PT018, S101
    told = ", ".join(f"{scalar(entry.key)}: {entry.value}" for entry in entries)
    if not mapping.value:
        return f"{text[: start + 1]}{told}{text[start + 1 :]}"
    target = mapping.child(before) or list(mapping.value.values())[-1]
    assert target.key is not None  # noqa: S101 - it stands in a mapping
    at = _at(text, target.key.line, target.key.column)
    return f"{text[:at]}{told}, {text[at:]}"


def _in_block(text: str, tree: Node, mapping: Node, entries: Sequence[Entry], before: str) -> str:
    """Among the lines of a block mapping: above the comments of the key that they come before."""
    assert isinstance(mapping.value, Mapping)  # noqa: S101 - the caller has seen to it
    lines = _lines(text)
    first = next(iter(mapping.value.values())).key
    target = mapping.child(before)
    if target is not None and target.key is not None:
        at = target.key.line - 1
    else:
        roots = [child.key.line for child in _children(tree) if child.key and child.key.line > mapping.mark.line]
        at = min(roots, default=len(lines) + 1) - 1 if mapping is not tree else len(lines)
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    newline = _newline(text)
    if at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += newline
    indent = " " * (first.column - 1 if first else 2)
    lines[at:at] = [line + newline for line in _block(entries, indent)]
    return "".join(lines)


def _children(node: Node) -> list[Node]:
    return list(node.value.values()) if isinstance(node.value, Mapping) else []


def _block(entries: Sequence[Entry], indent: str) -> list[str]:
    return [line for entry in entries for line in entry.lines(indent)]


def _offset(text: str, mapping: Node) -> int | None:
    """Where the brace of a flow mapping stands; None for a block mapping."""
    at = _at(text, mapping.mark.line, mapping.mark.column)
    return at if text[at : at + 1] == "{" else None


def _at(text: str, line: int, column: int) -> int:
    return sum(map(len, _lines(text)[: line - 1])) + column - 1


def _lines(text: str) -> list[str]:
    """Lines with their ends, as YAML counts them."""
    return re.findall(r"[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])|[^\n\r\x85\u2028\u2029]+", text)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(text: str, edited: str, name: str, key: str, entries: Sequence[Entry]) -> str:
    expected = parse(text, name).plain() or {}
    added = {entry.key: parse(entry.value, name).plain() for entry in entries}
    if key:
        expected[key] = {**(expected.get(key) or {}), **added}
    else:
        expected.update(added)
    return _sound(edited, expected, name, entries)


def _sound(edited: str, expected: Any, name: str, entries: Sequence[Entry]) -> str:
    """The edited text, if it says what it must."""
    try:
        fits = parse(edited, name).plain() == expected
    except ProjectError:
        fits = False
    if not fits:
        raise ProjectError(f"{name}: is written in a way that nothing can be added to", hint=_by_hand(entries))
    return edited


def _by_hand(entries: Sequence[Entry]) -> str:
    return "Add by hand: " + "; ".join(entry.lines("")[-1] for entry in entries)
