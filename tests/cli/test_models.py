"""`narrate models` lists and gets checkpoints; `narrate voices` lists who speaks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from narrator.cli import main
from tests.engines.qwen3.tiny import checkpoint
from tests.engines.test_downloads import contents
from tests.mirrors import Mirror, serving

pytest.importorskip("huggingface_hub", reason="the extra [qwen3] is not installed")


@pytest.fixture
def narrate(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process: its code, stdout and stderr."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


def rows(out: str) -> list[dict[str, object]]:
    """JSON lines."""
    return [json.loads(line) for line in out.splitlines()]


def test_ls_shows_the_five(narrate, tmp_path):
    """An empty folder has none of them, and each comes with the command that gets it."""
    code, out, _ = narrate("models", "ls", "--source", tmp_path, "--json")
    assert code == 0
    assert [(row["speaks"], row["size"]) for row in rows(out)] == [
        ("clones", "0.6b"), ("clones", "1.7b"), ("presets", "0.6b"), ("presets", "1.7b"), ("designs", "1.7b"),
    ]  # fmt: skip
    assert all(row["trouble"] and row["cure"] for row in rows(out))


def test_ls_shows_bytes_and_revision_of_what_is_there(narrate, tmp_path):
    """A whole checkpoint is listed as here; one whose weights break off is not."""
    pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
    folder = checkpoint(tmp_path, "base")
    (row,) = [row for row in rows(narrate("models", "ls", "--source", tmp_path, "--json")[1]) if not row["trouble"]]
    assert (row["kind"], row["size"], len(str(row["revision"]))) == ("base", "1.7b", 16)
    assert row["n_bytes"] == sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(1000)
    told = narrate("models", "ls", "--source", tmp_path)[1]
    assert "lacks model.safetensors" in told


def test_get_fetches_from_an_address(tmp_path):
    """The folder is printed, and what to write into project.yaml said beside it."""
    with serving(Mirror(files=contents())) as mirror:
        ran = subprocess.run(
            [sys.executable, "-m", "narrator", "models", "get", "--source", mirror.address],
            env={**os.environ, "XDG_DATA_HOME": str(tmp_path)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
    home = tmp_path / "narrator" / "models"
    assert Path(ran.stdout.strip()) == home / "Qwen3-TTS-12Hz-1.7B-Base"
    assert f"engine: {{source: {home}}}" in ran.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("large",), 2, "no model is called 'large'"),
        (("base", "--source", "http://host/x/"), 2, "Leave out names"),
        (("x.bin",), 2, "safetensors"),
        (("base", "--source", "elsewhere"), 2, "one checkpoint"),
        (("--source", "elsewhere"), 2, "is no address"),
    ],
)
def test_get_refuses_what_it_cannot_mean(narrate, words, code, told):
    """One clear message, and the code for a wrong command line."""
    ended = narrate("models", "get", *words)
    assert (ended[0], told in ended[2]) == (code, True)


def test_voices_of_the_embedded_engines_are_listed(narrate):
    """Kokoro's 28 and hibari's five, each with its sex and accent; the missing presets on stderr."""
    code, out, _ = narrate("voices", "ls", "--json")
    found = [(row["engine"], row["name"], row["sex"], row["language"]) for row in rows(out)]
    assert code == 0
    assert len([each for each in found if each[0] == "kokoro"]) == 28
    assert len([each for each in found if each[0] == "hibari"]) == 5
    assert ("kokoro", "bm_george", "male", "en-GB") in found
    assert ("hibari", "alto", "female", "en-US") in found


def test_speakers_of_a_checkpoint_are_listed_with_languages_and_dialects(narrate, tmp_path):
    """What the CustomVoice model of a project knows is shown as `preset:`."""
    pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
    models = tmp_path / "models"
    checkpoint(models, "custom_voice")
    project = tmp_path / "project.yaml"
    project.write_text(
        "narrate: 1\nbook: {source: book.md}\nvoices: {v: {preset: ryan}}\ncast: {narrator: v}\n"
        "engine: {source: models}\n"
    )
    _, out, err = narrate("voices", "ls", project)
    presets = [line for line in out.splitlines() if line.startswith("preset: ")]
    assert any(line.split()[1:3] == ["ryan", "male"] and "english" in line for line in presets)
    assert any("; dialect " in line for line in presets)
    assert "presets of Qwen3-TTS" not in err
