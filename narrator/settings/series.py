"""`extends: ../series.yaml`: a project.yaml laid over what it shares with the other books of a series.

Mappings are laid over one another key by key, and what a book says itself goes before what its series says. Three keys
have a sense of their own: lexicons are joined, the book's first; a voice that says what it is made of replaces the
series' whole, rights and all; and a role may change its voice and keep its aliases. Paths count from the file that
wrote them. Where a file lies is no cause of any take, so moving or renaming it records nothing again.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from narrator.errors import ProjectError
from narrator.settings.document import Document, checked, load, read_text
from narrator.settings.options import ProjectOptions, inside
from narrator.settings.tree import Node, parse

VOICE_KINDS: Final = frozenset({"clone", "ref_audio", "design", "preset", "kokoro", "hibari", "tone", "engine"})
"""What a voice is made of."""
_FOLDED: Final = frozenset({"narrator", "unknown"})


def load_project(path: Path) -> Document[ProjectOptions]:
    """A project.yaml, and the files that it extends.

    Raises:
        ProjectError: Not there, not YAML, extends itself; or everything that does not fit, one line each.
    """
    tree = parse(read_text(path), str(path))
    if tree.child("extends") is None:
        return load(path, ProjectOptions)
    return checked(path, _composed(tree, path, ()), ProjectOptions)


def load_own(path: Path) -> Mapping[str, Any]:
    """What a project.yaml says itself, without its series and unchecked."""
    said = parse(read_text(path), str(path)).plain()
    return said if isinstance(said, dict) else {}


def _composed(tree: Node, path: Path, below: tuple[Path, ...]) -> Node:
    """A tree over the trees that it extends; `below` are the files that led here."""
    tree = _with_cast(tree, path)
    extends = tree.child("extends")
    if extends is None:
        return tree
    name = extends.value
    where = f"{path}:{extends.mark.line}:{extends.mark.column}"
    if not isinstance(name, str) or not name.strip():
        raise ProjectError(f"{where}: extends must be the name of a file", hint="Such as `extends: ../series.yaml`.")
    base = _tidy(path.parent / name)
    chain = (*below, path.resolve())
    if base.resolve() in chain:
        raise ProjectError(f"{where}: {name} leads back to this file", hint="A series extends none of its own books.")
    if not base.is_file():
        raise ProjectError(
            f"{where}: extends names no file: {base}", hint="The path counts from the folder of the file that says it."
        )
    lower = _composed(parse(read_text(base), str(base)), base, chain)
    return _over(tree, _stamped(lower, base), ())


def _tidy(path: Path) -> Path:
    """`books/one/../series.yaml` as `books/series.yaml`, unless a link makes another file of it."""
    tidy = Path(os.path.normpath(path))
    return tidy if tidy.exists() and tidy.samefile(path) else path


def _with_cast(tree: Node, path: Path) -> Node:
    """The tree with the file that its `cast:` names in its place, so that two casts can be laid over one another."""
    cast = tree.child("cast")
    if cast is None or not isinstance(cast.value, str) or not isinstance(tree.value, Mapping):
        return tree
    try:
        file = path.parent / inside(cast.value)
    except ValueError:
        return tree  # the schema will say so
    if not file.is_file():
        raise ProjectError(
            f"{path}:{cast.mark.line}:{cast.mark.column}: cast names no file: {file}", hint="Or write the cast here."
        )
    sheet = replace(_stamped(parse(read_text(file), str(file)), file), key=cast.key)
    return replace(tree, value={**tree.value, "cast": sheet})


def _stamped(node: Node, file: Path) -> Node:
    """The tree with the file written on every mark that has none."""
    value = node.value
    if isinstance(value, Mapping):
        value = {key: _stamped(child, file) for key, child in value.items()}
    elif isinstance(value, tuple):
        value = tuple(_stamped(child, file) for child in value)
    return replace(
        node,
        value=value,
        mark=node.mark if node.mark.file else replace(node.mark, file=file),
        key=node.key if node.key is None or node.key.file else replace(node.key, file=file),
    )


def _over(upper: Node, lower: Node, keys: tuple[str, ...]) -> Node:
    """Both nodes as one; what `upper` says goes before what `lower` says."""
    if keys == ("lexicon",) and isinstance(upper.value, tuple) and isinstance(lower.value, tuple):
        return replace(upper, value=(*upper.value, *lower.value))
    if keys[:1] == ("cast",) and len(keys) == 2:
        upper, lower = (each if isinstance(each.value, Mapping) else _role(each) for each in (upper, lower))
    if not isinstance(upper.value, Mapping) or not isinstance(lower.value, Mapping):
        return upper
    if keys[:1] == ("voices",) and len(keys) == 2 and VOICE_KINDS & upper.value.keys():
        return upper
    own = {_key(key, keys): key for key in upper.value}
    merged: dict[str, Node] = {}
    for key, node in lower.value.items():
        mine = own.pop(_key(key, keys), None)
        merged[mine or key] = node if mine is None else _over(upper.value[mine], node, (*keys, key))
    return replace(upper, value={**merged, **{key: upper.value[key] for key in own.values()}})


def _key(key: str, keys: tuple[str, ...]) -> str:
    """A key as it is compared: `Narrator` is the narrator."""
    return key.casefold() if keys == ("cast",) and key.casefold() in _FOLDED else key


def _role(node: Node) -> Node:
    """`Alice: mara` as `Alice: {voice: mara}`."""
    return node if node.value is None else replace(node, value={"voice": node})
