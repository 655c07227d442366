"""Designed voices: rendered once to a clip, and cloned from it, so that a voice stays the same for the whole book.

A person may keep the clip, replace it by another, or delete it to have the voice drawn again.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from narrator import files
from narrator.audio.files import encode_wav
from narrator.domain import Cast, Cloned, Delivery, Designed, Rights, Samples, VoiceProfile
from narrator.engines.protocol import Line

SENTENCES = {
    "en": "The road went down to the harbour, and by evening everyone had heard the news. I only smiled, and waited.",
    "de": "Der Weg führte hinunter zum Hafen, und am Abend kannte jeder die Neuigkeit. Ich lächelte nur und wartete.",
    "fr": "Le chemin descendait vers le port, et le soir tout le monde savait la nouvelle. J’ai souri et j’ai attendu.",
    "es": "El camino bajaba hasta el puerto, y por la tarde todos sabían la noticia. Yo solo sonreí y esperé.",
    "it": "La strada scendeva fino al porto, e la sera tutti sapevano la notizia. Io sorrisi soltanto, e aspettai.",
    "pt": "O caminho descia até ao porto, e à noite todos sabiam a novidade. Eu apenas sorri, e esperei.",
    "ru": "Дорога спускалась к гавани, и к вечеру все уже знали новость. Я только улыбался и ждал.",
    "zh": "这条路一直通到港口，到了傍晚，大家都听说了这个消息。我只是笑了笑，继续等着。",
    "ja": "道は港まで続いていて、夕方にはみんながその知らせを聞いていた。私はただ微笑んで、待っていた。",
    "ko": "길은 항구까지 이어졌고, 저녁이 되자 모두가 그 소식을 들었다. 나는 그저 미소 지으며 기다렸다.",
}
"""What a designed voice says in its clip: about eight seconds, calm, in the book's language."""


def clip(voice: VoiceProfile, root: Path) -> Path:
    """Where the clip of a designed voice lies: beside the file that describes it, so that a series has one."""
    return (voice.home or root) / "voices" / f"{voice.name}.design.wav"


def undrawn(cast: Cast, root: Path) -> tuple[VoiceProfile, ...]:
    """Designed voices that have no clip yet."""
    return tuple(v for v in cast.voices if isinstance(v.source, Designed) and not clip(v, root).exists())


def audition_line(voice: VoiceProfile, language: str, *, seed: int) -> Line:
    """What to have a designed voice say for its clip."""
    digest = hashlib.sha256(f"{seed}:{voice.source}".encode()).digest()
    return Line(
        id=voice.name,
        text=SENTENCES[language.partition("-")[0]],
        voice=voice.name,
        language=language,
        delivery=Delivery(),
        seed=int.from_bytes(digest[:8], "big") >> 1,
    )


def keep(voice: VoiceProfile, root: Path, samples: Samples, sample_rate_hz: int, text: str) -> None:
    """Write a designed voice's clip and, before it, what it says."""
    path = clip(voice, root)
    files.write(path.with_suffix(".txt"), text + "\n")
    files.write(path, encode_wav(samples, sample_rate_hz))


def drawn(cast: Cast, root: Path) -> Cast:
    """The cast with each designed voice that has a clip cloned from it."""

    def cloned(voice: VoiceProfile) -> VoiceProfile:
        path = clip(voice, root)
        if not isinstance(voice.source, Designed) or not path.exists():
            return voice
        words = path.with_suffix(".txt")
        transcript = words.read_text("utf-8").strip() if words.exists() else ""
        source = Cloned(audio=path, transcript=transcript, x_vector_only=not transcript)
        return replace(voice, source=source, rights=Rights(kind="synthetic"))

    return cast.recast(cloned)
