"""Each of `operations` as one Triton kernel, equal to its plain form; switched on one by one.

What a frame costs an H100 beside its matrix products (arithmetic, not measured). A pass through a layer is four matrix
products and, in plain torch, 36 launches more: twice 9 for a sum and a norm, 8 for the norms of heads, 4 for the
rotation, 2 each for the cache, attention and SwiGLU. A frame makes 28 passes in the talker, 15 x 5 in the sub-talker:
3,700 launches; 16 draws of about 25, twice 48 for chances, 22 for the next input: 4,200 in all. Launches of so little
work take about 2 µs each inside a CUDA graph: 8 ms a frame, whatever the number of slots. Here a pass has five kernels
and a frame 550, about 1.1 ms beside its 412 matrix products.

Bytes matter in two places. At 300 positions a slot reads 34 MB of keys and values a frame: 0.7 ms of 3.35 TB/s for 64
slots, 2.6 ms for 256, beside 1.0 and 1.6 ms for the weights of the small and the large model. And the codec's snakes
move 66 MB for each frame of each slot where 11 would do: 1.0 ms more for 64 slots and 4.2 ms for 256.
All else moves 1.6 GB a frame at 256 slots of the large model, 0.5 ms.

So, by expected gain a frame: norms (3.3 ms), placing (2.7), snakes (1.0 to 4.2), draws and chances (1.0), attention
that ends where its slot ends (what the bucket is longer), SwiGLU (0.2 and its bytes), the next input (0.04).

No kernel has been timed on a GPU yet, so none is on unless it is asked for: see `MEASURED`.
"""

from collections.abc import Collection
from dataclasses import replace
from importlib.util import find_spec

from narrator.engines.qwen3.operations import PLAIN, Operations

LAYERS = ("norm", "add_norm", "place", "hear_apart", "hear_together", "gate")
NAMES = (*LAYERS, "chances", "draw", "draw_spoken", "next_input", "snake")
MEASURED: frozenset[str] = frozenset()
"""Kernels that `scripts/bench/kernels.py` has found faster than their plain form; RESULTS.md has the figures."""


def chosen(device_type: str, names: Collection[str] | None = None) -> Operations:
    """The operations of a device: these fused where there are CUDA and Triton, the others plain.

    Args:
        device_type: As torch names it: `cuda`, `cpu`.
        names: Of `NAMES`; none = those that were measured.
    """
    names = MEASURED if names is None else names
    return fused(names) if device_type == "cuda" and find_spec("triton") else PLAIN


def fused(names: Collection[str] = NAMES) -> Operations:
    """These operations as kernels, the others plain.

    Raises:
        ValueError: There is no kernel of such a name.
        ImportError: Triton is not installed.
    """
    if unknown := sorted(set(names) - set(NAMES)):
        raise ValueError(f"no kernels: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    if not names:
        return PLAIN
    from narrator.engines.qwen3.kernels.every import FUSED  # noqa: PLC0415 - brings triton

    layers = replace(PLAIN.layers, **{name: getattr(FUSED.layers, name) for name in LAYERS if name in names})
    return replace(PLAIN, layers=layers, **{name: getattr(FUSED, name) for name in names if name not in LAYERS})
