"""The cast list and what people decide with it."""

from pathlib import Path

import pytest

from narrator.castlist import cast_list, overrule
from narrator.errors import ProjectError
from narrator.production import Wishes, plan, quiet, ready
from narrator.project import open_project
from narrator.store import Store
from tests.projects import PROJECT, edit, make_project

LOST = """\
# The Ferry

“Is anybody there at the other side? I have been waiting here for more than an hour.”

“There always is,” said Tom.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project."""
    return make_project(tmp_path)


def takes(file: Path) -> dict[str, str]:
    """The key of each line's take."""
    return {r.utterance.address: r.key for r in plan(open_project(file), Wishes(), quiet).requests}


def test_doubtful_quotations_are_listed_whole(tmp_path: Path) -> None:
    """With address, words, reason and confidence; the least sure first."""
    listed = cast_list(open_project(make_project(tmp_path, book=LOST)))
    line = listed.doubtful[0]
    assert (line.address, line.character, line.confidence) == ("ch01:l02-03", "unknown", 0.0)
    assert line.text == "“Is anybody there at the other side? I have been waiting here for more than an hour.”"
    assert line.rule
    assert "2 lines of unknown speakers" in listed.note


def test_a_book_that_nothing_here_speaks_is_cast_all_the_same(tmp_path: Path) -> None:
    """A cast list needs no engine."""
    project = make_project(tmp_path, project=PROJECT.replace("{tone: 440}", "{preset: vivian}"))
    rows = {row.character: row for row in cast_list(open_project(project)).roles}
    assert (rows["Anna"].kind, rows["Anna"].n_lines > 0) == ("preset", True)
    assert rows["Anna"].role_from == f"{project}:9:9"
    assert rows["Anna"].voice_from == f"{project}:5:3"


def test_capitals_hide_nobodys_gender(tmp_path: Path) -> None:
    """What the book tells of Anna is told of a role that is written ANNA."""
    project = make_project(tmp_path, project=PROJECT.replace("Anna: high", "ANNA: high"))
    learnt = "learnt: 1\ncharacters:\n- {name: Anna, gender: female, mentions: 9}\n"
    (tmp_path / "learnt.yaml").write_text(learnt, "utf-8")
    rows = {row.character: row for row in cast_list(open_project(project)).roles}
    assert (rows["ANNA"].gender, rows["ANNA"].n_lines > 0) == ("female", True)


def test_an_override_records_only_its_line(project: Path) -> None:
    """Every other line keeps its take, and the project file everything that was in it."""
    before, text = takes(project), project.read_text("utf-8")
    assert overrule(open_project(project), [("ch01:l07", "anna")]) == ("“There always is,”",)
    after = takes(project)
    assert [address for address in before if before[address] != after[address]] == ["ch01:l07"]
    assert project.read_text("utf-8").startswith(text)


def test_an_override_of_nobody_is_refused_and_nothing_written(project: Path) -> None:
    """As one of a line that is not there, or one that stands already."""
    text = project.read_text("utf-8")
    for line, name in (("ch01:l07", "Tomas"), ("ch09:l01", "Tom")):
        with pytest.raises(ProjectError, match="--speaker"):
            overrule(open_project(project), [(line, name)])
    assert project.read_text("utf-8") == text
    overrule(open_project(project), [("ch01:l07", "Anna")])
    with pytest.raises(ProjectError, match="already"):
        overrule(open_project(project), [("ch01:l07", "Tom")])


def test_a_typed_address_is_written_in_words_by_the_next_build(project: Path) -> None:
    """So that it stays with its line when the book grows; comments stay, and the build's takes are the same."""
    with project.open("a", encoding="utf-8") as file:
        file.write("speakers:   # by ear\n  ch02:l04: Anna   # he never says that\n")
    before = takes(project)
    with Store(project.parent / ".narrate").locked():
        ready(open_project(project), Wishes(), quiet)
    text = project.read_text("utf-8")
    assert "speakers:   # by ear\n" in text
    assert "Anna   # he never says that\n" in text
    assert "ch02:l04" not in text
    assert takes(project) == before
    edit(project.parent / "ferry.md", "“You are late,” said Tom.", "It rained.\n\n“You are late,” said Tom.")
    assert set(before.values()) <= set(takes(project).values())


def test_an_override_that_lost_its_line_names_file_and_line(project: Path) -> None:
    """And the lines that it may have meant."""
    with project.open("a", encoding="utf-8") as file:
        file.write('speakers: {"There never is": Anna}\n')
    with pytest.raises(ProjectError) as caught:
        cast_list(open_project(project))
    assert f"{project}:13:30: no line reads “There never is”; nearest are ch01:l07" in caught.value.message
