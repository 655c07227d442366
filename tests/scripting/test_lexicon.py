import pytest

from narrator.domain import LexiconEntry
from narrator.errors import ProjectError
from narrator.scripting.lexicon import Lexicon, show


def say(text: str, *entries: LexiconEntry, voice: str = "reed") -> str:
    """A text with its words of the lexicon."""
    hidden, changes = Lexicon(entries).hide(text, voice)
    return show(hidden, changes)


def test_only_whole_words_are_said_anew():
    """`ann` is not in `annual`, and the possessive stays."""
    assert say("Ann's annual ann", LexiconEntry(match="ann", say="Anne")) == "Anne's annual Anne"


def test_capitals_in_an_entry_count():
    """An entry with capitals holds for that spelling only."""
    assert say("Read what I read", LexiconEntry(match="Read", say="Red")) == "Red what I read"


def test_an_entry_may_be_a_pattern():
    """Groups of a regular expression can be said again."""
    assert (
        say("the SS Nina", LexiconEntry(match=r"\bSS (\w+)", say=r"steamship \1", regex=True)) == "the steamship Nina"
    )


def test_an_entry_may_hold_for_one_voice():
    """Other voices say the word as it is printed."""
    entry = LexiconEntry(match="bath", say="bahth", voices=("emma",))
    assert (say("bath", entry), say("bath", entry, voice="emma")) == ("bath", "bahth")


def test_the_first_entry_wins():
    """What one entry has settled is not changed by the next."""
    assert say("lead", LexiconEntry(match="lead", say="led"), LexiconEntry(match="led", say="lead")) == "led"


def test_a_broken_pattern_is_the_users_to_mend():
    """An entry that is no regular expression is a project error that shows it."""
    with pytest.raises(ProjectError, match=r"\(unclosed"):
        Lexicon([LexiconEntry(match="(unclosed", say="x", regex=True)])
