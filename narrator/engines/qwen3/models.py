"""Checkpoints in memory: the parts that speak, on the device and in the numbers that were chosen.

Those of several kinds of voice are held side by side where there is room for them and for the lines that they speak.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import torch

from narrator.engines.qwen3 import kernels
from narrator.engines.qwen3.codec import Codec, load_codec
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import Checkpoint, Kind
from narrator.engines.qwen3.operations import Operations
from narrator.engines.qwen3.talker import Talker, load_talker
from narrator.engines.qwen3.tokenizer import TextTokenizer
from narrator.engines.qwen3.weights import n_parameters
from narrator.errors import EngineError

Meter = Callable[[str], int]
"""A device as torch spells it → bytes that are free on it."""
SHARE = 0.7
"""Of the free memory that weights may take; the rest is for the lines that are spoken and for their sound."""


class NoRoomError(EngineError):
    """Weights do not fit on the device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whether checkpoints have room side by side."""

    weights_bytes: int
    """Of all of them, a little more than will be loaded: the encoders of recordings are counted too."""
    free_bytes: int

    @classmethod
    def of(cls, checkpoints: Iterable[Checkpoint], how: Computing, meter: Meter) -> Self:
        """Look at tables of contents and at the device.

        Raises:
            MissingError, EngineError: A checkpoint has no weights, or damaged ones.
        """
        folders = [folder for checkpoint in checkpoints for folder in (checkpoint.folder, checkpoint.codec_folder)]
        a_number: int = getattr(torch, how.dtype).itemsize
        return cls(weights_bytes=a_number * sum(map(n_parameters, folders)), free_bytes=meter(how.device))

    @property
    def side_by_side(self) -> bool:
        """There is room for all, and for lines."""
        return self.weights_bytes <= SHARE * self.free_bytes

    def __str__(self) -> str:
        return f"{self.weights_bytes / 1e9:.1f} GB of weights, {self.free_bytes / 1e9:.1f} GB free"


def free_bytes(device: str) -> int:
    """Memory that can be had on a device: of a container's share, where it has one."""
    if device != "cpu":
        free, _ = torch.cuda.mem_get_info(device)
        return int(free)
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    with suppress(OSError, KeyError):  # Linux
        found.append(1024 * _numbers("/proc/meminfo")["MemAvailable:"])
    with suppress(OSError, ValueError, KeyError):  # where cgroups set a limit; `max` is none
        most, used = (int(Path(f"/sys/fs/cgroup/memory.{name}").read_text("ascii")) for name in ("max", "current"))
        found.append(most - used + _numbers("/sys/fs/cgroup/memory.stat")["inactive_file"])
    return min(found)


def _numbers(path: str) -> dict[str, int]:
    """`name number …` line by line."""
    return {(words := line.split())[0]: int(words[1]) for line in Path(path).read_text("ascii").splitlines()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A checkpoint, loaded."""

    checkpoint: Checkpoint
    tokenizer: TextTokenizer
    talker: Talker
    codec: Codec

    def using(self, operations: Operations) -> "Model":
        """The same weights, computed by other operations."""
        return replace(self, talker=self.talker.using(operations), codec=self.codec.using(operations))


def load_model(checkpoint: Checkpoint, how: Computing) -> Model:
    """One checkpoint.

    Raises:
        MissingError: It has no weights.
        EngineError: They are damaged.
        torch.OutOfMemoryError: They do not fit on the device.
    """
    device, dtype = torch.device(how.device), getattr(torch, how.dtype)
    codec_dtype = getattr(torch, how.codec_dtype or how.dtype)
    return Model(
        checkpoint=checkpoint,
        tokenizer=TextTokenizer(checkpoint),
        talker=load_talker(checkpoint, device=device, dtype=dtype),
        codec=load_codec(checkpoint, device=device, dtype=codec_dtype),
    ).using(kernels.chosen(device.type))


def load_models(parts: Mapping[Kind, Checkpoint], how: Computing) -> dict[Kind, Model]:
    """All of these checkpoints, together.

    Raises:
        MissingError: A checkpoint has no weights.
        EngineError: Weights are damaged.
        NoRoomError: They do not fit on the device.
    """
    try:
        return {kind: load_model(checkpoint, how) for kind, checkpoint in parts.items()}
    except torch.OutOfMemoryError as error:
        raise no_room(parts, how) from error


def no_room(kinds: Iterable[Kind], how: Computing) -> NoRoomError:
    """What to raise when loading these runs out of memory."""
    return NoRoomError(
        f"the weights of {' and '.join(kinds)} do not fit on {how.device}",
        hint="Close what else uses it, or take the smaller models: engine: {size: 0.6b}.",
    )
