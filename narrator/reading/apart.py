"""Reading in a process of its own, with limits on memory and time that no file can talk its way out of.

The reader's own limits keep ordinary and most hostile books within seconds. What no limit in our code can bound is what
a library does inside one call: a Markdown file of 4 MB can cost the parser 1.4 GB. So the process that reads has limits
from the system; when it dies of them, the book is refused and this process goes on. Request and answer are pickled:
both ends are ours, on the same machine.
"""

import os
import pickle
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from narrator.domain import Manuscript
from narrator.errors import BookError, NarratorError
from narrator.settings.options import ReadOptions

SMALL_BYTES: Final = 64 << 10
"""A text of this size costs no library a second: it is read here, without the 0.3 s that a process costs."""
_UNPACKED: Final = frozenset({".md", ".markdown", ".txt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What reading a book may cost."""

    memory_bytes: int = 2 << 30
    """Address space."""
    processor_s: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    path: Path
    options: ReadOptions
    language: str
    bounds: Bounds


def read_apart(path: Path, options: ReadOptions, *, language: str = "", bounds: Bounds | None = None) -> Manuscript:
    """Read a book as `reading.read` does, within bounds; a small text is read in this process.

    Raises:
        ProjectError: There is no such file, or it is of another kind.
        BookError: See `reading.read`; or it takes too much memory or time to read.
    """
    if bounds is None and _is_small(path):
        return _read(_Request(path=path, options=options, language=language, bounds=Bounds()))
    request = _Request(path=path.absolute(), options=options, language=language, bounds=bounds or Bounds())
    ended = subprocess.run(
        [sys.executable, "-c", "from narrator.reading.apart import answer; answer()"],
        input=pickle.dumps(request),
        capture_output=True,
        check=False,
        start_new_session=True,  # Ctrl-C is for the command, which decides what is finished
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if ended.returncode == 1:
        raise RuntimeError(f"the process that reads {path.name} failed:\n{ended.stderr.decode(errors='replace')}")
    if ended.returncode:
        raise _refused(path, ended.returncode, request.bounds)
    found = pickle.loads(ended.stdout)  # noqa: S301 - written by our own process
    if isinstance(found, NarratorError):
        raise found
    assert isinstance(found, Manuscript)  # noqa: S101
    return found


def _is_small(path: Path) -> bool:
    return not path.is_file() or (path.suffix.lower() in _UNPACKED and path.stat().st_size <= SMALL_BYTES)


def _refused(path: Path, code: int, bounds: Bounds) -> BookError:
    if code == -signal.SIGXCPU:
        what = f"takes more than {bounds.processor_s} s to read"
    elif code == _OUT_OF_MEMORY:
        what = f"takes more than {bounds.memory_bytes >> 20} MiB of memory to read"
    else:
        what = f"cannot be read: the process that tried was ended by signal {-code}"
    return BookError(f"{path.name} {what}.", hint="It may be made to do harm. If it is only large, split it.")


# ── in the other process ──────────────────────────────────────────────────────────────────────────────────────────────

_OUT_OF_MEMORY: Final = 3


def answer() -> None:
    """Answer the request on stdin: a manuscript or a refusal. A bug ends the process with a traceback."""
    request: _Request = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own process
    _bind(request.bounds)
    try:
        found: Manuscript | NarratorError = _read(request)
    except NarratorError as refusal:
        found = refusal
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    sys.stdout.buffer.write(pickle.dumps(found))


def _read(request: _Request) -> Manuscript:
    from narrator.reading import read  # noqa: PLC0415 - the room imports this module

    return read(request.path, request.options, language=request.language)


def _bind(bounds: Bounds) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, bounds.memory_bytes), (resource.RLIMIT_CPU, bounds.processor_s)):
        _, hard = resource.getrlimit(what)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (limit, hard))
