from pathlib import Path

import pytest

from narrator.scripting import spoken_form
from tests.scripting.books import letters

CASES = sorted((Path(__file__).parent.parent / "golden" / "spoken").glob("lines-*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem.removeprefix("lines-"))
def test_a_line_is_said_as_a_reader_of_its_language_says_it(case: Path, save_golden: bool):
    """In tests/golden/spoken/lines-*.txt each line stands above what is said for it."""
    printed = case.read_text("utf-8").splitlines()[::2]
    language = case.stem.removeprefix("lines-")
    found = "".join(f"{line}\n→ {spoken_form(line, language)[0]}\n" for line in printed)
    if save_golden:
        case.write_text(found, "utf-8")
    assert found == case.read_text("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem.removeprefix("lines-"))
def test_what_is_said_is_said_for_itself(case: Path):
    """A spoken form is its own spoken form, to the letter."""
    language = case.stem.removeprefix("lines-")
    said = [line.removeprefix("→ ") for line in case.read_text("utf-8").splitlines()[1::2]]
    assert [letters(spoken_form(line, language)[0]) for line in said] == [letters(line) for line in said]
