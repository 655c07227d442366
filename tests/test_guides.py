"""The guides say what is so: their projects are projects, their commands are commands."""

import re
from pathlib import Path

import click
import pytest

from narrator.casting import read_cast
from narrator.cli import narrate
from narrator.production import Wishes, plan, quiet
from narrator.project import open_project
from narrator.reading import read
from narrator.settings.options import ReadOptions
from narrator.settings.series import load_project

GUIDES = sorted((Path(__file__).resolve().parent.parent / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_project_of_a_guide_is_one(guide, tmp_path):
    """No project file in a guide has a key that narrator refuses."""
    blocks = re.findall(r"```yaml\n(?:# (\S+\.yaml)\n)?(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    for name, block in blocks:
        path = tmp_path / (name or "project.yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(block, encoding="utf-8")
        if path.name == "project.yaml":
            assert load_project(path).value.cast


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


CASTING = next(guide for guide in GUIDES if guide.stem == "casting").read_text("utf-8")


def test_the_cast_of_the_casting_guide_plays_its_book(tmp_path):
    """Its overrides find their lines: by words, by address, and by words in their surroundings."""
    (block,) = [b for b in re.findall(r"```yaml\n(.*?)```", CASTING, re.DOTALL) if "speakers:" in b]
    (tmp_path / "project.yaml").write_text(block.replace("alice.epub", "alice.md"), encoding="utf-8")
    tea = "“It is always tea-time.”\n\n“No.”\n\nAlice sighed wearily. “No.” The Hatter shook his head.\n\n"
    lines = "\n\n".join(f"“This is speech number {n} of the mad party,” said the Hatter." for n in range(20))
    chapters = [f"# Chapter {n}\n\n{tea if n == 1 else ''}{lines}\n" for n in range(1, 8)]
    (tmp_path / "alice.md").write_text("\n".join(chapters), encoding="utf-8")
    requests = plan(open_project(tmp_path), Wishes(), quiet).requests
    said = {r.utterance.address: (r.utterance.text, r.utterance.character) for r in requests}
    by_hand = [r.utterance for r in requests if r.utterance.attribution and r.utterance.attribution.rule == "by hand"]
    assert [(u.text, u.character) for u in by_hand] == [
        ("“It is always tea-time.”", "The Hatter"),
        ("“No.”", "Alice"),
        said["ch07:l31"],
    ]
    assert said["ch07:l31"][1] == "Alice"


def test_the_series_of_the_casting_guide_casts_its_book(tmp_path):
    """The book's own pace on the series' voice; the series' aliases on its role."""
    for name, block in re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", CASTING, re.DOTALL):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(block, encoding="utf-8")
    cast = read_cast(load_project(tmp_path / "one" / "project.yaml"), tmp_path / "one")
    roles = {role.character: role for role in cast.roles}
    assert (roles["Holmes"].aliases, roles["Holmes"].delivery.pace) == (("Sherlock Holmes", "Mr. Holmes"), 0.97)
    assert roles["Mr. Wilson"].voice.name == "wilson"


def test_the_directives_of_the_casting_guide_are_directives(tmp_path):
    """Speaker and style, a stretch with its end, a pause, and a paragraph that is not read."""
    (block,) = re.findall(r"```markdown\n(.*?)```", CASTING, re.DOTALL)
    (tmp_path / "book.md").write_text("Once.\n\n" + block, encoding="utf-8")
    manuscript = read(tmp_path / "book.md", ReadOptions())
    told = [p.directive for chapter in manuscript.chapters for p in chapter.paragraphs]
    assert [(d.speaker, d.style, d.pause_s) if d else None for d in told] == [
        None,
        ("Alice", "whisper", None),
        ("Mr. Darcy", "", None),
        ("Mr. Darcy", "", None),
        ("", "", 2.0),
    ]
    assert [s.rule for s in manuscript.skipped if "printer" in s.sample] == ["directive"]
