from pathlib import Path

import pytest

from narrator.reading.matter import TITLES
from tests.reading.epubs import Book, Doc, Line, chapters, open_book, skipped, texts

TALE = "<p>It was a dark and stormy night, and the rain fell in torrents upon the roofs of the town.</p>" * 5
LONG = "<p>" + "It was a dark and stormy night. " * 300 + "</p>"
LEGAL = "<p>Copyright © 1999 Ann Author. All rights reserved.</p><p>ISBN 978-3-16-148410-0</p><p>Printed in Ulm.</p>"


def read_with(body: str, folder: Path, *, first: bool = True, **book: str) -> dict[str, int]:
    """What is skipped of a book with one more document before or behind its two chapters."""
    docs = [Doc(name=f"c{n}.xhtml", body=f"<h2>{n}</h2>{TALE}") for n in (1, 2, 3, 4)]
    more = Doc(name="m.xhtml", body=body)
    lines = [Line(label=d.name, href=d.name) for d in docs]
    written = Book(docs=[more, *docs] if first else [*docs, more], contents=lines, **book)  # type: ignore[arg-type]
    return skipped(open_book(written, folder))


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("cover", "cover"),
        ("titlepage", "title page"),
        ("halftitlepage", "title page"),
        ("imprint", "imprint"),
        ("colophon", "colophon"),
        ("copyright-page", "copyright"),
        ("loi", "list of illustrations"),
        ("index", "index"),
        ("bibliography", "bibliography"),
        ("endnotes", "note"),
        ("toc", "contents"),
    ],
)
def test_parts_that_say_what_they_are_are_skipped_by_name(tmp_path: Path, kind: str, rule: str) -> None:
    """epub:type decides, however long the part is."""
    assert read_with(f"<section epub:type='{kind}'>{LONG}</section>", tmp_path).keys() == {rule}


@pytest.mark.parametrize(
    "kind",
    [
        "prologue",
        "epigraph",
        "dedication",
        "preface",
        "foreword",
        "introduction",
        "afterword",
        "epilogue",
        "appendix",
        "acknowledgments",
    ],
)
def test_words_of_the_author_are_kept(tmp_path: Path, kind: str) -> None:
    """Everything that an author writes around a story is read."""
    assert not read_with(
        f"<section epub:type='{kind}'><h2>Notes</h2><p>To my copyright © lawyer.</p></section>", tmp_path
    )


@pytest.mark.parametrize(
    ("body", "rule", "first"),
    [
        ("<h1>A Book</h1><p>by Ann Author</p><p>Ulm, 1999</p>", "title page", True),
        (LEGAL, "copyright", True),
        ("<h2>Impressum</h2><p>Verlag Ulm</p>", "copyright", True),
        ("<h2>Inhalt</h2><p><a href='c1.xhtml'>Eins</a></p><p><a href='c2.xhtml'>Zwei</a></p>", "contents", True),
        ("<h2>Table des matières</h2><p>Un 1</p><p>Deux 22</p><p>Trois 33</p>", "contents", True),
        ("<h1>Cover</h1>", "cover", True),
        ("<h2>Index</h2><p>owls, 12</p><p>rain, 3, 9</p><p>towns, 44</p><p>Ulm, 2</p>", "index", False),
        ("<h2>Footnotes</h2><p>1. An owl.</p><p>2. A town.</p>", "note", False),
        ("<h2>The Full Project Gutenberg License</h2><p>Words of law.</p>", "licence", False),
    ],
)
def test_untyped_matter_is_known_by_title_and_looks(tmp_path: Path, body: str, rule: str, *, first: bool) -> None:
    """Producers that mark nothing up still print copyright pages like copyright pages."""
    assert read_with(body, tmp_path, first=first).keys() == {rule}


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (f"<h2>Contents</h2>{TALE}", True),
        (f"<h2>Cover</h2>{TALE}", True),
        (f"<h2>Notes</h2>{TALE}", False),
        (f"<h2>Index</h2>{TALE}", False),
        (f"<h2>Title</h2>{TALE}", True),
        (f"<h2>Copyright</h2>{TALE}{LONG}", True),
        ("<p>Sing, goddess, the anger of Peleus’ son.</p>", True),
        ("<p>To Ann</p>", True),
        (f"<p>He held the copyright © of all her sorrows.</p>{TALE}", True),
    ],
)
def test_a_story_under_such_a_title_is_read(tmp_path: Path, body: str, *, first: bool) -> None:
    """A chapter called “Cover” or “Notes” is a chapter unless it looks like a cover or notes."""
    assert not read_with(body, tmp_path, first=first)


def test_guide_and_landmarks_are_believed_within_reason(tmp_path: Path) -> None:
    """A short document that the guide calls a cover is one; a whole chapter that it calls a cover is not."""
    guide = "<guide><reference type='cover' href='m.xhtml'/></guide>"
    assert read_with("<p>A Book</p>", tmp_path, guide=guide).keys() == {"cover"}
    assert not read_with(TALE, tmp_path, guide=guide)
    landmarks = "<nav epub:type='landmarks'><ol><li><a epub:type='toc' href='m.xhtml'>x</a></li></ol></nav>"
    assert read_with("<p>Eins</p><p>Zwei</p>", tmp_path, landmarks=landmarks).keys() == {"contents"}


def test_a_book_of_one_document_is_never_all_matter(tmp_path: Path) -> None:
    """A tiny book that begins like its own title page is read."""
    body = "<h1>A Book</h1><p>by Ann Author</p><p>It rained.</p>"
    assert texts(open_book(Book(docs=[Doc(body=body)]), tmp_path))[-1] == "It rained."


def test_the_licence_of_project_gutenberg_is_cut_off(tmp_path: Path) -> None:
    """What stands before the START line and after the END line is the distributor's, whatever the files are."""
    book = chapters(
        "<p>The eBook of</p><p>*** START OF THE PROJECT GUTENBERG EBOOK A BOOK ***</p><h2>I</h2>" + TALE,
        "<h2>II</h2>" + TALE + "<p>*** END OF THE PROJECT GUTENBERG EBOOK A BOOK ***</p><p>Law.</p>",
    )
    manuscript = open_book(book, tmp_path)
    assert skipped(manuscript).keys() == {"licence"}
    assert texts(manuscript)[0] == "I"
    assert [c.title for c in manuscript.chapters] == ["Chapter 1", "Chapter 2"]


def test_the_table_of_titles_is_clean() -> None:
    """No title stands under two rules, so the order of the table decides nothing."""
    every = [title for titles in TITLES.values() for title in titles.split("|")]
    assert len(every) == len(set(every))
