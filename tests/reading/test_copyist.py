import re

from hypothesis import given
from hypothesis import strategies as st

from narrator.domain import Span
from narrator.reading.copyist import Copyist
from narrator.reading.letters import INVISIBLE, n_letters

PROSE = st.text(st.sampled_from("abÄ9 .,\n\t\xa0\xad\u2060“é"), max_size=60)


@given(st.lists(PROSE, max_size=8))
def test_no_letter_is_lost_and_each_piece_stands_in_the_source(runs: list[str]) -> None:
    """However a text is cut into runs, its letters arrive, white space is single, and each piece knows its source."""
    source = "".join(runs)
    copyist = Copyist()
    position = 0
    for run in runs:
        copyist.copy(run, position)
        position += len(run)
    copied = copyist.take()
    visible = re.sub(f"[{INVISIBLE}]", "", source)
    assert copied.text == " ".join(visible.split())
    assert n_letters(copied.text) == n_letters(source)
    for piece in copied.pieces:
        here = copied.text[piece.start : piece.start + piece.n_chars]
        there = source[piece.source : piece.source + piece.n_chars]
        assert re.sub(r"\s", " ", there) == here
    assert sum(p.n_chars for p in copied.pieces) == len(copied.text)


def test_a_hair_space_between_quotation_marks_is_not_read() -> None:
    """Typesetters part two marks by a hair; elsewhere a hair space is white space like any other."""
    copyist = Copyist()
    copyist.copy("“\u200a‘No,’\u200a” one\u200atwo", 0)
    assert copyist.take().text == "“‘No,’” one two"


def test_runs_that_touch_make_one_word_and_one_piece() -> None:
    """Inline markup between two letters splits neither the word nor the piece."""
    copyist = Copyist()
    copyist.copy("A", 3)
    copyist.copy("lice was", 4)
    copied = copyist.take()
    assert (copied.text, len(copied.pieces)) == ("Alice was", 1)


def test_emphasis_has_the_words_and_not_the_space_around_them() -> None:
    """An emphasis begins at its first word and ends with its last, through the end of a paragraph too."""
    copyist = Copyist()
    copyist.copy("so", 0)
    copyist.begin()
    copyist.copy(" very ", 2)
    first = copyist.take()
    copyist.copy("odd", 10)
    copyist.end()
    copyist.copy(" end", 13)
    second = copyist.take()
    assert first.emphases == (Span(start=3, end=7),)
    assert second.emphases == (Span(start=0, end=3),)


def test_a_separator_takes_the_place_of_white_space_and_never_stands_first_or_last() -> None:
    """What is asked for between two runs appears once, only between runs, and a newline beats a space."""
    copyist = Copyist()
    copyist.separate(", ")
    copyist.copy("one ", 0)
    copyist.separate(", ")
    copyist.copy(" two", 4)
    copyist.separate(" ")
    copyist.separate("\n")
    copyist.copy("three", 9)
    copyist.separate(", ")
    assert copyist.take().text == "one, two\nthree"
