"""What people decide about who speaks."""

from dataclasses import replace

import pytest

from narrator.domain import (
    Builtin,
    Delivery,
    Directive,
    Learnt,
    LexiconEntry,
    Manuscript,
    Script,
    SpeakerOverride,
    VoiceProfile,
)
from narrator.errors import ProjectError
from narrator.scripting import ScriptRules, pinned, places, write_script
from tests.scripting.books import VOICE, cast, manuscript, paragraph, role, spoken_by

BOOK = """“You are late,” said Tom.

“I am never late.”

“The river is early.”

Tom looked up. “No.” He sat down.

“I will not wait here any longer,” said Anna. “No.”

---

“You are late,” said Anna. She laughed.
"""
CAST = cast(role("Anna", "Miss Reed"), role("Tom"))


def script(text: str = BOOK, **speakers: str) -> Script:
    """A script in which some lines (by address or words) are given to somebody."""
    overrides = tuple(
        SpeakerOverride(line=line, speaker=speaker, where=f"project.yaml:{n}:3")
        for n, (line, speaker) in enumerate(speakers.items(), 7)
    )
    rules = ScriptRules(max_chars=280, speakers=overrides)
    return write_script(manuscript(text), CAST, Learnt(), rules)


def moved(**speakers: str) -> list[tuple[str, str, str]]:
    """What overrides change: address, who spoke, who speaks."""
    before, after = (
        {u.address: u.character for c in made.chapters for u in c.utterances} for made in (script(), script(**speakers))
    )
    return [(a, before[a], after[a]) for a in before if before[a] != after[a]]


@pytest.mark.parametrize(
    "line",
    [
        "ch01:l04",
        "The river is early.",
        "“The river is early.”",
        '"river is early"',
        "I am never late. [The river is early]",
        "[The river] is early",
    ],
)
def test_an_override_changes_its_line_and_no_other(line: str) -> None:
    """However the line is named, and whatever the next line's speaker was taken from."""
    assert [(a, after) for a, _, after in moved(**{line: "narrator"})] == [("ch01:l04", "narrator")]


def test_a_range_of_lines_is_one_override() -> None:
    """`ch01:l03-04` and the words that run over both lines mean the same."""
    for line in ("ch01:l03-l04", "ch01:l03-4", "I am never late.” “The river is early."):
        assert {a for a, _, _ in moved(**{line: "narrator"})} == {"ch01:l03", "ch01:l04"}


def test_the_speaker_may_be_named_by_an_alias() -> None:
    """And lines say of themselves that a person decided."""
    lines = {
        u.address: u for c in script(**{"ch02:l01": "Tom", "ch01:l03": "miss reed"}).chapters for u in c.utterances
    }
    assert (lines["ch02:l01"].character, lines["ch01:l03"].character) == ("Tom", "Anna")
    assert lines["ch02:l01"].attribution is not None
    assert (lines["ch02:l01"].attribution.rule, lines["ch02:l01"].attribution.confidence) == ("by hand", 1.0)


@pytest.mark.parametrize(
    ("line", "speaker", "said"),
    [
        ("You are late", "Tom", "2 lines read “You are late”: ch01:l01, ch02:l01"),
        ("The river was early.", "Tom", "nearest are ch01:l04 “The river is early.”"),
        ("ch01:l99", "Tom", "no line ch01:l99; that chapter ends with ch01:l10"),
        ("ch07:l01", "Tom", "no line ch07:l01; no chapter"),
        ("ch01:l04", "Tomm", "nobody in the cast or the book is called 'Tomm'; did you mean 'Tom'?"),
    ],
)
def test_an_override_that_means_no_one_line_is_refused(line: str, speaker: str, said: str) -> None:
    """With the place where it is written and the lines that it may have meant."""
    with pytest.raises(ProjectError) as caught:
        script(**{line: speaker})
    assert caught.value.message.startswith("project.yaml:7:3: ")
    assert said in caught.value.message


def test_all_wrong_overrides_are_told_at_once() -> None:
    """One line each."""
    with pytest.raises(ProjectError) as caught:
        script(**{"ch09:l01": "Tom", "ch01:l01": "Nobody", "ch01:l03": "Anna"})
    assert [line[:14] for line in caught.value.message.splitlines()] == ["project.yaml:7", "project.yaml:8"]


@pytest.mark.parametrize("address", [p.address for p in places(script())])
def test_an_address_becomes_words_that_mean_the_same_line(address: str) -> None:
    """Also for a line that is printed twice: then with what stands around it, and the line itself in brackets."""
    known = places(script())
    words = pinned(address, known)
    assert moved(**{words: "unknown"}) == moved(**{address: "unknown"})
    assert "[" in words or sum(p.text == words for p in known) == 1


def test_pinned_words_stay_with_their_line_when_the_book_grows() -> None:
    """A paragraph put before it moves the address and not the override."""
    words = pinned("ch01:l04", places(script()))
    grown = script("A new beginning.\n\n“Hello there, Tom,” said Anna.\n\n" + BOOK, **{words: "narrator"})
    assert ("narrator", "“The river is early.”") in spoken_by(grown)


def test_a_line_in_another_mouth_is_said_with_that_voice_s_lexicon() -> None:
    """The spoken form is the new speaker's."""
    deep = VoiceProfile(name="deep", source=Builtin(engine="tone", voice="110"))
    rules = ScriptRules(
        max_chars=280,
        lexicon=(LexiconEntry(match="river", say="rivver", voices=("deep",)),),
        speakers=(SpeakerOverride(line="ch01:l04", speaker="Ben", where="p:1:1"),),
    )
    made = write_script(manuscript(BOOK), cast(role("Ben", voice=deep), role("Anna")), Learnt(), rules)
    assert made.chapters[0].utterances[3].spoken == "The rivver is early."


# ── directives ────────────────────────────────────────────────────────────────────────────────────────────────────────


def directed(text: str, directive: Directive) -> Script:
    """A first paragraph, and a second one under a directive."""
    book = manuscript("He went out.\n\nShe came in.")
    blocks = (book.chapters[0].blocks[0], replace(paragraph(text), directive=directive), book.chapters[0].blocks[1])
    changed: Manuscript = replace(book, chapters=(replace(book.chapters[0], blocks=blocks),))
    return write_script(changed, CAST, Learnt(), ScriptRules(max_chars=280))


def test_a_directive_gives_the_speech_below_it_to_somebody() -> None:
    """What is quoted; or, where nothing is, the whole paragraph."""
    anna = Directive(where="book.md:3", speaker="Anna")
    said = spoken_by(directed("“Wait,” said the man. He left.", anna))
    assert said[1:3] == [("Anna", "“Wait,”"), ("narrator", "said the man. He left.")]
    assert spoken_by(directed("My dear Tom, I write in haste.", anna))[1] == ("Anna", "My dear Tom, I write in haste.")


def test_a_style_holds_for_the_speech_and_a_pause_comes_before_the_paragraph() -> None:
    """The tag is read as ever; the silence is the line's before."""
    made = directed("“Wait,” said Tom. He left.", Directive(where="book.md:3", style="whisper", pause_s=2.5))
    lines = made.chapters[0].utterances
    assert [line.style for line in lines] == ["", "whisper", "", ""]
    assert [line.pause_s for line in lines] == [2.5, None, None, None]


def test_a_directive_that_names_nobody_is_refused_with_its_place() -> None:
    """A misspelt name is never read by the narrator in silence."""
    with pytest.raises(ProjectError, match=r"book\.md:3: nobody .* 'Ana'; did you mean 'Anna'"):
        directed("“Wait.”", Directive(where="book.md:3", speaker="Ana"))


def test_the_role_s_own_delivery_stays_where_nothing_is_asked() -> None:
    """A style of the manuscript goes before the role's, and lines without one keep theirs."""
    assert VOICE.delivery == Delivery()
    assert all(line.style == "" for chapter in script().chapters for line in chapter.utterances)
