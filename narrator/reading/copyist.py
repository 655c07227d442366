"""Copying runs of a source into a paragraph, and knowing where each run came from."""

import re
from dataclasses import dataclass
from typing import Final

from narrator.domain import Piece, Span
from narrator.reading.letters import INVISIBLE

_MARKS: Final = "“”‘’„‚«»‹›\"'—–…"
_RUN: Final = re.compile(
    rf"([^\s{INVISIBLE}]+(?: [^\s{INVISIBLE}]+)*)|[{INVISIBLE}]+|(?<=[{_MARKS}])\u200a|\u200a(?=[{_MARKS}])|(\s+)"
)
"""Words with single spaces between them | what is not read | white space. A hair space beside a quotation mark or
dash only keeps two marks from touching."""

_DEEP: Final = 16
"""Emphases inside one another that are heeded."""
_NOWHERE: Final = -1


@dataclass(slots=True)
class _Open:
    """A piece that may still grow, or an emphasis that has not met its first word."""

    start: int
    source: int = _NOWHERE
    n_chars: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A paragraph's text and where it came from."""

    text: str
    pieces: tuple[Piece, ...]
    emphases: tuple[Span, ...]


class Copyist:
    """Collects one paragraph after another.

    White space is collapsed and never stands first or last; what is asked for between two runs (a newline, a comma)
    takes the place of the white space there.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pieces: list[_Open] = []
        self._gap = ""
        self._gap_source = _NOWHERE
        self._emphasised: list[_Open] = []
        self._emphases: set[tuple[int, int]] = set()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been copied since the last paragraph."""
        return not self._length

    @property
    def ending(self) -> str:
        """The last characters copied."""
        return self._parts[-1] if self._parts else ""

    def copy(self, text: str, source: int) -> None:
        """Copy a run.

        Args:
            text: As it stands in the source.
            source: Position of its first character there.
        """
        for match in _RUN.finditer(text):
            if match[1] is not None:
                self._put(match[1], source + match.start())
            elif match[2] is not None and not self._gap:
                self._gap, self._gap_source = " ", source + match.start()

    def write(self, text: str) -> None:
        """Add characters that are read, but do not stand in the source like this: a resolved character reference."""
        if text.isspace():
            self.separate(" ")
        elif text not in INVISIBLE:
            self._put(text, _NOWHERE)

    def separate(self, gap: str) -> None:
        """Ask for a newline, a space or a comma before the next run."""
        if self._length and (not self._gap.strip(" ") or gap == "\n"):
            self._gap, self._gap_source = gap, _NOWHERE

    def emphasise(self) -> None:
        """Begin an emphasis."""
        self._emphasised.append(_Open(_NOWHERE))

    def relax(self) -> None:
        """End the innermost emphasis."""
        if self._emphasised:
            self._close(self._emphasised.pop())

    def take(self) -> Copied:
        """Hand over the paragraph and begin the next one; emphases that are open go on in it."""
        for emphasis in self._emphasised[:_DEEP]:
            self._close(emphasis)
            emphasis.start = _NOWHERE
        copied = Copied(
            text="".join(self._parts),
            pieces=tuple(Piece(start=p.start, source=p.source, n_chars=p.n_chars) for p in self._pieces),
            emphases=tuple(Span(start=start, end=end) for start, end in sorted(self._emphases)),
        )
        self._parts, self._pieces, self._length, self._gap = [], [], 0, ""
        self._emphases = set()
        return copied

    def _close(self, emphasis: _Open) -> None:
        if 0 <= emphasis.start < self._length:
            self._emphases.add((emphasis.start, self._length))

    def _put(self, run: str, source: int) -> None:
        if self._gap and self._length:
            self._append(self._gap, self._gap_source)
        self._gap = ""
        for emphasis in self._emphasised[:_DEEP]:
            if emphasis.start == _NOWHERE:
                emphasis.start = self._length
        self._append(run, source)

    def _append(self, run: str, source: int) -> None:
        if source != _NOWHERE:
            last = self._pieces[-1] if self._pieces else None
            if last and last.start + last.n_chars == self._length and last.source + last.n_chars == source:
                last.n_chars += len(run)
            else:
                self._pieces.append(_Open(self._length, source, len(run)))
        self._parts.append(run)
        self._length += len(run)
