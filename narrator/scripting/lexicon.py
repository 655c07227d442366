"""The author's own pronunciations: words of the lexicon are said as it tells, before any other rule."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrator.domain import Change, LexiconEntry

_SLOTS = range(0xE100, 0xF800)
"""Private-use characters stand for what the lexicon has settled, so that no later rule touches it."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A line whose lexicon words are slots, one character each that the line itself does not hold."""

    text: str
    slots: str
    """Every slot once, in the order of `changes`."""
    changes: tuple[Change, ...]
    """What each slot says."""

    def show(self, spoken: str) -> str:
        """The line's spoken form, its slots filled with what the lexicon says."""
        said = {ord(slot): change.spoken for slot, change in zip(self.slots, self.changes, strict=True)}
        return spoken.translate(said)


class Lexicon:
    """Entries made ready."""

    def __init__(self, entries: Sequence[LexiconEntry]) -> None:
        self._entries = tuple((entry, _pattern(entry)) for entry in entries if entry.match)

    def hide(self, text: str, voice: str) -> Hidden:
        """A line in which this voice's lexicon words are hidden from the other rules."""
        free = (chr(code) for code in _SLOTS if chr(code) not in text)
        settled: dict[str, Change] = {}
        hidden = text
        for entry, pattern in self._entries:
            if not entry.voices or voice in entry.voices:
                hidden = pattern.sub(lambda m, e=entry: _slot(m, e, settled, free), hidden)  # type: ignore[misc]
        return Hidden(hidden, "".join(settled), tuple(settled.values()))


def _slot(match: re.Match[str], entry: LexiconEntry, settled: dict[str, Change], free: Iterator[str]) -> str:
    if not match[0] or not settled.keys().isdisjoint(match[0]):
        return match[0]
    slot = next(free, "")
    if not slot:
        return match[0]
    said = match.expand(entry.say) if entry.regex else entry.say
    settled[slot] = Change(rule="lexicon", printed=match[0], spoken=said)
    return slot


def _pattern(entry: LexiconEntry) -> re.Pattern[str]:
    """Whole words; an entry in lower case holds for any case, one with capitals for that spelling only."""
    if entry.regex:
        return re.compile(entry.match)
    flags = re.IGNORECASE if entry.match == entry.match.lower() else re.NOFLAG
    words = r"\s+".join(re.escape(w).replace("'", "['’]") for w in entry.match.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", flags)
