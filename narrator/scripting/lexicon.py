"""The author's own pronunciations: words of the lexicon are said as it tells, and no other rule touches them."""

import re
from collections.abc import Sequence

from narrator.domain import LexiconEntry
from narrator.scripting.spoken.finding import Found, Rule, find


class Lexicon:
    """Entries made ready."""

    def __init__(self, entries: Sequence[LexiconEntry]) -> None:
        self._entries = tuple((entry.voices, _rule(entry)) for entry in entries if entry.match)

    def find(self, text: str, voice: str) -> tuple[Found, ...]:
        """The words of a line that this voice says as the lexicon tells; the first entry wins."""
        rules = [rule for voices, rule in self._entries if not voices or voice in voices]
        return tuple(find(text, rules, spaced=False))


def _rule(entry: LexiconEntry) -> Rule:
    """Whole words; an entry in lower case holds for any case, one with capitals for that spelling only."""
    if entry.regex:
        return Rule("lexicon", re.compile(entry.match), lambda match: match.expand(entry.say), needs="")
    flags = re.IGNORECASE if entry.match == entry.match.lower() else re.NOFLAG
    words = r"\s+".join(re.escape(w).replace("'", "['’]") for w in entry.match.split())
    return Rule("lexicon", re.compile(rf"(?<!\w){words}(?!\w)", flags), lambda _match: entry.say, needs="")
