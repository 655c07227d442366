from narrator.domain import LexiconEntry
from narrator.scripting.lexicon import Lexicon
from narrator.scripting.normalise import spoken_form


def say(text: str, *entries: LexiconEntry, voice: str = "reed") -> str:
    """A text with its words of the lexicon."""
    return spoken_form(text, "en", Lexicon(entries).find(text, voice))[0]


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


def test_what_the_lexicon_says_is_said_to_the_letter():
    """Marks, capitals and figures of an entry reach the engine; an entry for a word as it stands shields it."""
    assert say("Siobhan’s lead", LexiconEntry(match="Siobhan", say="[shiv-AWN] “5”")) == "[shiv-AWN] “5”'s lead"
    assert say("Chapter 5 of the MUST", LexiconEntry(match="5", say="5")) == "Chapter 5 of the must"


def test_a_word_may_be_left_out():
    """An entry that says nothing takes its word out, with one of the spaces around it."""
    assert say("He ahem said so", LexiconEntry(match="ahem", say="")) == "He said so"


def test_the_books_own_private_characters_stay():
    """Characters without a meaning of their own, as some publishers' fonts use, are left alone."""
    own = "\ue100\ue101\uf7ff"
    assert say(f"{own} bath {own}", LexiconEntry(match="bath", say=f"bahth {own}")) == f"{own} bahth {own} {own}"


def test_a_line_may_hold_any_number_of_its_words():
    """Six thousand words of the lexicon in one line are all said."""
    assert say("a " * 6000, LexiconEntry(match="a", say="b")) == ("b " * 6000).strip()


def test_a_pattern_that_matches_nothing_changes_nothing():
    """A regular expression that finds a place between two letters leaves them alone."""
    assert say("ab cd", LexiconEntry(match="(?<=a)(?=b)|x", say="-", regex=True)) == "ab cd"
