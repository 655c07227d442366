import pytest

from narrator.domain import Character, Gender
from narrator.scripting.dialogue import attribute
from narrator.scripting.languages import ENGLISH, words_of
from narrator.scripting.people import People
from tests.scripting.books import paragraph

ANNA = Character(name="Anna", aliases=("Miss Lee",), gender=Gender.FEMALE)
BEN = Character(name="Mr. Benjamin Poe", aliases=("Ben",), gender=Gender.MALE)
CARL = Character(name="Carl", gender=Gender.MALE)


def speakers(*texts: str, language: str = "en") -> list[str]:
    """Who speaks each quotation of one scene."""
    people = People([ANNA, BEN, CARL], words_of(language))
    heard = attribute([paragraph(t) for t in texts], people, words_of(language), "")
    return [s.character for speeches in heard for s in speeches]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“Yes,” said Anna.", "Anna"),
        ("“Yes,” Anna said.", "Anna"),
        ("“Yes?” asked Miss Lee.", "Anna"),
        ("“Yes,” Mr. Poe quietly replied.", "Mr. Benjamin Poe"),
        ("“Yes,” Ben, with a smile, replied.", "Mr. Benjamin Poe"),
        ("Anna turned to Ben and said, “Yes.”", "Anna"),
        ("Then said Ben: “Yes.”", "Mr. Benjamin Poe"),
        ("“Yes,” I said.", "narrator"),
        ("Anna shook her head. “No.”", "Anna"),
        ("“No.” Ben rose.", "Mr. Benjamin Poe"),
        ("“Yes,” said the waiter.", "unknown"),
        ("“Yes,” said Dora.", "unknown"),
    ],
)
def test_a_tag_names_its_speaker(text: str, speaker: str):
    """Whoever is the subject of the verb of speaking, or acts beside the quotation, speaks it."""
    assert speakers(text) == [speaker]


def test_a_pronoun_means_who_was_named_last_of_that_gender():
    """`she said` after Anna and Ben is Anna's."""
    assert speakers("Anna met Ben.", "“Yes,” she said.", "“No,” said he.") == ["Anna", "Mr. Benjamin Poe"]


def test_both_parts_of_an_interrupted_speech_are_one_speakers():
    """The tag between two parts holds for both."""
    assert speakers("“Yes,” said Anna, “come in.” She smiled. “Do.”") == ["Anna"] * 3


def test_two_speakers_take_turns():
    """Without tags speech goes to and fro."""
    assert speakers("“A,” said Anna.", "“B,” said Ben.", "“C.”", "“D.”", "“E.”")[2:] == [
        "Anna",
        "Mr. Benjamin Poe",
        "Anna",
    ]


def test_who_is_called_by_name_answers():
    """A vocative names the next speaker and never the present one."""
    assert speakers("“Come, Ben,” said Anna.", "“Why?”") == ["Anna", "Mr. Benjamin Poe"]


def test_speech_goes_on_over_paragraphs():
    """An unclosed quotation that opens again is the same speaker's."""
    assert speakers("“First,” said Anna, “this.", "“Then that.”", "“I see,” said Ben.")[:3] == ["Anna"] * 3


def test_nobody_is_guessed_from_nothing():
    """Speech without any evidence is unknown."""
    assert speakers("“Who is there?”") == ["unknown"]


def test_each_guess_tells_its_rule():
    """The attribution holds the words it rests on."""
    people = People([ANNA], ENGLISH)
    ((speech,),) = attribute([paragraph("“Yes,” said Anna.")], people, ENGLISH, "")
    assert (speech.attribution.rule, speech.attribution.evidence) == ("named", "Anna")
    assert speech.attribution.confidence > 0.9


def test_german_and_french_tags_are_read():
    """`sagte Anna`, `dit Ben` name the speaker."""
    assert speakers("»Ja«, sagte Anna.", language="de") == ["Anna"]
    assert speakers("— Oui, dit Ben.", language="fr") == ["Mr. Benjamin Poe"]
