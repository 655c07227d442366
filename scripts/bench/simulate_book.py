"""When a book's chapters would be ready, and how full the slots are: our scheduler, with speech of the length of text.

    python -m scripts.bench.simulate_book book.epub [--slots 128] [--group 2] [--ahead 1] [--look-every 1]

The real reader, script, order of recording and slots; only speaking is pretended: a line of n letters lasts as long as
Qwen3-TTS usually takes for it. Time is counted in frames, which cost the same however many slots speak; hearing prompts
and decoding are left out. Prints one JSON object. Needs the engine's extra [qwen3].
"""

import argparse
import json
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from narrator.engines.qwen3.config import GREEDY
from narrator.engines.qwen3.frame import Room
from narrator.engines.qwen3.prefill import Group
from narrator.engines.qwen3.prompt import Plan
from narrator.engines.qwen3.session import ON_GPU
from narrator.engines.qwen3.slots import Job, Pace, Progress, Slots
from narrator.engines.qwen3.voiceprompt import CHARS_PER_S, FRAME, RATE_HZ
from narrator.production import Wishes, plan, quiet
from narrator.project import open_project
from narrator.recording.queue import in_recording_order

PROJECT = """\
narrate: 1
book: {{source: book{suffix}}}
voices: {{sine: {{tone: 220}}}}
cast: {{narrator: sine, unknown: narrator}}
"""
"""With `tone`, whose lines are almost as long as those of Qwen3-TTS, and which needs no weights."""

END = -1
SPREAD = 0.2
"""Of speed from line to line: a line's usual length times e to the power of so much of a normal number."""
PROMPT = 80
"""Positions of a clone's prompt with six seconds of reference."""


class PretendedDeck:
    """Slots in which lines last as long as they are told to: a line's seed is its number of frames."""

    def open(self, n_slots: int, room: Room) -> None:  # noqa: ARG002 - a Deck
        """Empty slots."""
        self.left = np.zeros(n_slots, np.int64)
        self.n_frames = 0
        self.n_busy = 0

    def close(self) -> None:
        """Nothing to give back."""

    def admit(self, group: Group) -> None:
        """Lines begin."""
        for slot, start in zip(group.slots, group.starts, strict=True):
            self.left[slot] = start.seed

    def speak(self, n_positions: int) -> None:  # noqa: ARG002 - a Deck
        """One frame."""
        self.n_frames += 1
        self.n_busy += int(np.count_nonzero(self.left))
        self.left = np.maximum(self.left - 1, 0)

    def progress(self) -> Callable[[], Progress]:
        """How it is now."""
        done = (self.left == 0).tolist()
        return lambda: Progress(done=done, n_frames=[0] * len(done), tokens=[END] * len(done))

    def codes(self, slot: int, n_frames: int) -> Tensor:  # noqa: ARG002 - a Deck
        """Nothing was said."""
        return torch.zeros(0, 16, dtype=torch.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A line of a book: how long it takes."""

    chapter: int
    n_letters: int
    n_frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What came of it."""

    n_lines: int
    n_frames: int
    """Of the whole run."""
    busy: float
    """Share of slots and frames in which a line was spoken."""
    first_chapter: float
    """Share of the run after which the first chapter was complete."""


def spells(lengths: Sequence[tuple[int, int]], seed: int = 0) -> list[Spell]:
    """Lines with the frames that they take.

    Args:
        lengths: Chapter and letters of each line, in the order of reading.
        seed: Of the differences in speed.
    """
    speed = np.exp(SPREAD * np.random.default_rng(seed).standard_normal(len(lengths)))
    a_second = RATE_HZ / FRAME
    return [
        Spell(chapter=chapter, n_letters=n, n_frames=2 + round(a_second * n / CHARS_PER_S / pace))
        for (chapter, n), pace in zip(lengths, speed, strict=True)
    ]


def simulate(queue: Sequence[Spell], n_slots: int, pace: Pace) -> Run:
    """Speak lines, in the order of recording, fed as the booth feeds its session: twice the slots at a time."""
    deck, layout = PretendedDeck(), Plan(text=(0,) * PROMPT, codec=(0,) * PROMPT, trailing=())
    slots = Slots(deck, n_slots, end=END, pace=pace)
    opening = min(spell.chapter for spell in queue)
    first = {str(n) for n, spell in enumerate(queue) if spell.chapter == opening}
    waiting, speaking, first_done = deque(enumerate(queue)), 0, 0
    while waiting or speaking:
        while waiting and speaking < 2 * n_slots:
            number, spell = waiting.popleft()
            slots.submit(Job(id=str(number), plan=layout, sampling=GREEDY, seed=spell.n_frames, cap=1000))
            speaking += 1
        for spent in slots.look():
            speaking -= 1
            first.discard(spent.id)
            first_done = first_done or (deck.n_frames if not first else 0)
    return Run(
        n_lines=len(queue),
        n_frames=deck.n_frames,
        busy=deck.n_busy / (deck.n_frames * len(deck.left)),
        first_chapter=first_done / deck.n_frames,
    )


def book_spells(book: Path) -> list[Spell]:
    """The lines of a book in the order in which a build records them."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / f"book{book.suffix}").write_bytes(book.read_bytes())
        (root / "project.yaml").write_text(PROJECT.format(suffix=book.suffix), "utf-8")
        missing = plan(open_project(root), Wishes(), quiet).missing
    return spells([(request.chapter, len(request.recipe.text)) for request in in_recording_order(missing)])


def main() -> None:
    """Simulate and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("book", type=Path)
    arguments.add_argument("--slots", type=int, default=128)
    for name in ("group", "ahead", "look_every", "patience", "most_begun"):
        arguments.add_argument(f"--{name.replace('_', '-')}", type=int, default=getattr(ON_GPU.pace, name))
    given = vars(arguments.parse_args())
    book, n_slots = given.pop("book"), given.pop("slots")
    queue = book_spells(book)
    run = simulate(queue, n_slots, replace(ON_GPU.pace, **given))
    n_spoken = sum(spell.n_frames for spell in queue)
    print(
        json.dumps({
            "bench": "simulate_book",
            "book": book.name,
            "slots": n_slots,
            **given,
            "lines": run.n_lines,
            "audio_s": round(n_spoken * FRAME / RATE_HZ),
            "frames_a_line": round(n_spoken / run.n_lines, 1),
            "frames": run.n_frames,
            "slot_utilisation": round(run.busy, 4),
            "first_chapter_at": round(run.first_chapter, 4),
        })
    )


if __name__ == "__main__":
    main()
