"""narrate cast: who speaks, in which voice, how much."""

from dataclasses import asdict
from pathlib import Path

import click

from narrator import production, rehearsal
from narrator.cli.console import AS_JSON, PROJECT, emit, quiet
from narrator.project import open_project


@click.command("cast")
@PROJECT
@AS_JSON
def command(project: Path, *, as_json: bool) -> None:
    """Show who speaks in PROJECT's book, in which voice and how much; doubtful lines are counted."""
    rows = rehearsal.roles(production.plan(open_project(project), production.Wishes(), quiet))
    if as_json:
        for row in rows:
            emit(asdict(row))
        return
    click.echo(f"{'character':<28} {'voice':<20} {'kind':<8} {'lines':>6} {'letters':>8} {'doubtful':>9}")
    for row in rows:
        voice = row.voice if row.cast else f"({row.voice})"
        click.echo(
            f"{row.character[:28]:<28} {voice[:20]:<20} {row.kind:<8}"
            f" {row.n_lines:>6} {row.n_letters:>8,} {row.doubtful:>9}"
        )
    if not all(row.cast for row in rows):
        click.echo("\n(voice): not in the cast; `unknown:` reads these lines")
