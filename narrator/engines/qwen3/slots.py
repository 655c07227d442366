"""Who speaks in which slot: lines are taken from a queue as slots fall free, and none waits for another to end.

What a line says depends on its plan, its voice, its seed and the number of slots, and on nothing else: its prompt does
not hear its mates, its positions begin at 0, and slots do not hear one another.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import islice, takewhile
from typing import Protocol

import torch
from torch import Tensor

from narrator.engines.protocol import Ended
from narrator.engines.qwen3.frame import Room
from narrator.engines.qwen3.prefill import Group, Start, filled_up
from narrator.errors import EngineError

GRAIN = 64
"""Rooms are made in multiples of this many positions, frames and tokens, so that few are made."""
FRAMES_A_TOKEN, FRAMES_AT_LEAST = 8, 40
"""A text token is usually heard for about four frames; a line that takes twice that and 3 s more has lost its way."""
ALL = 1 << 20
"""Candidates where a line has no top k; more than any vocabulary."""
NO_ROOM = Room(n_positions=0, n_frames=0, n_trailing=0, n_candidates=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Start):
    """A line to be spoken."""

    id: str

    @property
    def room(self) -> Room:
        """What it needs."""
        dice = (self.sampling.talker, self.sampling.sub_talker)
        return Room(
            n_positions=max(self.n_positions, filled_up(self.plan.n_positions)),
            n_frames=self.cap,
            n_trailing=len(self.plan.trailing),
            n_candidates=max(die.top_k for die in dice) if all(die.top_k for die in dice) else ALL,
        )

    @property
    def n_positions(self) -> int:
        """Prompt and frames, if it is stopped by its cap."""
        return self.plan.n_positions + self.cap


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A line as codes."""

    id: str
    codes: Tensor
    """[frames, 16]"""
    ended: Ended


def usual_cap(n_tokens: int) -> int:
    """Frames after which a line of so many text tokens is given up: generous, for slow speakers."""
    return FRAMES_AT_LEAST + FRAMES_A_TOKEN * n_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the slots were when it was asked; one entry a slot."""

    done: list[bool]
    n_frames: list[int]
    tokens: list[int]
    """The last of each line."""


class Deck(Protocol):
    """Slots on a device. Nothing waits for it but whoever wants to know how far it is."""

    def open(self, n_slots: int, room: Room) -> None:
        """Make so many empty slots; those that there were go first."""

    def close(self) -> None:
        """Give the memory back."""

    def admit(self, group: Group) -> None:
        """Put lines into slots."""

    def speak(self, n_positions: int) -> None:
        """One frame in every slot, looking at so many positions: more than every live one."""

    def progress(self) -> Callable[[], Progress]:
        """Ask how far the slots are now; the answer waits."""

    def codes(self, slot: int, n_frames: int) -> Tensor:
        """What was spoken in a slot, [frames, 16], kept when the slot is filled again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How slots are kept busy. Of all this only `group` can be heard, and only in the rounding of coarse numbers."""

    look_every: int = 1
    """Frames between two questions which lines have ended."""
    ahead: int = 0
    """Looks that are queued behind the one whose answer is waited for, so that a device never waits for its host."""
    group: int = 1
    """Rows in which lines begin together; with 1, prompts are not filled up either."""
    patience: int = 0
    """Looks that free slots wait until a group is full."""
    most_begun: int = 8
    """Lines that begin between two looks, so that those that are spoken go on."""
    bucket: int = 64
    """The cache is looked at in multiples of this many positions."""
    ladder: tuple[int, ...] = ()
    """How many slots there may be; the first rung that holds all lines at hand is taken. Without it: always all."""


@dataclass(slots=True)
class _Live:
    job: Job
    position: int
    """At or above the slot's position on the device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Frames that were queued, and the lines that they were for."""

    answer: Callable[[], Progress]
    lines: Mapping[int, _Live]


class Slots:
    """Speaks a queue of lines, so many at once. Knows when, and nothing of how.

    Args:
        deck: Where they are spoken.
        n_slots: Lines at once, at most; halved when memory runs out.
        end: The token that ends speech.
        pace: How the slots are kept busy.
        least: The room that is made even if all lines at hand need less.
    """

    def __init__(self, deck: Deck, n_slots: int, *, end: int, pace: Pace | None = None, least: Room = NO_ROOM) -> None:
        self.n_slots = n_slots
        self._deck = deck
        self._end = end
        self._pace = pace or Pace()
        self._least = least
        self._open: tuple[int, Room] | None = None
        self._queue: deque[Job] = deque()
        self._live: dict[int, _Live] = {}
        self._looks: deque[_Look] = deque()
        self._n_waited = 0

    @property
    def busy(self) -> bool:
        """Whether a line is being spoken or waits."""
        return bool(self._live or self._queue)

    def submit(self, job: Job) -> None:
        """Queue a line; lines are started in this order."""
        self._queue.append(job)

    def look(self) -> list[Spent]:
        """Fill the slots, have a few frames spoken, and give the lines that are known to have ended.

        Raises:
            EngineError: Memory does not suffice for one slot.
        """
        if not self.busy:
            return []
        try:
            with torch.inference_mode():
                self._speak(self._filled())
                return self._ended()
        except torch.OutOfMemoryError as error:
            self._halve(error)
            return []

    def clear(self) -> None:
        """Drop all lines and free the slots."""
        self._queue.clear()
        self._shut()

    def _speak(self, room: Room) -> None:
        bucket = self._pace.bucket
        for _ in range(self._pace.look_every):
            reach = 1 + max(live.position for live in self._live.values())
            self._deck.speak(min(-(-reach // bucket) * bucket, room.n_positions + 1))
            for live in self._live.values():
                live.position = min(live.position + 1, live.job.n_positions)
        self._looks.append(_Look(answer=self._deck.progress(), lines=dict(self._live)))

    def _ended(self) -> list[Spent]:
        """Lines that had ended some looks ago; a slot that was filled since then has nothing to do with the answer."""
        if len(self._looks) <= self._pace.ahead:
            return []
        look = self._looks.popleft()
        progress = look.answer()
        mine = [slot for slot, live in look.lines.items() if self._live.get(slot) is live and progress.done[slot]]
        ended = [self._collected(slot, progress) for slot in mine]
        if not self._live:
            self._looks.clear()
        return ended

    def _collected(self, slot: int, progress: Progress) -> Spent:
        codes = self._deck.codes(slot, progress.n_frames[slot])
        ended = Ended.EOS if progress.tokens[slot] == self._end else Ended.CAP
        return Spent(id=self._live.pop(slot).job.id, codes=codes, ended=ended)

    def _filled(self) -> Room:
        """Put a line into each slot, as far as lines that fit go."""
        if self._open is None or (not self._live and self._wants_other_slots(*self._open)):
            self._shut()
            wanted = self._fitting_slots(), self._room_for_all()
            self._deck.open(*wanted)
            self._open = wanted
        n_slots, room = self._open
        free = [slot for slot in range(n_slots) if slot not in self._live]
        # A line that is larger than the room waits until all have ended and a larger room can be made.
        fitting = takewhile(lambda job: _fits(job, room), islice(self._queue, min(len(free), self._pace.most_begun)))
        ready = list(fitting)
        full = min(self._pace.group, len(self._queue))
        if self._live and len(ready) < full and self._n_waited < self._pace.patience:
            self._n_waited += bool(free)
            return room
        self._n_waited = 0
        for job, slot in zip(ready, free, strict=False):
            self._live[slot] = _Live(job=self._queue.popleft(), position=job.plan.n_positions)
        for group in self._groups(dict(zip(free, ready, strict=False)), room):
            self._deck.admit(group)
        return room

    def _groups(self, starts: Mapping[int, Job], room: Room) -> Iterator[Group]:
        """Lines by slot, sorted into groups whose prompts are filled up to one length."""
        n_rows, shelves = self._pace.group, defaultdict[int, list[tuple[int, Job]]](list)
        for slot, job in starts.items():
            n = job.plan.n_positions
            shelves[n if n_rows == 1 else filled_up(n)].append((slot, job))
        for n_positions, shelf in shelves.items():
            for first in range(0, len(shelf), n_rows):
                slots, jobs = zip(*shelf[first : first + n_rows], strict=True)
                n_trailing = len(jobs[0].plan.trailing) if n_rows == 1 else room.n_trailing
                yield Group(slots=slots, starts=jobs, n_rows=n_rows, n_positions=n_positions, n_trailing=n_trailing)

    def _wants_other_slots(self, n_slots: int, room: Room) -> bool:
        return bool(self._queue) and (not _fits(self._queue[0], room) or n_slots < self._fitting_slots())

    def _fitting_slots(self) -> int:
        """As many slots as there are lines, in steps: so that a book has the same number from beginning to end."""
        enough = (rung for rung in self._pace.ladder if rung >= len(self._queue))
        return min(next(enough, self.n_slots), self.n_slots)

    def _room_for_all(self) -> Room:
        need = reduce(Room.joined, (job.room for job in self._queue), self._least)
        return Room(
            n_positions=_rounded(need.n_positions),
            n_frames=_rounded(need.n_frames),
            n_trailing=_rounded(need.n_trailing),
            n_candidates=need.n_candidates,
        )

    def _halve(self, error: torch.OutOfMemoryError) -> None:
        n_slots = self.n_slots if self._open is None else self._open[0]
        if n_slots == 1:
            raise EngineError(
                "the device has no memory for a single line",
                hint="Close what else uses it, or take the smaller model: engine: {size: 0.6b}.",
            ) from error
        self._queue.extendleft(live.job for _, live in sorted(self._live.items(), reverse=True))
        self._shut()
        self.n_slots = n_slots // 2

    def _shut(self) -> None:
        self._deck.close()
        self._open = None
        self._live.clear()
        self._looks.clear()


def _fits(job: Job, room: Room) -> bool:
    return room.joined(job.room) == room


def _rounded(n: int) -> int:
    return -(-n // GRAIN) * GRAIN
