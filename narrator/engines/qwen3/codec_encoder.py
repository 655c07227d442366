"""The codec's encoder: a reference clip → the codes that stand for it in a prompt. Mimi (arXiv 2410.00037), causal.

Widths, kernels and strides are those of the tensors. Attention is over everything before, as the package computes it:
its window of 250 is never applied there. One clip at a time and in whole frames, because otherwise the last frame's
codes would depend on the padding.
"""

import json
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import conv1d, elu, gelu, layer_norm, linear, pad, scaled_dot_product_attention

from narrator.engines.qwen3.config import Checkpoint, StackShape
from narrator.engines.qwen3.stack import rotate, rotations
from narrator.engines.qwen3.weights import Weights
from narrator.errors import EngineError

_LEAST_USED = 1e-5
"""A codebook's vectors are sums; what was counted less often than this is divided by this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What no tensor tells, with Mimi's own value where the configuration is silent."""

    n_heads: int
    rope_theta: float
    norm_eps: float


class CodecEncoder:
    """Computes in float32 whatever the model's dtype: it runs once a voice, and codes are decided by small distances.

    Raises:
        MissingError: The checkpoint has no codec.
        EngineError: Its codec is damaged, or of a kind that is not known here.
    """

    def __init__(self, checkpoint: Checkpoint, device: torch.device) -> None:
        self._facts = _facts(checkpoint)
        self._codec = checkpoint.codec
        self._folder = checkpoint.codec_folder
        self._device = device
        with Weights(checkpoint.codec_folder, "encoder.", device=device, dtype=torch.float32) as weights:
            self._weights = weights.rest()

    @torch.inference_mode()
    def codes(self, samples: Tensor) -> Tensor:
        """Codes of a clip, shape [n_frames, n_codebooks], int64.

        Args:
            samples: Mono at 24 kHz, shape [n_frames x 1920].
        """
        if not len(samples) or len(samples) % self._codec.samples_per_frame:
            raise ValueError(f"a reference has whole frames of {self._codec.samples_per_frame} samples")
        try:
            x = self._heard(samples.to(self._device)[None, None])
            x = self._conv("downsample.conv", self._transformed(x), mode="replicate")
            return self._quantized(x)
        except KeyError as error:
            raise EngineError(
                f"{self._folder}: encoder.{error.args[0]} is missing",
                hint="Get this checkpoint again; it is damaged, or of a model not known here.",
            ) from error

    def _heard(self, x: Tensor) -> Tensor:
        """The convolutional front, [1, channels, 25 a second]."""
        x = self._conv("encoder.layers.0.conv", x)
        at = 1
        while f"encoder.layers.{at}.block.1.conv.weight" in self._weights:
            inner = self._conv(f"encoder.layers.{at}.block.1.conv", elu(x))
            x = x + self._conv(f"encoder.layers.{at}.block.3.conv", elu(inner))
            x = self._conv(f"encoder.layers.{at + 2}.conv", elu(x), strided=True)
            at += 3
        return self._conv(f"encoder.layers.{at + 1}.conv", elu(x))

    def _transformed(self, x: Tensor) -> Tensor:
        x = x.transpose(1, 2)
        n_heads, hidden = self._facts.n_heads, x.shape[2]
        shape = StackShape(
            n_layers=0,
            hidden=hidden,
            intermediate=0,
            n_heads=n_heads,
            n_kv_heads=n_heads,
            head_dim=hidden // n_heads,
            rope_theta=self._facts.rope_theta,
            norm_eps=self._facts.norm_eps,
        )
        rotation = rotations(shape, x.shape[1], x)
        n = 0
        while f"encoder_transformer.layers.{n}.mlp.fc1.weight" in self._weights:
            x = self._layer(f"encoder_transformer.layers.{n}", x, rotation)
            n += 1
        return x.transpose(1, 2)

    def _layer(self, name: str, x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
        weights = self._weights
        y = self._norm(f"{name}.input_layernorm", x)
        heads = (*x.shape[:2], self._facts.n_heads, -1)
        q, k, v = (
            linear(y, weights[f"{name}.self_attn.{part}_proj.weight"]).view(heads).transpose(1, 2) for part in "qkv"
        )
        y = scaled_dot_product_attention(rotate(q, rotation), rotate(k, rotation), v, is_causal=True)
        y = y.transpose(1, 2).flatten(2)
        y = linear(y, weights[f"{name}.self_attn.o_proj.weight"])
        x = x + weights[f"{name}.self_attn_layer_scale.scale"] * y
        y = linear(self._norm(f"{name}.post_attention_layernorm", x), weights[f"{name}.mlp.fc1.weight"])
        return x + weights[f"{name}.mlp_layer_scale.scale"] * linear(gelu(y), weights[f"{name}.mlp.fc2.weight"])

    def _quantized(self, x: Tensor) -> Tensor:
        """The nearest vector of the first codebook; of the others each for what the ones before it left over."""
        semantic = self._residual_codes("semantic", x, 1)
        return torch.stack(semantic + self._residual_codes("acoustic", x, self._codec.n_codebooks - 1), dim=1)

    def _residual_codes(self, part: str, x: Tensor, n_books: int) -> list[Tensor]:
        name = f"quantizer.{part}_residual_vector_quantizer"
        left = conv1d(x, self._weights[f"{name}.input_proj.weight"])[0].T
        found = []
        for n in range(n_books):
            book = f"{name}.layers.{n}.codebook"
            vectors = self._weights[f"{book}.embed_sum"]
            vectors = vectors / self._weights[f"{book}.cluster_usage"].clamp(min=_LEAST_USED)[:, None]
            codes = torch.cdist(left[None], vectors[None])[0].argmin(dim=-1)
            left = left - vectors[codes]
            found.append(codes)
        return found

    def _norm(self, name: str, x: Tensor) -> Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return layer_norm(x, weight.shape, weight, bias, self._facts.norm_eps)

    def _conv(self, name: str, x: Tensor, *, strided: bool = False, mode: str = "constant") -> Tensor:
        """Hears only what was before; strided ones and those that replicate step by half their kernel."""
        weight = self._weights[f"{name}.weight"]
        stride = weight.shape[2] // 2 if strided or mode == "replicate" else 1
        x = pad(x, (weight.shape[2] - stride, 0), mode=mode)
        return conv1d(x, weight, self._weights.get(f"{name}.bias"), stride=stride)


def _facts(checkpoint: Checkpoint) -> _Facts:
    path = checkpoint.codec_folder / "config.json"
    config: dict[str, Any] = json.loads(path.read_text("utf-8")).get("encoder_config") or {}
    expected = {"use_causal_conv": True, "pad_mode": "constant", "dilation_growth_rate": 2, "num_residual_layers": 1,
                "use_conv_shortcut": False, "hidden_act": "gelu", "num_semantic_quantizers": 1,
                "attention_bias": False}  # fmt: skip
    strange = [key for key, value in expected.items() if config.get(key, value) != value]
    if strange:
        raise EngineError(
            f"{path}: {strange[0]} is {config[strange[0]]!r}; this engine computes {expected[strange[0]]!r}",
            hint="Use one of the released 12 Hz checkpoints of Qwen3-TTS.",
        )
    return _Facts(
        n_heads=int(config.get("num_attention_heads") or 8),
        rope_theta=float(config.get("rope_theta") or 10_000.0),
        norm_eps=float(config.get("norm_eps") or 1e-5),
    )
