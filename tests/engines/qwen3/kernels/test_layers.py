"""What a layer does beside matrix products: each kernel gives what its plain form gives."""

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
pytest.importorskip("triton", reason="Triton is not installed")

import torch

from narrator.engines.qwen3.config import StackShape
from narrator.engines.qwen3.kernels import fused
from narrator.engines.qwen3.stack import PLAIN_LAYERS, Attention, Cache, Heads, Norm, rotations

FUSED = fused().layers
DTYPES = pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
SHAPE = StackShape(
    n_layers=2, hidden=24, intermediate=40, n_heads=6, n_kv_heads=2, head_dim=24, rope_theta=1e4, norm_eps=1e-6
)
"""Three queries a key; heads and halves that are no powers of two."""
N_POSITIONS = 600


def same(ours, plain, tolerance=2e-6) -> bool:
    """Equal to the bit in bfloat16; in float32 sums may have been taken in another order."""
    assert ours.shape == plain.shape
    assert ours.dtype == plain.dtype
    if ours.dtype == torch.bfloat16:
        return torch.equal(ours, plain)
    return torch.allclose(ours, plain, rtol=tolerance, atol=tolerance)


@DTYPES
@pytest.mark.parametrize("shape", [(5, 1, 100), (2, 3, 64), (1, 1, 1)], ids=str)
def test_norms_and_sums_before_them(normal, shape, dtype):
    """A row of any width is normed alike, alone and after a sum, which is given too."""
    x, y = normal(*shape, dtype=dtype) * 20, normal(*shape, dtype=dtype, seed=1)
    norm = Norm.of(normal(shape[-1], dtype=dtype, seed=2) + 1, 1e-6)
    assert same(FUSED.norm(x, norm), PLAIN_LAYERS.norm(x, norm))
    both = zip(FUSED.add_norm(x, y, norm), PLAIN_LAYERS.add_norm(x, y, norm), strict=True)
    assert all(same(ours, plain) for ours, plain in both)


def test_norms_of_half_precision_are_computed_in_float32(normal):
    """A value too large to be squared in float16 is normed all the same."""
    x = normal(1, 1, 4, dtype=torch.float16) * 300
    norm = Norm.of(normal(4, dtype=torch.float16, seed=1), 1e-6)
    assert torch.allclose(FUSED.norm(x, norm), PLAIN_LAYERS.norm(x, norm), rtol=1e-3)


@DTYPES
@pytest.mark.parametrize("shape", [(3, 1, 2 * 77), (1, 2, 2 * 1100)], ids=str)
def test_swiglu(normal, shape, dtype):
    """Silu of the first half, rounded, times the second; over several blocks, and where silu is flat."""
    gate_up = normal(*shape, dtype=dtype) * 8
    assert same(FUSED.gate(gate_up), PLAIN_LAYERS.gate(gate_up))


def caches(normal, n_slots, dtype) -> tuple[Cache, Cache]:
    """Two equal caches with something in them."""
    made = [Cache.empty(SHAPE, n_slots, N_POSITIONS, normal(1, dtype=dtype)) for _ in range(2)]
    for cache in made:
        for seed, stored in enumerate((cache.keys[1], cache.values[1])):
            stored.copy_(normal(*stored.shape, dtype=dtype, seed=seed + 7))
    return made[0], made[1]


def heads(normal, n_slots, n_new, rotation, dtype) -> Heads:
    """New positions on their way to attention."""
    n = SHAPE.n_heads + 2 * SHAPE.n_kv_heads
    return Heads(
        projected=normal(n_slots, n_new, n * SHAPE.head_dim, dtype=dtype, seed=3),
        shape=SHAPE,
        norms=Norm.of(normal(n - SHAPE.n_kv_heads, 1, SHAPE.head_dim, dtype=dtype, seed=4) + 1, 1e-6),
        rotation=rotation,
    )


def kept_alike(one, other) -> bool:
    """Every number of two caches, written or not."""
    return all(same(a, b) for a, b in zip((*one.keys, *one.values), (*other.keys, *other.values), strict=True))


def heard_alike(ours, plain) -> bool:
    """Within one rounding of the odds, as flash kernels round them, and one of the result."""
    assert ours.shape == plain.shape
    tolerance = 2e-6 if ours.dtype == torch.float32 else 2.0**-7
    return torch.allclose(ours, plain, rtol=tolerance, atol=tolerance)


@DTYPES
@pytest.mark.parametrize("n_positions", [64, N_POSITIONS])
def test_slots_that_stand_apart(normal, n_positions, dtype):
    """The first position and the last of the bucket, of a block and of a chunk: placed alike, heard alike."""
    last = n_positions - 1
    at = torch.tensor([0, last, min(last, 511), min(last, 512), 63], device=normal(1).device)
    cos, sin = (table[at][:, None, None] for table in rotations(SHAPE, N_POSITIONS, normal(1, dtype=dtype)))
    one, other = caches(normal, len(at), dtype)
    new = heads(normal, len(at), 1, (cos, sin), dtype)
    ours, plain = (Attention().step(cache, at, n_positions) for cache in (one, other))
    q = PLAIN_LAYERS.place(1, new, plain)
    assert same(FUSED.place(1, new, ours), q)
    assert kept_alike(one, other)
    assert heard_alike(FUSED.hear_apart(1, q, plain), PLAIN_LAYERS.hear_apart(1, q, plain))


@DTYPES
@pytest.mark.parametrize(("begin", "n_new"), [(0, 2), (15, 1), (0, 9)])
def test_slots_that_stand_together(normal, begin, n_new, dtype):
    """A beginning of several positions, and the next ones: placed alike, heard alike."""
    cos, sin = (table[begin : begin + n_new] for table in rotations(SHAPE, 32, normal(1, dtype=dtype)))
    one, other = caches(normal, 2, dtype)
    new = heads(normal, 2, n_new, (cos, sin), dtype)
    ours, plain = (Attention().follow(cache, begin) for cache in (one, other))
    q = PLAIN_LAYERS.place(1, new, plain)
    assert same(FUSED.place(1, new, ours), q)
    assert kept_alike(one, other)
    assert heard_alike(FUSED.hear_together(1, q, plain), PLAIN_LAYERS.hear_together(1, q, plain))


def test_what_a_slot_hears_depends_on_itself_alone(normal):
    """To the bit: neither on its mates, nor on its number, nor on the bucket, even where that has another chunk."""
    cache, _ = caches(normal, 3, torch.float32)
    q = normal(3, SHAPE.n_heads, 1, SHAPE.head_dim, seed=5)
    at = torch.tensor([511, 130, 9], device=q.device)
    heard = FUSED.hear_apart(1, q, Attention().step(cache, at, 512))
    assert torch.equal(heard, FUSED.hear_apart(1, q, Attention().step(cache, at, N_POSITIONS)))
    turned = Cache(keys=tuple(x.flip(0) for x in cache.keys), values=tuple(x.flip(0) for x in cache.values))
    others = Attention().step(turned, torch.tensor([9, 130, 77], device=q.device), 512)
    assert torch.equal(heard[1:], FUSED.hear_apart(1, q.flip(0), others).flip(0)[1:])


@pytest.mark.parametrize("n_positions", [128, 520])
def test_a_slot_that_stands_behind_the_bucket(normal, n_positions):
    """One whose line has ended, last of the slots too, hears the whole bucket, as it does plainly."""
    cache, _ = caches(normal, 2, torch.float32)
    q = normal(2, SHAPE.n_heads, 1, SHAPE.head_dim, seed=5)
    where = Attention().step(cache, torch.tensor([20, N_POSITIONS - 1], device=q.device), n_positions)
    assert heard_alike(FUSED.hear_apart(1, q, where), PLAIN_LAYERS.hear_apart(1, q, where))


def test_what_lies_behind_a_slot_is_not_heard(normal):
    """What is not a number, behind the slot's position, stays unheard."""
    cache, _ = caches(normal, 2, torch.float32)
    q = normal(2, SHAPE.n_heads, 1, SHAPE.head_dim, seed=5)
    where = Attention().step(cache, torch.tensor([70, 20], device=q.device), 128)
    before = FUSED.hear_apart(1, q, where)
    for stored in (cache.keys[1], cache.values[1]):
        stored[0, :, 71:] = torch.nan
        stored[1, :, 21:] = torch.nan
    assert torch.equal(FUSED.hear_apart(1, q, where), before)
