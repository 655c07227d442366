from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.audio.edit import silence, speech_bounds
from narrator.domain import Pause
from narrator.mastering.assembly import Heard, assemble, cues, lay_out, listen
from narrator.settings.options import MasteringProfile, PauseOptions
from tests.audio.signals import speech, take
from tests.mastering.lines import Shelf

RATE = 24_000
PROFILE, PAUSES = MasteringProfile(), PauseOptions()


def heard_at(start_s: float, end_s: float, seconds: float) -> Heard:
    """A take of which only the bounds are known."""
    n_samples = round(seconds * RATE)
    return Heard(n_samples=n_samples, start=round(start_s * RATE), end=round(end_s * RATE), powers=np.full(1, 1e-3))


def silence_between(chapter, n_around: int) -> float:
    """Seconds between the speech in the two halves of a chapter."""
    left = speech_bounds(chapter[:n_around], RATE)[1]
    right = n_around + speech_bounds(chapter[n_around:], RATE)[0]
    return (right - left) / RATE


@pytest.mark.parametrize("pause", [p for p in Pause if p not in {Pause.END, Pause.CLAUSE}])
@pytest.mark.parametrize("kept_s", [0.0, 0.05, 1.0])
def test_a_pause_is_a_target(pause, kept_s):
    """The silence from speech to speech is what the pause says, however much silence the takes brought."""
    shelf = Shelf([take(1.0, after_s=kept_s, seed=1), take(1.0, before_s=kept_s, seed=2)])
    lines = shelf.lines(pause)
    heard = [listen(shelf.load(line.take), RATE) for line in lines]
    layout = lay_out(lines, heard, PROFILE, PAUSES, RATE)
    chapter = assemble(lines, layout, shelf.load, [0.0, 0.0], PROFILE)
    middle = (layout.cuts[0].at + layout.cuts[0].end - layout.cuts[0].first + layout.cuts[1].at) // 2
    assert silence_between(chapter, middle) == pytest.approx(PAUSES.after(pause), abs=0.03)


def test_a_pause_that_the_manuscript_asks_for_goes_before_the_usual_one():
    """In seconds, from speech to speech."""
    shelf = Shelf([take(1.0, after_s=0.2, seed=1), take(1.0, before_s=0.2, seed=2)])
    first, last = shelf.lines(Pause.SENTENCE)
    lines = (replace(first, pause_s=2.5), last)
    layout = lay_out(lines, [listen(shelf.load(line.take), RATE) for line in lines], PROFILE, PAUSES, RATE)
    chapter = assemble(lines, layout, shelf.load, [0.0, 0.0], PROFILE)
    middle = (layout.cuts[0].at + layout.cuts[0].end - layout.cuts[0].first + layout.cuts[1].at) // 2
    assert silence_between(chapter, middle) == pytest.approx(2.5, abs=0.03)


def test_head_and_tail_run_from_file_to_speech():
    """Speech starts after the head and ends before the tail, to a 10 ms frame."""
    shelf = Shelf([take(1.0, before_s=0.4, after_s=0.7)])
    lines = shelf.lines()
    layout = lay_out(lines, [listen(take(1.0, before_s=0.4, after_s=0.7), RATE)], PROFILE, PAUSES, RATE)
    chapter = assemble(lines, layout, shelf.load, [0.0], PROFILE)
    start, end = speech_bounds(chapter, RATE)
    assert start / RATE == pytest.approx(0.75, abs=0.011)
    assert (len(chapter) - end) / RATE == pytest.approx(3.0, abs=0.011)


def test_takes_that_touch_cross_fade():
    """Without a pause two takes overlap by the crossfade; where they meet there is neither a dip nor a click."""
    chance = np.random.default_rng(1)
    shelf = Shelf([(0.1 * chance.standard_normal(RATE)).astype(np.float32) for _ in range(2)])
    lines = shelf.lines(Pause.END)
    heard = [listen(shelf.load(line.take), RATE) for line in lines]
    layout = lay_out(lines, heard, replace(PROFILE, crossfade=0.2), PAUSES, RATE)
    left, right = layout.cuts
    assert left.at + left.end - left.first - right.at == round(0.2 * RATE)
    chapter = assemble(lines, layout, shelf.load, [0.0, 0.0], PROFILE)
    joint = chapter[right.at + 1200 : right.at + 3600]
    assert 20 * np.log10(np.sqrt(np.mean(joint**2)) / 0.1) == pytest.approx(0, abs=0.6)


def test_a_silent_take_takes_no_time():
    """Of the pauses around a line without sound only the longer one is kept, and its cue is empty."""
    shelf = Shelf([take(1.0), silence(RATE), take(1.0, seed=3)])
    lines = shelf.lines()
    lines = (lines[0], replace(lines[1], pause_after=Pause.PARAGRAPH), lines[2])
    heard = [listen(shelf.load(line.take), RATE) for line in lines]
    layout = lay_out(lines, heard, PROFILE, PAUSES, RATE)
    chapter = assemble(lines, layout, shelf.load, [0.0] * 3, PROFILE)
    middle = layout.cuts[2].at - 2400
    assert silence_between(chapter, middle) == pytest.approx(PAUSES.paragraph, abs=0.03)
    first, empty, last = cues(lines, layout)
    assert first.end_s < empty.start_s == empty.end_s == last.start_s


def test_a_chapter_of_silence_is_head_and_tail():
    """Takes without any speech give a chapter of the right shape and no error."""
    shelf = Shelf([silence(RATE), silence(0)])
    lines = shelf.lines()
    layout = lay_out(lines, [listen(shelf.load(line.take), RATE) for line in lines], PROFILE, PAUSES, RATE)
    assert len(assemble(lines, layout, shelf.load, [0.0, 0.0], PROFILE)) == round(3.75 * RATE)


def test_a_cue_covers_its_speech():
    """The cue starts within 30 ms before the first sound of its line and ends within 90 ms after the last."""
    shelf = Shelf([take(1.0), take(1.5, seed=4)])
    lines = shelf.lines(Pause.PARAGRAPH)
    layout = lay_out(lines, [listen(shelf.load(line.take), RATE) for line in lines], PROFILE, PAUSES, RATE)
    chapter = assemble(lines, layout, shelf.load, [0.0, 0.0], PROFILE)
    for line, cue in zip(lines, cues(lines, layout), strict=True):
        start, end = speech_bounds(chapter[round(cue.start_s * RATE) : round(cue.end_s * RATE)], RATE)
        assert cue.text == line.text
        assert 0 <= start / RATE <= 0.045
        assert cue.end_s - cue.start_s - end / RATE <= 0.09


def test_edges_of_takes_do_not_click():
    """No step at an edge is larger than the steps within the speech."""
    shelf = Shelf([speech(1.0) + np.float32(0.05), speech(1.0, seed=2) - np.float32(0.05)])
    lines = shelf.lines(Pause.SENTENCE)
    layout = lay_out(lines, [listen(shelf.load(line.take), RATE) for line in lines], PROFILE, PAUSES, RATE)
    chapter = assemble(lines, layout, shelf.load, [0.0, 0.0], PROFILE)
    inside = max(np.abs(np.diff(shelf.load(line.take))).max() for line in lines)
    for cut in layout.cuts:
        for edge in (cut.at, cut.at + cut.end - cut.first):
            assert np.abs(np.diff(chapter[edge - 5 : edge + 5])).max() < inside / 4


bounds = st.tuples(st.floats(0, 0.6), st.floats(0, 3), st.floats(0, 0.9)).map(
    lambda t: heard_at(t[0], t[0] + t[1], sum(t) + 0.001)
)


@settings(max_examples=200, deadline=None)
@given(takes=st.lists(st.tuples(bounds, st.sampled_from(Pause)), min_size=1, max_size=12), pause_s=st.floats(0, 0.3))
def test_layout_holds_for_any_takes(takes, pause_s):
    """Cues never run backwards, cuts lie inside their takes and the chapter, and each overlaps at most the next one."""
    shelf = Shelf([silence(take.n_samples) for take, _ in takes])
    lines = tuple(replace(line, pause_after=p) for line, (_, p) in zip(shelf.lines(), takes, strict=True))
    pauses = replace(PAUSES, clause=pause_s)
    layout = lay_out(lines, [take for take, _ in takes], PROFILE, pauses, RATE)
    heard = [(cut, take) for cut, (take, _) in zip(layout.cuts, takes, strict=True) if cut.end > cut.first]
    for cut, taken in heard:
        assert 0 <= cut.first <= taken.start <= taken.end <= cut.end <= taken.n_samples
        assert 0 <= cut.at <= cut.at + cut.end - cut.first <= layout.n_samples
    for (left, _), (right, _) in pairwise(heard):
        overlap = left.at + left.end - left.first - right.at
        assert max(0, overlap) == left.n_overlap_after == right.n_overlap_before
    times = [t for cue in cues(lines, layout) for t in (cue.start_s, cue.end_s)]
    assert times == sorted(times)
