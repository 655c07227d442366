"""Commands end with their documented code and one clear message, never with a traceback."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from narrator.audio.files import encode_wav
from narrator.cli import main
from narrator.errors import ExitCode
from narrator.store import Store
from tests.projects import BOOK, PROJECT, edit, make_project
from tests.reading import epubs


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def narrate(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process."""

    def run(*words: str | Path) -> Ended:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ended(code=int(left.value.code or 0), out=captured.out, err=captured.err)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project."""
    return make_project(tmp_path)


def test_build_prints_what_was_made(narrate, project: Path) -> None:
    """A build ends with 0 and prints the paths of what it made, and only those, on stdout."""
    ended = narrate("build", project, "--chapters", "2")
    assert ended.code == 0
    assert [Path(line).exists() for line in ended.out.splitlines()] == [True] * 4
    assert "chapter 2 The Crossing" in ended.err


def test_verify_accounts_for_every_letter(narrate, project: Path) -> None:
    """`verify` of a project or of its book ends with a line that leaves nothing unaccounted, and a row a chapter."""
    ended = narrate("verify", "--text", project)
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "100.00 % spoken · nothing skipped · 0 unaccounted")
    account = json.loads(narrate("verify", project.parent / "ferry.md", "--json").out)
    assert (account["n_unaccounted"], account["n_unrecorded"], account["title"]) == (0, 0, "The Ferry")
    assert [c["title"] for c in account["chapters"]] == ["The Bell", "The Crossing", "The Far Side"]
    assert sum(c["n_spoken"] for c in account["chapters"]) == account["n_letters"]


def test_verify_names_what_is_skipped(narrate, tmp_path: Path) -> None:
    """Notes and their marks are counted and shown; a damaged book is refused with code 4."""
    note = "<aside epub:type='footnote' id='{0}'>A note.</aside><a epub:type='noteref' href='#{0}'>1</a>"
    body = f"<p>One{note.format('a')} two{note.format('b')}.</p>"
    ended = narrate("verify", "--text", epubs.Book(docs=[epubs.Doc(body=body)]).write(tmp_path / "book.epub"))
    assert ended.out.splitlines()[-1] == "33.33 % spoken · 2 notes, 2 note marks skipped · 0 unaccounted"
    assert narrate("verify", epubs.truncated(tmp_path / "half.epub")).code == ExitCode.BOOK


def test_text_prints_blocks_sentences_and_lines_with_their_places(narrate, project: Path) -> None:
    """`text --json` gives every block, sentence and line where it stands in the source, and what is said for it."""
    source = (project.parent / "ferry.md").read_text("utf-8")
    told = [json.loads(line) for line in narrate("text", project, "--json").out.splitlines()]
    assert [t["type"] for t in told[:4]] == ["chapter", "block", "block", "block"]
    blocks = [t for t in told if t["type"] == "block"]
    for each in blocks:
        stretches = [each, *each["sentences"], *each["lines"]]
        assert all(source[s["start"] : s["end"]] == s["text"] for s in stretches)
        assert "".join(line["text"] for line in each["lines"]).replace(" ", "") == each["text"].replace(" ", "")
    bell = next(b for b in blocks if "anybody there" in b["text"])
    assert [(x["character"], x["spoken"]) for x in bell["lines"]] == [
        ("Anna", "Is anybody there?"),
        ("narrator", "said Anna."),
    ]
    assert "Tom: There always is," in narrate("text", project).out


def test_plan_counts_lines_and_says_what_is_skipped(narrate, project: Path) -> None:
    """`plan` shows each chapter with its lines, all of them missing at first."""
    rows = [json.loads(line) for line in narrate("plan", project, "--json").out.splitlines()]
    assert [row["title"] for row in rows] == ["The Bell", "The Crossing", "The Far Side"]
    assert all(row["n_missing"] == row["n_lines"] > 0 for row in rows)
    assert "The Far Side" in narrate("plan", project.parent).out


def test_status_follows_a_build(narrate, project: Path) -> None:
    """`status` counts what is recorded and lists what stands finished."""
    narrate("build", project, "--chapters", "3")
    status = json.loads(narrate("status", project, "--json").out)
    assert [row["n_missing"] == 0 for row in status["chapters"]] == [False, False, True]
    assert any("03 The Far Side.mp3" in path for path in status["files"])
    assert "lines recorded" in narrate("status", project).out


def test_cast_counts_lines(narrate, project: Path) -> None:
    """`cast` shows everyone who speaks, with their voice and their lines."""
    rows = [json.loads(line) for line in narrate("cast", project, "--json").out.splitlines()]
    lines = {row["character"]: row["n_lines"] for row in rows}
    assert rows[0]["character"] == "narrator"
    assert lines["Anna"] >= 3
    assert lines["Tom"] >= 3
    assert "Anna" in narrate("cast", project).out


def test_cast_shows_doubtful_lines_first_and_takes_a_person_s_word(narrate, project: Path) -> None:
    """Address, words, reason and confidence; a line given to somebody else is written into the project."""
    edit(project.parent / "ferry.md", "No. He would not say that. No.", "“Would he say that?”\n\n***\n\n“Or that?”")
    shown = narrate("cast", project).out
    assert shown.index("“Or that?”") < shown.index("character ")
    (address,) = re.findall(r"(ch02:l\d+)\s+unknown\s+“Or that\?”", shown)
    ended = narrate("cast", project, "--speaker", address, "Tom")
    assert (ended.code, "Or that?" in ended.err) == (ExitCode.DONE, True)
    assert "Or that?" not in narrate("cast", project).out
    assert project.read_text("utf-8") == PROJECT + "\nspeakers:\n  “Or that?”: Tom\n".replace(
        "“Or that?”", '"“Or that?”"'
    )


def test_cast_rows_have_stable_keys(narrate, project: Path) -> None:
    """Programs read one object a role, with its doubtful lines and findings."""
    edit(project, "Tom: low", "Tom: {voice: low, aliases: [The Ferryman]}")
    rows = [json.loads(line) for line in narrate("cast", project, "--json").out.splitlines()]
    assert {tuple(row) for row in rows} == {
        ("character", "voice", "kind", "n_lines", "n_letters", "cast", "doubtful", "gender", "aliases", "confidence",
         "role_from", "voice_from", "doubtful_lines", "findings")
    }  # fmt: skip
    tom = next(row for row in rows if row["character"] == "Tom")
    assert (tom["aliases"], tom["role_from"]) == (["The Ferryman"], f"{project}:10:3")


def test_a_sample_of_a_role_is_an_audition(narrate, project: Path) -> None:
    """One reel, whichever command asks for it."""
    assert narrate("cast", project, "--sample", "Tom").out == narrate("audition", project, "Tom").out


def test_plan_says_what_a_producer_would_stop_at(narrate, project: Path) -> None:
    """A silent role, and who reads for those who are not cast."""
    edit(project, "  Tom: low\n", "  Tomm: low\n")
    said = narrate("plan", project).err
    assert "note: Tomm is in the cast and has no line" in said
    assert "of Tom, who are not in the cast, as `unknown:` says" in said


def test_a_refresh_shows_and_asks_before_it_writes(narrate, project: Path) -> None:
    """Without a terminal nothing is written unless --yes is given."""
    text = project.read_text("utf-8")
    ended = narrate("new", "--refresh", project)
    assert ("+ Anna, female" in ended.out, "lines would be recorded anew" in ended.out) == (True, True)
    assert not (project.parent / "learnt.yaml").exists()
    assert narrate("new", "--refresh", "--yes", project.parent).code == ExitCode.DONE
    assert (project.parent / "learnt.yaml").exists()
    assert "Nothing new" in narrate("new", "--refresh", project).out
    assert json.loads(narrate("new", "--refresh", "--json", project).out)["recorded_anew"] == 0
    assert project.read_text("utf-8") == text


def test_audition_makes_a_reel_that_a_build_reuses(narrate, project: Path) -> None:
    """`audition` writes a reel of real lines; its takes are in the store when the book is built."""
    reel = Path(narrate("audition", project, "anna").out.strip())
    assert reel.read_bytes()[:4] == b"RIFF"
    assert reel.parent == project.parent / "output" / "preview"
    status = json.loads(narrate("status", project, "--json").out)
    assert sum(row["n_lines"] - row["n_missing"] for row in status["chapters"]) == 3


def test_draft_goes_to_preview(narrate, project: Path) -> None:
    """A draft is spoken by the draft voices and never stands under a final name."""
    ended = narrate("build", project, "--draft", "--chapters", "2")
    assert ended.code == 0
    assert {Path(line).parent for line in ended.out.splitlines()} == {project.parent / "output" / "preview"}
    assert not list((project.parent / "output").glob("*.m4b"))


def test_a_cast_without_engine_points_to_its_preview(narrate, project: Path) -> None:
    """Exit code 13 names --preview, and with it the cast is planned for voices that are here."""
    clone_without_engine(project)
    encode = encode_wav(np.sin(np.arange(72_000) / 24_000 * 2 * np.pi * 120).astype(np.float32), 24_000)
    (project.parent / "a.wav").write_bytes(encode)
    ended = narrate("build", project)
    assert (ended.code, "--preview" in ended.err) == (ExitCode.ENGINE, True)
    planned = narrate("plan", project, "--preview")
    assert (planned.code, "kokoro" in planned.out) == (ExitCode.DONE, True)
    assert narrate("build", project, "--preview", "--draft").code == ExitCode.USAGE


def test_new_proposes_a_project_that_builds(narrate, tmp_path: Path) -> None:
    """`new` writes a project that the other commands take as it is."""
    book = tmp_path / "ferry.md"
    book.write_text(BOOK, "utf-8")
    assert narrate("new", book, tmp_path / "ferry").code == 0
    ended = narrate("cast", tmp_path / "ferry", "--json")
    assert {"narrator", "Anna", "Tom"} <= {json.loads(line)["character"] for line in ended.out.splitlines()}
    again = narrate("new", book, tmp_path / "ferry")
    assert (again.code, "a project already" in again.err) == (ExitCode.USAGE, True)


def test_events_are_json_lines(narrate, project: Path) -> None:
    """`build --json` prints one object a line, the report last."""
    events = [json.loads(line) for line in narrate("build", project, "--chapters", "2", "--json").out.splitlines()]
    assert events[0]["event"] == "BookRead"
    assert events[-1]["event"] == "Report"


def broken_yaml(project: Path) -> None:
    """A bracket that is never closed."""
    edit(project, "{tone: 440}", "{tone: 440")


def unknown_key(project: Path) -> None:
    """A key that does not exist."""
    edit(project, "source: ferry.md", "sauce: ferry.md")


def unknown_voice(project: Path) -> None:
    """A role with a voice that is not in the project."""
    edit(project, "Tom: low", "Tom: lo")


def missing_book(project: Path) -> None:
    """The book is gone."""
    (project.parent / "ferry.md").unlink()


def unknown_engine(project: Path) -> None:
    """An engine that is not installed."""
    edit(project, "outputs:", "engine: {use: tune}\noutputs:")


def clone_without_rights(project: Path) -> None:
    """A cloned voice of which nobody says that it may be used."""
    (project.parent / "a.wav").write_bytes(b"RIFF")
    edit(project, "{tone: 440}", "{clone: {audio: a.wav, text: Hello there.}}")


def clone_without_engine(project: Path) -> None:
    """A cloned voice and no engine that clones."""
    (project.parent / "a.wav").write_bytes(b"RIFF")
    edit(project, "{tone: 440}", "{clone: {audio: a.wav, text: Hello there.}, rights: {kind: own}}")


def foreign_language(project: Path) -> None:
    """A book in a language that the engine does not speak."""
    edit(project, "language: en", "language: fi")
    project.write_text(
        project
        .read_text("utf-8")
        .replace("tone: 220", "hibari: heart")
        .replace("tone: 440", "hibari: girl")
        .replace("tone: 110", "hibari: bass"),
        "utf-8",
    )


def truncated_epub(project: Path) -> None:
    """An EPUB that breaks off."""
    epubs.truncated(project.parent / "cut.epub")
    edit(project, "ferry.md", "cut.epub")


def protected_epub(project: Path) -> None:
    """An EPUB whose text is encrypted."""
    epubs.protected(project.parent / "drm.epub")
    edit(project, "ferry.md", "drm.epub")


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (broken_yaml, ExitCode.USAGE, "project.yaml:"),
        (unknown_key, ExitCode.USAGE, "did you mean 'source'"),
        (unknown_voice, ExitCode.USAGE, "did you mean 'low'"),
        (missing_book, ExitCode.USAGE, "ferry.md"),
        (unknown_engine, ExitCode.USAGE, "tone"),
        (clone_without_rights, ExitCode.RIGHTS, "rights"),
        (clone_without_engine, ExitCode.ENGINE, "clone"),
        (foreign_language, ExitCode.USAGE, "fi"),
        (truncated_epub, ExitCode.BOOK, "cut.epub"),
        (protected_epub, ExitCode.BOOK, "protected"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_fault_has_one_clear_message(narrate, project: Path, fault, code: ExitCode, said: str) -> None:
    """What is wrong is said once, with its place, and the exit code is the documented one; nothing is written."""
    fault(project)
    ended = narrate("build", project)
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err.splitlines()) <= 3
    assert not (project.parent / "output").exists()


def test_unknown_speaker_is_an_error_when_asked_for(narrate, project: Path) -> None:
    """Under `unknown: error` a character without a role stops the build by name, with the lines."""
    edit(project, "  Tom: low\n", "")
    edit(project, "unknown: narrator", "unknown: error")
    ended = narrate("build", project)
    assert ended.code == ExitCode.USAGE
    assert "Tom" in ended.err
    assert "ch01:" in ended.err


def test_locked_project_ends_with_11(narrate, project: Path) -> None:
    """A second build at once ends at once with its own code."""
    with Store(project.parent / ".narrate").locked():
        ended = narrate("build", project)
    assert (ended.code, "a build is running" in ended.err) == (ExitCode.LOCKED, True)


def test_wrong_usage_ends_with_2(narrate, project: Path) -> None:
    """Unknown commands, options and chapter ranges are usage errors."""
    codes = [narrate(*words).code for words in (["bild"], ["build", "--fast"], ["build", project, "--chapters", "3-1"])]
    assert codes == [ExitCode.USAGE] * 3


def test_a_book_is_no_project(narrate, tmp_path: Path) -> None:
    """Who gives a book to `build` is told of `new`, and not to mend the book's YAML; a folder is no book for `new`."""
    (tmp_path / "book.md").write_text("---\ntitle: One\n---\n# One\n\nText.\n", "utf-8")
    ended = narrate("build", tmp_path / "book.md")
    assert ended.code == ExitCode.USAGE
    assert "is a book, not a project" in ended.err and f"narrate new {tmp_path / 'book.md'}" in ended.err  # noqa: PT018
    ended = narrate("new", tmp_path)
    assert ended.code == ExitCode.USAGE
    assert "is a folder, not a book" in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("build", "--draft", "--preview"), "two ways"),
        (("plan", "--draft", "--preview"), "two ways"),
        (("new", "--yes"), "goes with"),
        (("new", "--refresh", "--yes", "elsewhere"), "no second folder"),
    ],
)
def test_wishes_that_exclude_one_another_are_refused(narrate, project: Path, words: tuple[str, ...], said: str) -> None:
    """An option that would not be heeded ends with 2 and changes nothing."""
    before = sorted(project.parent.rglob("*"))
    command, *options = words
    ended = narrate(command, project, *options)
    assert (ended.code, said in ended.err) == (ExitCode.USAGE, True)
    assert sorted(project.parent.rglob("*")) == before


def test_error_is_json_when_asked_for(narrate, tmp_path: Path) -> None:
    """With --json a program can read what went wrong."""
    ended = narrate("build", tmp_path / "nothing", "--json")
    assert json.loads(ended.out)["exit_code"] == ended.code == ExitCode.USAGE


def test_help_loads_no_room() -> None:
    """`narrate --help` imports no model, no reader and no number library."""
    code = "import sys; from narrator.cli import main\ntry: main(['--help'])\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"numpy", "onnxruntime", "hibari", "nltk", "lxml", "av", "pydantic", "torch"}


@pytest.mark.parametrize(
    ("outputs", "said"),
    [
        ("[]", "at least one format"),
        ("[{format: mp3}, {format: mp3}]", "mp3 is there twice"),
        ("[{format: flac, bitrate: 64k}]", "flac has no bitrate"),
        ("[{format: mp3, bitrate: 9999k}]", "mp3 has no 9999k"),
        ("[{format: m4b, bitrate: 1k}]", "m4b takes 32k"),
    ],
)
def test_outputs_that_would_not_be_written_are_refused(narrate, project: Path, outputs: str, said: str) -> None:
    """What `outputs:` asks for is made as it says, or refused with its line."""
    edit(project, PROJECT.splitlines()[-1], f"outputs: {outputs}")
    ended = narrate("plan", project)
    assert (ended.code, said in ended.err) == (ExitCode.USAGE, True), ended.err
    assert "project.yaml:12:" in ended.err


@pytest.mark.parametrize("ranges", [",", " ", "3-", "0", "2-1", "1-99999", "x"])
def test_strange_chapter_ranges_are_refused(narrate, project: Path, ranges: str) -> None:
    """A range that says nothing never means the whole book."""
    assert narrate("plan", project, "--chapters", ranges).code == ExitCode.USAGE


def test_output_folder_of_another_book_is_refused(narrate, tmp_path: Path) -> None:
    """Two books never share a folder: the second build leaves the first one's files alone."""
    mine, other = make_project(tmp_path / "mine"), make_project(tmp_path / "other")
    narrate("build", mine, "--chapters", "2", "--output", tmp_path / "out")
    before = sorted(path.name for path in (tmp_path / "out").iterdir())
    ended = narrate("build", other, "--chapters", "2", "--output", tmp_path / "out")
    assert (ended.code, "another project" in ended.err) == (ExitCode.USAGE, True)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before


def test_new_leaves_a_persons_files_alone(narrate, tmp_path: Path) -> None:
    """A proposal never replaces a manuscript or a learnt.yaml that is there already."""
    book = tmp_path / "ferry.md"
    book.write_text(BOOK, "utf-8")
    folder = make_project(tmp_path / "ferry", book="# Mine\n\nCorrected by hand.\n").parent
    (folder / "project.yaml").unlink()
    assert narrate("new", book, folder).code == ExitCode.USAGE
    assert "Corrected by hand" in (folder / "ferry.md").read_text("utf-8")


def test_audition_takes_any_speaker(narrate, project: Path) -> None:
    """Someone whom the cast leaves to `unknown:` can be heard by name."""
    edit(project, "  Tom: low\n", "")
    assert Path(narrate("audition", project, "tom").out.strip()).exists()


def test_store_of_another_version_is_refused_by_every_command(narrate, project: Path) -> None:
    """A store that this narrator does not know is neither read nor written."""
    (project.parent / ".narrate").mkdir()
    (project.parent / ".narrate" / "VERSION").write_text("99\n", "utf-8")
    assert [narrate(command, project).code for command in ("plan", "status", "cast", "build")] == [ExitCode.USAGE] * 4


def test_file_in_the_way_is_one_line(narrate, project: Path) -> None:
    """A file where a folder must be is said in a line, not in a traceback."""
    (project.parent / "output").write_text("in the way", "utf-8")
    ended = narrate("build", project)
    assert (ended.code, "Traceback" in ended.err, "output" in ended.err) == (ExitCode.USAGE, False, True)


def test_letters_that_an_engine_cannot_say_are_named(narrate, project: Path) -> None:
    """A word that would be left out of the sound is never left out in silence."""
    for voice, hibari in (("220", "heart"), ("440", "girl"), ("110", "bass")):
        edit(project, f"{{tone: {voice}}}", f"{{hibari: {hibari}}}")
    edit(project.parent / "ferry.md", "She laughed.", "She said 你好 and laughed.")
    ended = narrate("plan", project)
    assert (ended.code, "hibari cannot say “你好”" in ended.err) == (0, True)


STORY = """CHAPTER I

Anna met Ben at the bridge. It had rained
all day.

"You are late," said Anna, "and you are
wet."

"It rained," he said.


"Come in, Ben. Hurry!"
"""


def test_speakers_gives_places_in_the_file(narrate, tmp_path: Path) -> None:
    """`speakers` prints each quotation of a hard-wrapped text by its characters in the file, and who speaks it."""
    book, cast = tmp_path / "story.txt", tmp_path / "cast.json"
    book.write_text(STORY, "utf-8")
    cast.write_text(
        '[{"name": "Miss Anna Lee", "aliases": ["Anna"], "gender": "F", "age": "young"},'
        ' {"name": "Benjamin", "aliases": ["Ben"], "gender": "M", "nominals": ["the boy"]}]',
        "utf-8",
    )
    rows = [json.loads(x) for x in narrate("speakers", book, "--characters", cast, "--json").out.splitlines()]
    assert [(STORY[r["start"] : r["end"]], r["speaker"], r["gender"]) for r in rows] == [
        ('"You are late,"', "Miss Anna Lee", "F"),
        ('"and you are\nwet."', "Miss Anna Lee", "F"),
        ('"It rained,"', "Benjamin", "M"),
        ('"Come in, Ben. Hurry!"', "Miss Anna Lee", "F"),
    ]
    assert all(0 <= row["confidence"] <= 1 and row["rule"] for row in rows)
    assert "named" in narrate("speakers", book).out


def test_speakers_refuses_what_is_no_cast(narrate, tmp_path: Path) -> None:
    """A cast that is not a list of named characters is a usage error that names the place."""
    book, cast = tmp_path / "story.txt", tmp_path / "cast.json"
    book.write_text(STORY, "utf-8")
    cast.write_text('[{"nam": "Anna"}]', "utf-8")
    ended = narrate("speakers", book, "--characters", cast)
    assert (ended.code, "0.name" in ended.err) == (ExitCode.USAGE, True)
