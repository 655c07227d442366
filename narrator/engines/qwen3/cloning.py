"""A clip → what is kept of its voice, by our own encoders."""

import numpy as np
import torch
from numpy.typing import NDArray

from narrator.domain import Samples
from narrator.engines.qwen3.codec_encoder import CodecEncoder
from narrator.engines.qwen3.config import Checkpoint
from narrator.engines.qwen3.speaker import SpeakerEncoder
from narrator.engines.qwen3.voiceprompt import Listener


def listener(checkpoint: Checkpoint, device: str = "cpu") -> Listener:
    """The encoders of a Base checkpoint; they are loaded when the first clip is heard.

    Raises (when a clip is heard):
        MissingError: The checkpoint has no weights.
        EngineError: They are damaged, or not those of a Base model.
    """

    def listen(clip: Samples, with_codes: bool) -> tuple[NDArray[np.float32], NDArray[np.int16] | None]:  # noqa: FBT001 - a Listener
        on, samples = torch.device(device), torch.from_numpy(clip)
        embedding = SpeakerEncoder(checkpoint, on).embedding(samples).cpu().numpy()
        codes = CodecEncoder(checkpoint, on).codes(samples).to(torch.int16).cpu().numpy() if with_codes else None
        return embedding, codes

    return listen
