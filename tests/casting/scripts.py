"""Scripts and projects small enough to be seen whole."""

from pathlib import Path

from narrator.casting import read_cast
from narrator.domain import (
    Attribution,
    Cast,
    ChapterScript,
    Pause,
    Script,
    SourceSpan,
    Utterance,
)
from narrator.settings.document import load
from narrator.settings.options import ProjectOptions


def line(number: int, character: str, text: str = "Well, well.", confidence: float = 0.9) -> Utterance:
    """A line of chapter 1."""
    return Utterance(
        address=f"ch01:l{number}",
        text=text,
        spoken=text,
        character=character,
        pause_after=Pause.SENTENCE,
        source=SourceSpan(document="book.md", start=0, end=len(text)),
        attribution=Attribution(rule="tag", confidence=confidence),
    )


def script(*lines: Utterance) -> Script:
    """A book of one chapter."""
    return Script(language="en", chapters=(ChapterScript(number=1, title="One", utterances=lines),))


def spoken_by(**n_lines: int) -> Script:
    """A book in which each character has so many lines."""
    characters = [name for name, number in n_lines.items() for _ in range(number)]
    return script(*(line(n, character) for n, character in enumerate(characters, 1)))


def cast_of(folder: Path, voices: str, cast: str) -> Cast:
    """The cast of a project with these voices and roles, each as YAML on one line."""
    path = folder / "project.yaml"
    path.write_text(f"narrate: 1\nbook: {{source: a.md}}\nvoices: {voices}\ncast: {cast}\n", "utf-8")
    return read_cast(load(path, ProjectOptions), folder)
