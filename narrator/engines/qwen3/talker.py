"""The weights that speak: the talker, its sub-talker, and the tables between them."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import embedding, linear, silu

from narrator.engines.qwen3.config import SUPPRESSED_TAIL, Checkpoint, ModelConfig
from narrator.engines.qwen3.operations import PLAIN, Operations
from narrator.engines.qwen3.stack import Stack, load_stack
from narrator.engines.qwen3.weights import Weights

TALKER = "talker."
SUB_TALKER = "code_predictor."


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """A linear layer with a bias."""

    weight: Tensor
    bias: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """`x` [..., in] → [..., out]."""
        return linear(x, self.weight, self.bias)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talker:
    """Everything between text tokens and codes. H is the talker's hidden size, h the sub-talker's."""

    config: ModelConfig
    stack: Stack
    sub: Stack
    text_table: Tensor
    """[text tokens, text hidden]"""
    text_in: Dense
    text_out: Dense
    codec_table: Tensor
    """[codec tokens, H]; its first rows are the codes of the first codebook."""
    code_tables: Tensor
    """[15, codes, H], of the other codebooks."""
    narrow: Dense | None
    """From H to h; none where they are equal."""
    codec_inputs: Tensor
    """`codec_table` as the sub-talker hears it, [codec tokens, h]."""
    code_inputs: Tensor
    """`code_tables` as the sub-talker hears them, [15, codes, h]."""
    head: Tensor
    """[codec tokens, H]"""
    code_heads: Tensor
    """[15, codes, h]"""
    suppressed: Tensor
    """True for codec tokens that are never said, shape [codec tokens]."""
    pad: Tensor
    """What stands beside a frame when the text has run out, shape [H]."""
    operations: Operations = PLAIN

    def using(self, operations: Operations) -> "Talker":
        """The same weights, computed by other operations."""
        stack, sub = (replace(each, operations=operations.layers) for each in (self.stack, self.sub))
        return replace(self, operations=operations, stack=stack, sub=sub)

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.head.device

    def to_sub(self, hidden: Tensor) -> Tensor:
        """[..., H] → [..., h]."""
        return hidden if self.narrow is None else self.narrow(hidden)

    def text(self, tokens: Tensor) -> Tensor:
        """Text tokens [...] as the talker hears them, shape [..., H]."""
        return self.text_out(silu(self.text_in(embedding(tokens, self.text_table))))

    def frames(self, codes: Tensor) -> Tensor:
        """Frames of codes [n, 16] as the talker hears them, shape [n, H]."""
        first = embedding(codes[:, 0], self.codec_table)
        rest = [embedding(codes[:, n + 1], table) for n, table in enumerate(self.code_tables)]
        return torch.stack((first, *rest), dim=1).sum(1)


def load_talker(checkpoint: Checkpoint, *, device: torch.device, dtype: torch.dtype) -> Talker:
    """Read `model.safetensors`, all but the speaker encoder.

    Raises:
        MissingError, EngineError: As `Weights`.
    """
    config = checkpoint.model
    wide, thin, n_more = config.talker.hidden, config.sub_talker.hidden, config.n_codebooks - 1
    with Weights(checkpoint.folder, TALKER, device=device, dtype=dtype) as weights:
        codec_table = weights.take("model.codec_embedding.weight", config.n_codec_tokens, wide)
        code_tables = _stacked(weights, "model.codec_embedding", n_more, config.n_codes, wide)
        code_heads = _stacked(weights, "lm_head", n_more, config.n_codes, thin)
        narrow = None if wide == thin else _dense(weights, f"{SUB_TALKER}small_to_mtp_projection", wide, thin)
        text_table = weights.take("model.text_embedding.weight", config.n_text_tokens, config.text_hidden)
        text_in = _dense(weights, "text_projection.linear_fc1", config.text_hidden, config.text_hidden)
        text_out = _dense(weights, "text_projection.linear_fc2", config.text_hidden, wide)
        pad_id = torch.tensor([config.text.pad], device=device)
        return Talker(
            config=config,
            stack=load_stack(weights, "model.", config.talker),
            sub=load_stack(weights, f"{SUB_TALKER}model.", config.sub_talker),
            text_table=text_table,
            text_in=text_in,
            text_out=text_out,
            codec_table=codec_table,
            code_tables=code_tables,
            narrow=narrow,
            codec_inputs=codec_table if narrow is None else narrow(codec_table),
            code_inputs=code_tables if narrow is None else narrow(code_tables),
            head=weights.take("codec_head.weight", config.n_codec_tokens, wide),
            code_heads=code_heads,
            suppressed=_suppressed(config, device),
            pad=text_out(silu(text_in(embedding(pad_id, text_table))))[0],
        )


def _stacked(weights: Weights, name: str, n: int, *shape: int) -> Tensor:
    return torch.stack([weights.take(f"{SUB_TALKER}{name}.{index}.weight", *shape) for index in range(n)])


def _dense(weights: Weights, name: str, n_in: int, n_out: int) -> Dense:
    return Dense(weight=weights.take(f"{name}.weight", n_out, n_in), bias=weights.take(f"{name}.bias", n_out))


def _suppressed(config: ModelConfig, device: torch.device) -> Tensor:
    ids = torch.arange(config.n_codec_tokens, device=device)
    return (ids >= config.n_codec_tokens - SUPPRESSED_TAIL) & (ids != config.codec.eos)
