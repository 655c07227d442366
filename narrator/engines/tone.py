"""Sines as long as the speech would be: the pipeline without a model, for its tests and for timing it alone."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np

from narrator.audio.edit import fade, raised_cosine, samples_in
from narrator.domain import Builtin, Samples, VoiceProfile
from narrator.engines.one_by_one import OneByOne
from narrator.engines.protocol import EngineInfo, Line, VoicePrompt
from narrator.errors import ProjectError

SAMPLE_RATE_HZ = 24_000
CHARS_PER_S = 15.0
AMPLITUDE = 0.2
FADE_S = 0.01


class ToneEngine:
    """Holds one note for every line; the voice is its frequency: `tone: 220`."""

    info = EngineInfo(
        name="tone",
        audio_version=1,
        sample_rate_hz=SAMPLE_RATE_HZ,
        max_chars=280,
        languages=frozenset({"mul"}),
        voice_kinds=frozenset({"tone"}),
        seeded=False,
        chars_per_s=CHARS_PER_S,
    )

    def revision(self, voice: VoiceProfile) -> str:  # noqa: ARG002 - a sine is a sine
        """There are no weights."""
        return "1"

    def identity(self, voice: VoiceProfile) -> Mapping[str, str]:
        """The frequency.

        Raises:
            ProjectError: It is not one that can be heard.
        """
        return {"frequency_hz": f"{_frequency_hz(voice):g}"}

    def unspoken(self, text: str) -> str:  # noqa: ARG002 - a note stands for any letter
        """Nothing."""
        return ""

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """The frequency.

        Raises:
            ProjectError: As `identity`.
        """
        return VoicePrompt(voice=voice.name, facts={"frequency_hz": _frequency_hz(voice)})

    def open(self, prompts: Sequence[VoicePrompt]) -> OneByOne:
        """Nothing is loaded."""
        voices = {prompt.voice: float(prompt.facts["frequency_hz"]) for prompt in prompts}
        return OneByOne(device="cpu, sines", voices=voices, speak=lambda line: _hold(line, voices[line.voice]))


def _frequency_hz(voice: VoiceProfile) -> float:
    frequency_hz = float("nan")
    if isinstance(voice.source, Builtin) and voice.source.engine == "tone":
        with suppress(ValueError):
            frequency_hz = float(voice.source.voice)
    if not 20 <= frequency_hz <= 10_000:
        raise ProjectError(f"voice {voice.name} is not a tone", hint="Give a frequency in Hz, 20 to 10000: tone: 220.")
    return frequency_hz


def _hold(line: Line, frequency_hz: float) -> Samples:
    """A note, shape [n_samples]; silence has no length where there is no letter or digit to say."""
    if not any(char.isalnum() for char in line.text):
        return np.zeros(0, dtype=np.float32)
    time_s = np.arange(samples_in(len(line.text) / CHARS_PER_S / line.delivery.pace, SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    note = (AMPLITUDE * np.sin(2 * np.pi * frequency_hz * time_s)).astype(np.float32)
    edge = raised_cosine(samples_in(FADE_S, SAMPLE_RATE_HZ))
    return fade(note, edge, edge)
