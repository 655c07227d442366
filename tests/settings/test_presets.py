"""Presets beside the project and as packaged."""

from pathlib import Path

import pytest

from narrator.errors import ProjectError
from narrator.settings.document import Document, load
from narrator.settings.options import ProjectOptions
from narrator.settings.presets import find_preset, read_mastering


def project(folder: Path, profile: str) -> Document[ProjectOptions]:
    """A project that names a mastering profile."""
    path = folder / "project.yaml"
    path.write_text(
        "narrate: 1\nbook: {source: a.md}\nvoices: {reed: {tone: 220}}\ncast: {narrator: reed}\n"
        f"sound: {{profile: {profile}}}\n",
        "utf-8",
    )
    return load(path, ProjectOptions)


def preset(folder: Path, name: str, text: str) -> Path:
    """A mastering preset beside a project."""
    path = folder / "configs" / "mastering" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_project_s_own_preset_comes_first(tmp_path: Path) -> None:
    """A preset beside the project is found before the packaged one of the same name."""
    own = preset(tmp_path, "standard", "loudness_lufs: -20.5\nhead: 500ms\n")
    assert find_preset("mastering", "standard", tmp_path) == own
    profile = read_mastering(project(tmp_path, "standard"), tmp_path)
    assert (profile.loudness_lufs, profile.head, profile.tail) == (-20.5, 0.5, 3.0)


def test_the_packaged_standard_is_found_from_any_folder(tmp_path: Path) -> None:
    """A project without presets of its own has narrator's."""
    assert find_preset("mastering", "standard", tmp_path).is_file()
    assert -24 < read_mastering(project(tmp_path, "standard"), tmp_path).loudness_lufs < -14


def test_an_unknown_preset_names_those_there_are(tmp_path: Path) -> None:
    """The message says where it is asked for, what was perhaps meant, and what there is."""
    preset(tmp_path, "radio", "")
    with pytest.raises(ProjectError) as caught:
        read_mastering(project(tmp_path, "raido"), tmp_path)
    assert caught.value.message.endswith(
        "project.yaml:5:18: no mastering preset is called 'raido'; did you mean 'radio'?"
    )
    assert "radio" in caught.value.hint


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "", ".", "a/b"])
def test_a_preset_s_name_is_no_path(name: str, tmp_path: Path) -> None:
    """Only a name leads to a preset."""
    (tmp_path / "secret.yaml").write_text("loudness_lufs: -20\n", "utf-8")
    with pytest.raises(ProjectError, match="no mastering preset"):
        find_preset("mastering", name, tmp_path)


def test_a_mistake_in_a_preset_is_told_with_its_own_name(tmp_path: Path) -> None:
    """Messages lead to the preset's file, not to the project's."""
    path = preset(tmp_path, "radio", "loudness_lufs: -50\nceling_dbtp: -1\n")
    with pytest.raises(ProjectError) as caught:
        read_mastering(project(tmp_path, "radio"), tmp_path)
    assert caught.value.message.splitlines() == [
        f"{path}:1:16: loudness_lufs must be at least -40, not -50",
        f"{path}:2:1: unknown key 'celing_dbtp'; did you mean 'ceiling_dbtp'?",
    ]
