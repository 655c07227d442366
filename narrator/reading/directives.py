"""Directives in a Markdown manuscript: comments on a line of their own that say how the text below is told.

    <!-- narrate: speaker NAME -->                 what is quoted below (or all of it) is said by NAME
    <!-- narrate: speaker NAME style WORDS -->     and in this manner
    <!-- narrate: style WORDS -->
    <!-- narrate: pause 2s -->                     silence before what is below, instead of the usual one
    <!-- narrate: skip -->                         what is below is not read
    <!-- narrate: end skip -->                     or `end speaker`, `end style`, `end`

Each holds for the block below it; or, where an `end` of its kind comes before the next of that kind, up to there.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from narrator.domain import Chapter, Directive
from narrator.errors import BookError
from narrator.settings.options import seconds_in
from narrator.settings.spelling import did_you_mean, visible

if TYPE_CHECKING:
    from markdown_it.token import Token

SKIPPED: Final = "directive"
"""The rule that text under `skip` falls under."""
_COMMENT: Final = re.compile(r"<!--\s*narrate:(.*?)-->", re.DOTALL | re.IGNORECASE)
_ANY_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_ORDER: Final = re.compile(
    r"(?P<kind>speaker)\s+(?P<speaker>.+?)(?:\s+style\s+(?P<manner>.+))?"
    r"|(?P<kind2>style)\s+(?P<style>.+)|(?P<kind3>pause)\s+(?P<pause>\S+)|(?P<kind4>skip)"
    r"|(?P<kind5>end)(?:\s+(?P<ended>speaker|style|skip))?",
    re.DOTALL,
)
_KINDS: Final = ("speaker", "style", "pause", "skip", "end")
HINT: Final = (
    "Write `speaker NAME`, `speaker NAME style WORDS`, `style WORDS`, `pause 2s`, `skip`, or `end` and one of them."
)


@dataclass(frozen=True, slots=True)
class _Order:
    """A directive as it is written."""

    kind: str
    start: int
    end: int
    directive: Directive
    ended: str = ""
    """What an `end` ends; empty = whatever is open."""


@dataclass(frozen=True, slots=True)
class _Scope:
    kind: str
    start: int
    end: int
    directive: Directive


@dataclass(slots=True)
class Directives:
    """What the directives of a file ask for, by position."""

    scopes: tuple[_Scope, ...] = ()
    pauses: list[tuple[int, Directive]] = field(default_factory=list)

    @property
    def skips(self) -> tuple[tuple[int, int], ...]:
        """Stretches that are not read."""
        return tuple((s.start, s.end) for s in self.scopes if s.kind == "skip")

    def take(self, at: int) -> Directive | None:
        """What holds for a paragraph that begins at a position; a pause is used up by the first one below it."""
        asked = [s.directive for s in self.scopes if s.kind != "skip" and s.start <= at < s.end]
        if self.pauses and self.pauses[0][0] <= at:
            asked.append(self.pauses.pop(0)[1])
        if not asked:
            return None
        return Directive(
            where=asked[0].where,
            speaker=next((d.speaker for d in asked if d.speaker), ""),
            style=next((d.style for d in asked if d.style), ""),
            pause_s=next((d.pause_s for d in asked if d.pause_s is not None), None),
        )

    def finish(self) -> None:
        """Refuse a pause that nothing has used up.

        Raises:
            BookError: With its place.
        """
        if self.pauses:
            raise BookError(f"{self.pauses[0][1].where}: nothing follows this pause.", hint="Take it out.")


def refuse_first(chapters: Sequence[Chapter]) -> None:
    """Refuse a pause before the first words of a chapter, which no line comes before.

    Raises:
        BookError: With its place.
    """
    for chapter in chapters:
        first = chapter.paragraphs[0].directive if chapter.paragraphs else None
        if first is not None and first.pause_s is not None:
            raise BookError(
                f"{first.where}: a pause before a chapter's first words is not heard.",
                hint="Each chapter begins and ends with silence of its own: see configs/mastering.",
            )


def find(text: str, document: str, tokens: Sequence["Token"]) -> Directives:
    """The directives of a file.

    Args:
        text: The file, as the parser saw it.
        document: Its name, for messages.
        tokens: What the parser made of it.

    Raises:
        BookError: One cannot be understood, stands inside a paragraph, or has nothing to hold for.
    """
    lines = [0, *(m.end() for m in re.finditer("\n", text)), len(text)]
    orders = tuple(_orders(text, document, tokens, lines))
    scopes: list[_Scope] = []
    ends: set[int] = set()
    for i, order in enumerate(orders):
        if order.kind in {"pause", "end"}:
            continue
        end = _end_of(orders, i)
        if end is not None:
            ends.add(end.start)
            scopes.append(_Scope(order.kind, order.end, end.start, order.directive))
        else:
            scopes.append(_Scope(order.kind, *_block_below(order, orders, tokens, lines), order.directive))
    if stray := next((o for o in orders if o.kind == "end" and o.start not in ends), None):
        raise BookError(f"{stray.directive.where}: nothing is open that this could end.", hint="Take it out.")
    return Directives(tuple(scopes), [(o.end, o.directive) for o in orders if o.kind == "pause"])


def _orders(text: str, document: str, tokens: Sequence["Token"], lines: Sequence[int]) -> Iterator[_Order]:
    blocks = [t for t in tokens if t.map and t.type in {"html_block", "fence", "code_block"}]
    for match in _COMMENT.finditer(text):
        line = bisect_right(lines, match.start()) - 1
        where = f"{document}:{line + 1}"
        holder = next((t for t in blocks if t.map and t.map[0] <= line < t.map[1]), None)
        if holder is not None and holder.type != "html_block":
            continue  # a book about narrator may show one
        around = _COMMENT.sub("", text[lines[line] : lines[bisect_right(lines, match.end() - 1)]])
        if holder is None or around.strip("> \t\r\n"):
            raise BookError(f"{where}: a directive stands on a line of its own.", hint="Put it above the paragraph.")
        yield replace(_order(match[1], where), start=match.start(), end=match.end())


def _order(words: str, where: str) -> _Order:
    """Read what stands behind `narrate:`."""
    said = " ".join(words.split())
    match = _ORDER.fullmatch(said)
    if match is None:
        first = said.partition(" ")[0]
        near = did_you_mean(first, _KINDS) if first not in _KINDS else ""
        raise BookError(f"{where}: cannot understand the directive `{visible(said)}`{visible(near)}.", hint=HINT)
    kind = next(match[name] for name in ("kind", "kind2", "kind3", "kind4", "kind5") if match[name])
    pause_s = None
    if match["pause"]:
        try:
            pause_s = seconds_in(match["pause"])
        except ValueError as error:
            raise BookError(f"{where}: {visible(match['pause'])} is no pause: {error}.", hint=HINT) from error
    directive = Directive(
        where=where,
        speaker=(match["speaker"] or "").strip("\"'“”"),
        style=(match["manner"] or match["style"] or "").strip("\"'“”"),
        pause_s=pause_s,
    )
    return _Order(kind, 0, 0, directive, match["ended"] or "")


def _end_of(orders: Sequence[_Order], i: int) -> _Order | None:
    """The `end` that belongs to an order, if one comes before the next order of its kind."""
    for other in orders[i + 1 :]:
        if other.kind == "end" and other.ended in {"", orders[i].kind}:
            return other
        if other.kind == orders[i].kind:
            return None
    return None


def _block_below(
    order: _Order, orders: Sequence[_Order], tokens: Sequence["Token"], lines: Sequence[int]
) -> tuple[int, int]:
    """Where the block below an order lies."""
    starts = {bisect_right(lines, other.start) - 1 for other in orders}
    for token in tokens:
        if token.map is None or token.nesting < 0 or not _has_text(token):
            continue
        first, last = token.map
        if lines[first] >= order.end and first not in starts:
            return lines[first], lines[last]
    raise BookError(f"{order.directive.where}: nothing follows this directive.", hint="Take it out.")


def _has_text(token: "Token") -> bool:
    """Neither a rule nor a comment for other eyes."""
    if token.type == "html_block":
        return bool(_ANY_COMMENT.sub("", token.content).strip())
    return token.type not in {"hr", "inline"}
