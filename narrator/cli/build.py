"""narrate build: record, master and publish a book, or go on where it was left."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from narrator import production
from narrator.cli.console import AS_JSON, PROJECT, chapter_numbers, emit, hearing_signals, listening
from narrator.errors import ExitCode, UsageError
from narrator.project import open_project


@click.command("build")
@PROJECT
@click.option("--engine", default="", metavar="NAME", help="Speak with this engine instead of the project's.")
@click.option("--draft", is_flag=True, help="Fast draft voices for every role, into output/preview/.")
@click.option("--preview", is_flag=True, help="The nearest embedded voice for every role, into output/preview/.")
@click.option("--chapters", default="", metavar="1-3,5", help="Only these chapters.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Where finished files go.")
@AS_JSON
@click.pass_context
def command(ctx: click.Context, /, project: Path, **asked: object) -> None:
    """Build PROJECT (a project.yaml or its folder) into chapter files and an audiobook.

    Interrupt it whenever you like: what is recorded is kept, and the same command goes on.
    """
    as_json = bool(asked["as_json"])
    with hearing_signals() as heard, listening(as_json=as_json) as listener:
        report = production.build(open_project(project), wishes(asked), listener, lambda: bool(heard))
    if as_json:
        emit({"event": "Report", **asdict(report)})
    else:
        _summarise(report)
    if heard:
        ctx.exit(128 + heard[0])
    if report.flagged or report.lost:
        ctx.exit(ExitCode.QUARANTINED)


def wishes(asked: Mapping[str, object]) -> production.Wishes:
    """What the options of `build` and `plan` ask for.

    Raises:
        UsageError: They contradict one another, or name no chapters.
    """
    if asked["draft"] and asked["preview"]:
        raise UsageError("--draft and --preview are two ways to hear a cast", hint="Ask for one of them.")
    output = asked.get("output")
    return production.Wishes(
        engine=str(asked["engine"]),
        draft=bool(asked["draft"]),
        preview=bool(asked["preview"]),
        chapters=chapter_numbers(str(asked["chapters"])),
        output=output if isinstance(output, Path) else None,
    )


def _summarise(report: production.Report) -> None:
    click.echo(f"recorded {report.n_recorded} lines, reused {report.n_reused}", err=True)
    for address, reason in report.flagged:
        click.echo(f"  listen to {address}: {reason}", err=True)
    for address in report.lost:
        click.echo(
            f"  {address} could not be spoken, so its chapter is not published:"
            " say in the lexicon how it sounds, or give it another voice",
            err=True,
        )
    for path in report.files:
        click.echo(path)
