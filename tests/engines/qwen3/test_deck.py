# mypy: disable-error-code="no-untyped-call"
"""Frames that are recorded say what frames step by step say, and nobody waits for them but who asks."""

import random
from dataclasses import fields, is_dataclass, replace
from functools import cache

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch
from torch import Tensor

from narrator.engines.qwen3.config import GREEDY, Dice, Sampling
from narrator.engines.qwen3.deck import TalkerDeck
from narrator.engines.qwen3.device import Host, device_of
from narrator.engines.qwen3.frame import State, advance
from narrator.engines.qwen3.slots import NO_ROOM, Pace, Slots
from narrator.engines.qwen3.stack import Attention
from tests.engines.qwen3.lines import Ours, cases, spoken
from tests.engines.qwen3.tape import NoWaiting, Recording, WaitError, place, tensors

load = cache(Ours.load)
SAMPLINGS = (Sampling(), Sampling(talker=Dice(temperature=0.7, top_k=20, top_p=0.9)), GREEDY)
ON_GPU = Pace(ahead=1, group=2, patience=2, bucket=64)


@pytest.fixture(scope="module")
def ours(checkpoints):
    """A tiny base model."""
    return load(checkpoints("base"))


@pytest.fixture(scope="module")
def jobs(ours):
    """Seven lines of all lengths, voices, samplings and seeds."""
    return [
        replace(ours.job(case, n, streaming=n % 3 != 0), sampling=SAMPLINGS[n % 3], seed=n * 7919, cap=9)
        for n, case in enumerate(cases("base", 7, how="mixed"))
    ]


@pytest.fixture(scope="module")
def plain(ours, jobs):
    """What the lines are, spoken step by step."""
    return ours.speak(jobs, 3)


def parts(of: object) -> list[Tensor]:
    """All tensors in a dataclass of dataclasses and tuples."""
    if isinstance(of, Tensor):
        return [of]
    if isinstance(of, tuple):
        return [tensor for one in of for tensor in parts(one)]
    if is_dataclass(of) and not isinstance(of, type):
        return [tensor for one in fields(of) for tensor in parts(getattr(of, one.name))]
    return []


class Recorded:
    """Slots on a device that records."""

    def __init__(self, ours, n_slots, pace=ON_GPU, step=advance, warm_ups=2) -> None:
        self.device = Recording(lambda: parts(self.deck.state), warm_ups=warm_ups)
        self.deck = TalkerDeck(ours.talker, Attention(), self.device, step)
        self.slots = Slots(self.deck, n_slots, end=ours.checkpoint.model.codec.eos, pace=pace)


def same(one, other) -> bool:
    """Every line has the same codes and the same end."""
    return one.keys() == other.keys() and all(
        torch.equal(one[name].codes, other[name].codes) and one[name].ended is other[name].ended for name in one
    )


def test_recorded_frames_say_what_plain_frames_say(ours, jobs, plain):
    """Recorded once for each bucket and played without Python ever after, frames have the codes that they had."""
    recorded = Recorded(ours, 3)
    assert same(spoken(recorded.slots, jobs), plain)
    assert len(recorded.device.tapes) == 2
    assert recorded.device.log.count("frame") > 12


def test_a_recorded_frame_reads_nothing_but_state_and_weights(ours, jobs):
    """Every address that a frame reads, and did not make, is of the state or of the weights; it makes none anew."""
    recorded = Recorded(ours, 3)
    spoken(recorded.slots, jobs[:4])
    (first,) = recorded.device.tapes[:1]
    state = recorded.deck._state
    assert isinstance(state, State)
    known = {place(tensor) for tensor in (*parts(state), *parts(ours.talker))}
    assert first.given() <= known
    before = [place(tensor) for _, _, _, result in first.operations for tensor in tensors(result)]
    with torch.inference_mode():
        first.play()
    assert before == [place(tensor) for _, _, _, result in first.operations for tensor in tensors(result)]


def test_what_waits_cannot_be_recorded(ours, jobs):
    """A step that reads a value back, or brings one of Python's, is refused: the other tests would notice."""

    def reads(talker, state, n_positions, attention):
        if not bool(state.done.all()):
            advance(talker, state, n_positions, attention)

    def brings(talker, state, n_positions, attention):
        advance(talker, state, n_positions, attention)
        state.cap.minimum(torch.tensor([5, 5, 5]))

    for step, pattern in ((reads, "is_nonzero"), (brings, "lift_fresh")):
        with pytest.raises(WaitError, match=pattern):
            spoken(Recorded(ours, 3, step=step).slots, jobs)


def test_what_python_decided_is_not_decided_again(ours, jobs, plain):
    """A step that counts in Python says something else when it is recorded: a tape is no second call."""
    counted = iter(range(10_000))

    def step(talker, state, n_positions, attention):
        state.words[:, 0] += next(counted) % 2
        advance(talker, state, n_positions, attention)

    once = spoken(Recorded(ours, 3, step=step).slots, jobs)
    counted = iter(range(10_000))
    slots = Slots(TalkerDeck(ours.talker, Attention(), Host(), step), 3, end=ours.checkpoint.model.codec.eos)
    assert not same(once, spoken(slots, jobs))
    assert next(counted) > 10
    assert not same(once, plain)


def test_an_answer_is_waited_for_when_the_next_look_is_queued(ours, jobs):
    """The host asks, queues the next frames, and only then waits: the device has work at all times."""
    recorded = Recorded(ours, 3, pace=replace(ON_GPU, look_every=2), warm_ups=10**9)
    spoken(recorded.slots, jobs)
    log = [entry for entry in recorded.device.log if entry != "settle"]
    waits = [n for n, entry in enumerate(log) if entry.startswith("wait")]
    assert len(waits) > 5
    for n in waits:
        number = int(log[n].split()[1])
        assert log[n - 3 : n] == ["frame", "frame", f"ask {number + 1}"]


def test_between_two_answers_nothing_waits(ours, jobs):
    """Filling slots, hearing prompts, queuing frames and asking read nothing back: only the answer is waited for."""
    recorded = Recorded(ours, 3, warm_ups=10**9)
    for job in jobs:
        recorded.slots.submit(job)
    with NoWaiting():
        while recorded.slots.busy:
            recorded.slots.look()
    assert recorded.device.log.count("frame") > 12


@pytest.mark.parametrize(("ahead", "look_every"), [(0, 3), (1, 1), (2, 2), (3, 1)])
def test_looking_ahead_changes_no_line(ours, jobs, plain, ahead, look_every):
    """However late the host hears of an end, lines are what they are, each comes back once, and no slot is lost."""
    shuffled = random.Random(ahead).sample(jobs, len(jobs))
    assert same(
        spoken(Recorded(ours, 3, Pace(ahead=ahead, look_every=look_every), warm_ups=10**9).slots, shuffled), plain
    )


def test_memory_that_runs_out_while_frames_are_recorded(ours, jobs, plain):
    """Slots are halved, what was recorded on the old ones is dropped, and every line comes back once, unchanged."""

    def step(talker, state, n_positions, attention):
        if state.n_slots > 3 and recorded.device.log.count("frame") > 2:
            raise torch.OutOfMemoryError
        advance(talker, state, n_positions, attention)

    recorded = Recorded(ours, 12, step=step)
    assert same(spoken(recorded.slots, jobs), plain)
    assert recorded.slots.n_slots == 3
    assert "settle" in recorded.device.log


def test_a_larger_room_is_recorded_anew(ours, jobs, plain):
    """A line that needs a larger room gets one, with frames of its own, and those behind it too."""
    large = replace(jobs[3], id="large", cap=150)
    recorded = Recorded(ours, 3)
    results = spoken(recorded.slots, [*jobs[:4], large, *jobs[4:]])
    assert same({name: result for name, result in results.items() if name != "large"}, plain)
    assert torch.equal(results["large"].codes, ours.speak([large], 3)["large"].codes)


def test_closed_slots_cannot_be_asked(ours):
    """Slots that are not open have no state."""
    deck = TalkerDeck(ours.talker, Attention(), Host())
    deck.open(2, NO_ROOM)
    deck.close()
    with pytest.raises(ValueError, match="no slots"):
        deck.progress()


def test_a_processor_is_a_device(ours):
    """Where the weights are on a processor, work is done at once."""
    assert isinstance(device_of(ours.talker.pad), Host)
