"""Learn what speaks for a speaker: writes narrator/scripting/weights.json.

    python scripts/train_speakers.py DATA [--cross OUT]

DATA is a folder of labelled books (`CORPUS/BOOK/text.txt`, `quotes.jsonl`, `characters.json`, `meta.json`). Learnt from
are those whose `licence` lets the weights be shipped under ours; the others may only be measured with.

A first round hears each book with the true speakers, later ones with the speakers that the weights of the round before
find, so that the weights know their own mistakes. --cross learns four times, each time without a quarter of the books,
and writes to OUT/CORPUS/BOOK.jsonl what the weights of the others find in these, for `score_quotes.py`; no weights are
kept. The same data give the same bytes.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from narrator import reading, scripting
from narrator.cli.speakers import record
from narrator.domain import Learnt, Manuscript, Paragraph, Quotation, SceneBreak, Span
from narrator.scripting import weighing
from narrator.scripting.dialogue import Listener
from narrator.scripting.hearing import everybody
from narrator.scripting.languages import words_of
from narrator.scripting.people import People
from narrator.settings.characters import read_characters
from narrator.settings.options import ReadOptions

TARGET = Path(__file__).parent.parent / "narrator" / "scripting" / "weights.json"
LICENCES = frozenset({"CC BY 4.0"})
"""Of the books that are learnt from: neither share-alike nor non-commercial."""
FOLDS = 4
TRUE_SHARES = (1.0, 0.5, 0.0)
"""Of the speakers heard in each round, how many are the true ones."""
SHARED_L2, OWN_L2 = 8.0, 16.0
"""How much weights are held back: those of all occasions, and those of one kind."""
RARE = 3
"""Features seen less often are not learnt."""
SLIGHT = 0.02
"""Weights nearer to nothing are left out."""
KINDS = ("pronoun", "described", "beat", "bare")

Table = Mapping[str, float]


@dataclass(frozen=True)
class Book:
    """A labelled book."""

    folder: Path
    manuscript: Manuscript
    learnt: Learnt
    people: People
    gold: tuple[tuple[int, int, str], ...]
    """Start, end and speaker of each labelled quotation."""


@dataclass(frozen=True)
class Example:
    """One decision: the features of each candidate, and which candidate is right."""

    kind: str
    candidates: tuple[tuple[str, ...], ...]
    right: int


@dataclass
class Teacher:
    """A judge that knows the answers, and notes what it is asked."""

    book: Book
    table: Table
    true_share: float
    chance: random.Random
    paragraph: Paragraph | None = None
    examples: list[Example] = field(default_factory=list)

    def __call__(self, occasion: weighing.Occasion, candidates: Mapping[str, Sequence[str]]) -> Mapping[str, float]:
        """The likely speakers, or the true one."""
        likely = weighing.weigh(occasion, candidates, self.table)
        true = self._true(occasion.start)
        if occasion.named or true is None:
            return likely
        names = list(candidates)
        if true in candidates:
            features = tuple(tuple(candidates[name]) for name in names)
            self.examples.append(Example(occasion.kind, features, names.index(true)))
        heard = self.chance.random() < self.true_share and true in self.book.people.gender
        return {true: 1.0} if heard else likely

    def _true(self, start: int) -> str | None:
        if self.paragraph is None:
            return None
        at = self.paragraph.source(Span(start=start, end=start + 2)).start
        return next((name for a, b, name in self.book.gold if a - 3 <= at < b), None)


def load(folder: Path) -> Book:
    """Read a labelled book."""
    manuscript = reading.read(folder / "text.txt", ReadOptions())
    texts = (p.text for c in manuscript.chapters for p in c.paragraphs)
    manuscript = replace(manuscript, language=scripting.guess_language(texts, manuscript.language))
    learnt = scripting.learn(manuscript)
    people = everybody(manuscript, learnt, read_characters(folder / "characters.json"))
    lines = (json.loads(line) for line in (folder / "quotes.jsonl").read_text("utf-8").splitlines())
    gold = tuple((g["start"], g["end"], g["speaker"]) for g in lines if g.get("speaker") and not g.get("ignore"))
    return Book(folder, manuscript, learnt, people, gold)


def hear(book: Book, teacher: weighing.Judge, width: int = 1) -> list[Quotation]:
    """Listen to a whole book."""
    words = words_of(book.manuscript.language)
    found: list[Quotation] = []
    for chapter in book.manuscript.chapters:
        listener = Listener(book.people, words, "".join(book.learnt.quotes), teacher, width)
        for block in chapter.blocks:
            if isinstance(block, SceneBreak):
                listener = Listener(book.people, words, "".join(book.learnt.quotes), teacher, width)
                continue
            if isinstance(teacher, Teacher):
                teacher.paragraph = block
            found += [
                Quotation(
                    source=block.source(Span(start=s.start, end=s.end)),
                    character=s.character,
                    gender=book.people.gender_of(s.character),
                    attribution=s.attribution,
                )
                for s in listener.hear(block)
            ]
    return found


def train(books: Sequence[Book]) -> Table:
    """Weights for the features, over all rounds."""
    table: Table = {}
    for number, share in enumerate(TRUE_SHARES):
        table = fit([e for b in books for e in examples(b, table, share, number)])
    return table


def examples(book: Book, table: Table, true_share: float, seed: int) -> list[Example]:
    """The decisions of a book, after histories that `table` finds; in the last round after true ones, too."""
    shares = (true_share, 1.0) if not true_share else (true_share,)
    found = []
    for share in shares:
        teacher = Teacher(book, table, share, random.Random(seed))  # noqa: S311 - repeatable, not secret
        hear(book, teacher)
        found += teacher.examples
    return found


def fit(examples: Sequence[Example]) -> Table:
    """The most likely weights, held back."""
    keys = [[[*fs, *(f"{e.kind}: {f}" for f in fs)] for fs in e.candidates] for e in examples]
    counts = Counter(key for candidates in keys for fs in candidates for key in fs)
    names = sorted(key for key, n in counts.items() if n >= RARE)
    column = {name: i for i, name in enumerate(names)}
    rows = [[column[key] for key in fs if key in column] for candidates in keys for fs in candidates]
    pointers = np.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((np.ones(pointers[-1]), [c for row in rows for c in row], pointers), (len(rows), len(names)))
    sizes = np.array([len(e.candidates) for e in examples])
    starts = np.cumsum(sizes) - sizes
    right = starts + np.array([e.right for e in examples])
    held = np.array([OWN_L2 if name.split(": ")[0] in KINDS else SHARED_L2 for name in names])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = matrix @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        chances = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        value = 0.5 * (held * weights * weights).sum() - np.log(np.maximum(chances[right], 1e-12)).sum()
        chances[right] -= 1.0
        return float(value), matrix.T @ chances + held * weights

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {n: round(float(w), 3) for n, w in zip(names, best, strict=True) if abs(w) >= SLIGHT}


def cross(books: Sequence[Book], out: Path) -> None:
    """What the weights of the other books find in each book."""
    for fold in range(FOLDS):
        table = train([book for n, book in enumerate(books) if n % FOLDS != fold])
        for book in books[fold::FOLDS]:
            found = hear(book, lambda o, c, table=table: weighing.weigh(o, c, table), width=6)
            target = out / book.folder.parent.name / f"{book.folder.name}.jsonl"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("".join(json.dumps(record(q)) + "\n" for q in found), "utf-8")


def main() -> None:
    """Learn, or measure by cross-validation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cross", type=Path, metavar="OUT")
    asked = parser.parse_args()
    folders = [p.parent for p in sorted(asked.data.glob("*/*/characters.json"))]
    books = [load(f) for f in folders if json.loads((f / "meta.json").read_text("utf-8"))["licence"] in LICENCES]
    if asked.cross:
        cross(books, asked.cross)
        return
    table = train(books)
    TARGET.write_text(json.dumps(table, indent=0, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    print(f"{len(table)} weights, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
