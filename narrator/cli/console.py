"""Draws events: a progress bar for people, JSON lines for programs."""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import click
from tqdm import tqdm

from narrator import transfers
from narrator.errors import UsageError
from narrator.events import (
    BookFinished,
    BookRead,
    ChapterFinished,
    EngineOpened,
    Event,
    Listener,
    Planned,
    TakeDamaged,
    TakeRecorded,
    TakeRejected,
    Warned,
)

PROJECT = click.argument("project", type=click.Path(path_type=Path), default=Path("project.yaml"))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable output, one JSON object a line.")


def clock(seconds: float) -> str:
    """`1:02:03` or `4:05`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def chapter_numbers(ranges: str) -> tuple[int, ...]:
    """Read `1-3,5`.

    Raises:
        UsageError: It is not of that form.
    """
    numbers: set[int] = set()
    for part in ranges.split(",") if ranges else ():
        match = re.fullmatch(r"\s*([1-9]\d{0,3})(?:-([1-9]\d{0,3}))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise UsageError(f"--chapters {ranges}: `{part}` is no chapter or range", hint="Write it as 1-3,5.")
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers))


def emit(value: object) -> None:
    """Print one JSON object on a line of its own."""
    try:
        print(json.dumps(value, ensure_ascii=False, default=str), flush=True)
    except BrokenPipeError:  # whoever read our output has left; the work goes on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def quiet(event: Event) -> None:
    """A listener for commands that only look: it passes warnings on."""
    if isinstance(event, Warned):
        click.echo(f"note: {event.message}", err=True)


def json_listener(event: Event) -> None:
    """Each event as a JSON line, named by its type."""
    emit({"event": type(event).__name__, **asdict(event)})


class Progress:
    """A listener that keeps one bar at the bottom: share of the letters, audio made, × realtime, time left.

    The bar counts the letters of the whole build, those of reused takes included, and measures speed only on what this
    run records: so the time left is right from the first minute, also after an interruption.
    """

    def __init__(self) -> None:
        self.bar: tqdm[Any] | None = None
        self.started_s = time.monotonic()
        self.opened_s = self.started_s
        self.recorded_s = 0.0
        self.n_lines = 0
        self.n_done = 0

    def __call__(self, event: Event) -> None:
        """Draw an event."""
        match event:
            case Planned():
                self._start(event)
            case TakeRecorded():
                self._advance(event)
            case _:
                if isinstance(event, EngineOpened):
                    self.opened_s = time.monotonic()
                for text in self._told(event):
                    self.say(text)

    def _told(self, event: Event) -> Iterator[str]:  # noqa: C901 - one case an event
        """An event in words."""
        match event:
            case BookRead():
                yield f"{event.title}: {event.n_chapters} chapters, {event.n_letters:,} letters accounted for"
            case EngineOpened():
                yield f"engine {event.engine} on {event.device}: {event.why}"
            case TakeRejected():
                yield f"  {event.address}: {event.reason}; {'kept for you to hear' if event.final else 'once more'}"
            case TakeDamaged():
                yield f"  damaged and set aside, will be recorded again: {event.path.name}"
            case ChapterFinished():
                yield self._chapter(event)
            case BookFinished():
                was = "  (as it was)" if event.reused else ""
                yield from (f"  {path.name}  {clock(event.seconds)}{was}" for path in event.files)
            case Warned():
                yield f"note: {event.message}"
            case Planned() | TakeRecorded():
                pass  # drawn by the bar

    def say(self, text: str) -> None:
        """A line above the bar."""
        tqdm.write(text, file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()

    def _start(self, event: Planned) -> None:
        self.n_lines, self.n_done = event.n_lines, event.n_reused
        missing = event.n_lines - event.n_reused
        self.say(f"{event.n_lines} lines: {event.n_reused} in the store, {missing} to record")
        if missing:
            self.bar = tqdm(
                total=event.n_letters,
                initial=event.n_letters - event.n_letters_missing,
                desc=f"{self.n_done}/{self.n_lines} lines",
                file=sys.stderr,
                disable=None,  # a log gets a line for each chapter, not one for each take
                dynamic_ncols=True,
                bar_format="{percentage:3.0f}% |{bar}| {desc}, {remaining} left",
            )

    def _advance(self, event: TakeRecorded) -> None:
        self.n_done += 1
        self.recorded_s += event.seconds
        if self.bar is None:
            return
        speed = self.recorded_s / max(1e-3, time.monotonic() - self.opened_s)
        self.bar.set_description_str(
            f"{self.n_done}/{self.n_lines} lines, {clock(self.recorded_s)} recorded, {speed:.1f} × realtime",
            refresh=False,
        )
        self.bar.update(event.n_letters)

    def _chapter(self, event: ChapterFinished) -> str:
        name = f"  chapter {event.number} {event.title}  {clock(event.seconds)}"
        if event.reused:
            return f"{name}  (as it was)"
        after_s = time.monotonic() - self.started_s
        return (
            f"{name}  {event.loudness_lufs:.1f} LUFS  {event.true_peak_dbtp:.1f} dBTP  playable after {after_s:.0f} s"
        )


def file_bars(at_end: ExitStack) -> transfers.Progress:
    """A bar for each file that is fetched."""
    bars: dict[str, tqdm[Any]] = {}

    def tell(name: str, n_bytes: int, n_total: int) -> None:
        if name not in bars:
            bars[name] = at_end.enter_context(
                tqdm(total=n_total or None, desc=name, unit="B", unit_scale=True, disable=None)
            )
        bars[name].update(n_bytes - bars[name].n)

    return tell


@contextmanager
def listening(*, as_json: bool) -> Iterator[Listener]:
    """The listener that the command line asks for."""
    if as_json:
        yield json_listener
        return
    progress = Progress()
    try:
        yield progress
    finally:
        progress.close()


@contextmanager
def hearing_signals() -> Iterator[list[int]]:
    """Collect SIGINT and SIGTERM: the first asks politely, the second ends the process at once.

    At once means as a power cut would: what is stored is stored, and the next build sweeps the rest.
    """
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        if heard:
            os._exit(128 + number)
        heard.append(number)

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
