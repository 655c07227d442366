"""A stack attends in three ways that must agree."""

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch

from narrator.engines.qwen3.config import StackShape
from narrator.engines.qwen3.stack import Attention, Cache, Layer, Norm, Stack, rotate, rotations

SHAPE = StackShape(
    n_layers=2, hidden=24, intermediate=40, n_heads=6, n_kv_heads=2, head_dim=8, rope_theta=1e4, norm_eps=1e-6
)
N = 9
BOTH = pytest.mark.parametrize("attention", [Attention(), Attention(fused=False)], ids=["fused", "eager"])


@pytest.fixture(scope="module")
def stack():
    """Random weights in float64, so that only mistakes differ."""
    chance = torch.Generator().manual_seed(0)

    def weight(*shape) -> torch.Tensor:
        drawn: torch.Tensor = torch.randn(*shape, generator=chance, dtype=torch.float64) / shape[-1] ** 0.5
        return drawn

    layers = tuple(
        Layer(
            attention_norm=Norm.of(weight(24) + 1, 1e-6),
            qkv=weight(80, 24) * 3,
            head_norms=Norm.of(weight(8, 1, 8) + 1, 1e-6),
            out=weight(24, 48),
            mlp_norm=Norm.of(weight(24) + 1, 1e-6),
            gate_up=weight(80, 24),
            down=weight(24, 40),
        )
        for _ in range(2)
    )
    return Stack(shape=SHAPE, layers=layers, norm=Norm.of(weight(24) + 1, 1e-6))


@pytest.fixture(scope="module")
def x():
    """Four inputs of nine positions."""
    return torch.randn(4, N, 24, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.fixture(scope="module")
def whole(stack, x):
    """What is heard when each is heard at once, alone."""
    cos, sin = rotations(SHAPE, N, x)
    caches = [Cache.empty(SHAPE, 1, N, x) for _ in x]
    return torch.cat([stack(x[n : n + 1], (cos, sin), Attention().prompt(c, 0)) for n, c in enumerate(caches)])


@BOTH
def test_a_prompt_then_steps_hear_what_is_heard_at_once(stack, x, whole, attention):
    """Prompts of different lengths, then single steps at places of their own, give the same states."""
    cos, sin = rotations(SHAPE, N, x)
    cache, lengths = Cache.empty(SHAPE, 4, N + 3, x), [3, 1, 6, 2]
    for slot, n in enumerate(lengths):
        heard = stack(x[slot : slot + 1, :n], (cos[:n], sin[:n]), attention.prompt(cache, slot))
        assert torch.allclose(heard, whole[slot : slot + 1, :n], atol=1e-12)
    at = torch.tensor(lengths)
    for _ in range(3):
        step = x[torch.arange(4), at][:, None]
        heard = stack(step, (cos[at][:, None, None], sin[at][:, None, None]), attention.step(cache, at, N + 2))
        assert torch.allclose(heard[:, 0], whole[torch.arange(4), at], atol=1e-12)
        at = at + 1


@BOTH
def test_followed_positions_hear_what_is_heard_at_once(stack, x, whole, attention):
    """Two positions, then one after the other, all slots in step, give the same states."""
    cos, sin = rotations(SHAPE, N, x)
    cache = Cache.empty(SHAPE, 4, N, x)
    for begin, end in ((0, 2), (2, 3), (3, 4)):
        heard = stack(x[:, begin:end], (cos[begin:end], sin[begin:end]), attention.follow(cache, begin))
        assert torch.allclose(heard, whole[:, begin:end], atol=1e-12)


@BOTH
def test_what_an_earlier_line_left_is_not_heard(stack, x, whole, attention):
    """A slot that is used again hears its new line alone."""
    cos, sin = rotations(SHAPE, N, x)
    cache = Cache.empty(SHAPE, 1, N, x)
    stack(x[1:2], (cos, sin), attention.prompt(cache, 0))
    stack(x[2:3, :4], (cos[:4], sin[:4]), attention.prompt(cache, 0))
    at = torch.tensor([4])
    heard = stack(x[2:3, 4:5], (cos[at][:, None, None], sin[at][:, None, None]), attention.step(cache, at, N))
    assert torch.allclose(heard[0, 0], whole[2, 4], atol=1e-12)


def test_norms_are_computed_in_float32():
    """A value too large to be squared in half precision is normed all the same, and rounded before its weight."""
    x = torch.tensor([[300.0, -300.0, 0.0, 0.0]], dtype=torch.float16)
    normed = Norm.of(torch.full((4,), 3.0, dtype=torch.float16), 1e-6)(x)
    assert normed.dtype == torch.float16
    assert normed[0].tolist() == pytest.approx([3 * 2**0.5, -3 * 2**0.5, 0, 0], rel=2e-3)


def test_a_rotation_keeps_lengths_and_tells_distances():
    """Rotated by their places, two vectors' product depends on how far apart they are."""
    vectors = torch.randn(2, 8, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    cos, sin = rotations(SHAPE, 20, vectors)

    def product(first, second) -> torch.Tensor:
        return rotate(vectors[0], (cos[first], sin[first])) @ rotate(vectors[1], (cos[second], sin[second]))

    assert product(3, 7) == pytest.approx(float(product(12, 16)), rel=1e-5)
    assert product(3, 7) != pytest.approx(float(product(3, 8)), rel=1e-3)
    assert rotate(vectors[0], (cos[9], sin[9])).norm() == pytest.approx(float(vectors[0].norm()), rel=1e-6)
