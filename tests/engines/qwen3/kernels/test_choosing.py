"""Kernels are switched on one by one, where they can run, and compile for what they are meant for."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from narrator.engines.qwen3.kernels import MEASURED, NAMES, chosen, fused
from narrator.engines.qwen3.operations import PLAIN

COMPILE = """
import torch
from triton.backends.compiler import GPUTarget
from triton.runtime import driver
from triton.runtime.jit import JITFunction

class Absent:
    '''A driver that knows what to compile for, and no device.'''

    def get_current_target(self): return GPUTarget("cuda", 90, 32)
    def get_current_device(self): return 0
    def get_current_stream(self, device): return 0

compiled = {}
run = JITFunction.run

def compile_only(self, *given, grid, warmup, **named):
    compiled.setdefault(self.fn.__name__, []).append(run(self, *given, grid=grid, warmup=True, **named))

driver.set_active(Absent())
JITFunction.run = compile_only

from scripts.bench.kernel_cases import Setting, cases
from scripts.bench.random_qwen3.shapes import SIZES
for case in cases(Setting(device="cpu", dtype=torch.bfloat16, n_slots=2, size=SIZES["0.6b"])):
    case.fused()
for name, made in sorted(compiled.items()):
    print(name, all("sm_90" in each.asm["ptx"] and len(each.asm["cubin"]) > 1000 for each in made))
"""


def test_nothing_is_on_that_was_not_measured():
    """By default a device computes plainly, as long as no kernel has been measured; a processor always does."""
    assert not MEASURED
    assert chosen("cuda") is chosen("cpu") is PLAIN
    assert chosen("cpu", NAMES) is PLAIN


def test_each_kernel_is_switched_on_alone():
    """One name changes one operation and leaves the others plain."""
    pytest.importorskip("triton", reason="Triton is not installed")
    fields = [n for n in PLAIN.__dataclass_fields__ if n != "layers"]
    layer_fields = list(PLAIN.layers.__dataclass_fields__)
    assert {*fields, *layer_fields} == set(NAMES)
    for name in NAMES:
        one = fused({name})
        changed = [n for n in fields if getattr(one, n) is not getattr(PLAIN, n)]
        changed += [n for n in layer_fields if getattr(one.layers, n) is not getattr(PLAIN.layers, n)]
        assert changed == [name]
    with pytest.raises(ValueError, match="no kernels: hear; there are norm"):
        fused({"hear", "gate"})


def test_every_kernel_compiles_for_an_h100(tmp_path):
    """Triton's own compiler and assembler take each kernel at the sizes of the small model, without a GPU."""
    pytest.importorskip("triton", reason="Triton is not installed")
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"} | {"TRITON_CACHE_DIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COMPILE], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    names = ["_chances", "_draw", "_gate", "_hear", "_join", "_next_input", "_norm", "_place", "_snake"]
    assert ran.stdout.splitlines() == [f"{name} True" for name in names]
