"""Where the checkpoints of Qwen3-TTS lie on this machine, and what their weights are called in a recipe.

Nothing is downloaded here. Whether a checkpoint came from the hub, from ModelScope or by hand is no cause of how it
sounds, so its name is made of its bytes.
"""

import hashlib
import json
import os
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrator import files
from narrator.errors import MissingError, ProjectError

if TYPE_CHECKING:
    from narrator.settings.options import EngineOptions

KINDS = {"base": "Base", "custom_voice": "CustomVoice", "voice_design": "VoiceDesign"}
"""Model types as the checkpoints spell them, and as their repositories do."""
HUB, MODELSCOPE = "hub", "modelscope"
_SIZES = {"0.6b": ("0.6B", "0b6"), "1.7b": ("1.7B", "1b7")}
"""As repositories and as checkpoints spell them."""
_WEIGHTS = ("model.safetensors", "speech_tokenizer/model.safetensors")
_SETTINGS = ("config.json", "speech_tokenizer/config.json", "vocab.json", "merges.txt")
_BLOCK = 1 << 22
_LONG = 1 << 26
"""Bytes from which on a digest is worth remembering."""


def repository(size: str, kind: str) -> str:
    """The published repository of a checkpoint; voices are designed by the large model only."""
    return f"Qwen/Qwen3-TTS-12Hz-{_SIZES['1.7b' if kind == 'voice_design' else size][0]}-{KINDS[kind]}"


def locate(options: "EngineOptions", kind: str) -> Path:
    """The folder of the checkpoint that speaks voices of this kind.

    Args:
        options: Their `source` is `hub`, `modelscope`, the id of another repository on the hub, the folder of one
            checkpoint, or a folder with one for each kind.
        kind: One of `KINDS`.

    Raises:
        MissingError: It is not on this machine; the hint is the command that gets it.
        ProjectError: A folder has several that would do.
    """
    source, pinned = options.source, getattr(options.revision, kind) or None
    if source == MODELSCOPE:
        return _downloaded("modelscope", repository(options.size, kind), pinned)
    folder = Path(source).expanduser()
    if source == HUB or (source.count("/") == 1 and not folder.exists() and not source.startswith((".", "/", "~"))):
        return _downloaded("huggingface_hub", repository(options.size, kind) if source == HUB else source, pinned)
    return _among(folder, options.size, kind)


def fingerprint(folder: Path) -> str:
    """Sixteen digits that stand for everything in a checkpoint that can be heard.

    Raises:
        MissingError: A file is not there.
    """
    try:
        parts = [f"{name} {_digest_of_weights(folder / name)}" for name in _WEIGHTS]
        parts += [f"{name} {hashlib.sha256((folder / name).read_bytes()).hexdigest()}" for name in _SETTINGS]
    except FileNotFoundError as error:
        raise MissingError(
            f"{error.filename}: not there, so {folder} is not a whole checkpoint", hint="Get the whole checkpoint."
        ) from error
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _downloaded(library: str, name: str, pinned: str | None) -> Path:
    where = "" if library == "huggingface_hub" else " --source modelscope"
    version = f" --revision {pinned}" if pinned else ""
    hint = f"Run: narrate models get {name}{where}{version}"
    try:
        hub: Any = import_module(library)
    except ImportError as error:
        extra = "qwen3" if library == "huggingface_hub" else "modelscope"
        raise MissingError(
            f"the package {library} is not installed", hint=f"Run: pip install 'narrator[{extra}]'"
        ) from error
    try:
        # Both libraries say a miss in errors of many kinds, all of them ValueError or OSError.
        return Path(hub.snapshot_download(name, revision=pinned, local_files_only=True))
    except (ValueError, OSError) as error:
        in_version = f" in revision {pinned}" if pinned else ""
        raise MissingError(f"the model {name} is not on this machine{in_version}", hint=hint) from error


def _among(folder: Path, size: str, kind: str) -> Path:
    """The folder itself if it is a checkpoint, or the one of its folders that is of this size and kind."""
    if not folder.is_dir():
        raise MissingError(
            f"engine.source: no folder {folder}", hint="Name a folder of checkpoints, `hub` or `modelscope`."
        )
    if (own := _type(folder)) is not None:
        found = [folder] if own[0] == kind else []
    else:
        names = [spelt for name, (_, spelt) in _SIZES.items() if kind == "voice_design" or name == size]
        found = [each for each in sorted(folder.iterdir()) if _type(each) in {(kind, name) for name in names}]
    if len(found) > 1:
        raise ProjectError(
            f"engine.source: {' and '.join(each.name for each in found)} in {folder} are of the same size and kind",
            hint="Keep one of them there.",
        )
    if not found:
        raise MissingError(
            f"engine.source: no {KINDS[kind]} model of Qwen3-TTS{'' if own else f' in size {size}'} in {folder}",
            hint=f"Put {repository(size, kind)} there.",
        )
    return found[0]


def _type(folder: Path) -> tuple[str, str] | None:
    """Model type and size of a checkpoint; None where there is none."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        return str(config["tts_model_type"]), str(config["tts_model_size"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest_of_weights(path: Path) -> str:
    """SHA-256 of a file of gigabytes: by the hub's own name for it, or as it was found before, or by reading it."""
    real = path.resolve(strict=True)
    if len(real.name) == 64 and real.parent.name == "blobs":
        return real.name
    facts = real.stat()
    return _digest(real, facts.st_size, facts.st_mtime_ns)


@cache
def _digest(path: Path, n_bytes: int, changed_ns: int) -> str:
    name = hashlib.sha256(f"{path} {n_bytes} {changed_ns}".encode()).hexdigest()
    kept = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "narrator" / "weights" / name
    if n_bytes >= _LONG and kept.is_file() and len(known := kept.read_text("ascii").strip()) == 64:
        return known
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    if n_bytes >= _LONG:
        with suppress(OSError):  # without a place to remember it, it is read again
            files.write(kept, digest.hexdigest())
    return digest.hexdigest()
