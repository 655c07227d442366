"""Kill it any time: nothing is lost, nothing is made twice, and the book is the same to the bit."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

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
QUICK = PROJECT.replace("[{format: m4b}, {format: mp3}, {format: flac}, {format: vtt}]", "[{format: m4b}]")
LONG_BOOK = BOOK + "".join(
    f"\n## Chapter after {n}\n\n"
    + "\n\n".join(f"Line {n} and {k} went by on the river, and nobody spoke." for k in range(8))
    for n in range(2)
)
PAUSE_S = 0.05
"""Longest wait between an event and the kill: many takes of tones, a part of one line of hibari."""


Event: TypeAlias = dict[str, Any]
Interference: TypeAlias = Callable[[subprocess.Popen[bytes], Event], None]


@contextmanager
def building(project: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, Path]]:
    """A build in a process group of its own, that is gone afterwards, and the files that it prints to.

    Files and not pipes: whoever reads a pipe to its end waits for the workers of a killed build too, and so would never
    see what they do to the next one.
    """
    out, err = project.parent / "stdout", project.parent / "stderr"
    out.unlink(missing_ok=True)
    err.unlink(missing_ok=True)  # what is left of a killed build may still write to the old ones
    with out.open("wb") as stdout, err.open("wb") as stderr:
        command = [sys.executable, "-m", "narrator", "build", str(project), "--json"]
        build = subprocess.Popen(command, stdout=stdout, stderr=stderr, start_new_session=True)
    with build:
        try:
            yield build, out, err
        finally:
            build.kill()


def events(build: subprocess.Popen[bytes], out: Path) -> Iterator[Event]:
    """What a build says, as it says it; the line that it was killed in is no event."""
    line = b""
    with out.open("rb") as lines:
        while True:
            over = build.poll() is not None
            line += lines.readline()
            if line.endswith(b"\n"):
                yield json.loads(line)
                line = b""
            elif over:
                return
            else:
                time.sleep(0.001)


def is_progress(event: Event) -> bool:
    """Whether an event is work that this very build did."""
    return event["event"] == "TakeRecorded" or (event["event"] == "ChapterFinished" and not event["reused"])


def recorded(said: list[Event]) -> list[str]:
    """Keys of the takes that a build said it had stored."""
    return [event["key"] for event in said if event["event"] == "TakeRecorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A record on disk: the same bytes at another place or time would be another writing of it."""

    data: bytes
    inode: int
    changed_ns: int


def records(project: Path) -> dict[str, Written]:
    """Every record in the store by its key; each must be whole, and its sound what it was."""
    store = project.parent / ".narrate"
    found = {}
    for path in store.glob("takes/*/*.json"):
        if path.name.startswith(PARTIAL):
            continue
        data, state = path.read_bytes(), path.stat()
        name = json.loads(data)["object"]
        assert hashlib.sha256((store / "objects" / name[:2] / f"{name}.flac").read_bytes()).hexdigest() == name
        found[path.stem] = Written(data=data, inode=state.st_ino, changed_ns=state.st_mtime_ns)
    return found


def build_once(project: Path, interfere: Interference) -> tuple[int, list[Event]]:
    """Build while somebody interferes at each event, hold the build to its promises; its exit status and what it said.

    The promises: what was on disk is used, is not recorded again, and is not written again; what is announced is on
    disk. A second recording of a stored take would leave no trace there, as the first writer wins: so it is looked for
    in what the build says that it reuses and records.
    """
    before = records(project)
    said = []
    with building(project) as (build, out, err):
        for event in events(build, out):
            said.append(event)
            interfere(build, event)
        code = build.wait()
        complaints = err.read_bytes()
    after = records(project)
    if said[-1]["event"] == "Report":  # without one, Python's resource tracker tells of semaphores that it clears away
        assert complaints == b""
    assert [event["n_reused"] for event in said if event["event"] == "Planned"] == [len(before)]
    assert len(set(recorded(said))) == len(recorded(said))
    assert not set(recorded(said)) & before.keys()
    assert set(recorded(said)) <= after.keys()
    assert {key: after.get(key) for key in before} == before
    return code, said


def leave_alone(_build: subprocess.Popen[bytes], _event: Event) -> None:
    """Interfere with nothing."""


class Killer:
    """Kills a build some events after its plan, at a moment that differs each time."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.n_left = 0

    def __call__(self, build: subprocess.Popen[bytes], event: Event) -> None:
        """Look at an event, and strike if it is the one."""
        if event["event"] == "Planned":
            self.n_left = self.chance.randint(1, event["n_lines"] - event["n_reused"] + 2)  # and chapters
        elif is_progress(event):
            self.n_left -= 1
            if self.n_left == 0:
                time.sleep(self.chance.uniform(0, PAUSE_S))
                build.send_signal(signal.SIGKILL)


@pytest.mark.parametrize(
    ("book", "text", "n_kills"),
    [
        pytest.param(BOOK, QUICK, 3, id="tone-3"),
        pytest.param(LONG_BOOK, PROJECT, 25, id="tone-25", marks=pytest.mark.slow),
        pytest.param(LONG_BOOK, HIBARI, 25, id="hibari-25", marks=pytest.mark.slow),
    ],
)
def test_killed_builds_end_in_the_same_book(tmp_path: Path, book: str, text: str, n_kills: int) -> None:
    """SIGKILL at random moments of unfinished books, then run until done: no take recorded twice, the same bytes."""
    whole = make_project(tmp_path / "whole", book=book, project=text)
    assert build_once(whole, leave_alone)[0] == 0
    undisturbed = digests(whole.parent / "output")
    killer = Killer(random.Random(n_kills))
    n_killed = 0
    while n_killed < n_kills:
        project = make_project(tmp_path / f"killed after {n_killed}", book=book, project=text)
        code = -signal.SIGKILL
        while code == -signal.SIGKILL and n_killed < n_kills:
            code, _ = build_once(project, killer)
            n_killed += code == -signal.SIGKILL and not (project.parent / "output" / "The Ferry.m4b").exists()
        assert code in {0, -signal.SIGKILL}
        assert build_once(project, leave_alone)[0] == 0
        assert digests(project.parent / "output") == undisturbed
        assert records(project).keys() == records(whole).keys()
        assert not list(project.parent.rglob(f"{PARTIAL}*"))
        shutil.rmtree(project.parent)


@pytest.mark.parametrize(("moment", "send"), [("TakeRecorded", os.kill), ("ChapterFinished", os.killpg)])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_politely(
    tmp_path: Path, number: signal.Signals, code: int, moment: str, send: Callable[[int, int], None]
) -> None:
    """Ctrl-C and SIGTERM, to the build alone or to its workers too, keep the running line and have their own codes."""
    project = make_project(tmp_path, project=QUICK)
    sent: list[str] = []

    def ask(build: subprocess.Popen[bytes], event: Event) -> None:
        if event["event"] == moment and not sent:
            sent.append(moment)
            send(build.pid, number)

    assert build_once(project, ask)[0] == code
    assert build_once(project, leave_alone)[0] == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_second_signal_ends_at_once(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Whoever asks twice does not wait for the chapters that are being finished: there is no report."""
    project = make_project(tmp_path, book=LONG_BOOK)  # when its first chapter is finished, others are being encoded
    sent: list[int] = []

    def ask(build: subprocess.Popen[bytes], event: Event) -> None:
        if event["event"] == "ChapterFinished" and not sent:
            os.killpg(build.pid, number)
            time.sleep(PAUSE_S)  # equal signals that wait together are one
            os.killpg(build.pid, number)
            sent.append(number)

    ended, said = build_once(project, ask)
    assert ended == code
    assert not {"BookFinished", "Report"} & {event["event"] for event in said}
    assert build_once(project, leave_alone)[0] == 0
