"""The package from Python: open a project, build it, speak a line."""

import subprocess
import sys
from pathlib import Path

import pytest

import narrator
from narrator.errors import UsageError
from tests.projects import make_project


def test_project_is_built_and_speaks(tmp_path: Path) -> None:
    """Three names are enough to make a book and to hear a voice."""
    project = narrator.open_project(make_project(tmp_path))
    report = narrator.build(project, narrator.Wishes(chapters=(2,)))
    assert all(path.exists() for path in report.files)
    samples, rate_hz = narrator.speak(project, "Good morning to you.", "Anna")
    assert len(samples) / rate_hz == pytest.approx(len("Good morning to you.") / 15, abs=0.1)
    with pytest.raises(UsageError, match="Eve"):
        narrator.speak(project, "Good morning.", "Eve")
    for nothing in ("", " … "):
        with pytest.raises(UsageError, match="nothing to say"):
            narrator.speak(project, nothing, "Anna")


def test_import_is_light() -> None:
    """`import narrator` loads no room."""
    code = "import sys, narrator; print(*(m for m in sys.modules if m.startswith('narrator')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["narrator"]


def test_unknown_name_is_an_attribute_error() -> None:
    """What the package does not have is missing in the usual way."""
    with pytest.raises(AttributeError, match="nonsense"):
        narrator.nonsense  # noqa: B018
