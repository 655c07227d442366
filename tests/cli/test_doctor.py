"""`narrate doctor` looks at the machine it runs on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from narrator.cli import main
from tests.projects import make_project


@pytest.fixture
def narrate(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process: its code and stdout."""

    def run(*words: str | Path) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        return int(left.value.code or 0), capsys.readouterr().out

    return run


def test_the_embedded_engines_can_speak_here(narrate):
    """Wherever these tests run, kokoro is installed: exit code 0, and every model is here or has its command."""
    code, out = narrate("doctor", "--json")
    found = {row["subject"]: row for row in map(json.loads, out.splitlines())}
    assert code == 0
    assert found["engine kokoro"]["level"] == "ok"
    assert found["codecs"]["level"] == "ok"
    models = [row for subject, row in found.items() if "Qwen3-TTS-12Hz" in subject]
    assert len(models) == 5
    assert all(row["level"] == "ok" or row["cure"] for row in models)


def test_a_project_s_own_models_are_looked_for(narrate, tmp_path):
    """A model that the cast needs and that is not here is a problem, with the source that the project names."""
    project = make_project(tmp_path)
    (tmp_path / "none").mkdir()
    text = project.read_text()
    project.write_text(
        text.replace("voices:", "voices:\n  designed: {design: an old man}", 1) + "\nengine: {source: none}\n"
    )
    code, out = narrate("doctor", project)
    assert code == 0
    assert f"in {tmp_path / 'none'}" in out
    assert "! Qwen/Qwen3-TTS-12Hz-1.7B-VoiceDesign: designs, which this project casts" in out
    assert "! Qwen/Qwen3-TTS-12Hz-1.7B-Base" in out
    assert "· Qwen/Qwen3-TTS-12Hz-1.7B-CustomVoice" in out


def test_a_pasted_message_is_explained():
    """The classic message, given on stdin, is answered with its cure."""
    ran = subprocess.run(
        [sys.executable, "-m", "narrator", "doctor", "--explain", "-"],
        input="Transformers does not recognize this architecture", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "! that message: this model lives in the package qwen-tts" in ran.stdout
    assert "use: qwen3" in ran.stdout
