"""Front and back matter that is printed for the eye or the shop: which whole documents are not read.

A document that says what it is (`epub:type`) is handled where its elements are read. Here are those that others say it
about (guide, landmarks), and those that nobody does, by rule: a title from the table *and* the looks of such matter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from narrator.reading.letters import n_letters, plain
from narrator.reading.page import Item, Page, n_spoken
from narrator.reading.rules import MATTER, NOTE_RULE

TITLES: Final = {
    "contents": "contents|table of contents|toc|inhalt|inhaltsverzeichnis|table|table des matières|sommaire|índice|"
    "indice|sumário|содержание|оглавление|inhoud|inhoudsopgave|innehåll|indhold|innhold|sisällys|spis treści|"
    "目次|目录|目錄",
    "copyright": "copyright|copyright page|copyright notice|legal notice|impressum|imprint|mentions légales|"
    "créditos|colofon|colophon|uncopyright|rights|выходные данные|著作権|奥付|版权|版權|版权信息|זכויות יוצרים",
    "cover": "cover|cover page|coverpage|front cover|umschlag|titelbild|couverture|portada|copertina|capa|"
    "обложка|表紙|封面",
    "title page": "title page|titlepage|title|half title|halftitle|titel|titelseite|titelblatt|page de titre|"
    "página de título|frontespizio|титульный лист|扉|扉页|書名頁",
    "list of illustrations": "illustrations|list of illustrations|list of figures|abbildungsverzeichnis|"
    "table des illustrations|lista de ilustraciones",
    "index": "index|register|sachregister|personenregister|índice analítico|indice analitico|索引",
    "bibliography": "bibliography|works cited|references|literaturverzeichnis|bibliographie|bibliografía|bibliografia",
    NOTE_RULE: "notes|footnotes|endnotes|anmerkungen|fußnoten|notes de bas de page|notas|note|примечания|注|注釈|註",
    "licence": "the full project gutenberg license|project gutenberg license",
}
"""Rule → the titles such documents bear."""
_TITLES: Final = {plain(title): rule for rule, titles in TITLES.items() for title in titles.split("|")}
_IMPRINT: Final = re.compile(
    r"copyright|©|\(c\) ?\d{4}|\bisbn\b|all rights reserved|rights reserved|published by|first published|printed in|"
    r"alle rechte|gedruckt|verlag|tous droits|dépôt légal|imprimé|derechos reservados|impreso|tutti i diritti|"
    r"все права|版权|版權|著作権|発行|זכויות|creative commons",
    re.IGNORECASE,
)
START: Final = re.compile(r"\*{3}\s*START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK", re.IGNORECASE)
"""The last line of a Project Gutenberg header."""
_END: Final = re.compile(
    r"\*{3}\s*END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK|^End of (?:the |this )?Project Gutenberg", re.IGNORECASE
)
_SHORT: Final = 200
"""Letters of the longest paragraph on a title page, a cover, a contents page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a document from outside."""

    title: str
    """Of the book."""
    authors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """What the contents call this document."""
    kinds: tuple[str, ...] = ()
    """What guide and landmarks call it."""
    place: float = 0.0
    """Where it stands in the book, 0 … 1."""


def rule_for(page: Page, facts: Facts) -> str:
    """The rule by which a whole document is not read; empty if it is read."""
    if not page.n_letters or page.division:
        return ""
    heading = next((i.paragraph.text for i in page.items if i.paragraph and i.level), "")
    named = {rule for kind in facts.kinds for word in kind.split() if (rule := MATTER.get(word))}
    titled = {_TITLES[t] for t in map(plain, (heading, page.title, *facts.labels)) if t in _TITLES}
    for rule in sorted(named | titled):
        if _LOOKS.get(rule, _is_listed)(page, facts, rule in named):
            return rule
    if _is_title_page(page, facts):
        return "title page"
    return "copyright" if _is_copyright(page, facts, certain="copyright" in titled) else ""


def licence(items: Sequence[Item]) -> slice:
    """The part of a book that stands between a Project Gutenberg header and its licence; all of it without them."""
    texts = [i.paragraph.text if i.paragraph else "" for i in items]
    start = next((n + 1 for n, text in enumerate(texts) if START.search(text)), 0)
    end = next((n for n, text in enumerate(texts) if n >= start and _END.search(text)), len(items))
    return slice(start, end)


def is_contents_title(text: str) -> bool:
    """Whether a heading says that a list of contents follows."""
    return _TITLES.get(plain(text)) == "contents"


def _paragraphs(page: Page) -> list[str]:
    return [i.paragraph.text for i in page.items if i.paragraph]


def _is_short(page: Page) -> bool:
    return all(n_letters(text) <= _SHORT for text in _paragraphs(page))


def _is_listed(page: Page, _: Facts, certain: bool) -> bool:  # noqa: FBT001
    return certain and _is_short(page)


def _is_cover(page: Page, facts: Facts, certain: bool) -> bool:  # noqa: FBT001
    return page.n_letters <= _SHORT * (1.5 if certain else 1) and facts.place < 0.5


def _is_titled_page(page: Page, facts: Facts, certain: bool) -> bool:  # noqa: FBT001
    return (certain and page.n_letters < 600 and _is_short(page)) or _is_title_page(page, facts)


def _is_title_page(page: Page, facts: Facts) -> bool:
    return facts.place <= 0.2 and is_title_page(_paragraphs(page), facts.title, facts.authors)


def is_title_page(texts: Sequence[str], title: str, authors: Sequence[str]) -> bool:
    """Whether a few short paragraphs begin with the book's title and go on with its author or publisher, or end."""
    title = plain(title)
    whole = plain(" ".join(texts))
    if not title or n_letters(whole) > 600 or any(n_letters(text) > _SHORT for text in texts):
        return False
    names = {plain(a).split()[-1] for a in authors if plain(a)}
    others = whole.removeprefix(title)
    return whole.startswith(title) and (
        not others or bool(names & set(others.split())) or bool(_IMPRINT.search(others))
    )


def _is_copyright(page: Page, facts: Facts, certain: bool) -> bool:  # noqa: FBT001
    if page.n_letters > 4000 or (facts.place > 0.3 and not certain and facts.place < 0.9):
        return False
    found = {m.lower() for m in _IMPRINT.findall(" ".join(_paragraphs(page)))}
    legal = found & {"copyright", "©", "isbn", "all rights reserved"}
    return bool(found) if certain else len(found) >= 3 and len(legal) >= 2


def _is_contents(page: Page, _: Facts, certain: bool) -> bool:  # noqa: FBT001
    linked = page.n_linked >= 0.6 * n_spoken(i for i in page.items if not i.level)
    ends = [text.rstrip()[-1:] for text in _paragraphs(page)]
    listed = len(ends) >= 4 and sum(e in ".!?…" for e in ends) <= 0.2 * len(ends)
    return _is_short(page) and (linked or listed or (certain and page.n_letters < _SHORT))


def _is_list(page: Page, facts: Facts, certain: bool) -> bool:  # noqa: FBT001
    texts = _paragraphs(page)
    numbered = sum(any(c.isdigit() for c in text) for text in texts)
    looks = len(texts) >= 4 and median(map(n_letters, texts)) < _SHORT and numbered >= 0.3 * len(texts)
    return facts.place > 0.5 and (certain or looks)


def _is_notes(page: Page, facts: Facts, certain: bool) -> bool:  # noqa: FBT001
    texts = [t for t in _paragraphs(page) if n_letters(t) > 3]
    marked = sum(re.match(r"\W*(?:\d{1,4}\b|[*†‡])", text) is not None for text in texts)
    return facts.place > 0.5 and (certain or marked >= 0.5 * max(1, len(texts)))


def _is_licence(page: Page, facts: Facts, certain: bool) -> bool:  # noqa: FBT001, ARG001
    return facts.place > 0.5


_LOOKS: Final = {
    "cover": _is_cover,
    "title page": _is_titled_page,
    "copyright": _is_copyright,
    "imprint": _is_copyright,
    "contents": _is_contents,
    "list of illustrations": _is_contents,
    "index": _is_list,
    "bibliography": _is_list,
    NOTE_RULE: _is_notes,
    "licence": _is_licence,
}
"""Rule → does a document look like it? The last argument: somebody else says that it is."""
