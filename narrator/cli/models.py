"""narrate models: which checkpoints of Qwen3-TTS are here, and getting those that are not."""

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from narrator.cli.console import AS_JSON, emit, file_bars
from narrator.engines import downloads, inventory
from narrator.engines.checkpoints import HUB, KINDS, MODELSCOPE
from narrator.errors import UsageError


@click.group("models")
def command() -> None:
    """List the checkpoints of Qwen3-TTS, and get them. A build never downloads."""


@command.command("ls", short_help="Show the five checkpoints, and which are here.")
@click.option("--source", default="", metavar="hub|modelscope|FOLDER", help="Look here only.")
@AS_JSON
def ls(source: str, *, as_json: bool) -> None:
    """Show the five checkpoints: which voices each speaks, whether it is here, its size and revision."""
    for model in inventory.models(source):
        if as_json:
            emit(asdict(model))
            continue
        here = f"{model.n_bytes / 1e9:.1f} GB  {model.revision[:12]}  {model.folder}" if model.here else model.trouble
        click.echo(f"{model.name:<38} {model.speaks:<9} {here}")
        if not model.here:
            click.echo(f"{'':<48} {model.cure}")


@command.command("get", short_help="Fetch models; a download that broke off goes on.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--source", default=HUB, metavar="hub|modelscope|ADDRESS", help="From where; hub unless given.")
@click.option("--size", type=click.Choice(["0.6b", "1.7b"]), default="1.7b", help="Of models named by kind.")
@click.option("--revision", default="", help="A commit or tag; the newest unless given.")
@AS_JSON
def get(names: tuple[str, ...], source: str, size: str, revision: str, *, as_json: bool) -> None:
    """Fetch models: base (clones), custom_voice (presets), voice_design (designs), or by repository.

    All three unless named. A download that broke off goes on. An http(s) ADDRESS is the folder of one checkpoint's
    files.
    """
    if source not in {HUB, MODELSCOPE}:
        if names or revision:
            raise UsageError(
                "an address is of one checkpoint, as it lies there", hint="Leave out names and --revision."
            )
        with ExitStack() as at_end:
            _tell(downloads.from_address(source, downloads.home(), file_bars(at_end)), as_json=as_json)
        click.echo(f"In project.yaml: engine: {{source: {downloads.home()}}}", err=True)
        return
    for name in [downloads.named(word, size) for word in names or KINDS]:
        _tell(downloads.from_library(name, source, revision), as_json=as_json)


def _tell(folder: Path, *, as_json: bool) -> None:
    if as_json:
        emit({"folder": folder})
    else:
        click.echo(folder)
