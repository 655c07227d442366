"""Text as YAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from narrator.settings.tree import parse
from narrator.settings.writing import inline, scalar


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_is_read_back_by_us_and_by_others(text: str) -> None:
    """What is written is text, and the same text, for our reader and for PyYAML's."""
    assert parse(scalar(text), "x").value == text
    assert yaml.safe_load(scalar(text)) == text


@pytest.mark.parametrize("name", ["Alice", "The Hatter", "Mrs. O’Hara-Smith", "Zoë", "d'Artagnan"])
def test_ordinary_names_stand_bare(name: str) -> None:
    """Quotes are only where they are needed."""
    assert scalar(name) == name


def test_a_list_stands_on_one_line() -> None:
    """Texts with commas or brackets are quoted, others not."""
    assert inline(("Alice", "No", "a, b", "[x]")) == '[Alice, "No", "a, b", "[x]"]'
