"""What Qwen3-TTS knows of a voice, without its weights."""

from pathlib import Path

import numpy as np
import pytest

from narrator.audio.files import encode_flac
from narrator.domain import Cloned, Delivery, Designed, Preset, Samples, VoiceProfile
from narrator.engines.qwen3.config import Kind
from narrator.engines.qwen3.voiceprompt import FRAME, Voice, language_name, prepared, speakable
from narrator.errors import LanguageError, ProjectError

WHISPERED = Delivery(style="whispered")


@pytest.mark.parametrize(("tag", "name"), [("en", "english"), ("pt-BR", "portuguese"), ("zh-hant", "chinese")])
def test_languages_are_told_by_their_first_subtag(tag, name):
    """A regional tag is spoken in its language."""
    assert language_name(tag) == name


def test_another_language_is_refused():
    """The error lists what is spoken."""
    with pytest.raises(LanguageError, match="'fi'") as refusal:
        language_name("fi")
    assert "en, es, fr" in refusal.value.hint


@pytest.mark.parametrize(
    ("text", "said"), [("1", True), ("…ä", True), ("我", True), ("— “…” ***", False), ("\n", False)]
)
def test_only_letters_and_digits_are_spoken(text, said):
    """Points and dashes alone would be noise until the model is stopped."""
    assert speakable(text) is said


def test_clones_take_no_instruction():
    """A style is for presets and designs; a design is its description first."""
    assert Voice(kind=Kind.BASE).instruction(WHISPERED) == ""
    assert Voice(kind=Kind.CUSTOM_VOICE, speaker="ryan").instruction(WHISPERED) == "whispered"
    assert Voice(kind=Kind.VOICE_DESIGN, description="old").instruction(WHISPERED) == "old whispered"
    assert Voice(kind=Kind.VOICE_DESIGN, description="old").instruction(Delivery()) == "old"


@pytest.mark.parametrize(("rate_hz", "n_samples"), [(24_000, 15 * FRAME), (24_000, 15 * FRAME + 1), (16_000, 20_000)])
@pytest.mark.parametrize("transcript", ["Hello.", ""])
def test_a_recording_is_heard_in_whole_frames(rate_hz, n_samples, transcript, tmp_path):
    """The encoders get 24 kHz in whole frames, unchanged where it was so; codes are wanted with a transcript only."""
    sound = (0.1 * np.random.default_rng(1).standard_normal(n_samples)).astype(np.float32)
    path = tmp_path / "a.flac"
    path.write_bytes(encode_flac(sound, rate_hz))
    heard: list[tuple[Samples, bool]] = []

    def listen(clip: Samples, with_codes: bool):
        heard.append((clip, with_codes))
        return np.zeros(4, np.float32), np.zeros((3, 16), np.int16) if with_codes else None

    prompt = prepared(VoiceProfile(name="mara", source=Cloned(audio=path, transcript=transcript)), listen)
    ((clip, with_codes),) = heard
    assert len(clip) % FRAME == 0
    assert 0 <= len(clip) - n_samples * 24_000 / rate_hz < FRAME
    assert with_codes is bool(transcript)
    assert ("codes" in prompt.arrays) is bool(transcript)
    if n_samples == 15 * FRAME:
        assert np.abs(clip - sound).max() < 2**-22


@pytest.mark.parametrize("source", [Preset(speaker="Ryan"), Designed(description="old")])
def test_other_voices_are_ready_by_name(source):
    """Presets and designs need no encoder."""

    def listen(clip: Samples, with_codes: bool):
        raise AssertionError(clip, with_codes)

    assert prepared(VoiceProfile(name="v", source=source), listen).arrays == {}


def test_a_recording_that_is_gone_is_named():
    """A recording that is not there is named with its voice."""
    with pytest.raises(ProjectError, match=r"voice mara: nowhere\.wav cannot be read"):
        prepared(
            VoiceProfile(name="mara", source=Cloned(audio=Path("nowhere.wav"))),
            lambda *_: (np.zeros(1, np.float32), None),
        )
