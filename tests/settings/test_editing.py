"""Adding to files that people have written."""

import pytest

from narrator.errors import ProjectError
from narrator.settings.editing import Entry, with_entries, with_key
from narrator.settings.tree import parse

BLOCK = """\
# My book.
narrate:   1      # three spaces, on purpose
cast:            # who speaks
    narrator:  reed   # calm
    # Alice is *not* to be recast!
    'Alice':  {voice: mara,   pace: 1.0}

    # the rest
    unknown: narrator
pauses: {sentence: 450ms}     # tuned by ear
"""
BOB = Entry(key="Bob", value="mara", comments=("# 3 lines",))
NEAR = Entry(key="on: off", value="{voice: x}", note="# quoted")


def kept(before: str, after: str) -> bool:
    """Every line of the first text stands in the second, byte for byte and in order."""
    lines = iter(after.splitlines(keepends=True))
    return all(line in lines for line in before.splitlines(keepends=True))


def test_entries_go_above_the_comments_of_the_key_they_come_before() -> None:
    """In the indentation of their neighbours; nothing of the person's is touched."""
    edited = with_entries(BLOCK, "p.yaml", "cast", [BOB, NEAR], before="unknown")
    assert kept(BLOCK, edited)
    added = '    # 3 lines\n    Bob: mara\n    "on: off": {voice: x}  # quoted\n'
    assert f"pace: 1.0}}\n{added}\n    # the rest\n    unknown" in edited


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("cast: {narrator: a, unknown: b}  # x\n", "cast", "cast: {narrator: a, Bob: mara, unknown: b}  # x\n"),
        ("cast: {narrator: a}\n", "cast", "cast: {Bob: mara, narrator: a}\n"),
        ("cast: {}\n", "cast", "cast: {Bob: mara}\n"),
        ("narrate: 1", "cast", "narrate: 1\n\ncast:\n  # 3 lines\n  Bob: mara\n"),
        ("cast:  # empty\npauses: 1\n", "cast", "cast:  # empty\n  # 3 lines\n  Bob: mara\npauses: 1\n"),
        ("narrator: a\n", "", "narrator: a\n# 3 lines\nBob: mara\n"),
        ("narrator: a\nunknown: b", "", "narrator: a\n# 3 lines\nBob: mara\nunknown: b"),
        ("a: 1\r\ncast:\r\n  x: y\r\n", "cast", "a: 1\r\ncast:\r\n  x: y\r\n  # 3 lines\r\n  Bob: mara\r\n"),
        ("cast:\n  x: y\n\n# end\n\nb: 1\n", "cast", "cast:\n  x: y\n  # 3 lines\n  Bob: mara\n\n# end\n\nb: 1\n"),
    ],
)
def test_any_way_to_write_a_mapping_can_be_added_to(text: str, key: str, expected: str) -> None:
    """Flow or block, empty or missing, with any line end."""
    edited = with_entries(text, "p.yaml", key, [BOB], before="unknown")
    assert edited == expected
    assert parse(edited, "p.yaml").value


@pytest.mark.parametrize("text", ["cast: cast.yaml\n", "cast: [a]\n", "cast:\n  ? a\n  : b\n  ? {c: d}\n"])
def test_what_cannot_be_added_to_is_refused_with_the_lines_to_add(text: str) -> None:
    """A person can then do it."""
    with pytest.raises(ProjectError) as caught:
        with_entries(text, "p.yaml", "cast", [BOB])
    assert caught.value.hint in {"Add by hand: Bob: mara", ""}


def test_a_key_is_replaced_where_it_stands() -> None:
    """Its value, its comment and its neighbours stay."""
    text = "speakers:\n  ch01:l04:  Tom   # he shouts\n  other: Anna\n"
    edited = with_key(text, "p.yaml", "speakers", "ch01:l04", Entry(key="“Wait: here!”", value=""))
    assert edited == 'speakers:\n  "“Wait: here!”": Tom   # he shouts\n  other: Anna\n'
    flow = with_key("speakers: {ch01:l04: Tom, b: c}\n", "p", "speakers", "ch01:l04", Entry(key="No", value=""))
    assert flow == 'speakers: {"No": Tom, b: c}\n'
