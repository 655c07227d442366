from pathlib import Path

import pytest

from narrator.domain import Paragraph, SceneBreak
from narrator.reading import read
from narrator.settings.options import ReadOptions
from tests.reading import epubs
from tests.reading.epubs import Book, Doc, Line, chapters, open_book

TALE = "<p>It was a dark and stormy night, and the rain fell in torrents upon the roofs of the town.</p>"


def titles(book: Book, folder: Path) -> list[str]:
    """Chapter titles of a book."""
    return [c.title for c in open_book(book, folder).chapters]


def starts(book: Book, folder: Path) -> list[str]:
    """The first words of each chapter."""
    return [c.paragraphs[0].text for c in open_book(book, folder).chapters]


@pytest.mark.parametrize("version", [2, 3])
def test_each_line_of_the_contents_is_a_chapter(tmp_path: Path, version: int) -> None:
    """NCX and navigation document alike name the chapters, numbered from one."""
    book = chapters("<h2>I</h2>" + TALE, "<h2>II</h2>" + TALE)
    book = Book(docs=book.docs, contents=book.contents, version=version)
    found = open_book(book, tmp_path).chapters
    assert [(c.number, c.title, c.paragraphs[0].text) for c in found] == [(1, "Chapter 1", "I"), (2, "Chapter 2", "II")]


def test_several_chapters_stand_in_one_file(tmp_path: Path) -> None:
    """Fragments cut a file, wherever their anchors stand: on a section, on a heading, inside one, before one."""
    body = (
        f"<section id='a'><h2>A</h2>{TALE}</section><h2 id='b'>B</h2>{TALE}<h2><a id='c'></a>C</h2>{TALE}"
        f"<a name='d'></a><h2>D</h2>{TALE}"
    )
    lines = [Line(label=x.upper(), href=f"one.xhtml#{x}") for x in "abcd"]
    assert starts(Book(docs=[Doc(body=body)], contents=lines), tmp_path) == ["A", "B", "C", "D"]


def test_a_chapter_may_run_over_several_files(tmp_path: Path) -> None:
    """Files that the contents do not name go on with the chapter before them."""
    docs = [Doc(name="a.xhtml", body="<h2>A</h2>" + TALE), Doc(name="a2.xhtml", body=TALE), Doc(name="b.xhtml")]
    lines = [Line(label="A", href="a.xhtml"), Line(label="B", href="b.xhtml")]
    found = open_book(Book(docs=docs, contents=lines), tmp_path).chapters
    assert [len(c.paragraphs) for c in found] == [3, 1]


def test_a_file_that_says_it_is_a_division_begins_a_chapter(tmp_path: Path) -> None:
    """A preface that is missing from the contents does not disappear in the chapter before it."""
    docs = [
        Doc(name="p.xhtml", body=f"<section epub:type='preface'><h2>Preface</h2>{TALE}</section>"),
        Doc(name="a.xhtml", body="<h2>A</h2>" + TALE),
        Doc(name="b.xhtml"),
        Doc(name="z.xhtml", body=f"<section epub:type='afterword'><h2>Afterword</h2>{TALE}</section>"),
    ]
    lines = [Line(label="A", href="a.xhtml"), Line(label="B", href="b.xhtml")]
    assert titles(Book(docs=docs, contents=lines), tmp_path) == ["Preface", "A", "B", "Afterword"]


def test_parts_are_folded_into_the_titles_and_open_their_first_chapter(tmp_path: Path) -> None:
    """A part is no chapter: its heading is spoken before its first chapter, and its label is in each title."""
    docs = [
        Doc(name="p1.xhtml", body="<h1>Part One</h1>"),
        Doc(name="c1.xhtml", body="<h2>I</h2>" + TALE),
        Doc(name="c2.xhtml", body="<h2>II</h2>" + TALE),
        Doc(name="c3.xhtml", body="<h2>I</h2>" + TALE),
    ]
    lines = [
        Line(
            label="Part One",
            href="p1.xhtml",
            below=[Line(label="I", href="c1.xhtml"), Line(label="II", href="c2.xhtml")],
        ),
        Line(label="Part Two", below=[Line(label="I", href="c3.xhtml")]),
    ]
    book = Book(docs=docs, contents=lines)
    assert titles(book, tmp_path) == ["Part One, I", "Part One, II", "Part Two, I"]
    assert starts(book, tmp_path) == ["Part One", "II", "I"]


def test_the_books_own_title_is_no_part(tmp_path: Path) -> None:
    """A half title above all chapters is not repeated in each of their titles."""
    docs = [Doc(name="h.xhtml", body="<h1>A Book</h1>", kinds=""), Doc(name="c.xhtml"), Doc(name="d.xhtml")]
    below = [Line(label="One", href="c.xhtml"), Line(label="Two", href="d.xhtml")]
    book = Book(docs=docs, contents=[Line(label="A Book", href="h.xhtml", below=below)])
    assert titles(book, tmp_path) == ["One", "Two"]


def test_contents_out_of_order_do_not_reorder_the_book(tmp_path: Path) -> None:
    """The spine is the order of reading; the contents only name places in it."""
    book = chapters("<h2>I</h2>" + TALE, "<h2>II</h2>" + TALE)
    turned = Book(docs=book.docs, contents=list(reversed(book.contents)))
    assert titles(turned, tmp_path) == ["Chapter 1", "Chapter 2"]


def test_without_contents_headings_make_the_chapters(tmp_path: Path) -> None:
    """Where the contents are missing, the highest heading that stands more than once begins each chapter."""
    body = f"<h1>A Book</h1><h2>One</h2>{TALE}<h3>a</h3>{TALE}<h3>b</h3>{TALE}<h2>Two</h2>{TALE}"
    assert titles(Book(docs=[Doc(body=body)]), tmp_path) == ["One", "Two"]


def test_headings_that_only_hold_headings_are_parts(tmp_path: Path) -> None:
    """Where each high heading is followed at once by a lower one, the lower ones are the chapters."""
    body = f"<h1>P</h1><h2>One</h2>{TALE}<h2>Two</h2>{TALE}<h1>Q</h1><h2>Three</h2>{TALE}"
    assert titles(Book(docs=[Doc(body=body)]), tmp_path) == ["P, One", "P, Two", "Q, Three"]


def test_without_contents_and_headings_each_file_is_a_chapter(tmp_path: Path) -> None:
    """A book that tells nothing is read file by file."""
    docs = [Doc(name="a.xhtml", body=TALE), Doc(name="b.xhtml", body=TALE)]
    assert titles(Book(docs=docs), tmp_path) == ["A Book", "2"]


def test_a_broken_link_of_the_contents_costs_nothing(tmp_path: Path) -> None:
    """A fragment that does not exist means its file, a file that does not exist means nothing."""
    lines = [Line(label="A", href="a.xhtml#gone"), Line(label="?", href="gone.xhtml"), Line(label="B", href="b.xhtml")]
    docs = [Doc(name="a.xhtml"), Doc(name="b.xhtml")]
    assert titles(Book(docs=docs, contents=lines), tmp_path) == ["A", "B"]


def test_a_line_that_stands_twice_in_the_contents_is_one_chapter(tmp_path: Path) -> None:
    """Of several lines that lead to one place the last counts, and a deeper one before its part."""
    docs = [Doc(name="a.xhtml"), Doc(name="b.xhtml")]
    below = [Line(label="I", href="b.xhtml")]
    lines = [
        Line(label="A", href="a.xhtml"),
        Line(label="Again", href="a.xhtml"),
        Line(label="B", href="b.xhtml", below=below),
    ]
    assert titles(Book(docs=docs, contents=lines), tmp_path) == ["Again", "B, I"]


def test_damaged_contents_cost_no_text(tmp_path: Path) -> None:
    """A navigation document that is not XML, or is an attack, leaves the chapters to the headings."""
    body = f"<h2>One</h2>{TALE}<h2>Two</h2>{TALE}"
    for nav in (b"", b"\0\0", b"<!DOCTYPE nav [<!ENTITY a 'b'>]><nav>&a;</nav>"):
        book = Book(docs=[Doc(body=body)], members={"OPS/nav.xhtml": nav})
        assert titles(book, tmp_path) == ["One", "Two"]


def test_scene_breaks_stand_only_between_paragraphs(tmp_path: Path) -> None:
    """Rules at the edges of a chapter and rules in a row are not heard as several."""
    body = f"<hr/><hr/>{TALE}<hr/><p>***</p><hr/>{TALE}<hr/>"
    (chapter,) = open_book(Book(docs=[Doc(body=body)]), tmp_path).chapters
    assert [type(b) for b in chapter.blocks] == [Paragraph, SceneBreak, Paragraph]


def test_reading_twice_gives_equal_manuscripts(tmp_path: Path) -> None:
    """A manuscript is a value: the same file gives the same one."""
    path = chapters(TALE, TALE).write(tmp_path / "book.epub")
    assert read(path, ReadOptions()) == read(path, ReadOptions())


@pytest.mark.parametrize("label", ["A & B", "  two   words ", "“I”"])
def test_titles_are_the_labels_of_the_contents(tmp_path: Path, label: str) -> None:
    """White space collapsed, characters as they are."""
    docs = [Doc(name="a.xhtml", body=TALE), Doc(name="b.xhtml", body=TALE)]
    lines = [Line(label=label, href="a.xhtml"), Line(label="B", href="b.xhtml")]
    assert titles(Book(docs=docs, contents=lines), tmp_path)[0] == " ".join(label.split())
    assert epubs.skipped(open_book(Book(docs=docs, contents=lines), tmp_path)) == {}
