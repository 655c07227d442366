"""The session of an engine that speaks one line at a time, in the process and the thread that asks."""

from collections import deque
from collections.abc import Callable, Collection, Sequence

import numpy as np

from narrator.domain import Samples
from narrator.engines.protocol import Line, Spoken


class OneByOne:
    """A session whose `poll` speaks the next line.

    Args:
        device: Where and how it runs, for people.
        voices: The names that lines may ask for.
        speak: Says one line, shape [n_samples], empty where there is nothing to say. What it holds is freed on `close`.
    """

    slots = 1

    def __init__(self, *, device: str, voices: Collection[str], speak: Callable[[Line], Samples]) -> None:
        self.device = device
        self._voices = frozenset(voices)
        self._speak: Callable[[Line], Samples] | None = speak
        self._queue: deque[Line] = deque()

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines; one with a voice that was not opened refuses them all."""
        for line in lines:
            if line.voice not in self._voices:
                raise ValueError(f"line {line.id}: the session was opened without the voice {line.voice!r}")
        self._queue.extend(lines)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:  # noqa: ARG002 - the work is done here, however long it takes
        """Speak the next line."""
        if self._speak is None or not self._queue:
            return ()
        line = self._queue.popleft()
        return (Spoken(line_id=line.id, samples=within_range(self._speak(line))),)

    def close(self) -> None:
        """Let go of the weights and of queued lines."""
        self._speak = None
        self._queue.clear()


def within_range(samples: Samples) -> Samples:
    """The same sound, quieter where its peak would leave [-1, 1]; always float32 and its own memory."""
    peak = float(np.abs(samples).max(initial=0.0))
    return np.asarray(samples / peak if peak > 1 else samples, dtype=np.float32).copy()
