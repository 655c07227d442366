"""Copying runs of a source into a paragraph, and knowing where each run came from."""

import re
from dataclasses import dataclass
from typing import Final

from narrator.domain import LanguageSpan, Piece, Span
from narrator.reading.letters import INVISIBLE

_MARKS: Final = "“”‘’„‚«»‹›\"'—–…"
_RUN: Final = re.compile(
    rf"([^\s{INVISIBLE}]+(?: [^\s{INVISIBLE}]+)*)|[{INVISIBLE}]+|(?<=[{_MARKS}])\u200a|\u200a(?=[{_MARKS}])|(\s+)"
)
"""Words with single spaces between them | what is not read | white space. A hair space beside a quotation mark or
dash only keeps two marks from touching."""

EMPHASIS: Final = "emphasis"
PERSONA: Final = "persona"
DIRECTION: Final = "direction"
LANGUAGE: Final = "language "
"""What is known of a stretch of text; a language's tag follows."""
_DEEP: Final = 16
"""Stretches inside one another that are heeded."""
_NOWHERE: Final = -1


@dataclass(slots=True)
class _Open:
    """A piece that may still grow, or a stretch that has not met its first word."""

    start: int
    source: int = _NOWHERE
    n_chars: int = 0
    kind: str = EMPHASIS


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A paragraph's text and where it came from."""

    text: str
    pieces: tuple[Piece, ...]
    stretches: tuple[tuple[Span, str], ...]

    def spans(self, kind: str) -> tuple[Span, ...]:
        """The stretches of a kind."""
        return tuple(span for span, each in self.stretches if each == kind)

    @property
    def emphases(self) -> tuple[Span, ...]:
        """What is emphasised."""
        return self.spans(EMPHASIS)

    @property
    def languages(self) -> tuple[LanguageSpan, ...]:
        """What is in another language."""
        return tuple(
            LanguageSpan(start=span.start, end=span.end, language=kind.removeprefix(LANGUAGE))
            for span, kind in self.stretches
            if kind.startswith(LANGUAGE)
        )


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
        self._open: list[_Open] = []
        self._stretches: set[tuple[int, int, str]] = set()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been copied since the last paragraph."""
        return not self._length

    @property
    def text(self) -> str:
        """What has been copied since the last paragraph."""
        return "".join(self._parts)

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

    def begin(self, kind: str = EMPHASIS) -> None:
        """Begin a stretch: an emphasis, or what else is known of the words that follow."""
        self._open.append(_Open(_NOWHERE, kind=kind))

    def end(self) -> None:
        """End the innermost stretch."""
        if self._open:
            self._close(self._open.pop())

    def take(self) -> Copied:
        """Hand over the paragraph and begin the next one; stretches that are open go on in it."""
        for stretch in self._open[:_DEEP]:
            self._close(stretch)
            stretch.start = _NOWHERE
        ordered = sorted(self._stretches, key=lambda s: (s[0], -s[1], s[2]))
        copied = Copied(
            text=self.text,
            pieces=tuple(Piece(start=p.start, source=p.source, n_chars=p.n_chars) for p in self._pieces),
            stretches=tuple((Span(start=start, end=end), kind) for start, end, kind in ordered),
        )
        self._parts, self._pieces, self._length, self._gap = [], [], 0, ""
        self._stretches = set()
        return copied

    def _close(self, stretch: _Open) -> None:
        if 0 <= stretch.start < self._length:
            self._stretches.add((stretch.start, self._length, stretch.kind))

    def _put(self, run: str, source: int) -> None:
        if self._gap and self._length:
            self._append(self._gap, self._gap_source)
        self._gap = ""
        for stretch in self._open[:_DEEP]:
            if stretch.start == _NOWHERE:
                stretch.start = self._length
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
