"""One stack of Qwen3 decoder layers, its weights fused, and the three ways in which it attends.

The numbers are the package's: norms in float32 and their product rounded to the model's dtype before the weight,
rotation by halves (the three streams of its multimodal rotation are always equal, so it is a plain one).

What a layer does beside its four matrix products is done by `LayerOperations`: here in plain torch, step by step; in
`kernels` each as one kernel, which must give the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import linear, scaled_dot_product_attention, silu

from narrator.engines.qwen3.config import StackShape
from narrator.engines.qwen3.weights import Weights

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
class Heads:
    """What a layer makes of its input, on the way to attention."""

    projected: Tensor
    """Queries, keys and values side by side, [n, T, (heads + 2 kv heads) * d]."""
    shape: StackShape
    norms: Norm | None
    """As in `Layer`."""
    rotation: Rotation

    def turned(self) -> tuple[Tensor, Tensor, Tensor]:
        """Queries [n, heads, T, d], and keys and values [n, kv heads, T, d]; normed and turned by their positions."""
        n_heads, n_kv_heads = self.shape.n_heads, self.shape.n_kv_heads
        heads = self.projected.view(*self.projected.shape[:2], -1, self.shape.head_dim).transpose(1, 2)
        turned, v = heads.split_with_sizes((n_heads + n_kv_heads, n_kv_heads), dim=1)
        if self.norms is not None:
            turned = self.norms(turned)
        q, k = rotate(turned, self.rotation).split_with_sizes((n_heads, n_kv_heads), dim=1)
        return q, k, v


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

    def prompt(self, cache: Cache, slot: int) -> "Attend":
        """Attend causally over a whole prompt and keep its keys and values in a slot, from position 0."""

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            n = q.shape[2]
            cache.keys[layer][slot, :, :n] = k[0]
            cache.values[layer][slot, :, :n] = v[0]
            return self(q, k, v, None, causal=True)

        return attend

    def step(self, cache: Cache, positions: Tensor, n_positions: int) -> "Apart":
        """Attend from one new position in every slot, each at its own place.

        Args:
            cache: Written at `positions`.
            positions: Of the new input, shape [slots].
            n_positions: How much of the cache is looked at; larger than every live position.
        """
        return Apart(
            attention=self,
            cache=cache,
            positions=positions,
            n_positions=n_positions,
            slots=torch.arange(len(positions), device=positions.device),
            mask=(torch.arange(n_positions, device=positions.device) <= positions[:, None])[:, None, None],
        )

    def follow(self, cache: Cache, begin: int) -> "Together":
        """Attend from the next positions of every slot, all at the same place `begin`, to all before them.

        Args:
            cache: Written from `begin` on.
            begin: 0 for a beginning of any length; after it one position at a time.
        """
        return Together(attention=self, cache=cache, begin=begin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """One new position in every slot, each at its own place in the cache; see `Attention.step`."""

    attention: Attention
    cache: Cache
    positions: Tensor
    n_positions: int
    slots: Tensor
    """0 … slots - 1."""
    mask: Tensor
    """[slots, 1, 1, n_positions], True up to each slot's position."""

    def keep(self, layer: int, k: Tensor, v: Tensor) -> None:
        """Write keys and values, [slots, kv heads, 1, d], at their places."""
        self.cache.keys[layer][self.slots, :, self.positions] = k.squeeze(2)
        self.cache.values[layer][self.slots, :, self.positions] = v.squeeze(2)

    def hear(self, layer: int, q: Tensor) -> Tensor:
        """What queries [slots, heads, 1, d] hear; their shape."""
        keys = self.cache.keys[layer].narrow(2, 0, self.n_positions)
        values = self.cache.values[layer].narrow(2, 0, self.n_positions)
        return self.attention(_grouped(q, keys), keys, values, self.mask).view_as(q)


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """The next positions of every slot, all at the same place in the cache; see `Attention.follow`."""

    attention: Attention
    cache: Cache
    begin: int

    def keep(self, layer: int, k: Tensor, v: Tensor) -> None:
        """Write keys and values, [slots, kv heads, T, d], at their places."""
        self.cache.keys[layer].narrow(2, self.begin, k.shape[2]).copy_(k)
        self.cache.values[layer].narrow(2, self.begin, v.shape[2]).copy_(v)

    def hear(self, layer: int, q: Tensor) -> Tensor:
        """What queries [slots, heads, T, d] hear; their shape."""
        end = self.begin + q.shape[2]
        keys, values = self.cache.keys[layer].narrow(2, 0, end), self.cache.values[layer].narrow(2, 0, end)
        if self.begin == 0:
            return self.attention(q, keys, values, None, causal=True)
        return self.attention(_grouped(q, keys), keys, values, None).view_as(q)


Attend: TypeAlias = Callable[[int, Tensor, Tensor, Tensor], Tensor] | Apart | Together
"""Through a cache; or layer, queries [n, heads, T, d], keys and values [n, kv heads, T, d] → [n, heads, T, d]."""


def _grouped(q: Tensor, k: Tensor) -> Tensor:
    """Queries at one position, [n, heads, 1, d], as [n, kv heads, heads a group, d].

    The heads of a group share their keys, so they are like queries at several positions: no key is copied.
    """
    return q.view(q.shape[0], k.shape[1], -1, q.shape[-1])


def _joined(heard: Tensor) -> Tensor:
    """Heads side by side: [n, heads, T, d] → [n, T, heads * d]."""
    return heard.transpose(1, 2).flatten(2)


def norm(x: Tensor, norm: Norm) -> Tensor:
    """`x` normed; its shape."""
    return norm(x)


def add_norm(x: Tensor, y: Tensor, norm: Norm) -> tuple[Tensor, Tensor]:
    """The sum of two, and that sum normed; the shape of both."""
    total = x + y
    return total, norm(total)


def place(layer: int, heads: Heads, where: Apart | Together) -> Tensor:
    """Norm and turn heads, keep keys and values in the cache, and give the queries, [n, heads, T, d]."""
    q, k, v = heads.turned()
    where.keep(layer, k, v)
    return q


def hear(layer: int, q: Tensor, where: Apart | Together) -> Tensor:
    """What queries [n, heads, T, d] hear in the cache, which holds their own keys already; [n, T, heads * d]."""
    return _joined(where.hear(layer, q))


def gate(gate_up: Tensor) -> Tensor:
    """SwiGLU: silu of the first half of the last dimension, times the second."""
    gate, up = gate_up.chunk(2, dim=-1)
    return silu(gate) * up


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOperations:
    """What a layer does beside matrix products; each field does what the function of its name here does.

    Slots that stand apart and slots that stand together are heard by one function, but not by one kernel.
    """

    norm: Callable[[Tensor, Norm], Tensor] = norm
    add_norm: Callable[[Tensor, Tensor, Norm], tuple[Tensor, Tensor]] = add_norm
    place: Callable[[int, Heads, Apart | Together], Tensor] = place
    hear_apart: Callable[[int, Tensor, Apart], Tensor] = hear
    hear_together: Callable[[int, Tensor, Together], Tensor] = hear
    gate: Callable[[Tensor], Tensor] = gate


PLAIN_LAYERS = LayerOperations()


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
    operations: LayerOperations = PLAIN_LAYERS

    def __call__(self, x: Tensor, rotation: Rotation, attend: Attend) -> Tensor:
        """Hidden states behind the last norm, shape [n, T, hidden], as `x`."""
        do = self.operations
        normed = do.norm(x, self.layers[0].attention_norm)
        behind = (*(layer.attention_norm for layer in self.layers[1:]), self.norm)
        for index, (layer, norm) in enumerate(zip(self.layers, behind, strict=True)):
            heads = Heads(
                projected=linear(normed, layer.qkv), shape=self.shape, norms=layer.head_norms, rotation=rotation
            )
            heard = self._heard(index, heads, attend)
            x, normed = do.add_norm(x, linear(heard, layer.out), layer.mlp_norm)
            x, normed = do.add_norm(x, linear(do.gate(linear(normed, layer.gate_up)), layer.down), norm)
        return normed

    def _heard(self, index: int, heads: Heads, attend: Attend) -> Tensor:
        """What a layer's queries hear, [n, T, heads * d]."""
        do = self.operations
        match attend:
            case Apart():
                return do.hear_apart(index, do.place(index, heads, attend), attend)
            case Together():
                return do.hear_together(index, do.place(index, heads, attend), attend)
            case _:
                return _joined(attend(index, *heads.turned()))


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
