"""The bench of random weights measures what it says, at any size."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from scripts.bench.qwen3_random import Wish, measure  # noqa: E402 - needs torch
from tests.engines.qwen3.tiny import TINY  # noqa: E402


def test_a_tiny_size_is_measured_like_a_full_one(tmp_path):
    """Prompts, frames, sound and whole lines are timed; lines are stopped by their length and by nothing else."""
    wish = Wish(
        device="cpu", dtype="float32", n_slots=2, n_frames=6, n_reference_frames=13, n_lines=3, n_chars=2,
    )  # fmt: skip
    found = measure(TINY, wish, tmp_path)
    assert found["slots"] == 2
    assert found["prompt_positions"] == 9 + 1 + 13
    assert all(found[key] > 0 for key in ("ms_per_prompt", "ms_per_frame", "us_decode_per_frame", "x_realtime"))
    n_frames = found["audio_s"] / 0.08 / found["lines"]
    assert n_frames == pytest.approx(40 + 8 * 2, abs=1)


def test_it_needs_four_packages(tmp_path):
    """Where Python knows torch, safetensors, tokenizers, numpy, what these load, and itself only, it measures."""
    root = Path(__file__).resolve().parents[3]
    script = f"""
import json, sys
from pathlib import Path
import numpy, safetensors.numpy, safetensors.torch, tokenizers, torch

loaded = {{name.partition(".")[0] for name in sys.modules}}
known = sys.stdlib_module_names | loaded | {{"narrator", "scripts", "tests"}}

class Gate:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in known:
            raise ModuleNotFoundError(f"{{name}} is not to be imported", name=name)

sys.meta_path.insert(0, Gate())
from scripts.bench.qwen3_random import Wish, measure
from tests.engines.qwen3.tiny import TINY
wish = Wish(device="cpu", dtype="float32", n_slots=1, n_frames=2, n_reference_frames=13, n_lines=1, n_chars=2)
print(json.dumps(measure(TINY, wish, Path({str(tmp_path)!r}))))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["slots"] == 1
