"""Who speaks in which slot: lines are taken from a queue as slots fall free, and none waits for another to end.

What a line says depends on its plan, its voice, its seed and the number of slots, and on nothing else: its prompt is
heard alone, its positions begin at 0, and slots do not hear one another.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import torch
from torch import Tensor

from narrator.engines.protocol import Ended
from narrator.engines.qwen3.config import Sampling
from narrator.engines.qwen3.frame import Room, Start, State, admit, advance, empty_state
from narrator.engines.qwen3.prompt import Plan
from narrator.engines.qwen3.sampler import seed_words
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.talker import Talker
from narrator.errors import EngineError

BUCKET = 64
"""The cache is looked at in multiples of this many positions."""
GRAIN = 64
"""Rooms are made in multiples of this many positions, frames and tokens, so that few are made."""
FRAMES_A_TOKEN, FRAMES_AT_LEAST = 8, 40
"""A text token is usually heard for about four frames; a line that takes twice that and 3 s more has lost its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A line to be spoken."""

    id: str
    plan: Plan
    voice: Tensor | None = None
    """Speaker embedding, [H]."""
    reference: Tensor | None = None
    """Codes that the plan's reference frames stand for, [frames, 16]."""
    sampling: Sampling
    seed: int
    cap: int
    """Frames after which it is stopped."""

    @property
    def room(self) -> Room:
        """What it needs."""
        dice = (self.sampling.talker, self.sampling.sub_talker)
        return Room(
            n_positions=self.plan.n_positions + self.cap,
            n_frames=self.cap,
            n_trailing=len(self.plan.trailing),
            n_candidates=max(die.top_k for die in dice) if all(die.top_k for die in dice) else ALL,
        )


ALL = 1 << 20
"""Candidates where a line has no top k; more than any vocabulary."""


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


@dataclass(slots=True)
class _Live:
    job: Job
    position: int
    """At or above the slot's position on the device."""


class Slots:
    """Speaks a queue of lines, so many at once.

    Args:
        talker: The weights.
        n_slots: Lines at once; halved when memory runs out.
        attention: How it is computed.
        look_every: Frames between two looks at which lines have ended: a look waits for the device.
        step: Speaks one frame in every slot: `advance`, or something that does the same.
    """

    def __init__(
        self,
        talker: Talker,
        n_slots: int,
        *,
        attention: Attention | None = None,
        look_every: int = 1,
        step: Callable[[Talker, State, int, Attention], None] = advance,
    ) -> None:
        self.n_slots = n_slots
        self._talker = talker
        self._attention = attention or Attention()
        self._look_every = look_every
        self._step = step
        self._queue: deque[Job] = deque()
        self._live: dict[int, _Live] = {}
        self._state: State | None = None

    @property
    def busy(self) -> bool:
        """Whether a line is being spoken or waits."""
        return bool(self._live or self._queue)

    def submit(self, job: Job) -> None:
        """Queue a line; lines are started in this order."""
        self._queue.append(job)

    def look(self) -> list[Spent]:
        """Fill the slots, speak a few frames, and give the lines that have ended.

        Raises:
            EngineError: Memory does not suffice for one slot.
        """
        if not self.busy:
            return []
        try:
            with torch.inference_mode():
                return self._spoken()
        except torch.OutOfMemoryError as error:
            self._halve(error)
            return []

    def clear(self) -> None:
        """Drop all lines and free the slots."""
        self._queue.clear()
        self._live.clear()
        self._state = None

    def _spoken(self) -> list[Spent]:
        state = self._filled()
        for _ in range(self._look_every):
            reach = 1 + max(live.position for live in self._live.values())
            n_positions = min(-(-reach // BUCKET) * BUCKET, state.room.n_positions + 1)
            self._step(self._talker, state, n_positions, self._attention)
            for live in self._live.values():
                live.position = min(live.position + 1, live.job.room.n_positions)
        done, frames, tokens = (x.tolist() for x in (state.done, state.frame, state.token))
        ended = [slot for slot in self._live if done[slot]]
        return [self._collected(state, slot, frames[slot], tokens[slot]) for slot in ended]

    def _collected(self, state: State, slot: int, n_frames: int, token: int) -> Spent:
        ended = Ended.EOS if token == self._talker.config.codec.eos else Ended.CAP
        return Spent(id=self._live.pop(slot).job.id, codes=state.codes[slot, :n_frames].clone(), ended=ended)

    def _filled(self) -> State:
        """The slots, with a line in each as far as lines that fit go."""
        if self._state is None or (not self._live and not _fits(self._queue[0], self._state)):
            self._state = None
            self._state = empty_state(self._talker, self.n_slots, self._room_for_all())
        free = [slot for slot in range(self.n_slots) if slot not in self._live]
        # A line that is larger than the room waits until all have ended and a larger room can be made.
        while free and self._queue and _fits(self._queue[0], self._state):
            self._admit(self._state, free.pop(0))
        return self._state

    def _admit(self, state: State, slot: int) -> None:
        job, talker = self._queue[0], self._talker
        start = Start(
            prompt=talker.prompt(job.plan, job.voice, job.reference),
            trailing=talker.text(job.plan.trailing),
            seed=seed_words(job.seed),
            sampling=job.sampling,
            cap=job.cap,
        )
        admit(talker, state, slot, start, self._attention)
        self._live[slot] = _Live(job=self._queue.popleft(), position=job.plan.n_positions)

    def _room_for_all(self) -> Room:
        need = reduce(Room.joined, (job.room for job in self._queue))
        return Room(
            n_positions=_rounded(need.n_positions),
            n_frames=_rounded(need.n_frames),
            n_trailing=_rounded(need.n_trailing),
            n_candidates=need.n_candidates,
        )

    def _halve(self, error: torch.OutOfMemoryError) -> None:
        if self.n_slots == 1:
            raise EngineError(
                "the device has no memory for a single line",
                hint="Close what else uses it, or take the smaller model: engine: {size: 0.6b}.",
            ) from error
        again = [live.job for _, live in sorted(self._live.items())]
        self._queue = deque(chain(again, self._queue))
        self._live.clear()
        self._state = None
        self.n_slots //= 2


def _fits(job: Job, state: State) -> bool:
    return state.room.joined(job.room) == state.room


def _rounded(n: int) -> int:
    return -(-n // GRAIN) * GRAIN
