"""narrate audition: hear a role before a night of recording."""

from pathlib import Path

import click

from narrator import rehearsal
from narrator.cli.console import AS_JSON, emit, hearing_signals, listening
from narrator.project import open_project


@click.command("audition")
@click.argument("project", type=click.Path(path_type=Path))
@click.argument("role")
@AS_JSON
@click.pass_context
def command(ctx: click.Context, /, project: Path, role: str, *, as_json: bool) -> None:
    """Record three real lines of ROLE in PROJECT and write them as one reel."""
    hear(ctx, project, role, as_json=as_json)


def hear(ctx: click.Context, project: Path, role: str, *, as_json: bool) -> None:
    """Make the reel of a role and print where it is."""
    with hearing_signals() as heard, listening(as_json=as_json) as listener:
        reel = rehearsal.audition(open_project(project), role, listener, lambda: bool(heard))
    if heard:
        ctx.exit(128 + heard[0])
    if as_json:
        emit({"reel": reel})
    else:
        click.echo(reel)
