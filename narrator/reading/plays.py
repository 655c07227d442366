"""Plays whose page does not say so: paragraphs that begin with the name of their speaker, found by how they are set.

A chapter is a play if a good part of its paragraphs begin, in one and the same form, with labels that come again and
again. Which names these are does not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from narrator.domain import Chapter, Paragraph, ParagraphKind, Skipped, Span
from narrator.reading.letters import n_letters, sample

RULE: Final = "persona"
_UPPER: Final = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ’'-]*"
_CAP: Final = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_LABEL: Final = re.compile(
    rf"(?:(?P<upper>{_UPPER}(?:(?:(?<=\b\w\w)\.|(?<=\b\w\w\w)\.)?\s+{_UPPER}){{0,3}})(?=[.:])"
    rf"|(?P<title>{_CAP}(?:\.?\s(?:[a-z]{{2,3}}\s)?{_CAP}){{0,3}})(?=[.:]))[.:](?=\s|$)"
)
_BRACKETS: Final = re.compile(r"\[[^\[\]]+\]")
_PARENTHESES: Final = re.compile(r"\s*(\([^()]+\))")
_MIN_SHARE: Final = 0.4
"""Of a chapter's paragraphs, those that begin with a label, in a play."""
_MIN_SPEECHES: Final = 6
_MIN_TIMES: Final = 2
"""How often a label comes, at least, to speak for its chapter being a play."""


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    form: str
    """How it is set: `upper.`, `title:`, `marked:` …"""

    @property
    def span(self) -> Span:
        return Span(start=0, end=len(self.name))


def staged(chapters: Sequence[Chapter], *, aloud: bool) -> tuple[tuple[Chapter, ...], tuple[Skipped, ...]]:
    """The chapters with the speakers and stage directions of plays.

    Args:
        chapters: The book; where a page says itself who speaks, it is believed.
        aloud: Whether the names before the speeches are read. The name of a chapter's only speaker always is.

    Returns:
        The chapters; and the names that are not read.
    """
    found = tuple(chapters)
    if not any(p.persona for c in chapters for p in c.paragraphs):
        labels = [{p: label for p in c.paragraphs if (label := _label(p))} for c in chapters]
        names = Counter(label for each in labels for label in each.values())
        found = tuple(_play(c, own, names) for c, own in zip(chapters, labels, strict=True))
    told = tuple(c if not aloud and _is_dialogue(c) else _read_aloud(c) for c in found)
    return told, tuple(_unread(told))


def _is_dialogue(chapter: Chapter) -> bool:
    return len({p.text[: p.speech_start] for p in _speeches(chapter)}) > 1


def _read_aloud(chapter: Chapter) -> Chapter:
    return _with(chapter, {p: replace(p, persona_aloud=True) for p in _speeches(chapter)})


def _unread(chapters: Sequence[Chapter]) -> Iterator[Skipped]:
    """The labels that are printed and not read, one entry a document."""
    labels: dict[str, list[str]] = {}
    for paragraph in (p for c in chapters for p in _speeches(c) if not p.persona_aloud):
        labels.setdefault(paragraph.document, []).append(paragraph.text[: paragraph.speech_start])
    for document, each in labels.items():
        letters = sum(map(n_letters, each))
        words = sample(" ".join(each[:10]))
        yield Skipped(document=document, rule=RULE, n_letters=letters, sample=words, n_passages=len(each))


def _speeches(chapter: Chapter) -> Iterator[Paragraph]:
    return (p for p in chapter.paragraphs if p.persona)


def _with(chapter: Chapter, others: dict[Paragraph, Paragraph]) -> Chapter:
    """A chapter with some paragraphs replaced."""
    if not others:
        return chapter
    return replace(chapter, blocks=tuple(others.get(b, b) if isinstance(b, Paragraph) else b for b in chapter.blocks))


def _label(paragraph: Paragraph) -> _Label | None:
    if paragraph.kind in {ParagraphKind.HEADING, ParagraphKind.NOTE} or paragraph.quoted:
        return None
    match = _LABEL.match(paragraph.text)
    if match is None:
        return None
    name = match["upper"] or match["title"]
    stop = paragraph.text[len(name)]
    marked = any(not e.start and e.end in {len(name), len(name) + 1} for e in paragraph.emphases)
    if match["upper"] is None and stop != ":" and not marked:
        return None
    return _Label(name, ("marked" if marked else "upper" if match["upper"] else "title") + stop)


def _play(chapter: Chapter, labels: dict[Paragraph, _Label], names: Counter[_Label]) -> Chapter:
    """A chapter with its speakers, if it is a play."""
    form = Counter(label.form for label in labels.values()).most_common(1)
    n_paragraphs = sum(p.kind is not ParagraphKind.HEADING for p in chapter.paragraphs)
    own = {p: label for p, label in labels.items() if label.form == form[0][0]} if form else {}
    often = [label for label in own.values() if names[label] >= _MIN_TIMES]
    if len(often) < max(_MIN_SPEECHES, _MIN_SHARE * n_paragraphs) or len(set(often)) < 2:
        return chapter
    speakers = _who_answer(chapter, own)
    return _with(
        chapter,
        {
            p: replace(p, persona=label.span, directions=tuple(_directions(p, len(label.name) + 1)))
            for p, label in own.items()
            if label in speakers
        },
    )


def _who_answer(chapter: Chapter, labels: dict[Paragraph, _Label]) -> set[_Label]:
    """Labels that follow a speech at least once: `SCENE.` opens an act and answers nobody."""
    own = [labels.get(p) for p in chapter.paragraphs]
    return {label for before, label in pairwise(own) if before and label}


def _directions(paragraph: Paragraph, start: int) -> Iterator[Span]:
    """What stands in brackets, or in parentheses right behind the label."""
    if paragraph.directions:
        yield from paragraph.directions
        return
    first = _PARENTHESES.match(paragraph.text, start)
    if first:
        yield Span(start=first.start(1), end=first.end(1))
    for match in _BRACKETS.finditer(paragraph.text, first.end() if first else start):
        yield Span(start=match.start(), end=match.end())
