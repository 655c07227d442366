"""Letters that are drawn or set large: drop caps, headings that are pictures, and the lines of text in a drawing."""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from narrator.reading import rules
from narrator.reading.letters import n_letters
from narrator.reading.trees import is_empty, local, opening

_DROP_CAP: Final = re.compile(
    r"drop[-_]?caps?\d*|initial(?:[-_]?(?:caps?|letter))?s?|lettrine|versal|first[-_]?letter", re.IGNORECASE
)
_MAX_CAP: Final = 4
"""Characters of a drop cap: a letter, and the quotation mark before it."""
_CONSONANT: Final = re.compile(r"[b-df-hj-np-tv-xz]", re.IGNORECASE)
"""No word of its own: white space behind it is the typesetter's."""
_NO_WORDS: Final = re.compile(
    r"(?:image|picture|photo|img|cover|ornament|decoration|illustration|logo|divider)?\W*\d*|\S+\.(?:jpe?g|png|gif|svg|webp)",
    re.IGNORECASE,
)
"""What producers write where a picture has no words."""


def is_drop_cap(element: etree._Element) -> bool:
    """Whether it is the first letter of a paragraph, set apart to be large."""
    if not element.attrib or not any(_DROP_CAP.fullmatch(c) for c in rules.classes(element)):
        return False
    text = opening(element, _MAX_CAP + 1).strip()
    return len(text) <= _MAX_CAP and n_letters(text) == 1


@dataclass(frozen=True, slots=True)
class Cap:
    """A drop cap that waits for the rest of its word."""

    letter: str
    floats: bool
    """Set as a block of its own, so that white space behind it is not printed."""

    def before(self, text: str) -> str:
        """The text behind it, without white space that does not part words."""
        rest = text.lstrip()
        is_part = rest[:1].islower() and _CONSONANT.fullmatch(self.letter)
        return rest if is_part or (self.floats and not rest) else text


def cap(paragraph: str, *, floats: bool) -> Cap | None:
    """The drop cap that a paragraph consists of so far; None if it has more text than that."""
    return Cap(paragraph[-1], floats) if paragraph and len(paragraph) <= _MAX_CAP else None


def words_of(picture: etree._Element) -> str:
    """The words that stand for a picture; none if they say no more than that it is one."""
    words = " ".join((picture.get("alt") or "").split())
    return "" if _NO_WORDS.fullmatch(words) else words


def is_lettering(picture: etree._Element, words: str) -> bool:
    """Whether a picture is text: the first letter of a word, or all that a heading consists of."""
    after = picture.tail
    parent = picture.getparent()
    if not after and parent is not None and picture.getnext() is None and rules.is_inline(parent, local(parent)):
        after = parent.tail
    if n_letters(words) == 1 and (after or "")[:1].isalpha():
        return True
    heading = next((e for e in picture.iterancestors() if not rules.is_inline(e, local(e))), None)
    return heading is not None and rules.heading_level(heading, local(heading)) > 0 and is_empty(heading)


def begins_line(run: etree._Element) -> bool:
    """Whether a run of text in a drawing stands on another line than the one before it."""
    before = run.getprevious()
    return before is not None and local(before) == "tspan" and run.get("y") != before.get("y")
