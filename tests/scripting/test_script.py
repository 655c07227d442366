import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.domain import Builtin, Learnt, LexiconEntry, Pause, Script, Utterance, VoiceProfile
from narrator.scripting import ScriptRules, learn, write_script
from tests.scripting.books import block, cast, letters, manuscript, role, spoken_by

RULES = ScriptRules(max_chars=300)
CAST = cast(role("Anna"), role("Ben"))


def script(text: str, max_chars: int = 300) -> Script:
    """A script for Anna and Ben."""
    return write_script(manuscript(text), CAST, Learnt(), ScriptRules(max_chars=max_chars))


def pauses(text: str) -> list[str]:
    """The pause after each line."""
    return [u.pause_after.value for c in script(text).chapters for u in c.utterances]


def test_a_quotation_and_its_tag_are_lines_of_their_own():
    """The narrator reads the tag, the character the speech."""
    assert spoken_by(script("“Yes,” said Anna, “come in.”")) == [
        ("Anna", "“Yes,”"),
        ("narrator", "said Anna,"),
        ("Anna", "“come in.”"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Yes,” said Anna, “come in.”", ["clause", "clause", "end"]),
        ("“What?” Anna said. “Go on, do go on.”", ["clause", "sentence", "end"]),
        ("“Where are you, Ben?”\n\n“I am here, Anna.”", ["speaker", "end"]),
        ("“I am here,” said Anna.\n\n“So am I,” said Ben.", ["clause", "speaker", "clause", "end"]),
        ("He came to the house.\n\nShe went to the house.", ["paragraph", "end"]),
        ("# One\n\nHe came to the house.", ["title", "end"]),
        ("He came to the house.\n\n***\n\nShe went to the house.", ["scene", "end"]),
        ("He came to the house. She went to the house.", ["sentence", "end"]),
    ],
)
def test_pauses_tell_what_lies_after_a_line(text: str, expected: list[str]):
    """Clause, sentence, speaker, paragraph, title, scene or end."""
    assert pauses(text) == expected


def test_lines_are_numbered_by_chapter():
    """The first line of each chapter is l01."""
    addresses = [u.address for c in script("He came.\n\nShe went.\n\n---\n\nThey met.").chapters for u in c.utterances]
    assert addresses == ["ch01:l01", "ch01:l02", "ch02:l01"]


def test_a_line_knows_where_it_is_printed():
    """The source span covers the line's characters in the document."""
    last = script("He came to the house. She went to the house.").chapters[0].utterances[-1]
    assert (last.source.document, last.source.start, last.source.end) == ("book.md", 22, 44)


def test_text_without_letters_is_no_line():
    """Ornaments are not read."""
    assert spoken_by(script("* * *\n\nHe came here.\n\n“…”")) == [("narrator", "He came here.")]


def test_only_a_chapters_first_heading_becomes_a_chapter():
    """A numeral further down is read as a number."""
    utterances = script("# II\n\n# III\n\nHe came.").chapters[0].utterances
    assert [u.spoken for u in utterances] == ["Chapter two.", "three.", "He came."]
    assert utterances[0].changes[0].rule == "heading number"


def test_the_lexicon_goes_before_every_other_rule():
    """What the lexicon says is not normalised, and it may hold for one voice."""
    emma = VoiceProfile(name="emma", source=Builtin(engine="tone", voice="1"))
    entries = (LexiconEntry(match="Dr. No", say="Doctor NO"), LexiconEntry(match="bath", say="bahth", voices=("emma",)))
    told = write_script(
        manuscript("“A bath, Dr. No,” said Anna. A bath."),
        cast(role("Anna", voice=emma)),
        Learnt(),
        replace(RULES, lexicon=entries),
    )
    assert [u.spoken for u in told.chapters[0].utterances] == ["A bahth, Doctor NO,", "said Anna. A bath."]


def test_speech_of_an_uncast_character_has_the_learnt_name():
    """The cast's `unknown` decides later who reads it."""
    book = manuscript("“Yes,” said Dora.\n\n“No,” said Dora.\n\n“Oh,” said Anna.")
    assert [u.character for u in write_script(book, CAST, learn(book), RULES).chapters[0].utterances][::2] == [
        "Dora",
        "Dora",
        "Anna",
    ]


def test_no_cast_is_needed_to_count_lines():
    """Without a cast the learnt names are used."""
    book = manuscript("“Yes,” said Dora.\n\n“No,” said Mr. Finch.")
    names = {u.character for u in write_script(book, None, learn(book), RULES).chapters[0].utterances}
    assert names == {"narrator", "Dora", "Mr. Finch"}


def test_figures_in_words_keep_to_the_longest_line():
    """A line whose spoken form grows is parted until it fits."""
    text = "They paid 123,456,789 and 987,654,321 and 135,792,468 and 246,813,579 and then they left."
    assert all(len(u.spoken) <= 120 for u in script(text, max_chars=120).chapters[0].utterances)


# ── laws ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

SENTENCES = st.sampled_from([
    "He went to the door.",
    "“Yes,” said Anna.",
    "“No,” she said, “not at all; I will never go there again, whatever you may say of it.”",
    "Ben laughed. “Why not?”",
    "“Anna, come here!”",
    "“It is Mr. Lee,” he replied.",
    "In 1812 there were 42 men—no more—and they had £5.",
    "Oh!",
    "“… I wonder …",
    "‘I’ll see,’ said Ben.",
    "…",
])
PARAGRAPHS = st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6)


@given(PARAGRAPHS, st.integers(min_value=30, max_value=200))
@settings(deadline=None)
def test_a_script_loses_no_letter_and_adds_none(paragraphs: list[str], max_chars: int):
    """The lines of a paragraph are slices of it that hold all its letters in order."""
    text = "\n\n".join(paragraphs)
    chapter = script(text, max_chars=max_chars).chapters[0]
    assert letters("".join(u.text for u in chapter.utterances)) == letters(text)
    assert all(any(u.text in p for p in paragraphs) for u in chapter.utterances)
    assert all(u.pause_after is not Pause.END for u in chapter.utterances[:-1])


@given(st.text(alphabet=string.printable + "“”‘’«»—…éß", max_size=200))
@settings(deadline=None)
def test_any_paragraph_makes_a_script(text: str):
    """Whatever stands in a paragraph, its letters are read."""
    book = manuscript(text.replace("---", "").replace("\n", " ") or "x")
    lines = write_script(book, CAST, Learnt(), replace(RULES, max_chars=40)).chapters[0].utterances
    assert letters("".join(u.text for u in lines)) == letters("".join(p.text for p in book.chapters[0].paragraphs))


@given(PARAGRAPHS, PARAGRAPHS, st.data())
@settings(deadline=None)
def test_an_edit_stays_local(first: list[str], second: list[str], data: st.DataObject):
    """A changed paragraph changes its own lines, and speakers up to the next scene break only."""
    at = data.draw(st.integers(min_value=0, max_value=len(first) - 1))
    edited = [*first]
    edited[at] = data.draw(SENTENCES)
    book = manuscript("\n\n".join([*first, "***", *second]))
    chapter = book.chapters[0]
    blocks = tuple(block(p) for p in [*edited, "***", *second])
    other = replace(book, chapters=(replace(chapter, blocks=blocks),))
    rules = replace(RULES, max_chars=60)
    before, after = (write_script(b, CAST, Learnt(), rules).chapters[0].utterances for b in (book, other))
    n_before, n_after = (_n_lines(parts[:at], rules) for parts in (first, edited))
    assert [_all(u) for u in before[:n_before]] == [_all(u) for u in after[:n_after]]
    n_rest, n_scene = _n_lines(first[at + 1 :] + second, rules), _n_lines(second, rules)
    assert [u.text for u in _last(before, n_rest)] == [u.text for u in _last(after, n_rest)]
    assert [_all(u) for u in _last(before, n_scene)] == [_all(u) for u in _last(after, n_scene)]


def _n_lines(paragraphs: list[str], rules: ScriptRules) -> int:
    return sum(len(write_script(manuscript(p), CAST, Learnt(), rules).chapters[0].utterances) for p in paragraphs)


def _last(lines: tuple[Utterance, ...], n: int) -> tuple[Utterance, ...]:
    return lines[len(lines) - n :]


def _all(utterance: Utterance) -> tuple[str, str, str]:
    return utterance.text, utterance.spoken, utterance.character
