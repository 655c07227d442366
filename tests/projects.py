"""Small projects to build in tests: a Markdown book with tones for voices."""

from pathlib import Path

BOOK = """\
# The Ferry

## The Bell

It was early, and the river was still. Anna stood at the landing and rang the bell.

“Is anybody there?” said Anna.

“There always is,” said Tom. “I was only looking for my other boot.”

She laughed. The ferry lay low in the water.

***

On the other side the church clock struck seven.

## The Crossing

“You are late,” said Tom.

“I am never late,” said Anna. “The river is early.”

No. He would not say that. No.

They went over without another word, and the water was as flat as a plate.

## The Far Side

The bell on the far side was gone. Tom tied the boat to the post where it had hung.

“Somebody has taken it,” said Anna.
"""

PROJECT = """\
narrate: 1
book: {source: ferry.md, language: en}
voices:
  reader: {tone: 220}
  high: {tone: 440}
  low: {tone: 110}
cast:
  narrator: reader
  Anna: high
  Tom: low
  unknown: narrator
outputs: [{format: m4b}, {format: mp3}, {format: flac}, {format: vtt}]
"""


def make_project(folder: Path, *, book: str = BOOK, project: str = PROJECT) -> Path:
    """Write a project into a folder that may exist; its project.yaml is returned."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ferry.md").write_text(book, "utf-8")
    (folder / "project.yaml").write_text(project, "utf-8")
    return folder / "project.yaml"


def edit(path: Path, before: str, after: str) -> None:
    """Change a passage that stands once in a file."""
    text = path.read_text("utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), "utf-8")
