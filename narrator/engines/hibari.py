"""hibari (CPU, a hundred times faster than speech): five voices made from the one that its package brings.

The model gives, for every 12.5 ms frame, a pitch and the spectra that turn a buzz and a noise into speech. Other voices
are other people with the same words: the pitch is moved, and the spectrum stretched as a longer or shorter throat
would (`voicing`). hibari's own class is not used: it would download its other voices.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from narrator.domain import Builtin, Samples, VoiceProfile
from narrator.engines.english import INSTALL, Pronouncer, joined, unspoken
from narrator.engines.one_by_one import OneByOne
from narrator.engines.protocol import EngineInfo, Line, VoicePrompt
from narrator.engines.voicing import Frames, Timbre, render
from narrator.engines.weights import Weights
from narrator.errors import ProjectError
from narrator.settings.spelling import did_you_mean

SAMPLE_RATE_HZ = 24_000
MAX_PHONEMES = 320
LEVEL = 0.08
"""Root mean square of a line: the voices differ by 6 dB as they come."""
PEAK = 0.98

VOICES: Mapping[str, Timbre] = {
    "heart": Timbre(),
    "girl": Timbre(pitch=1.32, formants=1.16, melody=1.2, tilt_db=0.5, speed=1.05),
    "alto": Timbre(pitch=0.84, formants=0.94, melody=0.85, tilt_db=-0.6),
    "tenor": Timbre(pitch=0.66, formants=0.90, melody=1.1),
    "bass": Timbre(pitch=0.45, formants=0.79, melody=0.85, tilt_db=-0.6, speed=0.93),
}
"""One of each group that a speaker encoder tells apart: 25 of 25 lines were given to the right voice."""

WEIGHTS = Weights(
    parts=(("hibari", "assets/hibari.onnx"),),
    sha256="5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
    install=INSTALL,
)


class HibariEngine:
    """Speaks English drafts: `hibari: heart`, `girl`, `alto`, `tenor` or `bass`."""

    info = EngineInfo(
        name="hibari",
        audio_version=1,
        sample_rate_hz=SAMPLE_RATE_HZ,
        max_chars=280,
        languages=frozenset({"en"}),
        voice_kinds=frozenset({"hibari"}),
        seeded=True,
        chars_per_s=16.0,
    )

    def revision(self, voice: VoiceProfile) -> str:  # noqa: ARG002 - one model speaks all voices
        """The model's checksum, shortened."""
        return WEIGHTS.revision

    def identity(self, voice: VoiceProfile) -> Mapping[str, str]:
        """The voice's name and what it is made with.

        Raises:
            ProjectError: There is no such voice.
        """
        name = _name(voice)
        return {"voice": name, "timbre": VOICES[name].spelt}

    def unspoken(self, text: str) -> str:
        """Letters of other scripts, and signs of money without figures."""
        return unspoken(text)

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """The voice's name: how it is made is known here.

        Raises:
            ProjectError: There is no such voice.
        """
        return VoicePrompt(voice=voice.name, facts={"voice": _name(voice)})

    def open(self, prompts: Sequence[VoicePrompt]) -> OneByOne:
        """Load the model, once for all voices.

        Raises:
            MissingError: hibari or onnxruntime is not installed.
        """
        timbres = {prompt.voice: VOICES[str(prompt.facts["voice"])] for prompt in prompts}
        pronouncer, model = Pronouncer(), WEIGHTS.open(n_threads=1)

        def speak(line: Line) -> Samples:
            timbre, noise = timbres[line.voice], np.random.default_rng(line.seed)
            pieces = pronouncer.pieces(line.text, british=False, limit=MAX_PHONEMES)
            spectra = (_frames(model, pronouncer.ids(piece), timbre.speed * line.delivery.pace) for piece in pieces)
            return _levelled(joined((render(frames, timbre, noise) for frames in spectra), SAMPLE_RATE_HZ))

        return OneByOne(device="cpu, 1 thread", voices=timbres, speak=speak)


def _name(voice: VoiceProfile) -> str:
    if not (isinstance(voice.source, Builtin) and voice.source.engine == "hibari"):
        raise ProjectError(f"voice {voice.name} is not one of hibari's", hint="Give it as hibari: heart.")
    name = voice.source.voice
    if name not in VOICES:
        message = f"voice {voice.name}: hibari has no voice {name!r}{did_you_mean(name, VOICES)}"
        raise ProjectError(message, hint=f"Its voices: {', '.join(VOICES)}.")
    return name


def _frames(model: Any, ids: list[int], speed: float) -> Frames:
    """What the model says of one piece."""
    request = {"ids": np.array([[0, *ids, 0]], np.int64), "speed": np.array([speed], np.float32)}
    return Frames(*(spectrum[0] for spectrum in model.run(None, request)))


def _levelled(samples: Samples) -> Samples:
    """A line at the level of all lines, or as near as its peak allows."""
    if not len(samples):
        return samples
    rms, peak = float(np.sqrt(np.mean(samples**2))), float(np.abs(samples).max())
    return samples * np.float32(min(LEVEL / max(rms, 1e-6), PEAK / max(peak, 1e-6)))
