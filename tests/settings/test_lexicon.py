"""lexicon.yaml."""

from pathlib import Path

import pytest

from narrator.domain import LexiconEntry
from narrator.errors import ProjectError
from narrator.settings.lexicon import read_lexicon


def lexicon(folder: Path, text: str) -> Path:
    """A lexicon file."""
    path = folder / "lexicon.yaml"
    path.write_text(text, "utf-8")
    return path


def test_words_and_patterns_are_read_in_order(tmp_path: Path) -> None:
    """`word` is a word, `match` a regular expression, `voices` whom it holds for."""
    path = lexicon(
        tmp_path,
        "- {word: Siobhan, say: shiv-AWN}\n- {word: No, say: '', voices: [mara]}\n"
        "- {match: '\\bSt\\. (?=[A-Z])', say: 'Saint '}\n- {word: a b, say: '\\2'}\n",
    )
    assert read_lexicon(path, ("mara", "reed")) == (
        LexiconEntry(match="Siobhan", say="shiv-AWN"),
        LexiconEntry(match="No", say="", voices=("mara",)),
        LexiconEntry(match=r"\bSt\. (?=[A-Z])", say="Saint ", regex=True),
        LexiconEntry(match="a b", say=r"\2"),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n"])
def test_a_lexicon_may_be_empty(text: str, tmp_path: Path) -> None:
    """A file that holds only comments has no entries."""
    assert read_lexicon(lexicon(tmp_path, text), ()) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{say: x}", ":1:3: give either `word` or `match`"),
        ("{word: a, match: b, say: x}", ":1:3: give either `word` or `match`"),
        ("{word: '  ', say: x}", ":1:3: give either `word` or `match`"),
        ("{match: '(a', say: x}", ":1:11: '(a' is not a regular expression: missing )"),
        ("{match: 'a*', say: x}", ":1:11: 'a*' would match between any two letters"),
        (r"{match: '(a)b', say: '\2x'}", r":1:24: '\2x' asks for what '(a)b' does not give: invalid group reference 2"),
        (r"{match: '(a)b', say: '\g<c>'}", r":1:24: '\g<c>' asks for what '(a)b' does not give: unknown group name"),
        (r"{match: '(a)b', say: '\q'}", r":1:24: '\q' asks for what '(a)b' does not give: bad escape"),
        ("{word: a, say: x, voices: [marra]}", ":1:30: no voice is called 'marra'; did you mean 'mara'?"),
        ("{word: a, says: x}", ":1:3: key 'say' is missing in entry 1"),
        ("{word: 7, say: x}", ':1:10: entry 1.word must be text, not 7; put it in quotes: "7"'),
        ("Siobhan", ":1:3: entry 1 must be a mapping with keys such as word, match, say, voices, not 'Siobhan'"),
    ],
)
def test_a_bad_entry_is_told_with_its_place(line: str, said: str, tmp_path: Path) -> None:
    """What cannot be an entry is refused with file, line and column."""
    path = lexicon(tmp_path, f"- {line}\n")
    with pytest.raises(ProjectError) as caught:
        read_lexicon(path, ("mara",))
    assert f"{path}{said}" in caught.value.message


def test_all_bad_entries_are_told_at_once(tmp_path: Path) -> None:
    """Two bad entries are two lines."""
    path = lexicon(tmp_path, "- {say: x}\n- {word: a, say: b}\n- {match: '[', say: x}\n")
    with pytest.raises(ProjectError) as caught:
        read_lexicon(path, ())
    assert [line.split(":")[1] for line in caught.value.message.splitlines()] == ["1", "3"]
