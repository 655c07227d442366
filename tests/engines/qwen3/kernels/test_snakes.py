"""Snake as one kernel, with the zeros that stand before it."""

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
pytest.importorskip("triton", reason="Triton is not installed")

import torch

from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.codec import Coded, load_codec
from narrator.engines.qwen3.kernels import fused
from narrator.engines.qwen3.operations import PLAIN

FUSED = fused()


@pytest.mark.parametrize("n_before", [0, 6, 54])
@pytest.mark.parametrize("n_steps", [1, 37, 1030])
def test_snakes_bend_alike(normal, n_before, n_steps):
    """In float32, whatever the length, with and without zeros before it; large arguments of the sine too."""
    x, a, b = normal(2, 5, n_steps) * 9, normal(5, 1, seed=1).exp(), normal(5, 1, seed=2).exp()
    fused, plain = FUSED.snake(x, a, b, n_before), PLAIN.snake(x, a, b, n_before)
    assert fused.shape == plain.shape
    assert torch.allclose(fused, plain, rtol=1e-6, atol=4e-6)
    assert not fused[..., :n_before].any()


def test_snakes_round_once(normal):
    """In bfloat16 a snake is the nearest number to what float32 gives, so never farther from it than the plain form."""
    x, a, b = (normal(*s, dtype=torch.bfloat16, seed=n) for n, s in enumerate([(2, 5, 99), (5, 1), (5, 1)]))
    exact = PLAIN.snake(x.float(), a.float(), b.float(), 3)
    fused, plain = FUSED.snake(x, a, b, 3), PLAIN.snake(x, a, b, 3)
    assert fused.dtype == torch.bfloat16
    ulp = torch.finfo(torch.bfloat16).eps / 2 * exact.abs() * 1.001 + 1e-6
    assert ((fused.float() - exact).abs() <= ulp).all()
    assert (fused.float() - exact).square().mean() < (plain.float() - exact).square().mean()


def test_a_codec_of_kernels_sounds_the_same(checkpoints, normal):
    """All that a tiny codec computes by operations, in its transformer and in its convolutions."""
    codec = load_codec(read_checkpoint(checkpoints("base")), device=normal(1).device, dtype=torch.float32)
    codes = torch.randint(0, 64, (2, 16), generator=torch.Generator().manual_seed(4)).to(normal(1).device)
    fused, plain = (
        each.decode([Coded(codes=codes)], most_rows=1, most_frames=99)[0] for each in (codec.using(FUSED), codec)
    )
    assert plain.std() > 1e-3
    assert fused.shape == plain.shape
    assert abs(fused - plain).max() < 1e-5
