"""Checkpoints of Qwen3-TTS brought to this machine, whole or not at all. Only `narrate models get` comes here.

A download that broke off is gone on with; config.json, by which a folder is known as a checkpoint, comes last.
"""

import json
import os
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from narrator import files
from narrator.engines.checkpoints import HUB, KINDS, MODELSCOPE, repository
from narrator.errors import MissingError, UsageError
from narrator.transfers import AGAIN, PAUSE_S, NotThereError, Progress, Wanted, fetch, read, web_address

CONFIG = "config.json"
NEEDED = (
    CONFIG, "generation_config.json", "vocab.json", "merges.txt", "model.safetensors",
    "speech_tokenizer/config.json", "speech_tokenizer/model.safetensors",
)  # fmt: skip
WELCOME = (
    "tokenizer_config.json", "preprocessor_config.json", "speech_tokenizer/configuration.json",
    "speech_tokenizer/preprocessor_config.json",
)  # fmt: skip
"""For the official package only; a server need not have them."""
SAFETENSORS_ONLY = "Only *.safetensors hold weights and nothing else; *.bin, *.pt and *.pth can run code when loaded."
_SIZES = {"0b6": "0.6b", "1b7": "1.7b"}
_CONFIG_BYTES = 1 << 20
_HEADER_BYTES = 100_000_000
"""Longest table of contents that the safetensors format allows."""


def home() -> Path:
    """Where checkpoints from plain addresses lie: `engine.source` may name this folder."""
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "narrator" / "models"


def lacking(folder: Path) -> tuple[str, ...]:
    """What a checkpoint on disk lacks: files that are not there, or weights that break off."""
    return tuple(name for name in NEEDED if not _complete(folder / name))


def named(word: str, size: str) -> str:
    """The repository that a person means by `base`, `Qwen3-TTS-12Hz-1.7B-Base` or `owner/name`.

    Raises:
        UsageError: It is none of these, or a file of pickled weights.
    """
    if word.endswith((".bin", ".pt", ".pth")):
        raise UsageError(f"{word} is not fetched", hint=SAFETENSORS_ONLY)
    kind = word.lower().replace("-", "_")
    if kind in KINDS:
        return repository(size, kind)
    known = {name.rpartition("/")[2].lower(): name for name in published()}
    if word.lower() in known:
        return known[word.lower()]
    if re.fullmatch(r"[\w.-]+/[\w.-]+", word):
        return word
    raise UsageError(f"no model is called {word!r}", hint=f"Name one of {', '.join((*KINDS, *known.values()))}.")


def published() -> tuple[str, ...]:
    """The repositories of the five checkpoints."""
    return tuple(dict.fromkeys(repository(size, kind) for kind in KINDS for size in ("0.6b", "1.7b")))


def from_library(name: str, source: str, revision: str, library: Any = None) -> Path:
    """Fetch a repository through its hub's own package, which resumes and verifies; safetensors only.

    Args:
        name: `owner/name`.
        source: `hub` or `modelscope`.
        revision: A commit, tag or branch; empty = the newest.
        library: With the function `snapshot_download`; None = the installed package of that hub.

    Raises:
        MissingError: The package is not installed, the hub cannot be reached, or what came is not a whole checkpoint.
    """
    hub = library or _library(source)
    try:
        found = hub.snapshot_download(name, revision=revision or None, allow_patterns=[*NEEDED, *WELCOME])
    except _misses(source) as error:
        slow = f" Where the hub is slow or blocked: narrate models get {name} --source modelscope"
        hint = f"{AGAIN}{slow if source == HUB else ''}"
        raise MissingError(f"{name} could not be fetched: {str(error).partition(chr(10))[0]}", hint=hint) from error
    if absent := lacking(Path(found)):
        raise MissingError(f"{name} lacks {', '.join(absent)} in {found}", hint=f"{AGAIN} {SAFETENSORS_ONLY}")
    return Path(found)


def from_address(address: str, into: Path, tell: Progress, pause_s: float = PAUSE_S) -> Path:
    """Fetch the checkpoint whose files lie at a plain address, into a folder named as its repository.

    Args:
        address: Of a folder, http or https.
        into: A folder of checkpoints.
        tell: Hears of progress.
        pause_s: Before the second try after a break; each further one waits twice as long.

    Raises:
        UsageError: It is no address of a folder.
        MissingError: The server lacks a file, breaks off for good, or sent what is not the file.
    """
    if address.endswith((".bin", ".pt", ".pth")):
        raise UsageError(f"{address} is not fetched", hint=SAFETENSORS_ONLY)
    if not web_address(address):
        raise UsageError(f"{address} is no address", hint="Give http(s)://host/folder/ with the checkpoint's files.")
    where = f"{address.rstrip('/')}/"
    config = read(urljoin(where, CONFIG), _CONFIG_BYTES, pause_s)
    folder = into / _folder_name(config, where)
    for name in (*NEEDED[1:], *WELCOME):
        fault = _weights_fault if name.endswith(".safetensors") else None
        wanted = Wanted(address=urljoin(where, name), target=folder / name, name=name, fault=fault)
        try:
            fetch(wanted, tell, pause_s)
        except NotThereError:
            if name in NEEDED:
                raise
    files.write(folder / CONFIG, config)
    return folder


def _folder_name(config: bytes, address: str) -> str:
    try:
        told = json.loads(config)
        return repository(_SIZES[told["tts_model_size"]], told["tts_model_type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError) as error:
        raise MissingError(
            f"{address}{CONFIG} is not of a Qwen3-TTS model", hint="Give the folder that holds the checkpoint's files."
        ) from error


def _library(source: str) -> Any:
    package, extra = {HUB: ("huggingface_hub", "qwen3"), MODELSCOPE: ("modelscope", "modelscope")}[source]
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingError(
            f"the package {package} is not installed", hint=f"Run: pip install 'narrator[{extra}]'"
        ) from error


def _misses(source: str) -> tuple[type[Exception], ...]:
    """How a hub's package says that it could not: ValueError or OSError, and ModelScope in errors of its own, too."""
    if source != MODELSCOPE or find_spec("modelscope") is None:
        return ValueError, OSError
    errors = import_module("modelscope.hub.errors")
    own = ("FileDownloadError", "FileIntegrityError", "NoValidRevisionError", "NotExistError", "RequestError")
    return (ValueError, OSError, *(getattr(errors, name) for name in own))


def _complete(path: Path) -> bool:
    return path.is_file() and (path.suffix != ".safetensors" or _whole_weights(path))


def _weights_fault(path: Path) -> str:
    return "" if _whole_weights(path) else "is no whole safetensors file"


def _whole_weights(path: Path) -> bool:
    """Whether a safetensors file is as long as its own table of contents says."""
    size = path.stat().st_size
    with path.open("rb") as file:
        n_header = int.from_bytes(file.read(8), "little")
        if n_header > min(size - 8, _HEADER_BYTES):
            return False
        try:
            table = json.loads(file.read(n_header))
            ends = [entry["data_offsets"][1] for name, entry in table.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return False
    return size == 8 + n_header + max(ends, default=0)
