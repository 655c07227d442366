import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.domain import Manuscript, ParagraphKind, SceneBreak
from narrator.errors import BookError
from narrator.reading import read
from narrator.reading.decoding import decode
from narrator.settings.options import ReadOptions
from tests.reading.epubs import check_pieces, paragraphs, skipped, texts


def read_text(text: str | bytes, folder: Path, options: ReadOptions | None = None) -> Manuscript:
    """Read a Markdown file with this content."""
    path = folder / "book.md"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path, options or ReadOptions())


def titles(text: str, folder: Path) -> list[str]:
    """Chapter titles of a Markdown file."""
    return [c.title for c in read_text(text, folder).chapters]


def test_front_matter_says_what_the_book_is(tmp_path: Path) -> None:
    """Title, authors in any of Pandoc's ways, language and the rest; its letters are counted, not read."""
    facts = "title: The Tide\nauthor:\n  - Ann Author\n  - {name: Bo Both}\nlang: en_GB\ndate: 1999-13-45"
    text = f"---\n{facts}\n---\nIt rose.\n"
    found = read_text(text, tmp_path)
    assert (found.title, found.authors, found.language) == ("The Tide", ("Ann Author", "Bo Both"), "en-gb")
    assert found.published == "1999-13-45"
    assert texts(found) == ["It rose."]
    assert skipped(found).keys() == {"front matter"}


def test_a_rule_at_the_head_is_a_scene_break_and_no_front_matter(tmp_path: Path) -> None:
    """Text between two rules is read unless it is YAML."""
    assert texts(read_text("---\nIt rose.\n\n---\nIt fell.\n", tmp_path)) == ["It rose.", "It fell."]


def test_broken_front_matter_names_its_line(tmp_path: Path) -> None:
    """YAML that cannot be read is refused with file and line."""
    with pytest.raises(BookError, match=r"book\.md:4: the front matter is not YAML"):
        read_text("---\ntitle: A\nauthor: [B\n---\nIt rose.\n", tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Tide\n\n## One\n\na\n\n## Two\n\nb\n", ["One", "Two"]),
        ("# One\n\na\n\n# Two\n\nb\n", ["One", "Two"]),
        ("# One\n\na\n\n## x\n\nb\n\n## y\n\nc\n\n# Two\n\nd\n", ["One", "Two"]),
        ("# P\n\n## One\n\na\n\n# Q\n\n## Two\n\nb\n\n## Three\n\nc\n", ["P, One", "Q, Two", "Q, Three"]),
        ("One\n===\n\na\n\nTwo\n===\n\nb\n", ["One", "Two"]),
        ("# Tide\n\nAll of it.\n", ["Tide"]),
        ("Prologue words.\n\n# One\n\na\n\n# Two\n\nb\n", ["book", "One", "Two"]),
        ("No heading at all.\n", ["book"]),
    ],
)
def test_headings_make_the_chapters(tmp_path: Path, text: str, expected: list[str]) -> None:
    """One heading is the book's title, several are chapters, and headings that only hold headings are parts."""
    assert titles(text, tmp_path) == expected


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("so *very* __odd__ indeed", "so very odd indeed"),
        ("    indented\n    lines", "indented lines"),
        ("one\ntwo  \nthree", "one two three"),
        ("roses\\\nviolets", "roses\nviolets"),
        ("2 \\* 3 &lt; &eacute; AT&T", "2 * 3 < é AT&T"),
        ('a [link *here*](http://x.com/a_(b) "T [t]") b', "a link here b"),
        ("a [link][ref] [ref] b\n\n[ref]: http://x.com 'T'", "a link ref b"),
        ("see <http://a.bc> now", "see http://a.bc now"),
        ("a ![an owl](o.png) b", "a b"),
        ("a `b c` d", "a b c d"),
        ("a<br>b <i>c</i> <!-- no --> d", "a b c d"),
        ("> one\n> two", "one two"),
        ("<div>one <i>two</i></div>", "one two"),
        ("a [^gone] b", "a [^gone] b"),
    ],
)
def test_a_paragraph_reads_as_it_is_printed(tmp_path: Path, text: str, spoken: str) -> None:
    """Markup is not spoken, and nothing that is printed is left unsaid."""
    assert texts(read_text(text + "\n", tmp_path)) == [spoken]


def test_blocks_are_what_they_look_like(tmp_path: Path) -> None:
    """Lists, quotations, verse, tables and scene breaks."""
    table = "| a | b |\n|---|---|\n| c. | d\\|e | more |\n"
    text = f"1. one\n2. two\n\n> three\n\n***\n\nroses\\\nviolets\n\n#\n\n{table}\n⁂\n\nend\n"
    found = read_text(text, tmp_path)
    kinds = ["-" if isinstance(b, SceneBreak) else b.kind[0] for b in found.chapters[0].blocks]
    assert "".join(kinds) == "iip-v-ii-p"
    assert texts(found) == ["one", "two", "three", "roses\nviolets", "a, b", "c. d|e, more", "end"]
    assert [p.quoted for p in paragraphs(found)][2]
    assert skipped(found) == {"list number": 2}


def test_tables_and_code_follow_the_options(tmp_path: Path) -> None:
    """Skipped and read as in an EPUB; indented text is never code."""
    text = "A tale.\n\n| a |\n|---|\n| b |\n\n```python\nx = 1\n```\n"
    assert texts(read_text(text, tmp_path)) == ["A tale.", "a", "b"]
    told = read_text(text, tmp_path, ReadOptions(tables="skip", code="read"))
    assert texts(told) == ["A tale.", "x = 1"]
    assert skipped(told) == {"table": 2, "code": 6}


NOTES = (
    "One[^1] two _word_[^n].\n\nThree.\n\n[^1]: The *first*.\n[^n]: The second\n    goes on.\n\n    And on.\n\nFour.\n"
)


def test_notes_are_skipped_unless_wanted(tmp_path: Path) -> None:
    """Marks never split a word or an emphasis; notes stand where the option puts them."""
    skip = read_text(NOTES, tmp_path)
    assert texts(skip) == ["One two word.", "Three.", "Four."]
    assert skipped(skip).keys() == {"note", "note mark"}
    assert [p.text[e.start : e.end] for p in paragraphs(skip) for e in p.emphases] == ["word"]
    inline = read_text(NOTES, tmp_path, ReadOptions(footnotes="inline"))
    assert texts(inline) == ["One two word.", "The first.", "The second goes on.", "And on.", "Three.", "Four."]
    assert paragraphs(inline)[1].kind is ParagraphKind.NOTE
    last = read_text(NOTES, tmp_path, ReadOptions(footnotes="end-of-chapter"))
    assert texts(last)[-4:] == ["Four.", "The first.", "The second goes on.", "And on."]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_positions_count_the_decoded_file(tmp_path: Path, newline: str, encoding: str) -> None:
    """Whatever the newlines and the encoding, every piece is found again in the text as Python decodes it."""
    head = "# Café\n\nSo *very*\nodd.[^1] “Yes,” he\tsaid.\n\n"
    text = f"{head}> quoted\n> lines &amp; more\n\n[^1]: A *note*.\n"
    found = read_text(text.replace("\n", newline).encode(encoding), tmp_path, ReadOptions(footnotes="inline"))
    assert texts(found) == ["Café", "So very odd. “Yes,” he said.", "A note.", "quoted lines & more"]
    source = decode((tmp_path / "book.md").read_bytes())
    for paragraph in paragraphs(found):
        check_pieces(paragraph, source)


MARKUP = st.sampled_from(
    ["word ", "Alice", "*", "_", "**", "`", "[", "]", "(", ")", "![", "](a.b)", "[^1]", "[^2]", "\n", "\n\n", "# ",
     "> ", "1. ", "- ", "    ", "\t", "| a | b |\n|---|---|\n", "|", "***\n", "---\n", "<b>", "</b>", "<!-- x -->", "<",
     ">",
     "&amp;", "&eacute;", "&", "\\", "\\*", "\n[^1]: note ", '\n[r]: u "t"\n', "[r]", "```\n", "é", "“", "9", "\r\n"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(MARKUP, min_size=1, max_size=25), st.sampled_from(["skip", "inline"]))
def test_every_letter_is_read_or_counted_or_the_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str], footnotes: str
) -> None:
    """Any mixture of Markdown's marks is accounted for to the letter, with true positions, or refused in words."""
    source = "Start. " + "".join(parts)
    folder = tmp_path_factory.mktemp("md", numbered=True)
    options = ReadOptions(footnotes=footnotes)  # type: ignore[arg-type]  # both are literals above
    found = read_text(source, folder, options)
    assert found.coverage.n_unaccounted == 0
    for paragraph in paragraphs(found):
        check_pieces(paragraph, source)


@pytest.mark.parametrize("opened", ["<!-- ", "<script>\n", "<!-- >\n", "<div a\n", "["])
def test_what_is_never_closed_is_not_slow(tmp_path: Path, opened: str) -> None:
    """64 KiB of what opens and never closes is read, or refused for want of text, within two seconds."""
    path = tmp_path / "book.md"
    path.write_text("Words.\n\n" + opened * (65_000 // len(opened)))
    started = time.process_time()
    assert texts(read(path, ReadOptions()))[0] == "Words."
    assert time.process_time() - started < 2
