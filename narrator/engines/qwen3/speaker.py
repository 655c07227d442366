"""The speaker encoder of the Base models: ECAPA-TDNN (arXiv 2005.07143). A clip becomes one vector, its voice.

Widths and kernels are those of the tensors; the published configurations do not repeat them.
"""

import torch
from torch import Tensor
from torch.nn.functional import conv1d, pad, relu

from narrator.engines.qwen3.config import Checkpoint
from narrator.engines.qwen3.mel import log_mel
from narrator.engines.qwen3.weights import Weights
from narrator.errors import EngineError

DILATIONS = (1, 2, 3, 4)
"""Of the blocks, first to last; no tensor tells them."""
N_GROUPS = 8
"""Into which a block's channels are split."""
_SMALLEST = 1e-12
"""Variance below this is taken as this."""
_BLOCK = ("tdnn1.conv", *(f"res2net_block.blocks.{n}.conv" for n in range(N_GROUPS - 1)), "tdnn2.conv",
          "se_block.conv1", "se_block.conv2")  # fmt: skip
_CONVOLUTIONS = ("blocks.0.conv", *(f"blocks.{n}.{name}" for n in range(1, len(DILATIONS)) for name in _BLOCK),
                 "mfa.conv", "asp.tdnn.conv", "asp.conv", "fc")  # fmt: skip
_NAMES = {f"{name}.{part}" for name in _CONVOLUTIONS for part in ("weight", "bias")}


class SpeakerEncoder:
    """Computes in float32 whatever the model's dtype: it runs once a voice.

    Raises:
        MissingError: The checkpoint has no weights.
        EngineError: They are damaged, or not those of a Base model.
    """

    def __init__(self, checkpoint: Checkpoint, device: torch.device) -> None:
        self._device = device
        with Weights(checkpoint.folder, "speaker_encoder.", device=device, dtype=torch.float32) as weights:
            self._weights = weights.rest()
        if self._weights.keys() != _NAMES or len(self._weights["fc.bias"]) != checkpoint.model.talker.hidden:
            raise EngineError(
                f"{checkpoint.folder}: no speaker encoder that is known here, so no voice can be cloned with it",
                hint="Clone with a Base model of Qwen3-TTS.",
            )

    @torch.inference_mode()
    def embedding(self, samples: Tensor) -> Tensor:
        """The voice of a clip, shape [hidden size of the talker].

        Args:
            samples: Mono at 24 kHz, shape [n_samples].
        """
        x = log_mel(samples.to(self._device)).T[None]
        heard = [x := self._frames("blocks.0", x)]
        heard += [x := self._block(f"blocks.{n}", x, dilation) for n, dilation in enumerate(DILATIONS[1:], start=1)]
        x = self._frames("mfa", torch.cat(heard[1:], dim=1))
        return self._conv("fc", self._pooled(x))[0, :, 0]

    def _block(self, name: str, x: Tensor, dilation: int) -> Tensor:
        """Channels in groups, each heard together with what became of the one before; then weighed."""
        first, *groups = self._frames(f"{name}.tdnn1", x).chunk(N_GROUPS, dim=1)
        parts, part = [first], torch.zeros_like(first)
        for n, group in enumerate(groups):
            part = self._frames(f"{name}.res2net_block.blocks.{n}", group + part, dilation)
            parts.append(part)
        y = self._frames(f"{name}.tdnn2", torch.cat(parts, dim=1))
        weight = relu(self._conv(f"{name}.se_block.conv1", y.mean(dim=2, keepdim=True)))
        return x + y * self._conv(f"{name}.se_block.conv2", weight).sigmoid()

    def _pooled(self, x: Tensor) -> Tensor:
        """Mean and deviation over time, frames weighed by what they say of the speaker; [1, 2 channels, 1]."""
        even = torch.full_like(x[:, :1], 1 / x.shape[2])
        context = [statistic.expand_as(x) for statistic in _statistics(x, even)]
        scores = self._conv("asp.conv", self._frames("asp.tdnn", torch.cat([x, *context], dim=1)).tanh())
        return torch.cat(_statistics(x, scores.softmax(dim=2)), dim=1)

    def _frames(self, name: str, x: Tensor, dilation: int = 1) -> Tensor:
        return relu(self._conv(f"{name}.conv", x, dilation))

    def _conv(self, name: str, x: Tensor, dilation: int = 1) -> Tensor:
        """As long as its input, which is mirrored at the ends."""
        weight = self._weights[f"{name}.weight"]
        edge = dilation * (weight.shape[2] - 1) // 2
        x = pad(x, (edge, edge), mode="reflect") if edge else x
        return conv1d(x, weight, self._weights[f"{name}.bias"], dilation=dilation)


def _statistics(x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    mean = (weight * x).sum(dim=2, keepdim=True)
    variance = (weight * (x - mean).pow(2)).sum(dim=2, keepdim=True)
    return mean, variance.clamp(min=_SMALLEST).sqrt()
