"""An engine that speaks as fast as it is told to, with many slots: what is behind it can be timed alone.

What it says sounds like speech to meters and encoders: noise in the band of a voice, in syllables, with quiet edges.
"""

import time
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from narrator.domain import Builtin, Samples, VoiceProfile
from narrator.engines.protocol import EngineInfo, Line, Spoken, VoicePrompt

RATE_HZ = 24_000
CHARS_PER_S = 15.0
NAME = "instant"
REEL_S = 120
SYLLABLE_S = 0.125
EDGE_S = 0.1
RMS = 0.08


@cache
def reel() -> Samples:
    """What all lines are cut from, wound twice."""
    from scipy import signal  # noqa: PLC0415 - slow to import

    dice = np.random.default_rng(20)
    n_samples, n_syllable = REEL_S * RATE_HZ, int(SYLLABLE_S * RATE_HZ)
    voice = signal.sosfilt(
        signal.butter(2, (120, 3800), "bandpass", fs=RATE_HZ, output="sos"), dice.standard_normal(n_samples)
    )
    loud = np.repeat(dice.random(-(-n_samples // n_syllable)) ** 2, n_syllable)[:n_samples]
    voice *= signal.sosfilt(signal.butter(1, 20, fs=RATE_HZ, output="sos"), loud)
    return np.tile(np.clip(RMS * voice / np.sqrt(np.mean(voice**2)), -0.95, 0.95).astype(np.float32), 2)


def speech(seconds: float, seed: int) -> Samples:
    """Something like speech, shape [seconds × RATE_HZ], at most `REEL_S`; another seed is another part of the reel."""
    start = seed % (REEL_S * RATE_HZ)
    spoken = reel()[start : start + max(1, int(seconds * RATE_HZ))].copy()
    n_edge = int(EDGE_S * RATE_HZ)
    spoken[:n_edge] *= 1e-4
    spoken[-n_edge:] *= 1e-4
    return spoken


class InstantEngine:
    """`engine: instant`, whose voice is how fast it speaks: `voice: 700` times realtime, `voice: 0` at once."""

    info = EngineInfo(
        name=NAME,
        audio_version=1,
        sample_rate_hz=RATE_HZ,
        max_chars=280,
        languages=frozenset({"mul"}),
        voice_kinds=frozenset({NAME}),
        seeded=True,
        chars_per_s=CHARS_PER_S,
    )
    slots = 128

    def revision(self, voice: VoiceProfile) -> str:  # noqa: ARG002 - noise is noise
        """There are no weights."""
        return "1"

    def identity(self, voice: VoiceProfile) -> Mapping[str, str]:  # noqa: ARG002 - its pace is not heard
        """All voices are one."""
        return {}

    def unspoken(self, text: str) -> str:  # noqa: ARG002 - noise stands for any letter
        """Nothing."""
        return ""

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """How fast."""
        assert isinstance(voice.source, Builtin)  # noqa: S101 - the registry saw to it
        return VoicePrompt(voice=voice.name, facts={"pace": float(voice.source.voice)})

    def open(self, prompts: Sequence[VoicePrompt]) -> "InstantSession":
        """Nothing is loaded."""
        reel()
        return InstantSession(max(float(prompt.facts["pace"]) for prompt in prompts), self.slots)


class InstantSession:
    """Gives half of its slots' lines at a time, after as long as an engine of its pace would take."""

    def __init__(self, pace: float, slots: int) -> None:
        self.device = f"nowhere, {pace:g} x realtime" if pace else "nowhere"
        self.slots = slots
        self._pace = pace
        self._queue: deque[Line] = deque()

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines."""
        self._queue.extend(lines)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:  # noqa: ARG002 - the work is done here
        """Speak, or seem to; an engine works only while somebody waits for it, and so does this one."""
        began = time.monotonic()
        lines = [self._queue.popleft() for _ in range(min(max(1, self.slots // 2), len(self._queue)))]
        spoken = tuple(
            Spoken(line_id=each.id, samples=speech(len(each.text) / CHARS_PER_S, each.seed)) for each in lines
        )
        if self._pace:
            until = began + sum(len(each.samples) for each in spoken) / RATE_HZ / self._pace
            time.sleep(max(0.0, until - time.monotonic()))
        return spoken

    def close(self) -> None:
        """Drop what is queued."""
        self._queue.clear()
