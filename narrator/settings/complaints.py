"""What pydantic found wrong → one line each, in the words of the file, with line and column.

pydantic names a place by keys and, where a value may be of several kinds, by the kind it tried. The keys lead to the
node; of the kinds, only those that the value could have meant are worth a word.
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic_core import ErrorDetails

from narrator.settings.spelling import did_you_mean
from narrator.settings.tree import Mark, Node, scalar_of

Keys: TypeAlias = tuple[str | int, ...]

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dataclass_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
}
_TRUTHS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_BRANCHES = {"int": "a number", "float": "a number", "bool": "true or false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A pydantic error brought back to the file."""

    error: ErrorDetails
    keys: Keys
    node: Node
    branches: tuple[tuple[Keys, str], ...]
    """Where the value may be of several kinds: the place and the kind tried."""


def complaints(errors: Sequence[ErrorDetails], tree: Node, schema: Any) -> list[tuple[Mark, str]]:
    """Everything that is wrong with a document, in the order of its lines."""
    found = [_locate(error, tree) for error in errors]
    unions = {keys for each in found for keys, _ in each.branches}
    lost = {keys for keys in unions if not any(_meant(each, keys, tree) for each in found)}
    told = [_tell(each, schema) for each in found if _fits(each, tree) and not _under(each.keys, lost)]
    for keys in lost:
        if not _under(keys[:-1], lost):
            kinds = [kind for each in found for place, kind in each.branches if place == keys]
            node = _descend(tree, keys)
            told.append((node.mark, f"{spell(keys)} {_wanted(_either(kinds), node)}"))
    return sorted(set(told), key=lambda each: (str(each[0].file or ""), each[0].line, each[0].column, each[1]))


def spell(keys: Keys) -> str:
    """A place in a document as people say it: `voices.narrator`, `outputs[0].format`, `entry 1.word`."""
    if keys and isinstance(keys[0], int):
        return f"entry {keys[0] + 1}{'.' if keys[1:] else ''}{spell(keys[1:])}"
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")


def _locate(error: ErrorDetails, tree: Node) -> _Found:
    node = tree
    keys: Keys = ()
    branches: list[tuple[Keys, str]] = []
    location = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
    for step in location:
        child = node.child(step)
        if child is None:
            branches.append((keys, str(step)))
        else:
            node, keys = child, (*keys, step)
    return _Found(error=error, keys=keys, node=node, branches=tuple(branches))


def _descend(tree: Node, keys: Keys) -> Node:
    node = tree
    for key in keys:
        node = node.child(key) or node
    return node


def _under(keys: Keys, places: set[Keys]) -> bool:
    return any(keys[: len(place)] == place for place in places)


def _is_mapping_branch(kind: str) -> bool:
    return kind.startswith("dict[") or (kind.isidentifier() and kind[0].isupper())


def _fits(found: _Found, tree: Node) -> bool:
    """Every kind tried on the way is one that the value, by its shape, could have meant."""
    return all(_shape_fits(kind, _descend(tree, keys)) for keys, kind in found.branches)


def _shape_fits(kind: str, node: Node) -> bool:
    if isinstance(node.value, Mapping):
        return _is_mapping_branch(kind)
    return not isinstance(node.value, tuple) and not _is_mapping_branch(kind)


def _meant(found: _Found, keys: Keys, tree: Node) -> bool:
    """The error is of a kind that the union at `keys` could have meant, and says more than that it is not that kind."""
    kinds = [kind for place, kind in found.branches if place == keys]
    if not kinds or not _shape_fits(kinds[0], _descend(tree, keys)):
        return False
    return found.keys != keys or found.error["type"] not in _WANTED


def _either(kinds: Sequence[str]) -> str:
    if "RoleOptions" in kinds:
        return "the name of a voice or a mapping such as {voice: NAME}"
    if any(kind.startswith("dict[") for kind in kinds):
        return "a mapping or the name of a file"
    return " or ".join(dict.fromkeys(_BRANCHES.get(kind, "text") for kind in kinds))


def _shown(node: Node) -> str:
    if isinstance(node.value, Mapping):
        return "a mapping"
    if isinstance(node.value, tuple):
        return "a list"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, str):
        return f"'{node.value if len(node.value) <= 40 else node.value[:39] + '…'}'"
    return node.raw


def _tell(found: _Found, schema: Any) -> tuple[Mark, str]:
    kind, node, place = found.error["type"], found.node, spell(found.keys)
    last = found.error["loc"][-1] if found.error["loc"] else ""
    if kind == "unexpected_keyword_argument":
        return node.key or node.mark, _unknown_key(found.keys, schema)
    if kind == "missing" and isinstance(last, str):
        return node.key or node.mark, f"key '{last}' is missing{f' in {place}' if place else ''}"
    if kind in {"literal_error", "enum"}:
        words = _not_one_of(found)
    elif kind in _WANTED:
        words = _wrong_type(found, schema)
    elif kind == "value_error":
        words = f"is {_shown(node)}: {found.error['ctx']['error']}"
    else:
        words = _out_of_range(found, schema)
    return node.mark, f"{place or 'the file'} {words}"


def _unknown_key(keys: Keys, schema: Any) -> str:
    known = sorted({field for kind in _kinds_at(schema, keys[:-1]) for field in _fields(kind)})
    inside = f" in {spell(keys[:-1])}" if keys[:-1] else ""
    advice = did_you_mean(str(keys[-1]), known) or f"; known keys: {', '.join(known)}"
    return f"unknown key '{keys[-1]}'{inside}{advice}"


def _not_one_of(found: _Found) -> str:
    known = re.findall(r"'([^']*)'", found.error["ctx"]["expected"]) or [found.error["ctx"]["expected"]]
    listed = " or ".join([", ".join(known[:-1]), known[-1]] if known[1:] else known)
    advice = _requote(found.node) if found.node.raw in known else did_you_mean(found.node.raw, known)
    return f"must be {listed}, not {_shown(found.node)}{advice}"


def _requote(node: Node) -> str:
    return "; take the quotes off" if isinstance(node.value, str) else f'; put it in quotes: "{node.raw}"'


def _wrong_type(found: _Found, schema: Any) -> str:
    kind, node = found.error["type"], found.node
    wanted = _WANTED[kind]
    if kind == "dataclass_type":
        known = [field for inner in _kinds_at(schema, found.keys) for field in _fields(inner)]
        wanted += f" with keys such as {', '.join(known[:4])}"
    is_scalar = node.value is not None and not isinstance(node.value, Mapping | tuple)
    return _wanted(wanted, node) + (_advice(kind, node) if is_scalar else "")


def _advice(kind: str, node: Node) -> str:
    """How to write this scalar, when it is nearly right."""
    if kind == "string_type":
        return _requote(node)
    if kind == "tuple_type":
        return f"; write [{node.raw}]"
    if kind == "bool_type" and node.raw.casefold() in _TRUTHS:
        return f"; write {_TRUTHS[node.raw.casefold()]}"
    if kind in {"int_type", "float_type"} and isinstance(node.value, str):
        return _requote(node) if isinstance(scalar_of(node.raw), int | float) else ""
    return ""


def _wanted(wanted: str, node: Node) -> str:
    if node.value is None:
        return f"is empty; give it {wanted}, or take the line out"
    return f"must be {wanted}, not {_shown(node)}"


def _out_of_range(found: _Found, schema: Any) -> str:
    if found.error["type"] == "string_too_short":
        return "is empty"
    if found.error["type"] in {"missing", "too_long"}:
        return f"must be a list of {max(len(get_args(kind)) for kind in _kinds_at(schema, found.keys))}"
    context = found.error.get("ctx", {})
    for key, words in (("ge", "at least"), ("le", "at most")):
        if key in context:
            return f"must be {words} {context[key]:g}, not {_shown(found.node)}"
    return f"cannot be {_shown(found.node)}"


def _kinds_at(schema: Any, keys: Keys) -> list[Any]:
    """The types that the schema allows at a place; a union has several."""
    kinds = _members(schema)
    for key in keys:
        kinds = [inner for kind in kinds for inner in _inside(kind, key)]
    return kinds


def _members(kind: Any) -> list[Any]:
    if get_origin(kind) in {Union, UnionType}:
        return [inner for member in get_args(kind) for inner in _members(member)]
    return [kind]


def _inside(kind: Any, key: str | int) -> list[Any]:
    if dataclasses.is_dataclass(kind):
        return _members(_fields(kind)[key]) if isinstance(key, str) and key in _fields(kind) else []
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return _members(arguments[1])
    return _members(arguments[0]) if get_origin(kind) is tuple else []


def _fields(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind) if dataclasses.is_dataclass(kind) else {}
