"""A cast that can be heard at once: every voice replaced by one of the five that hibari has."""

from collections import Counter
from dataclasses import replace

from narrator.casting.voices import HIBARI
from narrator.domain import NARRATOR, Builtin, Cast, Delivery, Gender, Role, VoiceProfile

DRAFT_ENGINE = "hibari"
"""Speaks whatever `draft` returns."""

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
    stand_ins: dict[str, VoiceProfile] = {}
    used: Counter[str] = Counter()
    roles = [*cast.roles, *((cast.unknown,) if cast.unknown else ())]
    for role in roles:
        if role.voice.name not in stand_ins:
            voice = _nearest(role, used)
            used[voice] += 1
            stand_ins[role.voice.name] = _stand_in(role.voice, voice)
    return Cast(
        roles=tuple(_redrawn(role, stand_ins) for role in cast.roles),
        unknown=_redrawn(cast.unknown, stand_ins) if cast.unknown else None,
    )


def _nearest(role: Role, used: Counter[str]) -> str:
    source = role.voice.source
    if isinstance(source, Builtin) and source.engine == DRAFT_ENGINE and source.voice in HIBARI:
        return source.voice
    if role.character == NARRATOR:
        return "tenor" if role.voice.gender is Gender.MALE else "heart"
    pool = _POOLS[role.voice.gender]
    return min(pool, key=lambda voice: (used[voice], pool.index(voice)))


def _stand_in(voice: VoiceProfile, name: str) -> VoiceProfile:
    return VoiceProfile(
        name=voice.name,
        source=Builtin(engine=DRAFT_ENGINE, voice=name),
        delivery=Delivery(pace=voice.delivery.pace),
        gender=HIBARI[name],
        level_db=voice.level_db,
    )


def _redrawn(role: Role, stand_ins: dict[str, VoiceProfile]) -> Role:
    return replace(role, voice=stand_ins[role.voice.name], delivery=Delivery(pace=role.delivery.pace))
