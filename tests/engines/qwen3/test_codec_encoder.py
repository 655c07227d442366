"""A reference clip has the codes that the package gives it."""

import dataclasses
import json
import shutil
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from safetensors.torch import load_file, save_file  # noqa: E402 - needs torch

from narrator.domain import Samples  # noqa: E402
from narrator.engines.qwen3.checkpoint import read_checkpoint  # noqa: E402 - needs torch
from narrator.engines.qwen3.codec_encoder import CodecEncoder  # noqa: E402
from narrator.errors import EngineError  # noqa: E402
from scripts.bench.random_qwen3.shapes import Size  # noqa: E402
from tests.engines.qwen3.tiny import TINY  # noqa: E402

CPU = torch.device("cpu")
REAL_CODEC = dataclasses.replace(TINY, name="codec", codebook=2048, codec=type(TINY.codec)())
"""The codec in its published size, beside a tiny talker."""


def both(official: Any, checkpoints: Any, samples: Samples, size: Size = TINY) -> tuple[Any, Any]:
    """Codes by the package and by us."""
    theirs = official("base", size).model.speech_tokenizer.encode(samples, sr=24_000).audio_codes[0]
    ours = CodecEncoder(read_checkpoint(checkpoints("base", size)), CPU).codes(torch.from_numpy(samples))
    return theirs, ours


@pytest.mark.parametrize("n_frames", [1, 2, 13, 16])
def test_codes_are_the_package_s(n_frames, official, checkpoints, clip):
    """All sixteen codes of every frame are equal, from one frame on."""
    theirs, ours = both(official, checkpoints, clip[: n_frames * 1920])
    assert ours.shape == (n_frames, 16)
    assert ours.dtype == torch.int64
    assert torch.equal(ours, theirs)


def test_long_references_have_no_window(official, checkpoints, clip):
    """Past the 250 positions of Mimi's window (10 s), which the package does not apply, codes are still equal."""
    samples = np.concatenate([clip * gain for gain in np.linspace(0.3, 1, 11, dtype=np.float32)])
    theirs, ours = both(official, checkpoints, samples)
    assert len(ours) == 176
    assert torch.equal(ours, theirs)
    assert len(torch.unique(ours)) > 32


@pytest.mark.slow
def test_codes_of_the_real_size_are_the_package_s(official, checkpoints, clip):
    """With a codec of the published size codes are equal too."""
    theirs, ours = both(official, checkpoints, clip, REAL_CODEC)
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize("n_samples", [0, 1, 1919, 1921])
def test_a_reference_in_parts_of_a_frame_is_a_mistake(n_samples, checkpoints, clip):
    """Who hands over broken frames has forgotten to cut the clip."""
    encoder = CodecEncoder(read_checkpoint(checkpoints("base")), CPU)
    with pytest.raises(ValueError, match="whole frames of 1920"):
        encoder.codes(torch.from_numpy(clip[:n_samples]))


def test_a_codec_without_its_encoder_is_refused(checkpoints, tmp_path, clip):
    """A tensor that is not there is named."""
    folder = shutil.copytree(checkpoints("base"), tmp_path / "half")
    path = folder / "speech_tokenizer" / "model.safetensors"
    save_file({name: t for name, t in load_file(path).items() if ".downsample." not in name}, path)
    with pytest.raises(EngineError, match=r"encoder\.downsample\.conv\.weight is missing"):
        CodecEncoder(read_checkpoint(folder), CPU).codes(torch.from_numpy(clip))


def test_an_encoder_of_another_kind_is_refused(checkpoints, tmp_path):
    """A codec that would have to be computed otherwise is refused by name of the setting."""
    folder = shutil.copytree(checkpoints("base"), tmp_path / "strange")
    path = folder / "speech_tokenizer" / "config.json"
    config = json.loads(path.read_text())
    config["encoder_config"]["use_causal_conv"] = False
    path.write_text(json.dumps(config))
    with pytest.raises(EngineError, match="use_causal_conv is False"):
        CodecEncoder(read_checkpoint(folder), CPU)
