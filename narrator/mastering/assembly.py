"""Laying takes out in time: cut to their speech, joined by pauses, with head and tail.

A pause is a target, not an addition: it runs from speech to speech, and the silence kept from the takes is part of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from narrator.audio.edit import equal_power, fade, highpass, raised_cosine, samples_in, silence, speech_bounds
from narrator.audio.loudness import block_powers, ratio
from narrator.audio.resample import resample
from narrator.audio.tempo import stretched
from narrator.domain import Cue, Placed, Samples, Take
from narrator.settings.options import MasteringProfile, PauseOptions
from narrator.workers import ahead

KEEP_BEFORE_S = 0.03
KEEP_AFTER_S = 0.08
"""Quiet kept around speech: soft onsets and the room's answer are in it."""
HIGHPASS_HZ = 50.0
"""Below the lowest voice; takes away the DC that would make fades thump."""

Load: TypeAlias = Callable[[Take], Samples]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was measured on a take before it is placed."""

    n_samples: int
    start: int
    """First sample of speech."""
    end: int
    """End of speech; equal to `start` when the take is silent."""
    powers: NDArray[np.float64]
    """K-weighted mean squares of the speech's 400 ms blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The part of a take that is heard, and where."""

    first: int
    end: int
    at: int
    """Sample of the chapter where it starts."""
    n_overlap_before: int = 0
    """Samples shared with the cut before it."""
    n_overlap_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The whole chapter in time, one cut for each line."""

    cuts: tuple[Cut, ...]
    n_samples: int
    rate_hz: int


def cleaned(line: Placed, load: Load, rate_hz: int) -> Samples:
    """A line's take at its tempo, without DC and rumble, at the chapter's rate."""
    samples = stretched(load(line.take), line.take.sample_rate_hz, line.tempo)
    return highpass(resample(samples, line.take.sample_rate_hz, rate_hz), rate_hz, HIGHPASS_HZ)


def listen(samples: Samples, rate_hz: int) -> Heard:
    """Find the speech of a cleaned take and measure it."""
    start, end = speech_bounds(samples, rate_hz)
    powers = block_powers(samples[start:end], rate_hz)
    return Heard(n_samples=len(samples), start=start, end=end, powers=powers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seam:
    """What happens between two lines that speak, in samples."""

    n_after: int
    """Quiet kept after the left speech."""
    n_before: int
    """Quiet kept before the right speech."""
    gap: int
    """Silence put between; negative where the two overlap."""


def _seam(left: Heard, right: Heard, n_pause: int, n_crossfade: int, rate_hz: int) -> _Seam:
    """Keep as much of both takes' quiet as the pause has room for; where that leaves no gap, they cross-fade."""
    room = n_pause + n_crossfade
    n_before = min(samples_in(KEEP_BEFORE_S, rate_hz), right.start, room)
    n_after = min(samples_in(KEEP_AFTER_S, rate_hz), left.n_samples - left.end, room - n_before)
    gap = n_pause - n_before - n_after
    if gap > 0:
        return _Seam(n_after=n_after, n_before=n_before, gap=gap)
    shortest = min(left.end - left.start, right.end - right.start)
    return _Seam(n_after=n_after, n_before=n_before, gap=-min(n_crossfade, shortest // 2))


def _pause_s(line: Placed, pauses: PauseOptions) -> float:
    return pauses.after(line.pause_after) if line.pause_s is None else line.pause_s


def lay_out(
    lines: Sequence[Placed], heard: Sequence[Heard], profile: MasteringProfile, pauses: PauseOptions, rate_hz: int
) -> Layout:
    """Decide which part of each take is heard and where.

    A take without speech takes up no time, and of the pauses around it only the longer one is kept.
    """
    n_head, n_tail = samples_in(profile.head, rate_hz), samples_in(profile.tail, rate_hz)
    n_crossfade = samples_in(profile.crossfade, rate_hz)
    spoken = [i for i, take in enumerate(heard) if take.end > take.start]
    seams = [
        _seam(
            heard[left],
            heard[right],
            samples_in(max(_pause_s(line, pauses) for line in lines[left:right]), rate_hz),
            n_crossfade,
            rate_hz,
        )
        for left, right in pairwise(spoken)
    ]
    if not spoken:
        empty = Cut(first=0, end=0, at=n_head)
        return Layout(cuts=(empty,) * len(lines), n_samples=n_head + n_tail, rate_hz=rate_hz)
    first, last = heard[spoken[0]], heard[spoken[-1]]
    n_before = min(samples_in(KEEP_BEFORE_S, rate_hz), first.start, n_head)
    n_after = min(samples_in(KEEP_AFTER_S, rate_hz), last.n_samples - last.end, n_tail)
    opening = _Seam(n_after=0, n_before=n_before, gap=n_head - n_before)
    closing = _Seam(n_after=n_after, n_before=0, gap=n_tail - n_after)
    around = zip([opening, *seams], [*seams, closing], strict=True)
    cuts, at = {}, 0
    for i, (before, after) in zip(spoken, around, strict=True):
        at += before.gap
        cuts[i] = Cut(
            first=heard[i].start - before.n_before,
            end=heard[i].end + after.n_after,
            at=at,
            n_overlap_before=max(0, -before.gap),
            n_overlap_after=max(0, -after.gap),
        )
        at += cuts[i].end - cuts[i].first
    return Layout(cuts=_with_silent(cuts, len(lines), at), n_samples=at + closing.gap, rate_hz=rate_hz)


def _with_silent(cuts: dict[int, Cut], n_lines: int, end: int) -> tuple[Cut, ...]:
    """Cuts of all lines: one without speech stands, empty, where the next one begins or else at the `end`."""
    whole: list[Cut] = []
    for i in reversed(range(n_lines)):
        end = cuts[i].at if i in cuts else end
        whole.append(cuts.get(i, Cut(first=0, end=0, at=end)))
    return tuple(reversed(whole))


def assemble(
    lines: Sequence[Placed], layout: Layout, load: Load, gains_db: Sequence[float], profile: MasteringProfile
) -> Samples:
    """The chapter's takes in their places at their gains, in one signal that belongs to the caller."""
    rise = raised_cosine(samples_in(profile.fade_in, layout.rate_hz))
    fall = raised_cosine(samples_in(profile.fade_out, layout.rate_hz))

    def placed(line: Placed, cut: Cut, gain_db: float) -> Samples:
        if cut.end == cut.first:
            return silence(0)
        heard = cleaned(line, load, layout.rate_hz)[cut.first : cut.end] * np.float32(ratio(gain_db))
        came = equal_power(cut.n_overlap_before) if cut.n_overlap_before else rise
        went = equal_power(cut.n_overlap_after) if cut.n_overlap_after else fall
        return fade(heard, came, went)

    chapter = silence(layout.n_samples)
    parts = ahead(lambda each: placed(*each), zip(lines, layout.cuts, gains_db, strict=True))
    for cut, part in zip(layout.cuts, parts, strict=True):
        chapter[cut.at : cut.at + len(part)] += part
    return chapter


def cues(lines: Sequence[Placed], layout: Layout) -> tuple[Cue, ...]:
    """When each line is heard; where two overlap, the first one's cue ends as the next begins."""
    starts = [cut.at / layout.rate_hz for cut in layout.cuts]
    ends = [(cut.at + cut.end - cut.first) / layout.rate_hz for cut in layout.cuts]
    return tuple(
        Cue(address=line.address, text=line.text, character=line.character, start_s=start, end_s=min(end, following))
        for line, start, end, following in zip(lines, starts, ends, [*starts[1:], float("inf")], strict=True)
    )
