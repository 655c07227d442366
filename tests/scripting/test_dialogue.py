import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from narrator.domain import Character, Gender
from narrator.scripting.dialogue import Listener, Speech
from narrator.scripting.languages import words_of
from narrator.scripting.people import People
from tests.scripting.books import paragraph

ANNA = Character(name="Anna", aliases=("Miss Lee",), gender=Gender.FEMALE)
BEN = Character(name="Mr. Benjamin Poe", aliases=("Ben",), gender=Gender.MALE)
CARL = Character(name="Carl", gender=Gender.MALE)


def heard(*texts: str, language: str = "en") -> list[Speech]:
    """Each quotation of one scene."""
    listener = Listener(People([ANNA, BEN, CARL], words_of(language)), words_of(language), "")
    return [speech for text in texts for speech in listener.hear(paragraph(text))]


def speakers(*texts: str, language: str = "en") -> list[str]:
    """Who speaks each quotation of one scene."""
    return [speech.character for speech in heard(*texts, language=language)]


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


def test_who_is_called_last_answers():
    """Of several who are called in one speech the last in the text is the next to speak."""
    for last, other in (("Ben", "Carl"), ("Carl", "Ben")):
        answer = {"Ben": "Mr. Benjamin Poe"}.get(last, last)
        assert speakers(f"“Come, {other}, and you, {last},” said Anna.", "“Why?”") == ["Anna", answer]


def test_speech_goes_on_over_paragraphs():
    """An unclosed quotation that opens again is the same speaker's."""
    assert speakers("“First,” said Anna, “this.", "“Then that.”", "“I see,” said Ben.")[:3] == ["Anna"] * 3


def test_nobody_is_guessed_from_nothing():
    """Speech without any evidence is unknown."""
    assert speakers("“Who is there?”") == ["unknown"]


def test_words_that_end_the_narrators_sentence_are_the_narrators():
    """A motto set apart after a sentence that breaks off is nobody's speech; words after a tag are."""
    poem = ("From Pope, Anna learnt to censure those who", "“Bear about", "“The mockery of woe.”")
    assert speakers(*poem, "“Well,” said Ben.") == ["Mr. Benjamin Poe"]
    assert speakers("Then Anna said that", "“You may go.”") == ["Anna"]


def test_each_guess_tells_its_rule():
    """The attribution holds the words it rests on."""
    (speech,) = heard("“Yes,” said Anna.")
    assert (speech.attribution.rule, speech.attribution.evidence) == ("named", "Anna")
    assert speech.attribution.confidence > 0.9


def test_german_and_french_tags_are_read():
    """`sagte Anna`, `dit Ben` name the speaker."""
    assert speakers("»Ja«, sagte Anna.", language="de") == ["Anna"]
    assert speakers("— Oui, dit Ben.", language="fr") == ["Mr. Benjamin Poe"]
    assert speakers("« Oui, avait dit Ben, venez. »", language="fr") == ["Mr. Benjamin Poe"] * 2


ROLL = """
from tests.scripting.books import manuscript, spoken_by
from narrator.domain import Character, Learnt
from narrator.scripting import ScriptRules, write_script
names = ["Anna", "Ben", "Carl", "Dora", "Emil", "Fay", "Gus", "Hal"]
calls = [f"“Come, {a}, and you, {b},” said Anna.\\n\\n“Why?”" for a in names for b in names]
people = tuple(Character(name=name) for name in names)
book = manuscript("\\n\\n***\\n\\n".join(calls))
for line in spoken_by(write_script(book, None, Learnt(characters=people), ScriptRules(max_chars=280))):
    print(ascii(line))
"""
NOVEL = """
import sys
import time
from pathlib import Path
from tests.scripting.books import spoken_by
from narrator.casting.suggest import propose
from narrator.reading import read
from narrator.scripting import ScriptRules, learn, write_script
from narrator.settings.options import ReadOptions
book = read(Path(sys.argv[1]), ReadOptions())
learnt = learn(book)
script = write_script(book, None, learnt, ScriptRules(max_chars=280))
print(ascii(learnt), ascii(propose(learnt, script)))
for line in spoken_by(script):
    print(ascii(line))
"""


def printed(program: str, *arguments: str) -> list[bytes]:
    """What a program prints in two processes that hash names differently."""
    command = [sys.executable, "-c", program, *arguments]
    root = Path(__file__).parents[2]
    return [
        subprocess.run(
            command, check=True, capture_output=True, cwd=root, env=os.environ | {"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]


def test_every_process_hears_the_same_speakers():
    """A story in which many are called by name has one script, however Python orders its sets."""
    first, second = printed(ROLL)
    assert first.count(b"\n") == 8 * 8 * 3
    assert first == second


@pytest.mark.slow
def test_a_novel_has_one_script_and_one_cast(shared: Path):
    """What is learnt, proposed and scripted of a whole novel is the same in every process."""
    first, second = printed(NOVEL, str(shared / "books" / "jane-austen_pride-and-prejudice.epub"))
    assert first.count(b"\n") > 5000
    assert first == second


def test_a_later_tag_tells_whose_turn_it_was():
    """Who is named late in a talk sets right whose turn the quotations after it are."""
    talk = ("Anna, Ben and Carl sat down.", "“A.”", "“B.”", "“C,” said Anna.", "“D,” said Carl.", "“E.”", "“F.”")
    assert speakers(*talk)[-2:] == ["Anna", "Carl"]


def test_a_relative_is_found_by_surname_and_title():
    """`his wife` is Mrs. Bell where Mr. Bell was named, and `the general` the only general."""
    people = [
        Character(name="Mr. Bell", gender=Gender.MALE),
        Character(name="Mrs. Bell", gender=Gender.FEMALE),
        Character(name="General Hope", gender=Gender.MALE),
    ]
    english = words_of("en")
    listener = Listener(People(people, english), english, "")
    texts = ("Mr. Bell came in.", "“Yes,” said his wife.", "“No,” said the general.")
    found = [speech for text in texts for speech in listener.hear(paragraph(text))]
    assert [(s.character, s.attribution.rule) for s in found] == [("Mrs. Bell", "relative"), ("General Hope", "named")]


def test_he_in_the_narration_keeps_its_man_in_mind():
    """A pronoun means whom the narration has been speaking of, not whoever was named in passing."""
    texts = ("Ben rose. He looked out, past the house of Carl, and he waited.", "He turned.", "“Yes,” he said.")
    assert speakers(*texts) == ["Mr. Benjamin Poe"]


def test_a_short_name_is_its_bearers():
    """`Kitty` is Catherine where she is the only one."""
    english = words_of("en")
    listener = Listener(People([Character(name="Catherine Hill")], english), english, "")
    assert [s.character for s in listener.hear(paragraph("“Yes,” said Kitty."))] == ["Catherine Hill"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The silence was broken by Ben, who in a low voice said, “Yes.”", "Mr. Benjamin Poe"),
        ("“Yes!” was Anna’s answer.", "Anna"),
        ("“Yes,” cried the voice of Anna.", "Anna"),
        ("“Yes,” said the gentle Miss Lee.", "Anna"),
        ("Ben said these words: “Yes.”", "Mr. Benjamin Poe"),
    ],
)
def test_other_tags_name_their_speaker(text: str, speaker: str):
    """Relative clauses, answers, voices and adjectives hide no name."""
    assert speakers(text) == [speaker]


def test_a_paragraph_of_many_quotations_takes_time_by_its_length():
    """Eight times as many quotations in one paragraph take about eight times as long."""
    listener = Listener(People([ANNA, BEN], words_of("en")), words_of("en"), "“")

    def seconds(n: int) -> float:
        text = "“Yes,” said Anna. “No,” he said. She rose. “Come, Ben.” " * n
        start = time.process_time()
        listener.hear(paragraph(text))
        return time.process_time() - start

    seconds(20)
    assert seconds(800) < 24 * max(seconds(100), 0.01)
