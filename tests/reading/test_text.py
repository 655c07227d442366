from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.domain import Manuscript, ParagraphKind, SceneBreak
from narrator.reading import read
from narrator.reading.headlines import CHAPTER, PART, level
from narrator.settings.options import ReadOptions
from tests.reading.epubs import check_pieces, paragraphs, skipped, texts

TALE = "It was a dark and stormy night, and the rain fell in torrents\nupon the roofs of the town.\n\n"


def read_text(text: str, folder: Path) -> Manuscript:
    """Read a text file with this content."""
    path = folder / "book.txt"
    path.write_bytes(text.encode())
    return read(path, ReadOptions())


def titles(text: str, folder: Path) -> list[str]:
    """Chapter titles of a text file."""
    return [c.title for c in read_text(text, folder).chapters]


@pytest.mark.parametrize(
    "heading",
    ["CHAPTER IV", "Chapter 4", "Chapter Four. The Storm", "CHAPTER THE LAST", "Chapter XIV—Home", "IV", "IV.", "XLII.",
     "Chapter 4\nThe Storm", "Prologue", "EPILOGUE", "Kapitel 4", "Erstes Kapitel", "CHAPITRE PREMIER", "Глава 4",
     "第四章 春", "Letter 4", "ACT II", "STAVE ONE: Marley’s Ghost", "Chapter 4 The Storm", "Chapter Twenty-Two"],
)  # fmt: skip
def test_chapter_headings_are_known(heading: str) -> None:
    """The ways in which books number their chapters, in several languages."""
    assert level(heading, 0) == CHAPTER


@pytest.mark.parametrize(
    "heading", ["PART II", "Part Two: The Sea", "BOOK THE FIRST", "Volume 3", "Zweiter Teil", "Première partie"]
)
def test_part_headings_are_known(heading: str) -> None:
    """Parts, books and volumes stand above chapters."""
    assert level(heading, 0) == PART


@pytest.mark.parametrize(
    "prose",
    ["Chapter 5 was the longest he had read.", "Letter one came late", "Mix", "I went home.", "LIVID", "He said so.",
     "Part of it was true.", "Book five seats", "Introduction to Poetry was his course.", "Act one more time"],
)  # fmt: skip
def test_prose_is_no_heading(prose: str) -> None:
    """Sentences that begin like a heading are sentences."""
    assert level(prose, 0) == 0


def test_chapters_parts_and_their_titles(tmp_path: Path) -> None:
    """Parts are folded into the titles, and a line in capitals below the number is the title."""
    one = f"PART ONE\n\nCHAPTER I\n\nTHE STORM\n\n{TALE}CHAPTER II\n\nTHE CALM\n\n{TALE}"
    text = f"{one}PART TWO\n\nCHAPTER III\n\nHOME\n\n{TALE}"
    found = read_text(text, tmp_path)
    assert [c.title for c in found.chapters] == [
        "PART ONE, CHAPTER I, THE STORM",
        "PART ONE, CHAPTER II, THE CALM",
        "PART TWO, CHAPTER III, HOME",
    ]
    assert paragraphs(found)[2].kind is ParagraphKind.HEADING


@pytest.mark.parametrize(
    "contents",
    [
        "CONTENTS\n\nCHAPTER I. Down\nCHAPTER II. Up\nCHAPTER III. Home\n\n",
        "Contents\n\nCHAPTER I. Down\n\nCHAPTER II. Up\n\nCHAPTER III. Home\n\n",
    ],
)
def test_a_list_of_contents_is_skipped(tmp_path: Path, contents: str) -> None:
    """A list of chapters makes no chapters, whether its lines stand together or apart."""
    text = contents + "".join(f"CHAPTER {n}\n\n{TALE}" for n in ("I", "II", "III"))
    found = read_text(text, tmp_path)
    assert [c.title for c in found.chapters] == ["CHAPTER I", "CHAPTER II", "CHAPTER III"]
    assert skipped(found).keys() == {"contents"}


def test_without_headings_it_is_one_chapter(tmp_path: Path) -> None:
    """A story without chapters is one, named like its file."""
    assert titles(TALE * 3, tmp_path) == ["book"]


def test_lines_are_joined_and_italics_are_emphasis(tmp_path: Path) -> None:
    """Hard line ends are white space; `_words_` are emphasised, snake_case is not."""
    (first,) = paragraphs(read_text("It was a _very very\nodd_ day for snake_case.\n", tmp_path))
    assert first.text == "It was a very very odd day for snake_case."
    assert [first.text[e.start : e.end] for e in first.emphases] == ["very very odd"]


def test_verse_and_scene_breaks(tmp_path: Path) -> None:
    """Short indented lines keep their ends, and rows of asterisks part scenes."""
    text = f"{TALE}    Roses are red,\n      Violets are blue.\n\n       *     *     *\n\n{TALE}"
    blocks = read_text(text, tmp_path).chapters[0].blocks
    assert isinstance(blocks[2], SceneBreak)
    assert not isinstance(blocks[1], SceneBreak)
    assert (blocks[1].text, blocks[1].kind) == ("Roses are red,\nViolets are blue.", ParagraphKind.VERSE)


def test_each_long_line_is_a_paragraph(tmp_path: Path) -> None:
    """Files that are not wrapped have one line a paragraph, blank lines or not."""
    line = "It was a dark and stormy night, and the rain fell in torrents upon the roofs. " * 3
    assert len(texts(read_text(f"{line}\n{line}\n{line}\n", tmp_path))) == 3


def test_indented_first_lines_part_paragraphs(tmp_path: Path) -> None:
    """Where paragraphs are indented and not spaced, the indent begins a new one."""
    lines = ("   It was a dark and stormy night, and the rain", "fell in torrents upon the roofs of the town.", "")
    one = "\n".join(lines)
    assert len(texts(read_text(one * 4, tmp_path))) == 4


def test_a_project_gutenberg_file_is_read_without_its_frame(tmp_path: Path) -> None:
    """Header and licence are skipped by name, title and author taken from the header, the title page left out."""
    text = (
        "The Project Gutenberg eBook\n\nTitle: The Tide\nAuthor: Ann Author\n\n"
        "*** START OF THE PROJECT GUTENBERG EBOOK THE TIDE ***\n\nTHE TIDE\n\nby Ann Author\n\n"
        f"CHAPTER I\n\n{TALE}CHAPTER II\n\n{TALE}*** END OF THE PROJECT GUTENBERG EBOOK THE TIDE ***\n\nLaw.\n"
    )
    found = read_text(text, tmp_path)
    assert (found.title, found.authors) == ("The Tide", ("Ann Author",))
    assert [c.title for c in found.chapters] == ["CHAPTER I", "CHAPTER II"]
    assert skipped(found).keys() == {"licence", "title page"}


LINES = st.sampled_from(
    ["CHAPTER I", "II", "PART TWO", "CONTENTS", "   Roses,", "  indented", "_so", "odd_ word", "***", "", "", "\r",
     "é “No,”", "Chapter 1\nChapter 2\nChapter 3", "x" * 130, "\n*** END OF THE PROJECT GUTENBERG EBOOK X ***"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=20))
def test_every_letter_is_read_or_counted(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    """Any mixture of lines is accounted for to the letter, with true positions."""
    source = "Start.\n\n" + "\n".join(lines)
    found = read_text(source, tmp_path_factory.mktemp("txt", numbered=True))
    assert found.coverage.n_unaccounted == 0
    for paragraph in paragraphs(found):
        check_pieces(paragraph, source)
