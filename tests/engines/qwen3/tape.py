# mypy: disable-error-code="no-untyped-call"
"""A GPU's manners on a processor: what it records it repeats without Python, and what it reads comes late.

Work is recorded as the operations that it calls, with the very tensors that they read and wrote; to repeat it is to
call these operations on these tensors again. So whatever a CUDA graph would not see is not seen here either: a branch,
a number that Python computed, a tensor that has been replaced.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from narrator.engines.qwen3.device import Host, Work

WAITS = {
    "aten._local_scalar_dense.default", "aten.item.default", "aten.nonzero.default", "aten.is_nonzero.default",
    "aten.masked_select.default", "aten.equal.default", "aten.unique_dim.default", "aten._unique2.default",
    "aten.repeat_interleave.Tensor",
}  # fmt: skip
"""What reads a value back, or makes a shape of one."""
COPIES = {"aten.lift_fresh.default", "aten.lift_fresh_copy.default"}
"""What brings a number of Python's to the device."""

Operation: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], Any]
"""A function, what it was called with, and what came of it."""


class WaitError(AssertionError):
    """Something would have made the host wait for its device, or is nothing that a device can record."""


def tensors(of: object) -> list[Tensor]:
    """All tensors in it."""
    return [leaf for leaf in tree_flatten(of)[0] if isinstance(leaf, Tensor)]


def place(tensor: Tensor) -> int:
    """Where its memory begins."""
    return int(tensor.untyped_storage().data_ptr())


class NoWaiting(TorchDispatchMode):
    """Refuses what would make the host wait."""

    recording = False

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        """Compute, unless it waits."""
        name = str(function)
        by_mask = name.startswith("aten.index") and any(
            index is not None and index.dtype is torch.bool for index in (args[1] if isinstance(args[1], list) else ())
        )
        to_host = name == "aten._to_copy.default" and (kwargs or {}).get("device") is not None
        if name in WAITS or by_mask or to_host or (self.recording and name in COPIES):
            raise WaitError(name)
        return function(*args, **(kwargs or {}))


@dataclass(eq=False)
class Tape(NoWaiting):
    """Operations with their tensors."""

    operations: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], Any]] = field(
        default_factory=list, repr=False
    )
    recording = True

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        """Compute and record."""
        result = super().__torch_dispatch__(function, types, args, kwargs)
        self.operations.append((function, args, kwargs or {}, result))
        return result

    def given(self) -> set[int]:
        """Where what it reads and did not make itself lies."""
        made: set[int] = set()
        found: set[int] = set()
        for _, args, kwargs, result in self.operations:
            found |= {place(tensor) for tensor in tensors((args, kwargs))} - made
            made |= {place(tensor) for tensor in tensors(result)} - found
        return found

    def play(self) -> None:
        """Do it again, at the same addresses."""
        for function, args, kwargs, result in self.operations:
            read = {place(tensor) for tensor in tensors((args, kwargs))}
            for old, new in zip(tensors(result), tensors(function(*args, **kwargs)), strict=True):
                if place(old) not in read:  # neither a view nor in place: what is made lies where it lay
                    old.copy_(new)


@contextmanager
def undone(kept: list[Tensor]) -> Iterator[None]:
    """Whatever is written to these tensors inside is written for nothing."""
    copies = [tensor.clone() for tensor in kept]
    yield
    for tensor, copy in zip(kept, copies, strict=True):
        tensor.copy_(copy)


class Recording(Host):
    """A device that records, reads late and tells what was asked of it.

    Args:
        kept: Gives the tensors that work may write: recording is not doing.
        warm_ups: Times that work is done before it is recorded.
    """

    def __init__(self, kept: Callable[[], list[Tensor]], *, warm_ups: int = 2) -> None:
        self.kept = kept
        self.warm_ups = warm_ups
        self.log: list[str] = []
        self.tapes: list[Tape] = []
        self._n_asked = 0

    def recorder(self) -> "Recording":
        """Itself; what was recorded before is never played again."""
        self.tapes = []
        return self

    def recorded(self, work: Work) -> Work:
        """As a tape, after the warm-ups."""
        tape: Tape | None = None
        n_done = 0

        def repeat() -> None:
            nonlocal tape, n_done
            self.log.append("frame")
            if tape is None and n_done < self.warm_ups:
                n_done += 1
                with NoWaiting():
                    work()
                return
            if tape is None:
                tape = Tape()
                with undone(self.kept()), tape:
                    work()
                self.tapes.append(tape)
            assert tape in self.tapes, "a frame was played on memory that was given back"
            tape.play()

        return repeat

    def fetch(self, tensor: Tensor) -> "Late":
        """What it is now, to be had by waiting."""
        self._n_asked += 1
        self.log.append(f"ask {self._n_asked}")
        return Late(tensor.clone(), self, self._n_asked)

    def settle(self) -> None:
        """Everything that was queued is done."""
        self.log.append("settle")


class Late:
    """Numbers under way."""

    def __init__(self, tensor: Tensor, device: Recording, number: int) -> None:
        self._tensor, self._device, self._number = tensor, device, number

    @property
    def ready(self) -> bool:
        """Not before somebody waits."""
        return False

    def wait(self) -> Tensor:
        """The numbers as they were when they were asked for."""
        self._device.log.append(f"wait {self._number}")
        return self._tensor
