"""Kernels run under Triton's interpreter where there is no GPU, and are judged by their plain forms."""

import os
from importlib.util import find_spec
from typing import Any

import pytest


def _device() -> str:
    if find_spec("torch") is None:
        return "cpu"
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


DEVICE = _device()
if DEVICE == "cpu":  # before anything imports Triton
    os.environ["TRITON_INTERPRET"] = "1"


@pytest.fixture(scope="session")
def normal() -> Any:
    """`normal(*shape, dtype=…, seed=…)`: normal numbers on the device that is tested."""
    import torch

    def drawn(*shape: int, dtype: Any = torch.float32, seed: int = 0) -> torch.Tensor:
        numbers = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
        made: torch.Tensor = numbers.to(DEVICE, dtype)
        return made

    return drawn
