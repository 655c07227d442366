# mypy: disable-error-code="no-untyped-call"
"""Lines that begin together begin as each would alone."""

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch

from narrator.engines.qwen3.config import GREEDY, Dice, Sampling
from narrator.engines.qwen3.device import Host
from narrator.engines.qwen3.frame import Room, State, advance, empty_state
from narrator.engines.qwen3.prefill import LENGTHS, Group, admit, filled_up
from narrator.engines.qwen3.slots import Job, Pace
from narrator.engines.qwen3.stack import Attention
from tests.engines.qwen3.lines import Ours, cases
from tests.engines.qwen3.tape import NoWaiting

load = cache(Ours.load)
ROOM = Room(n_positions=192, n_frames=32, n_trailing=80, n_candidates=50)
SAMPLINGS = (Sampling(), Sampling(talker=Dice(temperature=0.7, top_k=20, top_p=0.9), penalty=1.3), GREEDY)
SEEDS = (0, 7919, 2**63 - 1)


@pytest.fixture(scope="module")
def ours(checkpoints):
    """A tiny base model."""
    return load(checkpoints("base"))


@pytest.fixture(scope="module")
def jobs(ours) -> list[Job]:
    """Nine lines with and without references, two of the same voice."""
    made = [
        replace(ours.job(case, n, streaming=n % 3 != 0), sampling=SAMPLINGS[n % 3], seed=SEEDS[n % 3], cap=20 + n)
        for n, case in enumerate(cases("base", 8, how="mixed"))
    ]
    return [*made, replace(made[5], id="8", seed=1)]


def one_by_one(ours, jobs: Sequence[Job], state: State) -> None:
    """Each line begins alone, with nothing filled up, in slots 1, 2, …."""
    for slot, job in enumerate(jobs, start=1):
        n, n_trailing = job.plan.n_positions, len(job.plan.trailing)
        group = Group(slots=(slot,), starts=(job,), n_rows=1, n_positions=n, n_trailing=n_trailing)
        admit(ours.talker, state, group, Attention(), Host())


def together(ours, jobs: Sequence[Job], state: State, n_rows: int) -> None:
    """All lines begin in groups of so many rows and of one length."""
    n = filled_up(max(job.plan.n_positions for job in jobs))
    for first in range(0, len(jobs), n_rows):
        some = tuple(jobs[first : first + n_rows])
        slots = tuple(range(first + 1, first + 1 + len(some)))
        group = Group(slots=slots, starts=some, n_rows=n_rows, n_positions=n, n_trailing=ROOM.n_trailing)
        admit(ours.talker, state, group, Attention(), Host())


def begun(state: State, slot: int, n_positions: int) -> list[torch.Tensor]:
    """All that the state holds of a slot."""
    names = {field.name for field in fields(State)} - {
        "room", "cache", "sub_cache", "rotation", "sub_rotation", "dice", "sub_dice", "codes",
    }  # fmt: skip
    dice = [getattr(table, name)[slot] for table in (state.dice, state.sub_dice) for name in ("top_k", "top_p")]
    keys = [layer[slot, :, :n_positions] for layer in (*state.cache.keys, *state.cache.values)]
    return [*(getattr(state, name)[slot] for name in sorted(names)), *dice, *keys]


@pytest.mark.parametrize("n_rows", [1, 4, 16])
def test_a_group_begins_as_its_lines_would_alone(ours, jobs, n_rows):
    """Tokens, seeds, dice and counts are equal, and what was heard is equal to rounding, in groups of any size."""
    with torch.inference_mode():
        alone, grouped = (empty_state(ours.talker, 12, ROOM) for _ in range(2))
        one_by_one(ours, jobs, alone)
        together(ours, jobs, grouped, n_rows)
    for slot, job in enumerate(jobs, start=1):
        pairs = zip(begun(alone, slot, job.plan.n_positions), begun(grouped, slot, job.plan.n_positions), strict=True)
        for one, other in pairs:
            assert torch.equal(one, other) if not one.is_floating_point() else torch.allclose(one, other, atol=2e-5)
    assert alone.done.tolist() == grouped.done.tolist() == [True, *(False,) * 9, True, True]


def test_a_group_goes_on_as_its_lines_would_alone(ours, jobs):
    """Frames after a filled-up prompt have the codes that they have after a bare one."""
    states = [empty_state(ours.talker, 12, ROOM) for _ in range(2)]
    with torch.inference_mode():
        one_by_one(ours, jobs, states[0])
        together(ours, jobs, states[1], 4)
        for state in states:
            for _ in range(8):
                advance(ours.talker, state, 193, Attention())
    assert torch.equal(states[0].codes[:, :8], states[1].codes[:, :8])
    assert len(states[0].codes[:, :8].unique()) > 30


def test_a_slot_forgets_the_line_before(ours, jobs):
    """A slot that had another line, with more text beside it, has nothing of it left when the next begins."""
    with torch.inference_mode():
        fresh, used = (empty_state(ours.talker, 3, ROOM) for _ in range(2))
        long = max(jobs, key=lambda job: len(job.plan.trailing))
        one_by_one(ours, [long], used)
        for _ in range(5):
            advance(ours.talker, used, 193, Attention())
        for state in (fresh, used):
            one_by_one(ours, jobs[:1], state)
    n = jobs[0].plan.n_positions
    assert len(long.plan.trailing) > len(jobs[0].plan.trailing)
    assert all(torch.equal(a, b) for a, b in zip(begun(fresh, 1, n), begun(used, 1, n), strict=True))


def test_in_coarse_numbers_a_line_does_not_know_its_mates(checkpoints, jobs):
    """In bfloat16 a line begins the same to the last bit in a full group, in one with others, and in one with none."""
    coarse, line = load(checkpoints("base"), torch.bfloat16), jobs[3]
    n = filled_up(line.plan.n_positions)
    mates = [job for job in jobs if filled_up(job.plan.n_positions) <= n]
    heard = []
    for beside in ([], mates[:1], mates[-2:], mates[:3]):
        state = empty_state(coarse.talker, 6, ROOM)
        starts = (*beside, line)
        slots = tuple(range(len(starts)))
        group = Group(slots=slots, starts=starts, n_rows=4, n_positions=n, n_trailing=ROOM.n_trailing)
        with torch.inference_mode():
            admit(coarse.talker, state, group, Attention(), Host())
        heard.append(begun(state, len(beside), line.plan.n_positions))
    assert all(torch.equal(a, b) for other in heard[1:] for a, b in zip(heard[0], other, strict=True))


def test_a_prompt_is_heard_without_waiting(ours, jobs):
    """Nothing of a beginning reads a value back to the host."""
    with torch.inference_mode():
        state = empty_state(ours.talker, 12, ROOM)
        with NoWaiting():
            together(ours, jobs, state, 4)


def test_groups_in_the_queue_change_no_line(ours, jobs):
    """Begun alone, in pairs or four at a time, waiting for mates or not, every line has the same codes."""
    plain = ours.speak(jobs, 5)
    for pace in (Pace(group=2), Pace(group=4, patience=3), Pace(group=3, most_begun=2)):
        results = ours.speak(jobs, 5, pace=pace)
        assert all(torch.equal(plain[name].codes, results[name].codes) for name in plain)


@pytest.mark.parametrize(("n", "filled"), [(1, 16), (16, 16), (17, 32), (97, 128), (512, 512), (513, 1024)])
def test_prompts_are_filled_up_to_few_lengths(n, filled):
    """The next of a few lengths."""
    assert filled_up(n) == filled
    assert sorted(LENGTHS) == list(LENGTHS)
