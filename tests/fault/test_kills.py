"""Kill it any time: nothing is lost, nothing is made twice, and the book is the same to the bit."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from narrator.files import PARTIAL
from tests.projects import BOOK, PROJECT, make_project
from tests.test_production import digests

HIBARI = (
    PROJECT
    .replace("{tone: 220}", "{hibari: heart}")
    .replace("{tone: 440}", "{hibari: girl}")
    .replace("{tone: 110}", "{hibari: tenor}")
)
LONG_BOOK = BOOK + "".join(
    f"\n## Chapter after {n}\n\n"
    + "\n\n".join(f"Line {n} and {k} went by on the river, and nobody spoke." for k in range(30))
    for n in range(4)
)


def start(project: Path) -> subprocess.Popen[bytes]:
    """Start a build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "narrator", "build", str(project), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def recorded(output: bytes) -> list[str]:
    """Keys of the takes that a build said it had stored."""
    events = (json.loads(line) for line in output.decode().splitlines() if line.endswith("}"))
    return [event["key"] for event in events if event.get("event") == "TakeRecorded"]


@pytest.mark.parametrize(
    ("engine", "n_kills"),
    [
        ("tone", 3),
        pytest.param("tone", 25, marks=pytest.mark.slow),
        pytest.param("hibari", 25, marks=pytest.mark.slow),
    ],
)
def test_killed_builds_end_in_the_same_book(tmp_path: Path, engine: str, n_kills: int) -> None:
    """SIGKILL at random moments, then run until done: no take recorded twice, the same bytes as undisturbed."""
    text = PROJECT if engine == "tone" else HIBARI
    whole = make_project(tmp_path / "whole", book=LONG_BOOK, project=text)
    began = time.monotonic()
    undisturbed = start(whole)
    undisturbed.communicate()
    assert undisturbed.returncode == 0
    usual_s = time.monotonic() - began
    project = make_project(tmp_path / "killed", book=LONG_BOOK, project=text)
    chance = random.Random(f"{engine}{n_kills}")
    stored: list[str] = []
    for _ in range(n_kills):
        build = start(project)
        time.sleep(chance.uniform(0.2, usual_s))
        build.send_signal(signal.SIGKILL)
        stored += recorded(build.communicate()[0])
    last = start(project)
    stored += recorded(last.communicate()[0])
    assert last.returncode == 0
    assert len(stored) == len(set(stored)), "a take was recorded twice"
    assert digests(project.parent / "output") == digests(whole.parent / "output")
    assert not list(project.parent.rglob(f"{PARTIAL}*"))
    shutil.rmtree(tmp_path / "killed")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_politely(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Ctrl-C and SIGTERM finish the running line, keep it, and end with their own codes; the next build goes on."""
    project = make_project(tmp_path, book=LONG_BOOK)
    build = start(project)
    assert build.stdout is not None
    first = next(line for line in build.stdout if b"TakeRecorded" in line)
    build.send_signal(number)
    rest, complaints = build.communicate(timeout=60)
    assert (build.returncode, complaints) == (code, b"")
    again = start(project)
    assert not set(recorded(again.communicate()[0])) & set(recorded(first + rest))
    assert again.returncode == 0
