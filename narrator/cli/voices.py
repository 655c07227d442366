"""narrate voices: which voices a project may name, and getting the recordings that it names by address."""

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from narrator.casting import fetch_recordings
from narrator.casting.voices import gender_of
from narrator.cli.console import AS_JSON, PROJECT, emit, file_bars
from narrator.engines import inventory
from narrator.project import open_project
from narrator.settings.options import EngineOptions


@click.group("voices")
def command() -> None:
    """Show the voices at hand, and get recordings."""


@command.command("ls")
@click.argument("project", type=click.Path(path_type=Path), required=False)
@AS_JSON
def ls(project: Path | None, *, as_json: bool) -> None:
    """Show the voices that need no recording.

    They are Kokoro's, hibari's, and the speakers of Qwen3-TTS if its CustomVoice model is here (the one that PROJECT
    asks for, where one is given).
    """
    options = open_project(project).engine if project else EngineOptions()
    keys = {"kokoro": "kokoro", "hibari": "hibari", "qwen3": "preset"}
    for voice in inventory.voices(options):
        sex = gender_of(voice.source).value
        if as_json:
            emit({**asdict(voice), "sex": sex})
            continue
        named = f"{keys[voice.engine]}: {voice.name}"
        click.echo(f"{named:<22} {sex:<8} {voice.language}{f'; {voice.note}' if voice.note else ''}")
    presets = inventory.model(options, "custom_voice")
    if not presets.here:
        click.echo(f"presets of Qwen3-TTS: {presets.trouble}\n  {presets.cure}", err=True)


@command.command("fetch", short_help="Fetch the recordings that a project names by address.")
@PROJECT
@AS_JSON
def fetch(project: Path, *, as_json: bool) -> None:
    """Fetch the recordings that PROJECT names by http(s) address, once, into its folder voices/.

    A build never does. What is no recording is not kept; what broke off goes on.
    """
    opened = open_project(project)
    found = False
    with ExitStack() as at_end:
        for kept in fetch_recordings(opened.document, opened.root, file_bars(at_end)):
            found = True
            if as_json:
                emit(asdict(kept))
            else:
                click.echo(f"{kept.file}  {kept.address}")
    if not found:
        click.echo("nothing to fetch: no voice is cloned from an address", err=True)
