"""What kernels are measured on: each operation of a frame, with the shapes it has there, plain and fused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from narrator.engines.qwen3.config import EVERY, Dice, StackShape
from narrator.engines.qwen3.kernels import fused
from narrator.engines.qwen3.operations import PLAIN, Operations
from narrator.engines.qwen3.sampler import DiceTable, Said
from narrator.engines.qwen3.stack import Apart, Attention, Cache, Heads, Norm, Together, rotations
from scripts.bench.random_qwen3.shapes import N_CONTROLS, N_GROUPS, Size, StackSize

N_STEPS = N_GROUPS - 1
"""Passes of the sub-talker a frame."""
FRAMES_TOGETHER = 100
"""Of the codec, in one signal; about a line."""
SAMPLES_A_FRAME = 1920


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """On what, and how much at once."""

    device: str
    dtype: torch.dtype
    n_slots: int
    size: Size
    n_positions: tuple[int, ...] = (512, 768)
    """Buckets of the cache; slots stand anywhere from a fifth of one to its end."""

    def normal(self, *shape: int) -> Tensor:
        """Normal numbers."""
        drawn: Tensor = torch.randn(*shape, device=self.device, dtype=self.dtype)
        return drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One operation, ready to be computed again and again."""

    name: str
    """Of its kernel."""
    what: str
    per_frame: float
    """How often a frame computes it; a snake is counted by the frames in it."""
    compute: Callable[[Operations], Any]
    n_bytes: int
    """That must be read and written at least."""
    n_operations: int = 0
    """Products and sums."""
    fused: Callable[[], Any] = field(init=False)
    plain: Callable[[], Any] = field(init=False)

    def __post_init__(self) -> None:
        """Bind both forms."""
        operations = fused({self.name})
        object.__setattr__(self, "fused", lambda: self.compute(operations))
        object.__setattr__(self, "plain", lambda: self.compute(PLAIN))


def cases(setting: Setting) -> Iterator[Case]:
    """Every kernel with every shape that it has in a frame of this size."""
    yield from _layer(setting, setting.size.talker, "talker", 1)
    yield from _layer(setting, setting.size.sub_talker, "sub-talker", N_STEPS)
    for n_positions in setting.n_positions:
        yield from _apart(setting, n_positions)
    yield from _together(setting)
    yield from _draws(setting)
    yield _next_input(setting)
    yield _snake(setting)


def _layer(setting: Setting, size: StackSize, name: str, passes: int) -> Iterator[Case]:
    n, item, width = setting.n_slots, setting.dtype.itemsize, size.hidden
    x, y = setting.normal(n, 1, width), setting.normal(n, 1, width)
    norm = Norm.of(setting.normal(width), 1e-6)
    gate_up = setting.normal(n, 1, 2 * size.intermediate)
    yield Case(
        name="norm",
        what=name,
        per_frame=passes,
        compute=lambda do: do.layers.norm(x, norm),
        n_bytes=(2 * n + 1) * width * item,
    )
    yield Case(
        name="add_norm",
        what=name,
        per_frame=2 * size.n_layers * passes,
        compute=lambda do: do.layers.add_norm(x, y, norm),
        n_bytes=(4 * n + 1) * width * item,
    )
    yield Case(
        name="gate",
        what=name,
        per_frame=size.n_layers * passes,
        compute=lambda do: do.layers.gate(gate_up),
        n_bytes=3 * n * size.intermediate * item,
    )


def _shape(size: StackSize) -> StackShape:
    return StackShape(
        n_layers=1,
        hidden=size.hidden,
        intermediate=size.intermediate,
        n_heads=size.n_heads,
        n_kv_heads=size.n_kv_heads,
        head_dim=size.head_dim,
        rope_theta=1e6,
        norm_eps=1e-6,
    )


def _heads(setting: Setting, size: StackSize, rotation: tuple[Tensor, Tensor]) -> Heads:
    n_turned = size.n_heads + size.n_kv_heads
    return Heads(
        projected=setting.normal(setting.n_slots, 1, (n_turned + size.n_kv_heads) * size.head_dim),
        shape=_shape(size),
        norms=Norm.of(setting.normal(n_turned, 1, size.head_dim), 1e-6),
        rotation=rotation,
    )


def _place(setting: Setting, size: StackSize, heads: Heads, where: Apart | Together, per_frame: int) -> Case:
    n_heads = size.n_heads + 2 * size.n_kv_heads
    return Case(
        name="place",
        what="talker" if isinstance(where, Apart) else "sub-talker",
        per_frame=per_frame,
        compute=lambda do: (do.layers.place(0, heads, where), where.cache.keys[0], where.cache.values[0]),
        n_bytes=2 * setting.n_slots * n_heads * size.head_dim * setting.dtype.itemsize,
    )


def _apart(setting: Setting, n_positions: int) -> Iterator[Case]:
    size, item = setting.size.talker, setting.dtype.itemsize
    cache = Cache.empty(_shape(size), setting.n_slots, n_positions, setting.normal(1))
    for stored in (cache.keys[0], cache.values[0]):
        stored.normal_()
    positions = torch.linspace(n_positions // 5, n_positions - 1, setting.n_slots, device=setting.device).long()
    positions = positions[torch.randperm(setting.n_slots, device=setting.device)]
    where = Attention().step(cache, positions, n_positions)
    table = rotations(_shape(size), n_positions, setting.normal(1))
    heads = _heads(setting, size, (table[0][positions][:, None, None], table[1][positions][:, None, None]))
    q = PLAIN.layers.place(0, heads, where)
    if n_positions == setting.n_positions[0]:
        yield _place(setting, size, heads, where, size.n_layers)
    n_heard = int(positions.sum()) + setting.n_slots
    yield Case(
        name="hear_apart",
        what=f"bucket {n_positions}",
        per_frame=size.n_layers if n_positions == setting.n_positions[0] else 0,
        compute=lambda do: do.layers.hear_apart(0, q, where),
        n_bytes=2 * (n_heard * size.n_kv_heads + setting.n_slots * size.n_heads) * size.head_dim * item,
        n_operations=4 * n_heard * size.n_heads * size.head_dim,
    )


def _together(setting: Setting) -> Iterator[Case]:
    size, item, begin = setting.size.sub_talker, setting.dtype.itemsize, N_GROUPS // 2
    cache = Cache.empty(_shape(size), setting.n_slots, N_GROUPS, setting.normal(1))
    for stored in (cache.keys[0], cache.values[0]):
        stored.normal_()
    where = Attention().follow(cache, begin)
    cos, sin = (table[begin : begin + 1] for table in rotations(_shape(size), N_GROUPS, setting.normal(1)))
    heads = _heads(setting, size, (cos, sin))
    q = PLAIN.layers.place(0, heads, where)
    yield _place(setting, size, heads, where, size.n_layers * N_STEPS)
    n_heard = setting.n_slots * (begin + 1)
    yield Case(
        name="hear_together",
        what=f"position {begin}",
        per_frame=size.n_layers * N_STEPS,
        compute=lambda do: do.layers.hear_together(0, q, where),
        n_bytes=2 * (n_heard * size.n_kv_heads + setting.n_slots * size.n_heads) * size.head_dim * item,
        n_operations=4 * n_heard * size.n_heads * size.head_dim,
    )


def _draws(setting: Setting) -> Iterator[Case]:
    n, device, item = setting.n_slots, torch.device(setting.device), setting.dtype.itemsize
    usual = Dice()
    most = usual.top_k
    dice = DiceTable(
        temperature=torch.full((n,), usual.temperature, device=device),
        top_k=torch.full((n,), most, device=device),
        top_p=torch.full((n,), EVERY, device=device),
    )
    frame = torch.arange(n, device=device)
    words = torch.arange(2 * n, device=device).view(n, 2) * 7919
    chance = PLAIN.chances(words, frame, N_GROUPS)
    codes, tokens = setting.size.codebook, setting.size.codebook + N_CONTROLS
    logits, spoken = 4 * setting.normal(n, codes), 4 * setting.normal(n, tokens)
    end = codes + 102
    numbers = torch.arange(tokens, device=device)
    said = Said(
        seen=torch.rand(n, tokens, device=device) < 0.05,
        penalty=torch.full((n,), 1.05, device=device),
        frame=frame,
        suppressed=(numbers >= codes) & (numbers != end),
        end=numbers == end,
    )
    yield Case(
        name="chances",
        what="a frame's",
        per_frame=2,
        compute=lambda do: do.chances(words, frame, N_GROUPS),
        n_bytes=n * (24 + 4 * N_GROUPS),
    )
    yield Case(
        name="draw",
        what=f"of {codes}",
        per_frame=N_STEPS,
        compute=lambda do: do.draw(logits, dice, chance[:, 3], most),
        n_bytes=n * (codes * item + 28),
    )
    yield Case(
        name="draw_spoken",
        what=f"of {tokens}",
        per_frame=1,
        compute=lambda do: do.draw_spoken(spoken, said, dice, chance[:, 0], most),
        n_bytes=n * (tokens * (item + 1) + 40) + tokens,
    )


def _next_input(setting: Setting) -> Case:
    n, width, codebook = setting.n_slots, setting.size.talker.hidden, setting.size.codebook
    first, others = setting.normal(codebook + N_CONTROLS, width), setting.normal(N_STEPS, codebook, width)
    trailing = setting.normal(n, 65, width)
    codes = torch.randint(0, codebook, (n, N_GROUPS), device=setting.device)
    frame = torch.arange(n, device=setting.device)
    return Case(
        name="next_input",
        what=f"width {width}",
        per_frame=1,
        compute=lambda do: do.next_input(codes, first, others, trailing, frame),
        n_bytes=n * ((N_GROUPS + 2) * width * setting.dtype.itemsize + 8 * (N_GROUPS + 1)),
    )


def _snake(setting: Setting) -> Case:
    """Those of the last block, which see two thirds of all values; with the zeros that a convolution wants."""
    n_channels = max(1, setting.size.codec.decoder_dim // 16)
    n_lines = max(1, setting.n_slots // 16)
    n_steps = FRAMES_TOGETHER * SAMPLES_A_FRAME if setting.device != "cpu" else SAMPLES_A_FRAME
    x = setting.normal(n_lines, n_channels, n_steps)
    frequency, magnitude = ((setting.normal(n_channels, 1) / 2).exp() for _ in range(2))
    return Case(
        name="snake",
        what=f"{n_lines} x {n_channels} x {n_steps}",
        per_frame=7 * setting.n_slots * SAMPLES_A_FRAME / (n_lines * n_steps),
        compute=lambda do: do.snake(x, frequency, magnitude, 6),
        n_bytes=n_lines * n_channels * (2 * n_steps + 6) * setting.dtype.itemsize,
        n_operations=n_lines * n_channels * n_steps * 4,
    )
