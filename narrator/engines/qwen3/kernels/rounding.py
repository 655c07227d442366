"""How a number becomes one of the model's dtype: to the nearest, ties to even, as PyTorch and the hardware do it.

Triton's interpreter keeps bfloat16 as bare bits: it cuts where it should round, and multiplies the bits. So kernels
compute in float32, round through `nearest`, and hand matrices to `tl.dot` through `factor`.
"""

import os

import triton
import triton.language as tl

INTERPRETED = tl.constexpr(os.environ.get("TRITON_INTERPRET") == "1")


@triton.jit
def nearest(x, dtype: tl.constexpr):
    """`x`, float32, as the nearest number that `dtype` has; still float32, so that to store it loses nothing."""
    if INTERPRETED and dtype == tl.bfloat16:
        bits = x.to(tl.uint32, bitcast=True)
        bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
        return bits.to(tl.float32, bitcast=True)
    return x.to(dtype).to(tl.float32)


@triton.jit
def factor(x):
    """A matrix as `tl.dot` can take it, its values unchanged."""
    if INTERPRETED:
        return x.to(tl.float32)
    return x
