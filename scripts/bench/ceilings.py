"""What the processor can do beside an engine: × realtime of each step on one core, and of all of them together.

    python -m scripts.bench.ceilings [--minutes 10] [--hours 2] [--cores 1 2] [--pace 0]

Steps are timed in processor seconds, one after the other, on sound that is like speech. Then a whole book is built
behind an engine that speaks at once (or at `--pace` × realtime), held to each number of cores. Prints one JSON; with
`--table`, the rows for RESULTS.md instead.
"""

import argparse
import hashlib
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from narrator import mastering
from narrator.audio.files import decode, encode_flac
from narrator.audio.loudness import integrated_lufs, true_peak_dbtp
from narrator.domain import BookTags, Master, Pause, Placed, Samples, Take
from narrator.engines.protocol import Spoken
from narrator.events import BookFinished, ChapterFinished, EngineOpened, Event
from narrator.mastering.assembly import assemble, cleaned, lay_out, listen
from narrator.mastering.dynamics import line_gains_db
from narrator.mastering.limiter import Limiter
from narrator.production import Wishes, build
from narrator.project import open_project
from narrator.publishing import EncodedChapter, Label, bind
from narrator.publishing.chapters import write_flac, write_mp3
from narrator.publishing.checks import measure
from narrator.publishing.encoding import product_blocks
from narrator.publishing.m4b import encode_chapter
from narrator.recording.proofing import proof
from narrator.recording.shelf import Shelf
from narrator.settings.options import MasteringProfile, PauseOptions
from narrator.store import Recording, Store
from narrator.workers import usable_cores
from scripts.bench.instant import NAME, RATE_HZ, speech
from scripts.bench.longbook import book
from scripts.bench.plugged import plugged

TAKE_S = 8.0
T = TypeVar("T")


@dataclass(slots=True)
class Clock:
    """Seconds of sound a second of processor, and a second of time, by step."""

    sound_s: float
    found: dict[str, dict[str, float]] = field(default_factory=dict)

    def __call__(self, step: str, work: Callable[[], T]) -> T:
        """Time a step."""
        cpu, wall = time.process_time(), time.perf_counter()
        made = work()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        self.found[step] = {
            "x_realtime_per_core": round(self.sound_s / max(cpu, 1e-6)),
            "x_realtime_wall": round(self.sound_s / max(wall, 1e-6)),
        }
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The material: takes and how they are placed."""

    takes: tuple[Samples, ...]
    flac: tuple[bytes, ...]
    lines: tuple[Placed, ...]

    def load(self, take: Take) -> Samples:
        """A take, from its bytes."""
        return decode(self.flac[int(take.key)], where=take.key)[0]


def steps(minutes: float, folder: Path) -> dict[str, dict[str, float]]:
    """Each step by itself."""
    takes = tuple(speech(TAKE_S, 7919 * n) for n in range(max(2, round(minutes * 60 / TAKE_S))))
    clock = Clock(len(takes) * TAKE_S)
    spoken = [Spoken(line_id=str(n), samples=samples) for n, samples in enumerate(takes)]
    clock("proofing", lambda: [proof(each, sample_rate_hz=RATE_HZ, expected_s=TAKE_S) for each in spoken])
    flac = clock("FLAC 24 bit of a take", lambda: tuple(encode_flac(samples, RATE_HZ) for samples in takes))
    clock("digest of a take", lambda: [hashlib.sha256(data).hexdigest() for data in flac])
    recordings = [_recording(n, data, len(takes[n])) for n, data in enumerate(flac)]
    store = Store(folder / "alone")
    clock("store, take by take", lambda: [store.put(each) for each in recordings])
    clock("store, in groups", lambda: _shelved(recordings, Store(folder / "groups")))
    chapter = Chapter(takes=takes, flac=flac, lines=tuple(_placed(n, len(samples)) for n, samples in enumerate(takes)))
    master = _mastering(clock, chapter)
    _publishing(clock, master, folder)
    return clock.found


def _recording(n: int, data: bytes, n_samples: int) -> Recording:
    key = hashlib.sha256(str(n).encode()).hexdigest()
    return Recording(key=key, recipe="{}", made="{}", data=data, n_samples=n_samples, sample_rate_hz=RATE_HZ)


def _shelved(recordings: list[Recording], store: Store) -> None:
    with Shelf(store) as shelf:
        stored: list[Future[Take]] = [shelf.put(each) for each in recordings]
    for each in stored:
        each.result()


def _placed(n: int, n_samples: int) -> Placed:
    return Placed(
        take=Take(key=str(n), object="", path=Path(str(n)), n_samples=n_samples, sample_rate_hz=RATE_HZ),
        address=f"ch01:l{n}",
        text="",
        character="narrator",
        voice="voice",
        level_db=0.0,
        pause_after=Pause.SENTENCE,
    )


def _mastering(clock: Clock, chapter: Chapter) -> Master:
    profile, pauses, lines = MasteringProfile(), PauseOptions(), chapter.lines
    clock("take read again", lambda: [chapter.load(line.take) for line in lines])
    clean = clock("take cleaned (with reading)", lambda: [cleaned(line, chapter.load, RATE_HZ) for line in lines])
    heard = clock("speech found and measured", lambda: [listen(samples, RATE_HZ) for samples in clean])
    gains_db = line_gains_db(lines, heard, RATE_HZ, voice_match=True)
    layout = lay_out(lines, heard, profile, pauses, RATE_HZ)
    samples = clock("assembly", lambda: assemble(lines, layout, chapter.load, gains_db, profile))
    lufs = clock("loudness at 24 kHz", lambda: integrated_lufs(samples, RATE_HZ))
    limiter = clock("limiter, peaks", lambda: Limiter(samples, RATE_HZ, profile.ceiling_dbtp))
    gain_db = clock("limiter, gain", lambda: limiter.gain_for(profile.loudness_lufs, profile.loudness_lufs - lufs))
    clock("limiter, applied", lambda: limiter.apply(gain_db))
    clock("true peak at 24 kHz", lambda: true_peak_dbtp(samples, RATE_HZ))
    return clock("mastering, whole", lambda: mastering.master(lines, chapter.load, profile, pauses))


def _publishing(clock: Clock, master: Master, folder: Path) -> None:
    label = Label(book=BookTags(title="Bench"), title="One", number=1, n_chapters=1)
    mp3, flac, part = folder / "one.mp3", folder / "one.flac", folder / "one.m4a"
    clock("resampling to 44.1 kHz", lambda: _spent(product_blocks(master)))
    clock("MP3 192k", lambda: write_mp3(master, label, mp3))
    clock("FLAC 24 bit, 44.1 kHz", lambda: write_flac(master, label, flac))
    clock("AAC 64k", lambda: encode_chapter(master, part))
    clock("M4B, bound", lambda: bind([EncodedChapter(path=part, title="One")], label.book, None, folder / "one.m4b"))
    for path in (mp3, flac, part):
        clock(f"measuring {path.suffix[1:]}", partial(measure, path))


def _spent(parts: Iterator[Samples]) -> int:
    return sum(len(part) for part in parts)


# ── all of them together ──────────────────────────────────────────────────────────────────────────────────────────────


PROJECT = """\
narrate: 1
book: {{source: book.md, language: en}}
voices: {{noise: {{engine: {name}, voice: "{pace:g}"}}}}
cast: {{narrator: noise, unknown: narrator}}
outputs: [{outputs}]
"""


@dataclass(slots=True)
class Milestones:
    """When things happened, seconds of the clock."""

    opened: float = 0.0
    recorded: float = 0.0
    chapters: list[float] = field(default_factory=list)
    sound_s: float = 0.0

    def __call__(self, event: Event) -> None:
        """Listen to a build."""
        now = time.perf_counter()
        if isinstance(event, EngineOpened):
            self.opened = now
        elif isinstance(event, ChapterFinished):
            self.chapters.append(now)
            self.sound_s += event.seconds
        elif not isinstance(event, BookFinished):
            self.recorded = now


def together(hours: float, n_cores: int, pace: float, formats: tuple[str, ...]) -> dict[str, Any]:
    """A book behind an engine of that pace, on so many cores."""
    all_cores = os.sched_getaffinity(0)
    engine = plugged({NAME: "scripts.bench.instant:InstantEngine"})
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=".") as folder, engine:
        root = Path(folder)
        (root / "book.md").write_text(book(hours, chapter_minutes=min(25.0, hours * 15)), "utf-8")
        outputs = ", ".join(f"{{format: {name}}}" for name in formats)
        (root / "project.yaml").write_text(PROJECT.format(name=NAME, pace=pace, outputs=outputs), "utf-8")
        milestones, before = Milestones(), _processor_s()
        os.sched_setaffinity(0, sorted(all_cores)[:n_cores])
        try:
            build(open_project(root), Wishes(), milestones)
            ended = time.perf_counter()
        finally:
            os.sched_setaffinity(0, all_cores)
    cpu_s = _processor_s() - before
    return {
        "cores": n_cores,
        "formats": list(formats),
        "pace": pace,
        "sound_s": round(milestones.sound_s),
        "x_realtime_from_engine_open": round(milestones.sound_s / (ended - milestones.opened), 1),
        "x_realtime_per_core": round(milestones.sound_s / cpu_s, 1),
        "recorded_after_s": round(milestones.recorded - milestones.opened, 1),
        "ended_after_s": round(ended - milestones.opened, 1),
        "first_chapter_after_s": round(min(milestones.chapters) - milestones.opened, 1),
    }


def _processor_s() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def table(found: dict[str, Any]) -> str:
    """The steps as rows of Markdown."""
    rows = [f"| {step} | {x['x_realtime_per_core']} | {x['x_realtime_wall']} |" for step, x in found["steps"].items()]
    return "\n".join(("| step | × realtime a core | × realtime, wall |", "| --- | --- | --- |", *rows))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="of sound for the steps; 0 = leave them out")
    parser.add_argument("--hours", type=float, default=2.0, help="of sound for the whole; 0 = leave it out")
    parser.add_argument("--cores", type=int, nargs="+", default=sorted({1, usable_cores()}))
    parser.add_argument("--pace", type=float, default=0.0, help="of the engine, x realtime; 0 = at once")
    parser.add_argument("--formats", nargs="+", default=["m4b"])
    parser.add_argument("--tiny", action="store_true", help="the least that runs")
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    if given.tiny:
        given.minutes, given.hours, given.cores = 0.5, 0.02, [usable_cores()]
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=".") as folder:
        found: dict[str, Any] = {"bench": "ceilings", "load": round(os.getloadavg()[0], 1)}
        found["steps"] = steps(given.minutes, Path(folder)) if given.minutes else {}
    runs = given.cores if given.hours else []
    found["together"] = [together(given.hours, n, given.pace, tuple(given.formats)) for n in runs]
    print(table(found) if given.table else json.dumps(found))


if __name__ == "__main__":
    main()
