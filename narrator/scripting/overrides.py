"""What people decide about who speaks: overrides in project.yaml, directives in the manuscript.

An override names a line by its address or by its words. An address counts lines, so an edit above moves it; words stay
with the line. That is why addresses are written down as words (`pinned`), with the words around them where the same
words are printed twice: `Tom looked up. [No.] He would not`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from narrator.domain import NARRATOR, UNKNOWN, Attribution, Paragraph, Script, SpeakerOverride
from narrator.errors import ProjectError
from narrator.scripting.dialogue import Speech
from narrator.scripting.people import People
from narrator.settings.spelling import did_you_mean, glance, visible

ADDRESS: Final = re.compile(r"ch(\d{1,4}):l(\d{1,6})(?:-l?(\d{1,6}))?")
BY_HAND: Final = "by hand"
DIRECTIVE: Final = "directive"
_MARKS: Final = re.compile(r"[\"“”„«»‹›「」『』]|(?<!\w)['‘’]|['‘’](?!\w)")
"""Quotation marks: whoever quotes a line leaves them out, or types others."""
_CONTEXT: Final = 3
"""Lines around a line that may be told to set it apart."""
_MAX_NEAR: Final = 3
_LINES: Final = "`narrate cast` shows the addresses; or give more of the words, the line itself in [brackets]."


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the script, as an override may name it."""

    address: str
    text: str
    talks: bool = False
    """Speech, and not narration."""


def address_of(chapter: int, line: int) -> str:
    """How a person names a line: `ch03:l17`."""
    return f"ch{chapter:02d}:l{line:02d}"


def places(script: Script) -> tuple[Place, ...]:
    """Every line of a script as an override may name it."""
    return tuple(
        Place(line.address, line.text, line.attribution is not None)
        for chapter in script.chapters
        for line in chapter.utterances
    )


def decided(
    overrides: Sequence[SpeakerOverride], places: Sequence[Place], people: People | None
) -> dict[int, Attribution]:
    """Which lines are overruled, by their index, and by what.

    Args:
        overrides: As written.
        places: Every line of the book, in order.
        people: Who may speak; None = anybody.

    Returns:
        Attributions whose evidence is the speaker's canonical name.

    Raises:
        ProjectError: One names no line, several, or nobody who is known; all of them, one line each.
    """
    found: dict[int, Attribution] = {}
    wrong: list[ProjectError] = []
    book = _Book(places)
    for each in overrides:
        try:
            speaker = known(each.speaker, each.where, people)
            for i in book.lines(each.line, each.where):
                found[i] = Attribution(rule=BY_HAND, confidence=1.0, evidence=speaker)
        except ProjectError as error:
            wrong.append(error)
    if wrong:
        hints = dict.fromkeys(error.hint or _LINES for error in wrong)
        raise ProjectError("\n".join(visible(error.message) for error in wrong), hint=" ".join(hints))
    return found


def known(name: str, where: str, people: People | None) -> str:
    """The canonical name of somebody who may speak.

    Raises:
        ProjectError: Nobody is called so.
    """
    if name.casefold() in {NARRATOR, UNKNOWN}:
        return name.casefold()
    if people is None:
        return name
    if (found := people.named(name)) is None:
        near = did_you_mean(name, people.gender)
        raise ProjectError(
            f"{where}: nobody in the cast or the book is called '{visible(name)}'{visible(near)}",
            hint="Write the name as in the cast, or add it there.",
        )
    return found


def directed(paragraph: Paragraph, speeches: tuple[Speech, ...], people: People | None) -> tuple[Speech, ...]:
    """The speech of a paragraph as the directive above it says.

    Raises:
        ProjectError: Nobody is called as the directive says.
    """
    directive = paragraph.directive
    if directive is None or not directive.speaker:
        return speeches
    speaker = known(directive.speaker, directive.where, people)
    attribution = Attribution(rule=DIRECTIVE, confidence=1.0, evidence=directive.where)
    whole = Speech(paragraph.speech_start, len(paragraph.text), speaker, attribution)
    return tuple(replace(each, character=speaker, attribution=attribution) for each in speeches or (whole,))


def pinned(line: str, places: Sequence[Place], where: str = "speakers") -> str:
    """An address as the words that are printed there, and as many around them as it takes to mean no other line.

    Raises:
        ProjectError: There is no such line, or no words set it apart.
    """
    book = _Book(places)
    lines = book.lines(line, where)
    first, last = lines[0], lines[-1]
    words = " ".join(places[i].text for i in range(first, last + 1))
    if len(book.matches(words)) == 1:
        return words
    for n in range(1, _CONTEXT + 1):
        before = " ".join(places[i].text for i in range(max(0, first - n), first))
        after = " ".join(places[i].text for i in range(last + 1, min(len(places), last + 1 + n)))
        quoted = f"{before} [{words}] {after}".strip()
        if len(book.matches(quoted)) == 1:
            return quoted
    raise ProjectError(f"{where}: nothing sets {line} apart from lines that read the same", hint="Use a directive.")


class _Book:
    """The lines of a book as one text, to find words in."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._folded = [_fold(place.text) for place in places]
        self._starts: list[int] = []
        at = 0
        for text in self._folded:
            self._starts.append(at)
            at += len(text) + 1
        self._text = " ".join(self._folded)

    def lines(self, line: str, where: str) -> list[int]:
        """Indexes of the lines meant: speech if any of them is, else all."""
        match = ADDRESS.fullmatch(line.strip())
        found = [self._at(match, where)] if match else self.matches(line)
        if not found:
            raise ProjectError(f"{where}: no line reads “{unmarked(line)}”{self._near(line)}")
        if len(found) > 1:
            places = ", ".join(self._places[each[0]].address for each in found[:_MAX_NEAR])
            more = f" and {len(found) - _MAX_NEAR} more" if len(found) > _MAX_NEAR else ""
            raise ProjectError(f"{where}: {len(found)} lines read “{unmarked(line)}”: {places}{more}")
        return [i for i in found[0] if self._places[i].talks] or found[0]

    def matches(self, words: str) -> list[list[int]]:
        """Where words are printed: the lines of each place. Those in brackets are meant, the others tell where."""
        outer = _fold(words)
        inner = re.fullmatch(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)", outer)
        skip, n_chars = 0, len(outer)
        if inner and outer not in self._text:
            outer = " ".join(part for part in map(str.strip, inner.groups()) if part)
            skip, n_chars = len(inner[1].strip()) + bool(inner[1].strip()), len(inner[2].strip())
        if not outer:
            return []
        places = [m.start() + skip for m in re.finditer(rf"(?<!\w){re.escape(outer)}(?!\w)", self._text)]
        return [self._between(at, at + n_chars) for at in places]

    def _between(self, start: int, end: int) -> list[int]:
        return [i for i, at in enumerate(self._starts) if at < end and at + len(self._folded[i]) > start]

    def _at(self, match: re.Match[str], where: str) -> list[int]:
        first, last = int(match[2]), int(match[3] or match[2])
        wanted = [address_of(int(match[1]), number) for number in range(first, last + 1)]
        index = {place.address: i for i, place in enumerate(self._places)}
        if lost := next((each for each in wanted if each not in index), "" if wanted else match[0]):
            own = [place.address for place in self._places if place.address.startswith(lost.partition(":")[0] + ":")]
            raise ProjectError(
                f"{where}: there is no line {lost}; " + (f"that chapter ends with {own[-1]}" if own else "no chapter")
            )
        return [index[each] for each in wanted]

    def _near(self, words: str) -> str:
        """The lines most like some words."""
        wanted = _fold(re.sub(r".*\[(.+)\].*", r"\1", words))
        matcher = SequenceMatcher(b=wanted, autojunk=False)
        scored: list[tuple[float, int]] = []
        for i, text in enumerate(self._folded):
            matcher.set_seq1(text)
            if matcher.real_quick_ratio() > 0.5 and matcher.quick_ratio() > 0.5 and (ratio := matcher.ratio()) > 0.5:
                scored.append((-ratio - _shared(wanted, text), i))
        near = [self._places[i] for _, i in sorted(scored)[:_MAX_NEAR]]
        told = ", ".join(f"{place.address} “{unmarked(place.text)}”" for place in near)
        return f"; nearest are {told}" if near else ""


def _fold(text: str) -> str:
    """Words as they are compared: without quotation marks, with one kind of apostrophe and of space."""
    return " ".join(_MARKS.sub(" ", text).replace("’", "'").split())


def _shared(one: str, other: str) -> float:
    """The share of words that two lines have in common."""
    words, others = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return len(words & others) / max(1, len(words | others))


def unmarked(text: str) -> str:
    """The first words of a line without its quotation marks, for messages that bring their own."""
    return glance(text.strip('“”" \n'))
