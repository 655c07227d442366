"""narrate text: what is read, block by block, and what is said for it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import click

from narrator import rehearsal, scripting
from narrator.cli.console import AS_JSON, emit
from narrator.collation import Telling, tell
from narrator.domain import Chapter, ChapterScript, Paragraph, SceneBreak, Span, Utterance
from narrator.scripting.sentences import Splitter

Json: TypeAlias = dict[str, object]


@click.command("text")
@click.argument("file", type=click.Path(path_type=Path))
@AS_JSON
def command(file: Path, *, as_json: bool) -> None:
    """Print the text of FILE, a book or a project: each block, its sentences, its lines and what is said.

    Positions count Unicode characters of the source, end exclusive; docs/guides/text.md has every field.
    """
    opened = rehearsal.open_text(file)
    manuscript = opened.manuscript
    splitter = Splitter(opened.learnt, manuscript.language)
    for chapter, script in zip(manuscript.chapters, opened.script.chapters, strict=True):
        if as_json:
            for each in _blocks(chapter, script, splitter, manuscript.language):
                emit(each)
        else:
            _show(chapter, script)
    for left in manuscript.skipped if as_json else ():
        emit({"type": "skipped", **asdict(left)})


def _show(chapter: Chapter, script: ChapterScript) -> None:
    click.echo(f"\n# {chapter.title}\n")
    for line in script.utterances:
        click.echo(f"{line.address} {line.character}: {line.spoken}")


def _blocks(chapter: Chapter, script: ChapterScript, splitter: Splitter, language: str) -> Iterator[Json]:
    """One object a chapter, a block and a scene break, in the order of reading."""
    yield {"type": "chapter", "chapter": chapter.number, "title": chapter.title}
    told = iter(tell(chapter, script))
    for number, block in enumerate(chapter.blocks, 1):
        place: Json = {"chapter": chapter.number, "block": number}
        if isinstance(block, SceneBreak):
            yield {"type": "scene break", **place}
        else:
            sentences = [_sentence(block, span, language) for span in _sentences(block.text, splitter)]
            yield {"type": "block", **place, **_paragraph(block), "sentences": sentences, "lines": _lines(next(told))}


def _paragraph(paragraph: Paragraph) -> Json:
    source = paragraph.source(Span(start=0, end=len(paragraph.text)))
    return {
        "kind": paragraph.kind,
        **asdict(source),
        "text": paragraph.text,
        "quoted": paragraph.quoted,
        "emphases": _stretches(paragraph, paragraph.emphases),
        "languages": [
            {**_stretch(paragraph, Span(start=s.start, end=s.end)), "language": s.language} for s in paragraph.languages
        ],
        "persona": _stretch(paragraph, paragraph.persona) if paragraph.persona else None,
        "directions": _stretches(paragraph, paragraph.directions),
    }


def _stretches(paragraph: Paragraph, spans: Sequence[Span]) -> list[Json]:
    return [_stretch(paragraph, span) for span in spans]


def _stretch(paragraph: Paragraph, span: Span) -> Json:
    source = paragraph.source(span)
    return {"start": source.start, "end": source.end, "text": paragraph.text[span.start : span.end]}


def _sentences(text: str, splitter: Splitter) -> Iterator[Span]:
    """The sentences of a paragraph, white space around them left out."""
    for start, end in pairwise((0, *splitter.split(text), len(text))):
        if sentence := text[start:end].strip():
            at = text.index(sentence, start)
            yield Span(start=at, end=at + len(sentence))


def _sentence(paragraph: Paragraph, span: Span, language: str) -> Json:
    printed = paragraph.text[span.start : span.end]
    spoken, changes = scripting.spoken_form(printed, language)
    return {**_stretch(paragraph, span), "spoken": spoken, "changes": [asdict(c) for c in changes]}


def _lines(telling: Telling) -> list[Json]:
    return [_line(telling.paragraph, span, line) for span, line in telling.lines]


def _line(paragraph: Paragraph, span: Span, line: Utterance) -> Json:
    return {
        "address": line.address,
        "character": line.character,
        **_stretch(paragraph, span),
        "spoken": line.spoken,
        "changes": [asdict(c) for c in line.changes],
    }
