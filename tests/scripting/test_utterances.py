import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.scripting.languages import ENGLISH
from narrator.scripting.utterances import cuts
from tests.scripting.books import letters


def lines(text: str, max_chars: int, sentences: tuple[int, ...] = ()) -> list[str]:
    """The lines of a paragraph of narration."""
    return [text[c.start : c.end] for c in cuts(text, (), sentences, max_chars, ENGLISH)]


def test_one_sentence_is_one_line():
    """Sentences are cut apart even where two would fit."""
    text = "The first sentence is here. The second sentence is here."
    assert lines(text, 300, (28,)) == [text[:27], text[28:]]


def test_short_sentences_are_glued():
    """Up to three words go with the next sentence, the last with the one before."""
    text = "No. He went to the door at once. Why not?"
    assert lines(text, 300, (4, 33)) == [text]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("He went to the old mill; she stayed in the little house by the river.", "He went to the old mill;"),
        ("He went to the mill, she stayed in the house by the river.", "He went to the mill,"),
        ("He went to the old mill because she stayed in the house.", "He went to the old mill"),
        ("He walked many slow long miles round his father's house.", "He walked many slow long"),
    ],
)
def test_long_sentences_part_at_the_best_boundary(text: str, first: str):
    """Semicolon before comma before conjunction before space."""
    assert lines(text, 45)[0] == first


def test_a_number_and_a_title_are_never_parted():
    """`1 000` and `Mr. Lee` stay whole."""
    assert "10 000" in " | ".join(lines("he gave us as much as 10 000 francs for it", 24))
    assert not any(line.endswith("Mr.") for line in lines("they all went home with Mr. Lee that day", 28))


def test_a_word_longer_than_a_line_is_cut_and_a_shorter_one_never():
    """A run of letters without end makes lines as long as can be, and the words around it stay whole."""
    found = lines(f"See {'x' * 700} and ye will remember.", 100)
    assert max(map(len, found)) == 100
    assert letters("".join(found)) == f"See{'x' * 700}andyewillremember"
    assert found[-1].endswith("and ye will remember.")


def test_figures_without_a_boundary_are_cut_between_groups():
    """Groups of digits that no engine could say in one go are parted at a space."""
    found = lines("1" + " 000" * 100, 50)
    assert max(map(len, found)) <= 50
    assert {group for line in found for group in line.split()} == {"1", "000"}


def test_an_accent_is_not_cut_from_its_letter():
    """No line begins with a mark that belongs to the letter before it."""
    assert not any(line.startswith("\u0301") for line in lines("e\u0301" * 301, 99))


@pytest.mark.parametrize("unit", ["x", "x ", "he came, and she went; ", "1 000 ", ", ", "x—", "山"])
def test_work_grows_with_the_length_of_a_paragraph(unit: str):
    """A paragraph of 200,000 characters is cut in a moment: with the square of its length it would take minutes."""
    text = unit * (200_000 // len(unit)) + "x"
    started_s = time.process_time()
    found = cuts(text, (), (), 280, ENGLISH)
    assert time.process_time() - started_s < 5
    assert all(cut.end - cut.start <= 280 for cut in found)
    assert letters("".join(text[cut.start : cut.end] for cut in found)) == letters(text)


@given(
    st.lists(
        st.sampled_from(["word", "a", "longerword", "and", "x,", "y;", "z—", "1", "000", "“q", "r”", "…"]), max_size=40
    ),
    st.integers(min_value=12, max_value=60),
)
def test_lines_hold_every_letter_in_order(words: list[str], max_chars: int):
    """Nothing is lost, nothing doubled, no line is too long, no word is cut."""
    text = " ".join(words)
    found = cuts(text, (), (), max_chars, ENGLISH)
    assert letters("".join(text[c.start : c.end] for c in found)) == letters(text)
    for cut in found:
        assert cut.start == 0 or not text[cut.start - 1 : cut.start + 1].isalnum()
        assert (
            cut.end - cut.start <= max_chars
            or " " not in text[cut.start : cut.end].strip("“”… ")
            or {"1", "000"} & {*words}
        )
