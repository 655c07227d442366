"""How high a voice is: measured for those that come with narrator, heard from a recording, read from a description."""

import math
import re
from typing import Final

from narrator.audio.pitch import median_hz
from narrator.casting.reference import RATE_HZ, prepare
from narrator.domain import Builtin, Cloned, Designed, Gender, Preset, VoiceProfile

# fmt: off
KOKORO_HZ: Final = {
    "af_alloy": 143, "af_aoede": 183, "af_heart": 196, "af_jessica": 214, "af_kore": 159, "af_river": 181,
    "af_sky": 159, "bf_emma": 180, "bf_isabella": 207, "bf_lily": 193,
    "am_adam": 117, "am_echo": 110, "am_eric": 156, "am_fenrir": 149, "am_liam": 129, "am_michael": 116,
    "am_onyx": 81, "bm_daniel": 125, "bm_george": 138, "bm_lewis": 90,
}
"""Median pitch of one sentence each, measured by scripts/bench/pitch.py."""
HIBARI_HZ: Final = {"heart": 199, "girl": 260, "alto": 167, "tenor": 132, "bass": 90}
_PRESETS: Final = {
    "vivian": "bright young", "serena": "warm young", "uncle_fu": "old, low", "dylan": "youthful", "eric": "husky",
    "ryan": "dynamic", "aiden": "sunny", "ono_anna": "light, playful", "sohee": "warm",
}
"""Qwen3-TTS CustomVoice, in the words of its model card."""
# fmt: on
_USUAL_HZ: Final = {Gender.FEMALE: 185.0, Gender.MALE: 122.0}
"""The middle of Kokoro's voices."""
_BETWEEN_HZ: Final = 160.0
"""Above it a recording of which nobody says more is taken for a woman's."""
_WORDS: Final = (
    # What a description says of a voice's height, as a factor on the usual one.
    (re.compile(r"\b(deep|low|bass|baritone|gruff|gravelly|booming|rumbling|husky)\b", re.IGNORECASE), 0.8),
    (
        re.compile(
            r"\b(old|older|elderly|aged|ancient|grand(mother|father)|alte[rn]?|vieux|vieil(le)?)\b", re.IGNORECASE
        ),
        0.9,
    ),
    (re.compile(r"\b(high|light|bright|soprano|tenor|squeaky|thin|shrill)\b", re.IGNORECASE), 1.15),
    (re.compile(r"\b(young|youthful|teenager?|girl|boy)\b", re.IGNORECASE), 1.1),
    (re.compile(r"\b(child|kid|little|small|kind|kleine[rn]?|enfant|petite?)\b", re.IGNORECASE), 1.2),
)


def heard(voice: VoiceProfile) -> tuple[Gender, float]:
    """A voice's gender and its pitch in Hz, as far as they are declared, described or heard.

    Raises:
        ProjectError: A recording cannot be read.
    """
    gender, hz = voice.gender, 0.0
    match voice.source:
        case Cloned(audio=audio):
            hz = median_hz(prepare(audio, what=f"{voice.where}: voices.{voice.name}"), RATE_HZ)
            if hz and gender is Gender.UNKNOWN:
                gender = Gender.FEMALE if hz > _BETWEEN_HZ else Gender.MALE
        case Builtin(engine="kokoro", voice=name):
            hz = KOKORO_HZ.get(name, 0.0)
        case Builtin(engine="hibari", voice=name):
            hz = HIBARI_HZ.get(name, 0.0)
        case Designed(description=words):
            hz = described_hz(words, gender)
        case Preset(speaker=speaker):
            hz = preset_hz(speaker, gender)
        case Builtin():
            pass
    return gender, hz or described_hz("", gender)


def preset_hz(speaker: str, gender: Gender) -> float:
    """How high a speaker of Qwen3-TTS is, by what the model card says."""
    return described_hz(_PRESETS.get(speaker.casefold(), ""), gender)


def tells_height(words: str) -> bool:
    """Whether words say anything of how high a voice is: `The old man`, `Young Crab`."""
    return any(pattern.search(words) for pattern, _ in _WORDS)


def described_hz(words: str, gender: Gender) -> float:
    """How high a voice of this description is."""
    usual = _USUAL_HZ.get(gender, _BETWEEN_HZ)
    return math.prod((factor for pattern, factor in _WORDS if pattern.search(words)), start=usual)
