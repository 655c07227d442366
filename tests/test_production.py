"""A project becomes an audiobook, and what is there already is never made again."""

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import av
import pytest

from narrator.errors import EngineError, LockedError, ProjectError, UsageError
from narrator.events import BookFinished, ChapterFinished, EngineOpened, Event, TakeDamaged, TakeRecorded
from narrator.production import Report, Wishes, build, plan
from narrator.project import open_project
from narrator.store import Store
from tests.pictures import JPEG
from tests.projects import edit, make_project

T = TypeVar("T")


@dataclass
class Heard:
    """A listener that keeps what it hears."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[T]) -> list[T]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


def made(project: Path, wishes: Wishes = Wishes()) -> tuple[Report, Heard]:  # noqa: B008 - it is frozen
    """Build a project to its end."""
    heard = Heard()
    return build(open_project(project), wishes, heard, lambda: False), heard


def lines_recorded(heard: Heard) -> list[str]:
    """Addresses of the lines that were recorded."""
    return [event.address for event in heard.of(TakeRecorded)]


def digests(folder: Path) -> dict[str, str]:
    """What is under a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was built once; tests that change it work on a copy."""
    project = make_project(tmp_path_factory.mktemp("ferry"))
    made(project)
    return project


@pytest.fixture
def copy(ferry: Path, tmp_path: Path) -> Path:
    """A copy of the built project, somewhere else."""
    shutil.copytree(ferry.parent, tmp_path / "moved")
    return tmp_path / "moved" / "project.yaml"


def test_book_and_chapters_stand_under_their_names(ferry: Path) -> None:
    """A build leaves the book, and of each chapter every format that was asked for."""
    names = set(digests(ferry.parent / "output"))
    stems = ["01 The Bell", "02 The Crossing", "03 The Far Side"]
    assert names == {"The Ferry.m4b", *(f"{stem}.{kind}" for stem in stems for kind in ("mp3", "flac", "vtt"))}


def test_book_has_its_chapters(ferry: Path) -> None:
    """The M4B opens, and its chapters are the book's."""
    with av.open(ferry.parent / "output" / "The Ferry.m4b") as book:
        titles = [chapter["metadata"]["title"] for chapter in book.chapters()]
    assert titles == ["The Bell", "The Crossing", "The Far Side"]


def test_second_build_records_nothing(copy: Path) -> None:
    """A finished project in a new place is finished: no line, no chapter, no engine."""
    report, heard = made(copy)
    assert (report.n_recorded, heard.of(EngineOpened)) == (0, [])
    assert all(event.reused for event in heard.of(ChapterFinished) + heard.of(BookFinished))


def test_edited_sentence_records_its_line(copy: Path) -> None:
    """An edit costs the line that was edited, and its chapter's files."""
    edit(copy.parent / "ferry.md", "She laughed. The ferry", "She laughed. The old ferry")
    _, heard = made(copy)
    assert len(lines_recorded(heard)) == 1
    assert [event.number for event in heard.of(ChapterFinished) if not event.reused] == [1]


def test_new_paragraph_records_its_lines(copy: Path) -> None:
    """A paragraph put in front moves every line behind it and records only its own."""
    edit(copy.parent / "ferry.md", "It was early, and", "A dog barked twice.\n\nIt was early, and")
    _, heard = made(copy)
    assert lines_recorded(heard) == ["ch01:l03"]  # after the titles of the book and of the chapter


def test_new_voice_records_its_character(copy: Path) -> None:
    """Another voice in the YAML records exactly the lines of the characters who have it."""
    edit(copy, "Tom: low", "Tom: lowest")
    edit(copy, "low: {tone: 110}", "lowest: {tone: 90}")
    report, heard = made(copy)
    assert {event.character for event in heard.of(TakeRecorded)} == {"Tom"}
    assert report.n_recorded == sum(
        r.utterance.character == "Tom" for r in plan(open_project(copy), Wishes(), Heard()).requests
    )


def test_renamed_voice_and_character_record_nothing(copy: Path) -> None:
    """What voices and characters are called is no cause of a sound: only lines in which the name is spoken change."""
    edit(copy, "Tom: low", "Tom: deep")
    edit(copy, "low: {tone: 110}", "deep: {tone: 110}")
    assert made(copy)[0].n_recorded == 0
    for file in ("project.yaml", "learnt.yaml", "ferry.md"):
        path = copy.parent / file
        text = path.read_text("utf-8")
        assert "Anna" in text
        path.write_text(text.replace("Anna", "Maria"), "utf-8")
    _, heard = made(copy)
    requests = plan(open_project(copy), Wishes(), Heard()).requests
    named = [r.utterance.address for r in requests if "Maria" in r.recipe.text]
    assert sorted(lines_recorded(heard)) == sorted(named)
    hers = [r for r in requests if r.utterance.character == "Maria"]
    assert len(hers) == 4
    assert not {r.utterance.address for r in hers} & set(named)


def test_broken_cover_is_refused_at_once(tmp_path: Path) -> None:
    """A cover that is cut short is found before anything is recorded, and its line in project.yaml is named."""
    project = make_project(tmp_path)
    (tmp_path / "front.jpg").write_bytes(JPEG[:-20])
    edit(project, "language: en}", "language: en, cover: front.jpg}")
    heard = Heard()
    with pytest.raises(ProjectError, match=r"project\.yaml:2:.*front\.jpg.*damaged"):
        build(open_project(project), Wishes(), heard, lambda: False)
    assert heard.events == []
    (tmp_path / "front.jpg").write_bytes(JPEG)
    found = open_project(project).cover()
    assert found is not None
    assert found.data == JPEG


def test_lexicon_records_the_lines_with_the_word(copy: Path) -> None:
    """A new pronunciation records the lines that have the word, and no other."""
    (copy.parent / "lexicon.yaml").write_text("- {word: plate, say: playt}\n", "utf-8")
    edit(copy, "outputs:", "lexicon: [lexicon.yaml]\noutputs:")
    assert made(copy)[0].n_recorded == 1


PLS = (
    '<lexicon version="1.0" alphabet="ipa" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">'
    "<lexeme><grapheme>river</grapheme><alias>{}</alias></lexeme></lexicon>"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("words.yaml", "- {{word: river, say: {}, voices: [reader, low]}}"),
        ("words.txt", "river=={}"),
        ("words.pls", PLS),
    ],
)
def test_an_edit_of_a_lexicon_changes_the_recipes_of_its_lines_alone(copy: Path, name: str, text: str) -> None:
    """Whatever its form, a changed entry changes the keys of the lines in which its voices say the word."""
    lexicon = copy.parent / name
    edit(copy, "outputs:", f"lexicon: [{name}]\noutputs:")
    plans = []
    for said in ("rivver", "reever"):
        lexicon.write_text(text.format(said), "utf-8")
        plans.append(plan(open_project(copy), Wishes(), Heard()).requests)
    voiced = {"reader", "low"} if name == "words.yaml" else {"reader", "low", "high"}
    held = {r.utterance.address for r in plans[0] if "river" in r.utterance.text and r.voice.name in voiced}
    assert {one.utterance.address for one, other in zip(*plans, strict=True) if one.key != other.key} == held
    assert held


def test_damaged_take_is_made_again(ferry: Path, copy: Path) -> None:
    """Bit rot under a chapter that must be finished anew is noticed, healed, and gives the same book."""
    shutil.rmtree(copy.parent / "output")
    take = next(iter(sorted((copy.parent / ".narrate" / "objects").rglob("*.flac"))))
    take.write_bytes(take.read_bytes()[:-7] + b"rotten!")
    report, heard = made(copy)
    assert report.n_recorded == len(heard.of(TakeDamaged)) >= 1
    assert digests(copy.parent / "output") == digests(ferry.parent / "output")


def test_deleted_file_is_written_again(ferry: Path, copy: Path) -> None:
    """A finished file that is gone comes back, byte for byte, without recording."""
    (copy.parent / "output" / "02 The Crossing.mp3").unlink()
    report, _ = made(copy)
    assert report.n_recorded == 0
    assert digests(copy.parent / "output") == digests(ferry.parent / "output")


def test_chosen_chapters_are_bound_apart(tmp_path: Path) -> None:
    """`--chapters 1,3` makes those chapters and a book of its own name; the whole book then reuses their takes."""
    project = make_project(tmp_path)
    report, _ = made(project, Wishes(chapters=(1, 3)))
    assert {path.name for path in report.files if path.suffix == ".m4b"} == {"The Ferry (1,3).m4b"}
    whole, heard = made(project)
    assert {event.address[:4] for event in heard.of(TakeRecorded)} == {"ch02"}
    assert whole.files[0].name == "The Ferry.m4b"


def test_unknown_chapter_is_refused(ferry: Path) -> None:
    """A chapter that the book does not have is named."""
    with pytest.raises(UsageError, match="no chapter 9"):
        made(ferry, Wishes(chapters=(9,)))


def test_stop_keeps_what_was_recorded(tmp_path: Path, ferry: Path) -> None:
    """After a stop the next build records the rest, and the book is the one of an undisturbed build."""
    project = make_project(tmp_path)
    first = Heard()
    report = build(open_project(project), Wishes(), first, lambda: len(first.of(TakeRecorded)) >= 5)
    assert report.stopped
    assert 5 <= report.n_recorded < len(plan(open_project(ferry), Wishes(), Heard()).requests)
    second, heard = made(project)
    assert second.n_reused == report.n_recorded
    assert not set(lines_recorded(first)) & set(lines_recorded(heard))
    assert digests(tmp_path / "output") == digests(ferry.parent / "output")


def test_second_build_at_once_is_refused(copy: Path) -> None:
    """While one build holds the project another one ends at once."""
    with Store(copy.parent / ".narrate").locked(), pytest.raises(LockedError):
        made(copy)


def test_what_was_learnt_is_frozen(copy: Path) -> None:
    """The first build writes learnt.yaml; later ones leave it as it is, edits included."""
    frozen = copy.parent / "learnt.yaml"
    text = frozen.read_text("utf-8") + "# mine\n"
    frozen.write_text(text, "utf-8")
    edit(copy.parent / "ferry.md", "She laughed.", "Miss Prism laughed.")
    made(copy)
    assert frozen.read_text("utf-8") == text


def test_record_says_why_it_was_made(ferry: Path) -> None:
    """Each take's record holds its recipe and its provenance."""
    record = json.loads(next((ferry.parent / ".narrate" / "takes").rglob("*.json")).read_text("utf-8"))
    assert record["recipe"]["engine"] == "tone"
    assert {"address", "attempts", "device"} <= set(record["made"])


def test_stop_keeps_finished_chapters(tmp_path: Path) -> None:
    """Chapters that were finished when a build was stopped stand, and the next build leaves them alone."""
    project = make_project(tmp_path)
    heard = Heard()
    n_first = sum(r.chapter == 1 for r in plan(open_project(project), Wishes(), heard).requests)
    report = build(open_project(project), Wishes(), heard, lambda: len(heard.of(TakeRecorded)) > n_first)
    stems = {path.stem for path in report.files}
    assert "01 The Bell" in stems
    assert "03 The Far Side" not in stems
    _, again = made(project)
    assert [event.number for event in again.of(ChapterFinished) if event.reused] == list(range(1, len(stems) + 1))


def test_old_book_is_not_called_new(copy: Path) -> None:
    """A build that was stopped does not name the book of an earlier one as its own."""
    edit(copy.parent / "ferry.md", "She laughed.", "She laughed out loud.")
    report = build(open_project(copy), Wishes(), Heard(), lambda: True)
    assert not [path for path in report.files if path.suffix == ".m4b"]


def test_files_of_a_chapter_that_is_gone_go(copy: Path) -> None:
    """After a whole build the folder holds the chapters that the book has, and one part of each."""
    book = copy.parent / "ferry.md"
    book.write_text(book.read_text("utf-8").split("## The Far Side")[0], "utf-8")
    made(copy)
    assert not list((copy.parent / "output").glob("03*"))
    assert len(list((copy.parent / ".narrate" / "chapters").glob("*.m4a"))) == 2


def test_damaged_part_is_made_again(ferry: Path, copy: Path) -> None:
    """Bit rot in a chapter's part of the book costs an encode, and gives the same book."""
    (copy.parent / "output" / "The Ferry.m4b").unlink()
    part = next((copy.parent / ".narrate" / "chapters").glob("*.m4a"))
    part.write_bytes(part.read_bytes()[:-9] + b"rotten!!!")
    made(copy)
    assert digests(copy.parent / "output") == digests(ferry.parent / "output")


def test_seed_is_no_cause_for_engines_without_dice(copy: Path) -> None:
    """Another seed or style records nothing when the engine hears neither."""
    edit(copy, "outputs:", "engine: {seed: 7}\noutputs:")
    edit(copy, "low: {tone: 110}", "low: {tone: 110, style: gruff}")
    assert made(copy)[0].n_recorded == 0


def test_poor_take_stops_a_strict_project_every_time(tmp_path: Path) -> None:
    """With `on_fail: stop` a flagged take stops the build that made it and every later one."""
    project = make_project(tmp_path)
    made(project)
    record = next((tmp_path / ".narrate" / "takes").rglob("*.json"))
    record.write_text(record.read_text("utf-8").replace('"flag": ""', '"flag": "too short"'), "utf-8")
    edit(project, "outputs:", "proof: {on_fail: stop}\noutputs:")
    for _ in range(2):
        with pytest.raises(EngineError, match="too short"):
            made(project)
