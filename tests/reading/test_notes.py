from pathlib import Path

import pytest

from narrator.domain import ParagraphKind
from narrator.settings.options import ReadOptions
from tests.reading.epubs import Book, Doc, Line, open_body, open_book, paragraphs, skipped, texts

TALE = "<p>Call me Ishmael.</p>"

STYLES = {
    "EPUB 3": (
        "<a href='#n1' epub:type='noteref'>1</a>",
        "<aside epub:type='footnote' id='n1'><p>A sailor.</p></aside>",
    ),
    "ARIA": ("<a href='#n1' role='doc-noteref'>1</a>", "<div role='doc-footnote' id='n1'><p>A sailor.</p></div>"),
    "raised": ("<sup><a href='#n1'>1</a></sup>", "<p id='n1'><a href='#r'>1</a> A sailor.</p>"),
    "raised inside": (
        "<a href='#n1'><sup>1</sup></a>",
        "<ol><li id='n1'><p>A sailor. <a href='#r'>↩</a></p></li></ol>",
    ),
    "Gutenberg": (
        "<a id='r1' href='#n1' class='fnanchor'>[1]</a>",
        "<div class='footnote'><p><a id='n1' href='#r1'><span class='label'>[1]</span></a> A sailor.</p></div>",
    ),
    "Gutenberg, bare": (
        "<a id='r1' href='#n1' class='fnanchor'>[A]</a>",
        "<p><a id='n1' href='#r1'>[A]</a> A sailor.</p>",
    ),
    "dagger": ("<a href='#n1'>*</a>", "<p id='n1'><a href='#r'>*</a> A sailor.</p>"),
    "definition": ("<sup><a href='#n1'>1</a></sup>", "<dl><dt id='n1'>[1]</dt><dd>A sailor.</dd></dl>"),
    "section": (
        "<a href='#n1' epub:type='noteref'>1</a>",
        "<section epub:type='endnotes'><h2>Notes</h2><ol><li id='n1'><p>A sailor.</p></li></ol></section>",
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_notes_and_their_marks_are_skipped_in_every_style(tmp_path: Path, style: str) -> None:
    """However a producer ties a note to its mark, neither is read, and both are named."""
    mark, note = STYLES[style]
    manuscript = open_body(f"<p>Call me{mark} Ishmael.</p>{note}{TALE}", tmp_path)
    assert texts(manuscript) == ["Call me Ishmael.", "Call me Ishmael."]
    assert "note" in skipped(manuscript)
    assert skipped(manuscript).keys() <= {"note mark", "note"}


@pytest.mark.parametrize("style", sorted(STYLES.keys() - {"definition"}))
def test_notes_can_be_read_after_their_paragraph(tmp_path: Path, style: str) -> None:
    """`inline` reads the note, without its mark, after the paragraph that refers to it."""
    mark, note = STYLES[style]
    options = ReadOptions(footnotes="inline")
    manuscript = open_body(f"<p>Call me{mark} Ishmael.</p>{TALE}{note}", tmp_path, options)
    assert texts(manuscript) == ["Call me Ishmael.", "A sailor.", "Call me Ishmael."]
    assert paragraphs(manuscript)[1].kind is ParagraphKind.NOTE


def test_notes_of_another_document_are_read_at_the_end_of_the_chapter(tmp_path: Path) -> None:
    """`end-of-chapter` brings each note home from the back of the book, once, in the order of the marks."""
    mark = "<a href='notes.xhtml#n{0}' epub:type='noteref'>{0}</a>"
    notes = "".join(f"<li id='n{n}'><p>Note {n}.</p></li>" for n in range(1, 5))
    docs = [
        Doc(name="a.xhtml", body=f"<p>One{mark.format(2)} two{mark.format(1)}.</p>{TALE}"),
        Doc(name="b.xhtml", body=f"<p>Three{mark.format(3)} four{mark.format(1)}.</p>{TALE}"),
        Doc(name="notes.xhtml", body=f"<section epub:type='endnotes'><h2>Endnotes</h2><ol>{notes}</ol></section>"),
    ]
    lines = [Line(label="A", href="a.xhtml"), Line(label="B", href="b.xhtml")]
    manuscript = open_book(Book(docs=docs, contents=lines), tmp_path, ReadOptions(footnotes="end-of-chapter"))
    told = [[p.text for p in c.paragraphs] for c in manuscript.chapters]
    assert told == [
        ["One two.", "Call me Ishmael.", "Note 2.", "Note 1."],
        ["Three four.", "Call me Ishmael.", "Note 3."],
    ]
    assert skipped(manuscript)["note"] == len("EndnotesNote4")


@pytest.mark.parametrize(
    "body",
    [
        "<p>m<sup>2</sup> and 1<sup>st</sup></p>",
        "<p>see <a href='#x'>chapter 2</a></p><p id='x'>The end.</p>",
        "<p>in <a href='#y1912'>1912</a></p><p id='y1912'>The end.</p>",
        "<p><a href='http://example.com/#note'>1</a> link</p>",
    ],
)
def test_what_only_looks_like_a_note_is_read(tmp_path: Path, body: str) -> None:
    """Powers, ordinals, years, links to chapters and to the web are text."""
    assert not skipped(open_body(body, tmp_path))


def test_a_mark_that_leads_into_prose_takes_no_prose_away(tmp_path: Path) -> None:
    """The link from a note back to its mark does not make a note of the paragraph with the mark, nor of a chapter."""
    body = (
        "<p>Long before <a id='r1' href='#n1'>[1]</a> and after.</p><p><a id='n1' href='#r1'>[1]</a> A sailor.</p>"
        "<p>Odd <sup><a href='#ch'>2</a></sup></p><section id='ch'><h2>Two</h2><p>Prose.</p></section>"
    )
    assert texts(open_body(body, tmp_path)) == ["Long before and after.", "Odd", "Two", "Prose."]
