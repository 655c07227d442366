"""How fast our Qwen3-TTS engine is on this device: random weights of the published sizes, one JSON.

Usage: python -m scripts.bench.qwen3_random [--sizes 0.6b 1.7b] [--device cuda:0] [--dtype bfloat16] [--slots 32] …

Needs torch, safetensors, tokenizers and numpy, and no download. The end of speech is never drawn, so every line is as
long as it is asked to be; what is said is noise, at the cost of speech.
"""

import argparse
import json
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from narrator.domain import Delivery
from narrator.engines.protocol import Line
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.cloning import listener
from narrator.engines.qwen3.codec import Coded
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import Checkpoint, Kind
from narrator.engines.qwen3.deck import slots_of
from narrator.engines.qwen3.models import Model, load_model
from narrator.engines.qwen3.session import ON_CPU, ON_GPU, Qwen3Session
from narrator.engines.qwen3.slots import Spent
from narrator.engines.qwen3.voiceprompt import FRAME, RATE_HZ, Voice
from scripts.bench.qwen3_stages import job
from scripts.bench.random_qwen3.checkpoint import Draw, write
from scripts.bench.random_qwen3.shapes import SIZES, Size

FRAME_S = FRAME / RATE_HZ
TRANSCRIPT = "The river ran high between its banks, brown with the rain of the week before."
TEXT = "Nobody spoke until the oldest of the drivers got down, and then they all spoke at once; "


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is measured."""

    device: str
    dtype: str
    n_slots: int
    """Lines at once; 0 = as many as the session takes by itself."""
    n_frames: int
    """Of each line in the measurement of single frames."""
    n_reference_frames: int
    """Of the clone in every prompt."""
    n_lines: int
    """Spoken by a session from text to samples; 0 = leave that out."""
    n_chars: int
    """Of each of these lines."""


def measure(size: Size, wish: Wish, folder: Path) -> dict[str, Any]:
    """Everything that is known of one size on one device."""
    dtype = getattr(torch, wish.dtype)
    made = folder / size.name
    _, write_s = _timed(
        wish, lambda: write(made, replace(size, eos_gain=0.0), "base", Draw(device=wish.device, dtype=dtype))
    )
    checkpoint = read_checkpoint(made)
    how = Computing(device=wish.device, dtype=wish.dtype, attention="sdpa")
    model, load_s = _timed(wish, lambda: load_model(checkpoint, how))
    voice, prompt_s = _timed(wish, lambda: _voice(checkpoint, wish))
    session = Qwen3Session({Kind.BASE: model}, {"voice": voice}, how, n_slots=wish.n_slots)
    found: dict[str, Any] = {
        "size": size.name,
        "write_s": round(write_s, 1),
        "load_s": round(load_s, 1),
        "prompt_s": round(prompt_s, 2),
        "slots": session.slots,
        **_frames(model, voice, replace(wish, n_slots=session.slots)),
        **(_session(session, wish) if wish.n_lines else {}),
        "memory_gib": round(_memory(wish), 2),
    }
    session.close()
    return found


def _timed(wish: Wish, work: Callable[[], Any]) -> tuple[Any, float]:
    """What came of it, and how long it took until the device was done."""
    _wait(wish)
    begun = time.perf_counter()
    made = work()
    _wait(wish)
    return made, time.perf_counter() - begun


def _wait(wish: Wish) -> None:
    if wish.device.startswith("cuda"):
        torch.cuda.synchronize()


def _memory(wish: Wish) -> float:
    if wish.device.startswith("cuda"):
        return torch.cuda.max_memory_allocated() / 2**30
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _voice(checkpoint: Checkpoint, wish: Wish) -> Voice:
    """A clone of a clip of noise, through our own encoders."""
    clip = 0.1 * np.random.default_rng(0).standard_normal(wish.n_reference_frames * FRAME)
    embedding, codes = listener(checkpoint, wish.device)(clip.astype(np.float32), True)  # noqa: FBT003 - a Listener
    return Voice(kind=Kind.BASE, embedding=embedding, codes=codes, transcript=TRANSCRIPT)


def _frames(model: Model, voice: Voice, wish: Wish) -> dict[str, Any]:
    """One full set of slots, prompt by prompt and frame by frame, then their sound."""
    habits = ON_CPU if wish.device == "cpu" else ON_GPU
    slots = slots_of(model.talker, wish.n_slots, pace=replace(habits.pace, most_begun=wish.n_slots))
    spent: list[Spent] = []

    def looks(n_frames: int) -> list[float]:
        """Seconds of each look: the first hears the prompts too."""
        spent.clear()
        for n in range(wish.n_slots):
            slots.submit(job(model, voice, n, TEXT, n_frames))
        taken = []
        while slots.busy:
            found, seconds = _timed(wish, slots.look)
            spent.extend(found)
            taken.append(seconds)
        return taken

    looks(wish.n_frames + habits.pace.look_every)  # warm, in the same room: frames are recorded for one
    first, *others = looks(wish.n_frames + habits.pace.look_every)
    look_s = median(others)
    coded = [Coded(codes=one.codes, context=job(model, voice, 0, TEXT, 1).reference) for one in spent]
    model.codec.decode(coded[:1], most_rows=1, most_frames=habits.batching.n_frames)  # warm
    _, decoded_s = _timed(
        wish, lambda: model.codec.decode(coded, most_rows=habits.batching.n_lines, most_frames=habits.batching.n_frames)
    )
    n_spoken = sum(len(one.codes) for one in spent)
    ms_per_frame = 1000 * look_s / habits.pace.look_every
    return {
        "prompt_positions": job(model, voice, 0, TEXT, 1).plan.n_positions,
        "ms_per_prompt": round(1000 * (first - look_s) / wish.n_slots, 3),
        "ms_per_frame": round(ms_per_frame, 3),
        "talker_x_realtime": round(wish.n_slots * FRAME_S / (ms_per_frame / 1000), 2),
        "us_decode_per_frame": round(1e6 * decoded_s / n_spoken, 1),
        "codec_x_realtime": round(n_spoken * FRAME_S / decoded_s, 2),
    }


def _session(session: Qwen3Session, wish: Wish) -> dict[str, Any]:
    """Lines from text to samples, more of them than slots, so that slots are refilled."""
    text = (TEXT * (wish.n_chars // len(TEXT) + 1))[: wish.n_chars]

    def line(n: int) -> Line:
        return Line(id=str(n), text=text, voice="voice", language="en", delivery=Delivery(), seed=n)

    def speak() -> int:
        session.submit([line(n) for n in range(wish.n_lines)])
        n_samples, n_left = 0, wish.n_lines
        while n_left:
            spoken = session.poll(1.0)
            n_left -= len(spoken)
            n_samples += sum(len(one.samples) for one in spoken)
        return n_samples

    n_samples, seconds = _timed(wish, speak)
    return {
        "lines": wish.n_lines,
        "audio_s": round(n_samples / RATE_HZ, 1),
        "wall_s": round(seconds, 2),
        "x_realtime": round(n_samples / RATE_HZ / seconds, 2),
    }


def main(arguments: Sequence[str]) -> None:
    """Measure the sizes that are asked for and print one JSON."""
    cuda = torch.cuda.is_available()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", nargs="+", choices=tuple(SIZES), default=list(SIZES))
    parser.add_argument("--device", default="cuda:0" if cuda else "cpu")
    parser.add_argument(
        "--dtype", choices=("bfloat16", "float16", "float32"), default="bfloat16" if cuda else "float32"
    )
    parser.add_argument("--slots", type=int, default=0)
    parser.add_argument("--frames", type=int, default=100 if cuda else 6)
    parser.add_argument("--reference-frames", type=int, default=64)
    parser.add_argument("--lines", type=int, default=128 if cuda else 0)
    parser.add_argument("--chars", type=int, default=12)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    wish = Wish(
        device=given.device,
        dtype=given.dtype,
        n_slots=given.slots,
        n_frames=given.frames,
        n_reference_frames=given.reference_frames,
        n_lines=given.lines,
        n_chars=given.chars,
    )
    with tempfile.TemporaryDirectory() as folder:
        found = [measure(SIZES[size], wish, Path(folder)) for size in given.sizes]
    device = torch.cuda.get_device_name() if wish.device.startswith("cuda") else platform.processor() or "cpu"
    about = {"on": device, "torch": torch.__version__, "threads": given.threads, **asdict(wish)}
    print(json.dumps({**about, "found": found}, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
