"""A proposed cast and its project.yaml."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.casting import pool_for, project_yaml, propose, read_cast
from narrator.casting.first_project import voice_name
from narrator.casting.pitches import KOKORO_HZ
from narrator.casting.suggest import VOICES
from narrator.domain import Attribution, Character, Coverage, Gender, Learnt, Manuscript
from narrator.settings.document import load
from narrator.settings.options import ProjectOptions
from tests.casting.scripts import line, script, spoken_by

NEAR = [
    {"am_puck", "am_fenrir"},
    {"af_heart", "af_bella"},
    {"af_heart", "af_nova"},
    {"af_heart", "af_sarah"},
    {"am_puck", "am_echo"},
    {"bm_fable", "am_echo"},
    {"bm_fable", "af_alloy"},
]
"""Voices whose speaker embeddings are 0.84 alike or more (28 voices, mean of five lines, two encoders)."""
BOOK = Manuscript(
    title="Alice", authors=("Lewis Carroll",), chapters=(), coverage=Coverage(n_letters=0, n_spoken=0, n_skipped=0)
)
ALICE = Learnt(
    characters=(
        Character(name="Alice", gender=Gender.FEMALE),
        Character(name="The Hatter", aliases=("Hatter", "Mad Hatter"), gender=Gender.MALE),
        Character(name="The Dodo"),
        Character(name="The Cat"),
    )
)


def crowd(gender: Gender, number: int) -> Learnt:
    """So many characters of one gender."""
    return Learnt(characters=tuple(Character(name=f"C{n:02}", gender=gender) for n in range(number)))


def test_voices_go_by_gender_and_lines() -> None:
    """The narrator has the best voice; who speaks most comes next and has the voice furthest from it."""
    proposal = propose(ALICE, spoken_by(**{"narrator": 9, "Alice": 5, "The Hatter": 3, "The Cat": 2, "The Dodo": 1}))
    assert [(part.character, part.voice, part.n_lines) for part in proposal.parts] == [
        ("narrator", "af_heart", 9),
        ("Alice", "bf_emma", 5),
        ("The Hatter", "bm_daniel", 3),
        ("The Cat", "af_alloy", 2),
    ]
    assert proposal.minor == ("The Dodo",)
    assert proposal.parts[2].aliases == ("Hatter", "Mad Hatter")


@pytest.mark.parametrize("gender", list(Gender))
def test_voices_that_are_alike_are_never_cast_together(gender: Gender) -> None:
    """Whatever the book, no two of the proposed voices are known to be near, and those left out stay out."""
    proposal = propose(crowd(gender, 40), spoken_by(**{f"C{n:02}": 2 for n in range(40)}))
    heard = {part.voice for part in proposal.parts}
    assert not [pair for pair in combinations(heard, 2) if set(pair) in NEAR]
    assert not heard & {"af_nicole", "bf_alice", "am_santa"}


@pytest.mark.parametrize(("gender", "number"), [(Gender.FEMALE, 9), (Gender.MALE, 10), (Gender.UNKNOWN, 19)])
def test_voices_differ_as_long_as_there_are_any(gender: Gender, number: int) -> None:
    """Nobody shares a voice before all of their gender are used."""
    proposal = propose(crowd(gender, number), spoken_by(**{f"C{n:02}": 2 for n in range(number)}))
    assert len({part.voice for part in proposal.parts}) == number + 1


def test_who_comes_last_shares_with_who_speaks_least() -> None:
    """When voices are used up they are shared by the quietest, and the narrator's never."""
    lines = {f"C{n:02}": 100 - n for n in range(15)}
    proposal = propose(crowd(Gender.FEMALE, 15), spoken_by(**lines))
    voices = [part.voice for part in proposal.parts]
    assert voices.count("af_heart") == 1
    assert voices[1 + 9] == voices[1 + 8]
    assert max(voices.count(voice) for voice in voices) == 2


def test_names_of_voices_differ() -> None:
    """A Kokoro voice is known by its own name, which no other proposed voice has."""
    every = [voice for voices in VOICES.values() for voice in voices]
    assert len({voice_name(voice) for voice in every}) == len(every) == 20
    assert voice_name("bf_emma") == "emma"


def test_the_sample_is_a_sure_line_that_a_glance_takes_in() -> None:
    """Of the surest lines, the longest that is not long."""
    book = script(
        line(1, "Alice", "Oh dear!", 0.9),
        line(2, "Alice", "I shall be late.", 0.9),
        line(3, "Alice", "x" * 50, 0.3),
        line(4, "Alice", "y" * 500, 0.9),
    )
    part = propose(ALICE, book).parts[1]
    assert part.sample == "I shall be late."
    assert part.confidence == pytest.approx(0.75)


def test_the_first_project_reads_like_this(save_golden: bool) -> None:
    """The file is as it was reviewed."""
    book = script(
        line(1, "narrator", "Alice was beginning to get very tired."),
        line(2, "Alice", "What is the use of a book without pictures?"),
        line(3, "Alice", "Curiouser!"),
        line(4, "The Hatter", "Your hair wants cutting.", 0.6),
        line(5, "The Hatter", "No room!", 0.6),
        line(6, "The Dodo", "Hand it over here."),
        line(7, "unknown", "Hush!"),
    )
    text = project_yaml(propose(ALICE, book), BOOK, "alice.epub")
    golden = Path(__file__).resolve().parent.parent / "golden" / "first-project.yaml"
    if save_golden:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(lambda name: name == name.strip())
PEOPLE = st.lists(
    st.builds(Character, name=NAMES, aliases=st.lists(NAMES, max_size=2).map(tuple), gender=st.sampled_from(Gender)),
    max_size=6,
    unique_by=lambda who: who.name,
)


@settings(max_examples=100, deadline=None)
@given(PEOPLE, st.text(max_size=30))
def test_any_proposal_is_a_project_that_casts(
    tmp_path_factory: pytest.TempPathFactory, people: list[Character], said: str
) -> None:
    """Whatever names and lines a book has, the file loads, and its roles are the proposed ones with their voices."""
    book = script(*(line(n, who.name, said) for who in people for n in (1, 2)))
    proposal = propose(Learnt(characters=tuple(people)), book)
    root = tmp_path_factory.getbasetemp()
    (root / "project.yaml").write_text(project_yaml(proposal, BOOK, "a: b.epub"), "utf-8")
    cast = read_cast(load(root / "project.yaml", ProjectOptions), root)
    assert [(role.character, role.aliases) for role in cast.roles] == [(p.character, p.aliases) for p in proposal.parts]
    assert [role.voice.name for role in cast.roles] == [voice_name(part.voice) for part in proposal.parts]


def test_whom_the_manuscript_names_has_a_role_for_a_single_line() -> None:
    """A directive names a speaker on purpose."""
    asked = replace(line(1, "Ghost", "I am."), attribution=Attribution(rule="directive", confidence=1.0))
    proposal = propose(Learnt(), script(asked, line(2, "Bob", "I was.")))
    assert ([part.character for part in proposal.parts], proposal.minor) == (["narrator", "Ghost"], ("Bob",))


def test_old_and_young_get_the_voice_of_their_height() -> None:
    """By the words of their names, among the voices that are free."""
    people = (
        Character(name="The Old Man", gender=Gender.MALE),
        Character(name="Young Kate", aliases=("the little girl",), gender=Gender.FEMALE),
    )
    proposal = propose(Learnt(characters=people), spoken_by(**{"The Old Man": 9, "Young Kate": 8}))
    voices = {part.character: KOKORO_HZ[part.voice] for part in proposal.parts}
    assert voices["The Old Man"] < 115
    assert voices["Young Kate"] > 200


@pytest.mark.parametrize(
    ("language", "here", "key", "notes"),
    [
        ("en-gb", False, "kokoro", False),
        ("en", True, "preset", False),
        ("de", False, "preset", True),
        ("ja", True, "preset", False),
        ("nl", False, "kokoro", True),
    ],
)
def test_the_voices_at_hand_decide_what_is_proposed(language: str, here: bool, key: str, notes: bool) -> None:
    """Kokoro for English, Qwen3-TTS where it stands ready; and where nothing else speaks it, which is said."""
    pool = pool_for(language, presets_here=here)
    assert (pool.key, bool(pool.notes)) == (key, notes)
    proposal = propose(crowd(Gender.MALE, 12), spoken_by(**{f"C{n:02}": 2 for n in range(12)}), pool)
    assert len({part.voice for part in proposal.parts}) == (5 if key == "preset" else 11)
    text = project_yaml(proposal, replace(BOOK, language=language), "b.epub")
    assert all(f"# {note}" in text for note in pool.notes)
