"""narrate status: how far a book is."""

from dataclasses import asdict
from pathlib import Path

import click

from narrator import production, rehearsal
from narrator.cli.console import AS_JSON, PROJECT, clock, emit, quiet
from narrator.project import open_project


@click.command("status")
@PROJECT
@AS_JSON
def command(project: Path, *, as_json: bool) -> None:
    """Show how far PROJECT is: lines recorded, lines to listen to, files finished."""
    plan = production.plan(open_project(project), production.Wishes(), quiet)
    rows, finished = rehearsal.outline(plan), rehearsal.finished(plan)
    flagged = production.flagged(plan.requests, plan.takes)
    if as_json:
        emit({"chapters": [asdict(row) for row in rows], "flagged": flagged, "files": finished})
        return
    done = sum(r.n_lines - r.n_missing for r in rows)
    total = sum(r.n_lines for r in rows)
    click.echo(f"{plan.manuscript.title}: {done} of {total} lines recorded ({clock(sum(r.recorded_s for r in rows))})")
    for row in rows:
        click.echo(f"{row.number:>3} {row.title[:40]:<40} {row.n_lines - row.n_missing:>6}/{row.n_lines}")
    for address, reason in flagged:
        click.echo(f"listen to {address}: {reason}")
    for path in finished:
        click.echo(path)
