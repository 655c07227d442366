"""Weights are taken once each, by name and shape."""

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch
from safetensors.torch import save_file

from narrator.engines.qwen3.weights import Weights
from narrator.errors import EngineError, MissingError

CPU = torch.device("cpu")


@pytest.fixture
def folder(tmp_path):
    """Two shards."""
    save_file({"a.x": torch.ones(2, 3), "b.y": torch.zeros(1)}, tmp_path / "model-00001-of-00002.safetensors")
    save_file({"a.z": torch.ones(4)}, tmp_path / "model-00002-of-00002.safetensors")
    return tmp_path


def weights(folder) -> Weights:
    """The tensors under `a.` in float64."""
    return Weights(folder, "a.", device=CPU, dtype=torch.float64)


def test_tensors_are_found_in_every_shard(folder):
    """A prefix is cut off, the dtype is the one asked for, and tensors of another prefix are nobody's business."""
    with weights(folder) as opened:
        assert opened.take("x", 2, 3).dtype == torch.float64
        assert opened.take("z", 4).sum() == 4


@pytest.mark.parametrize(
    ("name", "shape", "match"), [("w", (1,), r"a\.w is missing"), ("z", (5,), r"a\.z has the shape \[4\], not \[5\]")]
)
def test_a_missing_or_misshapen_tensor_is_named(folder, name, shape, match):
    """Weights of another model are refused by the first tensor that does not fit."""
    with pytest.raises(EngineError, match=match), weights(folder) as opened:
        opened.take(name, *shape)


def test_a_tensor_that_nobody_takes_is_an_error(folder):
    """Weights that are not computed with would be a model that is not known; what is dropped by name is allowed."""
    with pytest.raises(EngineError, match=r"1 tensors are not known, the first is a\.z"), weights(folder) as opened:
        opened.take("x", 2, 3)
    with weights(folder) as opened:
        opened.take("x", 2, 3)
        opened.drop("z", "not there")


def test_only_safetensors_are_read(tmp_path):
    """A pickle beside the configuration is not looked at."""
    torch.save({"a.x": torch.ones(1)}, tmp_path / "pytorch_model.bin")
    with pytest.raises(MissingError, match=r"no model\.safetensors") as refusal:
        weights(tmp_path)
    assert "run code" in refusal.value.hint


def test_damaged_weights_are_refused(tmp_path):
    """A file that breaks off is named."""
    (tmp_path / "model.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{")
    with pytest.raises(EngineError, match="damaged weights"):
        weights(tmp_path)
