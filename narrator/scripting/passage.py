"""A paragraph as it is heard: its quotations, the narration between them, and who is named in either."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from narrator.domain import Gender
from narrator.scripting.languages import Language
from narrator.scripting.people import Mention, is_called
from narrator.scripting.quotations import Quote
from narrator.scripting.scene import Part

WORD: Final = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_SENTENCE_END: Final = re.compile(r"(?<!Mr)(?<!Mrs)(?<!Dr)(?<!St)[.!?…][”’\"'»]*\s+")
_TOLD: Final = re.compile(r"\b(?:to|told|asked|zu|à|a|tegen|aan)\s$")
_GLANCE: Final = 24
"""Characters looked at before a name."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph."""

    text: str
    quotes: tuple[Quote, ...]
    spoken: tuple[tuple[Mention, ...], ...]
    """Who is named inside each quotation."""
    named: tuple[Mention, ...]
    """Who is named in the narration."""
    told: tuple[str, ...]
    """Of them, who is spoken to: `said Anna to Bob`."""
    language: Language

    def gap(self, i: int) -> tuple[int, int]:
        """The narration after a quotation, up to the next; -1 = before the first."""
        start = self.quotes[i].end if i >= 0 else 0
        return start, self.quotes[i + 1].start if i + 1 < len(self.quotes) else len(self.text)

    def sentence_start(self, start: int, end: int) -> int:
        """Where the last sentence between two places begins."""
        return sentence_start(self.text, start, end)

    def beside(self, i: int) -> Iterator[tuple[str, int, int]]:
        """The sentences of narration on both sides of a quotation."""
        head, start = self.gap(i - 1)
        if self.text[head:start].strip():
            yield "before", self.sentence_start(head, start), start
        tail, end = self.gap(i)
        if self.text[tail:end].strip():
            stop = _SENTENCE_END.search(self.text, tail + 1, end)
            yield "after", tail, stop.start() if stop else end

    def between(self, i: int) -> str:
        """What lies between a quotation and the next."""
        start, end = self.gap(i)
        words = self.text[start:end].strip(" ,;—–-\n")
        if not any(c.isalpha() for c in words):
            return "with nothing between"
        if len(words) > 1 and _SENTENCE_END.search(words[:-1] + " ") is not None:
            return "with sentences between"
        return "with a sentence between" if words[0].isupper() and words[-1] in ".!?" else "with a tag between"

    def called(self, i: int) -> tuple[str, ...]:
        """Whom a quotation calls by name, in order: they are spoken to, so they do not speak."""
        quote = self.quotes[i]
        return tuple(m.name for m in self.spoken[i] if is_called(self.text, quote.start, (m.start, m.end), quote.end))

    def addressed(self, i: int) -> Gender:
        """Whether a quotation says `sir` or `madam` to somebody."""
        quote, language = self.quotes[i], self.language
        for m in WORD.finditer(self.text, quote.start, quote.end):
            word = m[0].casefold()
            polite = word in language.sirs or word in language.madams
            if polite and is_called(self.text, quote.start, m.span(), quote.end):
                return Gender.MALE if word in language.sirs else Gender.FEMALE
        return Gender.UNKNOWN

    def asks(self, i: int) -> bool:
        """Whether a quotation ends in a question."""
        quote = self.quotes[i]
        return self.text[max(quote.start, quote.end - 6) : quote.end].rstrip("”’\"'»› ").endswith("?")

    def names(self, start: int, end: int) -> Sequence[Mention]:
        """Who is named in a stretch of the narration."""
        first = bisect_left(self.named, start, key=lambda m: m.start)
        return self.named[first : bisect_left(self.named, end, lo=first, key=lambda m: m.start)]

    def part(self, mention: Mention) -> Part:
        """What somebody named in the narration is in the sentence; at its start they are most likely the subject."""
        text, start, end = self.text, mention.start, mention.end
        if text[end - 2 : end] in {"’s", "'s"} or text[end : end + 2] in {"’s", "'s"}:
            return Part.OWNER
        words = text[max(0, start - _GLANCE) : start].split()
        if words and words[-1].lower() in self.language.prepositions:
            return Part.OBLIQUE
        first = start < 3 or _SENTENCE_END.search(text, max(0, start - 4), start) is not None
        return Part.SUBJECT if first else Part.OTHER

    def references(self) -> list[tuple[int, Mention | Gender | None]]:
        """The narration's names and its he (male), she (female) and I (None), in order."""
        found: list[tuple[int, Mention | Gender | None]] = [(m.start, m) for m in self.named]
        for i in range(-1, len(self.quotes)):
            start, end = self.gap(i)
            for m in WORD.finditer(self.text, start, max(start, end)):
                found += [(m.start(), who) for who in self._meant(m[0].lower())]
        return sorted(found, key=lambda each: each[0])

    def _meant(self, word: str) -> Iterator[Gender | None]:
        if word in self.language.he:
            yield Gender.MALE
        elif word in self.language.she:
            yield Gender.FEMALE
        elif word in self.language.i:
            yield None

    def pronoun(self, start: int, end: int) -> tuple[Gender, bool]:
        """The first he or she of a stretch, and whether I stands before it."""
        for m in WORD.finditer(self.text, start, end):
            for who in self._meant(m[0].lower()):
                return (Gender.UNKNOWN, True) if who is None else (who, False)
        return Gender.UNKNOWN, False


def passage(text: str, quotes: tuple[Quote, ...], mentions: tuple[Mention, ...], language: Language) -> Passage:
    """A paragraph with its names sorted into speech and narration."""
    spoken: list[tuple[Mention, ...]] = []
    named: list[Mention] = []
    at = 0
    for quote in (*quotes, Quote(len(text) + 1, len(text) + 1)):
        first = bisect_left(mentions, quote.start, lo=at, key=lambda m: m.start)
        named += mentions[at:first]
        at = bisect_left(mentions, quote.end, lo=first, key=lambda m: m.start)
        spoken.append(mentions[first:at])
    told = tuple(m.name for m in named if _TOLD.search(text[max(0, m.start - 8) : m.start]))
    return Passage(text, quotes, tuple(spoken[:-1]), tuple(named), told, language)


def sentence_start(text: str, start: int, end: int) -> int:
    """Where the last sentence between two places of a text begins."""
    while end > start and text[end - 1].isspace():
        end -= 1
    at = start
    for m in _SENTENCE_END.finditer(text, start, end - 1):
        at = m.end()
    return at
