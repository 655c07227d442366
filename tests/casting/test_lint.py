"""What a producer would stop at in a cast."""

from pathlib import Path

from narrator.casting import lint, summary, unknown_note
from narrator.domain import Character, Finding, Gender, Learnt, Script
from tests.casting.scripts import cast_of, spoken_by

VOICES = "{reed: {kokoro: af_heart}, mara: {kokoro: bf_emma}, dan: {kokoro: bm_daniel}}"
LEARNT = Learnt(
    characters=(
        Character(name="Alice", aliases=("Miss Liddell",), gender=Gender.FEMALE),
        Character(name="Bob", gender=Gender.MALE),
        Character(name="Cat"),
    )
)


def found(folder: Path, cast: str, script: Script, *authors: str) -> list[tuple[str, str]]:
    """Rule and role of every finding."""
    return [(f.rule, f.character) for f in lint(cast_of(folder, VOICES, cast), script, LEARNT, authors)]


def test_a_sound_cast_has_no_findings(tmp_path: Path) -> None:
    """Everyone speaks, each in a voice of their own."""
    cast = "{narrator: reed, Alice: mara, Bob: dan}"
    assert found(tmp_path, cast, spoken_by(narrator=9, Alice=20, Bob=20), "Lewis Carroll") == []


def test_a_role_without_lines_is_found(tmp_path: Path) -> None:
    """Often a name that the book spells otherwise."""
    assert found(tmp_path, "{narrator: reed, Alcie: mara}", spoken_by(Alice=3)) == [("no lines", "Alcie")]


def test_an_author_cast_as_a_person_is_found(tmp_path: Path) -> None:
    """By any of the role's names; the narrator may bear the author's."""
    cast = "{narrator: {voice: reed, aliases: [Jane Doe]}, Carroll: {voice: dan, aliases: [lewis  carroll]}}"
    assert found(tmp_path, cast, spoken_by(Carroll=3), "Lewis Carroll", "Jane Doe") == [("byline", "Carroll")]


def test_one_voice_for_two_who_say_much_is_found(tmp_path: Path) -> None:
    """With the narrator too; a bit part may share."""
    cast = "{narrator: reed, Alice: mara, Bob: dan, Cat: mara, Dodo: reed, Eve: dan}"
    script = spoken_by(narrator=99, Alice=40, Bob=40, Cat=40, Dodo=30, Eve=2)
    assert found(tmp_path, cast, script) == [("one voice", "Cat"), ("one voice", "Dodo")]


def test_a_voice_of_the_other_gender_is_found(tmp_path: Path) -> None:
    """By any name of the character; not where the book or the voice does not tell."""
    cast = "{narrator: reed, Miss Liddell: dan, Bob: mara, Cat: mara}"
    script = spoken_by(**{"Miss Liddell": 3, "Bob": 3, "Cat": 3})
    assert found(tmp_path, cast, script) == [("gender", "Miss Liddell"), ("gender", "Bob")]


def test_findings_say_where_the_role_is_written(tmp_path: Path) -> None:
    """File, line and column."""
    cast = cast_of(tmp_path, VOICES, "{narrator: reed, Alcie: mara}")
    (finding,) = lint(cast, spoken_by(Alice=3), LEARNT, ())
    assert finding.where == f"{tmp_path / 'project.yaml'}:4:31"


def test_a_build_is_told_once_of_all_lines_of_a_kind() -> None:
    """And of each role by itself."""
    findings = [
        Finding(rule="tag", character="A", message="given to A", address="ch01:l01"),
        Finding(rule="tag", character="B", message="given to B", address="ch01:l09"),
        Finding(rule="gender", character="C", message="C is female"),
    ]
    assert list(summary(findings)) == [
        "C is female",
        "ch01:l01: given to A; and 1 more such line, see `narrate cast`",
    ]


def test_who_reads_for_those_without_a_role_is_said(tmp_path: Path) -> None:
    """Never in silence; and nothing is said where there is nothing to say."""
    cast = cast_of(tmp_path, VOICES, "{narrator: reed, Alice: mara}")
    assert unknown_note(cast, spoken_by(unknown=2, Bob=1, Alice=4)) == (
        "the voice reed reads 2 lines of unknown speakers and 1 line of Bob, who are not in the cast, "
        "as `unknown:` says"
    )
    assert unknown_note(cast, spoken_by(Alice=4, narrator=3)) == ""
    assert unknown_note(cast_of(tmp_path, VOICES, "{narrator: reed, unknown: error}"), spoken_by(Bob=2)) == ""
