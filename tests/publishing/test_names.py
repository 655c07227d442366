import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.publishing.names import MAX_BYTES, chapter_names, safe_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Down the Rabbit-Hole", "Down the Rabbit-Hole"),
        ("Chapter 1: The Pool?", "Chapter 1 - The Pool"),
        ("Either/Or", "Either-Or"),
        ("10:30", "10-30"),
        ('"Quoted" <title>', "'Quoted' (title)"),
        ("Die Verwandlung …", "Die Verwandlung …"),
        ("終章", "終章"),
        ("Cafe\u0301", "Café"),
        ("soft\u00adhyphen and\u202eturned", "softhyphen andturned"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("...hidden...", "hidden"),
        ("", "untitled"),
        ("???", "untitled"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Console", "Console"),
    ],
)
def test_titles_become_names(title, name):
    """A name is the title but for what some file system refuses."""
    assert safe_name(title) == name


@given(st.text(max_size=300))
def test_any_title_gives_a_name_that_every_system_takes(title):
    """Whatever the title, its name is short, visible, without separators, and the same when named again."""
    name = safe_name(title)
    assert 0 < len(name.encode()) <= MAX_BYTES + 1
    assert not set(name) & set('<>:"/\\|?*')
    assert all(unicodedata.category(c) not in {"Cc", "Cs"} for c in name)
    assert name == name.strip(". ")
    assert safe_name(name) == name


def test_a_long_title_is_cut_between_characters():
    """A letter and its marks are kept or cut together."""
    name = safe_name("ậ̈" * 100)
    assert len(name.encode()) <= MAX_BYTES
    assert unicodedata.normalize("NFC", name + "ậ̈") == name + unicodedata.normalize("NFC", "ậ̈")


def test_chapters_sort_as_they_are_read():
    """Numbers have as many digits as the last one needs, two at least; equal titles differ by them."""
    assert chapter_names(["Alice", "Alice"]) == ("01 Alice", "02 Alice")
    names = chapter_names(["x"] * 120)
    assert names[0] == "001 x"
    assert list(names) == sorted(names)
