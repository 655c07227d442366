"""Finding the characters of a Markdown paragraph again in the file it was parsed from.

The parser hands out text without positions. Here each token is sought after the one before it; markup that is passed
over on the way is counted under the rule it falls under. Letters that no rule covers stay uncounted, and the account of
the book's letters finds them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from narrator.reading.copyist import Copyist
from narrator.reading.letters import n_letters
from narrator.reading.page import Tally

if TYPE_CHECKING:
    from markdown_it.token import Token

_DESTINATION: Final = re.compile(
    r"\]"
    r"(?:\(\s*(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)"
    r"(?:\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"
    r"|\[[^\]]*\])?",
    re.DOTALL,
)
_REACH: Final = 4096
"""Characters between two tokens of a paragraph: a long link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The note marks of a file, hidden from the parser."""

    mask: str
    """The character that stands in for each of theirs; empty if there is none to be had."""
    keys: dict[int, str] = field(default_factory=dict)
    """Position of a mark in the file → key of its note."""


class Inline:
    """Copies the text of paragraphs from one stretch of the file.

    Args:
        text: The stretch as the parser saw it, hidden characters masked.
        base: Where it begins in the file.
        marks: The note marks that are hidden in it.
        tally: Where markup is counted.
    """

    def __init__(self, text: str, base: int, marks: "Marks", tally: Tally) -> None:
        self.copyist = Copyist()
        self.marked: list[str] = []
        self.cursor = 0
        self._text = text
        self._base = base
        self._marks = marks.keys
        self._hidden = re.compile(f"{marks.mask}+" if marks.mask else r"(?!)")
        self._tally = tally

    def copy(self, children: Sequence["Token"], *, verse: bool) -> None:
        """Copy a paragraph from the cursor on, which ends up behind it."""
        for token in children:
            if token.type == "text":
                self.run(token.content)
            elif token.type == "code_inline":
                self._code(token.content)
            elif token.type == "text_special":
                self._special(token)
            elif token.type in {"softbreak", "hardbreak"}:
                self.copyist.separate("\n" if verse else " ")
            elif token.type in {"em_open", "strong_open"}:
                self.copyist.begin()
            elif token.type in {"em_close", "strong_close"}:
                self.copyist.end()
            else:
                self._markup(token)

    def pass_over(self, end: int, rule: str) -> None:
        """Skip markup up to a position by a rule."""
        self._tally.add(rule, self._text[self.cursor : end])
        self.cursor = max(self.cursor, end)

    def take_marks(self) -> tuple[str, ...]:
        """Keys of the notes that were marked since the last call."""
        marks, self.marked = tuple(self.marked), []
        return marks

    def text(self, end: int) -> None:
        """Copy everything from the cursor to a position."""
        if end > self.cursor:
            self._put(self._text[self.cursor : end], self.cursor)

    def run(self, content: str) -> None:
        """Copy text that stands in the file as it is; where the parser changed it, character by character."""
        at = self._text.find(content, self.cursor, self.cursor + len(content) + _REACH)
        if at >= 0:
            self._put(content, at)
            return
        for character in content:
            at = self._text.find(character, self.cursor, self.cursor + _REACH)
            if at >= 0:
                self._put(character, at)
            else:
                self.copyist.write(character)

    def _code(self, content: str) -> None:
        """Copy code word by word: the parser has made spaces of its line ends."""
        for number, word in enumerate(re.split(r"\s+", content)):
            if number:
                self.copyist.separate(" ")
            if word:
                self.run(word)

    def _put(self, text: str, at: int) -> None:
        self.cursor = at + len(text)
        start = 0
        for hidden in self._hidden.finditer(text):
            self.copyist.copy(text[start : hidden.start()], self._base + at + start)
            places = range(self._base + at + hidden.start(), self._base + at + hidden.end())
            self.marked += [self._marks[p] for p in places if p in self._marks]
            start = hidden.end()
        self.copyist.copy(text[start:], self._base + at + start)

    def _special(self, token: "Token") -> None:
        """A backslash escape or a character reference."""
        at = self._text.find(token.markup, self.cursor, self.cursor + _REACH)
        self.cursor = max(at, self.cursor) + len(token.markup)
        if token.info == "escape":
            self.copyist.copy(token.content, self._base + self.cursor - len(token.content))
        else:
            self.copyist.write(token.content)
            self._tally.count("character reference", n_letters(token.markup) - n_letters(token.content))

    def _markup(self, token: "Token") -> None:
        if token.type == "link_close" and token.markup != "autolink":
            self._destination("link")
        elif token.type == "image":
            start = self._text.find("![", self.cursor)
            self.cursor = max(start, self.cursor)
            alt = self._text.find(token.content, self.cursor + 2)
            self.pass_over(alt + len(token.content), "picture")
            self._destination("picture")
        elif token.type == "html_inline":
            at = self._text.find(token.content, self.cursor)
            self.cursor = max(at, self.cursor)
            self.pass_over(self.cursor + len(token.content), "html")
            if re.match(r"<br\b", token.content, re.IGNORECASE):
                self.copyist.separate(" ")

    def _destination(self, rule: str) -> None:
        """Pass over `](address "title")` or `][label]`."""
        bracket = self._text.find("]", self.cursor)
        match = _DESTINATION.match(self._text, max(bracket, self.cursor))
        if match:
            self.cursor = match.start()
            self.pass_over(match.end(), rule)
