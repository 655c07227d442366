"""Greedy in float32, our engine says the codes that the official package says, token for token."""

import random
from functools import cache
from typing import NamedTuple

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch

from narrator.engines.protocol import Ended
from tests.engines.qwen3.lines import Ours, cases, official_codes
from tests.engines.qwen3.tiny import TINY, TINY_EQUAL

load = cache(Ours.load)


class Layout(NamedTuple):
    """A kind of model, what goes with its lines, and where its text stands."""

    kind: str
    how: str
    streaming: bool


LAYOUTS = [
    Layout("base", "x", streaming=True),
    Layout("base", "x", streaming=False),
    Layout("base", "icl", streaming=True),
    Layout("base", "icl", streaming=False),
    Layout("base", "mixed", streaming=True),
    Layout("base", "mixed", streaming=False),
    Layout("custom_voice", "plain", streaming=False),
    Layout("custom_voice", "plain", streaming=True),
    Layout("custom_voice", "dialect", streaming=False),
    Layout("custom_voice", "style", streaming=False),
    Layout("custom_voice", "style", streaming=True),
    Layout("voice_design", "", streaming=False),
    Layout("voice_design", "", streaming=True),
]


def compare(layout, model, folder, wanted, n_slots) -> int:
    """Every line of ours has the codes that the package's has, in whichever order they are spoken.

    Once in some hundred thousand codes the two likeliest are so near that float32 cannot tell them apart, and the
    order of a sum decides. Such a line must have the package's codes in float64.

    Returns:
        How many lines ended by themselves.
    """
    cap = 24 if len(wanted) < 28 else 70
    expected = official_codes(model, wanted, streaming=layout.streaming, cap=cap)
    ours, order = load(folder), random.Random(n_slots).sample(range(len(wanted)), len(wanted))
    got = ours.speak([ours.job(wanted[n], n, streaming=layout.streaming, cap=cap) for n in order], n_slots)
    assert len(got) == len(wanted)
    near = [n for n, codes in enumerate(expected) if not torch.equal(got[str(n)].codes, codes)]
    assert len(near) <= 1, near
    if near:
        wide = load(folder, torch.float64)
        again = wide.speak([wide.job(wanted[n], n, streaming=layout.streaming, cap=cap) for n in near], n_slots)
        assert all(torch.equal(again[str(n)].codes, expected[n]) for n in near)
    assert all(got[str(n)].ended is Ended.EOS for n, codes in enumerate(expected) if len(codes) < cap and n not in near)
    return sum(len(codes) < cap for codes in expected)


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_few_lines_of_every_layout(layout, official, checkpoints):
    """Four lines in three slots have the package's codes in every layout."""
    wanted = cases(layout.kind, 4, start=2, how=layout.how)
    compare(layout, official(layout.kind), checkpoints(layout.kind), wanted, 3)


def test_a_model_without_projection(official, checkpoints):
    """Where talker and sub-talker are equally wide nothing is projected, and the codes are the package's."""
    layout, wanted = Layout("custom_voice", "plain", streaming=False), cases("custom_voice", 4, how="plain")
    compare(layout, official(layout.kind, TINY_EQUAL), checkpoints(layout.kind, TINY_EQUAL), wanted, 4)


@pytest.mark.slow
@pytest.mark.parametrize("n_slots", [1, 4, 14])
@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_many_lines_of_every_layout(layout, n_slots, official, checkpoints):
    """Twenty-eight lines have the package's codes at one, four and fourteen slots, in any order."""
    wanted = cases(layout.kind, 28, how=layout.how)
    assert compare(layout, official(layout.kind), checkpoints(layout.kind), wanted, n_slots) > 20


@pytest.mark.slow
@pytest.mark.parametrize("size", [TINY, TINY_EQUAL], ids=lambda size: size.name)
def test_step_by_step_attention_agrees_with_fused(size, checkpoints):
    """Attention computed step by step gives the codes of PyTorch's own kernels."""
    ours = load(checkpoints("custom_voice", size))
    jobs = [ours.job(case, n, streaming=False) for n, case in enumerate(cases("custom_voice", 14, how="plain"))]
    fused, eager = (ours.speak(jobs, 5, fused=fused) for fused in (True, False))
    assert all(torch.equal(fused[name].codes, eager[name].codes) for name in fused)
