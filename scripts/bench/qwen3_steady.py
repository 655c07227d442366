"""Whether a long run of Qwen3-TTS stays as fast as it began and as large as it was: 2,000 lines, one JSON.

    python -m scripts.bench.qwen3_steady [--lines 2000] [--gpu-habits] [--device cuda:0]

A tiny checkpoint with random weights, the whole session: lines in, samples out. Every tenth of the run says the same
lines again, so that tenths are the same work. Speed is in frames per second of this process' own time on a processor,
and of the clock on a GPU; a processor that others use is slower at times, so behind each tenth a fixed piece of work is
timed, and speeds are also given as frames for the time of one such piece. Needs torch, safetensors, tokenizers, numpy.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from narrator.domain import Delivery
from narrator.engines.protocol import Line
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import Kind
from narrator.engines.qwen3.models import load_models
from narrator.engines.qwen3.session import ON_CPU, ON_GPU, Qwen3Session
from narrator.engines.qwen3.voiceprompt import FRAME, Voice
from tests.engines.qwen3 import tiny

TEXTS = ("Yes.", "Nobody spoke until the oldest of the drivers got down.", "“No!” said the King.", "What is that?")
A_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenth:
    """A tenth of the run."""

    n_frames: int
    seconds: float
    host_mb: float
    """Resident in memory when it ended."""
    device_mb: float
    """Allocated on the GPU when it ended."""
    yard_s: float
    """What a fixed piece of work took then, on the processor."""


def opened(folder: Path, device: str, *, gpu_habits: bool, n_slots: int = 8) -> Qwen3Session:
    """A session with a tiny clone."""
    how = Computing(device=device, dtype="bfloat16" if device.startswith("cuda") else "float32", attention="sdpa")
    checkpoint = read_checkpoint(tiny.checkpoint(folder, "base"))
    chance = np.random.default_rng(0)
    voice = Voice(
        kind=Kind.BASE,
        embedding=chance.standard_normal(checkpoint.model.talker.hidden).astype(np.float32),
        codes=chance.integers(0, checkpoint.model.n_codes, (20, 16)).astype(np.int16),
        transcript="The river ran high.",
    )
    models = load_models({Kind.BASE: checkpoint}, how)
    return Qwen3Session(models, {"voice": voice}, how, n_slots=n_slots, habits=ON_GPU if gpu_habits else ON_CPU)


def tenths(session: Qwen3Session, n_lines: int) -> Iterator[Tenth]:
    """Speak lines, fed as the booth feeds them, and look at the clock and the memory ten times.

    The slots are full to the end: how a run fades out is another question.
    """
    a_tenth, n_asked, n_done, n_samples = n_lines // 10, 0, 0, 0
    began = _now(session)
    while n_done < n_lines:
        more = range(n_asked, n_done + 2 * session.slots)
        session.submit([_line(n, n % a_tenth) for n in more])
        n_asked = max(n_asked, more.stop)
        for spoken in session.poll(1.0):
            n_samples, n_done = n_samples + len(spoken.samples), n_done + 1
            if n_done % a_tenth == 0 and n_done <= n_lines:
                now = _now(session)
                memory = torch.cuda.memory_allocated() / 2**20 if "cuda" in session.device else 0.0
                host = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * A_PAGE / 2**20
                n_frames = n_samples // FRAME
                yield Tenth(n_frames=n_frames, seconds=now - began, host_mb=host, device_mb=memory, yard_s=_yard())
                began, n_samples = _now(session), 0


def _line(number: int, seed: int) -> Line:
    text = TEXTS[seed % len(TEXTS)]
    return Line(id=str(number), text=text, voice="voice", language="en", delivery=Delivery(), seed=seed)


def _yard() -> float:
    """Processor time of a fixed piece of work, like that of a frame: many small operations."""
    x, began = torch.ones(8, 64), time.process_time()
    for _ in range(20_000):
        x = torch.softmax(x @ torch.ones(64, 64), dim=-1)
    return time.process_time() - began


def _now(session: Qwen3Session) -> float:
    return time.perf_counter() if "cuda" in session.device else time.process_time()


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lines", type=int, default=2000)
    arguments.add_argument("--device", default="cuda:0" if torch.cuda.is_available() else "cpu")
    arguments.add_argument("--gpu-habits", action="store_true", default=torch.cuda.is_available())
    given = arguments.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        session = opened(Path(folder), given.device, gpu_habits=given.gpu_habits)
        found = list(tenths(session, given.lines))
        about = session.device
        session.close()
    speeds = [tenth.n_frames / tenth.seconds for tenth in found]
    print(
        json.dumps({
            "bench": "qwen3_steady",
            "on": about,
            "gpu_habits": given.gpu_habits,
            "lines": given.lines,
            "frames_a_second": [round(speed, 1) for speed in speeds],
            "last_to_second_tenth": round(speeds[-1] / speeds[1], 3),
            "frames_a_yard": [round(speed * tenth.yard_s, 1) for speed, tenth in zip(speeds, found, strict=True)],
            "host_mb": [round(tenth.host_mb, 1) for tenth in found],
            "device_mb": [round(tenth.device_mb, 1) for tenth in found],
        })
    )


if __name__ == "__main__":
    main()
