"""Checkpoints are found where the project says, and named by what is in them."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from narrator.engines.checkpoints import fingerprint, locate, repository
from narrator.errors import MissingError, ProjectError
from narrator.settings.options import EngineOptions


def checkpoint(folder: Path, kind: str = "base", size: str = "1b7", weights: bytes = b"numbers") -> Path:
    """The outside of a checkpoint."""
    (folder / "speech_tokenizer").mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"tts_model_type": kind, "tts_model_size": size}))
    for name in ("vocab.json", "merges.txt", "speech_tokenizer/config.json", "speech_tokenizer/model.safetensors"):
        (folder / name).write_text(name)
    (folder / "model.safetensors").write_bytes(weights)
    return folder


@pytest.mark.parametrize(
    ("size", "kind", "name"),
    [
        ("0.6b", "base", "Qwen/Qwen3-TTS-12Hz-0.6B-Base"),
        ("1.7b", "custom_voice", "Qwen/Qwen3-TTS-12Hz-1.7B-CustomVoice"),
        ("0.6b", "voice_design", "Qwen/Qwen3-TTS-12Hz-1.7B-VoiceDesign"),
    ],
)
def test_repositories_have_their_published_names(size, kind, name):
    """Every size and kind has its repository; voices are designed by the large model only."""
    assert repository(size, kind) == name


def test_the_folder_of_one_checkpoint_may_be_named(tmp_path):
    """A checkpoint is taken whatever its size; one of another kind is not."""
    folder = checkpoint(tmp_path / "mine", "custom_voice", "0b6")
    options = EngineOptions(source=str(folder))
    assert locate(options, "custom_voice") == folder
    with pytest.raises(MissingError, match="no Base model") as refusal:
        locate(options, "base")
    assert "Qwen/Qwen3-TTS-12Hz-1.7B-Base" in refusal.value.hint


def test_a_folder_of_checkpoints_is_searched_by_what_they_are(tmp_path):
    """Kind and size are read from the checkpoints, not from the names of their folders."""
    small, large = checkpoint(tmp_path / "a", "base", "0b6"), checkpoint(tmp_path / "b", "base", "1b7")
    design = checkpoint(tmp_path / "c", "voice_design", "1b7")
    (tmp_path / "notes").mkdir()
    assert locate(EngineOptions(source=str(tmp_path), size="0.6b"), "base") == small
    assert locate(EngineOptions(source=str(tmp_path), size="1.7b"), "base") == large
    assert locate(EngineOptions(source=str(tmp_path), size="0.6b"), "voice_design") == design
    with pytest.raises(MissingError, match=r"no CustomVoice model of Qwen3-TTS in size 0\.6b"):
        locate(EngineOptions(source=str(tmp_path), size="0.6b"), "custom_voice")


def test_two_that_would_do_are_one_too_many(tmp_path):
    """Which of two equal checkpoints speaks is not guessed."""
    checkpoint(tmp_path / "first")
    checkpoint(tmp_path / "second")
    with pytest.raises(ProjectError, match="first and second"):
        locate(EngineOptions(source=str(tmp_path)), "base")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """A path that leads nowhere is not taken for a repository."""
    with pytest.raises(MissingError, match="nowhere"):
        locate(EngineOptions(source=str(tmp_path / "nowhere")), "base")


@pytest.mark.skipif(find_spec("modelscope") is not None, reason="modelscope is installed")
def test_modelscope_needs_its_package():
    """Without the package the error says which extra brings it."""
    with pytest.raises(MissingError, match="modelscope is not installed") as refusal:
        locate(EngineOptions(source="modelscope"), "base")
    assert "narrator[modelscope]" in refusal.value.hint


def test_a_fingerprint_is_of_the_bytes(tmp_path):
    """A copy elsewhere has the same fingerprint, other weights or another vocabulary have another."""
    one = checkpoint(tmp_path / "one")
    copy = shutil.copytree(one, tmp_path / "copy")
    assert fingerprint(one) == fingerprint(copy)
    assert len(fingerprint(one)) == 16
    assert fingerprint(checkpoint(tmp_path / "other", weights=b"others")) != fingerprint(one)
    (copy / "merges.txt").write_text("changed")
    assert fingerprint(one) != fingerprint(copy)
    (copy / "merges.txt").unlink()
    with pytest.raises(MissingError, match=r"merges\.txt"):
        fingerprint(copy)


def test_a_long_file_is_read_once(tmp_path):
    """The digest of a file of many megabytes is remembered, and forgotten when the file is written again."""
    folder = checkpoint(tmp_path / "long")
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(1 << 26)
    script = (
        "import pathlib as p, sys; from narrator.engines.checkpoints import *; print(fingerprint(p.Path(sys.argv[1])))"
    )
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}

    def found() -> str:
        run = [sys.executable, "-c", script, str(folder)]
        return subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    first = found()
    (note,) = (tmp_path / "cache" / "narrator" / "weights").iterdir()
    note.write_text("0" * 64)
    assert found() != first
    (folder / "model.safetensors").touch()
    assert found() == first


def test_the_hub_s_own_cache_is_used_and_nothing_fetched(tmp_path):
    """A model of the hub is found by its pinned revision or the newest; a miss names the command that gets it."""
    pytest.importorskip("huggingface_hub", reason="the extra [qwen3] is not installed")
    commit = "0123456789" * 4
    repo = tmp_path / "models--Qwen--Qwen3-TTS-12Hz-1.7B-Base"
    folder = checkpoint(repo / "snapshots" / commit)
    blob = repo / "blobs" / ("ab" * 32)
    blob.parent.mkdir()
    (folder / "model.safetensors").rename(blob)
    (folder / "model.safetensors").symlink_to(blob)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(commit)
    script = """
import sys
from narrator.engines.checkpoints import fingerprint, locate
from narrator.errors import MissingError
from narrator.settings.options import EngineOptions, Revisions
for revision in ("", sys.argv[1]):
    folder = locate(EngineOptions(revision=Revisions(base=revision)), "base")
    print(folder.name, fingerprint(folder))
strange = EngineOptions(revision=Revisions(base="f" * 40))
for options in (EngineOptions(size="0.6b"), strange, EngineOptions(source="a/b")):
    try:
        locate(options, "base")
    except MissingError as error:
        print(error.message, error.hint)
"""
    environment = {"HF_HUB_CACHE": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", script, commit], env=environment, capture_output=True, text=True, check=True
    )
    newest, pinned, small, strange, other = done.stdout.splitlines()
    assert newest == pinned == f"{commit} {fingerprint(folder)}"
    assert "narrate models get Qwen/Qwen3-TTS-12Hz-0.6B-Base" in small
    assert "in revision ffff" in strange
    assert "narrate models get a/b" in other
