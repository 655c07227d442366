"""The tiny checkpoints are what the package takes for real ones."""

import math

import pytest
from safetensors import safe_open

from scripts.bench.random_qwen3.shapes import SIZES, codec_tensors, model_tensors
from tests.engines.qwen3.tiny import TINY, TINY_EQUAL

KINDS = ("base", "custom_voice", "voice_design")
GREEDY = {"do_sample": False, "subtalker_dosample": False, "max_new_tokens": 100}
TEXTS = ["Yes.", "“No!” said the King.", "There was no moon, and the road went on between black hedges."]


@pytest.mark.parametrize("size", [TINY, TINY_EQUAL], ids=lambda size: size.name)
@pytest.mark.parametrize("kind", KINDS)
def test_every_tensor_of_the_package_is_there(kind, size, official, checkpoints):
    """A tiny checkpoint has exactly the tensors that the package's model has, codec included."""
    model = official(kind, size).model
    with safe_open(checkpoints(kind, size) / "model.safetensors", "pt") as file:
        assert {n: tuple(file.get_slice(n).get_shape()) for n in file.keys()} == {  # noqa: SIM118 - not a dict
            n: tuple(t.shape) for n, t in model.state_dict().items()
        }
    with safe_open(checkpoints(kind, size) / "speech_tokenizer" / "model.safetensors", "pt") as file:
        assert set(file.keys()) == set(model.speech_tokenizer.model.state_dict())


def test_greedy_speech_ends_by_itself_at_varied_lengths(official):
    """Greedy speech of the tiny model ends before the cap, and lines differ in length."""
    waves, rate = official("voice_design").generate_voice_design(
        TEXTS, instruct="old, dry", language="english", **GREEDY
    )
    n_frames = [len(wave) / 1920 for wave in waves]
    assert rate == 24_000
    assert all(2 <= n <= 60 for n in n_frames)
    assert len(set(n_frames)) > 1


@pytest.mark.parametrize(("name", "n_millions"), [("0.6b", 914.6), ("1.7b", 1928.7)])
def test_full_sizes_have_the_published_number_of_parameters(name, n_millions):
    """The shapes of the full sizes add up to the parameter counts of the published models."""
    assert sum(math.prod(t.shape) for t in model_tensors(SIZES[name], "base")) / 1e6 == pytest.approx(
        n_millions, abs=0.1
    )
    decoder = sum(math.prod(t.shape) for t in codec_tensors(SIZES[name]) if t.name.startswith("decoder."))
    assert decoder / 1e6 == pytest.approx(114.3, abs=0.1)
