"""What took seconds to work out is read back as it was, and only where nothing that it follows from has changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator import answers
from narrator.answers import KEPT, Answers
from narrator.domain import Learnt, Manuscript, Script
from narrator.errors import ProjectError
from narrator.production import Wishes, plan, quiet
from narrator.project import open_project
from tests.projects import BOOK, edit, make_project


def _book(text: str) -> Learnt:
    return Learnt(quotes=(text,))


def _ask(folder: Path, cause: object = "cause", made: str = "made") -> str:
    return Answers(folder).get("learnt", Learnt, lambda: cause, lambda: _book(made)).quotes[0]


@pytest.mark.parametrize("kind", [Manuscript, Script, Learnt])
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_every_answer_is_read_back_as_it_was(
    kind: type[Any], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever a manuscript, a script or what was learnt may hold: pictures, breaks, missing values."""
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
    made, folder = data.draw(st.from_type(kind)), tmp_path_factory.mktemp("answers")
    assert Answers(folder).get("it", kind, lambda: 1, lambda: made) == made
    assert Answers(folder).get("it", kind, lambda: 1, _refuse) == made


def _refuse() -> Any:
    raise ProjectError("asked again", hint="It should have been kept.")


def test_another_cause_is_another_question(tmp_path: Path) -> None:
    """An answer is found by everything that it follows from."""
    assert [_ask(tmp_path, 1, "one"), _ask(tmp_path, 2, "two"), _ask(tmp_path, 1, "other")] == ["one", "two", "one"]


def test_other_code_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another narrator worked out is worked out again."""
    _ask(tmp_path, made="before")
    monkeypatch.setattr(answers, "_code", lambda: "other")
    assert _ask(tmp_path, made="after") == "after"


def _cut(content: bytes) -> bytes:
    return content[:-4]


def _turned(content: bytes) -> bytes:
    return content.replace(b"made", b"mode")


def _emptied(_content: bytes) -> bytes:
    return b""


def _foreign(_content: bytes) -> bytes:
    return b"\xff\x00"


@pytest.mark.parametrize("spoil", [_cut, _turned, _emptied, _foreign])
def test_what_is_damaged_is_made_again(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    """Cut off, changed within a word, empty or foreign: it is ignored, and whole afterwards."""
    _ask(tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(spoil(whole))
    assert _ask(tmp_path) == "made"
    assert kept.read_bytes() == whole


def test_only_the_last_few_are_kept(tmp_path: Path) -> None:
    """A hundred edits leave a few files, and nothing half written."""
    for cause in range(20):
        _ask(tmp_path, cause)
    assert len(list(tmp_path.iterdir())) == KEPT


def test_a_refusal_is_never_kept(tmp_path: Path) -> None:
    """What could not be worked out is tried again."""
    with pytest.raises(ProjectError):
        Answers(tmp_path).get("learnt", Learnt, lambda: "cause", _refuse)
    assert _ask(tmp_path) == "made"


def test_what_changed_meanwhile_is_not_kept(tmp_path: Path) -> None:
    """An answer about a file that was saved while it was read stands for neither version."""
    causes = iter(["before", "after"])
    Answers(tmp_path).get("learnt", Learnt, lambda: next(causes), lambda: _book("half"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """Without a place to keep it an answer is worked out every time."""
    (tmp_path / "file").write_text("in the way", "utf-8")
    assert _ask(tmp_path / "file" / "answers") == "made"


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("ferry.md", "The river is early.", "The river is late."),
        ("project.yaml", "  Tom: low\n", "  Tom: {voice: low, aliases: [Anna Bell]}\n"),
        ("project.yaml", "cast:\n", "speakers: {“There always is”: Anna}\ncast:\n"),
        ("project.yaml", "voices:\n", "lexicon: [words.yaml]\nvoices:\n"),
    ],
)
def test_a_second_plan_is_the_first_and_an_edit_is_seen(tmp_path: Path, file: str, before: str, after: str) -> None:
    """With everything kept a plan equals one of a fresh project, before and after an edit of book, cast or lexicon."""
    (tmp_path / "words.yaml").write_text("- {match: Anna, say: Hannah}\n", "utf-8")
    project = make_project(tmp_path, book=BOOK)
    asked = [_asked(project), _asked(project)]
    edit(tmp_path / file, before, after)
    asked += [_asked(project), _asked(project)]
    for kept in (tmp_path / ".narrate" / "answers").iterdir():
        kept.unlink()
    assert asked[0] == asked[1]
    assert asked[2] == asked[3] == _asked(project)
    assert asked[1] != asked[2] or "aliases" in after


def _asked(project: Path) -> object:
    planned = plan(open_project(project), Wishes(), quiet)
    return planned.manuscript, planned.script, planned.requests, planned.findings
