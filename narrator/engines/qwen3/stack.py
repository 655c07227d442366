"""One stack of Qwen3 decoder layers, its weights fused, and the three ways in which it attends.

The numbers are the package's: norms in float32 and their product rounded to the model's dtype before the weight,
rotation by halves (the three streams of its multimodal rotation are always equal, so it is a plain one).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import linear, scaled_dot_product_attention, silu

from narrator.engines.qwen3.config import StackShape
from narrator.engines.qwen3.weights import Weights

Attend: TypeAlias = Callable[[int, Tensor, Tensor, Tensor], Tensor]
"""Layer, queries [n, heads, T, d], keys and values [n, kv heads, T, d] → [n, heads, T, d]."""
Rotation: TypeAlias = tuple[Tensor, Tensor]
"""Cosines, and sines whose first half is negated; each broadcastable to [n, heads, T, d]."""


def at_least_float32(x: Tensor) -> torch.dtype:
    """In which norms and softmax are computed: float64 stays what it is."""
    return torch.promote_types(x.dtype, torch.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Brings its input to a root mean square of 1 over the last dimension, then weighs it."""

    weight: Tensor
    eps: Tensor
    share: Tensor
    """1 / the number of values; a tensor, as `eps`, since a number costs twice the time of a tensor on a processor."""

    @classmethod
    def of(cls, weight: Tensor, eps: float) -> "Norm":
        """The norm with this weight, which may differ over dimensions before the last."""
        wide = weight.new_tensor([eps, 1 / weight.shape[-1]], dtype=at_least_float32(weight))
        return cls(weight=weight, eps=wide[0], share=wide[1])

    def __call__(self, x: Tensor) -> Tensor:
        """Shape of `x`."""
        wide = x.to(self.eps.dtype)
        power = torch.addcmul(self.eps, wide.square().sum(-1, keepdim=True), self.share)
        return self.weight * (wide * power.rsqrt()).to(x.dtype)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The weights of one layer; [out, in]."""

    attention_norm: Norm
    qkv: Tensor
    head_norms: Norm | None
    """Of each head of queries, then of keys, its weights [heads + kv heads, 1, d]; the codec has none."""
    out: Tensor
    mlp_norm: Norm
    gate_up: Tensor
    down: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Layers and the norm behind them."""

    shape: StackShape
    layers: tuple[Layer, ...]
    norm: Norm

    def __call__(self, x: Tensor, rotation: Rotation, attend: Attend) -> Tensor:
        """Hidden states behind the last norm, shape [n, T, hidden], as `x`."""
        for index, layer in enumerate(self.layers):
            q, k, v = self._queries_keys_values(layer, layer.attention_norm(x), rotation)
            x = x + linear(attend(index, q, k, v).transpose(1, 2).flatten(2), layer.out)
            gate, up = linear(layer.mlp_norm(x), layer.gate_up).chunk(2, dim=-1)
            x = x + linear(silu(gate) * up, layer.down)
        return self.norm(x)

    def _queries_keys_values(self, layer: Layer, x: Tensor, rotation: Rotation) -> tuple[Tensor, Tensor, Tensor]:
        n_heads, n_turned = self.shape.n_heads, self.shape.n_heads + self.shape.n_kv_heads
        heads = linear(x, layer.qkv).view(*x.shape[:2], -1, self.shape.head_dim).transpose(1, 2)
        turned, v = torch.split(heads, [n_turned, self.shape.n_kv_heads], dim=1)
        if layer.head_norms is not None:
            turned = layer.head_norms(turned)
        q, k = torch.split(rotate(turned, rotation), [n_heads, self.shape.n_kv_heads], dim=1)
        return q, k, v


def rotate(x: Tensor, rotation: Rotation) -> Tensor:
    """Queries or keys turned by their positions."""
    cos, sin = rotation
    return x * cos + x.roll(x.shape[-1] // 2, dims=-1) * sin


def rotations(shape: StackShape, n_positions: int, like: Tensor) -> Rotation:
    """The rotation of each position from 0, shape [n_positions, head_dim] each; computed in float32."""
    exponent = torch.arange(0, shape.head_dim, 2, dtype=torch.int64, device=like.device).float() / shape.head_dim
    frequency = 1.0 / (shape.rope_theta**exponent)
    angle = torch.outer(torch.arange(n_positions, device=like.device).float(), frequency)
    cos, sin = angle.cos().to(like.dtype), angle.sin().to(like.dtype)
    return torch.cat((cos, cos), dim=-1), torch.cat((-sin, sin), dim=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """Keys and values of what was heard, for each layer [slots, kv heads, positions, d]; written in place."""

    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]

    @classmethod
    def empty(cls, shape: StackShape, n_slots: int, n_positions: int, like: Tensor) -> "Cache":
        """Zeros, so that what no line has written yet is a number."""
        sizes = (shape.n_layers, n_slots, shape.n_kv_heads, n_positions, shape.head_dim)
        return cls(keys=like.new_zeros(sizes).unbind(), values=like.new_zeros(sizes).unbind())


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """How softmax(q k) v is computed."""

    fused: bool = True
    """PyTorch's own kernels; else step by step, as the package's `eager`."""

    def __call__(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, *, causal: bool = False) -> Tensor:
        """What the queries hear, shape of `q`; `mask` is True where a query may listen to a key."""
        if self.fused:
            grouped = q.shape[1] != k.shape[1]
            heard: Tensor = scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal, enable_gqa=grouped)
            return heard
        if causal:
            n = q.shape[2]
            mask = torch.ones(n, n, dtype=torch.bool, device=q.device).tril()
        groups = q.shape[1] // k.shape[1]
        scores: Tensor = q @ k.repeat_interleave(groups, dim=1).transpose(2, 3) * q.shape[-1] ** -0.5
        if mask is not None:
            scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        return scores.softmax(-1, dtype=at_least_float32(q)).to(q.dtype) @ v.repeat_interleave(groups, dim=1)

    def prompt(self, cache: Cache, slot: int) -> Attend:
        """Attend causally over a whole prompt and keep its keys and values in a slot, from position 0."""

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            n = q.shape[2]
            cache.keys[layer][slot, :, :n] = k[0]
            cache.values[layer][slot, :, :n] = v[0]
            return self(q, k, v, None, causal=True)

        return attend

    def step(self, cache: Cache, positions: Tensor, n_positions: int) -> Attend:
        """Attend from one new position in every slot, each at its own place.

        Args:
            cache: Written at `positions`.
            positions: Of the new input, shape [slots].
            n_positions: How much of the cache is looked at; larger than every live position.
        """
        mask = (torch.arange(n_positions, device=positions.device) <= positions[:, None])[:, None, None]
        slots = torch.arange(len(positions), device=positions.device)

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            keys, values = cache.keys[layer], cache.values[layer]
            keys[slots, :, positions] = k.squeeze(2)
            values[slots, :, positions] = v.squeeze(2)
            heard = self(_grouped(q, k), keys.narrow(2, 0, n_positions), values.narrow(2, 0, n_positions), mask)
            return heard.view_as(q)

        return attend

    def follow(self, cache: Cache, begin: int) -> Attend:
        """Attend from the next positions of every slot, all at the same place `begin`, to all before them.

        Args:
            cache: Written from `begin` on.
            begin: 0 for a beginning of any length; after it one position at a time.
        """

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            n = q.shape[2]
            keys, values = cache.keys[layer], cache.values[layer]
            keys.narrow(2, begin, n).copy_(k)
            values.narrow(2, begin, n).copy_(v)
            if begin == 0:
                return self(q, k, v, None, causal=True)
            return self(_grouped(q, k), keys.narrow(2, 0, begin + n), values.narrow(2, 0, begin + n), None).view_as(q)

        return attend


def _grouped(q: Tensor, k: Tensor) -> Tensor:
    """Queries at one position, [n, heads, 1, d], as [n, kv heads, heads a group, d].

    The heads of a group share their keys, so they are like queries at several positions: no key is copied.
    """
    return q.view(q.shape[0], k.shape[1], -1, q.shape[-1])


def load_stack(weights: Weights, prefix: str, shape: StackShape, *, head_norms: bool = True) -> Stack:
    """Layers `<prefix>layers.N` and `<prefix>norm`; layer scales, where there are any, are folded into the weights."""
    layers = tuple(_layer(weights, f"{prefix}layers.{n}.", shape, head_norms=head_norms) for n in range(shape.n_layers))
    norm = Norm.of(weights.take(f"{prefix}norm.weight", shape.hidden), shape.norm_eps)
    return Stack(shape=shape, layers=layers, norm=norm)


def _layer(weights: Weights, prefix: str, shape: StackShape, *, head_norms: bool) -> Layer:
    hidden, head = shape.hidden, shape.head_dim
    parts = (("q", shape.n_heads), ("k", shape.n_kv_heads), ("v", shape.n_kv_heads))
    qkv = [weights.take(f"{prefix}self_attn.{name}_proj.weight", n * head, hidden) for name, n in parts]
    gate_up = [weights.take(f"{prefix}mlp.{name}_proj.weight", shape.intermediate, hidden) for name in ("gate", "up")]
    out = weights.take(f"{prefix}self_attn.o_proj.weight", hidden, shape.n_heads * head)
    down = weights.take(f"{prefix}mlp.down_proj.weight", hidden, shape.intermediate)
    if not head_norms:  # the codec's layers have layer scales instead
        out = out * weights.take(f"{prefix}self_attn_layer_scale.scale", hidden)[:, None]
        down = down * weights.take(f"{prefix}mlp_layer_scale.scale", hidden)[:, None]
    return Layer(
        attention_norm=Norm.of(weights.take(f"{prefix}input_layernorm.weight", hidden), shape.norm_eps),
        qkv=torch.cat(qkv),
        head_norms=_head_norms(weights, f"{prefix}self_attn.", shape) if head_norms else None,
        out=out,
        mlp_norm=Norm.of(weights.take(f"{prefix}post_attention_layernorm.weight", hidden), shape.norm_eps),
        gate_up=torch.cat(gate_up),
        down=down,
    )


def _head_norms(weights: Weights, prefix: str, shape: StackShape) -> Norm:
    q, k = (weights.take(f"{prefix}{name}_norm.weight", shape.head_dim) for name in ("q", "k"))
    heads = torch.cat((q.expand(shape.n_heads, -1), k.expand(shape.n_kv_heads, -1)))
    return Norm.of(heads[:, None], shape.norm_eps)
