"""The voices that a cast can be proposed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from narrator.casting.pitches import KOKORO_HZ, preset_hz
from narrator.domain import Gender

_ACCENTS: Final = {"a": "American", "b": "British"}
_SEXES: Final = {"f": "female", "m": "male"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Voices of one kind."""

    key: str
    """Under which project.yaml names them: `kokoro`, `preset`; empty = they are in the project already."""
    voices: Mapping[Gender, tuple[str, ...]]
    """The best first, and each far from those before it."""
    narrator: str
    androgynous: str = ""
    """For somebody of unknown gender."""
    hz: Mapping[str, float] = field(default_factory=dict)
    """How high each of them is."""
    notes: tuple[str, ...] = ()
    """What a person must know to hear them."""

    def name(self, voice: str) -> str:
        """A voice's name in a project: `emma` for `bf_emma`."""
        return voice.partition("_")[2] if self.key == "kokoro" else voice

    def description(self, voice: str) -> str:
        """What it sounds like, in a few words."""
        if self.key == "kokoro":
            return f"{_SEXES[voice[1]]}, {_ACCENTS[voice[0]]}"
        return next((gender.value for gender, voices in self.voices.items() if voice in voices), "")


KOKORO: Final = Pool(
    key="kokoro",
    voices={
        # Kokoro's English voices, by likeness of their speaker embeddings: first those that lie far from all before
        # them, then those that are near nobody here (< 0.84; nearest are daniel and george with 0.83). Left out: the
        # near (bella, nova, sarah to heart; puck to fenrir; fable to alloy) and the poor (nicole whispers; alice,
        # santa). No mixes: five even ones measured 0.86 … 0.89 to the nearer parent, and sharing is more honest.
        Gender.FEMALE: (
            *("af_heart", "bf_emma", "af_alloy", "af_river", "bf_lily"),
            *("bf_isabella", "af_kore", "af_aoede", "af_jessica", "af_sky"),
        ),
        Gender.MALE: (
            *("bm_daniel", "am_eric", "am_onyx", "am_fenrir", "am_michael", "am_liam", "am_adam"),
            *("bm_george", "bm_lewis", "am_echo"),
        ),
    },
    narrator="af_heart",  # the best of them by every measure
    androgynous="af_alloy",
    hz=KOKORO_HZ,
)
_SPEAKERS: Final = {
    Gender.FEMALE: ("serena", "vivian", "sohee", "ono_anna"),
    Gender.MALE: ("ryan", "aiden", "uncle_fu", "dylan", "eric"),
}
QWEN_LANGUAGES: Final = frozenset({"zh", "en", "fr", "de", "it", "ja", "ko", "pt", "ru", "es"})


def pool_for(language: str, *, presets_here: bool) -> Pool:
    """The voices to propose for a book.

    Kokoro's for English, unless Qwen3-TTS stands ready; its presets for the other languages that it speaks, ready or
    not, because nothing else speaks them.

    Args:
        language: Of the book, BCP 47.
        presets_here: The CustomVoice checkpoint and a GPU for it are here.
    """
    code = language.lower().partition("-")[0]
    if (presets_here or code != "en") and code in QWEN_LANGUAGES:
        missing = (
            "These are speakers of Qwen3-TTS: pip install 'narrator[qwen3]', narrate models get custom_voice",
            "You may also clone or design voices of this book's language; see docs/guides/qwen3-tts.md.",
        )
        return Pool(
            key="preset",
            voices=_SPEAKERS,
            narrator="ryan" if code != "zh" else "serena",
            hz={speaker: preset_hz(speaker, gender) for gender, own in _SPEAKERS.items() for speaker in own},
            notes=() if presets_here else missing,
        )
    if code == "en":
        return KOKORO
    notes = ("No engine that comes with narrator speaks this language; these voices speak English.",)
    return Pool(
        key=KOKORO.key,
        voices=KOKORO.voices,
        narrator=KOKORO.narrator,
        androgynous=KOKORO.androgynous,
        hz=KOKORO.hz,
        notes=notes,
    )
