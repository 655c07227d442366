"""The pipeline without a model: a whole book through `tone`, from EPUB to M4B.

    python scripts/bench/pipeline.py BOOK.epub

Every voice is a sine, so what is measured is everything else: reading, scripting, the store with its fsyncs, mastering,
encoding, binding. Prints one JSON object: × realtime of the finished book, processor seconds of both builds, and the
peak memory of the build's process and of its largest worker.
"""

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from narrator.events import BookFinished, Event
from narrator.production import Wishes, build
from narrator.project import open_project

PROJECT = """\
narrate: 1
book: {{source: book{suffix}}}
voices: {{sine: {{tone: 220}}}}
cast: {{narrator: sine, unknown: narrator}}
outputs: [{{format: m4b}}]
"""


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("book", type=Path)
    book: Path = arguments.parse_args().book
    seconds = 0.0

    def listener(event: Event) -> None:
        nonlocal seconds
        if isinstance(event, BookFinished):
            seconds = event.seconds

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / f"book{book.suffix}").write_bytes(book.read_bytes())
        (root / "project.yaml").write_text(PROJECT.format(suffix=book.suffix), "utf-8")
        began = time.perf_counter()
        report = build(open_project(root), Wishes(), listener, lambda: False)
        build_s = time.perf_counter() - began
        began = time.perf_counter()
        again = build(open_project(root), Wishes(), listener, lambda: False)
        again_s = time.perf_counter() - began
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps({
            "bench": "pipeline",
            "book": book.name,
            "lines": report.n_recorded,
            "audio_s": round(seconds),
            "build_s": round(build_s, 1),
            "x_realtime": round(seconds / build_s),
            "processor_s": round(sum(each.ru_utime + each.ru_stime for each in used)),
            "second_build_s": round(again_s, 2),
            "second_build_recorded": again.n_recorded,
            "peak_mb": used[0].ru_maxrss // 1024,
            "peak_worker_mb": used[1].ru_maxrss // 1024,
        })
    )


if __name__ == "__main__":
    main()
