"""The codec's Snake, and the zeros that the convolution behind it wants: one read and one write.

A frame of one slot has 2.8 million values in front of snakes, two thirds of them in the last block, 96 channels wide.
To read and write each once takes 11 MB in bfloat16, 3.3 µs of 3.35 TB/s; PyTorch passes over them eleven times, and
twice more for the zeros: 66 MB and 20 µs, more than the convolutions' 5 GFLOP take. What PyTorch rounds after each step
is kept in float32 here and rounded once, which is nearer to the codec in float32.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from narrator.engines.qwen3.kernels.rounding import nearest

BLOCK = 1024


@triton.jit
def _snake(x, frequency, magnitude, bent, n_channels, n_steps, n_before, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    channel = row % n_channels
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = (at >= n_before) & (at < n_before + n_steps)
    wide = tl.load(x + row * n_steps + at - n_before, mask=inside, other=0.0).to(tl.float32)
    sine = tl.sin(wide * tl.load(frequency + channel).to(tl.float32))
    wide += tl.load(magnitude + channel).to(tl.float32) * (sine * sine)  # of zero is zero
    place = bent + row * (n_before + n_steps) + at
    tl.store(place, nearest(wide, bent.dtype.element_ty), mask=at < n_before + n_steps)


def snake(x: Tensor, frequency: Tensor, magnitude: Tensor, n_before: int) -> Tensor:
    """As `vocoder.snake`; in less than float32 it is rounded once, at the end."""
    x = x.contiguous()
    n, n_channels, n_steps = x.shape
    bent = torch.empty(n, n_channels, n_before + n_steps, dtype=x.dtype, device=x.device)
    block = min(BLOCK, triton.next_power_of_2(n_before + n_steps))
    _snake[n * n_channels, triton.cdiv(n_before + n_steps, block)](
        x, frequency, magnitude, bent, n_channels, n_steps, n_before, BLOCK=block, num_warps=4
    )
    return bent
