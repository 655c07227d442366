"""English becomes phonemes in pieces that the models can speak."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.engines.english import GAP_S, MARGIN_S, Pronouncer, cut, joined, unspoken

RATE_HZ = 1000
VERSE = "The moon came up,\nthe tide went out,\n\nand nobody was there."


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    """One for all tests: its dictionaries take a second each."""
    return Pronouncer()


def tune(n_silent: int, n_loud: int) -> np.ndarray:
    """Silence, sound, silence."""
    silent = np.zeros(n_silent, np.float32)
    return np.concatenate([silent, np.full(n_loud, 0.5, np.float32), silent])


@given(st.text(alphabet="aəˈ ,.;—”?", max_size=300), st.integers(min_value=10, max_value=60))
def test_a_cut_loses_nothing_but_spaces(phonemes: str, limit: int) -> None:
    """The pieces together are the phonemes, and none is longer than the limit."""
    pieces = cut(phonemes, limit)
    assert "".join("".join(pieces).split()) == "".join(phonemes.split())
    assert all(len(piece) <= limit for piece in pieces)


@pytest.mark.parametrize(
    ("phonemes", "pieces"),
    [
        ("aaaa bbbb. cccc, dddd eeee", ["aaaa bbbb.", "cccc, dddd eeee"]),
        ("aaaa bbbb, cccc dddd eeee", ["aaaa bbbb,", "cccc dddd eeee"]),
        ("aaaa bbbb.” cccc dddd eee", ["aaaa bbbb.”", "cccc dddd eee"]),
        ("aaaaaaa bbbb cccc dddd", ["aaaaaaa bbbb", "cccc dddd"]),
        ("a" * 30, ["a" * 15, "a" * 15]),
    ],
)
def test_a_line_is_cut_at_the_best_place_near_its_middle(phonemes: str, pieces: list[str]) -> None:
    """After a sentence, else after a clause, else after a word, else anywhere."""
    assert cut(phonemes, 16) == pieces


@pytest.mark.parametrize("text", ["", " \n ", "...", "…", "“”", "— —", "\N{GRINNING FACE}", "你好世界", "日本", "***"])
def test_nothing_to_say_has_no_pieces(pronouncer: Pronouncer, text: str) -> None:
    """Points, pictures and scripts that the models cannot speak give nothing at all, not noise."""
    assert pronouncer.pieces(text, british=False, limit=400) == ()


SILENT = [
    ("She said 你好 to him, 你!", "你好"),
    ("Пётр came", "Пётр"),
    ("the word λόγος", "λόγος"),
    ("שלום and سلام", "שלוםسلام"),
    ("ｶﾅ and かな", "ｶﾅかな"),
    ("it cost 5 € or ₽5", "€₽"),
    ("the £ fell", "£"),
]
SPOKEN = [
    "Łódź, Ægir, Þór and Nguyễn had a naïve e\N{COMBINING ACUTE ACCENT}tude in a café.",
    "$5, £ 10, €.50 and 7¢ at 20° is ½ of π.",
    "Ａｌｉｃｅ was 𝐀𝐥𝐢𝐜𝐞 in the ﬁrst week, room １２ or ٣٤.",
    "Hawaiʻi; 2ᵗʰ “—” 100% & more…",
]


@pytest.mark.parametrize(("text", "letters"), SILENT)
def test_letters_of_other_scripts_and_lone_signs_of_money_are_not_spoken(text: str, letters: str) -> None:
    """They are told in order, each once."""
    assert unspoken(text) == letters


@pytest.mark.parametrize("text", SPOKEN)
def test_what_is_written_otherwise_but_read_is_spoken(text: str) -> None:
    """Accents, ligatures, wide and mathematical letters, figures of any script and prices are read."""
    assert unspoken(text) == ""


@pytest.mark.parametrize("word", ["你好", "Я", "שלום", "かな", "€", "₽", "£"])
def test_the_pronouncer_indeed_leaves_it_out(pronouncer: Pronouncer, word: str) -> None:
    """A word that is told as unspoken leaves no phoneme of its own."""
    said = {len("".join(pronouncer.pieces(f"She has {w} now.", british=False, limit=400)).split()) for w in ("", word)}
    assert unspoken(word)
    assert len(said) == 1


def test_a_full_stop_that_ends_no_sentence_ends_no_piece(pronouncer: Pronouncer) -> None:
    """“No. 42” is one number wherever the line is cut."""
    (piece,) = pronouncer.pieces("He lives at No. 42 now.", british=False, limit=400)
    assert piece.count(".") == 1
    assert "nˈʌmbəɹ" in piece


def test_markup_is_not_read_out(pronouncer: Pronouncer) -> None:
    """Symbols of markup are neither spelt out nor obeyed."""
    plain = pronouncer.pieces("a word here", british=False, limit=400)
    assert pronouncer.pieces("a *word* here", british=False, limit=400) == plain
    (obeyed,) = pronouncer.pieces("a [word](/bˈæd/) here", british=False, limit=400)
    assert "wˈɜɹd" in obeyed


def test_britain_is_pronounced_otherwise(pronouncer: Pronouncer) -> None:
    """A British voice gets British phonemes: an American model would be misread by them, and the other way round."""
    american, british = (pronouncer.pieces("the last bath", british=b, limit=400)[0] for b in (False, True))
    assert "æ" in american
    assert "ɑː" in british


def test_a_line_of_verse_is_a_piece(pronouncer: Pronouncer) -> None:
    """A new line of the text is heard."""
    assert len(pronouncer.pieces(VERSE, british=False, limit=400)) == 3


def test_a_word_without_end_stays_within_the_limit(pronouncer: Pronouncer) -> None:
    """Three thousand digits are many pieces, each within the model's window, and every symbol is known to it."""
    pieces = pronouncer.pieces("7 " * 1500, british=False, limit=400)
    assert len(pieces) > 10
    assert max(len(piece) for piece in pieces) <= 400
    assert all(len(pronouncer.ids(piece)) == len(piece) for piece in pieces)


def test_one_piece_keeps_its_edges() -> None:
    """What needs no joining is left as the model made it."""
    take = tune(300, 500)
    assert joined([take], RATE_HZ) is take


def test_no_pieces_make_no_samples() -> None:
    """Nothing to say lasts no time."""
    assert joined([], RATE_HZ).shape == (0,)


def test_pieces_are_joined_with_a_short_gap() -> None:
    """The models' own silence goes, down to a margin; a breath comes between."""
    take = joined([tune(300, 500), tune(200, 400)], RATE_HZ)
    margins, gap = 4 * round(MARGIN_S * RATE_HZ), round(GAP_S * RATE_HZ)
    assert len(take) == 500 + 400 + margins + gap
