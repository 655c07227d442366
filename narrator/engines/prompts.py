"""Voice prompts on disk: what was made ready once is not made again, for no line, chapter or build.

    prompts/ab/<key>.safetensors    the arrays; in the header, as JSON, the facts and a checksum

The key is the SHA-256 of everything the prompt is made from. Derived things: any file may be deleted at any time, and
one that is damaged is made again.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from narrator import files
from narrator.domain import VoiceProfile
from narrator.engines.protocol import Engine, VoicePrompt

LAYOUT = 1
"""Version of what is kept; another one is made again."""


def prompt(engine: Engine, voice: VoiceProfile, folder: Path, prepare: Callable[[], VoicePrompt]) -> VoicePrompt:
    """A voice made ready, from disk if it was made ready before.

    Args:
        engine: Who will speak it.
        voice: Named and described; its recording is looked at by its digest only.
        folder: Where prompts are kept.
        prepare: Makes it; called if it is not there. A prompt without arrays costs nothing and is not kept.

    Raises:
        DiskFullError: A new one found no room.
    """
    path = _path(engine, voice, folder)
    if (kept := _read(path, voice.name)) is not None:
        return kept
    made = prepare()
    if made.arrays:
        files.write(path, _bytes(made))
    return made


def _path(engine: Engine, voice: VoiceProfile, folder: Path) -> Path:
    causes: Any = [
        LAYOUT, engine.info.name, engine.info.audio_version, engine.revision(voice), dict(engine.identity(voice)),
    ]  # fmt: skip
    key = hashlib.sha256(json.dumps(causes, sort_keys=True).encode()).hexdigest()
    return folder / key[:2] / f"{key}.safetensors"


def _bytes(made: VoicePrompt) -> bytes:
    from safetensors.numpy import save  # noqa: PLC0415 - comes with the engines that have arrays to keep

    facts = json.dumps(dict(made.facts), sort_keys=True)
    data: bytes = save(dict(made.arrays), metadata={"facts": facts, "sha256": _checksum(made, facts)})
    return data


def _read(path: Path, name: str) -> VoicePrompt | None:
    if not path.is_file():
        return None
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - as above

    try:
        with safe_open(path, framework="numpy") as file:
            about = file.metadata() or {}
            arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - a safetensors file is no mapping
            found = VoicePrompt(voice=name, arrays=arrays, facts=json.loads(about.get("facts", "{}")))
    except (SafetensorError, ValueError, OSError):
        return None
    return found if about.get("sha256") == _checksum(found, about["facts"]) else None


def _checksum(prompt: VoicePrompt, facts: str) -> str:
    digest = hashlib.sha256(facts.encode())
    for key, array in sorted(prompt.arrays.items()):
        digest.update(f"{key} {array.dtype} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
