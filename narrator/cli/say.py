"""narrate say: what is said for what is printed."""

import click

from narrator import scripting
from narrator.cli.console import AS_JSON, emit
from narrator.errors import UsageError
from narrator.scripting.languages import primary
from narrator.settings.spelling import did_you_mean


@click.command("say")
@click.argument("text")
@click.option("--language", default="en", metavar="TAG", help="The text's language, as in a book: en-GB, de, pt-PT.")
@AS_JSON
def command(text: str, language: str, *, as_json: bool) -> None:
    """Print what is said for TEXT, as it would go to an engine; with --json, also every change and its place."""
    known = scripting.spoken_languages()
    if primary(language) not in known:
        raise UsageError(
            f"--language {language}: no language that narrator can read aloud{did_you_mean(primary(language), known)}",
            hint=f"There are {', '.join(known)}.",
        )
    spoken, changes = scripting.spoken_form(text, language)
    if not as_json:
        click.echo(spoken)
        return
    told = [
        {"rule": c.rule, "from": c.printed, "to": c.spoken, "start": c.span.start, "end": c.span.end} for c in changes
    ]
    emit({"spoken": spoken, "language": language, "changes": told})
