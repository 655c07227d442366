"""Checkpoints of Qwen3-TTS brought to this machine, whole or not at all. Only `narrate models get` comes here.

A download that broke off is gone on with: what has arrived lies beside the target as NAME.VERSION.partial, and the
target's own name is given to complete files only. config.json, by which a folder is known as a checkpoint, comes last.
"""

import base64
import fcntl
import hashlib
import http.client
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from narrator import files
from narrator.engines.checkpoints import HUB, KINDS, MODELSCOPE, repository
from narrator.errors import LockedError, MissingError, UsageError

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
PARTIAL = ".partial"
AGAIN = "Run the same command again; it goes on where it was."
SAFETENSORS_ONLY = "Only *.safetensors hold weights and nothing else; *.bin, *.pt and *.pth can run code when loaded."
_SIZES = {"0b6": "0.6b", "1b7": "1.7b"}
_BLOCK = 1 << 20
_PATIENCE_S = 60.0
_TRIES = 5
"""In a row without a byte."""
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers of a server that may answer otherwise in a while."""
_CONFIG_BYTES = 1 << 20
_HEADER_BYTES = 100_000_000
"""Longest table of contents that the safetensors format allows."""
_BREAKS = (TimeoutError, ConnectionError, http.client.HTTPException, urllib.error.URLError)
"""How a connection ends when it does not end well."""

Progress = Callable[[str, int, int], None]
"""Called with a file's name, its bytes here and its bytes in all (0 = the server does not say)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file on a server and its place here."""

    address: str
    target: Path
    name: str
    """As progress calls it."""


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


def from_address(address: str, into: Path, tell: Progress, pause_s: float = 2.0) -> Path:
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
    if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).netloc:
        raise UsageError(f"{address} is no address", hint="Give http(s)://host/folder/ with the checkpoint's files.")
    where = f"{address.rstrip('/')}/"
    config = _config(urljoin(where, CONFIG), pause_s)
    folder = into / _folder_name(config, where)
    for name in (*NEEDED[1:], *WELCOME):
        wanted = Wanted(address=urljoin(where, name), target=folder / name, name=name)
        try:
            fetch(wanted, tell, pause_s)
        except _NotThereError:
            if name in NEEDED:
                raise
    files.write(folder / CONFIG, config)
    return folder


def fetch(wanted: Wanted, tell: Progress, pause_s: float) -> None:
    """Bring one file here, going on with what an earlier attempt left.

    Raises:
        MissingError: The server lacks it, breaks off for good, or its bytes are not those that the server announced.
    """
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    if _complete(wanted.target):
        return
    fruitless = 0
    while fruitless < _TRIES:
        before = _partial_bytes(wanted.target)
        try:
            if (arrived := _attempt(wanted, tell)) is not None:
                files.publish(arrived, wanted.target)
                return
        except _BREAKS as error:
            _give_up_for_good(wanted, error)
        fruitless = 0 if _partial_bytes(wanted.target) > before else fruitless + 1
        time.sleep(pause_s * 2**fruitless / 2)
    raise MissingError(f"{wanted.address} breaks off again and again", hint=AGAIN)


class _NotThereError(MissingError):
    """The server has no such file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a server says of a file before its bytes."""

    start: int
    """Byte from which it sends."""
    total: int
    """Bytes of the whole file; 0 = it does not say."""
    version: str
    """Changes when the file changes."""
    sha256: str
    """Of the whole file; empty = it does not say."""

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str]) -> Self:
        """Read from the headers."""
        start, total = 0, int(headers.get("Content-Length") or 0)
        if status == http.HTTPStatus.PARTIAL_CONTENT:
            match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", headers.get("Content-Range") or "")
            start, total = (int(match[1]), int(match[2])) if match else (-1, 0)
        mark = headers.get("ETag") or headers.get("Last-Modified") or ""
        version = hashlib.sha256(f"{mark} {total}".encode()).hexdigest()[:12]
        return cls(start=start, total=total, version=version, sha256=_announced(headers))


def _announced(headers: Mapping[str, str]) -> str:
    """SHA-256 as the hub says it, or RFC 9530."""
    if match := re.search(r"[0-9a-f]{64}", headers.get("X-Linked-ETag") or ""):
        return match[0]
    if match := re.search(r"sha-256=:([A-Za-z0-9+/=]+):", headers.get("Repr-Digest") or ""):
        return base64.b64decode(match[1]).hex()
    return ""


def _attempt(wanted: Wanted, tell: Progress) -> Path | None:
    """One connection; the complete partial file, or None when it broke off."""
    old = _partials(wanted.target)
    # One byte less than there is: a server may refuse to send nothing, and its answer says which version it has.
    begun = max(0, old[0].stat().st_size - 1) if len(old) == 1 else 0
    with _open(wanted.address, begun) as response:
        answer = _Answer.of(response.status, response.headers)
        partial = wanted.target.with_name(f"{wanted.target.name}.{answer.version}{PARTIAL}")
        for other in old:
            if other != partial:
                other.unlink()
        if answer.start not in {0, begun} or (answer.start and not partial.exists()):
            return None  # the file changed on the server since: from the beginning
        arrived = _receive(response, partial, answer, lambda done: tell(wanted.name, done, answer.total))
    if answer.total and arrived < answer.total:
        return None
    _verify(partial, wanted, answer)
    return partial


def _receive(response: Any, partial: Path, answer: _Answer, tell: Callable[[int], None]) -> int:
    """Append what comes; bytes of the partial file afterwards."""
    with partial.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"{partial}: another command is fetching it", hint="Wait for it.") from error
        done = answer.start
        tell(done)
        while block := response.read(_BLOCK):
            if done == answer.start:
                file.truncate(done)  # not before: a try that brings nothing takes nothing
            file.write(block)
            done += len(block)
            tell(done)
    return done


def _verify(partial: Path, wanted: Wanted, answer: _Answer) -> None:
    wrong = ""
    if answer.total and partial.stat().st_size != answer.total:
        wrong = f"has {partial.stat().st_size} bytes, announced were {answer.total}"
    elif answer.sha256 and (found := _sha256(partial)) != answer.sha256:
        wrong = f"has sha256 {found[:12]}…, announced was {answer.sha256[:12]}…"
    elif wanted.name.endswith(".safetensors") and not _whole_weights(partial):
        wrong = "is no whole safetensors file"
    if wrong:
        partial.unlink()
        raise MissingError(f"{wanted.address}: what came {wrong}", hint="It was thrown away; run the command again.")


def _open(address: str, begun: int) -> Any:
    headers = {"User-Agent": "narrator", "Accept-Encoding": "identity"}
    if begun:
        headers["Range"] = f"bytes={begun}-"
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - http(s) only, see from_address
    try:
        return urllib.request.urlopen(request, timeout=_PATIENCE_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        error.close()
        if begun and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _open(address, 0)
        raise


def _give_up_for_good(wanted: Wanted, error: Exception) -> None:
    """Raise what no further try can mend."""
    if not isinstance(error, urllib.error.HTTPError) or error.code in _LATER:
        return
    if error.code in {http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE}:
        raise _NotThereError(
            f"{wanted.address}: the server has no such file", hint="Give the folder that holds config.json."
        ) from error
    raise MissingError(f"{wanted.address}: the server says {error.code} {error.reason}", hint=AGAIN) from error


def _config(address: str, pause_s: float) -> bytes:
    """config.json, held in memory until everything else is here."""
    wanted = Wanted(address=address, target=Path(CONFIG), name=CONFIG)
    for attempt in range(_TRIES):
        try:
            with _open(address, 0) as response:
                content: bytes = response.read(_CONFIG_BYTES)
                return content
        except _BREAKS as error:
            _give_up_for_good(wanted, error)
        time.sleep(pause_s * 2**attempt / 2)
    raise MissingError(f"{address} cannot be reached", hint=AGAIN)


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


def _partials(target: Path) -> list[Path]:
    return [
        found
        for found in target.parent.glob(f"*{PARTIAL}")
        if re.fullmatch(rf"{re.escape(target.name)}\.[0-9a-f]{{12}}{re.escape(PARTIAL)}", found.name)
    ]


def _partial_bytes(target: Path) -> int:
    return sum(found.stat().st_size for found in _partials(target))


def _complete(path: Path) -> bool:
    return path.is_file() and (path.suffix != ".safetensors" or _whole_weights(path))


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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
