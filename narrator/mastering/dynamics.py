"""How loud: voices brought together, then the chapter brought to its target under a true-peak ceiling."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

import numpy as np

from narrator.audio.loudness import gated_lufs, integrated_lufs, ratio, true_peak_dbtp
from narrator.domain import Placed, Samples
from narrator.mastering.assembly import Heard
from narrator.mastering.limiter import Limiter
from narrator.mastering.tone import lay_room_tone
from narrator.settings.options import MasteringProfile

MAX_VOICE_GAIN_DB = 6.0
MAX_LINE_STRAY_LU = 2.0
"""How far a line may stray from the median line of its voice: liveliness within, an accident of the engine beyond."""
MAX_LINE_GAIN_DB = 4.0
CODEC_HEADROOM_DB = 0.4
"""The limiter stays so far below the profile's ceiling, which the decoded file must keep: AAC at 64 kbit/s was seen to
add 0.24 dB to the peaks of speech, MP3 at 192 kbit/s and resampling 0.03."""
STEADY_S = 1.5
"""Shorter lines are left alone: 400 ms blocks say little about them, and a shout or a whisper is meant."""


def line_gains_db(
    lines: Sequence[Placed], heard: Sequence[Heard], rate_hz: int, *, voice_match: bool
) -> tuple[float, ...]:
    """Gain of each line: its voice brought to the whole cast's loudness, strays pulled in, then what the cast asks."""
    voices: defaultdict[str, list[Heard]] = defaultdict(list)
    for line, take in zip(lines, heard, strict=True):
        voices[line.voice].append(take)
    common = _pooled_lufs(heard)
    matched = {name: _toward(common, _pooled_lufs(takes), MAX_VOICE_GAIN_DB) for name, takes in voices.items()}
    middle = {name: _middle_lufs(takes, rate_hz) for name, takes in voices.items()}
    return tuple(
        line.level_db + (matched[line.voice] + _pulled_db(take, middle[line.voice], rate_hz) if voice_match else 0.0)
        for line, take in zip(lines, heard, strict=True)
    )


def _pooled_lufs(takes: Sequence[Heard]) -> float:
    return gated_lufs(np.concatenate([take.powers for take in takes]))


def _toward(target_lufs: float, lufs: float, most_db: float) -> float:
    """Gain that brings one loudness to another, at most `most_db` either way; none where there is nothing to hear."""
    if not np.isfinite(target_lufs) or not np.isfinite(lufs):
        return 0.0
    return float(np.clip(target_lufs - lufs, -most_db, most_db))


def _steady(take: Heard, rate_hz: int) -> bool:
    return take.end - take.start >= STEADY_S * rate_hz


def _middle_lufs(takes: Sequence[Heard], rate_hz: int) -> float:
    return median([gated_lufs(take.powers) for take in takes if _steady(take, rate_hz)] or [-np.inf])


def _pulled_db(take: Heard, middle_lufs: float, rate_hz: int) -> float:
    if not _steady(take, rate_hz):
        return 0.0
    lufs = gated_lufs(take.powers)
    nearest = float(np.clip(lufs, middle_lufs - MAX_LINE_STRAY_LU, middle_lufs + MAX_LINE_STRAY_LU))
    return _toward(nearest, lufs, MAX_LINE_GAIN_DB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a chapter measures after `finish`."""

    loudness_lufs: float
    true_peak_dbtp: float


def finish(samples: Samples, rate_hz: int, profile: MasteringProfile) -> Finished:
    """Bring a chapter to its loudness under its ceiling and lay the room tone under it, in place.

    In place, because two hours of samples should be in memory once. Silence stays silence.
    """
    ceiling_dbtp = profile.ceiling_dbtp - CODEC_HEADROOM_DB
    with ThreadPoolExecutor(1) as beside:
        measured = beside.submit(integrated_lufs, samples, rate_hz)
        limiter = Limiter(samples, rate_hz, ceiling_dbtp)
        raw_lufs = measured.result()
    if np.isfinite(raw_lufs):
        limiter.apply(limiter.gain_for(profile.loudness_lufs, profile.loudness_lufs - raw_lufs))
    if profile.room_tone_dbfs is not None:
        lay_room_tone(samples, rate_hz, profile.room_tone_dbfs)
    peak_dbtp = true_peak_dbtp(samples, rate_hz)
    if peak_dbtp > ceiling_dbtp:  # what a moving gain and the room tone add: hundredths of a decibel
        samples *= np.float32(ratio(ceiling_dbtp - peak_dbtp))
    return Finished(loudness_lufs=integrated_lufs(samples, rate_hz), true_peak_dbtp=min(peak_dbtp, ceiling_dbtp))
