"""The one way to write files: whole or not at all, and still there after a power cut.

Publish = temporary file in the same folder → fsync → rename (replace) or link (create if absent) → fsync of the folder.
A failed fsync is never retried: after it the kernel may have dropped the pages, and a second call would lie.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from narrator.errors import NO_ROOM, DiskFullError

MAKE_ROOM = "Free some space and run the same command again; everything recorded is kept."
PARTIAL = ".partial-"
"""Start of the name of every temporary file; whoever holds the project's lock may sweep them."""
AT_ONCE = 16
"""Files whose fsync is waited for together: a journal writes out all who wait in one go."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A file that is to be written."""

    target: Path
    data: bytes
    replace: bool = True
    """Overwrite an existing file; otherwise the first writer wins."""


@contextmanager
def partial(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`, removed afterwards unless it was moved away.

    Raises:
        DiskFullError: Something written inside found no room.
    """
    temporary = target.with_name(f"{PARTIAL}{secrets.token_hex(6)}{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFullError(f"{target.parent}: no room left on this disk", hint=MAKE_ROOM) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def publish(temporary: Path, target: Path, *, replace: bool = True) -> bool:
    """Give a finished temporary file its name, durably.

    Args:
        temporary: The complete file, in the same folder as `target`.
        target: Its final name.
        replace: Overwrite an existing file; otherwise the first writer wins.

    Returns:
        False if `target` existed and was kept.
    """
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    if not _name(temporary, target, replace=replace):
        return False
    sync_folder(target.parent)
    return True


def _name(temporary: Path, target: Path, *, replace: bool) -> bool:
    if replace:
        temporary.replace(target)
        return True
    return _create(temporary, target)


def _create(temporary: Path, target: Path) -> bool:
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except OSError as error:  # file systems without hard links: exclusive creation instead
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV}:
            raise
        try:
            with target.open("xb") as file:
                file.write(temporary.read_bytes())
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            return False
    return True


def sweep(folder: Path) -> None:
    """Remove what a killed process left half written in a folder; only under the project's lock."""
    for leftover in folder.glob(f"{PARTIAL}*"):
        leftover.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(target: Path, data: bytes | str, *, replace: bool = True) -> bool:
    """Write a whole file durably; see `publish` for `replace` and the result."""
    content = data.encode("utf-8") if isinstance(data, str) else data
    with partial(target) as temporary:
        temporary.write_bytes(content)
        return publish(temporary, target, replace=replace)


def sha256(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_together(writings: Sequence[Writing]) -> None:
    """Write files durably, many for little more than the price of one; when this returns, all of them are.

    Args:
        writings: Each to another target. After a kill or a power cut any of them may be there, each whole.

    Raises:
        DiskFullError: No room; nothing half written stays.
    """

    def store(temporary: Path, data: bytes) -> None:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    folders = {writing.target.parent for writing in writings}
    entered = {parent for folder in folders for parent in _entered(folder)}
    with ExitStack() as stack:
        temporaries = [stack.enter_context(partial(writing.target)) for writing in writings]
        _at_once(lambda pair: store(pair[0], pair[1].data), zip(temporaries, writings, strict=True))
        for temporary, writing in zip(temporaries, writings, strict=True):
            _name(temporary, writing.target, replace=writing.replace)
        _at_once(sync_folder, folders | entered)


def _entered(folder: Path) -> Iterator[Path]:
    """The folders in which a folder that is still to be made, or one above it, will be a new name."""
    while not folder.exists():
        folder = folder.parent
        yield folder


def _at_once(work: Callable[[T], None], items: Iterable[T]) -> None:
    todo = list(items)
    if len(todo) <= 1:
        for item in todo:
            work(item)
        return
    with ThreadPoolExecutor(min(AT_ONCE, len(todo)), thread_name_prefix="files") as threads:
        for _ in threads.map(work, todo):
            pass
