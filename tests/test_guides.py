"""The guides say what is so: their projects are projects, their commands are commands."""

import re
from pathlib import Path

import click
import pytest

from narrator.cli import narrate
from narrator.settings.document import load
from narrator.settings.options import ProjectOptions

GUIDES = sorted((Path(__file__).resolve().parent.parent / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_project_of_a_guide_is_one(guide, tmp_path):
    """No project file in a guide has a key that narrator refuses."""
    blocks = re.findall(r"```yaml\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    for block in blocks:
        (tmp_path / "project.yaml").write_text(block, encoding="utf-8")
        assert load(tmp_path / "project.yaml", ProjectOptions).value.cast


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_command_of_a_guide_is_one(guide):
    """Commands and their options exist as a guide writes them."""
    typed = re.findall(r"^narrate ([^#\n]+)", guide.read_text("utf-8"), re.MULTILINE)
    for line in typed:
        command: click.Command | None = narrate
        words = line.split()
        context = click.Context(narrate)
        while isinstance(command, click.Group):
            command = command.get_command(context, words.pop(0))
        assert command is not None, line
        command.make_context(line, words)
