"""Our Qwen3-TTS engine, watched: when it works, when it waits for those behind it, and how much it has said."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import mean

import numpy as np

from narrator.domain import Delivery
from narrator.engines import checkpoints
from narrator.engines.protocol import Ended, Line, Session, Spoken, VoicePrompt
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.engine import Qwen3Engine

N_TEXTS = 200
"""From which the usual length of a token is learnt."""


@dataclass(slots=True)
class Watch:
    """What was seen, seconds of the clock."""

    working_s: float = 0.0
    """Inside the engine."""
    waiting_s: float = 0.0
    """Outside of it while it had lines to speak."""
    polls: list[tuple[float, float]] = field(default_factory=list)
    """When each poll ended, and the seconds of sound it gave."""
    n_spoken: int = 0
    n_stored: int = 0
    depths: list[int] = field(default_factory=list)
    """Takes between engine and store, at each poll."""

    def report(self) -> dict[str, float | None]:
        """The engine's share of the time, what waited for it, and whether its speed is constant."""
        return {
            "working_s": round(self.working_s, 2),
            "idle_s": round(self.waiting_s, 2),
            "idle_share": round(self.waiting_s / (self.working_s + self.waiting_s), 4),
            "takes_behind_mean": round(mean(self.depths), 1),
            "takes_behind_most": max(self.depths),
            "last_tenth_to_second": self._constancy(),
        }

    def _constancy(self) -> float | None:
        """Speed in the last tenth of the sound as a share of that in the second; None of too few polls to tell."""
        if len(self.polls) < 100:
            return None
        ends = np.array([ended for ended, _ in self.polls])
        said_s = np.cumsum([sound_s for _, sound_s in self.polls])
        at = np.interp(np.array([0.1, 0.2, 0.9, 1.0]) * said_s[-1], said_s, ends)
        return round(float((at[1] - at[0]) / (at[3] - at[2])), 3)


WATCH = Watch()
"""Of the one session of a bench."""


class WatchedSession:
    """A session whose lines end with their text, and that counts so."""

    def __init__(self, session: Session, watch: Watch) -> None:
        self.device, self.slots = session.device, session.slots
        self._session = session
        self._watch = watch
        self._left_at = time.perf_counter()

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines."""
        self._session.submit(lines)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:
        """Speak; the time since the last poll was spent elsewhere."""
        watch, began = self._watch, time.perf_counter()
        watch.waiting_s += began - self._left_at
        spoken = self._session.poll(timeout_s)
        self._left_at = time.perf_counter()
        watch.working_s += self._left_at - began
        watch.polls.append((self._left_at, sum(len(one.samples) for one in spoken) / Qwen3Engine.info.sample_rate_hz))
        watch.depths.append(watch.n_spoken - watch.n_stored)
        watch.n_spoken += len(spoken)
        # The bench's cap stands for the end of speech, which random weights never draw.
        return tuple(replace(one, ended=Ended.EOS) for one in spoken)

    def close(self) -> None:
        """Close it."""
        self._session.close()


class WatchedEngine(Qwen3Engine):
    """The engine `qwen3`, with its session watched and warm."""

    def open(self, prompts: Sequence[VoicePrompt]) -> Session:
        """Load the weights and speak a line in every slot."""
        from narrator.engines.qwen3.tokenizer import TextTokenizer  # noqa: PLC0415 - for the engine's process alone
        from scripts.bench import qwen3_stages as stages  # noqa: PLC0415 - brings torch

        checkpoint = read_checkpoint(checkpoints.locate(self._options, "base"))
        stages.end_with_the_text(TextTokenizer(checkpoint), stages.lines(N_TEXTS))
        session = super().open(prompts)
        texts = stages.lines(session.slots, seed=1)
        session.submit([
            Line(
                id=str(n), text=text, voice=prompts[n % len(prompts)].voice, language="en", delivery=Delivery(), seed=n
            )
            for n, text in enumerate(texts)
        ])
        n_left = len(texts)
        while n_left:
            n_left -= len(session.poll(1.0))
        return WatchedSession(session, WATCH)
