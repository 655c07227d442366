"""Drafts."""

from pathlib import Path

from narrator.casting import draft
from narrator.domain import Builtin, Cast, Delivery
from tests.casting.scripts import cast_of

VOICES = (
    "{n: {design: a man, pace: 0.9, style: dry, level: -1dB}, a: {kokoro: bf_emma}, b: {kokoro: am_onyx}, "
    "c: {kokoro: af_river}, d: {tone: 220}, e: {hibari: girl}}"
)


def drafted(cast: Cast) -> dict[str, str]:
    """The hibari voice of each role."""
    voices = {role.character: role.voice.source for role in draft(cast).roles}
    return {name: source.voice for name, source in voices.items() if isinstance(source, Builtin)}


def test_every_role_has_one_of_five_voices_by_gender(tmp_path: Path) -> None:
    """A man's narration is the tenor's; who comes next is as far from them as may be; hibari's own voices stay."""
    cast = cast_of(tmp_path, VOICES, "{narrator: n, A: a, B: b, C: c, D: d, E: e}")
    expected = {"narrator": "tenor", "A": "alto", "B": "bass", "C": "girl", "D": "heart", "E": "girl"}
    assert drafted(cast) == expected


def test_a_woman_s_narration_is_heart_s(tmp_path: Path) -> None:
    """And so is one of unknown gender."""
    assert drafted(cast_of(tmp_path, VOICES, "{narrator: a}")) == {"narrator": "heart"}
    assert drafted(cast_of(tmp_path, VOICES, "{narrator: d}")) == {"narrator": "heart"}


def test_roles_that_share_a_voice_share_its_stand_in(tmp_path: Path) -> None:
    """The draft has as many voices as the cast, up to five."""
    cast = draft(cast_of(tmp_path, VOICES, "{narrator: n, A: a, B: a, unknown: A}"))
    assert cast.roles[1].voice == cast.roles[2].voice
    assert cast.unknown is not None
    assert cast.unknown.voice == cast.roles[1].voice


def test_pace_and_level_stay_and_style_goes(tmp_path: Path) -> None:
    """Hibari takes no instruction, so none is a cause of its takes."""
    role = draft(cast_of(tmp_path, VOICES, "{narrator: {voice: n, pace: 1.1}}")).roles[0]
    assert role.delivery == Delivery(pace=0.99)
    assert role.voice.delivery == Delivery(pace=0.9)
    assert role.voice.level_db == -1.0


def test_a_strict_cast_stays_strict(tmp_path: Path) -> None:
    """Nobody reads for unknown speakers in a draft when nobody does in the cast."""
    assert draft(cast_of(tmp_path, VOICES, "{narrator: n, unknown: error}")).unknown is None
