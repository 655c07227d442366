"""Names, shapes and scales of every tensor of a Qwen3-TTS checkpoint, for the published sizes and any other."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["base", "custom_voice", "voice_design"]
N_GROUPS = 16
"""Codebooks of a frame."""
N_CONTROLS = 1024
"""Ids above the codebook in the talker's vocabulary: languages, speakers, controls. All but EOS are never generated."""
ENCODER_RATIOS = (8, 6, 5, 4)
DECODER_RATES, DECODER_RATIOS = (8, 5, 4, 3), (2, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSize:
    """A stack of Qwen3 blocks."""

    hidden: int
    n_layers: int
    intermediate: int
    n_heads: int = 16
    n_kv_heads: int = 8
    head_dim: int = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecSize:
    """The speech tokenizer: a Mimi encoder and a causal decoder."""

    hidden: int = 512
    latent: int = 1024
    n_layers: int = 8
    encoder_intermediate: int = 2048
    n_encoder_heads: int = 8
    decoder_intermediate: int = 1024
    n_decoder_heads: int = 16
    decoder_head_dim: int = 64
    decoder_dim: int = 1536
    n_filters: int = 64
    codebook_dim: int = 256
    """Of one codebook; the quantizer projects to twice as much."""
    gain_out: float = 1.0
    """Of the last convolution: sets the loudness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a checkpoint is."""

    name: str
    """As `tts_model_size` spells it: `0b6`."""
    talker: StackSize
    sub_talker: StackSize
    text_hidden: int = 2048
    n_text_ids: int = 151_936
    codebook: int = 2048
    speaker_channels: tuple[int, ...] = (512, 512, 512, 512, 1536)
    speaker_attention: int = 128
    codec: CodecSize = field(default_factory=CodecSize)
    eos_gain: float = 1.6
    """On the head's EOS row: the larger, the shorter the speech."""


SUB_TALKER = StackSize(hidden=1024, n_layers=5, intermediate=3072)
SIZES = {
    "0.6b": Size(name="0b6", talker=StackSize(hidden=1024, n_layers=28, intermediate=3072), sub_talker=SUB_TALKER),
    "1.7b": Size(name="1b7", talker=StackSize(hidden=2048, n_layers=28, intermediate=6144), sub_talker=SUB_TALKER),
}
"""The published sizes."""


class Tensor(NamedTuple):
    """A weight, drawn from a normal distribution."""

    name: str
    shape: tuple[int, ...]
    mean: float
    std: float


def _dense(name: str, *shape: int, gain: float = 1.5, bias: bool = False) -> Iterator[Tensor]:
    """A linear layer or convolution [out, in, …]; 1 / √fan-in keeps activations alive, HF's 0.02 collapses them."""
    yield Tensor(f"{name}.weight", shape, 0.0, gain / math.sqrt(math.prod(shape[1:])))
    if bias:
        yield Tensor(f"{name}.bias", (shape[0],), 0.0, 0.02)


def _norm(name: str, width: int, *, bias: bool = False) -> Iterator[Tensor]:
    yield Tensor(f"{name}.weight", (width,), 1.0, 0.1)
    if bias:
        yield Tensor(f"{name}.bias", (width,), 0.0, 0.02)


def _stack(prefix: str, size: StackSize) -> Iterator[Tensor]:
    hidden, head = size.hidden, size.head_dim
    for i in range(size.n_layers):
        layer = f"{prefix}.layers.{i}"
        yield from _dense(f"{layer}.self_attn.q_proj", size.n_heads * head, hidden)
        yield from _dense(f"{layer}.self_attn.k_proj", size.n_kv_heads * head, hidden)
        yield from _dense(f"{layer}.self_attn.v_proj", size.n_kv_heads * head, hidden)
        yield from _dense(f"{layer}.self_attn.o_proj", hidden, size.n_heads * head)
        yield from _norm(f"{layer}.self_attn.q_norm", head)
        yield from _norm(f"{layer}.self_attn.k_norm", head)
        yield from _dense(f"{layer}.mlp.gate_proj", size.intermediate, hidden)
        yield from _dense(f"{layer}.mlp.up_proj", size.intermediate, hidden)
        yield from _dense(f"{layer}.mlp.down_proj", hidden, size.intermediate)
        yield from _norm(f"{layer}.input_layernorm", hidden)
        yield from _norm(f"{layer}.post_attention_layernorm", hidden)
    yield from _norm(f"{prefix}.norm", hidden)


def model_tensors(size: Size, kind: Kind) -> Iterator[Tensor]:
    """Everything in `model.safetensors`."""
    hidden, text, sub = size.talker.hidden, size.text_hidden, size.sub_talker.hidden
    yield Tensor("talker.model.codec_embedding.weight", (size.codebook + N_CONTROLS, hidden), 0.0, 1.0)
    yield Tensor("talker.model.text_embedding.weight", (size.n_text_ids, text), 0.0, 1.0)
    yield from _dense("talker.text_projection.linear_fc1", text, text, bias=True)
    yield from _dense("talker.text_projection.linear_fc2", hidden, text, bias=True)
    yield from _stack("talker.model", size.talker)
    yield from _dense("talker.codec_head", size.codebook + N_CONTROLS, hidden, gain=2.0)
    predictor = "talker.code_predictor"
    for i in range(N_GROUPS - 1):
        yield Tensor(f"{predictor}.model.codec_embedding.{i}.weight", (size.codebook, hidden), 0.0, 1.0)
        yield from _dense(f"{predictor}.lm_head.{i}", size.codebook, sub, gain=2.0)
    yield from _stack(f"{predictor}.model", size.sub_talker)
    if sub != hidden:
        yield from _dense(f"{predictor}.small_to_mtp_projection", sub, hidden, bias=True)
    if kind == "base":
        yield from _speaker_encoder(size)


def _speaker_encoder(size: Size) -> Iterator[Tensor]:
    name, channels, attention = "speaker_encoder", size.speaker_channels, size.speaker_attention
    yield from _dense(f"{name}.blocks.0.conv", channels[0], 128, 5, bias=True)
    for i in range(1, len(channels) - 1):
        block, width = f"{name}.blocks.{i}", channels[i]
        yield from _dense(f"{block}.tdnn1.conv", width, channels[i - 1], 1, bias=True)
        for part in range(7):
            yield from _dense(f"{block}.res2net_block.blocks.{part}.conv", width // 8, width // 8, 3, bias=True)
        yield from _dense(f"{block}.tdnn2.conv", width, width, 1, bias=True)
        yield from _dense(f"{block}.se_block.conv1", attention, width, 1, bias=True)
        yield from _dense(f"{block}.se_block.conv2", width, attention, 1, bias=True)
    last = channels[-1]
    yield from _dense(f"{name}.mfa.conv", last, last, 1, bias=True)
    yield from _dense(f"{name}.asp.tdnn.conv", attention, 3 * last, 1, bias=True)
    yield from _dense(f"{name}.asp.conv", last, attention, 1, bias=True)
    yield from _dense(f"{name}.fc", size.talker.hidden, 2 * last, 1, bias=True)


def codec_tensors(size: Size) -> Iterator[Tensor]:
    """Everything in `speech_tokenizer/model.safetensors`."""
    yield from _encoder(size.codec)
    for part, n_books in (("semantic", 1), ("acoustic", 31)):
        name = f"encoder.quantizer.{part}_residual_vector_quantizer"
        yield from _dense(f"{name}.input_proj", size.codec.codebook_dim, size.codec.hidden, 1)
        yield from _dense(f"{name}.output_proj", size.codec.hidden, size.codec.codebook_dim, 1)
        for i in range(n_books):
            book = f"{name}.layers.{i}.codebook"
            yield Tensor(f"{book}.initialized", (1,), 1.0, 0.0)
            yield from _codebook(f"{book}.cluster_usage", f"{book}.embed_sum", size)
    yield from _decoder_front(size)
    yield from _decoder_back(size.codec)


def _codebook(usage: str, total: str, size: Size) -> Iterator[Tensor]:
    """Stored as running sums: the sum of the vectors of a cluster, and how many there were."""
    yield Tensor(usage, (size.codebook,), 2.0, 0.2)
    yield Tensor(total, (size.codebook, size.codec.codebook_dim), 0.0, 2.0)


def _encoder(codec: CodecSize) -> Iterator[Tensor]:
    name, width = "encoder.encoder.layers", codec.n_filters
    yield from _dense(f"{name}.0.conv", width, 1, 7, bias=True)
    for i, ratio in enumerate(reversed(ENCODER_RATIOS)):
        first = 1 + 3 * i  # a residual block, an activation without weights, a strided convolution
        yield from _dense(f"{name}.{first}.block.1.conv", width // 2, width, 3, bias=True)
        yield from _dense(f"{name}.{first}.block.3.conv", width, width // 2, 1, bias=True)
        yield from _dense(f"{name}.{first + 2}.conv", 2 * width, width, 2 * ratio, bias=True)
        width *= 2
    yield from _dense(f"{name}.{2 + 3 * len(ENCODER_RATIOS)}.conv", codec.hidden, width, 3, bias=True)
    for i in range(codec.n_layers):
        layer = f"encoder.encoder_transformer.layers.{i}"
        for part in "qkvo":
            yield from _dense(f"{layer}.self_attn.{part}_proj", codec.hidden, codec.hidden)
        yield from _dense(f"{layer}.mlp.fc1", codec.encoder_intermediate, codec.hidden)
        yield from _dense(f"{layer}.mlp.fc2", codec.hidden, codec.encoder_intermediate)
        yield from _norm(f"{layer}.input_layernorm", codec.hidden, bias=True)
        yield from _norm(f"{layer}.post_attention_layernorm", codec.hidden, bias=True)
        yield Tensor(f"{layer}.self_attn_layer_scale.scale", (codec.hidden,), 0.3, 0.1)
        yield Tensor(f"{layer}.mlp_layer_scale.scale", (codec.hidden,), 0.3, 0.1)
    yield from _dense("encoder.downsample.conv", codec.hidden, codec.hidden, 4)


def _decoder_front(size: Size) -> Iterator[Tensor]:
    """From codes to the transformer's output."""
    codec = size.codec
    for part, n_books in (("first", 1), ("rest", N_GROUPS - 1)):
        name = f"decoder.quantizer.rvq_{part}"
        yield from _dense(f"{name}.input_proj", codec.codebook_dim, 2 * codec.codebook_dim, 1)
        yield from _dense(f"{name}.output_proj", 2 * codec.codebook_dim, codec.codebook_dim, 1, gain=1.0)
        for i in range(n_books):
            book = f"{name}.vq.layers.{i}._codebook"
            yield from _codebook(f"{book}.cluster_usage", f"{book}.embedding_sum", size)
    yield from _dense("decoder.pre_conv.conv", codec.latent, 2 * codec.codebook_dim, 3, gain=1.0, bias=True)
    name, inner = "decoder.pre_transformer", codec.n_decoder_heads * codec.decoder_head_dim
    yield from _dense(f"{name}.input_proj", codec.hidden, codec.latent, gain=1.0, bias=True)
    yield from _dense(f"{name}.output_proj", codec.latent, codec.hidden, gain=1.0, bias=True)
    for i in range(codec.n_layers):
        layer = f"{name}.layers.{i}"
        for part in "qkv":
            yield from _dense(f"{layer}.self_attn.{part}_proj", inner, codec.hidden, gain=1.0)
        yield from _dense(f"{layer}.self_attn.o_proj", codec.hidden, inner, gain=1.0)
        yield from _dense(f"{layer}.mlp.gate_proj", codec.decoder_intermediate, codec.hidden, gain=1.0)
        yield from _dense(f"{layer}.mlp.up_proj", codec.decoder_intermediate, codec.hidden, gain=1.0)
        yield from _dense(f"{layer}.mlp.down_proj", codec.hidden, codec.decoder_intermediate, gain=1.0)
        yield from _norm(f"{layer}.input_layernorm", codec.hidden)
        yield from _norm(f"{layer}.post_attention_layernorm", codec.hidden)
        yield Tensor(f"{layer}.self_attn_layer_scale.scale", (codec.hidden,), 0.3, 0.1)
        yield Tensor(f"{layer}.mlp_layer_scale.scale", (codec.hidden,), 0.3, 0.1)
    yield from _norm(f"{name}.norm", codec.hidden)


def _decoder_back(codec: CodecSize) -> Iterator[Tensor]:
    """From the transformer's output to samples; Snake explodes with large gains, so these are small."""
    width = codec.latent
    for i, factor in enumerate(DECODER_RATIOS):
        yield from _up(f"decoder.upsample.{i}.0.conv", width, width, factor)
        block = f"decoder.upsample.{i}.1"
        yield from _dense(f"{block}.dwconv.conv", width, 1, 7, gain=1.0, bias=True)
        yield from _norm(f"{block}.norm", width, bias=True)
        yield from _dense(f"{block}.pwconv1", 4 * width, width, gain=1.0, bias=True)
        yield from _dense(f"{block}.pwconv2", width, 4 * width, gain=1.0, bias=True)
        yield Tensor(f"{block}.gamma", (width,), 0.3, 0.1)
    width = codec.decoder_dim
    yield from _dense("decoder.decoder.0.conv", width, codec.latent, 7, gain=0.5, bias=True)
    for i, rate in enumerate(DECODER_RATES, start=1):
        block = f"decoder.decoder.{i}.block"
        yield from _snake(f"{block}.0", width)
        yield from _up(f"{block}.1.conv", width, width // 2, 2 * rate, gain=0.5)
        width //= 2
        for unit in (2, 3, 4):
            yield from _snake(f"{block}.{unit}.act1", width)
            yield from _dense(f"{block}.{unit}.conv1.conv", width, width, 7, gain=0.5, bias=True)
            yield from _snake(f"{block}.{unit}.act2", width)
            yield from _dense(f"{block}.{unit}.conv2.conv", width, width, 1, gain=0.5, bias=True)
    last = len(DECODER_RATES) + 1
    yield from _snake(f"decoder.decoder.{last}", width)
    yield from _dense(f"decoder.decoder.{last + 1}.conv", 1, width, 7, gain=codec.gain_out, bias=True)


def _up(name: str, n_in: int, n_out: int, kernel: int, gain: float = 1.0) -> Iterator[Tensor]:
    """A transposed convolution: weight [in, out, kernel], two of whose steps reach each sample."""
    yield Tensor(f"{name}.weight", (n_in, n_out, kernel), 0.0, gain / math.sqrt(n_in))
    yield Tensor(f"{name}.bias", (n_out,), 0.0, 0.02)


def _snake(name: str, width: int) -> Iterator[Tensor]:
    yield Tensor(f"{name}.alpha", (width,), 0.0, 0.2)
    yield Tensor(f"{name}.beta", (width,), 0.0, 0.2)
