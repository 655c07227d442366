"""The device's half of speaking: the slots' state, frames that are queued and not waited for, and what came of them."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from narrator.engines.qwen3.device import Device, Fetched, Work, device_of
from narrator.engines.qwen3.frame import Room, State, advance, empty_state
from narrator.engines.qwen3.prefill import Group, admit
from narrator.engines.qwen3.slots import NO_ROOM, Pace, Progress, Slots
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.talker import Talker

Step = Callable[[Talker, State, int, Attention], None]
"""Speaks one frame in every slot: `advance`, or something that does the same."""


class TalkerDeck:
    """Slots of a talker.

    Args:
        talker: The weights.
        attention: How it is computed.
        device: Where the weights are.
        step: Speaks a frame.
    """

    def __init__(self, talker: Talker, attention: Attention, device: Device, step: Step = advance) -> None:
        self._talker = talker
        self._attention = attention
        self._device = device
        self._step = step
        self._state: State | None = None
        self._recorder = device.recorder()
        self._frames: dict[int, Work] = {}

    @property
    def state(self) -> State:
        """The open slots."""
        if self._state is None:
            raise ValueError("no slots are open")
        return self._state

    def open(self, n_slots: int, room: Room) -> None:
        """Make so many empty slots."""
        self.close()
        self._state = empty_state(self._talker, n_slots, room)

    def close(self) -> None:
        """Forget the slots, and the frames that were recorded on them: they know its addresses."""
        if self._state is None:
            return
        self._device.settle()
        self._frames.clear()
        self._recorder = self._device.recorder()
        self._state = None

    def admit(self, group: Group) -> None:
        """Put lines into slots."""
        admit(self._talker, self.state, group, self._attention, self._device)

    def speak(self, n_positions: int) -> None:
        """One frame; each number of positions is work of its own."""
        if n_positions not in self._frames:
            frame = partial(self._step, self._talker, self.state, n_positions, self._attention)
            self._frames[n_positions] = self._recorder.recorded(frame)
        self._frames[n_positions]()

    def progress(self) -> Callable[[], Progress]:
        """In one copy."""
        state = self.state
        return partial(_answer, self._device.fetch(torch.stack((state.done.long(), state.frame, state.token))))

    def codes(self, slot: int, n_frames: int) -> Tensor:
        """A copy."""
        return self.state.codes[slot, :n_frames].clone()


def _answer(asked: Fetched) -> Progress:
    done, n_frames, tokens = asked.wait().tolist()
    return Progress(done=[bool(x) for x in done], n_frames=n_frames, tokens=tokens)


def slots_of(
    talker: Talker, n_slots: int, *, attention: Attention | None = None, pace: Pace | None = None, least: Room = NO_ROOM
) -> Slots:
    """Slots that speak with these weights, where they are."""
    deck = TalkerDeck(talker, attention or Attention(), device_of(talker.pad))
    return Slots(deck, n_slots, end=talker.config.codec.eos, pace=pace, least=least)
