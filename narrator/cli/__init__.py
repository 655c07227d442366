"""The terminal: one file a command. The only room that prints, and the one place where errors become exit codes."""

import json
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from narrator import __version__
from narrator.errors import NO_ROOM, DiskFullError, ExitCode, NarratorError, UsageError
from narrator.files import MAKE_ROOM

COMMANDS = {
    "new": "Propose a project for a book: chapters, characters, voices.",
    "build": "Record, master and publish a book, or go on where it was left.",
    "plan": "Show what a build would record.",
    "status": "Show how far a book is.",
    "cast": "Show who speaks, in which voice, how much.",
    "speakers": "Show each quotation of a book, and who speaks it.",
    "audition": "Hear a role before a night of recording.",
    "text": "Print what is read, sentence by sentence, and what is said for it.",
    "verify": "Account for every letter of a book: spoken, or skipped by a rule.",
    "say": "Show what is said for a text: figures, dates and abbreviations in words.",
    "voices": "Show the voices at hand, and get recordings.",
    "models": "List the checkpoints of Qwen3-TTS, and get them.",
    "doctor": "Show what can speak on this machine, and what to do about the rest.",
}
"""Each is narrator/cli/NAME.py."""


class Commands(click.Group):
    """Commands by the name of their file, imported when asked for: `narrate --help` loads no room."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The `command` of narrator/cli/NAME.py."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"narrator.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands in a line each, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="narrate")
def narrate() -> None:
    """Turn a book into an audiobook.

    \b
    narrate new book.epub            propose a project: chapters, characters, voices
    narrate build project.yaml       record, master and publish it; run again to go on
    """  # noqa: D301 - \b is click's mark for text that keeps its lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = narrate.main(words, prog_name="narrate", standalone_mode=False)
    except NarratorError as error:
        _complain(error, as_json="--json" in words)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except OSError as error:  # a disk, a mount, a permission: nothing that a traceback explains better
        told = _told(error)
        _complain(told, as_json="--json" in words)
        code = told.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = ExitCode.SIGINT
    sys.exit(int(code or 0))


def _told(error: OSError) -> NarratorError:
    where = error.filename or "the disk"
    if error.errno in NO_ROOM:
        return DiskFullError(f"{where}: no room left on this disk", hint=MAKE_ROOM)
    return UsageError(
        f"{where}: {error.strerror or error}", hint="See that the folder is there and may be written, and run it again."
    )


def _complain(error: NarratorError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": error.message, "hint": error.hint, "exit_code": int(error.exit_code)}))
    print(f"narrate: {error}", file=sys.stderr)
