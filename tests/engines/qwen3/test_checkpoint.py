"""Checkpoint folders are read whole, or refused by file and key."""

import json
import shutil

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.config import Dice, Kind, Sampling
from narrator.errors import EngineError, MissingError
from tests.engines.qwen3.tiny import TINY_EQUAL


@pytest.fixture
def folder(checkpoints, tmp_path):
    """A custom voice checkpoint that may be changed."""
    return shutil.copytree(checkpoints("custom_voice"), tmp_path / "model")


def change(folder, file, path, value) -> None:
    """Set, or with None remove, a key of a JSON file; `path` is dotted."""
    config = json.loads((folder / file).read_text("utf-8"))
    *way, last = path.split(".")
    section = config
    for key in way:
        section = section[key]
    section[last] = value
    (folder / file).write_text(json.dumps(config), "utf-8")


def test_shapes_ids_and_speakers_come_from_the_file(checkpoints):
    """What the tiny configuration says is what is read, where the package's own defaults are far off."""
    read = read_checkpoint(checkpoints("custom_voice"))
    assert read.model.kind is Kind.CUSTOM_VOICE
    assert (read.model.n_codebooks, read.model.n_codes, read.model.n_codec_tokens) == (16, 64, 64 + 1024)
    assert (read.model.talker.hidden, read.model.sub_talker.hidden) == (64, 32)
    assert read.model.codec.eos == 64 + 102
    assert {s.name: s.dialect for s in read.model.speakers}["eric"] == "sichuan_dialect"
    assert read.codec.samples_per_frame == 1920
    assert read.codec.window == 72
    assert read.sampling == Sampling(talker=Dice(), sub_talker=Dice(), penalty=1.05)


@pytest.mark.parametrize("name", ["config.json", "generation_config.json", "speech_tokenizer/config.json"])
def test_a_missing_file_is_named(folder, name):
    """A folder without one of its files is no checkpoint, and the error says which."""
    (folder / name).unlink()
    with pytest.raises(MissingError, match=name) as refusal:
        read_checkpoint(folder)
    assert "speech_tokenizer/" in refusal.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_a_damaged_file_is_named(folder, text):
    """What is no JSON object is refused by name."""
    (folder / "config.json").write_text(text, "utf-8")
    with pytest.raises(EngineError, match=r"config\.json: not"):
        read_checkpoint(folder)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("model_type", "qwen3"),
        ("tts_model_type", "singing"),
        ("tokenizer_type", "qwen3_tts_tokenizer_25hz"),
        ("talker_config.hidden_act", "gelu"),
        ("talker_config.attention_bias", True),
        ("talker_config.rope_scaling.rope_type", "yarn"),
        ("talker_config.code_predictor_config.use_sliding_window", True),
        ("talker_config.code_predictor_config.num_code_groups", 8),
    ],
)
def test_what_would_be_computed_otherwise_is_refused(folder, path, value):
    """A variant that this engine does not know is refused with its key and its value, never computed wrongly."""
    change(folder, "config.json", path, value)
    with pytest.raises(EngineError) as refusal:
        read_checkpoint(folder)
    assert path.rpartition(".")[2] in refusal.value.message
    assert repr(value) in refusal.value.message


@pytest.mark.parametrize(
    "path", ["talker_config.codec_bos_id", "talker_config.head_dim", "tts_pad_token_id", "talker_config.spk_id"]
)
def test_nothing_is_taken_from_defaults(folder, path):
    """A key that is missing is an error, since the defaults of the package are for other models."""
    change(folder, "config.json", path, None)
    with pytest.raises(EngineError, match=f"{path.rpartition('.')[2]} is missing"):
        read_checkpoint(folder)


def test_a_codec_of_another_model_is_refused(folder):
    """Model and codec must speak the same codes."""
    change(folder, "speech_tokenizer/config.json", "decoder_config.codebook_size", 128)
    with pytest.raises(EngineError, match=r"16 x 64 codes, its codec 16 x 128"):
        read_checkpoint(folder)


def test_sampling_is_read_and_may_be_greedy(folder):
    """Sampling comes from generation_config.json, and `do_sample: false` is the likeliest token always."""
    change(folder, "generation_config.json", "do_sample", False)
    change(folder, "generation_config.json", "subtalker_temperature", 0.5)
    change(folder, "generation_config.json", "repetition_penalty", None)
    read = read_checkpoint(folder).sampling
    assert read.talker.top_k == 1
    assert read.sub_talker == Dice(temperature=0.5)
    assert read.penalty == 1.05


def test_the_small_custom_voice_model_takes_no_instructions(checkpoints):
    """Instructions are for the large CustomVoice model and for VoiceDesign."""
    assert read_checkpoint(checkpoints("custom_voice")).model.takes_instructions
    assert read_checkpoint(checkpoints("voice_design")).model.takes_instructions
    assert not read_checkpoint(checkpoints("custom_voice", TINY_EQUAL)).model.takes_instructions
    assert not read_checkpoint(checkpoints("base")).model.takes_instructions
