"""Reading in a process of its own."""

import zipfile
from pathlib import Path

import pytest

from narrator.errors import BookError, ProjectError
from narrator.reading import read, read_apart
from narrator.reading.apart import SMALL_BYTES, Bounds
from narrator.settings.options import ReadOptions
from tests.reading.epubs import Book, Doc, chapters


def test_the_manuscript_comes_back_as_it_was_read(tmp_path: Path) -> None:
    """What the other process reads, options and language heeded, is what this one would have read."""
    path = chapters("<h1>I</h1><p lang='fr'>Oui<sup>1</sup>.</p>", "<table><tr><td>a</td></tr></table>").write(
        tmp_path / "book.epub"
    )
    options = ReadOptions(tables="skip", footnotes="inline")
    assert read_apart(path, options, language="de") == read(path, options, language="de")


def test_a_refusal_comes_back_with_its_hint(tmp_path: Path) -> None:
    """A damaged book is refused in the same words from there as from here."""
    path = tmp_path / "book.epub"
    path.write_bytes(b"no zip")
    with pytest.raises(BookError) as here:
        read(path, ReadOptions())
    with pytest.raises(BookError) as apart:
        read_apart(path, ReadOptions())
    assert str(apart.value) == str(here.value)
    assert apart.value.hint


def test_what_costs_too_much_is_refused_and_this_process_goes_on(tmp_path: Path) -> None:
    """A book that needs more time or more memory than it may have is refused by name."""
    many = Book(docs=[Doc(body="<p>a</p>" * 100_000)]).write(tmp_path / "many.epub")
    with pytest.raises(BookError, match=r"many\.epub takes more than 1 s to read"):
        read_apart(many, ReadOptions(), bounds=Bounds(processor_s=1))
    big = Book(docs=[Doc(body=f"<p>{'a word ' * 1_000_000}</p>")]).write(tmp_path / "big.epub", zipfile.ZIP_STORED)
    with pytest.raises(BookError, match=r"big\.epub (takes more than 256 MiB of memory|would lose text)"):
        read_apart(big, ReadOptions(), bounds=Bounds(memory_bytes=256 << 20))


def test_a_small_text_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markdown and plain text of a few pages cost no process; a longer text does."""
    monkeypatch.setattr("sys.executable", "/nowhere")
    path = tmp_path / "book.md"
    path.write_text("# One\n\nWords.\n")
    assert read_apart(path, ReadOptions()).title == "One"
    path.write_text("Words.\n\n" * (SMALL_BYTES // 8 + 1))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_apart(path, ReadOptions())


def test_a_missing_file_is_a_matter_of_the_project(tmp_path: Path) -> None:
    """No process is started for a file that is not there."""
    with pytest.raises(ProjectError, match="no such file"):
        read_apart(tmp_path / "gone.epub", ReadOptions())
