"""What a build costs beyond its model: one chapter to M4B against the bare model speaking the same phoneme strings.

    python scripts/bench/overhead.py BOOK.epub CHAPTER [--pairs N]

Both load the model once and give it the same threads. Each pair builds the chapter in a new project, from EPUB to M4B,
in this process, then has the bare model speak exactly the phoneme strings that this build spoke. Prints JSON.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from narrator.engines import kokoro, mix
from narrator.engines.english import Pronouncer
from narrator.production import Plan, Wishes, build, plan
from narrator.project import Project, open_project
from narrator.rehearsal import propose
from narrator.workers import usable_cores


def new_project(book: Path, folder: Path) -> Project:
    """A project as `narrate new` proposes it, with nothing but an M4B to make."""
    file = propose(book, folder).file
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("\noutputs:")] + "\noutputs: [{format: m4b}]\n", "utf-8")
    return open_project(file)


def phoneme_requests(planned: Plan) -> list[dict[str, Any]]:
    """What the model is asked during a build, piece by piece."""
    pronouncer = Pronouncer()
    asked = []
    for request in planned.requests:
        voice = mix.parse(request.recipe.voice["mix"])
        for piece in pronouncer.pieces(request.recipe.text, british=voice.british, limit=kokoro.MAX_PHONEMES):
            ids = pronouncer.ids(piece)
            asked.append({
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": voice.styles[len(ids) - 1][None],
                "speed": np.array([request.delivery.pace], np.float32),
            })
    return asked


def bare_s(asked: list[dict[str, Any]]) -> float:
    """Seconds to load the model and to speak."""
    began = time.perf_counter()
    model = kokoro.WEIGHTS.open(usable_cores())
    for request in asked:
        model.run(None, request)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("book", type=Path)
    arguments.add_argument("chapter", type=int)
    arguments.add_argument("--pairs", type=int, default=1)
    given = arguments.parse_args()
    wishes = Wishes(chapters=(given.chapter,))
    builds, bares, audio_s = [], [], 0.0
    for _ in range(given.pairs):
        with tempfile.TemporaryDirectory() as folder:
            project = new_project(given.book, Path(folder) / "project")
            began = time.perf_counter()
            build(project, wishes, lambda _: None, lambda: False)
            builds.append(time.perf_counter() - began)
            planned = plan(project, wishes, lambda _: None)
            audio_s = sum(take.seconds for take in planned.takes.values())
            bares.append(bare_s(phoneme_requests(planned)))
    ratios = [b / m for b, m in zip(builds, bares, strict=True)]
    print(
        json.dumps({
            "bench": "overhead",
            "book": given.book.name,
            "chapter": given.chapter,
            "threads": usable_cores(),
            "audio_s": round(audio_s, 1),
            "build_s": [round(s, 1) for s in builds],
            "bare_s": [round(s, 1) for s in bares],
            "ratio": round(statistics.median(ratios), 3),
            "x_realtime": round(audio_s / statistics.median(builds), 2),
        })
    )


if __name__ == "__main__":
    main()
