"""All kernels together; the only module that must be imported to have them, and that brings Triton."""

from narrator.engines.qwen3.kernels.drawing import chances, draw, draw_spoken
from narrator.engines.qwen3.kernels.gating import gate
from narrator.engines.qwen3.kernels.hearing import hear_apart, hear_together
from narrator.engines.qwen3.kernels.norms import add_norm, norm
from narrator.engines.qwen3.kernels.placing import place
from narrator.engines.qwen3.kernels.snakes import snake
from narrator.engines.qwen3.kernels.summing import next_input
from narrator.engines.qwen3.operations import Operations
from narrator.engines.qwen3.stack import LayerOperations

FUSED = Operations(
    layers=LayerOperations(
        norm=norm, add_norm=add_norm, place=place, hear_apart=hear_apart, hear_together=hear_together, gate=gate
    ),
    chances=chances,
    draw=draw,
    draw_spoken=draw_spoken,
    next_input=next_input,
    snake=snake,
)
