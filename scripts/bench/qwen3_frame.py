"""What a frame of Qwen3-TTS costs beside its matrix products: our engine against the official package, in one run.

    python -m scripts.bench.qwen3_frame [--mid]

Random weights at real depth (28 + 5 layers) and tiny width, so that what is measured is everything but arithmetic;
`--mid` is wider (hidden 512 and 256), where arithmetic takes its share. One thread, eight lines, both greedy, the same
codes. Prints one JSON object. Needs what scripts/install --dev installs.
"""

import argparse
import dataclasses
import json
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch

from narrator.engines import upstream
from tests.engines.qwen3 import tiny
from tests.engines.qwen3.lines import Ours, cases, official_codes

N_LINES = 8
N_FRAMES = 100
MID: dict[str, dict[str, int]] = {
    "talker": {"hidden": 512, "intermediate": 1536, "n_heads": 8, "n_kv_heads": 4, "head_dim": 64},
    "sub_talker": {"hidden": 256, "intermediate": 768, "n_heads": 8, "n_kv_heads": 4, "head_dim": 64},
}


def checkpoint(folder: Path, *, mid: bool) -> Path:
    """A random CustomVoice checkpoint that never ends a line."""
    wider: dict[str, dict[str, Any]] = dict(MID) if mid else {"talker": {}, "sub_talker": {}}
    size = dataclasses.replace(
        tiny.TINY,
        name="1b7",
        talker=dataclasses.replace(tiny.TINY.talker, n_layers=28, **wider["talker"]),
        sub_talker=dataclasses.replace(tiny.TINY.sub_talker, n_layers=5, **wider["sub_talker"]),
        eos_gain=0.0,
    )
    return tiny.checkpoint(folder, "custom_voice", size)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process, and what came out."""
    began = time.process_time()
    made = work()
    return time.process_time() - began, made


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mid", action="store_true")
    arguments.add_argument("--pairs", type=int, default=3)
    given = arguments.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    theirs_ms, ours_ms, equal = [], [], True
    with tempfile.TemporaryDirectory() as folder:
        weights = checkpoint(Path(folder), mid=given.mid)
        official = upstream.package().Qwen3TTSModel.from_pretrained(str(weights))
        ours = Ours.load(weights)
        lines = cases("custom_voice", N_LINES, how="plain")
        for _ in range(1 + given.pairs):  # the first pair warms up
            theirs_s, codes = timed(lambda: official_codes(official, lines, streaming=False, cap=N_FRAMES))
            jobs = [ours.job(line, n, streaming=False, cap=N_FRAMES) for n, line in enumerate(lines)]
            ours_s, spent = timed(partial(ours.speak, jobs, N_LINES))
            theirs_ms.append(1000 * theirs_s / max(len(each) for each in codes))
            ours_ms.append(1000 * ours_s / max(len(each.codes) for each in spent.values()))
            equal &= all(torch.equal(spent[str(n)].codes, each) for n, each in enumerate(codes))
    ratios = [theirs / own for theirs, own in zip(theirs_ms[1:], ours_ms[1:], strict=True)]
    print(
        json.dumps({
            "bench": "qwen3_frame",
            "width": "mid" if given.mid else "tiny",
            "lines": N_LINES,
            "package_ms": [round(ms, 1) for ms in theirs_ms[1:]],
            "ours_ms": [round(ms, 1) for ms in ours_ms[1:]],
            "ratio": round(statistics.median(ratios), 2),
            "equal_codes": equal,
        })
    )


if __name__ == "__main__":
    main()
