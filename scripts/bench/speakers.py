"""How well `narrate speakers` finds speech and speakers, measured from outside through its JSON lines.

    python scripts/bench/speakers.py DATA SCORER [--own] [--corpus NAME …]

DATA holds labelled books (`CORPUS/BOOK/text.txt`, `quotes.jsonl`, `characters.json`); SCORER is `score_quotes.py`.
Each book is one run of the command, with its gold cast or, with --own, without it. Prints the scorer's table for each
corpus, then how often we are right at each confidence.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path


def predict(book: Path, *, own: bool) -> list[dict[str, object]]:
    """What the command prints of a book."""
    command = [sys.executable, "-m", "narrator", "speakers", str(book / "text.txt"), "--json"]
    if not own and (book / "characters.json").exists():
        command += ["--characters", str(book / "characters.json")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def reliability(book: Path, found: list[dict[str, object]], right: Counter[int], n: Counter[int]) -> None:
    """Count, by tenths of confidence, how often the speaker of a labelled span is right."""
    gold = [json.loads(line) for line in (book / "quotes.jsonl").read_text("utf-8").splitlines()]
    for quote in gold:
        span = next((p for p in found if p["start"] < quote["end"] and p["end"] > quote["start"]), None)
        if span is not None and quote.get("speaker") and not quote.get("ignore"):
            tenth = int(float(str(span["confidence"])) * 10)
            n[tenth] += 1
            right[tenth] += span["speaker"] == quote["speaker"]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--own", action="store_true", help="without the gold cast")
    parser.add_argument("--corpus", nargs="*", help="these only")
    asked = parser.parse_args()
    for corpus in sorted(p for p in asked.data.iterdir() if p.is_dir()):
        if asked.corpus and corpus.name not in asked.corpus:
            continue
        right: Counter[int] = Counter()
        n: Counter[int] = Counter()
        with tempfile.TemporaryDirectory() as folder:
            for book in sorted(corpus.iterdir()):
                found = predict(book, own=asked.own)
                reliability(book, found, right, n)
                (Path(folder) / f"{book.name}.jsonl").write_text("".join(json.dumps(f) + "\n" for f in found), "utf-8")
            print(f"\n{corpus.name}{' (own cast)' if asked.own else ''}")
            command = [sys.executable, str(asked.scorer), str(corpus), folder, "--macro"]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")
        if n:
            print("confidence  " + "  ".join(f"{t / 10:.1f}: {right[t] / n[t]:.0%} of {n[t]}" for t in sorted(n)))


if __name__ == "__main__":
    main()
