"""narrate doctor: what can speak here, what cannot, and the cure."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from narrator.cli.console import AS_JSON, emit
from narrator.engines.diagnosis import Finding, Level, can_speak, diagnose
from narrator.engines.facts import gather
from narrator.errors import ExitCode
from narrator.project import open_project
from narrator.settings.options import EngineOptions, VoiceOptions

_MARKS = {Level.OK: "+", Level.NOTE: "·", Level.PROBLEM: "!"}


@click.command("doctor")
@click.argument("project", type=click.Path(path_type=Path), required=False)
@click.option("--explain", default="", metavar="TEXT", help="Explain an error message, too; - reads it from stdin.")
@AS_JSON
@click.pass_context
def command(ctx: click.Context, /, project: Path | None, explain: str, *, as_json: bool) -> None:
    """Show what will run on this machine, for PROJECT's voices where it is given, and what to do about the rest.

    Ends with 0 if something can speak here, with 5 if nothing can.
    """
    asked = open_project(project) if project else None
    said = sys.stdin.read() if explain == "-" else explain
    facts = gather(asked.engine if asked else EngineOptions(), _kinds(asked.options.voices) if asked else None, said)
    findings = diagnose(facts)
    for finding in findings:
        if as_json:
            emit(asdict(finding))
        else:
            _show(finding)
    if not can_speak(facts):
        ctx.exit(ExitCode.MISSING)


def _kinds(voices: Mapping[str, VoiceOptions]) -> tuple[str, ...]:
    """The models that speak these voices; a designed voice is rendered once and then cloned."""
    kinds: set[str] = set()
    for voice in voices.values():
        if voice.clone or voice.ref_audio:
            kinds.add("base")
        elif voice.preset:
            kinds.add("custom_voice")
        elif voice.design:
            kinds |= {"voice_design", "base"}
    return tuple(sorted(kinds))


def _show(finding: Finding) -> None:
    click.echo(f"{_MARKS[finding.level]} {finding.subject}: {finding.told}")
    if finding.cure:
        click.echo(f"    → {finding.cure}")
