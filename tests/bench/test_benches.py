"""Each bench runs from end to end at its least size: what a GPU is rented for has been rehearsed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_NEEDED = (
    "accelerate", "av", "babel", "click", "ebooklib", "huggingface_hub", "librosa", "lxml", "nltk", "num2words",
    "onnxruntime", "pydantic", "pydub", "qwen_tts", "scipy", "soundfile", "soxr", "tqdm", "transformers",
    "triton", "yaml",
)  # fmt: skip
WITHOUT = """
import sys
from importlib.abc import MetaPathFinder
class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(f"no module named {{name}} in this test")
sys.meta_path.insert(0, Absent())
from scripts.bench import {bench}
{bench}.main({arguments!r})
"""


def ran(*command: str) -> dict[str, Any]:
    """What a bench printed: one JSON object."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_sweep_needs_torch_and_little_else() -> None:
    """Every stage is timed at every number of slots, where neither narrator's nor the package's needs are installed."""
    pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
    found = ran("-c", WITHOUT.format(absent=NOT_NEEDED, bench="engine_sweep", arguments=["--tiny"]))
    (size,) = found["found"]
    assert [slots["n"] for slots in size["slots"]] == [1, 3]
    for slots in size["slots"]:
        assert 0 < slots["slot_utilisation"] <= 1
        assert all(slots[key] > 0 for key in ("us_codec_frame", "x_realtime_lm", "x_realtime_codec", "x_realtime"))
        assert slots["frames"][0]["ms_frame"] > 0


def test_a_book_goes_through_the_engine_to_its_file() -> None:
    """The book's bench ends with every chapter published, and says what waited for what."""
    pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
    found = ran("-m", "scripts.bench.gpu_book", "--tiny")
    assert not found["stopped"]
    assert found["lines"] > found["chapters"] > 1
    assert found["takes_s"] == pytest.approx(0.02 * 3600, rel=0.4)
    assert 0 < found["x_realtime_cold"] < found["x_realtime_warm"]
    assert 0 <= found["engine"]["idle_share"] < 1


def test_ceilings_name_every_step() -> None:
    """Each step beside the engine has its ceiling, and so have all of them together."""
    found = ran("-m", "scripts.bench.ceilings", "--tiny")
    assert {"proofing", "store, in groups", "mastering, whole", "MP3 192k", "AAC 64k"} <= found["steps"].keys()
    assert all(step["x_realtime_per_core"] > 0 for step in found["steps"].values())
    assert found["together"][0]["x_realtime_per_core"] > 0


@pytest.mark.slow
def test_the_package_is_measured_on_the_same_lines() -> None:
    """The official package speaks batches of the sweep's lines, and the best is named."""
    pytest.importorskip("qwen_tts", reason="the extra [reference] is not installed")
    found = ran("-W", "ignore", "-m", "scripts.bench.package_baseline", "--tiny")
    assert found["best"] in found["batches"]


@pytest.mark.slow
def test_one_command_runs_them_all(tmp_path: Path) -> None:
    """`gpu.sh --tiny` leaves a JSON of each part that this machine can run."""
    pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
    environment = {**os.environ, "OUT": str(tmp_path / "out"), "WEIGHTS": str(tmp_path), "PYTHON": sys.executable}
    subprocess.run([ROOT / "scripts" / "bench" / "gpu.sh", "--tiny"], env=environment, check=True)
    for part in ("engine_sweep_1.7b", "engine_sweep_fused_1.7b", "gpu_book_1.7b"):
        assert json.loads((tmp_path / "out" / f"{part}.json").read_text("utf-8"))["tiny"]
