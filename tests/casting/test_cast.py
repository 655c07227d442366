"""project.yaml → Cast."""

from contextlib import chdir
from pathlib import Path

import pytest

from narrator.casting import read_cast
from narrator.domain import Builtin, Delivery
from narrator.errors import ExitCode, NarratorError, RightsError
from narrator.settings.document import load
from narrator.settings.options import ProjectOptions
from tests.casting.scripts import cast_of

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "casting"
REED = "{reed: {kokoro: af_heart}, mara: {kokoro: bf_emma, pace: 0.97, style: dry}}"


@pytest.mark.parametrize("case", sorted(path.name for path in GOLDEN.iterdir()))
def test_every_mistake_is_told_as_it_was_reviewed(case: str, save_golden: bool) -> None:
    """Each folder's project gives the exit code and the message that lie beside it."""
    with chdir(GOLDEN / case), pytest.raises(NarratorError) as caught:
        read_cast(load(Path("project.yaml"), ProjectOptions), Path())
    said = f"exit {caught.value.exit_code:d}\n{caught.value}\n"
    if save_golden:
        (GOLDEN / case / "error.txt").write_text(said, "utf-8")
    assert said == (GOLDEN / case / "error.txt").read_text("utf-8")


def test_the_narrator_comes_first(tmp_path: Path) -> None:
    """Roles stand in the order of the file but for the narrator, however that is written."""
    cast = cast_of(tmp_path, REED, "{Alice: mara, Narrator: reed, Bob: reed}")
    assert [role.character for role in cast.roles] == ["narrator", "Alice", "Bob"]


def test_paces_multiply_and_the_role_s_style_wins(tmp_path: Path) -> None:
    """A role's delivery is the voice's, with the role's own on top."""
    cast = cast_of(tmp_path, REED, "{narrator: reed, A: {voice: mara, pace: 1.05}, B: {voice: mara, style: sad}}")
    assert [role.delivery for role in cast.roles] == [
        Delivery(),
        Delivery(pace=1.0185, style="dry"),
        Delivery(pace=0.97, style="sad"),
    ]


@pytest.mark.parametrize(
    ("unknown", "voice", "pace"),
    [
        ("", "reed", 1.0),
        (", unknown: narrator", "reed", 1.0),
        (", unknown: mara", "mara", 0.97),
        (", unknown: Alice", "mara", 1.0185),
        (", unknown: {voice: reed, pace: 1.1}", "reed", 1.1),
        (", UNKNOWN: Narrator", "reed", 1.0),
    ],
)
def test_unknown_speakers_are_read_as_the_cast_says(unknown: str, voice: str, pace: float, tmp_path: Path) -> None:
    """By the narrator unless a voice or a role is named."""
    cast = cast_of(tmp_path, REED, f"{{narrator: reed, Alice: {{voice: mara, pace: 1.05}}{unknown}}}")
    role = cast.role("The Dodo")
    assert role is not None
    assert (role.character, role.voice.name, role.delivery.pace) == ("unknown", voice, pace)
    assert cast.role("unknown") == role


def test_unknown_speakers_may_be_an_error(tmp_path: Path) -> None:
    """Under `unknown: error` nobody reads for them, and the cast still plays itself."""
    cast = cast_of(tmp_path, REED, "{narrator: reed, unknown: error}")
    assert cast.role("The Dodo") is None
    assert cast.role("narrator") is not None


def test_the_cast_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    """cast.yaml says the same as a mapping in project.yaml does."""
    (tmp_path / "cast.yaml").write_text("narrator: reed\nAlice: {voice: mara, aliases: [Miss]}\n", "utf-8")
    cast = cast_of(tmp_path, REED, "cast.yaml")
    assert [(role.character, role.aliases) for role in cast.roles] == [("narrator", ()), ("Alice", ("Miss",))]


def test_the_narrator_may_have_a_name(tmp_path: Path) -> None:
    """Aliases of the narrator are those of a story told by one of its people."""
    cast = cast_of(tmp_path, REED, "{narrator: {voice: reed, aliases: [I, Jane Eyre]}}")
    assert cast.roles[0].aliases == ("I", "Jane Eyre")


def test_rights_missing_is_its_own_exit_code_only_when_all_else_is_right() -> None:
    """A project with another mistake exits 2, and the rights are told beside it."""
    with chdir(GOLDEN / "clone-without-rights"), pytest.raises(RightsError) as caught:
        read_cast(load(Path("project.yaml"), ProjectOptions), Path())
    assert caught.value.exit_code == ExitCode.RIGHTS
    with chdir(GOLDEN / "mistake-and-rights"), pytest.raises(NarratorError) as both:
        read_cast(load(Path("project.yaml"), ProjectOptions), Path())
    assert both.value.exit_code == ExitCode.USAGE
    assert "nothing says that it may be" in both.value.message


def test_what_a_message_quotes_is_safe_to_print(tmp_path: Path) -> None:
    """A control character in a voice's name is shown as an escape."""
    with pytest.raises(NarratorError, match=r"no voice is called '\\x1b\[2J'"):
        cast_of(tmp_path, REED, '{narrator: "\\e[2J"}')


def test_the_demo_is_cast() -> None:
    """The project that comes with narrator has a cast of five voices."""
    root = Path(__file__).resolve().parents[2] / "projects" / "demo"
    cast = read_cast(load(root / "project.yaml", ProjectOptions), root)
    assert len(cast.voices) == 5
    assert cast.voices[0].source == Builtin(engine="kokoro", voice="af_heart")
