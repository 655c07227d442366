"""A clip's voice is the vector that the package computes."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from narrator.engines.qwen3.checkpoint import read_checkpoint  # noqa: E402 - needs torch
from narrator.engines.qwen3.mel import log_mel  # noqa: E402
from narrator.engines.qwen3.speaker import SpeakerEncoder  # noqa: E402
from narrator.errors import EngineError  # noqa: E402
from tests.engines.qwen3.tiny import TINY, TINY_EQUAL  # noqa: E402

CPU = torch.device("cpu")
WIDE = dataclasses.replace(TINY, name="wide", speaker_channels=(512, 512, 512, 512, 1536), speaker_attention=128)
"""With a speaker encoder of the published size."""


@pytest.mark.usefixtures("package")
def test_the_spectrogram_is_the_package_s(clip):
    """128 bands a frame, as the package's own function gives them with librosa's filters."""
    from qwen_tts.core.models.modeling_qwen3_tts import mel_spectrogram

    theirs = mel_spectrogram(torch.from_numpy(clip)[None], 1024, 128, 24_000, 256, 1024, 0, 12_000)[0].T
    ours = log_mel(torch.from_numpy(clip))
    assert ours.shape == theirs.shape == (len(clip) // 256, 128)
    assert torch.allclose(ours, theirs, atol=2e-6)


@pytest.mark.parametrize("size", [TINY, TINY_EQUAL, WIDE], ids=lambda size: size.name)
@pytest.mark.parametrize("n_samples", [24_000, 30_720, 25_001])
def test_the_embedding_is_the_package_s(size, n_samples, official, checkpoints, clip):
    """The embedding of a clip lies within 1e-5 of the package's, for clips of any length."""
    model = official("base", size).model
    samples = clip[:n_samples]
    theirs = model.extract_speaker_embedding(samples, 24_000)
    ours = SpeakerEncoder(read_checkpoint(checkpoints("base", size)), CPU).embedding(torch.from_numpy(samples))
    assert ours.shape == (size.talker.hidden,)
    assert (ours - theirs).abs().max() < 1e-5 * theirs.abs().max().clamp(min=1)


def test_silence_has_an_embedding(checkpoints):
    """Digital silence gives numbers, not NaN."""
    encoder = SpeakerEncoder(read_checkpoint(checkpoints("base")), CPU)
    assert torch.isfinite(encoder.embedding(torch.from_numpy(np.zeros(24_000, np.float32)))).all()


def test_a_model_without_speaker_encoder_is_refused(checkpoints):
    """CustomVoice models clone no voice, and the error says which do."""
    with pytest.raises(EngineError, match="speaker encoder") as refusal:
        SpeakerEncoder(read_checkpoint(checkpoints("custom_voice")), CPU)
    assert "Base" in refusal.value.hint
