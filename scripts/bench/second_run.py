"""What `narrate plan` costs the first and the second time.

    python scripts/bench/second_run.py BOOK

BOOK is proposed as a project in a temporary folder and planned three times, each in a process of its own; of a Markdown
book then one word is changed and it is planned twice more. Prints one JSON object a run: seconds on the clock, seconds
of processor time and peak memory, of the process and those that it starts.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Measure one book."""
    book = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        measured("new", "new", str(book), str(project))
        for run in ("first plan", "second plan", "third plan"):
            measured(run, "plan", str(project))
        if book.suffix == ".md":
            copy = project / book.name
            copy.write_text(copy.read_text("utf-8").replace(" said ", " cried ", 1), "utf-8")
            measured("after an edit", "plan", str(project))
            measured("and again", "plan", str(project))


def measured(run: str, *command: str) -> None:
    """One command's figures."""
    began_s = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "narrator", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: ended with {process.returncode}")
    print(
        json.dumps({
            "bench": "second run",
            "run": run,
            "wall_s": round(time.perf_counter() - began_s, 2),
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
            "peak_mb": usage.ru_maxrss >> 10,
        }),
        flush=True,
    )


if __name__ == "__main__":
    main()
