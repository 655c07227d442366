"""README says what is so: its commands run, its excerpt is a project, its steps are the steps of scripts/check."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from narrator.settings.document import load
from narrator.settings.options import ProjectOptions

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BOOK = """# One

The kettle sang. “Is there any tea left in the house?” asked Anna.

“There is always tea,” said Mr. Harding. “Sit down and warm your hands.”

# Two

Anna sat down. “Then I will stay until the rain stops,” she said.
"""


def commands() -> list[str]:
    """What the console blocks tell a reader to type, in order."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An empty folder with a reader's book in it and the virtual environment where the README has it."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    source = tmp_path / "source"
    shutil.copytree(ROOT / "projects" / "demo-markdown", source)
    (source / "the-long-loan.md").write_text(BOOK, encoding="utf-8")
    make: list[str | Path] = [sys.executable, ROOT / "scripts" / "make_demo.py", tmp_path / "my-book.epub", source]
    subprocess.run(make, check=True, capture_output=True)
    shutil.rmtree(source)
    return tmp_path


def test_the_first_command_installs_and_builds_and_the_second_checks():
    """A newcomer types two scripts, which are there, may be run and are sound Bash."""
    assert commands()[:2] == ["scripts/demo", "scripts/check"]
    for script in ("scripts/install", "scripts/demo", "scripts/check", ".ci/run"):
        assert os.access(ROOT / script, os.X_OK), script
        subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_scripts_check_runs_the_steps_that_the_readme_tells():
    """The steps in README are those of scripts/check, in its order."""
    steps = (ROOT / "scripts" / "check").read_text(encoding="utf-8").partition('bin:$PATH"\n')[2].splitlines()
    assert len(steps) >= 5
    told = re.search(r"`scripts/check` then runs, in this order,(.*?);", README, re.DOTALL)
    assert told
    assert re.findall(r"`(.+?)`", told[1]) == steps


def test_ci_runs_the_check_and_nothing_else():
    """CI's one line is the reader's second command."""
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[1:] == ["exec scripts/check"]


@pytest.mark.parametrize("where", ["README", "projects/demo", "projects/demo-markdown"])
def test_every_project_we_show_is_one(where, tmp_path):
    """The project file in README and those of the demo have no key that narrator refuses."""
    path = ROOT / where / "project.yaml"
    if where == "README":
        path = tmp_path / "project.yaml"
        excerpt = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
        assert excerpt
        path.write_text(excerpt[1], encoding="utf-8")
    assert load(path, ProjectOptions).value.cast


def test_the_files_that_the_readme_links_to_exist():
    """No link of README leads nowhere."""
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_a_reader_gets_from_a_book_to_an_audiobook(desk):
    """The README's commands for one's own book run as they stand, one after the other, and leave an audiobook."""
    typed = [c for c in commands() if not c.startswith("scripts/")]
    assert any(c.startswith("narrate build") for c in typed)
    ran = subprocess.run(
        ["bash", "-e", "-c", "\n".join(typed)], cwd=desk, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert list(desk.glob("projects/my-book/output/*.m4b"))
