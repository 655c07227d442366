"""Model files that travel inside installed packages: found, put together, checked, opened.

Nothing here reads the network. A file is used only if its bytes are the ones that were measured and listened to.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from narrator.errors import MissingError


def package_folder(package: str, *, install: str) -> Path:
    """Where an installed package keeps its files; the package is not imported.

    Raises:
        MissingError: It is not installed; the hint is `install`.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingError(f"the package {package} is not installed", hint=f"Run: {install}")
    return Path(spec.submodule_search_locations[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """An ONNX model, whole or in parts."""

    parts: tuple[tuple[str, str], ...]
    """Package and file inside it, in the order in which they are joined."""
    sha256: str
    install: str
    """The command that puts the packages there."""

    @property
    def revision(self) -> str:
        """What a recipe calls these weights; nothing is read."""
        return self.sha256[:12]

    def read(self) -> bytes:
        """The model's bytes.

        Raises:
            MissingError: A part is not installed, or the bytes are not the ones we know.
        """
        folders = [(package_folder(package, install=self.install), file) for package, file in self.parts]
        try:
            data = b"".join((folder / file).read_bytes() for folder, file in folders)
        except FileNotFoundError as error:
            raise MissingError(f"{error.filename}: this part of the model is gone", hint=self._again()) from error
        if (found := hashlib.sha256(data).hexdigest()) != self.sha256:
            packages = ", ".join(package for package, _ in self.parts)
            raise MissingError(
                f"the model in {packages} is damaged or of another version (sha256 {found[:12]}, not {self.revision})",
                hint=self._again(),
            )
        return data

    def open(self, n_threads: int) -> Any:
        """The model as an onnxruntime session on the CPU, fed from memory: no file outside the packages is touched.

        Raises:
            MissingError: As `read`, or onnxruntime is not installed.
        """
        data = self.read()
        runtime = _runtime(self.install)
        options = runtime.SessionOptions()
        options.intra_op_num_threads = n_threads
        options.inter_op_num_threads = 1
        # Threads that wait do not spin: 5 % slower alone, half as fast again where mastering wants the same cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        return runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    def _again(self) -> str:
        return f"Run: {self.install.replace('pip install', 'pip install --force-reinstall --no-deps')}"


@cache
def _runtime(install: str) -> Any:
    try:
        import onnxruntime  # noqa: PLC0415 - half a second, and nobody who only asks what an engine can do needs it
    except ImportError as error:
        raise MissingError(f"onnxruntime cannot be loaded: {error}", hint=f"Run: {install} onnxruntime") from error
    return onnxruntime
