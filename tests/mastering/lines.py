"""Lines and takes that lie in memory instead of a store."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from narrator.domain import Pause, Placed, Samples, Take


class Shelf:
    """Takes by number."""

    def __init__(self, recorded: Sequence[Samples], rate_hz: int = 24_000) -> None:
        self._recorded = recorded
        self._rate_hz = rate_hz

    def load(self, take: Take) -> Samples:
        """The samples of a take."""
        return self._recorded[int(take.key)]

    def lines(
        self, pause_after: Pause = Pause.SENTENCE, *, voices: Sequence[str] = ("narrator",)
    ) -> tuple[Placed, ...]:
        """One line for each take, the voices in turn."""
        return tuple(
            Placed(
                take=Take(key=str(i), object="", path=Path(), n_samples=len(samples), sample_rate_hz=self._rate_hz),
                address=f"ch01:l{i + 1}",
                text=f"Line {i + 1}.",
                character=voices[i % len(voices)],
                voice=voices[i % len(voices)],
                level_db=0.0,
                pause_after=pause_after,
            )
            for i, samples in enumerate(self._recorded)
        )


def at_rate(line: Placed, rate_hz: int) -> Placed:
    """A line whose take has another sample rate."""
    return replace(line, take=replace(line.take, sample_rate_hz=rate_hz))
