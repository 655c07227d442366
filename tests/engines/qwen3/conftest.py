"""Tiny checkpoints, and the official package to compare with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from narrator.domain import Samples

Checkpoints: TypeAlias = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Tests share their machine, and one thread adds in one order."""
    pytest.importorskip("torch", reason="the extra [qwen3] is not installed").set_num_threads(1)


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory) -> Checkpoints:
    """`checkpoints(kind, size=TINY, seed=0)`: the folder of a tiny checkpoint, written once."""
    from tests.engines.qwen3 import tiny

    folder = tmp_path_factory.mktemp("checkpoints")

    def made(kind: Any, size: Any = tiny.TINY, *, seed: int = 0) -> Path:
        return tiny.checkpoint(folder, kind, size, seed=seed)

    return made


@pytest.fixture(scope="session")
def package() -> Any:
    """The official `qwen_tts`; the test skips where it is not installed."""
    from narrator.engines import upstream
    from narrator.errors import MissingError

    try:
        return upstream.package()
    except MissingError as error:
        pytest.skip(error.message)


@pytest.fixture(scope="session")
def official(package, checkpoints) -> Callable[..., Any]:
    """`official(kind, size=TINY)`: the package's model of a tiny checkpoint, loaded once, float32."""
    from tests.engines.qwen3 import tiny

    loaded: dict[tuple[str, str], Any] = {}

    def model(kind: Any, size: Any = tiny.TINY) -> Any:
        if (kind, size.name) not in loaded:
            loaded[kind, size.name] = package.Qwen3TTSModel.from_pretrained(str(checkpoints(kind, size)))
        return loaded[kind, size.name]

    return model


@pytest.fixture(scope="session")
def clip() -> Samples:
    """Sixteen frames of something with pitch and level that move: 1.28 s at 24 kHz."""
    seconds = np.arange(16 * 1920) / 24_000
    phase = 2 * np.pi * (140 * seconds + 8 * np.sin(2 * np.pi * 1.7 * seconds))
    voiced = sum(np.sin(n * phase) / n for n in range(1, 12))
    rough = np.random.default_rng(5).standard_normal(seconds.size)
    samples: Samples = (0.12 * (voiced + 0.1 * rough) * (0.6 + 0.4 * np.sin(2 * np.pi * 2.3 * seconds))).astype(
        np.float32
    )
    return samples
