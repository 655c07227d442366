"""Our sentences beside those of Punkt, pysbd and nupunkt, on public test suites, in one run.

    python scripts/bench/sentences.py DATA [--failed LANGUAGE]

DATA holds `golden_rules.jsonl` and `sentencex_cases.jsonl`: one JSON object a line with `lang`, `set`, `text` and
`sentences`. A case is right when all its segments are equal, blanks at their ends and line breaks aside. The peers come
from an environment of this bench alone (`pip install pysbd nupunkt`); one that is not there is left out. Ours and Punkt
know nothing of the book: each case stands alone. The last columns count, of quotations that hold two sentences or more,
how many are kept as one (a reader wants them parted). --failed prints our wrong cases.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from narrator.domain import Learnt
from narrator.scripting.sentences import Splitter

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ru", "ja", "zh", "ko")
QUOTED = (
    "“I saw him. He was asleep,” said Anna.",
    "She rose. “It is late. We must go. Come!”",
    "“Who is there? I heard a knock.” Nobody answered.",
    "He said, “Sit down. I have been waiting for you. It is cold.”",
    '"It rained. It always rains," he said. "Come in."',
    "'I know. You told me,' said Ben.",
)
"""Quotations of two sentences or more, each to be parted at every stop inside."""
PARTED = (1, 3, 2, 2, 2, 1)
"""How often, at least, each is parted."""

Split = Callable[[str], list[str]]


def ours(language: str) -> Split:
    """Our splitter."""
    splitter = Splitter(Learnt(), language)

    def split(text: str) -> list[str]:
        starts = [0, *splitter.split(text), len(text)]
        return [text[a:b] for a, b in pairwise(starts)]

    return split


def punkt(_language: str) -> Split:
    """Punkt, untrained."""
    split: Split = import_module("nltk.tokenize.punkt").PunktSentenceTokenizer().tokenize
    return split


def pysbd(language: str) -> Split | None:
    """The pragmatic segmenter."""
    if language not in _PYSBD:
        return None
    split: Split = import_module("pysbd").Segmenter(language=language, clean=False).segment
    return split


_PYSBD = frozenset({"en", "de", "fr", "es", "it", "ru", "ja", "zh"})


def nupunkt(_language: str) -> Split:
    """Punkt, trained on legal English."""
    split: Split = import_module("nupunkt").sent_tokenize
    return split


def normal(parts: list[str]) -> list[str]:
    """Segments as they are compared."""
    return [flat for part in parts if (flat := re.sub(r"\s+", " ", part).strip())]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--failed", default="")
    asked = parser.parse_args()
    cases: dict[tuple[str, str], list[tuple[str, list[str]]]] = defaultdict(list)
    for name in ("golden_rules", "sentencex_cases"):
        for line in (asked.data / f"{name}.jsonl").read_text("utf-8").splitlines():
            case = json.loads(line)
            cases[name, case["lang"]].append((case["text"], normal(case["sentences"])))
    peers = {"ours": ours, "Punkt": punkt, "pysbd": pysbd, "nupunkt": nupunkt}
    print(f"{'set':<16} {'language':<9} {'cases':>5}" + "".join(f"{peer:>10}" for peer in peers))
    for (name, language), items in sorted(cases.items(), key=lambda x: (x[0][0], x[0][1] != "en", x[0][1])):
        if language in LANGUAGES:
            row = [_right(make, language, items) for make in peers.values()]
            print(f"{name:<16} {language:<9} {len(items):>5}" + "".join(f"{cell:>10}" for cell in row))
            if asked.failed == language:
                _show(ours(language), items)
    row = [_parted(make) for make in peers.values()]
    print(f"{'quotations parted':<26} {len(QUOTED):>5}" + "".join(f"{cell:>10}" for cell in row))


def _right(make: Callable[[str], Split | None], language: str, items: list[tuple[str, list[str]]]) -> str:
    try:
        split = make(language)
    except ModuleNotFoundError:
        return "absent"
    if split is None:
        return "–"
    return f"{sum(normal(split(text)) == wanted for text, wanted in items) / len(items):.1%}"


def _parted(make: Callable[[str], Split | None]) -> str:
    try:
        split = make("en")
    except ModuleNotFoundError:
        return "absent"
    n = sum(len(normal(split(text))) > parts for text, parts in zip(QUOTED, PARTED, strict=True)) if split else 0
    return f"{n / len(QUOTED):.0%}"


def _show(split: Split, items: list[tuple[str, list[str]]]) -> None:
    for text, wanted in items:
        if normal(split(text)) != wanted:
            print("   ", wanted, "\n  → ", normal(split(text)))


if __name__ == "__main__":
    main()
