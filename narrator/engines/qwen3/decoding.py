"""Codes become sound beside the speaking: lines are collected, decoded in large groups, given out when done."""

from collections import deque
from dataclasses import dataclass

import torch
from torch import Tensor

from narrator.domain import Samples
from narrator.engines.qwen3.codec import SILENCE, Codec, Coded, Together
from narrator.engines.qwen3.device import Device, Fetched
from narrator.engines.qwen3.slots import Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Batching:
    """How lines are decoded together."""

    n_lines: int
    """So many are waited for, and decoded in one go if their lengths are alike."""
    n_frames: int
    """Frames whose convolutions are computed together."""
    grain: int
    """Lengths are filled up to multiples of so many frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Lines under way. Their codes live here until the device has read them."""

    lines: tuple[tuple[Spent, Coded], ...]
    parts: tuple[tuple[Together, Fetched], ...]

    @property
    def ready(self) -> bool:
        return all(fetched.ready for _, fetched in self.parts)

    def sounds(self) -> list[tuple[Spent, Samples]]:
        sounds: dict[int, Samples] = {}
        for together, fetched in self.parts:
            sounds |= together.cut(fetched.wait())
        return [(spent, sounds.get(n, SILENCE)) for n, (spent, _) in enumerate(self.lines)]


class Decoding:
    """Spent lines on their way to sound.

    Args:
        codec: The weights.
        device: Where they are.
        batching: How lines are decoded together.
    """

    def __init__(self, codec: Codec, device: Device, batching: Batching) -> None:
        self._codec = codec
        self._device = device
        self._batching = batching
        self._waiting: list[tuple[Spent, Coded]] = []
        self._under_way: deque[_Batch] = deque()

    def add(self, spent: Spent, context: Tensor | None) -> None:
        """Collect a line; `context` are the codes of its reference."""
        self._waiting.append((spent, Coded(codes=spent.codes, context=context)))

    def begin(self, *, rest: bool) -> None:
        """Begin to decode what was collected, if that is much, or if nothing more is to be waited for.

        Raises:
            EngineError: Memory does not suffice for the smallest window.
        """
        if not self._waiting or not (rest or len(self._waiting) >= self._batching.n_lines):
            return
        lines, self._waiting = tuple(self._waiting), []
        with torch.inference_mode(), self._device.beside():
            decoded = self._codec.decoded(
                [coded for _, coded in lines],
                most_rows=self._batching.n_lines,
                most_frames=self._batching.n_frames,
                grain=self._batching.grain,
            )
            parts = tuple((together, self._device.fetch(together.sound)) for together in decoded)
        self._under_way.append(_Batch(lines=lines, parts=parts))

    def finished(self, *, wait: bool) -> list[tuple[Spent, Samples]]:
        """Lines whose sound is here, in the order in which they were collected; `wait` for all that was begun."""
        found: list[tuple[Spent, Samples]] = []
        while self._under_way and (wait or self._under_way[0].ready):
            found += self._under_way.popleft().sounds()
        return found
