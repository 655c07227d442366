"""English text as phonemes, cut into pieces that a small model speaks well in one go. Shared by Kokoro and hibari.

The pronunciation (misaki's alphabet, 114 symbols) is hibari's; both models were trained on it.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from narrator.audio.edit import samples_in, silence, speech_bounds
from narrator.domain import Samples
from narrator.engines.weights import package_folder

INSTALL = "pip install hibari-tts==0.2.1"

GAP_S = 0.2
"""Silence between the pieces of one line: they are cut at the end of a sentence or a clause where there is one."""
MARGIN_S = 0.03
"""Kept of a piece before and after its speech where it is joined to another."""

_MARKUP = re.compile(r"[<>\[\]{}*_#|\\^~]")
"""Symbols that the pronouncer would spell out, or take for instructions: `[word](/phonemes/)`."""

_CUTS = tuple(re.compile(mark) for mark in (r"[.!?…]+[”\"]*\s", r"[;:,—]+[”\"]*\s|—", r"\s"))
"""Where a line may be cut: after a sentence, after a clause, after a word; the first kind that is found wins."""

_SAID = re.compile(r"[$£€¥₹₩]\s?(?=\d)|[$£€](?=\.\d)|(?<![^\W\d_])[μνπρτφψΠΦΨ](?![^\W\d_])")
"""Signs of money before their figures, and the letters of Greek that are called by their right names when alone."""


class Pronouncer:
    """Says how English is pronounced, in America or Britain. A dialect's dictionary takes a second when first asked.

    Raises:
        MissingError: hibari is not installed.
    """

    def __init__(self) -> None:
        vocabulary = package_folder("hibari", install=INSTALL) / "assets" / "vocab.json"
        self._symbols: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))
        self._g2p: dict[bool, Any] = {}

    def ids(self, piece: str) -> list[int]:
        """The models' numbers of a piece's symbols, without those that say where it begins and ends."""
        return [self._symbols[symbol] for symbol in piece if symbol in self._symbols]

    def pieces(self, text: str, *, british: bool, limit: int) -> tuple[str, ...]:
        """Phonemes of a line in pieces of at most `limit` symbols; none where there is nothing to say.

        A new line of the text begins a new piece: verse.
        """
        phonemes = (self._phonemes(row, british=british) for row in text.splitlines())
        return tuple(piece for row in phonemes for piece in cut(row, limit) if self._is_speech(piece))

    def _is_speech(self, piece: str) -> bool:
        return any(symbol.isalpha() and symbol in self._symbols for symbol in piece)

    def _phonemes(self, text: str, *, british: bool) -> str:
        # Normalised whole and never split into sentences before: in “No. 42 is here.” only the second stop ends one.
        from hibari.g2p.normalize import normalize  # noqa: PLC0415 - hibari is not loaded to ask what an engine can do

        said: str = self._dialect(british=british)(normalize(_MARKUP.sub(" ", text)), normalize_text=False)
        return said

    def _dialect(self, *, british: bool) -> Any:
        if british not in self._g2p:
            from hibari.g2p import G2P  # noqa: PLC0415 - as above

            self._g2p[british] = G2P(british=british)
        return self._g2p[british]


def unspoken(text: str) -> str:
    """What hibari's pronouncer leaves out or garbles: letters that are not Latin, and money without figures behind it.

    Figures of any script are read. Marks and modifier letters go with their letter.
    """
    return "".join(char for char in dict.fromkeys(_SAID.sub(" ", text)) if _is_silent(char))


@cache
def _is_silent(char: str) -> bool:
    return any(_is_foreign(plain) for plain in unicodedata.normalize("NFKC", char))


def _is_foreign(char: str) -> bool:
    if unicodedata.category(char) == "Sc":
        return char != "¢"
    is_letter = char.isalpha() and unicodedata.category(char) != "Lm"
    return is_letter and not unicodedata.name(char, "").startswith("LATIN ")


def cut(phonemes: str, limit: int) -> list[str]:
    """The same phonemes in pieces of at most `limit`, halved at the best place near the middle: none is tiny."""
    phonemes = phonemes.strip()
    if len(phonemes) <= limit:
        return [phonemes]
    at = _best_cut(phonemes)
    return [*cut(phonemes[:at], limit), *cut(phonemes[at:], limit)]


def _best_cut(phonemes: str) -> int:
    middle = len(phonemes) // 2
    for mark in _CUTS:
        ends = [found.end() for found in mark.finditer(phonemes) if abs(found.end() - middle) <= middle // 2]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    return middle


def joined(pieces: Iterable[Samples], rate_hz: int) -> Samples:
    """One line's pieces as one recording; a single piece as it is, none as zero samples."""
    takes = list(pieces)
    if len(takes) < 2:
        return takes[0] if takes else silence(0)
    margin, gap = samples_in(MARGIN_S, rate_hz), silence(samples_in(GAP_S, rate_hz))
    parts: list[Samples] = []
    for take in takes:
        start, end = speech_bounds(take, rate_hz)
        parts += [take[max(0, start - margin) : end + margin], gap]
    return np.concatenate(parts[:-1])
