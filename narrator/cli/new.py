"""narrate new: propose a project for a book, or look at the book again."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from narrator import refreshing, rehearsal
from narrator.cli.console import AS_JSON, emit
from narrator.errors import UsageError
from narrator.project import open_project


@click.command("new")
@click.argument("book", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--refresh", is_flag=True, help="BOOK is a project: learn its book anew and show what would change.")
@click.option("--yes", is_flag=True, help="With --refresh: write it without asking.")
@AS_JSON
def command(book: Path, folder: Path | None, *, refresh: bool, yes: bool, as_json: bool) -> None:
    """Read BOOK and write a project for it into FOLDER (projects/TITLE unless given).

    The project.yaml holds a proposed cast with the reasons beside it: review it, then build.
    """
    if yes and not refresh:
        raise UsageError("--yes goes with --refresh", hint="A new project is written without asking.")
    if refresh and folder:
        raise UsageError("--refresh takes a project and no second folder", hint=f"narrate new --refresh {book}")
    if refresh:
        _refresh(book, yes=yes, as_json=as_json)
        return
    made = rehearsal.propose(book, folder)
    manuscript = made.manuscript
    if as_json:
        emit({
            "project": made.file,
            "title": manuscript.title,
            "chapters": [chapter.title for chapter in manuscript.chapters],
            "skipped": dict(rehearsal.skipped(manuscript)),
            "cast": [{**asdict(part), "sample": part.sample} for part in made.proposal.parts],
        })
        return
    click.echo(f"{manuscript.title}: {len(manuscript.chapters)} chapters, {len(made.proposal.parts)} voices proposed")
    for rule, n_letters in rehearsal.skipped(manuscript):
        click.echo(f"  not read aloud: {rule} ({n_letters:,} letters)")
    for note in made.proposal.pool.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(
        f"\nReview the cast in {made.file}, then:\n  narrate cast {made.file.parent}\n  narrate build {made.file}"
    )


def _refresh(project: Path, *, yes: bool, as_json: bool) -> None:
    found = refreshing.look_again(open_project(project))
    if as_json:
        emit({
            "differences": found.differences,
            "roles": [asdict(part) for part in found.parts],
            "recorded_anew": found.n_again,
            "lines": found.n_lines,
            "written": yes and found.changes,
        })
    else:
        _show(found)
    if found.changes and (yes or _asked(as_json=as_json)):
        refreshing.accept(found)
        click.echo("written", err=True)


def _show(found: refreshing.Refresh) -> None:
    if not found.changes:
        click.echo("Nothing new: the book teaches what was learnt from it.")
        return
    for difference in found.differences:
        click.echo(f"  {difference}")
    for part in found.parts:
        click.echo(f"  + role {part.character}, {part.n_lines} lines, {part.gender}: {part.sample[:60]}")
    click.echo(f"{found.n_again} of {found.n_lines} lines would be recorded anew")


def _asked(*, as_json: bool) -> bool:
    """Whether a person at the terminal wants it written; where there is none, nothing is."""
    if as_json or not sys.stdin.isatty():
        click.echo("nothing written; --yes writes it", err=True)
        return False
    return click.confirm("Write this?")
