"""Kokoro's 28 English voices and their mixes: `bf_emma`, `0.6*af_heart+0.4*bf_emma`.

A voice is a table of styles, one row for each length of line; a weighted sum of tables is a new voice between its
parents. The tables lie beside this file (`voices/NOTICE`), each as a mean and factors of rank 8 in half precision.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from narrator.errors import ProjectError
from narrator.settings.spelling import did_you_mean

EXAMPLE = "Write a mix as 0.6*af_heart+0.4*bf_emma."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Voices and how much of each: weights are positive and make 1 together."""

    terms: tuple[tuple[str, float], ...]
    """By name, each voice once."""

    @property
    def spelt(self) -> str:
        """The one way to write this mix: equal mixes are spelt equally."""
        if len(self.terms) == 1:
            return self.terms[0][0]
        return "+".join(f"{weight:g}*{name}" for name, weight in self.terms)

    @property
    def british(self) -> bool:
        """Whether most of it is: then it speaks British English."""
        return sum(weight for name, weight in self.terms if name.startswith("b")) > 0.5

    @property
    def digest(self) -> str:
        """Of the stored tables it is made from: the same on every machine."""
        stored = [part.tobytes() for name, _ in self.terms for part in _tables()[name]]
        return hashlib.sha256(b"".join(stored)).hexdigest()[:12]

    @property
    def styles(self) -> NDArray[np.float32]:
        """Shape [510, 256]: the row for n symbols is n - 1."""
        weighted = [np.float32(weight) * _table(name) for name, weight in self.terms]
        styles: NDArray[np.float32] = np.stack(weighted).sum(axis=0)
        return styles


def parse(text: str) -> Mix:
    """Read `bf_emma` or `2*af_heart + bf_emma`: weights are shares of their sum, and 1 when not given.

    Raises:
        ProjectError: A voice is unknown, or a weight is not a positive number.
    """
    shares: dict[str, float] = defaultdict(float)
    for term in text.split("+"):
        name, share = _term(term, text)
        shares[name] += share
    parts = _thousandths(shares)
    if lost := [name for name, part in parts.items() if not part]:
        raise ProjectError(f"the weight of {lost[0]} is less than a thousandth (in {text!r})", hint="Leave it out.")
    return Mix(terms=tuple((name, part / 1000) for name, part in sorted(parts.items())))


def names() -> tuple[str, ...]:
    """The 28 voices: `a` American or `b` British, `f` female or `m` male."""
    return tuple(_tables())


def _thousandths(shares: dict[str, float]) -> dict[str, int]:
    """Shares as whole thousandths that make exactly 1000, so that a spelt mix is read as itself."""
    unit = 1000 / sum(shares.values())
    whole = {name: int(share * unit + 1e-6) for name, share in shares.items()}
    by_rest = sorted(shares, key=lambda name: (whole[name] - shares[name] * unit, name))
    for name in by_rest[: 1000 - sum(whole.values())]:
        whole[name] += 1
    return whole


def _term(term: str, text: str) -> tuple[str, float]:
    weight, star, name = (part.strip() for part in term.rpartition("*"))
    if not name:
        raise ProjectError(f"a voice is missing in the mix {text!r}", hint=EXAMPLE)
    if name not in names():
        message = f"Kokoro has no voice {name!r} (in {text!r}){did_you_mean(name, names())}"
        raise ProjectError(message, hint=f"Its voices: {', '.join(names())}.")
    share = _number(weight) if star else 1.0
    if not 0 < share < float("inf"):
        raise ProjectError(f"the weight of {name} is {weight!r}, not a positive number (in {text!r})", hint=EXAMPLE)
    return name, share


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


@cache
def _tables() -> dict[str, tuple[NDArray[np.float16], ...]]:
    """Each voice's factors [510, 8] and [8, 256] and mean [256], as stored."""
    with (files("narrator.engines") / "voices" / "kokoro_voices_en.npz").open("rb") as file, np.load(file) as stored:
        found = sorted(name.removesuffix(".a") for name in stored.files if name.endswith(".a"))
        return {name: tuple(stored[f"{name}.{part}"] for part in "abm") for name in found}


def _table(name: str) -> NDArray[np.float32]:
    factor, base, mean = (part.astype(np.float32) for part in _tables()[name])
    table: NDArray[np.float32] = factor @ base + mean
    return table
