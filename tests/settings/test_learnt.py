"""learnt.yaml."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.domain import Character, Gender, Learnt
from narrator.errors import ProjectError
from narrator.settings.learnt import learnt_yaml, read_learnt, write_learnt

ALICE = Learnt(
    abbreviations=("mr", "no"),
    collocations=(("##number##", "june"), ("j", "smith")),
    sentence_starters=("presently",),
    quotes=("“", "'"),
    characters=(
        Character(name="Alice", gender=Gender.FEMALE, n_mentions=386),
        Character(name="The Hatter", aliases=("Hatter", "Mad Hatter"), gender=Gender.MALE, n_mentions=55),
    ),
)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
LEARNT = st.builds(
    Learnt,
    abbreviations=st.lists(NAMES, max_size=3).map(tuple),
    collocations=st.lists(st.tuples(NAMES, NAMES), max_size=3).map(tuple),
    sentence_starters=st.lists(NAMES, max_size=3).map(tuple),
    quotes=st.lists(NAMES, max_size=3).map(tuple),
    characters=st.lists(
        st.builds(
            Character,
            name=NAMES,
            aliases=st.lists(NAMES, max_size=2).map(tuple),
            gender=st.sampled_from(Gender),
            n_mentions=st.integers(0, 9999),
        ),
        max_size=3,
    ).map(tuple),
)


def test_it_reads_like_this() -> None:
    """One thing a line, under a header that says what it is, that it is frozen, and how to learn again."""
    text = learnt_yaml(ALICE)
    assert '- mr\n- "no"\n' in text
    assert '- ["##number##", june]\n' in text
    assert "- {name: The Hatter, gender: male, mentions: 55, aliases: [Hatter, Mad Hatter]}\n" in text
    assert "frozen" in text.split("learnt: 1")[0]
    assert "narrate new --refresh" in text.split("learnt: 1")[0]


@settings(max_examples=150, deadline=None)
@given(LEARNT)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, learnt: Learnt) -> None:
    """Any names survive the file, whatever letters are in them."""
    path = tmp_path_factory.getbasetemp() / "learnt.yaml"
    write_learnt(path, learnt)
    assert read_learnt(path) == learnt


def test_the_same_knowledge_gives_the_same_bytes(tmp_path: Path) -> None:
    """Writing what was read changes nothing."""
    write_learnt(tmp_path / "a.yaml", ALICE)
    write_learnt(tmp_path / "b.yaml", read_learnt(tmp_path / "a.yaml"))
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("characters: [{name: Alice, gender: f}]", "characters[0].gender must be female, male or unknown, not 'f'"),
        ("characters: [{name: ''}]", "characters[0].name is empty"),
        ("characters: [{name: A, mentions: -1}]", "characters[0].mentions must be at least 0, not -1"),
        ("collocations: [[june]]", "collocations[0] must be a list of 2"),
        ("collocations: [[a, b, c]]", "collocations[0] must be a list of 2"),
        ("colocations: []", "unknown key 'colocations'; did you mean 'collocations'?"),
    ],
)
def test_a_mistake_of_hand_is_told_with_its_place(line: str, said: str, tmp_path: Path) -> None:
    """The file may be corrected by hand, so its mistakes are told as project.yaml's are."""
    path = tmp_path / "learnt.yaml"
    path.write_text(f"learnt: 1\n{line}\n", "utf-8")
    with pytest.raises(ProjectError) as caught:
        read_learnt(path)
    assert caught.value.message.startswith(f"{path}:2:")
    assert said in caught.value.message
