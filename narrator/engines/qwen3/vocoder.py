"""The last part of the codec: convolutions that turn what its transformer heard into samples. All are causal."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from torch import Tensor
from torch.nn.functional import conv1d, conv_transpose1d, gelu, layer_norm, linear, pad

from narrator.engines.qwen3.config import CodecConfig
from narrator.engines.qwen3.weights import Weights

KERNEL = 7
DILATIONS = (1, 3, 9)
Part: TypeAlias = Callable[[Tensor], Tensor]
"""[n, channels, T] → [n, channels, T times a factor]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Convolution:
    """Hears `dilation * (kernel - 1)` steps back; zeros before the first."""

    weight: Tensor
    bias: Tensor
    dilation: int = 1
    groups: int = 1

    @property
    def reach(self) -> int:
        """Steps that are heard before the first."""
        return self.dilation * int(self.weight.shape[-1] - 1)

    def __call__(self, x: Tensor) -> Tensor:
        """As long as `x`."""
        return self.over(pad(x, (self.reach, 0)))

    def over(self, x: Tensor) -> Tensor:
        """`reach` shorter than `x`, which begins with what is heard before the first step."""
        return conv1d(x, self.weight, self.bias, dilation=self.dilation, groups=self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsampling:
    """A transposed convolution without the tail that only steps to come would complete."""

    weight: Tensor
    bias: Tensor
    factor: int

    def __call__(self, x: Tensor) -> Tensor:
        """`factor` times as long as `x`."""
        longer = conv_transpose1d(x, self.weight, self.bias, stride=self.factor)
        return longer[..., : x.shape[-1] * self.factor]


def snake(x: Tensor, frequency: Tensor, magnitude: Tensor, n_before: int) -> Tensor:
    """The sum x + sin²(a x) / b behind `n_before` zeros: [n, channels, T] → [n, channels, n_before + T].

    `frequency` and `magnitude` are a and 1 / b, [channels, 1] each.
    """
    bent = x + magnitude * (x * frequency).sin().square()
    return pad(bent, (n_before, 0)) if n_before else bent


Bend: TypeAlias = Callable[[Tensor, Tensor, Tensor, int], Tensor]
"""What does as `snake` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snake:
    """x + sin²(a x) / b, with the exponentials of both parameters taken beforehand; [channels, 1] each."""

    frequency: Tensor
    magnitude: Tensor
    bend: Bend = snake

    def __call__(self, x: Tensor, n_before: int = 0) -> Tensor:
        """As long as `x` and `n_before` zeros before it."""
        return self.bend(x, self.frequency, self.magnitude, n_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bent:
    """A convolution behind a snake, which writes the zeros before the first step too."""

    snake: Snake
    convolution: Convolution

    def __call__(self, x: Tensor) -> Tensor:
        """As long as `x`."""
        return self.convolution.over(self.snake(x, self.convolution.reach))


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """`x` and what its parts make of it."""

    parts: tuple[Part, ...]

    def __call__(self, x: Tensor) -> Tensor:
        """As long as `x`."""
        return x + through(self.parts, x)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing:
    """The pointwise half of a ConvNeXt block: norm, widen, narrow, scale."""

    norm: tuple[Tensor, Tensor]
    widen: tuple[Tensor, Tensor]
    narrow: tuple[Tensor, Tensor]
    scale: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        """As long as `x`."""
        y = layer_norm(x.transpose(1, 2), (x.shape[1],), *self.norm, eps=1e-6)
        return (self.scale * linear(gelu(linear(y, *self.widen)), *self.narrow)).transpose(1, 2)


def through(parts: tuple[Part, ...], x: Tensor) -> Tensor:
    """`x` after all parts in turn."""
    for part in parts:
        x = part(x)
    return x


def bent_by(bend: Bend, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The same parts, whose snakes are computed by `bend`."""
    return tuple(_bent_by(bend, part) for part in parts)


def _bent_by(bend: Bend, part: Part) -> Part:
    match part:
        case Snake():
            return replace(part, bend=bend)
        case Bent():
            return replace(part, snake=replace(part.snake, bend=bend))
        case Residual():
            return replace(part, parts=bent_by(bend, part.parts))
        case _:
            return part


def reach_frames(config: CodecConfig) -> int:
    """How many frames before a frame its samples depend on, in the convolutions."""
    steps, reach = 1, 0.0
    for ratio in config.upsampling_ratios:
        steps *= ratio
        reach += (KERNEL - 1) / steps
    reach += (KERNEL - 1) / steps
    for rate in config.upsample_rates:
        reach += 1 / steps
        steps *= rate
        reach += (KERNEL - 1) * sum(DILATIONS) / steps
    return math.ceil(reach + (KERNEL - 1) / steps)


def load_vocoder(weights: Weights, config: CodecConfig) -> tuple[Part, ...]:
    """The convolutions in their order; the last gives one channel."""
    parts: list[Part] = []
    for n, ratio in enumerate(config.upsampling_ratios):
        parts.append(_upsampling(weights, f"upsample.{n}.0.conv", (config.latent, config.latent, ratio), ratio))
        parts.append(_conv_next(weights, f"upsample.{n}.1.", config.latent))
    parts.append(_convolution(weights, "decoder.0.conv", (config.decoder_dim, config.latent, KERNEL)))
    width = config.decoder_dim
    for n, rate in enumerate(config.upsample_rates, start=1):
        block, narrow = f"decoder.{n}.block.", width // 2
        parts.append(_snake(weights, f"{block}0.", width))
        parts.append(_upsampling(weights, f"{block}1.conv", (width, narrow, 2 * rate), rate))
        parts += (_residual(weights, f"{block}{m}.", narrow, d) for m, d in enumerate(DILATIONS, start=2))
        width = narrow
    n_blocks = len(config.upsample_rates)
    last = _convolution(weights, f"decoder.{n_blocks + 2}.conv", (1, width, KERNEL))
    parts.append(Bent(snake=_snake(weights, f"decoder.{n_blocks + 1}.", width), convolution=last))
    return tuple(parts)


def _convolution(
    weights: Weights, name: str, shape: tuple[int, int, int], *, dilation: int = 1, groups: int = 1
) -> Convolution:
    return Convolution(
        weight=weights.take(f"{name}.weight", *shape),
        bias=weights.take(f"{name}.bias", shape[0]),
        dilation=dilation,
        groups=groups,
    )


def _upsampling(weights: Weights, name: str, shape: tuple[int, int, int], factor: int) -> Upsampling:
    bias = weights.take(f"{name}.bias", shape[1])
    return Upsampling(weight=weights.take(f"{name}.weight", *shape), bias=bias, factor=factor)


def _snake(weights: Weights, prefix: str, width: int) -> Snake:
    frequency = weights.take(f"{prefix}alpha", width).exp()[:, None]
    return Snake(frequency=frequency, magnitude=1.0 / (weights.take(f"{prefix}beta", width).exp() + 1e-9)[:, None])


def _residual(weights: Weights, prefix: str, width: int, dilation: int) -> Residual:
    far = _convolution(weights, f"{prefix}conv1.conv", (width, width, KERNEL), dilation=dilation)
    near = _convolution(weights, f"{prefix}conv2.conv", (width, width, 1))
    return Residual(
        parts=(
            Bent(snake=_snake(weights, f"{prefix}act1.", width), convolution=far),
            Bent(snake=_snake(weights, f"{prefix}act2.", width), convolution=near),
        )
    )


def _conv_next(weights: Weights, prefix: str, width: int) -> Residual:
    def dense(name: str, *shape: int) -> tuple[Tensor, Tensor]:
        return weights.take(f"{prefix}{name}.weight", *shape), weights.take(f"{prefix}{name}.bias", shape[0])

    mixing = Mixing(
        norm=dense("norm", width),
        widen=dense("pwconv1", 4 * width, width),
        narrow=dense("pwconv2", width, 4 * width),
        scale=weights.take(f"{prefix}gamma", width),
    )
    return Residual(parts=(_convolution(weights, f"{prefix}dwconv.conv", (width, 1, KERNEL), groups=width), mixing))
