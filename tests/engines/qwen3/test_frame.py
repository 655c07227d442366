# mypy: disable-error-code="no-untyped-call"
"""A frame is the same work for every line, so that a device can be handed it whole."""

from collections import Counter
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from narrator.engines.qwen3.config import Dice, Sampling
from narrator.engines.qwen3.device import Host
from narrator.engines.qwen3.frame import Room, advance, empty_state
from narrator.engines.qwen3.prefill import Group, admit
from narrator.engines.qwen3.stack import Attention
from tests.engines.qwen3.lines import Ours, cases

WAITS = {"aten._local_scalar_dense.default", "aten.nonzero.default", "aten.item.default", "aten._to_copy.default"}
"""What reads a value back, makes a shape of it, or may copy between host and device."""
ROOM = Room(n_positions=128, n_frames=32, n_trailing=64, n_candidates=50)


class Record(TorchDispatchMode):
    """Counts what is computed, with the shapes of what comes out."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[tuple[str, str]] = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        """Compute and note."""
        result = function(*args, **(kwargs or {}))
        shape = str(tuple(result.shape)) if isinstance(result, torch.Tensor) else ""
        self.done.append((str(function), shape))
        return result


@pytest.fixture(scope="module")
def ours(checkpoints) -> Ours:
    """A tiny base model."""
    return Ours.load(checkpoints("base"))


def filled(ours, n_lines, n_slots=4, sampling=None):
    """Slots with some lines in them."""
    state = empty_state(ours.talker, n_slots, ROOM)
    for slot, case in enumerate(cases("base", n_lines, how="x")):
        job = replace(ours.job(case, slot, streaming=True, cap=20), seed=slot)
        start = job if sampling is None else replace(job, sampling=sampling)
        n, n_trailing = start.plan.n_positions, len(start.plan.trailing)
        group = Group(slots=(slot,), starts=(start,), n_rows=1, n_positions=n, n_trailing=n_trailing)
        admit(ours.talker, state, group, Attention(), Host())
    return state


def recorded(ours, state):
    """What one frame computes."""
    record = Record()
    with torch.inference_mode(), record:
        advance(ours.talker, state, 128, Attention())
    return record.done


def test_a_frame_waits_for_nobody(ours):
    """Nothing in a frame reads a value back to the host, so that frames can be queued ahead of the device."""
    with torch.inference_mode():
        state = filled(ours, 4)
    assert not WAITS & {name for name, _ in recorded(ours, state)}


def test_every_frame_is_the_same_work(ours):
    """Full or empty slots, first frame or later, greedy or drawn: the same operations with the same shapes."""
    with torch.inference_mode():
        full, empty = filled(ours, 4), filled(ours, 0)
        drawn = filled(ours, 2, sampling=Sampling(talker=Dice(top_k=7, top_p=0.8)))
    first = recorded(ours, full)
    for state in (full, full, full, empty, drawn):
        assert recorded(ours, state) == first
    assert Counter(name for name, _ in first).total() > 1000


def test_the_memory_of_a_state_stays_where_it_is(ours):
    """A frame writes in place: every tensor of the state is the one that it was."""
    with torch.inference_mode():
        state = filled(ours, 3)
        names = ("hidden", "token", "position", "frame", "done", "seen", "codes")
        places = {name: getattr(state, name).data_ptr() for name in names}
        before = state.position.clone()
        advance(ours.talker, state, 128, Attention())
    assert {name: getattr(state, name).data_ptr() for name in names} == places
    assert (state.position - before).tolist() == [1, 1, 1, 0]


def test_a_slot_that_has_ended_stands_still(ours):
    """After its end a line keeps its codes, its frames and its last token, however long its mates go on."""
    with torch.inference_mode():
        state = filled(ours, 2)
        state.cap[0] = 3
        for _ in range(3):
            advance(ours.talker, state, 128, Attention())
        kept = [x[0].clone() for x in (state.codes[:, :3], state.frame, state.token, state.position)]
        for _ in range(9):
            advance(ours.talker, state, 128, Attention())
    assert bool(state.done[0])
    now = [x[0] for x in (state.codes[:, :3], state.frame, state.token, state.position)]
    assert all(torch.equal(a, b) for a, b in zip(kept, now, strict=True))
    assert int(state.frame[1]) == 12 or bool(state.done[1])


def test_rooms_join_to_what_holds_both():
    """The larger of each measure."""
    joined = ROOM.joined(replace(ROOM, n_frames=99, n_trailing=1))
    assert joined == replace(ROOM, n_frames=99)
