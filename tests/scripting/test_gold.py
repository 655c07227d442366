"""Measured against gold quotations that nobody of us wrote; they lie beside the checkout on some machines only."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from narrator.domain import UNKNOWN, Learnt
from narrator.scripting.characters import find_characters
from narrator.scripting.dialogue import Listener
from narrator.scripting.languages import words_of
from narrator.scripting.people import People, everyone
from narrator.scripting.quotations import dominant_marks
from tests.scripting.books import cast, paragraph, role

BARS = {
    # corpus: detection F1; of all spans and of those with a name beside them, how many have the right speaker
    "austen-said_NC": {"f1": 0.98, "overall": 0.69, "explicit": 0.94},
    "litbank": {"f1": 0.94, "overall": 0.65, "explicit": 0.94},
    "openboek_nl": {"f1": 0.93, "overall": 0.44, "explicit": 0.89},
    "fr-litbank_fr": {"f1": 0.72, "overall": 0.80, "explicit": 0.80},
    "clic-detection": {"f1": 0.92},
}


@pytest.mark.slow
@pytest.mark.parametrize("corpus", BARS)
def test_speech_is_found_and_given_to_its_speaker(shared: Path, tmp_path: Path, corpus: str):
    """Detection and attribution with the gold cast stay above what has been reached."""
    for book in sorted((shared / "quotes" / corpus).iterdir()):
        lines = "\n".join(json.dumps(p) for p in predict(book))
        (tmp_path / f"{book.name}.jsonl").write_text(lines + "\n", "utf-8")
    scorer = shared.parent / "tools" / "score_quotes.py"
    command = [sys.executable, str(scorer), str(shared / "quotes" / corpus), str(tmp_path), "--json"]
    scores = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    reached = {kind: score["all"] for kind, score in scores["attribution"].items()} | {"f1": scores["detection"]["f1"]}
    assert {bar: reached[bar] for bar in BARS[corpus] if reached[bar] < BARS[corpus][bar]} == {}


def predict(book: Path) -> list[dict[str, object]]:
    """Spans and speakers of a gold book with its gold cast given."""
    text = (book / "text.txt").read_text("utf-8")
    language = words_of(json.loads((book / "meta.json").read_text("utf-8"))["lang"])
    spans = [m.span() for m in re.finditer(r"\S(?:.|\n(?![ \t]*\n))*", text)]
    texts = [text[a:b].replace("\n", " ") for a, b in spans]
    marks = dominant_marks(texts, language)
    people = gold_people(book, texts)
    found: list[dict[str, object]] = []
    scene: list[tuple[int, str]] = []
    for (start, _), words in [*zip(spans, texts, strict=True), ((len(text), 0), "## ")]:
        if words.startswith("## "):
            listener = Listener(people, language, marks)
            for at, said in scene:
                for s in listener.hear(paragraph(said)):
                    speaker = None if s.character == UNKNOWN else s.character
                    found.append({"start": at + s.start, "end": at + s.end, "speaker": speaker})
            scene = []
        scene.append((start, words))
    return found


def gold_people(book: Path, texts: list[str]) -> People:
    """The gold cast, with what is learnt of it."""
    language = words_of(json.loads((book / "meta.json").read_text("utf-8"))["lang"])
    characters = json.loads((book / "characters.json").read_text("utf-8"))
    marks = dominant_marks(texts, language)
    roles = [role(c["name"], *(c.get("aliases") or ())) for c in characters]
    found = find_characters(texts, language, marks)
    return everyone(cast(*roles), Learnt(characters=found), language)
