from pathlib import Path

import pytest

from narrator.domain import Manuscript, Paragraph
from narrator.reading import read
from narrator.settings.options import ReadOptions

SPEECHES = (
    ("ANN", "Did you hear it?"),
    ("MR. HOLT", "[Sitting down.] I did not. It was nothing."),
    ("ANN", "(Crossly.) It was something!"),
    ("BOY", "Please, sir."),
    ("MR. HOLT", "Well?"),
    ("ANN", "Well?"),
    ("BOY", "He is gone. [Weeps.]"),
)


def play(folder: Path, name: str, label: str, *, personae: str = "skip") -> Manuscript:
    """A little play, its labels set in one form."""
    speeches = "\n\n".join(f"{label.format(who)} {words}" for who, words in SPEECHES)
    path = folder / name
    path.write_text(f"# Act I\n\n{label.format('SCENE')} A room.\n\nThe bell rings.\n\n{speeches}\n", "utf-8")
    return read(path, ReadOptions(personae=personae))  # type: ignore[arg-type]


def paragraphs(found: Manuscript) -> list[Paragraph]:
    """All of a book."""
    return [p for c in found.chapters for p in c.paragraphs]


def names(found: Manuscript) -> list[str]:
    """The labels, in order."""
    return [p.text[p.persona.start : p.persona.end] for p in paragraphs(found) if p.persona]


@pytest.mark.parametrize(
    ("file", "label"),
    [("play.txt", "{}."), ("play.txt", "{}:"), ("play.md", "**{}:**"), ("play.md", "**{}**:"), ("play.md", "*{}.*")],
)
def test_a_play_is_known_by_how_it_is_set(tmp_path: Path, file: str, label: str) -> None:
    """Labels that come again before most paragraphs name speakers; what opens the scene and answers nobody is none."""
    found = play(tmp_path, file, label)
    assert names(found) == [who for who, _ in SPEECHES]
    directions = [p.text[s.start : s.end] for p in paragraphs(found) for s in p.directions]
    assert directions == ["[Sitting down.]", "(Crossly.)", "[Weeps.]"]


def test_labels_of_a_play_are_skipped_by_rule(tmp_path: Path) -> None:
    """The names before the speeches are accounted for as `persona`, or are read on request."""
    found = play(tmp_path, "play.txt", "{}.")
    rules = {s.rule: (s.n_letters, s.n_passages) for s in found.skipped}
    assert rules["persona"] == (sum(sum(map(str.isalpha, who)) for who, _ in SPEECHES), len(SPEECHES))
    assert found.coverage.n_unaccounted == 0
    aloud = play(tmp_path, "play.txt", "{}.", personae="read")
    assert (aloud.coverage.n_unaccounted, [s.rule for s in aloud.skipped if s.rule == "persona"]) == (0, [])
    assert {p.unread for p in paragraphs(aloud)} == {None}


@pytest.mark.parametrize(
    "text",
    [
        "# One\n\n" + "\n\n".join(f"No. I will not go there {n}.\n\nYes. You will." for n in "abcdef"),
        "# One\n\n"
        + "\n\n".join(f"{word}: what it means in {word}." for word in ("Ash", "Beech", "Cedar", "Elm", "Fir", "Oak")),
        "# One\n\nNote: one.\n\nTip: two.\n\n" + "\n\n".join(f"It was the {n}th day of rain." for n in range(20)),
    ],
)
def test_prose_is_no_play(tmp_path: Path, text: str) -> None:
    """Short sentences, glossaries and a few notes name no speakers."""
    path = tmp_path / "book.md"
    path.write_text(text, "utf-8")
    assert names(read(path, ReadOptions())) == []
