"""Voices as Qwen3-TTS knows them: what of a profile can be heard, and what is kept of a voice once it is made ready.

Our engine and the official package share these prompts: either speaks what the other prepared.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrator.audio.files import decode
from narrator.audio.resample import resample
from narrator.domain import Cloned, Delivery, Designed, Preset, Samples, VoiceProfile
from narrator.engines.protocol import VoicePrompt
from narrator.engines.qwen3.config import Kind, ModelConfig
from narrator.errors import LanguageError, ProjectError

LANGUAGES = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian", "ja": "japanese",
    "ko": "korean", "pt": "portuguese", "ru": "russian", "zh": "chinese",
}  # fmt: skip
"""BCP 47 primary subtags and the names that the models use."""
MAX_CHARS = 300
"""Longest line: the models drift after minutes, and a sentence or two is what they were trained on."""
CHARS_PER_S = 15.0
RATE_HZ = 24_000
FRAME = 1920
"""Samples of a frame of codes."""
SHORTEST_S = 1.0
"""Of a reference: the speaker encoder hears nothing in less, and the package breaks below 0.02 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice made ready."""

    kind: Kind
    """Which checkpoint speaks it."""
    embedding: NDArray[np.float32] | None = None
    """Of a clone, shape [hidden size of the talker]: it fits models of one size only."""
    codes: NDArray[np.int16] | None = None
    """Of a clone that comes with a transcript, shape [n_frames, n_codebooks]."""
    transcript: str = ""
    speaker: str = ""
    """Of a preset."""
    description: str = ""
    """Of a design."""

    def instruction(self, delivery: Delivery) -> str:
        """What the model is told of how to speak; clones take no instructions."""
        told = (self.description, "" if self.kind is Kind.BASE else delivery.style)
        return " ".join(part for part in told if part)


Listener = Callable[[Samples, bool], tuple[NDArray[np.float32], NDArray[np.int16] | None]]
"""A clip, and whether its codes are wanted → its embedding, and its codes or None."""


def kind_of(profile: VoiceProfile) -> Kind:
    """Which checkpoint speaks a voice.

    Raises:
        ProjectError: None does.
    """
    match profile.source:
        case Cloned():
            return Kind.BASE
        case Preset():
            return Kind.CUSTOM_VOICE
        case Designed():
            return Kind.VOICE_DESIGN
        case _:
            raise _not_ours(profile)


def identity(profile: VoiceProfile) -> Mapping[str, str]:
    """Everything of the voice that can be heard, for the recipe.

    Raises:
        ProjectError: It is not one of Qwen3-TTS's, or its recording cannot be read.
    """
    match profile.source:
        case Cloned(transcript=transcript, x_vector_only=x_vector_only) as source:
            return {"recording": _digest(source, profile.name), "transcript": "" if x_vector_only else transcript}
        case Preset(speaker=speaker):
            return {"speaker": speaker.lower()}
        case Designed(description=description):
            return {"description": description}
        case _:
            raise _not_ours(profile)


def prepared(profile: VoiceProfile, listen: Listener) -> VoicePrompt:
    """Make a voice ready; `listen` is asked for clones only.

    Raises:
        ProjectError: It is not one of Qwen3-TTS's, or its recording is too short or cannot be read.
    """
    match profile.source:
        case Cloned(transcript=transcript, x_vector_only=x_vector_only) as source:
            spoken = "" if x_vector_only else transcript
            embedding, codes = listen(_clip(source, profile.name), bool(spoken))
            voice = Voice(kind=Kind.BASE, embedding=embedding, codes=codes, transcript=spoken)
        case Preset(speaker=speaker):
            voice = Voice(kind=Kind.CUSTOM_VOICE, speaker=speaker.lower())
        case Designed(description=description):
            voice = Voice(kind=Kind.VOICE_DESIGN, description=description)
        case _:
            raise _not_ours(profile)
    return packed(profile.name, voice)


def packed(name: str, voice: Voice) -> VoicePrompt:
    """The voice as it is kept."""
    arrays = {"embedding": voice.embedding, "codes": voice.codes}
    facts = {"transcript": voice.transcript, "speaker": voice.speaker, "description": voice.description}
    return VoicePrompt(
        voice=name,
        arrays={key: array for key, array in arrays.items() if array is not None},
        facts={"kind": voice.kind.value, **{key: fact for key, fact in facts.items() if fact}},
    )


def unpacked(prompt: VoicePrompt) -> Voice:
    """The voice as it was packed."""
    facts = {key: str(fact) for key, fact in prompt.facts.items()}
    return Voice(
        kind=Kind(facts["kind"]),
        embedding=prompt.arrays.get("embedding"),
        codes=prompt.arrays.get("codes"),
        transcript=facts.get("transcript", ""),
        speaker=facts.get("speaker", ""),
        description=facts.get("description", ""),
    )


def check_speaker(name: str, speaker: str, model: ModelConfig) -> None:
    """Refuse a preset that the model at hand lacks.

    Raises:
        ProjectError: Names those that there are.
    """
    known = sorted(each.name for each in model.speakers)
    if speaker not in known:
        raise ProjectError(f"voice {name}: no preset is called {speaker!r}", hint=f"There are {', '.join(known)}.")


def language_name(tag: str) -> str:
    """What the models call a language: `en-gb` → `english`.

    Raises:
        LanguageError: They do not speak it.
    """
    name = LANGUAGES.get(tag.lower().partition("-")[0])
    if name is None:
        raise LanguageError(f"Qwen3-TTS does not speak {tag!r}", hint=f"It speaks {', '.join(sorted(LANGUAGES))}.")
    return name


def speakable(text: str) -> bool:
    """Whether there is a letter or a digit in it; for anything else the models make noise until they are stopped."""
    return any(map(str.isalnum, text))


def _not_ours(profile: VoiceProfile) -> ProjectError:
    return ProjectError(
        f"voice {profile.name} is not one that Qwen3-TTS speaks",
        hint="Give it as clone: {audio: …, text: …}, preset: ryan, or design: a description.",
    )


def _digest(source: Cloned, name: str) -> str:
    """What was recorded and how it was prepared, or the bytes as they are."""
    return source.digest or hashlib.sha256(_bytes(source, name)).hexdigest()


def _bytes(source: Cloned, name: str) -> bytes:
    try:
        return source.audio.read_bytes()
    except OSError as error:
        raise ProjectError(
            f"voice {name}: {source.audio} cannot be read ({error.strerror})", hint="Name a recording that is there."
        ) from error


def _clip(source: Cloned, name: str) -> Samples:
    """The recording, mono at 24 kHz in whole frames; what was prepared comes through unchanged."""
    samples, rate_hz = decode(_bytes(source, name), where=f"voice {name}: {source.audio}")
    samples = resample(samples, rate_hz, RATE_HZ)
    if len(samples) < SHORTEST_S * RATE_HZ:
        raise ProjectError(
            f"voice {name}: {source.audio} is {len(samples) / RATE_HZ:.2f} s long",
            hint=f"A voice needs {SHORTEST_S:g} s to be known by; give 3 s or more.",
        )
    return np.pad(samples, (0, -len(samples) % FRAME))
