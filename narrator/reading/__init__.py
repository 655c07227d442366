"""A source file → Manuscript."""

from pathlib import Path

from narrator.domain import Manuscript
from narrator.errors import ProjectError
from narrator.reading.apart import read_apart
from narrator.settings.options import ReadOptions

__all__ = ["read", "read_apart"]


def read(path: Path, options: ReadOptions, *, language: str = "") -> Manuscript:
    """Read a book.

    Args:
        path: An EPUB, Markdown or text file.
        options: What of the printed page is read aloud.
        language: Its language, if the project says so; otherwise the book's own word counts.

    Raises:
        ProjectError: There is no such file, or it is of another kind.
        BookError: It is damaged, protected, over a limit, or text would be lost.
    """
    if not path.is_file():
        what = "is a folder, not a book." if path.is_dir() else "there is no such file."
        raise ProjectError(
            f"{path}: {what}",
            hint="Name the book's own file, .epub, .md or .txt; in project.yaml it is `book.source`.",
        )
    suffix = path.suffix.lower()
    if suffix == ".epub":
        from narrator.reading.epub import read_epub  # noqa: PLC0415 — lxml is not needed for a Markdown book

        return read_epub(path, options, language=language)
    if suffix in {".md", ".markdown"}:
        from narrator.reading.markdown import read_markdown  # noqa: PLC0415 — the same

        return read_markdown(path, options, language=language)
    if suffix == ".txt":
        from narrator.reading.text import read_text  # noqa: PLC0415 — the same

        return read_text(path, options, language=language)
    raise ProjectError(
        f"{path.name}: narrator reads EPUB, Markdown and plain text, not `{suffix or 'files without a suffix'}`.",
        hint="Convert the book to .epub, .md or .txt.",
    )
