# mypy: disable-error-code="no-untyped-call"
"""A whole frame with all kernels in it says what a plain frame says."""

from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
pytest.importorskip("triton", reason="Triton is not installed")

import torch

from narrator.engines.qwen3.config import GREEDY, Dice, Sampling
from narrator.engines.qwen3.device import Host
from narrator.engines.qwen3.frame import Room, advance, empty_state
from narrator.engines.qwen3.kernels import NAMES, fused
from narrator.engines.qwen3.operations import PLAIN
from narrator.engines.qwen3.prefill import Group, admit
from narrator.engines.qwen3.stack import Attention
from tests.engines.qwen3 import tiny
from tests.engines.qwen3.lines import Ours, cases

ROOM = Room(n_positions=128, n_frames=16, n_trailing=64, n_candidates=50)
DRAWN = Sampling(talker=Dice(top_k=20, top_p=0.9), sub_talker=Dice(temperature=0.8, top_k=9))


def spoken(ours, operations, n_slots, n_frames) -> tuple[torch.Tensor, torch.Tensor]:
    """What a drawn line and a greedy one say, as far as there are slots, and all hidden states, after some frames."""
    talker = ours.talker.using(operations)
    state = empty_state(talker, n_slots, ROOM)
    lines = zip(range(n_slots), cases("custom_voice", 2, how="plain"), (DRAWN, GREEDY), strict=False)
    for slot, case, sampling in lines:
        start = replace(ours.job(case, slot, streaming=False, cap=9), seed=slot + 5, sampling=sampling)
        n, n_trailing = start.plan.n_positions, len(start.plan.trailing)
        group = Group(slots=(slot,), starts=(start,), n_rows=1, n_positions=n, n_trailing=n_trailing)
        admit(talker, state, group, Attention(), Host())
    for _ in range(n_frames):
        advance(talker, state, 128, Attention())
    return torch.cat((state.codes[:2, :n_frames].flatten(1), state.token[:2, None]), dim=1), state.hidden


def says_the_same(ours, operations, n_slots, n_frames) -> bool:
    """Token for token, and the hidden states but for the order of sums."""
    with torch.inference_mode():
        codes, hidden = spoken(ours, operations, n_slots, n_frames)
        plain_codes, plain_hidden = spoken(ours, PLAIN, n_slots, n_frames)
    assert len(set(plain_codes.flatten().tolist())) > 10
    return torch.equal(codes, plain_codes) and torch.allclose(hidden, plain_hidden, atol=2e-5)


def test_all_kernels_together_say_the_same(checkpoints):
    """A frame, drawn, in float32."""
    assert says_the_same(Ours.load(checkpoints("custom_voice")), fused(), 1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("size", [tiny.TINY, tiny.TINY_EQUAL], ids=lambda size: size.name)
def test_all_kernels_together_say_the_same_for_longer(checkpoints, size):
    """Drawn and greedy, beside an empty slot, with and without the projection between talker and sub-talker."""
    assert says_the_same(Ours.load(checkpoints("custom_voice", size)), fused(), 3, 4)


@pytest.mark.slow
def test_in_bfloat16_all_but_attention_is_the_same_to_the_bit(checkpoints):
    """Attention rounds its odds as flash kernels do; every other kernel rounds where PyTorch rounds."""
    ours = Ours.load(checkpoints("custom_voice"), torch.bfloat16)
    kernels = fused(set(NAMES) - {"hear_apart", "hear_together"})
    with torch.inference_mode():
        made, plain = (spoken(ours, operations, 2, 2) for operations in (kernels, PLAIN))
    assert all(torch.equal(a, b) for a, b in zip(made, plain, strict=True))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_the_next_input_is_the_sum(normal, dtype):
    """Of sixteen codes and the text beside the frame, at the first frame, the last text, and long after it."""
    first, others = normal(80, 100, dtype=dtype), normal(15, 64, 100, dtype=dtype, seed=1)
    trailing = normal(4, 9, 100, dtype=dtype, seed=2)
    codes = torch.randint(0, 64, (4, 16), generator=torch.Generator().manual_seed(3)).to(first.device)
    codes[:, 0] += 16
    given = (codes, first, others, trailing, torch.tensor([0, 7, 8, 500], device=first.device))
    summed, plain = fused().next_input(*given), PLAIN.next_input(*given)
    assert summed.dtype == plain.dtype
    assert torch.allclose(summed, plain, rtol=0, atol=2e-6 if dtype == torch.float32 else 0)
