from pathlib import Path

import pytest

from narrator.domain import Attribution, Script
from narrator.scripting import ScriptRules, learn, write_script
from tests.scripting.books import manuscript

CASES = sorted((Path(__file__).parent.parent / "golden" / "scripting").iterdir())


def show(script: Script) -> str:
    """A script as text: address, character, rule, words, pause."""
    lines = [
        f"{u.address} [{u.character}{_rule(u.attribution)}] {u.spoken} <{u.pause_after.value}>"
        for c in script.chapters
        for u in c.utterances
    ]
    return "\n".join(lines) + "\n"


def _rule(attribution: Attribution | None) -> str:
    return f": {attribution.rule}" if attribution else ""


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_story_becomes_its_script(case: Path, save_golden: bool):
    """Each golden story, cast by what is learnt from it, becomes exactly the script beside it."""
    header, _, text = (case / "in.txt").read_text("utf-8").partition("\n")
    language = header.removeprefix("language: ")
    book = manuscript(text, language)
    found = show(write_script(book, None, learn(book), ScriptRules(max_chars=160, language=language)))
    if save_golden:
        (case / "out.txt").write_text(found, "utf-8")
    assert found == (case / "out.txt").read_text("utf-8")
