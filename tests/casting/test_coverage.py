"""Cast against script."""

from pathlib import Path

import pytest

from narrator.casting import check_cast, silent_roles
from narrator.errors import ProjectError
from tests.casting.scripts import cast_of, line, script, spoken_by

VOICES = "{reed: {tone: 220}, mara: {tone: 330}}"


def test_a_cast_that_reads_everything_is_accepted(tmp_path: Path) -> None:
    """Under `unknown: narrator` nobody is missing."""
    check_cast(cast_of(tmp_path, VOICES, "{narrator: reed}"), spoken_by(narrator=1, Alice=2, unknown=1))


def test_who_is_missing_is_told_with_lines_and_advice(tmp_path: Path) -> None:
    """Each uncast speaker with address, text, number of lines, and whose alias they may be; most lines first."""
    cast = cast_of(tmp_path, VOICES, "{narrator: reed, Darcy: mara, Elizabeth: mara, unknown: error}")
    book = script(
        line(1, "narrator"),
        line(2, "Elisabeth", "Indeed!"),
        line(3, "Mr. Darcy", "You are dancing with the only handsome girl in the room."),
        line(4, "Mr. Darcy", "I certainly shall not."),
        line(5, "unknown", "Who is there?"),
        line(6, "Kitty", "La!"),
    )
    with pytest.raises(ProjectError) as caught:
        check_cast(cast, book)
    assert str(caught.value).splitlines() == [
        (
            "cast: `Mr. Darcy` is not in the cast; add it or list it under aliases of `Darcy` "
            "(2 lines, first ch01:l3 “You are dancing with the only handsome girl in the room.”)"
        ),
        (
            "cast: `Elisabeth` is not in the cast; add it or list it under aliases of `Elizabeth` "
            "(1 line, first ch01:l2 “Indeed!”)"
        ),
        "cast: `Kitty` is not in the cast; add `Kitty: NAME_OF_A_VOICE` (1 line, first ch01:l6 “La!”)",
        "cast: nobody is known to say 1 line, first ch01:l5 “Who is there?”",
        "  Or set `unknown: narrator` in the cast: the narrator reads what is left over.",
    ]


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    """Of forty missing characters, the twelve who speak most are told and the rest counted."""
    cast = cast_of(tmp_path, VOICES, "{narrator: reed, unknown: error}")
    with pytest.raises(ProjectError) as caught:
        check_cast(cast, spoken_by(**{f"C{n:02}": 1 for n in range(40)}))
    assert caught.value.message.endswith("and 28 more who are not in the cast")


def test_titles_alone_make_nobody_alike(tmp_path: Path) -> None:
    """`Mr. Collins` is not advised to be `Mr. Gardiner`."""
    cast = cast_of(tmp_path, VOICES, "{narrator: reed, Mr. Gardiner: mara, unknown: error}")
    with pytest.raises(ProjectError) as caught:
        check_cast(cast, spoken_by(**{"Mr. Collins": 1}))
    assert "Gardiner" not in str(caught.value)


def test_roles_without_a_line_are_found(tmp_path: Path) -> None:
    """A name that the book spells otherwise has no line."""
    cast = cast_of(tmp_path, VOICES, "{narrator: reed, Alise: mara, Bob: mara}")
    assert [role.character for role in silent_roles(cast, spoken_by(Alice=3, Bob=1))] == ["Alise"]
