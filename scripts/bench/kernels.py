"""How fast each fused kernel of Qwen3-TTS is beside its plain form and beside what the device can do at best, one JSON.

Usage: python -m scripts.bench.kernels [--sizes 0.6b 1.7b] [--slots 64 128 256] [--kernels norm gate …]

Needs torch, triton and numpy, and the files of the engine, which need safetensors and tokenizers. Both forms are
captured in a CUDA graph, 20 calls in each, as a frame is. Everything that is small stays in the device's cache, as it
does in a frame: a share of the ceiling above 1 says so. Without a CUDA device nothing is timed: the kernels are only
compared with their plain forms, at a small size under Triton's interpreter. Ends with 1 where a kernel differs.
"""
# mypy: disable-error-code="no-untyped-call"

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import Tensor

if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"  # before Triton is imported

from narrator.engines.qwen3.kernels import NAMES
from scripts.bench.kernel_cases import Case, Setting, cases
from scripts.bench.qwen3_stages import found_so_far
from scripts.bench.random_qwen3.shapes import SIZES, CodecSize, Size, StackSize

CALLS, REPLAYS = 20, 15
TOLERANCE = {"float32": 1e-5, "float16": 0.01, "bfloat16": 0.06}
"""Largest differences; the plain snake, which rounds after each step, is the least exact."""
SMALL = Size(
    name="small",
    talker=StackSize(hidden=48, n_layers=2, intermediate=80, n_heads=4, n_kv_heads=2, head_dim=16),
    sub_talker=StackSize(hidden=32, n_layers=2, intermediate=64, n_heads=4, n_kv_heads=2, head_dim=16),
    codebook=64,
    codec=CodecSize(decoder_dim=32),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """What the device does at best, measured on it."""

    bytes_per_s: float
    """Read and written by a copy of 1 GiB."""
    operations_per_s: float
    """Of a product of two square matrices."""

    def floor_us(self, case: Case) -> float:
        """The least time for a case: its bytes or its operations, whatever takes longer."""
        return 1e6 * max(case.n_bytes / self.bytes_per_s, case.n_operations / self.operations_per_s)


def ceiling(dtype: torch.dtype) -> Ceiling:
    """Measure the device."""
    n_bytes, side = 2**30, 8192
    source = torch.zeros(n_bytes, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)
    square = torch.randn(side, side, dtype=dtype, device="cuda")
    product = torch.empty_like(square)
    return Ceiling(
        bytes_per_s=2 * n_bytes / (1e-6 * graph_us(lambda: target.copy_(source))),
        operations_per_s=2 * side**3 / (1e-6 * graph_us(lambda: torch.mm(square, square, out=product))),
    )


def graph_us(work: Callable[[], Any]) -> float:
    """Microseconds of one call inside a CUDA graph of many, the median of several replays."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):  # compiles, and lets libraries take their memory
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for _ in range(CALLS):
            work()
    taken = []
    for _ in range(REPLAYS):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        graph.replay()
        end.record()
        end.synchronize()
        taken.append(1000 * float(begin.elapsed_time(end)) / CALLS)
    return median(taken)


def differences(case: Case) -> float:
    """The largest difference of both forms, as a share of the largest number; of tokens, 0 or infinite."""

    def results(made: Any) -> tuple[Tensor, ...]:
        return tuple(x.clone() for x in (made if isinstance(made, tuple) else (made,)))

    plain, fused = results(case.plain()), results(case.fused())
    largest = 0.0
    for one, other in zip(fused, plain, strict=True):
        if not one.is_floating_point():
            largest = max(largest, 0.0 if torch.equal(one, other) else float("inf"))
            continue
        scale = max(float(other.abs().max()), 1e-9)
        largest = max(largest, float((one.float() - other.float()).abs().max()) / scale)
    return largest


def timed(setting: Setting, given: argparse.Namespace, best: Ceiling, until: float) -> Iterator[dict[str, Any]]:
    """Every case of a setting on the GPU; one that fails says why, and the next goes on."""
    for case in cases(setting):
        if case.name not in given.kernels or time.perf_counter() > until:
            continue
        about = {"kernel": case.name, "what": case.what, "size": setting.size.name, "slots": setting.n_slots}
        try:
            found = {**about, **_timed(case, given.dtype, best)}
        except Exception as error:  # noqa: BLE001 - a compiler's, a driver's, anyone's: it is what is looked for
            found = {**about, "equal": False, "error": f"{type(error).__name__}: {error}"[:500]}
        found_so_far(**found)
        yield found


def _timed(case: Case, dtype: str, best: Ceiling) -> dict[str, Any]:
    difference = differences(case)
    plain_us, fused_us, floor_us = graph_us(case.plain), graph_us(case.fused), best.floor_us(case)
    return {
        "equal": difference <= TOLERANCE[dtype],
        "dtype": dtype,
        "plain_us": round(plain_us, 2),
        "fused_us": round(fused_us, 2),
        "times_faster": round(plain_us / fused_us, 2),
        "bytes": case.n_bytes,
        "operations": case.n_operations,
        "floor_us": round(floor_us, 2),
        "share_of_ceiling": round(floor_us / fused_us, 2),
        "saved_ms_a_frame": round(case.per_frame * (plain_us - fused_us) / 1000, 3),
        "difference": difference,
    }


def measured(given: argparse.Namespace) -> dict[str, Any]:
    """All sizes and numbers of slots on the GPU."""
    until = time.perf_counter() + given.seconds
    dtype = getattr(torch, given.dtype)
    best = ceiling(dtype)
    found: list[dict[str, Any]] = []
    for n_slots in given.slots:
        for size in given.sizes:
            setting = Setting(device="cuda", dtype=dtype, n_slots=n_slots, size=SIZES[size])
            with torch.inference_mode():
                found += timed(setting, given, best, until)
    return {
        "on": torch.cuda.get_device_name(),
        "bytes_per_s": round(best.bytes_per_s),
        "operations_per_s": round(best.operations_per_s),
        "found": found,
    }


def compared(given: argparse.Namespace) -> dict[str, Any]:
    """All cases at a small size under the interpreter, in float32 and in bfloat16."""
    found = []
    for dtype in ("float32", "bfloat16"):
        setting = Setting(device="cpu", dtype=getattr(torch, dtype), n_slots=2, size=SMALL, n_positions=(96, 544))
        with torch.inference_mode():
            found += [
                {
                    "kernel": case.name,
                    "what": case.what,
                    "dtype": dtype,
                    "difference": (difference := differences(case)),
                    "equal": difference <= TOLERANCE[dtype],
                }
                for case in cases(setting)
                if case.name in given.kernels
            ]
    return {"on": "no CUDA device here: kernels are compared under the interpreter, and not timed", "found": found}


def main(arguments: Sequence[str]) -> int:
    """Measure, or compare, and print one JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", nargs="+", choices=tuple(SIZES), default=list(SIZES))
    parser.add_argument("--slots", nargs="+", type=int, default=[128, 64, 256])
    parser.add_argument("--seconds", type=float, default=math.inf, help="after which nothing further is begun")
    parser.add_argument("--kernels", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--dtype", choices=("bfloat16", "float16", "float32"), default="bfloat16")
    given = parser.parse_args(arguments)
    torch.manual_seed(0)
    if not torch.cuda.is_available():
        torch.set_num_threads(1)
    made = measured(given) if torch.cuda.is_available() else compared(given)
    equal = all(each["equal"] for each in made["found"])
    print(json.dumps({"bench": "kernels", "torch": torch.__version__, "equal": equal, **made}, indent=1))
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
