"""The YAML block at the head of a Markdown file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

from narrator.errors import BookError

_BLOCK: Final = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY: Final = re.compile(r"\s*(?:#.*\n\s*)*[A-Za-z][\w-]*[ \t]*:(?:\s|$)")
_MAX: Final = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What a file says about itself before it begins."""

    end: int = 0
    """First character after it."""
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Lower-case key → its value, or each value of its list."""

    def first(self, *keys: str) -> str:
        """The first value of the first of these keys that has one; empty if none has."""
        return next((v for key in keys for v in self.facts.get(key, ()) if v), "")

    def all(self, *keys: str) -> tuple[str, ...]:
        """All values of the first of these keys that has one."""
        return next((v for key in keys if (v := self.facts.get(key, ()))), ())


def front_matter(source: str, name: str) -> FrontMatter:
    """Read the front matter of a file; a `---` that no `key:` follows is a scene break, not front matter.

    Raises:
        BookError: It is not YAML.
    """
    block = _BLOCK.match(source)
    if block is None or not _KEY.match(block[1]) or len(block[1]) > _MAX:
        return FrontMatter()
    try:
        loaded = yaml.load(block[1], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise BookError(f"{name}:{line}: the front matter is not YAML.", hint="Mend it, or remove it.") from error
    if not isinstance(loaded, dict):
        return FrontMatter()
    facts = {str(key).lower(): tuple(_values(value)) for key, value in loaded.items()}
    return FrontMatter(end=block.end(), facts=facts)


def _values(value: object) -> list[str]:
    """A value as plain strings; of a mapping its `name` or `text`, as Pandoc writes authors and titles."""
    values = value if isinstance(value, list) else [value]
    named = [v.get("name") or v.get("text") or "" if isinstance(v, dict) else v for v in values]
    return [" ".join(v.split()) for v in named if isinstance(v, str)]
