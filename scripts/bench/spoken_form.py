"""Spoken forms against NeMo's test pairs, and the time that a whole book takes.

    python scripts/bench/spoken_form.py SENTENCES_FOLDER [--language de] [--wrong] [--book moby-dick.epub]

A pair is right when both sides are equal after folding case, the word "and" and hyphens (`strict`). The second figure
also folds spaces and punctuation: German and Italian write numbers as one word, the set parts them, and marks are
pauses to us. In the German and Russian files the printed form stands where the others have the spoken one; such pairs
are read the other way round. Of several pairs with one printed form, any may be met.
"""

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

from narrator.reading import read
from narrator.scripting import spoken_form
from narrator.settings.options import ReadOptions

TEN = ("en", "de", "fr", "es", "it", "pt", "ru", "zh", "ja", "ko")
IN_BOOKS = frozenset({
    "address", "cardinal", "date", "decimal", "fraction", "measure", "money", "ordinal", "punctuation",
    "range", "roman", "telephone", "time", "whitelist", "word",
})  # fmt: skip
"""Classes that books contain; the others are web addresses, serial numbers, formulas and mark-up."""
REVERSED = frozenset({"de", "ru"})


def folded(text: str) -> str:
    """Without case, "and" and hyphens."""
    text = re.sub(r"\band\b", " ", re.sub(r"[-‐‑–]", " ", text.casefold()))
    return " ".join(text.split())


def bare(text: str) -> str:
    """Letters and figures only."""
    return "".join(c for c in folded(text) if c.isalnum())


def pairs(folder: Path) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Printed form → accepted spoken forms, by language and class."""
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(dict)
    for line in (folder / "text_normalization_nemo.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        printed, spoken = row["input"], row["spoken"]
        if row["lang"] in REVERSED:
            printed, spoken = spoken, printed
        found[row["lang"], row["class"]].setdefault(printed, []).append(spoken)
    return found


def score(folder: Path, languages: tuple[str, ...]) -> dict[tuple[str, str], Counter[str]]:
    """Right pairs by language and class, and the wrong ones told."""
    table: dict[tuple[str, str], Counter[str]] = {}
    for (language, kind), cases in sorted(pairs(folder).items()):
        if language not in languages:
            continue
        counts = table[language, kind] = Counter()
        for printed, accepted in cases.items():
            said = spoken_form(printed, language)[0]
            counts["n"] += 1
            counts["strict"] += folded(said) in map(folded, accepted)
            counts["loose"] += bare(said) in map(bare, accepted)
    return table


def wrong(folder: Path, languages: tuple[str, ...]) -> None:
    """Print what differs."""
    for (language, kind), cases in sorted(pairs(folder).items()):
        if language in languages:
            for printed, accepted in cases.items():
                said = spoken_form(printed, language)[0]
                if folded(said) not in map(folded, accepted):
                    near = "~" if bare(said) in map(bare, accepted) else " "
                    print(f"{near} {language} {kind} | {printed} | {said} | {accepted[0]}")


def book(path: Path) -> None:
    """Seconds for the spoken form of a book's paragraphs, the second time: rules are compiled once."""
    manuscript = read(path, ReadOptions())
    texts = [p.text for c in manuscript.chapters for p in c.paragraphs]
    spoken_form("1 Mr. Lee", manuscript.language)
    began = time.process_time()
    changes = sum(len(spoken_form(text, manuscript.language)[1]) for text in texts)
    seconds = time.process_time() - began
    n_words = sum(len(text.split()) for text in texts)
    print(json.dumps({"book": path.name, "words": n_words, "changes": changes, "seconds": round(seconds, 2)}))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--language", action="append", default=[])
    arguments.add_argument("--wrong", action="store_true", help="print the pairs that differ")
    arguments.add_argument("--book", type=Path)
    given = arguments.parse_args()
    languages = tuple(given.language) or TEN
    if given.wrong:
        wrong(given.folder, languages)
        return
    table = score(given.folder, languages)
    for (language, kind), counts in table.items():
        print(f"{language} {kind:<24} {counts['strict']:>3} {counts['loose']:>3} of {counts['n']:>3}")
    for language in languages:
        for name, kinds in (("in books", IN_BOOKS), ("all", {k for _, k in table})):
            total: Counter[str] = sum((c for (a, k), c in table.items() if a == language and k in kinds), Counter())
            share = [f"{100 * total[which] / max(1, total['n']):5.1f} %" for which in ("strict", "loose")]
            print(f"{language} {name:<24} {' '.join(share)} of {total['n']}")
    if given.book:
        book(given.book)


if __name__ == "__main__":
    main()
