"""SwiGLU from the fused projection: two halves read, one written, nothing between.

Three passes of 2 bytes a value: 1.2 MB for 64 rows of 3,072, 9.4 MB for 256 of 6,144; 0.4 to 2.8 µs of 3.35 TB/s.
"""

import triton
import triton.language as tl
from torch import Tensor

from narrator.engines.qwen3.kernels.rounding import nearest

BLOCK = 1024


@triton.jit
def _gate(gate_up, gated, width, BLOCK: tl.constexpr):
    dtype = gated.dtype.element_ty
    row = tl.program_id(0).to(tl.int64)
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = at < width
    gate = tl.load(gate_up + row * 2 * width + at, mask=inside, other=0.0).to(tl.float32)
    up = tl.load(gate_up + row * 2 * width + width + at, mask=inside, other=0.0).to(tl.float32)
    open_ = nearest(gate / (1.0 + tl.exp(-gate)), dtype)
    tl.store(gated + row * width + at, nearest(open_ * up, dtype), mask=inside)


def gate(gate_up: Tensor) -> Tensor:
    """As `stack.gate`."""
    gate_up = gate_up.contiguous()
    width = gate_up.shape[-1] // 2
    gated = gate_up.new_empty(*gate_up.shape[:-1], width)
    block = min(BLOCK, triton.next_power_of_2(width))
    _gate[gated.numel() // width, triton.cdiv(width, block)](gate_up, gated, width, BLOCK=block, num_warps=4)
    return gated
