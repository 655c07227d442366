"""narrate verify: was every letter of the book kept?"""

from dataclasses import asdict
from pathlib import Path

import click

from narrator import rehearsal
from narrator.cli.console import AS_JSON, emit
from narrator.collation import Collation, collate
from narrator.errors import ExitCode


@click.command("verify")
@click.argument("book", type=click.Path(path_type=Path), default=Path("project.yaml"))
@click.option("--text", is_flag=True, help="The text, from the file to the lines; the default, and all there is yet.")
@AS_JSON
def command(book: Path, *, text: bool, as_json: bool) -> int:  # noqa: ARG001 - the only thing to verify so far
    """Account for every letter of BOOK, a file or a project: spoken, or skipped by a rule.

    Ends with exit code 4 when letters are lost, or said otherwise than printed without a rule that says so.
    """
    opened = rehearsal.open_text(book)
    found = collate(opened.manuscript, opened.script, opened.lexicon)
    if as_json:
        emit(_account(found))
    else:
        _show(found)
    return ExitCode.BOOK if found.n_unaccounted or found.n_unrecorded else ExitCode.DONE


def _account(found: Collation) -> dict[str, object]:
    return {
        "title": found.title,
        "spoken_percent": found.spoken_percent,
        "n_letters": found.coverage.n_letters,
        "n_unaccounted": found.n_unaccounted,
        "n_unrecorded": found.n_unrecorded,
        "skipped": [asdict(each) for each in found.skipped],
        "changes": dict(found.changes),
        "chapters": [{**asdict(c), "n_unaccounted": c.n_unaccounted} for c in found.chapters],
    }


def _show(found: Collation) -> None:
    click.echo(f"{'chapter':<44} {'letters':>8} {'spoken':>8} {'lines':>6} {'changed':>7} {'unaccounted':>11}")
    for row in found.chapters:
        click.echo(
            f"{row.number:>3} {row.title[:40]:<40} {row.n_letters:>8,} {row.n_spoken:>8,} {row.n_lines:>6,}"
            f" {row.n_changes:>7,} {row.n_unaccounted:>11,}"
        )
        for words in row.lost:
            click.echo(f"      in no line: {words[:90]}")
        for address in row.unrecorded:
            click.echo(f"      {address} is said otherwise than printed, and no rule says so")
    for each in found.skipped:
        click.echo(f"skipped: {_counted(each.n_passages, each.rule)}, {each.n_letters:,} letters")
    if found.changes:
        click.echo("changed: " + ", ".join(f"{n:,} × {rule}" for rule, n in found.changes))
    skipped = ", ".join(_counted(each.n_passages, each.rule) for each in found.skipped)
    click.echo(
        f"\n{found.spoken_percent:.2f} % spoken · {f'{skipped} skipped' if skipped else 'nothing skipped'}"
        f" · {found.n_unaccounted:,} unaccounted"
    )


def _counted(n: int, rule: str) -> str:
    """`61 notes`, `copyright`."""
    return f"{n:,} {rule}s" if n > 1 else rule
