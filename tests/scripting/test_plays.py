from dataclasses import replace
from pathlib import Path

import pytest

from narrator import rehearsal
from narrator.collation import collate, insist
from narrator.domain import ParagraphKind, Pause, Span
from narrator.scripting import ScriptRules, learn, who_speaks, write_script
from narrator.scripting.languages import words_of
from narrator.scripting.people import People
from narrator.scripting.plays import Stage
from tests.scripting.books import paragraph

PLAY = """# Act I

The bell rings.

**ANN:** Did you hear it, Mr. Holt?

**MR. HOLT:** [Sitting down.] I did not. It was nothing at all.

**ANN:** It was something! “No,” he says.

**MR. HOLT:** Well?

**ANN:** Well?

**MR. HOLT:** Hm.

**ANN AND MR. HOLT:** Well!

**ANN:** He is gone. [Weeps.] Gone!
"""


def opened(folder: Path) -> rehearsal.Text:
    """The play and its lines."""
    path = folder / "play.md"
    path.write_text(PLAY, "utf-8")
    return rehearsal.open_text(path)


def test_speeches_of_a_play_go_to_their_personae(tmp_path: Path) -> None:
    """Each speech is its persona's, directions are the narrator's, labels are nobody's, and all letters are told."""
    text = opened(tmp_path)
    told = [(u.character, u.text) for u in text.script.chapters[0].utterances]
    assert told[1:6] == [
        ("narrator", "The bell rings."),
        ("Ann", "Did you hear it, Mr. Holt?"),
        ("narrator", "[Sitting down.]"),
        ("Mr. Holt", "I did not. It was nothing at all."),
        ("Ann", "It was something! “No,” he says."),
    ]
    assert told[-3:] == [("Ann", "He is gone."), ("narrator", "[Weeps.]"), ("Ann", "Gone!")]
    found = collate(text.manuscript, text.script)
    insist(found)
    assert (found.n_unaccounted, [s.rule for s in found.skipped if s.rule == "persona"]) == (0, ["persona"])


def test_two_who_speak_together_are_doubtful(tmp_path: Path) -> None:
    """A chorus goes to its first voice, less than even, and is no character."""
    text = opened(tmp_path)
    chorus = next(u for u in text.script.chapters[0].utterances if u.text == "Well!")
    assert chorus.attribution is not None
    assert (chorus.character, chorus.attribution.confidence < 0.5) == ("Ann", True)
    assert {c.name for c in text.learnt.characters} == {"Ann", "Mr. Holt"}


def test_who_speaks_agrees_with_the_script(tmp_path: Path) -> None:
    """The quotations of a play are its speeches."""
    text = opened(tmp_path)
    speakers = [q.character for q in who_speaks(text.manuscript, learn(text.manuscript))]
    assert speakers == [u.character for u in text.script.chapters[0].utterances if u.attribution]


def test_speeches_follow_like_answers(tmp_path: Path) -> None:
    """Between two speeches lies the pause between speakers, as between answers in a novel."""
    lines = opened(tmp_path).script.chapters[0].utterances
    assert next(u for u in lines if u.text.endswith("says.")).pause_after is Pause.SPEAKER


def test_labels_are_read_on_request(tmp_path: Path) -> None:
    """With `personae: read` the narrator says each name before its speech."""
    text = opened(tmp_path)
    chapters = tuple(
        replace(c, blocks=tuple(replace(p, persona_aloud=bool(p.persona)) for p in c.paragraphs))
        for c in text.manuscript.chapters
    )
    aloud = replace(text.manuscript, chapters=chapters)
    script = write_script(aloud, None, text.learnt, ScriptRules(max_chars=280))
    told = [(u.character, u.text) for u in script.chapters[0].utterances]
    assert told[2:4] == [("narrator", "ANN:"), ("Ann", "Did you hear it, Mr. Holt?")]
    assert collate(aloud, script).n_unaccounted == 0


def test_a_name_alone_speaks_what_follows() -> None:
    """A label alone in its block names the speaker of the next ones, until a heading."""
    stage = Stage(People((), words_of("en")), words_of("en"), "“")
    name = replace(paragraph("HAMLET."), persona=Span(start=0, end=6))
    blocks = [
        name,
        paragraph("To be,"),
        paragraph("or not."),
        paragraph("Act II", ParagraphKind.HEADING),
        paragraph("A"),
    ]
    assert [[s.character for s in stage.hear(b)] for b in blocks] == [[], ["Hamlet"], ["Hamlet"], [], []]


@pytest.mark.parametrize("name", ["Jack", "Cecily", "Lady Bracknell", "Chasuble"])
def test_a_real_play_is_cast(shared: Path, name: str) -> None:
    """The Importance of Being Earnest has its personae as characters, and every speech is one's."""
    text = rehearsal.open_text(shared / "books" / "oscar-wilde_the-importance-of-being-earnest.epub")
    lines = [u for c in text.script.chapters for u in c.utterances]
    assert sum(u.character == name for u in lines) > 50
    assert {u.character for u in lines if u.character not in {c.name for c in text.learnt.characters}} == {"narrator"}
    insist(collate(text.manuscript, text.script))
