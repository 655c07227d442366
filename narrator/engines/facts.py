"""What is so on this machine, as far as speaking goes: gathered here, judged in `narrator.engines.diagnosis`."""

import os
import platform
import shutil
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from narrator.engines import downloads, inventory, registry
from narrator.engines.inventory import Model
from narrator.engines.qwen3.computing import computing
from narrator.engines.weights import Weights, package_folder
from narrator.errors import MissingError
from narrator.settings.options import EngineOptions

PACKAGES = ("torch", "torchaudio", "transformers", "qwen-tts", "flash-attn", "huggingface_hub", "modelscope")
LOADED = ("torch", "torchaudio")
"""Packages whose shared libraries may be built for others than those that are here."""
CODECS = ("aac", "libmp3lame", "flac")
HUB_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package of Python."""

    name: str
    version: str = ""
    """Empty = not installed."""
    trouble: str = ""
    """Why it cannot be loaded, of those that were tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """A graphics card that torch can use."""

    name: str
    memory_bytes: int
    free_bytes: int
    bfloat16: bool
    """In hardware, not imitated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFact:
    """An installed engine."""

    name: str
    trouble: str = ""
    """Why it cannot speak; empty where it can."""
    cure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A machine and what a project asks of it."""

    python: str
    narrator: str
    packages: tuple[Package, ...] = ()
    torch_cuda: str = ""
    """The version that torch is built for; empty = none."""
    driver: bool = False
    """Whether NVIDIA's driver is here."""
    gpus: tuple[Gpu, ...] = ()
    computing: str = ""
    """How qwen3 would compute."""
    dtype: str = "auto"
    attention: str = "auto"
    models: tuple[Model, ...] = ()
    wanted: tuple[str, ...] = ()
    """Kinds of model that the project's voices need."""
    engines: tuple[EngineFact, ...] = ()
    codecs_missing: tuple[str, ...] = ()
    disk_free_bytes: int = 0
    hub_s: float | None = None
    """Until the hub answers; infinite = never, None = not asked."""
    said: str = ""
    """An error message to explain."""

    def package(self, name: str) -> Package:
        """One of them, installed or not."""
        return next((each for each in self.packages if each.name == name), Package(name=name))


def gather(options: EngineOptions, wanted: Sequence[str] | None = None, said: str = "") -> Facts:
    """Look around. Loads torch and torchaudio where they are, reads no weights.

    Args:
        options: How a project wants to compute, and from where its weights come.
        wanted: Kinds of model that its voices need; None = there is no project, so all five models count.
        said: An error message to explain.
    """
    packages = tuple(_package(name) for name in PACKAGES)
    torch = _torch(packages)
    models = inventory.models() if wanted is None else tuple(inventory.model(options, kind) for kind in _KINDS)
    return Facts(
        python=platform.python_version(),
        narrator=version("narrator"),
        packages=packages,
        torch_cuda=str(torch.version.cuda or "") if torch else "",
        driver=shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia/version").exists(),
        gpus=_gpus(torch) if torch else (),
        computing=str(computing(options)) if torch else "",
        dtype=options.dtype,
        attention=options.attention,
        models=models,
        wanted=tuple(wanted or ()),
        engines=tuple(_engine(name, bool(torch), models) for name in registry.names()),
        codecs_missing=_codecs_missing(),
        disk_free_bytes=_free_bytes(),
        hub_s=_hub_s() if not all(model.here for model in models) else None,
        said=said,
    )


_KINDS = tuple(inventory.SPEAKS)


def _package(name: str) -> Package:
    try:
        found = version(name)
    except PackageNotFoundError:
        return Package(name=name)
    if name not in LOADED:
        return Package(name=name, version=found)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they deprecate is no finding
            import_module(name)
    except (ImportError, OSError, RuntimeError) as error:  # each is how a library of another build says so
        return Package(name=name, version=found, trouble=str(error).partition("\n")[0])
    return Package(name=name, version=found)


def _torch(packages: Sequence[Package]) -> Any:
    torch = packages[0]
    return import_module("torch") if torch.version and not torch.trouble else None


def _gpus(torch: Any) -> tuple[Gpu, ...]:
    if not torch.cuda.is_available():
        return ()
    found = []
    for index in range(torch.cuda.device_count()):
        free, memory = torch.cuda.mem_get_info(index)
        major, _ = torch.cuda.get_device_capability(index)
        # torch.cuda.is_bf16_supported() says yes also where bfloat16 is imitated; hardware has it from Ampere on.
        bfloat16 = major >= 8 or bool(torch.version.hip)
        name = torch.cuda.get_device_name(index)
        found.append(Gpu(name=name, memory_bytes=memory, free_bytes=free, bfloat16=bfloat16))
    return tuple(found)


def _engine(name: str, torch: bool, models: Sequence[Model]) -> EngineFact:  # noqa: FBT001 - a fact among facts
    try:
        registry.load(name)
        for weights in _embedded(name):
            for package, file in weights.parts:
                if not (package_folder(package, install=weights.install) / file).is_file():
                    return EngineFact(name=name, trouble=f"{file} of {package} is gone", cure=weights.install)
    except MissingError as error:
        return EngineFact(name=name, trouble=error.message, cure=error.hint)
    if name in {"kokoro", "hibari"} and find_spec("onnxruntime") is None:
        return EngineFact(name=name, trouble="onnxruntime is not installed", cure="pip install onnxruntime")
    return _qwen3(name, torch, models) if name in {"qwen3", "qwen3-reference"} else EngineFact(name=name)


def _embedded(name: str) -> tuple[Weights, ...]:
    from narrator.engines import hibari, kokoro  # noqa: PLC0415 - signal processing

    # hibari's package also pronounces for Kokoro.
    return {"kokoro": (kokoro.WEIGHTS, hibari.WEIGHTS), "hibari": (hibari.WEIGHTS,)}.get(name, ())


def _qwen3(name: str, torch: bool, models: Sequence[Model]) -> EngineFact:  # noqa: FBT001
    lacking = [package for package in ("tokenizers", "safetensors") if find_spec(package) is None]
    if not torch or lacking:
        gone = ", ".join((*(() if torch else ("torch",)), *lacking))
        return EngineFact(name=name, trouble=f"needs {gone}", cure="pip install 'narrator[qwen3]'")
    if name == "qwen3-reference" and find_spec("qwen_tts") is None:
        return EngineFact(name=name, trouble="needs qwen-tts", cure="pip install 'narrator[reference]'")
    if not any(model.here for model in models):
        return EngineFact(name=name, trouble="none of its models is here", cure="narrate models get base")
    return EngineFact(name=name)


def _codecs_missing() -> tuple[str, ...]:
    import av  # noqa: PLC0415 - FFmpeg

    return tuple(name for name in CODECS if name not in av.codecs_available)


def _free_bytes() -> int:
    """Where models go; a folder that is not there yet lies on the disk of its nearest parent."""
    cache = Path(os.environ.get("HF_HOME") or downloads.home()).expanduser().absolute()
    there = next(folder for folder in (cache, *cache.parents) if folder.is_dir())
    return shutil.disk_usage(there).free


def _hub_s() -> float | None:
    if os.environ.get("HF_HUB_OFFLINE", "0").upper() in {"1", "ON", "YES", "TRUE"}:
        return None
    address = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    started_s = time.monotonic()
    # An answer that refuses is an answer; what counts is how long it takes.
    with suppress(urllib.error.HTTPError):
        try:
            request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - the hub's own address
            urllib.request.urlopen(request, timeout=HUB_PATIENCE_S).close()  # noqa: S310
        except urllib.error.HTTPError:
            raise
        except (OSError, ValueError):
            return float("inf")
    return time.monotonic() - started_s
