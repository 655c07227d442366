"""Attention from a new position to what its own slot has heard, and to nothing behind that.

The cache is read once: 512 bytes a position and kv head in bfloat16, so 4 KB a position in a layer; at 300 positions
79 MB for 64 slots and 315 MB for 256, 23 and 94 µs of 3.35 TB/s. PyTorch's masked attention reads the whole bucket, and
of slots that stand at 50 positions as much as of those at 700. There are two operations a byte, so the tensor cores
wait for memory; queries are padded to the 16 rows that those take.

A program hears for the queries of one kv head of one slot, in blocks from position 0, up to `CHUNK` positions. Longer
buckets are heard by several programs, whose parts a second kernel joins. Where blocks and chunks begin is fixed, so
what a slot hears depends neither on its mates nor on the bucket. The sub-talker's 16 positions are one block.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from narrator.engines.qwen3.kernels.rounding import factor, nearest
from narrator.engines.qwen3.stack import Apart, Together

BLOCK = 64
CHUNK = 512
LEAST = 16
"""Rows or columns that a tensor core multiplies."""
LONG, SHORT = {"num_warps": 4, "num_stages": 3}, {"num_warps": 1, "num_stages": 1}
LOG2_E = 1.4426950408889634


@triton.jit
def _hear(
    queries, keys, values, at, heard, tops, sums,
    slot_query, head_query, step_query, slot_cache, head_cache, begin, n_positions, scale,
    APART: tl.constexpr, N_NEW: tl.constexpr, GROUP: tl.constexpr, N_KV: tl.constexpr, DIM: tl.constexpr,
    WIDE: tl.constexpr, ROWS: tl.constexpr, BLOCK: tl.constexpr, CHUNK: tl.constexpr, N_CHUNKS: tl.constexpr,
):  # fmt: skip
    slot, kv_head = (tl.program_id(0) // N_KV).to(tl.int64), tl.program_id(0) % N_KV
    chunk = tl.program_id(1)
    row = tl.arange(0, ROWS)
    head, step = kv_head * GROUP + row % GROUP, row // GROUP
    column = tl.arange(0, WIDE)
    dtype = keys.dtype.element_ty

    asked = queries + slot * slot_query + (head * head_query + step * step_query)[:, None] + column[None, :]
    real = (step < N_NEW)[:, None] & (column < DIM)[None, :]
    q = factor(tl.load(asked, mask=real, other=0.0))
    # A slot whose line has ended may stand behind the bucket, and hears no more of it than its mates.
    position = tl.minimum(tl.load(at + slot), n_positions - 1) if APART else begin
    last = tl.minimum(position + step, position + N_NEW - 1)
    end = tl.minimum(position + N_NEW, (chunk + 1) * CHUNK)

    cached = slot * slot_cache + kv_head * head_cache
    top = tl.full((ROWS,), float("-inf"), tl.float32)
    weight = tl.zeros((ROWS,), tl.float32)
    sound = tl.zeros((ROWS, WIDE), tl.float32)
    for start in range(chunk * CHUNK, end, BLOCK):
        place = start + tl.arange(0, BLOCK)
        there = (place < end)[:, None] & (column < DIM)[None, :]
        spot = cached + place[:, None] * DIM + column[None, :]
        key = tl.load(keys + spot, mask=there, other=0.0)
        value = tl.load(values + spot, mask=there, other=0.0)
        score = tl.dot(q, tl.trans(factor(key)), input_precision="ieee") * scale
        score = tl.where(place[None, :] <= last[:, None], score, float("-inf"))
        new_top = tl.maximum(top, tl.max(score, axis=1))
        odds = tl.exp2(score - new_top[:, None])
        fade = tl.exp2(top - new_top)
        weight = weight * fade + tl.sum(odds, axis=1)
        part = tl.dot(factor(nearest(odds, dtype).to(dtype)), factor(value), input_precision="ieee")
        sound = sound * fade[:, None] + part
        top = new_top

    if N_CHUNKS == 1:
        target = heard + ((slot * N_NEW + step) * (N_KV * GROUP) + head)[:, None] * DIM + column[None, :]
        tl.store(target, nearest(sound / weight[:, None], dtype), mask=real)
    else:  # one new position
        place = (slot * N_KV * GROUP + head) * N_CHUNKS + chunk
        begun = tl.where(chunk * CHUNK < end, step, N_NEW) < N_NEW
        tl.store(tops + place, top, mask=begun)
        tl.store(sums + place, weight, mask=begun)
        tl.store(heard + place[:, None] * DIM + column[None, :], sound, mask=real & begun[:, None])


@triton.jit
def _join(
    parts, tops, sums, at, heard, n_positions,
    N_HEADS: tl.constexpr, DIM: tl.constexpr, WIDE: tl.constexpr, CHUNK: tl.constexpr, N_CHUNKS: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, WIDE)
    position = tl.minimum(tl.load(at + row // N_HEADS), n_positions - 1)
    highest = tl.load(tops + row * N_CHUNKS)
    for chunk in range(1, position // CHUNK + 1):
        highest = tl.maximum(highest, tl.load(tops + row * N_CHUNKS + chunk))
    weight = 0.0
    sound = tl.zeros((WIDE,), tl.float32)
    for chunk in range(position // CHUNK + 1):
        place = row * N_CHUNKS + chunk
        fade = tl.exp2(tl.load(tops + place) - highest)
        weight += tl.load(sums + place) * fade
        sound += tl.load(parts + place * DIM + column, mask=column < DIM, other=0.0) * fade
    tl.store(heard + row * DIM + column, nearest(sound / weight, heard.dtype.element_ty), mask=column < DIM)


def hear_apart(layer: int, q: Tensor, where: Apart) -> Tensor:
    """As `stack.hear`, where every slot stands at its own place."""
    n, n_heads, n_new, dim = q.shape
    n_chunks = triton.cdiv(where.n_positions, CHUNK)
    heard = q.new_empty(n, n_new, n_heads * dim)
    if n_chunks == 1:
        _launch(layer, q, where, (heard, heard, heard))
        return heard
    parts = q.new_empty(n, n_heads, n_chunks, dim, dtype=torch.float32)
    tops, sums = q.new_empty(2, n, n_heads, n_chunks, dtype=torch.float32)
    _launch(layer, q, where, (parts, tops, sums))
    _join[n * n_heads,](
        parts, tops, sums, where.positions, heard, where.n_positions,
        N_HEADS=n_heads, DIM=dim, WIDE=triton.next_power_of_2(dim), CHUNK=CHUNK, N_CHUNKS=n_chunks, num_warps=1,
    )  # fmt: skip
    return heard


def hear_together(layer: int, q: Tensor, where: Together) -> Tensor:
    """As `stack.hear`, where all slots stand at the same place, within `CHUNK` positions of the first."""
    n, n_heads, n_new, dim = q.shape
    heard = q.new_empty(n, n_new, n_heads * dim)
    _launch(layer, q, where, (heard, heard, heard))
    return heard


def _launch(layer: int, q: Tensor, where: Apart | Together, out: tuple[Tensor, Tensor, Tensor]) -> None:
    n, n_heads, n_new, dim = q.shape
    keys, values = where.cache.keys[layer], where.cache.values[layer]
    n_kv = keys.shape[1]
    if isinstance(where, Apart):
        at, begin, n_positions, block, how = where.positions, 0, where.n_positions, BLOCK, LONG
    else:
        at, begin, n_positions, how = q, where.begin, where.begin + n_new, SHORT
        block = max(LEAST, triton.next_power_of_2(n_positions))
    n_chunks = triton.cdiv(n_positions, CHUNK)
    _hear[n * n_kv, n_chunks](
        q, keys, values, at, *out,
        q.stride(0), q.stride(1), q.stride(2), keys.stride(0), keys.stride(1), begin, n_positions, dim**-0.5 * LOG2_E,
        APART=isinstance(where, Apart), N_NEW=n_new, GROUP=n_heads // n_kv, N_KV=n_kv,
        DIM=dim, WIDE=max(LEAST, triton.next_power_of_2(dim)),
        ROWS=max(LEAST, triton.next_power_of_2(n_new * (n_heads // n_kv))),
        BLOCK=block, CHUNK=CHUNK, N_CHUNKS=n_chunks, **how,
    )  # fmt: skip
