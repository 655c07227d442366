"""Headings in plain text, where nothing but the words and the space around them says what they are."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from narrator.reading.letters import n_letters
from narrator.reading.matter import is_contents_title
from narrator.reading.page import Item

PART: Final = 1
CHAPTER: Final = 2
SUBTITLE: Final = 3

_WORDS: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    "(?:twenty|thirty|forty|fifty|sixty)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|"
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|"
    "eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|"
    "premier|première|deux|trois|quatre|cinq|sept|huit|neuf|dix|"
    "primero|primera|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|primo|due|tre|quattro|cinque|sei|sette|otto"
)
_NUMBER: Final = rf"(?:the\s+)?(?:\d{{1,3}}|[ivxlcdm]{{1,8}}|{_WORDS})\b"
_TAIL: Final = r"(?:\s*[.:—–-]+\s*.*|\s*\n.*|\s+(?-i:[A-ZÀ-ÞА-Я“\"‘']).*)?"
"""A title after the number: behind a stop, on the next line, or with a capital."""
_PART: Final = re.compile(
    rf"(?:part|book|volume|teil|buch|band|partie|livre|tome|parte|libro|часть|том)\s+{_NUMBER}{_TAIL}"
    r"|(?:first|second|third|fourth|erster|zweiter|dritter|vierter|erstes|zweites|drittes|première|deuxième|troisième|"
    r"primera|segunda|tercera|prima|seconda|terza|часть)\s+(?:part|book|teil|band|buch|partie|parte|первая|вторая)[.:]?",
    re.IGNORECASE | re.DOTALL,
)
_CHAPTER: Final = re.compile(
    rf"(?:chapter|chap\.|kapitel|chapitre|capítulo|capitulo|capitolo|hoofdstuk|kapitola|глава|act|scene|letter|stave|"
    rf"canto)\s+{_NUMBER}{_TAIL}"
    r"|(?:erstes|zweites|drittes|viertes|fünftes|sechstes|siebentes|siebtes|achtes|neuntes|zehntes)\s+kapitel[.:]?.*"
    r"|(?:prologue|epilogue|preface|introduction|foreword|afterword|conclusion|prolog|epilog|vorwort|nachwort|"
    r"einleitung|préface|avant-propos|épilogue|prólogo|epílogo|prefacio|пролог|эпилог|предисловие)\.?"
    r"|第[\d一二三四五六七八九十百千〇零]{1,6}[章回節话話卷部].{0,30}",
    re.IGNORECASE | re.DOTALL,
)
_LISTED: Final = re.compile(rf"\b(?:chapter|kapitel|chapitre|capítulo|глава)\s+{_NUMBER}", re.IGNORECASE)
_ROMAN: Final = re.compile(r"(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\.?")
_MAX: Final = 90
"""Letters of a heading."""
_MAX_SUBTITLE: Final = 60
_MANY: Final = 3
"""Chapters without a word between them: a list of contents."""


def level(block: str, above: int) -> int:
    """What kind of heading a paragraph is.

    Args:
        block: The paragraph as it stands in the file.
        above: The same of the paragraph above it.

    Returns:
        1 of a part, 2 of a chapter, 3 of the title below either, 0 of anything else.
    """
    text = block.strip()
    if text.count("\n") > 1 or n_letters(text) > _MAX:
        return 0
    if _PART.fullmatch(text):
        return PART
    if _CHAPTER.fullmatch(text) or _ROMAN.fullmatch(text):
        return CHAPTER
    return SUBTITLE if above in {PART, CHAPTER} and _is_subtitle(text) else 0


def _is_subtitle(text: str) -> bool:
    """Whether a line right below a chapter's number reads like its title: capitals, or no stop at its end."""
    if "\n" in text or n_letters(text) > _MAX_SUBTITLE or text[:1] in "“\"‘'«»—-":
        return False
    words = [w for w in re.findall(r"[^\W\d_]+", text) if len(w) > 3]
    return text.isupper() or (text[-1] not in '.!?:;,…”"' and bool(words) and all(w[0].isupper() for w in words))


def without_contents(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """Part a list of contents from a book.

    Returns:
        The items that are read, and those of the list: chapter headings in a row with nothing between them, paragraphs
        that consist of such lines, and the word “Contents” above either.
    """
    listed: set[int] = set()
    runs = groupby(range(len(items)), key=lambda n: items[n].level == CHAPTER)
    for is_chapter, run in runs:
        indices = list(run)
        if is_chapter and len(indices) >= _MANY:
            listed.update(indices[:-1] if indices[-1] + 1 < len(items) else indices)
    listed.update(n for n, item in enumerate(items) if _is_list(item))
    for n in sorted(listed):
        if n and n - 1 not in listed and (above := items[n - 1].paragraph) and is_contents_title(above.text):
            listed.add(n - 1)
    return [i for n, i in enumerate(items) if n not in listed], [i for n, i in enumerate(items) if n in listed]


def _is_list(item: Item) -> bool:
    """Whether a paragraph begins with the number of a chapter and goes on with more of them, a title each."""
    if item.paragraph is None or item.level:
        return False
    text = item.paragraph.text
    chapters = len(_LISTED.findall(text))
    return _LISTED.match(text) is not None and chapters >= _MANY and n_letters(text) <= chapters * _MAX_SUBTITLE
