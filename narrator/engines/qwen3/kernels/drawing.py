"""From logits to a token in one kernel, one program a line; and the chances of a frame in another.

`pick` sorts; a kernel need not. It lays the scores out as integers that are ordered like them, and finds bit by bit the
largest integer above which there are enough: first k scores, then what top p leaves, then the share of the odds that
chance asks for. Each bit is one sum over the row, in registers. Among equal scores the lower token stands first, as in
`pick`, so both draw the same, but where chance falls on a boundary to the last bit of a float32 sum.

A row of 2,048 or 3,072 logits is read once: 1 MB for 256 rows, 0.3 µs of 3.35 TB/s. The sums cost more: 32 for the top
k and 32 for chance (and 32 for a top p below 1), each some 80 ns deep, about 6 µs, whatever the number of rows up to
what the device holds at once. PyTorch sorts and takes about 25 launches for it, sixteen times a frame.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from narrator.engines.qwen3.sampler import DRAWS_A_FRAME, MIN_FRAMES, DiceTable, Said


@triton.jit
def _ordered(x):
    """float32 as uint32 that are ordered like them."""
    bits = x.to(tl.int32, bitcast=True)
    return (bits ^ ((bits >> 31) & 0x7FFFFFFF)).to(tl.uint32, bitcast=True) ^ 0x80000000


@triton.jit
def _largest_with(order, weight, share, ABOVE: tl.constexpr):
    """The largest number so that what is ordered at or above it weighs `share`, or more than that if `ABOVE`."""
    found = tl.full((), 0, tl.uint32)
    bit = tl.full((), 0x80000000, tl.uint32)
    for _ in range(32):
        tried = found | bit
        weighed = tl.sum(tl.where(order >= tried, weight, 0.0), axis=0)
        enough = weighed > share if ABOVE else weighed >= share
        found = tl.where(enough, tried, found)
        bit = bit >> 1
    return found


@triton.jit
def _draw(
    logits, seen, penalty, frame, suppressed, final, temperature, top_k, top_p, chance, tokens,
    n_tokens, stride_chance, most,
    SPOKEN: tl.constexpr, MIN_FRAMES: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    token = tl.arange(0, BLOCK)
    inside = token < n_tokens
    score = tl.load(logits + row * n_tokens + token, mask=inside, other=float("-inf")).to(tl.float32)
    if SPOKEN:
        factor = tl.load(penalty + row)
        punished = tl.where(score < 0, score * factor, tl.div_rn(score, tl.full((BLOCK,), 0.0, tl.float32) + factor))
        score = tl.where(tl.load(seen + row * n_tokens + token, mask=inside, other=0) != 0, punished, score)
        never = tl.load(suppressed + token, mask=inside, other=1) != 0
        ends = tl.load(final + token, mask=inside, other=0) != 0
        never = never | (ends & (tl.load(frame + row) < MIN_FRAMES))
        score = tl.where(never, float("-inf"), score)
    heat = tl.full((BLOCK,), 0.0, tl.float32) + tl.load(temperature + row)
    score = tl.div_rn(score, heat)
    score = tl.where(score == 0.0, 0.0, score)  # a negative zero too
    order = tl.where(inside, _ordered(score), 0)

    # The k largest; of those that equal the k-th, the first.
    k = tl.minimum(tl.load(top_k + row), most).to(tl.float32)
    kth = _largest_with(order, tl.full((BLOCK,), 1.0, tl.float32), k, ABOVE=False)
    ties = (order == kth).to(tl.int32)
    n_above = tl.sum((order > kth).to(tl.int32), axis=0)
    kept = (order > kth) | ((ties != 0) & (n_above + tl.cumsum(ties, axis=0) <= k.to(tl.int32)))
    odds = tl.where(kept, tl.exp(score - tl.max(score, axis=0)), 0.0)
    total = tl.sum(odds, axis=0)

    # What begins below top p stays.
    least = tl.full((), 0, tl.uint32)
    limit = tl.load(top_p + row)
    if limit < 1.0:
        wanted = limit * total
        least = _largest_with(order, odds, wanted, ABOVE=False)
        above = tl.sum(tl.where(order > least, odds, 0.0), axis=0)
        tied = tl.where(order == least, odds, 0.0)
        total = above + tl.sum(tl.where(above + tl.cumsum(tied, axis=0) - tied < wanted, tied, 0.0), axis=0)

    # The first that reaches above the chance.
    wanted = tl.load(chance + row * stride_chance) * total
    drawn = tl.maximum(_largest_with(order, odds, wanted, ABOVE=True), least)
    tied = tl.where(order == drawn, odds, 0.0)
    reached = tl.sum(tl.where(order > drawn, odds, 0.0), axis=0) + tl.cumsum(tied, axis=0)
    first = tl.min(tl.where((tied > 0.0) & (reached > wanted), token, BLOCK), axis=0)
    last = tl.max(tl.where(tied > 0.0, token, -1), axis=0)
    # Whatever the scores are, even none that is a number: a token that exists.
    tl.store(tokens + row, tl.maximum(tl.where(first < BLOCK, first, last), 0).to(tl.int64))


@triton.jit
def _mixed(x):
    """As `sampler._mix`."""
    x = x ^ (x >> 16)
    x = (x * 0x21F0AAAD) & 0xFFFFFFFF
    x = x ^ (x >> 15)
    x = (x * 0x735A2D97) & 0xFFFFFFFF
    return x ^ (x >> 15)


@triton.jit
def _chances(words, frame, numbers, n_codebooks, DRAWS_A_FRAME: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    codebook = tl.arange(0, BLOCK)
    low = _mixed((tl.load(words + 2 * row) + 0x9E3779B9) & 0xFFFFFFFF)
    high = _mixed(low ^ tl.load(words + 2 * row + 1))
    draw = tl.load(frame + row) * DRAWS_A_FRAME + codebook
    bits = _mixed(_mixed((high + draw) & 0xFFFFFFFF) ^ low)
    number = (bits >> 8).to(tl.float32) * 5.9604644775390625e-08  # 2^-24
    tl.store(numbers + row * n_codebooks + codebook, number, mask=codebook < n_codebooks)


def draw(logits: Tensor, dice: DiceTable, chance: Tensor, most: int) -> Tensor:
    """As `sampler.draw`."""
    return _drawn(logits, None, dice, chance, most)


def draw_spoken(logits: Tensor, said: Said, dice: DiceTable, chance: Tensor, most: int) -> Tensor:
    """As `sampler.draw_spoken`."""
    return _drawn(logits, said, dice, chance, most)


def _drawn(logits: Tensor, said: Said | None, dice: DiceTable, chance: Tensor, most: int) -> Tensor:
    logits = logits.contiguous()
    n, n_tokens = logits.shape
    tokens = torch.empty(n, dtype=torch.int64, device=logits.device)
    history = (logits,) * 5
    if said is not None:
        history = (said.seen.contiguous(), said.penalty, said.frame, said.suppressed, said.end)
    _draw[n,](
        logits, *history,
        dice.temperature.contiguous(), dice.top_k.contiguous(), dice.top_p.contiguous(), chance, tokens,
        n_tokens, chance.stride(0), min(most, n_tokens),
        SPOKEN=said is not None, MIN_FRAMES=MIN_FRAMES, BLOCK=triton.next_power_of_2(n_tokens), num_warps=8,
    )  # fmt: skip
    return tokens


def chances(words: Tensor, frame: Tensor, n_codebooks: int) -> Tensor:
    """As `sampler.uniform`."""
    words, frame = words.contiguous(), frame.contiguous()
    numbers = torch.empty(len(words), n_codebooks, dtype=torch.float32, device=words.device)
    _chances[len(words),](
        words, frame, numbers, n_codebooks,
        DRAWS_A_FRAME=DRAWS_A_FRAME, BLOCK=triton.next_power_of_2(n_codebooks), num_warps=1,
    )  # fmt: skip
    return numbers
