"""The recipe of a take: every cause of its sound, and nothing else.

Its key is the SHA-256 of its canonical JSON. Never in it: position, chapter, path, batch, device, data type, attempt,
host, time. So inserting a paragraph, renaming a character or moving the folder records nothing again.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from narrator.domain import Cast, Delivery, Script, Utterance, VoiceProfile
from narrator.engines.protocol import Engine, EngineInfo, Line
from narrator.engines.registry import voice_kind

SCHEMA = 1
"""Version of this list of causes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The request that a take answers."""

    text: str
    """As spoken."""
    language: str
    pace: str
    style: str
    voice: Mapping[str, str]
    """Everything about the voice that can be heard, as its engine names it."""
    engine: str
    audio_version: int
    weights: str
    sampling: Mapping[str, str]
    seed: int
    """The project's seed base."""
    repeat: int = 0
    """How many equal lines of the same voice stand before it in the book: `No.` twice is two takes."""
    retake: int = 0
    """How often a person asked for another one."""

    def canonical(self) -> str:
        """The recipe as JSON in the one way it is written: sorted keys, no spaces, no floats."""
        causes = {"schema": SCHEMA, **{name: getattr(self, name) for name in _CAUSES}}
        return json.dumps(causes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def key(self) -> str:
        """Names the take in the store."""
        return hashlib.sha256(self.canonical().encode("utf-8")).hexdigest()


_CAUSES = tuple(field.name for field in fields(Recipe))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A line of the script with the recipe of its take."""

    chapter: int
    utterance: Utterance
    voice: VoiceProfile
    delivery: Delivery
    """As the engine hears it."""
    tempo: float = 1.0
    """How much faster than it was recorded it will be heard; no cause of the take."""
    recipe: Recipe
    key: str


def requests(script: Script, cast: Cast, engine: Engine, *, seed: int) -> tuple[Request, ...]:
    """What to ask of the engine, for every line of the book in order.

    The whole book always, also when only some chapters are built: a repeat is counted over the book. Every character
    has a role by now; casting has seen to it.
    """
    voices: dict[str, tuple[Mapping[str, str], str]] = {}
    seen: Counter[str] = Counter()
    made = []
    for chapter in script.chapters:
        for utterance in chapter.utterances:
            role = cast.role(utterance.character)
            assert role is not None, f"{utterance.address}: {utterance.character} has no role"  # noqa: S101
            if role.voice.name not in voices:
                voices[role.voice.name] = (engine.identity(role.voice), engine.revision(role.voice))
            identity, weights = voices[role.voice.name]
            asked = replace(role.delivery, style=utterance.style or role.delivery.style)
            delivery, tempo = shared_out(asked, engine.info)
            recipe = Recipe(
                text=utterance.spoken,
                language=script.language,
                pace=f"{delivery.pace:.3f}",
                style=delivery.style if voice_kind(role.voice) in engine.info.styled else "",
                voice=identity,
                engine=engine.info.name,
                audio_version=engine.info.audio_version,
                weights=weights,
                sampling={},
                seed=seed if engine.info.seeded else 0,
            )
            key = first = recipe.key
            if seen[first]:
                recipe = replace(recipe, repeat=seen[first])
                key = recipe.key
            seen[first] += 1
            made.append(
                Request(
                    chapter=chapter.number,
                    utterance=utterance,
                    voice=role.voice,
                    delivery=delivery,
                    tempo=tempo,
                    recipe=recipe,
                    key=key,
                )
            )
    return tuple(made)


def shared_out(delivery: Delivery, info: EngineInfo) -> tuple[Delivery, float]:
    """What an engine is told of a delivery, and the tempo at which its take is heard: the pace is in one of them."""
    return (delivery, 1.0) if info.paced else (replace(delivery, pace=1.0), delivery.pace)


PACES = (1.0, 1.03, 0.97, 1.06, 0.94)
"""Factors on the pace, attempt by attempt, for engines that have no dice to throw again."""


def line(request: Request, *, attempt: int, seeded: bool) -> Line:
    """The line to submit for a request.

    Args:
        request: What is wanted.
        attempt: 0 for the first; a later one changes what the engine can change.
        seeded: Whether another seed gives another take.
    """
    pace = request.delivery.pace * (1.0 if seeded else PACES[attempt % len(PACES)])
    digest = hashlib.sha256(f"{request.key}:{attempt}".encode()).digest()
    return Line(
        id=request.key,
        text=request.recipe.text,
        voice=request.voice.name,
        language=request.recipe.language,
        delivery=Delivery(pace=pace, style=request.delivery.style),
        seed=int.from_bytes(digest[:8], "big") >> 1,
    )
