from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator import rehearsal
from narrator.collation import collate, insist
from narrator.domain import Change, LexiconEntry, Script, Span
from narrator.errors import BookError
from narrator.scripting import ScriptRules, learn, write_script
from tests.scripting.books import manuscript

TEXT = "Chapter 1\n\nIt was 5 p.m. “No,” said Ann. “No, no.” She went.\n\n2\n\n* * *\n\nNo. Mr. Hay said so.\n"


def opened(folder: Path, text: str = TEXT) -> rehearsal.Text:
    """A plain text and its lines."""
    path = folder / "book.txt"
    path.write_text(text, "utf-8")
    return rehearsal.open_text(path)


def changed(opened_text: rehearsal.Text, **fields: Any) -> Script:
    """The script with its first line otherwise."""
    first, *others = opened_text.script.chapters
    lines = (replace(first.utterances[0], **fields), *first.utterances[1:])
    return replace(opened_text.script, chapters=(replace(first, utterances=lines), *others))


def without(text: rehearsal.Text, words: str) -> Script:
    """The script without the lines that say some words."""
    return replace(
        text.script,
        chapters=tuple(
            replace(c, utterances=tuple(u for u in c.utterances if words not in u.text)) for c in text.script.chapters
        ),
    )


def test_a_whole_script_tells_all_of_its_book(tmp_path: Path) -> None:
    """Every letter stands in a line, every change is recorded, and nothing is refused."""
    text = opened(tmp_path)
    found = collate(text.manuscript, text.script)
    assert (found.n_unaccounted, found.n_unrecorded, found.spoken_percent) == (0, 0, 100.0)
    assert dict(found.changes)["title"] == 1
    insist(found)


def test_a_chapter_that_loses_a_line_is_refused_by_name(tmp_path: Path) -> None:
    """A sentence that stands in no line is found, counted and shown."""
    text = opened(tmp_path)
    found = collate(text.manuscript, without(text, "She went"))
    assert found.n_unaccounted == len("Shewent")
    with pytest.raises(BookError, match=r"Chapter 1 \(Chapter 1\): 7 of its \d+ letters .* first “She went\.”"):
        insist(found)


def test_a_line_that_is_not_printed_is_refused(tmp_path: Path) -> None:
    """Words that were made up, or said twice, do not pass."""
    text = opened(tmp_path)
    with pytest.raises(BookError, match="ch01:l01: “Chapter 99” is not printed"):
        collate(text.manuscript, changed(text, text="Chapter 99"))
    first, *others = text.script.chapters
    twice = replace(text.script, chapters=(replace(first, utterances=first.utterances * 2), *others))
    with pytest.raises(BookError, match="is not printed where it would be said"):
        collate(text.manuscript, twice)


def test_what_is_said_otherwise_must_be_recorded(tmp_path: Path) -> None:
    """A spoken form with other letters than the printed one names the rule, or its line is named."""
    text = opened(tmp_path)
    silent = collate(text.manuscript, changed(text, spoken="Chapter two.", changes=()))
    assert silent.chapters[0].unrecorded == ("ch01:l01",)
    change = Change(rule="number", printed="1", spoken="two", span=Span(start=8, end=9))
    assert collate(text.manuscript, changed(text, spoken="Chapter two.", changes=(change,))).n_unrecorded == 0


def test_a_word_that_the_lexicon_silences_is_not_lost(tmp_path: Path) -> None:
    """A line of which the lexicon leaves nothing is left out on purpose."""
    text = opened(tmp_path, "Ann went.\n\nHrmpf.\n\nShe came.\n")
    hush = (LexiconEntry(match="hrmpf", say=""),)
    rules = ScriptRules(max_chars=280, lexicon=hush)
    script = write_script(text.manuscript, None, text.learnt, rules)
    assert collate(text.manuscript, without(text, "Hrmpf")).n_unaccounted == len("hrmpf")
    assert collate(text.manuscript, without(text, "Hrmpf"), hush).n_unaccounted == 0
    assert collate(text.manuscript, script, hush).n_unaccounted == 0


WORDS = st.sampled_from([
    "Ann",
    "“No,”",
    "said",
    "Mr.",
    "Hay.",
    "5",
    "IV",
    "2nd",
    "£3",
    "x",
    "—",
    "…",
    "\n\n",
    "***",
    "No.",
    "é",
    "一。",
])


@given(st.lists(WORDS, min_size=1, max_size=40), st.sampled_from([40, 280]))
def test_no_text_loses_a_letter_on_the_way_to_its_lines(words: list[str], max_chars: int) -> None:
    """Whatever is printed, each letter stands in one line, and what is said otherwise is recorded."""
    book = manuscript(" ".join(words))
    script = write_script(book, None, learn(book), ScriptRules(max_chars=max_chars))
    found = collate(book, script)
    assert [c.lost for c in found.chapters] == [()]
    assert found.n_unrecorded == 0
