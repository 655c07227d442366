"""Spent lines become sound in groups, while others are spoken, and each comes back as itself."""

from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import numpy as np
import torch

from narrator.engines.protocol import Ended
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.codec import Coded, load_codec
from narrator.engines.qwen3.decoding import Batching, Decoding
from narrator.engines.qwen3.device import Host
from narrator.engines.qwen3.slots import Spent
from tests.engines.qwen3.tape import Recording

FRAME = 1920
BATCHING = Batching(n_lines=3, n_frames=60, grain=8)


@pytest.fixture(scope="module")
def codec(checkpoints):
    """The tiny decoder."""
    return load_codec(read_checkpoint(checkpoints("base")), device=torch.device("cpu"), dtype=torch.float32)


def codes(n_frames, seed) -> torch.Tensor:
    """Any codes."""
    return torch.randint(0, 64, (n_frames, 16), generator=torch.Generator().manual_seed(seed))


def collected(decoding, lengths, n_context=0) -> list[Spent]:
    """Lines of these lengths, spent one after another."""
    lines = [Spent(id=str(n), codes=codes(length, n), ended=Ended.EOS) for n, length in enumerate(lengths)]
    for line in lines:
        decoding.add(line, codes(n_context, 99) if n_context else None)
    return lines


@pytest.mark.parametrize("n_context", [0, 12])
def test_groups_have_the_samples_of_their_lines(codec, n_context):
    """Filled up to few lengths, in groups of like length, each line has the samples that it has alone, in its order."""
    decoding = Decoding(codec, Host(), BATCHING)
    lines = collected(decoding, (5, 31, 0, 30, 12, 33), n_context)
    decoding.begin(rest=True)
    finished = decoding.finished(wait=False)
    assert [spent.id for spent, _ in finished] == [line.id for line in lines]
    for spent, samples in finished:
        context = codes(n_context, 99) if n_context else None
        (alone,) = codec.decode([Coded(codes=spent.codes, context=context)], most_rows=1, most_frames=1000)
        assert samples.shape == (len(spent.codes) * FRAME,)
        assert np.abs(samples - alone).max(initial=0) < 1e-5


def test_few_lines_wait_for_others(codec):
    """Nothing begins before there are enough lines, unless nothing else is to come."""
    decoding = Decoding(codec, Host(), BATCHING)
    collected(decoding, (5, 6))
    decoding.begin(rest=False)
    assert decoding.finished(wait=True) == []
    decoding.begin(rest=True)
    assert len(decoding.finished(wait=False)) == 2
    collected(decoding, (5, 6, 7))
    decoding.begin(rest=False)
    assert len(decoding.finished(wait=False)) == 3


def test_sound_is_waited_for_at_the_end_only(codec):
    """While lines are being spoken what is not ready is left under way; at the end it is waited for, in order."""
    device = Recording(list)
    decoding = Decoding(codec, device, BATCHING)
    for lengths in ((4, 5, 6), (7, 8)):
        collected(decoding, lengths)
        decoding.begin(rest=True)
        assert decoding.finished(wait=False) == []
    assert not [entry for entry in device.log if entry.startswith("wait")]
    assert [len(samples) // FRAME for _, samples in decoding.finished(wait=True)] == [4, 5, 6, 7, 8]


def test_shapes_repeat(codec):
    """Lines of many lengths are decoded in few shapes."""
    shapes = set()

    def noted(x: torch.Tensor) -> torch.Tensor:
        shapes.add(x.shape[-1])
        return x

    long = replace(BATCHING, n_frames=200)
    decoding = Decoding(replace(codec, vocoder=(noted, *codec.vocoder)), Host(), long)
    collected(decoding, range(17, 33))
    decoding.begin(rest=True)
    assert len(decoding.finished(wait=True)) == 16
    assert shapes == {24, 32}
