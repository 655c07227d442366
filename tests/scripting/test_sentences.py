from itertools import pairwise

import pytest

from narrator.domain import Learnt
from narrator.scripting.languages import ENGLISH
from narrator.scripting.sentences import Splitter, train


def split(text: str, language: str = "en", learnt: Learnt | None = None) -> list[str]:
    """The sentences of a text."""
    starts = [0, *Splitter(learnt or Learnt(), language).split(text), len(text)]
    return [text[a:b].strip() for a, b in pairwise(starts)]


@pytest.mark.parametrize(
    "parts",
    [
        ("Mr. Lee met Dr. Poe.", "They spoke."),
        ("“What?” she said.", "“Nothing.”"),
        ("“Stop!” cried Anna.", "“Go on.”"),
        ("He left.”", "She stayed."),
        ("“I know,” he said.", "“I know it all.”"),
        ("See No. 5 and vol. 3 there.", "Then go."),
        ("“No.", "I will not.”"),
        ("My name is Jonas E. Smith.",),
        ("We make a team, you and I.", "Did you see?"),
        ("I wonder… perhaps not.",),
        ("I wonder…", "Perhaps not."),
        ("It was . . . well . . . simple.", "Then . . .", "It was not."),
        ("You and Albert I. Jones, you and I.", "Did you see?"),
        ("Mix it, and--voila! -- you have cake.",),
        ("He came at 5 p.m. on foot.", "She did not."),
        ("It was (so they say.) true.",),
        ("Really?!", "Yes.", "“Good.”"),
        ("He read bread, wine, etc. and left.",),
        ("At 5 a.m. Mr. Lee rose.", "He left the bank at 6 p.m.", "Mr. Poe went to the store."),
        ("• 9. The first item", "• 10. The second item"),
        ("It is, well . . . I know it.",),
        ("I paid Rs. 40 on Jan. 3 for it.",),
    ],
)
def test_english_sentences(parts: tuple[str, ...]):
    """Abbreviations end no sentence, closing marks stay with theirs, a tag goes on with the question before it."""
    assert split(" ".join(parts)) == list(parts)


def test_full_width_stops_end_sentences_without_a_space():
    """Japanese and Chinese sentences end where their stop stands."""
    assert split("吾輩は猫である。名前はまだ無い。「何？」と言った。", "ja") == [
        "吾輩は猫である。",
        "名前はまだ無い。",
        "「何？」",
        "と言った。",
    ]


def test_german_ordinals_and_abbreviations_hold_together():
    """`z.B.` and `Hr.` do not end a German sentence."""
    assert split("Hr. Samsa kam z.B. gestern. Er ging.", "de") == ["Hr. Samsa kam z.B. gestern.", "Er ging."]
    assert split("Er kam am 12. Juni. Der 3. Mann ging.", "de") == ["Er kam am 12. Juni.", "Der 3. Mann ging."]
    assert split("»Wirklich?« »Ja!«", "de") == ["»Wirklich?«", "»Ja!«"]


def test_abbreviations_are_learnt_from_the_book():
    """A word that the book always prints with a full stop before its names is learnt; an ordinary word is not."""
    text = ["We saw Xq. Brown and then Xq. Green in town. The dog ran. Xq. White saw a dog. Xq. Black ran."] * 12
    learnt = train(text, ENGLISH)
    assert "xq" in learnt.abbreviations
    assert "dog" not in learnt.abbreviations
    assert split("There was Xq. Long. He sat.", learnt=learnt) == ["There was Xq. Long.", "He sat."]
