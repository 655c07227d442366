from dataclasses import replace

import numpy as np
import pytest

from narrator.audio.loudness import integrated_lufs, true_peak_dbtp
from narrator.domain import Samples
from narrator.mastering.assembly import listen
from narrator.mastering.dynamics import CODEC_HEADROOM_DB, finish, line_gains_db
from narrator.settings.options import MasteringProfile
from tests.audio.signals import speech
from tests.mastering.lines import Shelf

RATE = 24_000


def gains(recorded: list[Samples], voices: tuple[str, ...] = ("narrator",), *, voice_match: bool = True) -> list[float]:
    """Gains of takes that the voices speak in turn."""
    lines = Shelf(recorded).lines(voices=voices)
    return list(line_gains_db(lines, [listen(s, RATE) for s in recorded], RATE, voice_match=voice_match))


def test_voices_come_to_one_loudness():
    """Two voices 7 dB apart end within 0.1 LU of each other."""
    recorded = [speech(4.0, seed=i % 2, level_db=-7.0 * (i % 2)) for i in range(6)]
    levelled = [s * 10 ** (g / 20) for s, g in zip(recorded, gains(recorded, ("a", "b")), strict=True)]
    a, b = (integrated_lufs(np.concatenate(levelled[i::2]).astype(np.float32), RATE) for i in (0, 1))
    assert a == pytest.approx(b, abs=0.1)


def test_a_voice_is_moved_by_six_decibels_at_most():
    """A voice that is 30 dB too quiet is likelier broken than quiet: it gains 6 dB and no more."""
    recorded = [speech(4.0, level_db=-30.0 * (i % 2)) for i in range(4)]
    assert gains(recorded, ("a", "b"))[1] == pytest.approx(6.0)


@pytest.mark.parametrize(("stray_db", "gain_db"), [(1.5, 0.0), (-1.5, 0.0), (5.0, -3.0), (-5.0, 3.0), (12.0, -4.0)])
def test_only_a_stray_line_is_pulled_in(stray_db, gain_db):
    """A line within 2 LU of its voice keeps its level; one beyond comes back to 2 LU, by 4 dB at most."""
    recorded = [speech(4.0, level_db=stray_db if i == 3 else 0.0) for i in range(9)]
    moved = gains(recorded)
    assert moved[3] - moved[0] == pytest.approx(gain_db, abs=0.05)
    assert moved[4] == moved[0]


def test_a_short_line_may_shout():
    """Lines under a second and a half are never pulled in."""
    recorded = [speech(4.0), speech(4.0), speech(1.2, level_db=9)]
    moved = gains(recorded)
    assert moved[2] == moved[0]


def test_the_cast_has_the_last_word():
    """A voice's own level is added after levelling, and is all that is left without it."""
    recorded = [speech(4.0), speech(4.0, level_db=-5)]
    lines = [replace(line, level_db=1.5) for line in Shelf(recorded).lines()]
    heard = [listen(s, RATE) for s in recorded]
    assert line_gains_db(lines, heard, RATE, voice_match=False) == (1.5, 1.5)
    plain = gains(recorded)
    assert line_gains_db(lines, heard, RATE, voice_match=True) == pytest.approx([g + 1.5 for g in plain])


def test_a_silent_take_disturbs_nobody():
    """A voice that only has silence gets no gain and moves no other."""
    recorded = [speech(4.0), np.zeros(RATE, dtype=np.float32)]
    assert gains(recorded, ("a", "b")) == pytest.approx([0.0, 0.0], abs=1e-9)


@pytest.mark.parametrize("raw_db", [-20.0, 0.0, 12.0])
@pytest.mark.parametrize("room_tone_dbfs", [None, -72.0])
def test_a_chapter_meets_its_profile(raw_db, room_tone_dbfs):
    """From any level a chapter comes to -19 LUFS within 0.05 and stays under its ceiling less the codecs' headroom."""
    profile = MasteringProfile(room_tone_dbfs=room_tone_dbfs)
    samples = speech(12.0, level_db=raw_db)
    finished = finish(samples, RATE, profile)
    assert integrated_lufs(samples, RATE) == pytest.approx(-19, abs=0.05)
    assert true_peak_dbtp(samples, RATE) <= profile.ceiling_dbtp - CODEC_HEADROOM_DB + 1e-4
    assert finished.loudness_lufs == pytest.approx(integrated_lufs(samples, RATE), abs=1e-6)
    assert finished.true_peak_dbtp == pytest.approx(true_peak_dbtp(samples, RATE), abs=1e-4)


def test_silence_stays_silence():
    """A chapter without sound is left alone."""
    samples = np.zeros(RATE * 3, dtype=np.float32)
    finish(samples, RATE, MasteringProfile())
    assert not samples.any()
