"""What reading makes of a folder of books, in figures.

    python scripts/bench/reading.py FOLDER [--verify]

Each book is read in a process of its own. Prints one JSON object a book: chapters and letters, or the refusal; seconds
of processor time and peak memory (of the process, its start and imports included). `--verify` goes on to the lines of
the script and says how many letters and changes are unaccounted for.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from narrator import scripting
from narrator.collation import collate
from narrator.errors import NarratorError
from narrator.reading import read
from narrator.settings.options import ReadOptions

SUFFIXES = {".epub", ".md", ".txt"}


def main() -> None:
    """Measure each book, or the one that the parent process names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--verify", action="store_true")
    arguments = parser.parse_args()
    if arguments.path.is_dir():
        flags = ["--verify"] if arguments.verify else []
        for path in sorted(p for p in arguments.path.iterdir() if p.suffix in SUFFIXES):
            subprocess.run([sys.executable, __file__, str(path), *flags], check=True)
        return
    print(json.dumps(measured(arguments.path, verify=arguments.verify), ensure_ascii=False), flush=True)


def measured(path: Path, *, verify: bool) -> dict[str, object]:
    """One book's figures."""
    began_s = time.process_time()
    found: dict[str, object] = {"bench": "reading", "book": path.name}
    try:
        found |= figures(path, verify=verify)
    except NarratorError as refusal:
        found["refused"] = refusal.message
    found["cpu_s"] = round(time.process_time() - began_s, 2)
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return found


def figures(path: Path, *, verify: bool) -> dict[str, object]:
    """Of a book that can be read."""
    manuscript = read(path, ReadOptions())
    titles = [chapter.title for chapter in manuscript.chapters]
    found: dict[str, object] = {
        "chapters": len(titles),
        "titles": [*titles[:3], "…", titles[-1]] if len(titles) > 4 else titles,
        "letters": manuscript.coverage.n_letters,
        "skipped": sorted({s.rule for s in manuscript.skipped}),
        "unaccounted": manuscript.coverage.n_unaccounted,
    }
    if verify:
        began_s = time.process_time()
        learnt = scripting.learn(manuscript)
        rules = scripting.ScriptRules(max_chars=280, language=manuscript.language)
        script = scripting.write_script(manuscript, None, learnt, rules)
        collation = collate(manuscript, script)
        found |= {
            "spoken_percent": collation.spoken_percent,
            "unaccounted": collation.n_unaccounted,
            "unrecorded": collation.n_unrecorded,
            "script_cpu_s": round(time.process_time() - began_s, 2),
        }
    return found


if __name__ == "__main__":
    main()
