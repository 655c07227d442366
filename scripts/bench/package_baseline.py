"""The official `qwen-tts` package at its best batch, on the weights and the lines of `engine_sweep`; one JSON.

    python -m scripts.bench.package_baseline [--size 1.7b] [--batches 1 16 64 128] [--weights FOLDER] [--tiny]

A batch is what the package does best: lines of nearly equal length, from the middle of a novel's. It runs until the
longest has been spoken, and each line counts as long as its own text. Besides what `engine_sweep` needs: qwen-tts 0.1.1
(with --no-deps), transformers 4.57.3, accelerate 1.12.0, tokenizers 0.22.2, huggingface_hub 0.36.2, librosa, soundfile,
and soxr, audioread, pooch, decorator, lazy_loader, which librosa wants.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from narrator.engines import upstream
from narrator.engines.qwen3.voiceprompt import FRAME, RATE_HZ
from scripts.bench import qwen3_stages as stages
from scripts.bench.qwen3_stages import FRAME_S, Place
from scripts.bench.random_qwen3.shapes import SIZES

CLIP_FRAMES = 64


def measure(folder: Path, batches: Sequence[int], place: Place, clip_frames: int) -> dict[str, Any]:
    """× realtime at each size of a batch, and the best."""
    package = upstream.package()
    how = {"dtype": getattr(torch, place.dtype), "attn_implementation": "sdpa"}
    model = package.Qwen3TTSModel.from_pretrained(
        str(folder), **how, **({"device_map": place.device} if place.gpu else {})
    )
    clip = 0.1 * np.random.default_rng(0).standard_normal(clip_frames * FRAME)
    prompt = model.create_voice_clone_prompt((clip.astype(np.float32), RATE_HZ), stages.TRANSCRIPT)
    texts = sorted(stages.lines(6 * max(batches)), key=len)
    found: list[dict[str, float]] = []
    for n in batches:
        middle = texts[(len(texts) - n) // 2 :][:n]
        try:
            _spoken(model, prompt, middle, 4)  # warm
            _, seconds = place.timed(partial(_spoken, model, prompt, middle, _longest(middle)))
        except torch.OutOfMemoryError:
            break
        sound_s = sum(map(stages.frames_of, middle)) * FRAME_S
        ms_frame = 1000 * seconds / _longest(middle)
        found.append({"batch": n, "ms_frame": round(ms_frame, 1), "x_realtime": round(sound_s / seconds, 2)})
    return {"batches": found, "best": max(found, key=lambda one: one["x_realtime"], default=None)}


def _longest(texts: Sequence[str]) -> int:
    return max(map(stages.frames_of, texts))


def _spoken(model: Any, prompt: Any, texts: Sequence[str], n_frames: int) -> Any:
    """N new tokens are N - 1 frames."""
    return model.generate_voice_clone(
        text=list(texts),
        language=["english"] * len(texts),
        voice_clone_prompt=prompt * len(texts),
        max_new_tokens=n_frames + 1,
    )


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    place = stages.usual_place()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=tuple(SIZES), default="1.7b")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 16, 64, 128])
    parser.add_argument("--weights", type=Path, help="where random checkpoints are kept; none = they are not")
    parser.add_argument("--tiny", action="store_true", help="the least that runs: a rehearsal, no measurement")
    given = parser.parse_args(arguments)
    size = stages.TINY if given.tiny else SIZES[given.size]
    batches, clip_frames = ([1, 2], 16) if given.tiny else (given.batches, CLIP_FRAMES)
    with tempfile.TemporaryDirectory() as folder:
        weights = (given.weights or Path(folder)) / ("tiny" if given.tiny else given.size)
        stages.random_weights(weights, size, place)
        found = measure(weights, batches, place, clip_frames)
    print(json.dumps({"bench": "package_baseline", "on": str(place), "tiny": given.tiny, "size": given.size, **found}))


if __name__ == "__main__":
    main(sys.argv[1:])
