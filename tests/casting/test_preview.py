"""Drafts and previews."""

from pathlib import Path

import numpy as np
import pytest

from narrator.audio.files import encode_wav
from narrator.casting import draft, preview
from narrator.casting.pitches import heard
from narrator.domain import Builtin, Cast, Delivery, Gender
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


# ── previews ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def previewed(cast: Cast) -> dict[str, str]:
    """The Kokoro voice of each role."""
    voices = {role.character: role.voice.source for role in preview(cast).roles}
    return {name: source.voice for name, source in voices.items() if isinstance(source, Builtin)}


def hum(path: Path, hz: float) -> None:
    """A recording at one pitch."""
    t = np.arange(3 * 24_000) / 24_000
    tone = sum(np.sin(2 * np.pi * n * hz * t) / n for n in range(1, 12))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_wav(np.asarray(0.2 * tone, np.float32), 24_000))


@pytest.mark.parametrize(
    ("hz", "gender", "voice"),
    [
        (82, "", "am_onyx"),
        (124, "", "bm_daniel"),
        (210, "", "bf_isabella"),
        (159, "gender: female, ", "af_kore"),
        (159, "gender: male, ", "am_eric"),
    ],
)
def test_a_clone_is_heard(tmp_path: Path, hz: float, gender: str, voice: str) -> None:
    """By its pitch; a declared gender goes before the heard one."""
    hum(tmp_path / "a.wav", hz)
    clone = f"{{n: {{clone: {{audio: a.wav, x_vector_only: true}}, {gender}rights: {{kind: own}}}}}}"
    assert previewed(cast_of(tmp_path, clone, "{narrator: n}")) == {"narrator": voice}


def test_designs_and_presets_are_read(tmp_path: Path) -> None:
    """By the words of the description, and by what a preset's name stands for."""
    voices = (
        '{a: {design: "elderly man, deep and gruff"}, b: {design: "little girl, bright"}, c: {preset: uncle_fu}, '
        "d: {preset: ono_anna}, e: {hibari: bass}}"
    )
    cast = cast_of(tmp_path, voices, "{narrator: a, B: b, C: c, D: d, E: e}")
    pitches = {r.character: heard(r.voice) for r in cast.roles}
    assert pitches["narrator"][1] < 100 < pitches["B"][1]
    assert [pitches[name][0] for name in "BCDE"] == [Gender.FEMALE, Gender.MALE, Gender.FEMALE, Gender.MALE]
    chosen = previewed(cast)
    assert (chosen["narrator"], chosen["B"]) == ("bm_lewis", "af_jessica")
    assert all(chosen[name][1] == sex for name, sex in zip("BCDE", "fmfm", strict=True))


def test_previews_are_apart_and_kokoro_s_own_voices_stay(tmp_path: Path) -> None:
    """Twenty roles of one description have twenty voices; roles that share a voice share one here too."""
    voices = ", ".join(f"v{n}: {{design: someone}}" for n in range(18))
    roles = ", ".join(f"R{n}: v{n}" for n in range(18))
    cast = cast_of(
        tmp_path,
        f"{{k: {{kokoro: bm_fable}}, m: {{kokoro: af_heart}}, {voices}}}",
        f"{{narrator: m, K: k, S: v3, {roles}}}",
    )
    chosen = previewed(cast)
    assert (chosen["narrator"], chosen["K"], chosen["S"]) == ("af_heart", "bm_fable", chosen["R3"])
    assert len(set(chosen.values())) == 20


def test_a_preview_keeps_pace_and_level_and_takes_no_style(tmp_path: Path) -> None:
    """As a draft does."""
    role = preview(cast_of(tmp_path, VOICES, "{narrator: {voice: n, pace: 1.1}}")).roles[0]
    assert (role.delivery, role.voice.level_db) == (Delivery(pace=0.99), -1.0)
