"""A rule of normalisation: what is printed, and what is said for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Say: TypeAlias = Callable[[re.Match[str]], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change; `say` answers None to leave the words alone."""

    name: str
    pattern: re.Pattern[str]
    say: Say
    needs: str = ""
    """A cheap test: a pattern without which no match is possible."""
