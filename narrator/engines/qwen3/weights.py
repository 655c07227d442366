"""The tensors of a checkpoint: read once each, checked by name and shape, none left over."""

import math
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from narrator.errors import EngineError, MissingError


class Weights:
    """The tensors under a prefix of a folder's safetensors files; a context manager that refuses leftovers.

    Args:
        folder: Holds `model.safetensors`, or its shards.
        prefix: Of the names to be taken, cut off: `talker.`.
        device: Where the tensors go.
        dtype: What they become.

    Raises:
        MissingError: There is no such file.
        EngineError: A file is damaged, or lacks a tensor, or has one of another shape, or one that nobody took.
    """

    def __init__(self, folder: Path, prefix: str, *, device: torch.device, dtype: torch.dtype) -> None:
        self._folder = folder
        self._prefix = prefix
        self._device = device
        self._dtype = dtype
        self._files = {
            name.removeprefix(prefix): file
            for file in _open(folder, device)
            for name in file.keys()  # noqa: SIM118 - a safetensors file is no mapping
            if name.startswith(prefix)
        }

    def take(self, name: str, *shape: int) -> Tensor:
        """A tensor of this shape, which cannot be taken again."""
        file = self._files.pop(name, None)
        if file is None:
            raise self._broken(f"{self._prefix}{name} is missing")
        tensor: Tensor = file.get_tensor(self._prefix + name).to(self._device, self._dtype)
        if tensor.shape != shape:
            raise self._broken(f"{self._prefix}{name} has the shape {list(tensor.shape)}, not {list(shape)}")
        return tensor

    def rest(self) -> dict[str, Tensor]:
        """Everything that was not taken yet, by name: for parts whose tensors tell their own shapes."""
        names, self._files = self._files, {}
        return {
            name: file.get_tensor(self._prefix + name).to(self._device, self._dtype) for name, file in names.items()
        }

    def drop(self, *names: str) -> None:
        """Leave tensors that training needed, if they are there."""
        for name in names:
            self._files.pop(name, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._files:
            left = sorted(self._files)
            raise self._broken(f"{len(left)} tensors are not known, the first is {self._prefix}{left[0]}")

    def _broken(self, what: str) -> EngineError:
        return EngineError(
            f"{self._folder}: {what}", hint="Get this checkpoint again; it is damaged, or of a model not known here."
        )


def n_parameters(folder: Path) -> int:
    """Numbers in a folder's safetensors files; only their tables of contents are read.

    Raises:
        MissingError, EngineError: As `Weights`.
    """
    files = _open(folder, torch.device("cpu"))
    return sum(math.prod(file.get_slice(name).get_shape()) for file in files for name in file.keys())  # noqa: SIM118 - as above


def _open(folder: Path, device: torch.device) -> list[Any]:
    paths = sorted(folder.glob("model*.safetensors"))
    if not paths:
        raise MissingError(
            f"{folder}: no model.safetensors there",
            hint="Get the whole checkpoint; weights in other formats are not read, since they can run code.",
        )
    try:
        return [safe_open(path, framework="pt", device=str(device)) for path in paths]
    except SafetensorError as error:
        raise EngineError(f"{folder}: damaged weights ({error})", hint="Get this checkpoint again.") from error
