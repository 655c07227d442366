"""A second reading of who speaks."""

from dataclasses import replace

from narrator.domain import Learnt, Script, SpeakerOverride
from narrator.scripting import ScriptRules, audit, write_script
from tests.scripting.books import cast, manuscript, role

CAST = cast(role("Alice"), role("Bob", "Mr. Reed"))
TALK = """“You are late,” said Bob.

“I am never late,” said Alice.

“The river is early.”

“So it is.”
"""


def given(text: str, **speakers: str) -> Script:
    """A script with some lines' speakers replaced, as a worse attribution would have it."""
    script = write_script(manuscript(text), CAST, Learnt(), ScriptRules(max_chars=280))
    lines = tuple(replace(u, character=speakers.get(u.address, u.character)) for u in script.chapters[0].utterances)
    return replace(script, chapters=(replace(script.chapters[0], utterances=lines),))


def found(script: Script) -> list[tuple[str, str, str]]:
    """What the audit finds."""
    return [(f.rule, f.address, f.character) for f in audit(script, CAST, Learnt())]


def test_a_script_that_follows_its_tags_and_turns_is_left_alone() -> None:
    """No finding where nothing is wrong."""
    assert found(given(TALK)) == []


def test_a_label_that_contradicts_the_tag_beside_it_is_found() -> None:
    """“said Bob” stands beside a line that was given to Alice; also under another of his names."""
    assert ("tag", "ch01:l01", "Alice") in found(given(TALK, **{"ch01:l01": "Alice"}))
    alias = TALK.replace("said Bob", "said Mr. Reed")
    assert ("tag", "ch01:l01", "unknown") in found(given(alias, **{"ch01:l01": "unknown"}))


def test_two_untagged_speeches_in_a_row_of_one_character_are_found() -> None:
    """The second is named; one that is tagged is not."""
    assert found(given(TALK, **{"ch01:l06": "Bob"})) == [("turn", "ch01:l06", "Bob")]


def test_speech_of_several_paragraphs_is_no_missed_turn() -> None:
    """A quotation that is not closed goes on."""
    assert found(given("“You are late,” said Bob. “And you know it.\n\n“Moreover, it rains.”")) == []


def test_what_a_person_decided_is_not_questioned() -> None:
    """An override may contradict a tag."""
    rules = ScriptRules(max_chars=280, speakers=(SpeakerOverride(line="ch01:l01", speaker="Alice", where="p"),))
    assert found(write_script(manuscript(TALK), CAST, Learnt(), rules)) == []
