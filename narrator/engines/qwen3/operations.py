"""What is computed beside matrix products and convolutions, each operation exchangeable: the seam of `kernels`.

`PLAIN` is PyTorch, step by step, and the judge of every other form.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import embedding

from narrator.engines.qwen3.sampler import DiceTable, Said, draw, draw_spoken, uniform
from narrator.engines.qwen3.stack import PLAIN_LAYERS, LayerOperations
from narrator.engines.qwen3.vocoder import Bend, snake


def next_input(codes: Tensor, first: Tensor, others: Tensor, trailing: Tensor, frame: Tensor) -> Tensor:
    """The talker's next input, [n, H]: how it hears a frame, and the text beside it.

    Args:
        codes: Of the frame, [n, 16].
        first: The first codebook's table, [tokens, H].
        others: Those of the others, [15, codes, H].
        trailing: Text, [n, tokens, H]; its last row stands beside all frames to come.
        frame: Which frame it is, [n].
    """
    code, *more = codes.unbind(1)
    sounds = [embedding(code, first), *(embedding(code, table) for code, table in zip(more, others, strict=True))]
    slots = torch.arange(len(codes), device=codes.device)
    return torch.stack(sounds, dim=1).sum(1) + trailing[slots, frame.clamp(max=trailing.shape[1] - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """Each field does what the function of its name does, here or in `stack`, `sampler` and `vocoder`."""

    layers: LayerOperations = PLAIN_LAYERS
    chances: Callable[[Tensor, Tensor, int], Tensor] = uniform
    draw: Callable[[Tensor, DiceTable, Tensor, int], Tensor] = draw
    draw_spoken: Callable[[Tensor, Said, DiceTable, Tensor, int], Tensor] = draw_spoken
    next_input: Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor] = next_input
    snake: Bend = snake


PLAIN = Operations()
