"""A second look at a book."""

from dataclasses import replace
from pathlib import Path

import pytest

from narrator.domain import Character, Gender, Learnt
from narrator.production import Wishes, plan, quiet
from narrator.project import open_project
from narrator.refreshing import accept, look_again
from narrator.rehearsal import propose
from narrator.scripting import differences, merged
from narrator.settings.learnt import write_learnt
from tests.projects import BOOK, edit

MORE = """
“I took the bell,” said Mr. Reed. “It was mine.”

“Yours?” said Tom.

“Mine,” said Mr. Reed. “I forged it in the year of the flood.”
"""
ANNA = Character(name="Anna", aliases=("Miss Reed",), gender=Gender.FEMALE, n_mentions=5)
TOM = Character(name="Tom", gender=Gender.UNKNOWN, n_mentions=4)
BASE = Learnt(abbreviations=("dr", "st"), characters=(ANNA, TOM))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A proposed project, as a person left it: a comment, another pace, odd spaces."""
    book = tmp_path / "ferry.md"
    book.write_text(BOOK, "utf-8")
    file = propose(book, tmp_path / "one").file
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("  Tom: ", "  # he is shy\n  Tom:   ").replace("voices:\n", "voices:   # mine\n"), "utf-8"
    )
    return file


def keys(file: Path) -> set[str]:
    """The keys of a book's takes."""
    return {request.key for request in plan(open_project(file), Wishes(), quiet).requests}


def test_nothing_is_new_in_a_book_that_is_the_same(project: Path) -> None:
    """And nothing would be written."""
    found = look_again(open_project(project))
    assert (found.changes, found.n_again, found.edits) == (False, 0, ())


def test_a_book_that_grew_is_learnt_anew_and_what_people_wrote_stays(project: Path) -> None:
    """The new speaker gets a voice of their own; lines to record are counted; every line of the file is still there."""
    manuscript = project.parent / "ferry.md"
    manuscript.write_text(BOOK + MORE, "utf-8")
    text, before = project.read_text("utf-8"), keys(project)
    found = look_again(open_project(project))
    assert any(each.startswith("+ Mr. Reed, male") for each in found.differences)
    assert [part.character for part in found.parts] == ["Mr. Reed"]
    assert project.read_text("utf-8") == text
    accept(found)
    edited = project.read_text("utf-8")
    lines = iter(edited.splitlines())
    assert all(line in lines for line in text.splitlines())
    roles = {role.character: role.voice.name for role in plan(open_project(project), Wishes(), quiet).cast.roles}
    assert len({roles[name] for name in ("narrator", "Anna", "Tom", "Mr. Reed")}) == 4
    assert len(keys(project) - before) == found.n_again
    assert not look_again(open_project(project)).changes


def test_a_hand_made_correction_is_kept_and_not_shown_as_news(project: Path) -> None:
    """Also where the book says otherwise."""
    edit(project.parent / "learnt.yaml", "name: Tom, gender: male", "name: Tom, gender: female")
    found = look_again(open_project(project))
    assert not found.changes
    assert {c.name: c.gender for c in found.learnt.characters}["Tom"] is Gender.FEMALE


def test_new_roles_of_a_cast_in_other_voices_share_those(project: Path) -> None:
    """One build has one engine: a cast of tones stays one."""
    text = project.read_text("utf-8")
    for voice, hz in (("af_heart", 220), ("bf_emma", 440), ("bm_daniel", 110)):
        text = text.replace(f"{{kokoro: {voice}}}", f"{{tone: {hz}}}")
    project.write_text(text, "utf-8")
    manuscript = project.parent / "ferry.md"
    manuscript.write_text(BOOK + MORE, "utf-8")
    accept(look_again(open_project(project)))
    cast = plan(open_project(project), Wishes(), quiet).cast
    assert {role.character for role in cast.roles} >= {"Mr. Reed"}
    assert len(cast.voices) == 3


def test_a_person_s_word_goes_before_what_is_learnt_now() -> None:
    """Gender and aliases set by hand, characters taken out or put in, abbreviations taken out or put in."""
    own = Learnt(
        abbreviations=("dr", "capt"),
        characters=(replace(ANNA, aliases=("Annie",)), Character(name="The Bell")),
    )
    new = Learnt(
        abbreviations=("dr", "st", "col"),
        characters=(replace(ANNA, n_mentions=9), TOM, Character(name="Annie"), Character(name="Bob")),
    )
    found = merged(BASE, own, new)
    assert found.abbreviations == ("dr", "col", "capt")
    assert [(c.name, c.aliases, c.n_mentions) for c in found.characters] == [
        ("Anna", ("Annie",), 9),
        ("Bob", (), 0),
        ("The Bell", (), 0),
    ]


def test_what_is_untouched_follows_the_book() -> None:
    """Better rules may take back what worse ones found."""
    new = Learnt(characters=(replace(ANNA, gender=Gender.UNKNOWN),))
    assert merged(BASE, BASE, new) == new


def test_without_a_base_all_that_stands_counts_as_a_person_s() -> None:
    """Nothing is taken back, and news is added."""
    found = merged(Learnt(), BASE, Learnt(abbreviations=("col",), characters=(Character(name="Bob"),)))
    assert found.abbreviations == ("col", "dr", "st")
    assert {c.name for c in found.characters} == {"Anna", "Tom", "Bob"}


def test_differences_are_told_one_a_line() -> None:
    """Characters first, with what changed about each."""
    new = Learnt(
        abbreviations=("dr",),
        characters=(replace(ANNA, aliases=("Annie",), gender=Gender.MALE), Character(name="Bob", n_mentions=2)),
    )
    assert differences(BASE, new) == (
        "~ Anna: female → male; also Annie; no longer Miss Reed",
        "+ Bob, unknown, 2 mentions",
        "- Tom",
        "- abbreviation “st”",
    )


def test_a_project_without_what_was_learnt_is_given_it(project: Path) -> None:
    """As its first build would."""
    (project.parent / "learnt.yaml").unlink()
    found = look_again(open_project(project))
    assert found.changes
    accept(found)
    assert (project.parent / "learnt.yaml").exists()
    write_learnt(project.parent / "learnt.yaml", found.learnt)
    assert not look_again(open_project(project)).changes
