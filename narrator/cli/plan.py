"""narrate plan: what a build would record."""

from dataclasses import asdict
from pathlib import Path

import click

from narrator import production, rehearsal
from narrator.cli.build import wishes
from narrator.cli.console import AS_JSON, PROJECT, clock, emit, quiet
from narrator.project import open_project


@click.command("plan")
@PROJECT
@click.option("--engine", default="", metavar="NAME", help="Plan for this engine instead of the project's.")
@click.option("--draft", is_flag=True, help="Plan a draft.")
@click.option("--preview", is_flag=True, help="Plan a preview.")
@click.option("--chapters", default="", metavar="1-3,5", help="Only these chapters.")
@AS_JSON
def command(project: Path, *, as_json: bool, **asked: object) -> None:
    """Show, chapter by chapter, what a build of PROJECT would record and what it would reuse."""
    plan = production.plan(open_project(project), wishes(asked), quiet)
    rows = rehearsal.outline(plan)
    if as_json:
        for row in rows:
            emit(asdict(row))
        return
    click.echo(f"{plan.manuscript.title}, {plan.engine.info.name}: {plan.why}")
    click.echo(f"{'chapter':<44} {'lines':>6} {'new':>6} {'audio':>8}")
    for row in rows:
        click.echo(f"{row.number:>3} {row.title[:40]:<40} {row.n_lines:>6} {row.n_missing:>6} {clock(row.seconds):>8}")
    lines, missing, seconds = (sum(getattr(r, f) for r in rows) for f in ("n_lines", "n_missing", "seconds"))
    click.echo(f"{'total':<44} {lines:>6} {missing:>6} {clock(seconds):>8}")
    for rule, n_letters in rehearsal.skipped(plan.manuscript):
        click.echo(f"skipped: {rule}, {n_letters:,} letters")
