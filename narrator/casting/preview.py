"""A cast that can be heard at once, without a GPU: every voice replaced by one that comes with narrator.

A draft takes hibari's five voices and is quick. A preview takes Kokoro's, and of them the nearest: by gender, and by
how high the voice is.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from narrator.casting.pitches import KOKORO_HZ, heard
from narrator.casting.suggest import VOICES
from narrator.casting.voices import HIBARI, gender_of
from narrator.domain import NARRATOR, Builtin, Cast, Delivery, Gender, Role, VoiceProfile

DRAFT_ENGINE = "hibari"
"""Speaks whatever `draft` returns."""
PREVIEW_ENGINE = "kokoro"
"""Speaks whatever `preview` returns."""

_POOLS = {
    Gender.FEMALE: ("alto", "girl", "heart"),
    Gender.MALE: ("bass", "tenor"),
    Gender.UNKNOWN: ("alto", "bass", "girl", "tenor", "heart"),
}


def draft(cast: Cast) -> Cast:
    """The same roles spoken by hibari: by gender, and apart from one another as far as five voices go.

    Whoever comes earlier in the cast chooses first. Roles that share a voice share its stand-in. Pace and level stay;
    styles go, because hibari takes none.
    """
    used: Counter[str] = Counter()

    def choose(role: Role) -> VoiceProfile:
        voice = _nearest_draft(role, used)
        used[voice] += 1
        return _stand_in(role.voice, Builtin(engine=DRAFT_ENGINE, voice=voice), HIBARI[voice])

    return _replayed(cast, choose)


def preview(cast: Cast) -> Cast:
    """The same roles spoken by Kokoro, each by the voice nearest to its own that nobody has yet.

    Voices that are Kokoro's already stay. Pace and level stay; styles go, because Kokoro takes none.

    Raises:
        ProjectError: A recording cannot be read.
    """
    used = Counter(source.voice for voice in cast.voices if (source := _kokoro(voice)) is not None)

    def choose(role: Role) -> VoiceProfile:
        if (own := _kokoro(role.voice)) is not None:
            return _stand_in(role.voice, own, role.voice.gender)
        gender, hz = heard(role.voice)
        pool = [v for g in VOICES for v in VOICES[g] if gender in {g, Gender.UNKNOWN}]
        voice = min(pool, key=lambda v: (used[v], abs(math.log2(KOKORO_HZ[v] / hz)), v))
        used[voice] += 1
        source = Builtin(engine=PREVIEW_ENGINE, voice=voice)
        return _stand_in(role.voice, source, gender_of(source))

    return _replayed(cast, choose)


def _kokoro(voice: VoiceProfile) -> Builtin | None:
    source = voice.source
    return source if isinstance(source, Builtin) and source.engine == PREVIEW_ENGINE else None


def _nearest_draft(role: Role, used: Counter[str]) -> str:
    source = role.voice.source
    if isinstance(source, Builtin) and source.engine == DRAFT_ENGINE and source.voice in HIBARI:
        return source.voice
    if role.character == NARRATOR:
        return "tenor" if role.voice.gender is Gender.MALE else "heart"
    pool = _POOLS[role.voice.gender]
    return min(pool, key=lambda voice: (used[voice], pool.index(voice)))


def _replayed(cast: Cast, choose: Callable[[Role], VoiceProfile]) -> Cast:
    """The cast with a stand-in for each voice, chosen for the first role that has it."""
    stand_ins: dict[str, VoiceProfile] = {}
    for role in (*cast.roles, *((cast.unknown,) if cast.unknown else ())):
        if role.voice.name not in stand_ins:
            stand_ins[role.voice.name] = choose(role)
    return Cast(
        roles=tuple(_redrawn(role, stand_ins) for role in cast.roles),
        unknown=_redrawn(cast.unknown, stand_ins) if cast.unknown else None,
    )


def _stand_in(voice: VoiceProfile, source: Builtin, gender: Gender) -> VoiceProfile:
    return VoiceProfile(
        name=voice.name,
        source=source,
        delivery=Delivery(pace=voice.delivery.pace),
        gender=gender,
        level_db=voice.level_db,
    )


def _redrawn(role: Role, stand_ins: dict[str, VoiceProfile]) -> Role:
    return replace(role, voice=stand_ins[role.voice.name], delivery=Delivery(pace=role.delivery.pace))
