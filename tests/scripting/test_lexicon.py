from narrator.domain import LexiconEntry
from narrator.scripting.lexicon import Lexicon


def say(text: str, *entries: LexiconEntry, voice: str = "reed") -> str:
    """A text with its words of the lexicon."""
    hidden = Lexicon(entries).hide(text, voice)
    return hidden.show(hidden.text)


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


def test_the_books_own_private_characters_stay():
    """Characters without a meaning of their own, as some publishers' fonts use, are never taken for a slot."""
    own = "\ue100\ue101\uf7ff"
    assert say(f"{own} bath {own}", LexiconEntry(match="bath", say=f"bahth {own}")) == f"{own} bahth {own} {own}"


def test_what_finds_no_slot_is_said_as_printed():
    """A line that holds every private character, or more lexicon words than there are, loses nothing."""
    every = "".join(map(chr, range(0xE100, 0xF800)))
    entry = LexiconEntry(match="a", say="b")
    assert say(f"{every} a", entry) == f"{every} a"
    assert say("a " * 6000, entry) == "b " * len(every) + "a " * (6000 - len(every))
