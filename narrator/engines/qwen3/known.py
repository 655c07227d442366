"""What is known of Qwen3-TTS, its voices and its weights, before torch is loaded: by whichever engine it speaks."""

from collections.abc import Mapping

from narrator.domain import VoiceProfile
from narrator.engines import checkpoints
from narrator.engines.protocol import EngineInfo
from narrator.engines.qwen3 import voiceprompt
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.config import Checkpoint, Kind
from narrator.settings.options import EngineOptions

INFO = EngineInfo(
    name="qwen3",
    audio_version=1,
    sample_rate_hz=voiceprompt.RATE_HZ,
    max_chars=voiceprompt.MAX_CHARS,
    languages=frozenset(voiceprompt.LANGUAGES),
    voice_kinds=frozenset({"clone", "design", "preset"}),
    seeded=True,
    styled=frozenset({"design", "preset"}),
    paced=False,
    chars_per_s=voiceprompt.CHARS_PER_S,
)


def checkpoint(options: EngineOptions, kind: Kind) -> Checkpoint:
    """The checkpoint that speaks voices of a kind, but for its weights.

    Raises:
        MissingError: It is not on this machine.
        EngineError: It is damaged, or of a model that is not known here.
    """
    return read_checkpoint(checkpoints.locate(options, kind))


def revision(options: EngineOptions, voice: VoiceProfile) -> str:
    """The fingerprint of the checkpoint that speaks this voice.

    Raises:
        ProjectError: Qwen3-TTS has no such voice.
        MissingError: The checkpoint is not on this machine.
    """
    return checkpoints.fingerprint(checkpoints.locate(options, voiceprompt.kind_of(voice)))


def identity(options: EngineOptions, voice: VoiceProfile) -> Mapping[str, str]:
    """The recording and its transcript, the speaker, or the description.

    Raises:
        ProjectError: Qwen3-TTS has no such voice.
        MissingError: Which speakers there are cannot be told, because the checkpoint is not on this machine.
    """
    found = voiceprompt.identity(voice)
    if "speaker" in found:
        voiceprompt.check_speaker(voice.name, found["speaker"], checkpoint(options, Kind.CUSTOM_VOICE).model)
    return found
