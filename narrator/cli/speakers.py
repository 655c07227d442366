"""narrate speakers: each quotation of a book, and who speaks it."""

from pathlib import Path

import click

from narrator import rehearsal
from narrator.cli.console import AS_JSON, emit
from narrator.domain import UNKNOWN, Gender, Quotation
from narrator.settings.characters import read_characters


@click.command("speakers")
@click.argument("book", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--characters", metavar="FILE", type=click.Path(path_type=Path), help="JSON: the cast, under its canonical names."
)
@click.option("--language", default="", help="The book's language, if it is not to be guessed: en, de, fr …")
@AS_JSON
def command(book: Path, characters: Path | None, language: str, *, as_json: bool) -> None:
    """Show who speaks each quotation of FILE, and why.

    With --json, one object a quotation: start, end (characters of the source as decoded, end exclusive, quotation marks
    included), speaker (null = unknown), gender (F, M or null), rule, confidence (0 to 1).
    """
    known = () if characters is None else read_characters(characters)
    for quotation in rehearsal.speakers(book, known, language):
        if as_json:
            emit(record(quotation))
            continue
        why = quotation.attribution
        place = f"{quotation.source.start}–{quotation.source.end}"
        click.echo(f"{place:<16} {quotation.character[:28]:<28} {why.confidence:>5.0%}  {why.rule}  {why.evidence}")


def record(quotation: Quotation) -> dict[str, object]:
    """A quotation as it is printed with --json."""
    return {
        "start": quotation.source.start,
        "end": quotation.source.end,
        "speaker": None if quotation.character == UNKNOWN else quotation.character,
        "gender": {Gender.FEMALE: "F", Gender.MALE: "M"}.get(quotation.gender),
        "rule": quotation.attribution.rule,
        "confidence": quotation.attribution.confidence,
    }
