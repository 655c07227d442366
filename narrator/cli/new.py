"""narrate new: propose a project for a book."""

from dataclasses import asdict
from pathlib import Path

import click

from narrator import rehearsal
from narrator.cli.console import AS_JSON, emit


@click.command("new")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@AS_JSON
def command(book: Path, folder: Path | None, *, as_json: bool) -> None:
    """Read BOOK and write a project for it into FOLDER (projects/TITLE unless given).

    The project.yaml holds a proposed cast with the reasons beside it: review it, then build.
    """
    made = rehearsal.propose(book, folder)
    manuscript = made.manuscript
    if as_json:
        emit({
            "project": made.file,
            "title": manuscript.title,
            "chapters": [chapter.title for chapter in manuscript.chapters],
            "skipped": dict(rehearsal.skipped(manuscript)),
            "cast": [asdict(part) for part in made.proposal.parts],
        })
        return
    click.echo(f"{manuscript.title}: {len(manuscript.chapters)} chapters, {len(made.proposal.parts)} voices proposed")
    for rule, n_letters in rehearsal.skipped(manuscript):
        click.echo(f"  not read aloud: {rule} ({n_letters:,} letters)")
    click.echo(f"\nReview the cast in {made.file}, then:\n  narrate build {made.file}")
