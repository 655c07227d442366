"""What waits for what: work that is recorded once and repeated, numbers under way, and work beside the rest.

The engine is written against `Device`, so that a processor runs every line of it. On a processor work is done when it
is asked for; on a GPU it is only queued, and the host goes on.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Work = Callable[[], None]
"""Reads and writes tensors in place, at the same addresses and with the same shapes each time."""
WARM_UPS = 2
"""Times that work is done step by step before it is recorded: kernels are chosen, libraries take their memory."""


class Fetched(Protocol):
    """Numbers on their way to the host."""

    @property
    def ready(self) -> bool:
        """They are here: `wait` will not."""

    def wait(self) -> Tensor:
        """The numbers, on the host."""


class Recorder(Protocol):
    """Records work; what it has recorded shares memory, and goes when the recorder goes."""

    def recorded(self, work: Work) -> Work:
        """`work`, to be called as often as wanted; recorded when it is first called, or later, or never."""


class Device(Protocol):
    """A place to compute."""

    def recorder(self) -> Recorder:
        """One with memory of its own."""

    def fetch(self, tensor: Tensor) -> Fetched:
        """Begin to copy what the work queued so far makes of `tensor`, which nobody may write again."""

    def send(self, numbers: NDArray[np.int64]) -> Tensor:
        """Begin to copy numbers to the device; work that is queued later finds them there."""

    def beside(self) -> AbstractContextManager[None]:
        """What is queued inside finds all that was queued before, and nothing queued later waits for it."""

    def settle(self) -> None:
        """Wait until everything that was queued is done."""


class _Here:
    """Numbers that are on the host."""

    ready = True

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = tensor

    def wait(self) -> Tensor:
        return self._tensor


class Host:
    """A processor: everything is done at once."""

    def recorder(self) -> "Host":
        """Nothing is gained by recording."""
        return self

    def recorded(self, work: Work) -> Work:
        """The work itself."""
        return work

    def fetch(self, tensor: Tensor) -> Fetched:
        """It is here."""
        return _Here(tensor)

    def send(self, numbers: NDArray[np.int64]) -> Tensor:
        """They are here."""
        return torch.from_numpy(numbers)

    def beside(self) -> AbstractContextManager[None]:
        """There is nothing beside."""
        return nullcontext()

    def settle(self) -> None:
        """Everything is done."""


class Cuda:
    """A GPU: work is queued in the order of asking, work beside it on a stream of its own.

    One for a device is enough, and `device_of` makes no more: libraries keep memory for every stream that they see.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._recording = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def recorder(self) -> Recorder:
        """Graphs that share one pool of memory."""
        return _GraphRecorder(self._device, self._recording)

    def fetch(self, tensor: Tensor) -> Fetched:
        """By way of memory that the device can write without the host."""
        return _Pinned(tensor)

    def send(self, numbers: NDArray[np.int64]) -> Tensor:
        """By way of memory that the device can read without the host."""
        return torch.from_numpy(numbers).pin_memory().to(self._device, non_blocking=True)

    def beside(self) -> AbstractContextManager[None]:
        """On the side stream, behind all that is queued on the main one."""
        self._side.wait_stream(torch.cuda.current_stream(self._device))
        aside: AbstractContextManager[None] = torch.cuda.stream(self._side)
        return aside

    def settle(self) -> None:
        """Wait for all streams."""
        torch.cuda.synchronize(self._device)


class _Pinned:
    """Numbers that are copied behind what is queued; `source` lives until they are here."""

    def __init__(self, source: Tensor) -> None:
        self._source = source
        self._target = torch.empty(source.shape, dtype=source.dtype, pin_memory=True)
        self._target.copy_(source, non_blocking=True)
        # The host sleeps while it waits: it has files to write meanwhile.
        self._event = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
        self._event.record(torch.cuda.current_stream(source.device))

    @property
    def ready(self) -> bool:
        return bool(self._event.query())  # type: ignore[no-untyped-call]

    def wait(self) -> Tensor:
        self._event.synchronize()
        return self._target


class _GraphRecorder:
    def __init__(self, device: torch.device, stream: "torch.cuda.Stream") -> None:
        self._device = device
        self._stream = stream
        self._pool = torch.cuda.graph_pool_handle()

    def recorded(self, work: Work) -> Work:
        """As a CUDA graph. The first times it is done step by step; they count, nothing is done for nothing."""
        graph: torch.cuda.CUDAGraph | None = None
        n_done = 0

        def repeat() -> None:
            nonlocal graph, n_done
            if graph is None and n_done < WARM_UPS:
                self._step_by_step(work)
                n_done += 1
                return
            if graph is None:
                graph = self._graph(work)
            graph.replay()

        return repeat

    def _step_by_step(self, work: Work) -> None:
        """On the stream that will record, so that libraries have their memory there before they are recorded."""
        main = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(main)
        with torch.cuda.stream(self._stream):
            work()
        main.wait_stream(self._stream)

    def _graph(self, work: Work) -> "torch.cuda.CUDAGraph":
        graph = torch.cuda.CUDAGraph()
        try:
            # A recording that breaks off leaves its own stream current: the outer block brings the main one back.
            with (
                torch.cuda.stream(torch.cuda.current_stream(self._device)),
                torch.cuda.graph(graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"),
            ):
                work()
        except RuntimeError as error:  # memory that ran out is hidden behind the recording that it broke
            if isinstance(error.__context__, torch.OutOfMemoryError):
                # A new one: cause and context in one would be a ring, and hold slots too large until rings are sought.
                raise torch.OutOfMemoryError(str(error.__context__)) from None
            raise
        return graph


def device_of(tensor: Tensor) -> Device:
    """The device that holds a tensor."""
    return _gpu(tensor.device) if tensor.is_cuda else Host()


@cache
def _gpu(device: torch.device) -> Cuda:
    return Cuda(device)
