"""A project with cloned, preset and designed voices builds from end to end on tiny checkpoints."""

import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from narrator.audio.files import encode_wav
from narrator.engines.qwen3.engine import Qwen3Engine
from narrator.events import BookRead, ChapterFinished, EngineOpened, Planned, TakeRecorded, Warned
from narrator.production import Wishes, build, go_on, plan, ready, recordings
from narrator.project import open_project
from narrator.rehearsal import speak
from tests.fault.test_kills import Event, build_once, leave_alone, recorded, records
from tests.projects import edit
from tests.test_production import Heard, digests, made

PROJECT = """\
narrate: 1
book: {source: ferry.md, language: en}
voices:
  reader: {clone: {audio: voices/reader.wav, text: The river was still.}, rights: {kind: own}}
  tom: {clone: {audio: voices/tom.wav, x_vector_only: true}, rights: {kind: own}}
  anna: {preset: ryan, style: dry}
  bell: {design: "elderly woman, quick"}
cast: {narrator: reader, Anna: anna, Tom: tom, Mrs. Bell: bell, unknown: reader}
engine: {use: qwen3, source: weights, dtype: float32}
proof: {retries: 3}
outputs: [{format: m4b}]
"""
BOOK = """\
# The Bell

The river was still.

“Is anybody there?” said Anna.

“I was looking for my other boot,” said Tom.

“You are late,” said Mrs. Bell.

# The Boot

The boot was found.
"""


@pytest.fixture
def project(tmp_path: Path, checkpoints: Callable[..., Path]) -> Path:
    """A project with its weights beside it."""
    for kind in ("base", "custom_voice", "voice_design"):
        shutil.copytree(checkpoints(kind), tmp_path / "weights" / kind)
    (tmp_path / "voices").mkdir()
    chance = np.random.default_rng(3)
    for name, hz in (("reader", 140), ("tom", 110)):
        time_s = np.arange(3 * 24_000) / 24_000
        hum = np.sin(2 * np.pi * hz * time_s) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time_s))
        noise = 0.02 * chance.standard_normal(len(time_s))
        (tmp_path / "voices" / f"{name}.wav").write_bytes(encode_wav((0.2 * hum + noise).astype(np.float32), 24_000))
    (tmp_path / "ferry.md").write_text(BOOK, "utf-8")
    (tmp_path / "project.yaml").write_text(PROJECT, "utf-8")
    return tmp_path / "project.yaml"


def test_project_of_all_kinds_of_voice_builds_and_resumes(project: Path) -> None:
    """Stopped half-way it goes on; the book is bound; voices are made ready once, and drawn once."""
    heard = Heard()
    first = build(open_project(project), Wishes(), heard, lambda: len(heard.of(TakeRecorded)) >= 2)
    prompts = digests(project.parent / ".narrate" / "prompts")
    clip = (project.parent / "voices" / "bell.design.wav").read_bytes()
    assert first.stopped
    steps = [event for event in heard.events if not isinstance(event, Warned)]  # Ryan's voice does not suit Anna
    assert [type(step) for step in steps[:2]] == [BookRead, Planned]
    assert len(heard.of(BookRead)) == 1
    report, _ = made(project)
    assert [path.name for path in report.files if path.suffix == ".m4b"] == ["ferry.m4b"]
    assert report.n_reused == first.n_recorded >= 2
    kept = digests(project.parent / ".narrate" / "prompts")
    assert prompts.items() <= kept.items()
    assert (project.parent / "voices" / "bell.design.wav").read_bytes() == clip
    again, later = made(project)
    assert (again.n_recorded, later.of(EngineOpened)) == (0, [])
    pace_records_nothing(project, later)
    style_records_its_presets(project)


def pace_records_nothing(project: Path, before: Heard) -> None:
    """The models set their own pace: another one is heard in the chapter, and no line is recorded for it."""
    spoken, _ = speak(open_project(project), "Is it late?", "Tom")
    edit(project, "x_vector_only: true}, rights: {kind: own}}", "x_vector_only: true}, rights: {kind: own}, pace: 0.5}")
    assert len(speak(open_project(project), "Is it late?", "Tom")[0]) == 2 * len(spoken)
    report, heard = made(project)
    assert (report.n_recorded, heard.of(EngineOpened)) == (0, [])
    seconds = [{chapter.number: chapter.seconds for chapter in each.of(ChapterFinished)} for each in (before, heard)]
    toms = [r for r in plan(open_project(project), Wishes(), Heard()).requests if r.utterance.character == "Tom"]
    assert [request.tempo for request in toms] == [0.5]
    assert seconds[1][1] > seconds[0][1] + 0.2
    assert seconds[1][2] == seconds[0][2]


def style_records_its_presets(project: Path) -> None:
    """What CustomVoice is told of how to speak is a cause of its takes."""
    edit(project, "style: dry", "style: amused")
    _, heard = made(project)
    assert {event.character for event in heard.of(TakeRecorded)} == {"Anna"}


def test_killed_build_goes_on(project: Path) -> None:
    """SIGKILL after two takes, then the same command: no line twice, voices made ready and drawn once, the book bound.

    Files that were made before the kill are the same files afterwards, not equal ones.
    """
    said: list[Event] = []

    def strike(build: subprocess.Popen[bytes], event: Event) -> None:
        said.append(event)
        if len(recorded(said)) == 2:
            build.send_signal(signal.SIGKILL)

    assert build_once(project, strike)[0] == -signal.SIGKILL
    before = records(project)
    ready_made = kept(project)
    code, rest = build_once(project, leave_alone)
    assert code == 0
    assert len(before) >= 2
    assert records(project).keys() == before.keys() | set(recorded(rest))
    assert ready_made.items() <= kept(project).items()
    assert any(name.endswith(".safetensors") for name in ready_made)
    assert (project.parent / "output" / "ferry.m4b").exists()


def kept(project: Path) -> dict[str, tuple[int, int]]:
    """Prompts and the drawn voice: inode and time of change by name."""
    files = [*(project.parent / ".narrate" / "prompts").rglob("*.*"), *(project.parent / "voices").iterdir()]
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def test_project_builds_where_memory_does_not_suffice(project: Path) -> None:
    """With room for no two models, the lines of one are recorded, then those of the other, and the build says so."""
    heard = Heard()
    planned = ready(open_project(project), Wishes(), heard)
    cramped = Qwen3Engine(planned.project.engine, lambda _device: 0)
    planned = replace(planned, engine=cramped)
    takes = [take for _, take in recordings(planned, planned.missing, heard, go_on)]
    assert len(takes) == len(planned.requests)
    assert None not in takes
    (opened,) = heard.of(EngineOpened)
    assert "2 models one after another" in opened.device
    presets = [event.character == "Anna" for event in heard.of(TakeRecorded)]
    assert [preset for preset, _ in groupby(presets)] == [True, False]
