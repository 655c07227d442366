"""The author's own pronunciations: words of the lexicon are said as it tells, before any other rule."""

import re
from collections.abc import Sequence

from narrator.domain import Change, LexiconEntry
from narrator.errors import ProjectError

_FIRST_SLOT = 0xE100
"""Private-use characters stand for what the lexicon has settled, so that no later rule touches it."""
_N_SLOTS = 0x1700


class Lexicon:
    """Entries made ready.

    Raises:
        ProjectError: An entry's regular expression is not one.
    """

    def __init__(self, entries: Sequence[LexiconEntry]) -> None:
        self._entries = tuple((entry, _pattern(entry)) for entry in entries if entry.match)

    def hide(self, text: str, voice: str) -> tuple[str, tuple[Change, ...]]:
        """A line with its lexicon words replaced by slots, one private-use character each, and what each slot says."""
        changes: list[Change] = []
        for entry, pattern in self._entries:
            if entry.voices and voice not in entry.voices:
                continue
            text = pattern.sub(lambda m, e=entry: _slot(m, e, changes), text)  # type: ignore[misc]
        return text, tuple(changes)


def show(text: str, changes: Sequence[Change]) -> str:
    """The slots filled with what the lexicon says."""
    return re.sub(r"[\ue100-\uf7ff]", lambda m: changes[ord(m[0]) - _FIRST_SLOT].spoken, text) if changes else text


def _slot(match: re.Match[str], entry: LexiconEntry, changes: list[Change]) -> str:
    if not match[0] or len(changes) >= _N_SLOTS or re.search(r"[\ue100-\uf7ff]", match[0]):
        return match[0]
    said = match.expand(entry.say) if entry.regex else entry.say
    changes.append(Change(rule="lexicon", printed=match[0], spoken=said))
    return chr(_FIRST_SLOT + len(changes) - 1)


def _pattern(entry: LexiconEntry) -> re.Pattern[str]:
    """Whole words; an entry in lower case holds for any case, one with capitals for that spelling only."""
    try:
        if entry.regex:
            return re.compile(entry.match)
        flags = re.IGNORECASE if entry.match == entry.match.lower() else re.NOFLAG
        words = r"\s+".join(re.escape(w).replace("'", "['’]") for w in entry.match.split())
        return re.compile(rf"(?<!\w){words}(?!\w)", flags)
    except re.error as error:
        raise ProjectError(
            f"lexicon: `{entry.match}` is not a regular expression: {error}",
            hint="Mend the pattern, or leave out `regex: true` to match the words as they stand.",
        ) from error
