"""Where sentences end: Punkt trained on the book, with what is known of the language, and quotation marks minded."""

import re
from typing import Final

from narrator.domain import Learnt
from narrator.scripting.languages import Language, words_of

STRAIGHT: Final = str.maketrans("“”„‟«»‹›", '"' * 8)
"""One character for one, so that positions hold: Punkt knows straight quotes only."""
CLOSERS: Final = "\"”’'»«›)]}」』_*"
_FULL_WIDTH: Final = re.compile(r"[。！？｡!?]+[」』”’）)]*(?=\S)")
_OPENERS: Final = re.compile(r"[\"“”‘’'«»(\[_*—–\s-]*")
_DOTS: Final = re.compile(r"\.(?:\s?\.)+")
_ENDED: Final = re.compile(rf"(?:[.!?]|…)[{re.escape(CLOSERS)}]*\s+")
_ELLIPSIS: Final = re.compile(rf"(?:…|(?:\.\s?){{2,}}\.)[{re.escape(CLOSERS)}]*\s+(?=[\"“‘'«(]?[A-ZÀ-ÖØ-Þ])")
_MEET: Final = re.compile(r"(?:[.!?]|…)[\"”’»«]\s+(?=[\"“‘«»]\S)")
"""One quotation ends, and another begins."""
_NOTED: Final = re.compile(r"[.!?](?:\[\d+\])+\s+(?=[A-ZÀ-ÖØ-Þ])")
"""A sentence with the mark of a note."""
_ITEM: Final = re.compile(r"(?:^|(?<=\s))(?:[•⁃‣]\s?(?:\d+\.)?\)?|\d+\.\))\s?(?=\S)")
"""`• `, `⁃9. `, `1.) `: an item of a list begins."""
_HOUR: Final = re.compile(r"(?:\S+\s+){4}\S*\b(?:[ap]\.\s?m|a\.\s?d|b\.\s?c|ph\.\s?d)\.\s+$", re.IGNORECASE)
"""Abbreviations that more often than not end a sentence before a capital, unless it has hardly begun."""
_INITIALS: Final = re.compile(r"(?:^|[\s(«“\"])(?:[А-ЯЁ]\.\s?){1,3}$")
_WORD: Final = re.compile(r"[^\W\d_]+")
_DAY: Final = re.compile(r"(?:^|\s)([^\W\d_]*)\s*\b\d{1,2}\.\s+$")
_COINS: Final = re.compile(r"\d[lsd]\.\s*$")
_AFTER_I: Final = re.compile(r"\b[a-z]+,? I\.[\"”’)]?\s+(?=[\"“]?[A-Z])")


def train(texts: list[str], language: Language) -> Learnt:
    """The abbreviations, collocations and sentence starters of a book; its characters are learnt elsewhere."""
    from nltk.tokenize.punkt import PunktTrainer  # noqa: PLC0415 - nltk takes a second to load

    trainer = PunktTrainer()
    whole = "\n".join(texts)
    trainer.train(whole.translate(STRAIGHT), finalize=False)
    trainer.finalize_training()
    parameters = trainer.get_params()
    counts = _occurrences(whole)
    return Learnt(
        abbreviations=tuple(sorted(a for a in parameters.abbrev_types if _trusted(a, counts, language))),
        collocations=tuple(sorted(parameters.collocations)),
        sentence_starters=tuple(
            sorted(s for s in parameters.sent_starters if counts.get(s, 0) > counts.get(s.title(), 0))
        ),
    )


def _occurrences(text: str) -> dict[str, int]:
    """Counts of words as printed, and of words with a full stop inside a sentence (`mr.`)."""
    counts: dict[str, int] = {}
    for word in re.findall(r"[^\W\d_]+", text):
        counts[word] = counts.get(word, 0) + 1
    for word in re.findall(r"([^\W\d_]+)\.(?=,| ?[a-z]|\s[A-Z])", text):
        counts[word.lower() + "."] = counts.get(word.lower() + ".", 0) + 1
    return counts


def _trusted(abbreviation: str, counts: dict[str, int], language: Language) -> bool:
    """Punkt takes rare short words for abbreviations: believe inner stops, initials, and words never without."""
    if abbreviation in language.numbered or not re.fullmatch(r"[^\W\d_][\w.]*", abbreviation):
        return False
    plain = counts.get(abbreviation, 0) + counts.get(abbreviation.title(), 0)
    dotted = counts.get(abbreviation + ".", 0)
    return (
        len(abbreviation) == 1
        or "." in abbreviation
        or (dotted >= 3 and plain <= dotted * 1.05 and len(abbreviation) <= 5)
    )


class Splitter:
    """Splits paragraphs into sentences with frozen parameters: what it does to one never depends on another."""

    def __init__(self, learnt: Learnt, language: str) -> None:
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer  # noqa: PLC0415 - see train

        self._words = words_of(language)
        parameters = PunktParameters()
        known = self._words.abbreviations | self._words.ending_abbreviations
        parameters.abbrev_types = (set(learnt.abbreviations) | known) - self._words.starters
        parameters.collocations = set(learnt.collocations)
        parameters.sent_starters = set(learnt.sentence_starters) | self._words.starters
        self._punkt = PunktSentenceTokenizer(parameters)
        numbered = "|".join(re.escape(w) for w in sorted(self._words.numbered)) or r"\b\B"
        titles = "|".join(re.escape(w) for w in sorted(self._words.abbreviations)) or r"\b\B"
        self._numbered = re.compile(rf"(?:^|[\s(“\"])(?:{numbered})\.\s*$", re.IGNORECASE)
        self._abbreviated = re.compile(rf"(?:^|[\s(“‘\"'—_-])(?:{titles})\.\s*$", re.IGNORECASE)

    def split(self, text: str) -> tuple[int, ...]:
        """Where each sentence but the first begins, in order."""
        if not text:
            return ()
        if self._words.code in {"zh", "ja", "ko", "th"}:
            return tuple(m.end() for m in _FULL_WIDTH.finditer(text))
        if not _ENDED.search(text):
            return ()
        flat = _DOTS.sub(lambda m: "…" * len(m[0]), text.translate(STRAIGHT))
        starts = {start for start, _ in self._punkt.span_tokenize(flat)}
        starts |= {m.end() for pattern in (_AFTER_I, _MEET, _NOTED) for m in pattern.finditer(text)}
        starts |= {m.end() for m in _ELLIPSIS.finditer(text) if not self._is_i(text, m.end())}
        starts |= {m.end() for m in _ENDED.finditer(text) if self._ends_in_hour(text, m.end())}
        starts |= {m.end() for m in _FULL_WIDTH.finditer(text) if m[0][0] in "。！？"}
        settled = {at for at in (self._settle(text, s) for s in starts) if at and self._is_boundary(text, at)}
        items = list(_ITEM.finditer(text))
        return tuple(sorted((settled - {m.end() for m in items}) | {m.start() for m in items if m.start()}))

    def _is_i(self, text: str, at: int) -> bool:
        """`Well . . . I know`: a capital that tells nothing."""
        word = _WORD.match(text, at)
        return word is not None and word[0].casefold() in self._words.i

    def _ends_in_hour(self, text: str, at: int) -> bool:
        """An hour, a year or a degree ends the sentence, as in `He left at 6 p.m. Mr. Lee stayed`."""
        sentence = text[max(0, at - 120) : at]
        return text[at : at + 1].isupper() and _HOUR.search(sentence) is not None and self._words.code == "en"

    def _settle(self, text: str, at: int) -> int:
        """Closing marks stay with the sentence they close."""
        while at < len(text) and text[at] in "”’»)]}\"'" and (at + 1 == len(text) or text[at + 1].isspace()):
            at += 1
        while at < len(text) and text[at].isspace():
            at += 1
        return at if at < len(text) else 0

    def _is_boundary(self, text: str, at: int) -> bool:
        before = text[max(0, at - 24) : at]
        after = _OPENERS.match(text, at)
        first = text[after.end() : after.end() + 1] if after else text[at]
        if text[at] in ".,;:!?)" or first.islower() or self._abbreviated.search(before) or _INITIALS.search(before):
            return False
        if self._is_date(text, at, before):
            return False
        return not (text[at].isdigit() and (self._numbered.search(before) or _COINS.search(before)))

    def _is_date(self, text: str, at: int, before: str) -> bool:
        """`am 12. Juni`, `der 3. Mann`."""
        day = _DAY.search(before)
        if day is None or not self._words.months:
            return False
        word = _WORD.match(text, at)
        led = day[1].casefold() in self._words.determiners | self._words.prepositions | self._words.contractions
        return led or (word is not None and word[0].casefold() in self._words.months)
