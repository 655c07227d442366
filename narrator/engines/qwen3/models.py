"""Checkpoints in memory: the parts that speak, on the device and in the numbers that were chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from narrator.engines.qwen3.codec import Codec, load_codec
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import Checkpoint, Kind
from narrator.engines.qwen3.talker import Talker, load_talker
from narrator.engines.qwen3.tokenizer import TextTokenizer
from narrator.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A checkpoint, loaded."""

    checkpoint: Checkpoint
    tokenizer: TextTokenizer
    talker: Talker
    codec: Codec


def load_model(checkpoint: Checkpoint, how: Computing) -> Model:
    """One checkpoint.

    Raises:
        MissingError: It has no weights.
        EngineError: They are damaged.
        torch.OutOfMemoryError: They do not fit on the device.
    """
    device, dtype = torch.device(how.device), getattr(torch, how.dtype)
    return Model(
        checkpoint=checkpoint,
        tokenizer=TextTokenizer(checkpoint),
        talker=load_talker(checkpoint, device=device, dtype=dtype),
        codec=load_codec(checkpoint, device=device, dtype=dtype),
    )


def load_models(parts: Mapping[Kind, Checkpoint], how: Computing) -> dict[Kind, Model]:
    """All of these checkpoints, together.

    Raises:
        MissingError: A checkpoint has no weights.
        EngineError: Weights are damaged, or do not fit on the device.
    """
    try:
        return {kind: load_model(checkpoint, how) for kind, checkpoint in parts.items()}
    except torch.OutOfMemoryError as error:
        raise EngineError(
            f"the weights of {len(parts)} models do not fit on {how.device}",
            hint="Take the smaller models: engine: {size: 0.6b}. Or cast fewer kinds of voice.",
        ) from error
