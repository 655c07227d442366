"""narrate cast: who speaks, in which voice, how much; which lines are doubtful; and a line given to somebody else."""

from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import click

from narrator import castlist
from narrator.cli.audition import hear
from narrator.cli.console import AS_JSON, PROJECT, emit
from narrator.project import open_project
from narrator.settings.spelling import glance

SHOWN = 20
"""Doubtful lines that are shown unless all are asked for."""
_GLANCE = 74


@click.command("cast")
@PROJECT
@click.option(
    "--sample", default="", metavar="ROLE", help="Hear three real lines of a role, as `narrate audition` does."
)
@click.option(
    "--speaker", "speakers", nargs=2, multiple=True, metavar="LINE NAME", help="Write down that NAME says LINE."
)
@click.option("--all", "every", is_flag=True, help="Show every doubtful line.")
@AS_JSON
@click.pass_context
def command(ctx: click.Context, /, project: Path, *, every: bool, as_json: bool, **asked: object) -> None:
    """Show who speaks in PROJECT's book: doubtful lines first, then what to look at, then the cast.

    LINE is an address (ch03:l17, ch03:l17-19) or words that are printed in it.
    """
    if asked["sample"]:
        hear(ctx, project, str(asked["sample"]), as_json=as_json)
        return
    if speakers := asked["speakers"]:
        written = castlist.overrule(open_project(project), speakers)  # type: ignore[arg-type]
        for words in written:
            click.echo(f"written to speakers: {words}", err=True)
    sheet = castlist.cast_list(open_project(project))
    if as_json:
        _emit(sheet)
    else:
        _show_lines(sheet, every=every)
        _show_roles(sheet)


def _emit(sheet: castlist.CastList) -> None:
    """A role a line, each with its doubtful lines and what there is to look at."""
    lines, findings = defaultdict(list), defaultdict(list)
    for line in sheet.doubtful:
        lines[line.character].append(asdict(line))
    for finding in sheet.findings:
        findings[finding.character].append(asdict(finding))
    for row in sheet.roles:
        emit({**asdict(row), "doubtful_lines": lines[row.character], "findings": findings[row.character]})


def _show_lines(sheet: castlist.CastList, *, every: bool) -> None:
    shown = sheet.doubtful if every else sheet.doubtful[:SHOWN]
    if shown:
        click.echo(f"{len(sheet.doubtful)} doubtful, the least sure first (narrate cast --speaker LINE NAME):")
    for line in shown:
        why = f"{line.rule}: {line.evidence}" if line.evidence else line.rule
        click.echo(f"  {line.confidence:.2f} {line.address:<13} {line.character[:20]:<20} {glance(line.text, _GLANCE)}")
        click.echo(f"{'':<20}({glance(why, _GLANCE)})")
    if len(shown) < len(sheet.doubtful):
        click.echo(f"  and {len(sheet.doubtful) - len(shown)} more: --all")
    for finding in sheet.findings:
        place = f"{finding.address or finding.where}: " if finding.address or finding.where else ""
        click.echo(f"look at {place}{finding.message}")
    if shown or sheet.findings:
        click.echo()


def _show_roles(sheet: castlist.CastList) -> None:
    click.echo(f"{'character':<28} {'gender':<8} {'voice':<20} {'kind':<8} {'lines':>6} {'sure':>5} {'doubtful':>9}")
    for row in sheet.roles:
        voice = row.voice if row.cast else f"({row.voice})"
        gender = "" if row.gender == "unknown" else row.gender
        click.echo(
            f"{row.character[:28]:<28} {gender:<8} {voice[:20]:<20} {row.kind:<8}"
            f" {row.n_lines:>6,} {row.confidence:>5.2f} {row.doubtful:>9}"
        )
    if not all(row.cast for row in sheet.roles):
        click.echo("\n(voice): not in the cast; `unknown:` reads these lines")
    if sheet.note:
        click.echo(f"note: {sheet.note}", err=True)
