"""A real-length book through our Qwen3-TTS, from its text to the last encoded file; random weights, one JSON.

    python -m scripts.bench.gpu_book [--size 1.7b] [--hours 8.5 | --book FILE] [--formats m4b mp3]
        [--kernels all] [--tiny]

Two cloned voices, lines as long as a novel's, each ended when its text has been spoken (random weights never end one),
the real pipeline behind the engine: proofing, store, mastering, encoding. It says × realtime of the finished book,
warm (from the engine that has spoken one line in every slot) and cold (from before the weights were read), and what
waited for what: the engine's idle share, the takes between engine and store, the seconds after the last take.

Beside torch, safetensors, tokenizers, numpy, scipy, lxml, PyYAML and markdown-it-py, which a machine with a GPU usually
has, it needs av, soundfile, soxr, cffi, pycparser, pydantic, pydantic-core, annotated-types, typing-inspection, babel,
nltk, num2words, ebooklib and pydub. For a machine without a network they are brought in a folder, for the
Python that it has, 51 MB in all, which git ignores:

    pip download --no-deps --only-binary=:all: --python-version 3.12 --implementation cp \
        --platform manylinux_2_28_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 -d .wheels \
        av soundfile soxr cffi pycparser pydantic pydantic-core annotated-types typing-inspection babel nltk \
        num2words ebooklib pydub

and there: pip install --no-index --no-deps --target SITE .wheels/*.whl, and PYTHONPATH=SITE. narrator itself need not
be installed: it is read from the checkout.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from narrator.audio.files import encode_wav
from narrator.events import ChapterFinished, EngineOpened, Event, TakeRecorded, TakeRejected
from narrator.production import Wishes, build
from narrator.project import open_project
from scripts.bench.instant import RATE_HZ, speech
from scripts.bench.longbook import book
from scripts.bench.plugged import plugged

PROJECT = """\
narrate: 1
book: {{source: {book}, language: en}}
voices:
  reader: {{clone: {{audio: voices/reader.wav, text: "{transcript}"}}, rights: {{kind: synthetic}}}}
  other: {{clone: {{audio: voices/other.wav, text: "{transcript}"}}, rights: {{kind: synthetic}}}}
cast: {{narrator: reader, unknown: other}}
engine: {{use: qwen3-watched, source: "{weights}", size: {size}, dtype: {dtype}}}
proof: {{retries: 0}}
outputs: [{outputs}]
"""
TRANSCRIPT = "The river ran high between its banks, brown with the rain of the week before."
CLIP_S = 5.0


class Milestones:
    """When things happened, seconds of the clock."""

    def __init__(self, watch: Any) -> None:
        self._watch = watch
        self.opened = self.last_take = 0.0
        self.chapters: list[float] = []
        self.sound_s = self.takes_s = 0.0
        self.n_takes = self.n_rejected = 0
        self.device = ""

    def __call__(self, event: Event) -> None:
        """Listen to a build."""
        now = time.perf_counter()
        match event:
            case EngineOpened():
                self.opened, self.device = now, event.device
            case TakeRecorded():
                self.last_take = now
                self.n_takes += 1
                self.takes_s += event.seconds
                self._watch.n_stored += 1
            case TakeRejected():
                self.n_rejected += 1
            case ChapterFinished():
                self.chapters.append(now)
                self.sound_s += event.seconds
            case _:
                pass

    def late(self, most_s: float) -> bool:
        """Whether the engine has spoken for so long."""
        return bool(self.opened) and time.perf_counter() - self.opened > most_s

    def report(self, began: float, ended: float) -> dict[str, Any]:
        """Speeds, and what came when."""
        warm_s, cold_s = ended - self.opened, ended - began
        return {
            "device": self.device,
            "lines": self.n_takes,
            "rejected": self.n_rejected,
            "chapters": len(self.chapters),
            "takes_s": round(self.takes_s),
            "sound_s": round(self.sound_s),
            "warm_s": round(warm_s, 2),
            "cold_s": round(cold_s, 2),
            "x_realtime_warm": round(self.sound_s / warm_s, 1),
            "x_realtime_cold": round(self.sound_s / cold_s, 1),
            "after_last_take_s": round(ended - self.last_take, 2),
            "x_realtime_takes": round(self.takes_s / (self.last_take - self.opened), 1),
            "first_chapter_at_share": round((min(self.chapters, default=ended) - self.opened) / warm_s, 4),
            "chapters_after_last_take": sum(at > self.last_take for at in self.chapters),
        }


def project(root: Path, weights: Path, given: argparse.Namespace) -> Path:
    """Write the project of the bench."""
    text: Path | None = given.book
    source = f"book{text.suffix}" if text else "book.md"
    whole = text.read_bytes() if text else book(given.hours, chapter_minutes=min(25.0, given.hours * 20)).encode()
    (root / source).write_bytes(whole)
    (root / "voices").mkdir()
    for n, name in enumerate(("reader", "other")):
        (root / "voices" / f"{name}.wav").write_bytes(encode_wav(speech(CLIP_S, n * 99_991), RATE_HZ))
    outputs = ", ".join(f"{{format: {name}}}" for name in given.formats)
    (root / "project.yaml").write_text(
        PROJECT.format(
            book=source,
            transcript=TRANSCRIPT,
            weights=weights.resolve(),
            size="0.6b" if given.tiny else given.size,
            dtype=given.dtype,
            outputs=outputs,
        ),
        "utf-8",
    )
    return root / "project.yaml"


def run(given: argparse.Namespace, root: Path) -> dict[str, Any]:
    """Build the book and say how it went."""
    from scripts.bench import qwen3_stages as stages  # noqa: PLC0415 - brings torch, of which workers need none
    from scripts.bench.random_qwen3.shapes import SIZES  # noqa: PLC0415 - as above
    from scripts.bench.watched import WATCH  # noqa: PLC0415 - as above

    place = stages.usual_place()
    weights = (given.weights or root / "weights") / ("tiny" if given.tiny else given.size)
    kernels = stages.switch_on(given.kernels)
    _, made_s = place.timed(
        lambda: stages.random_weights(weights, stages.TINY if given.tiny else SIZES[given.size], place)
    )
    file = project(root, weights, given)
    milestones = Milestones(WATCH)
    try:
        version("narrator")
        package = "narrator-bench"
    except PackageNotFoundError:  # run from a checkout
        package = "narrator"
    with plugged({"qwen3-watched": "scripts.bench.watched:WatchedEngine"}, package):
        began = time.perf_counter()
        report = build(open_project(file), Wishes(), milestones, lambda: milestones.late(given.seconds))
        ended = time.perf_counter()
    own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "bench": "gpu_book",
        "on": str(place),
        "tiny": given.tiny,
        "size": given.size,
        "kernels": kernels,
        "formats": given.formats,
        "cores": len(os.sched_getaffinity(0)),
        "weights_made_s": round(made_s, 1),
        "stopped": report.stopped,
        **milestones.report(began, ended),
        "engine": WATCH.report(),
        "processor_s": {
            "engine_process": round(own.ru_utime + own.ru_stime, 1),
            "workers": round(workers.ru_utime + workers.ru_stime, 1),
        },
        "peak_mb": own.ru_maxrss // 1024,
        "device_gib": round(place.memory_gib(), 2) if place.gpu else 0.0,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("0.6b", "1.7b"), default="1.7b")
    parser.add_argument("--hours", type=float, default=8.5)
    parser.add_argument("--book", type=Path, help="instead of a made one: EPUB, Markdown or text")
    parser.add_argument("--seconds", type=float, default=3600.0, help="after which no further line is begun")
    parser.add_argument("--formats", nargs="+", default=["m4b"])
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--kernels", nargs="*", default=[], help="fused: names, `all`, or the JSON of bench.kernels")
    parser.add_argument("--weights", type=Path, help="where random checkpoints are kept; none = they are not")
    parser.add_argument("--tiny", action="store_true", help="the least that runs: a rehearsal, no measurement")
    given = parser.parse_args()
    if given.tiny:
        given.hours = 0.02
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=".") as folder:
        print(json.dumps(run(given, Path(folder))))


if __name__ == "__main__":
    main()
