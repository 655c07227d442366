"""Programs of other people that read what we wrote. Tests skip where one is missing."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def _run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    if not shutil.which(program):
        pytest.skip(f"the judge, {program}, is not installed")
    return subprocess.run([program, *arguments], capture_output=True, check=True, text=True, encoding="utf-8")


def ffprobe(path: Path) -> dict[str, Any]:
    """Format, streams and chapters as ffprobe sees them."""
    asked = ("-show_format", "-show_streams", "-show_chapters", "-of", "json")
    found: dict[str, Any] = json.loads(_run("ffprobe", "-v", "error", *asked, path).stdout)
    return found


def tag(probed: dict[str, Any], name: str) -> str | None:
    """A tag of the whole file; names are matched without regard to case."""
    return {key.lower(): str(value) for key, value in probed["format"]["tags"].items()}.get(name)


def ebur128(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak that ffmpeg measures on the decoded file."""
    run = _run("ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-")
    summary = run.stderr.rsplit("Summary:", 1)[1].split()
    return float(summary[summary.index("I:") + 1]), float(summary[summary.index("Peak:") + 1])


def decoded_samples(path: Path) -> int:
    """How many samples ffmpeg decodes; an error in the stream is an error here."""
    command = ("-v", "error", "-xerror", "-i", path, "-map", "0:a", "-f", "f32le", "-ac", "1", "-")
    if not shutil.which("ffmpeg"):
        pytest.skip("the judge, ffmpeg, is not installed")
    run = subprocess.run(["ffmpeg", *command], capture_output=True, check=True)
    assert not run.stderr
    return len(run.stdout) // 4


def mediainfo(path: Path) -> str:
    """What mediainfo prints."""
    return _run("mediainfo", path).stdout
