"""Strict YAML, checked options, and messages a person can act on."""

import os
import random
from contextlib import chdir
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.errors import ExitCode, ProjectError
from narrator.settings.document import Document, load
from narrator.settings.options import MasteringProfile, ProjectOptions, RoleOptions
from narrator.settings.tree import parse

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "settings"
SMALL = "narrate: 1\nbook: {source: alice.epub}\nvoices:\n  reed: {kokoro: af_heart}\ncast:\n  narrator: reed\n"
JARGON = ("function-after", "dataclass", "pydantic", "union[", "Input should", "dict[", "NoneType", "<block", "token")


def written(folder: Path, text: str | bytes, name: str = "project.yaml") -> Path:
    """A file in a folder."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def message(path: Path) -> str:
    """What loading a project says."""
    with pytest.raises(ProjectError) as caught:
        load(path, ProjectOptions)
    return str(caught.value)


def complaint(path: Path) -> str:
    """What is wrong with a project; empty when nothing is. Anything but a ProjectError gets through."""
    try:
        load(path, ProjectOptions)
    except ProjectError as error:
        return error.message
    return ""


@pytest.mark.parametrize("case", sorted(path.name for path in GOLDEN.iterdir()))
def test_every_mistake_is_told_as_it_was_reviewed(case: str, save_golden: bool) -> None:
    """Each folder's project.yaml gives the message that lies beside it, without a word of the machinery."""
    with chdir(GOLDEN / case):
        said = message(Path("project.yaml")) + "\n"
    if save_golden:
        (GOLDEN / case / "error.txt").write_text(said, "utf-8")
    assert said == (GOLDEN / case / "error.txt").read_text("utf-8")
    assert not [word for word in JARGON if word in said]
    assert said.startswith("project.yaml:")


def test_a_good_project_loads_with_defaults(tmp_path: Path) -> None:
    """What is not written has its default, and what is written its type."""
    document = load(written(tmp_path, SMALL), ProjectOptions)
    assert document.value.voices["reed"].kokoro == "af_heart"
    assert document.value.cast == {"narrator": "reed"}
    assert document.value.pauses.scene == 2.2
    assert [output.format for output in document.value.outputs] == ["m4b", "mp3"]


def test_units_are_read(tmp_path: Path) -> None:
    """Lengths of time are seconds from ms, s or bare milliseconds; levels are dB."""
    text = SMALL.replace("af_heart", "af_heart, level: -1dB") + "pauses: {scene: 1500ms, title: 2s, speaker: 300}\n"
    options = load(written(tmp_path, text), ProjectOptions).value
    assert (options.pauses.scene, options.pauses.title, options.pauses.speaker) == (1.5, 2.0, 0.3)
    assert options.voices["reed"].level == -1.0


def test_a_role_is_a_name_or_a_mapping(tmp_path: Path) -> None:
    """Both ways to write a role are read, whatever the character is called."""
    text = SMALL + "  No: {voice: reed, aliases: [Dr. No]}\n  007: reed\n  null: reed\n"
    cast = load(written(tmp_path, text), ProjectOptions).value.cast
    assert cast == {
        "narrator": "reed",
        "No": RoleOptions(voice="reed", aliases=("Dr. No",)),
        "007": "reed",
        "null": "reed",
    }


def test_where_points_at_keys_of_mappings_and_at_scalars() -> None:
    """A scalar is where it is written, a mapping where its key is, and what is not written where its parent is."""
    tree = parse(SMALL, "project.yaml")
    document = Document(path=Path("project.yaml"), value=None, tree=tree)
    assert document.where("voices", "reed") == "project.yaml:4:3"
    assert document.where("voices", "reed", "kokoro") == "project.yaml:4:18"
    assert document.where("cast", "narrator") == "project.yaml:6:13"
    assert document.where("sound", "profile") == "project.yaml:1:1"
    assert document.where("cast", "narrator", "voice") == "project.yaml:6:13"


@pytest.mark.parametrize(
    "text", ["no", "off", "y", "2026-13-45", "1:30", "012", "0x1f", "0o17", ".inf", ".nan", "1_000", "=", "<<", "1e999"]
)
def test_what_older_yaml_makes_of_text_stays_text(text: str) -> None:
    """Only the scalars of YAML 1.2's core schema are anything but text."""
    assert parse(text, "x").value == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("-7", -7), ("0", 0), ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), ("true", True), ("~", None), ("'5'", "5")],
)
def test_core_scalars_are_read(text: str, value: object) -> None:
    """Numbers, truth values and nothing are what they look like, unless in quotes."""
    read = parse(text, "x").value
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.exists, "no such file"),
        (Path.mkdir, "a folder, not a file"),
        (os.mkfifo, "not a regular file"),
        (lambda p: p.write_bytes(b"# " + b"x" * (1 << 20)), "larger than 1 MiB"),
        (lambda p: p.write_bytes(b"narrate: 1\nbook: {title: Caf\xe9}\n"), ":2:18: not UTF-8 text"),
    ],
)
def test_a_file_that_is_none_is_refused(make, said: str, tmp_path: Path) -> None:
    """What cannot be read is told in one line and a hint, and exits 2."""
    path = tmp_path / "project.yaml"
    make(path)
    with pytest.raises(ProjectError) as caught:
        load(path, ProjectOptions)
    assert caught.value.exit_code == ExitCode.USAGE
    assert said in caught.value.message
    assert caught.value.hint
    assert "\n" not in caught.value.message


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    """Files from editors that write a byte order mark load as others do."""
    assert load(written(tmp_path, b"\xef\xbb\xbf" + SMALL.encode()), ProjectOptions).value.narrate == 1


def test_a_deep_file_is_refused_quickly(tmp_path: Path) -> None:
    """A hundred thousand brackets are an error of level 51, not of the stack."""
    assert "more than 50 levels" in message(written(tmp_path, "[" * 100_000))


def test_a_union_never_hides_a_mistake_beside_it(tmp_path: Path) -> None:
    """Mistakes in two roles and one voice are all told."""
    text = SMALL.replace("af_heart", "af_heart, pase: 1") + "  A: {vioce: reed}\n  B: 5\n"
    assert len(message(written(tmp_path, text)).splitlines()) == 4


def test_an_empty_file_may_be_allowed_to_say_something(tmp_path: Path) -> None:
    """Where a file of comments only makes sense, the caller says what it means."""
    path = written(tmp_path, "# nothing yet\n")
    assert load(path, MasteringProfile, empty=MasteringProfile()).value == MasteringProfile()


def test_what_a_message_quotes_is_safe_to_print(tmp_path: Path) -> None:
    """Control characters that a file smuggles in as escapes are shown and never reach the terminal."""
    said = message(written(tmp_path, SMALL + '"\\e[2J\\u2028": 1\nread: {code: "\\x07"}\n'))
    assert r"unknown key '\x1b[2J\u2028'" in said
    assert r"not '\x07'" in said


YAML_TEXT = st.text(st.sampled_from(list("ab1.:- \n\t[]{}\"'#&*!|>%@`?,~\\x00é\u2028\x07")), max_size=60)
KEYS = st.sampled_from([
    "narrate",
    "book",
    "voices",
    "cast",
    "source",
    "str",
    "pace",
    "clone",
    "tone",
    "voice",
    "unknown",
])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


@settings(max_examples=300, deadline=None)
@given(YAML_TEXT)
def test_no_text_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Any text is a project or a message that begins with the file's name."""
    path = written(tmp_path_factory.getbasetemp(), text, "any.yaml")
    assert complaint(path).startswith(str(path))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, TREES, max_size=6))
def test_no_shape_breaks_the_schema(tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]) -> None:
    """Any well-formed file is a project, or a list of places with what is wrong there in words of the trade."""
    path = written(tmp_path_factory.getbasetemp(), yaml.safe_dump(data), "shape.yaml")
    said = complaint(path)
    assert not [word for word in JARGON if word in said]
    assert all(line.startswith(str(path)) for line in said.splitlines())


def test_bytes_at_random_are_refused_and_not_crashed_on(tmp_path: Path) -> None:
    """Noise, and a good file with one byte changed, never give anything but a message."""
    noise = random.Random(7)
    for _ in range(100):
        bad = bytearray(SMALL.encode())
        bad[noise.randrange(len(bad))] = noise.randrange(256)
        assert complaint(written(tmp_path, noise.randbytes(60))).startswith(str(tmp_path))
        said = complaint(written(tmp_path, bytes(bad)))
        assert not said or said.startswith(str(tmp_path))
