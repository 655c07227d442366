"""Directives in Markdown."""

from pathlib import Path

import pytest

from narrator.domain import Manuscript, Paragraph
from narrator.errors import BookError
from narrator.reading import read
from narrator.settings.options import ReadOptions


def book(folder: Path, text: str) -> Manuscript:
    """A Markdown file, read."""
    path = folder / "book.md"
    path.write_text(text, "utf-8")
    return read(path, ReadOptions())


def told(manuscript: Manuscript) -> list[tuple[str, str, str, float | None]]:
    """Each paragraph with its speaker, its style and the pause before it."""
    found = []
    for paragraph in (p for chapter in manuscript.chapters for p in chapter.paragraphs):
        d = paragraph.directive
        found.append((paragraph.text, d.speaker, d.style, d.pause_s) if d else (paragraph.text, "", "", None))
    return found


def test_a_directive_holds_for_the_block_below_it(tmp_path: Path) -> None:
    """Speaker and style; the paragraph after that is as ever."""
    text = "One.\n\n<!-- narrate: speaker The White Rabbit style whisper, hurried -->\n“Two.”\n\nThree.\n"
    assert told(book(tmp_path, text)) == [
        ("One.", "", "", None),
        ("“Two.”", "The White Rabbit", "whisper, hurried", None),
        ("Three.", "", "", None),
    ]


def test_a_directive_holds_up_to_its_end(tmp_path: Path) -> None:
    """And one inside it adds to it."""
    text = (
        "<!-- narrate: speaker Darcy -->\n\nDear Madam.\n\n<!-- narrate: style warm -->\n\nI am.\n\n- Yours.\n\n"
        "<!-- narrate: end speaker -->\n\nShe read it."
    )
    assert told(book(tmp_path, text)) == [
        ("Dear Madam.", "Darcy", "", None),
        ("I am.", "Darcy", "warm", None),
        ("Yours.", "Darcy", "", None),
        ("She read it.", "", "", None),
    ]


def test_a_rule_and_a_comment_for_other_eyes_are_no_block(tmp_path: Path) -> None:
    """What a directive holds for is the next text; its own name is read in any case."""
    text = "One.\n\n<!-- Narrate: style dry -->\n\n***\n\n<!-- to do: rewrite -->\n\nTwo.\n\nThree."
    assert [d[2] for d in told(book(tmp_path, text))] == ["", "dry", ""]


def test_a_pause_comes_before_the_paragraph_below_it(tmp_path: Path) -> None:
    """Once; in seconds or milliseconds."""
    text = (
        "One.\n\n<!--narrate: pause 2.5s-->\n\n*Two.*\n\n"
        "<!-- narrate: pause 300ms -->\n\n<!-- narrate: style dry -->\nThree."
    )
    assert [(d[0], d[2], d[3]) for d in told(book(tmp_path, text))] == [
        ("One.", "", None),
        ("Two.", "", 2.5),
        ("Three.", "dry", 0.3),
    ]


@pytest.mark.parametrize(
    "skipped",
    [
        "<!-- narrate: skip -->\n\nThis is *not* read[^1].",
        "<!-- narrate: skip -->\n- an item\n- not read\n",
        "<!-- narrate: skip -->\n\n## No 2 heading\n\nA [link](http://a.b/c).\n\n> x\n\n<!-- narrate: end skip -->",
        "<!-- narrate: skip -->\n\n| a | b |\n|---|---|\n| c | d |\n",
        "<!-- narrate: skip -->\n```\ncode\n```\n",
        "<!-- narrate: skip -->\n\nOne.\n\nTwo.\n\n<!-- narrate: end -->",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_skipped_text_is_accounted_for(tmp_path: Path, skipped: str, newline: str) -> None:
    """It is named `directive`; all letters are spoken or skipped, and the rest stands where it is printed."""
    text = f"Before.\n\n{skipped}\n\nAfter.\n\n[^1]: A note.\n".replace("\n", newline)
    path = tmp_path / "book.md"
    path.write_bytes(text.encode())
    manuscript = read(path, ReadOptions())
    paragraphs = [p for chapter in manuscript.chapters for p in chapter.paragraphs]
    assert [p.text for p in paragraphs] == ["Before.", "After."]
    assert manuscript.coverage.n_unaccounted == 0
    assert sum(s.n_letters for s in manuscript.skipped if s.rule == "directive") > 0
    assert [text[source(p) : source(p) + len(p.text)] for p in paragraphs] == ["Before.", "After."]


def source(paragraph: Paragraph) -> int:
    """Where a paragraph begins in the file."""
    return paragraph.pieces[0].source


def test_a_directive_in_a_fence_is_an_example(tmp_path: Path) -> None:
    """A book about narrator may print one."""
    assert told(book(tmp_path, "One.\n\n```\n<!-- narrate: pause 2s -->\n```\n\nTwo.")) == [
        ("One.", "", "", None),
        ("Two.", "", "", None),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One.\n\n<!-- narrate: speeker Anna -->\n\nTwo.", "book.md:3: cannot understand the directive `speeker Anna`"),
        ("One.\n\n<!-- narrate: speeker Anna -->\n\nTwo.", "did you mean 'speaker'?"),
        ("One.\n\n<!-- narrate: speaker -->\n\nTwo.", "book.md:3: cannot understand the directive `speaker`"),
        ("One.\n\n<!-- narrate: pause two -->\n\nTwo.", "book.md:3: two is no pause: write a length of time"),
        ("One.\n\n<!-- narrate: pause 2m -->\n\nTwo.", "book.md:3: 2m is no pause"),
        ("One. <!-- narrate: pause 2s --> Two.", "book.md:1: a directive stands on a line of its own"),
        ("<!-- narrate: pause 2s --> Two.", "book.md:1: a directive stands on a line of its own"),
        ("One.\n\n<!-- narrate: skip -->\n", "book.md:3: nothing follows this directive"),
        ("One.\n\n<!-- narrate: pause 1s -->\n", "book.md:3: nothing follows this pause"),
        ("One.\n\n<!-- narrate: end skip -->\n\nTwo.", "book.md:3: nothing is open"),
        (
            "---\ntitle: T\n---\n\n<!-- narrate: pause 1s -->\n\nOne.",
            "book.md:5: a pause before a chapter's first words",
        ),
    ],
)
def test_a_directive_that_cannot_be_meant_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """Nothing that an author wrote is passed over in silence."""
    with pytest.raises(BookError) as caught:
        book(tmp_path, text)
    assert said in caught.value.message
