"""Lexicons that other programs wrote."""

from pathlib import Path

import pytest

from narrator.domain import LexiconEntry
from narrator.errors import ProjectError
from narrator.settings.lexicon import read_lexicon

PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" alphabet="ipa" xml:lang="en" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
"""


def written(folder: Path, name: str, text: str) -> Path:
    """A lexicon file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_list_of_pairs_is_read_line_by_line(tmp_path: Path) -> None:
    """`a==b` is a word and what is said; with signs of a regular expression it is one; `#` is a comment."""
    path = written(
        tmp_path, "words.txt", "# names\nSiobhan == shiv-AWN\n\nMr. O’Neil==Mister Oneil\n\\bSS (\\w+)==steamship \\1\n"
    )
    assert read_lexicon(path, ()) == (
        LexiconEntry(match="Siobhan", say="shiv-AWN"),
        LexiconEntry(match="Mr. O’Neil", say="Mister Oneil"),
        LexiconEntry(match=r"\bSS (\w+)", say=r"steamship \1", regex=True),
    )


def test_bad_pairs_are_told_with_their_lines(tmp_path: Path) -> None:
    """Each line that is no pair, or no regular expression, is named."""
    path = written(tmp_path, "words.txt", "a=b\n==b\n(a==b\na*==b\n(a)b==\\2\n")
    with pytest.raises(ProjectError) as caught:
        read_lexicon(path, ())
    assert [line.split(":")[1] for line in caught.value.message.splitlines()] == ["1", "2", "3", "4", "5"]
    assert "write `written==said`" in caught.value.message


def test_a_pls_file_gives_aliases(tmp_path: Path) -> None:
    """Each grapheme of a lexeme is said as its first alias; phonemes beside it are left."""
    lexeme = (
        "<lexeme><grapheme>W3C</grapheme><grapheme>the  W3C</grapheme>"
        "<alias>World Wide Web Consortium</alias><alias>other</alias><phoneme>x</phoneme></lexeme></lexicon>"
    )
    assert read_lexicon(written(tmp_path, "words.pls", PLS + lexeme), ()) == (
        LexiconEntry(match="W3C", say="World Wide Web Consortium"),
        LexiconEntry(match="the W3C", say="World Wide Web Consortium"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{PLS}<lexeme><grapheme>Nahe</grapheme><phoneme>ˈnaːə</phoneme></lexeme></lexicon>",
            ":3: the lexeme 'Nahe' has only phonemes",
        ),
        (f"{PLS}<lexeme><alias>x</alias></lexeme></lexicon>", ":3: the lexeme '' has no <grapheme>"),
        (f"{PLS}<lexeme>", ":3: not XML: "),
        ("<lexicon/>", ":1: not a pronunciation lexicon: its root is <lexicon>"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ":1: not a pronunciation lexicon: its root is <a>"),
    ],
)
def test_what_is_no_lexicon_of_words_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """A lexeme without an alias, and what is no PLS file, are refused with file and line."""
    path = written(tmp_path, "words.pls", text)
    with pytest.raises(ProjectError) as caught:
        read_lexicon(path, ())
    assert f"{path}{said}" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("name", ["words.pls", "words.txt"])
def test_a_lexicon_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    """A missing file is an error that names it."""
    with pytest.raises(ProjectError, match=rf"{name}: no such file"):
        read_lexicon(tmp_path / name, ())
