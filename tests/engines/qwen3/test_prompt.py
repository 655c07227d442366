"""Where the tokens of a line stand before the talker."""

from dataclasses import replace

import pytest

from narrator.engines.qwen3.config import CodecIds, Kind, Language, ModelConfig, Speaker, StackShape, TextIds
from narrator.engines.qwen3.prompt import NOTHING, REFERENCE, VOICE, Words, plan, spoken_languages, voice_tags
from narrator.errors import LanguageError

STACK = StackShape(
    n_layers=1, hidden=8, intermediate=8, n_heads=1, n_kv_heads=1, head_dim=8, rope_theta=1e6, norm_eps=1e-6
)
DYLAN = Speaker(name="dylan", id=2878, dialect="beijing_dialect")
CONFIG = ModelConfig(
    kind=Kind.CUSTOM_VOICE,
    size="1b7",
    talker=STACK,
    sub_talker=STACK,
    n_codebooks=16,
    n_codes=2048,
    n_codec_tokens=3072,
    n_text_tokens=1000,
    text_hidden=8,
    text=TextIds(im_start=900, im_end=901, pad=902, bos=903, eos=904),
    codec=CodecIds(pad=2148, bos=2149, eos=2150, think=2154, nothink=2155, think_bos=2156, think_eos=2157),
    languages=(
        Language(name="english", id=2050),
        Language(name="chinese", id=2055),
        Language(name="beijing_dialect", id=2074),
    ),
    speakers=(DYLAN, Speaker(name="ryan", id=3061)),
)
ROLE = (900, 7, 8)
WORDS = Words(role=ROLE, text=(1, 2, 3))
CLONE = Words(role=ROLE, text=(1, 2, 3), transcript=(11, 12))
TAGS = (2155, 2156, 2157)


def test_text_alone_streaming_runs_beside_the_audio():
    """The first text token stands with the start of speech; the others, and the end of text, follow frame by frame."""
    made = plan(CONFIG, WORDS, TAGS, streaming=True)
    assert made.text == (*ROLE, 902, 902, 902, 903, 1)
    assert made.codec == (NOTHING, NOTHING, NOTHING, *TAGS, 2148, 2149)
    assert made.trailing == (2, 3, 904)


def test_text_alone_at_once_comes_before_the_audio():
    """All text stands beside the codec's pad, then speech starts beside the text's pad."""
    made = plan(CONFIG, WORDS, TAGS, streaming=False)
    assert made.text == (*ROLE, 902, 902, 902, 903, 1, 2, 3, 904, 902)
    assert made.codec == (NOTHING, NOTHING, NOTHING, *TAGS, 2148, 2148, 2148, 2148, 2148, 2149)
    assert made.trailing == ()


def test_a_short_reference_leaves_text_that_follows():
    """A streaming clone reads transcript and text beside its reference; what is longer goes on frame by frame."""
    made = plan(CONFIG, CLONE, (*TAGS, VOICE), n_reference_frames=3, streaming=True)
    assert made.text == (*ROLE, 902, 902, 902, 902, 903, 11, 12, 1, 2)
    assert made.codec[3:] == (*TAGS, VOICE, 2148, 2149, REFERENCE, REFERENCE, REFERENCE)
    assert made.trailing == (3, 904)


def test_a_long_reference_outlasts_the_text():
    """Where the reference is longer, pad stands beside its rest, and nothing follows."""
    made = plan(CONFIG, CLONE, (*TAGS, VOICE), n_reference_frames=7, streaming=True)
    assert made.text[8:] == (11, 12, 1, 2, 3, 904, 902, 902)
    assert made.codec[8:] == (2149, *(REFERENCE,) * 7)
    assert made.trailing == ()


def test_a_clone_at_once_reads_everything_first():
    """All text stands beside the codec's pad, then the reference beside the text's."""
    made = plan(CONFIG, CLONE, (*TAGS, VOICE), n_reference_frames=2, streaming=False)
    assert made.text[8:] == (11, 12, 1, 2, 3, 904, 902, 902, 902)
    assert made.codec[8:] == (*(2148,) * 6, 2149, REFERENCE, REFERENCE)
    assert made.n_positions == 17


def test_an_instruction_stands_before_everything():
    """The user's turn opens the prompt, on the text side alone."""
    made = plan(CONFIG, replace(WORDS, instruction=(900, 5, 6, 901, 8)), TAGS, streaming=True)
    assert made.text[:8] == (900, 5, 6, 901, 8, *ROLE)
    assert set(made.codec[:8]) == {NOTHING}


@pytest.mark.parametrize(
    ("words", "n_frames"), [(replace(WORDS, text=()), 0), (WORDS, 3), (CLONE, 0)], ids=["text", "transcript", "frames"]
)
def test_a_line_without_its_parts_is_a_mistake(words, n_frames):
    """No text, a reference without transcript, or a transcript without reference cannot be laid out."""
    with pytest.raises(ValueError, match="needs"):
        plan(CONFIG, words, TAGS, n_reference_frames=n_frames, streaming=True)


def test_a_language_is_thought_of_and_auto_is_not():
    """A language's tag stands between the marks of thinking; `auto` has none, in any spelling."""
    assert voice_tags(CONFIG, "English") == (2154, 2156, 2050, 2157)
    assert voice_tags(CONFIG, "Auto") == TAGS
    assert voice_tags(CONFIG, "english", cloned=True)[-1] == VOICE
    assert voice_tags(CONFIG, "english", speaker=CONFIG.speakers[1])[-1] == 3061


@pytest.mark.parametrize(("language", "tag"), [("auto", 2074), ("chinese", 2074), ("english", 2050)])
def test_a_dialect_replaces_chinese_and_auto_only(language, tag):
    """A speaker of a dialect speaks it where Chinese or nothing is asked for, and no other language in it."""
    assert voice_tags(CONFIG, language, speaker=DYLAN) == (2154, 2156, tag, 2157, 2878)


@pytest.mark.parametrize("language", ["klingon", "beijing_dialect", "en"])
def test_an_unknown_language_is_refused(language):
    """What is no language of the model is an error that names those that are; dialects come with speakers only."""
    with pytest.raises(LanguageError, match=f"{language}.*english, chinese"):
        voice_tags(CONFIG, language)
    assert spoken_languages(CONFIG) == ("english", "chinese")
