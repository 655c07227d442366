"""The take store: recipe → recording. Plain files, no database; the product that must never be lost.

    objects/ab/<sha256>.flac   sound, named by its own bytes, never written twice
    takes/ab/<key>.json        the record, and the commit point: object, length, recipe, provenance
    damaged/                   what was not what it had been when it was stored
    lock  VERSION  id

Object before record: the objects of a take, or of a group of takes, are durable before a record of it is begun. A
recipe's first accepted take stays: a second writer of the same key is ignored. It knows nothing about what a recipe
means.
"""

import fcntl
import hashlib
import json
import os
import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from narrator import files
from narrator.domain import Take
from narrator.errors import LockedError, ProjectError

VERSION = "1"
"""Format of the store. An unknown one is refused, never guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A new take on its way into the store."""

    key: str
    recipe: str
    """Canonical JSON: every cause of the take."""
    made: str
    """JSON: provenance, which is no cause."""
    data: bytes
    """The sound as a FLAC file."""
    n_samples: int
    sample_rate_hz: int
    flag: str = ""


class Store:
    """The takes of one project, in its `.narrate` folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the project for writing; the kernel lets go of the lock even after a SIGKILL.

        Raises:
            LockedError: Somebody else holds it.
            ProjectError: The store was written by another version of narrator.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "another process"
                raise LockedError(
                    f"{self.folder.parent}: a build is running ({holder})",
                    hint="Wait for it to end, or stop it; what it has recorded is kept.",
                ) from None
            lock.truncate(0)
            lock.write(f"pid {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
            lock.flush()
            self.check_version()
            files.write(self.folder / "VERSION", VERSION + "\n", replace=False)
            files.write(self.folder / "id", secrets.token_hex(16) + "\n", replace=False)
            for folder in (self.folder.parent, self.folder, *self.folder.glob("*/"), *self.folder.glob("*/*/")):
                files.sweep(folder)
            yield

    @property
    def identity(self) -> str:
        """Tells this project from every other one, wherever its folder is moved; known once it was locked."""
        return (self.folder / "id").read_text("utf-8").strip()

    def check_version(self) -> None:
        """Refuse a store that another version of narrator wrote.

        Raises:
            ProjectError: It did.
        """
        path = self.folder / "VERSION"
        if path.exists() and (found := path.read_text("utf-8").strip()) != VERSION:
            raise ProjectError(
                f"{path}: the store has format {found}, this narrator writes format {VERSION}",
                hint="Use the version of narrator that made it, or move .narrate away to record the book again.",
            )

    def find(self, key: str) -> Take | None:
        """The take of a recipe, from its record; its sound is looked at by `read`."""
        try:
            record = json.loads(self._record(key).read_text("utf-8"))
            take = Take(
                key=key,
                object=record["object"],
                path=self._object(record["object"]),
                n_samples=record["n_samples"],
                sample_rate_hz=record["sample_rate_hz"],
                flag=record["flag"],
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):  # torn or rotten: the next take of this key replaces it
            return None
        return take if take.path.exists() else None

    def sound(self, take: Take) -> bool:
        """Whether a take's bytes are still those that were stored; if not it is set aside, and `find` misses it."""
        try:
            if hashlib.sha256(take.path.read_bytes()).hexdigest() == take.object:
                return True
        except FileNotFoundError:
            pass
        # The object first: a record without one gives way, but an object found in its place would be taken as it is.
        self._set_aside(take.path)
        self._set_aside(self._record(take.key))
        return False

    def put(self, recording: Recording) -> Take:
        """Store a take durably; see `put_together`."""
        return self.put_together([recording])[0]

    def put_together(self, recordings: Sequence[Recording]) -> tuple[Take, ...]:
        """Store takes durably; when this returns they survive a power cut. All objects before any record.

        Args:
            recordings: Each of another key.

        Returns:
            The takes that the keys name from now on, in order: an earlier one where there was one.

        Raises:
            DiskFullError: No room; nothing half written stays.
        """
        digests = [hashlib.sha256(recording.data).hexdigest() for recording in recordings]
        objects = {self._object(name): each.data for name, each in zip(digests, recordings, strict=True)}
        files.write_together([
            files.Writing(target=path, data=data) for path, data in objects.items() if not path.exists()
        ])
        new = [(name, each) for name, each in zip(digests, recordings, strict=True) if self.find(each.key) is None]
        files.write_together([
            # A record whose object is gone is no take: it gives way.
            files.Writing(target=path, data=_content(each, name), replace=path.exists())
            for name, each, path in ((name, each, self._record(each.key)) for name, each in new)
        ])
        takes = tuple(take for recording in recordings if (take := self.find(recording.key)) is not None)
        assert len(takes) == len(recordings), "takes that were just stored are there"  # noqa: S101
        return takes

    def _record(self, key: str) -> Path:
        return self.folder.joinpath("takes", key[:2], f"{key}.json")

    def _object(self, digest: str) -> Path:
        return self.folder.joinpath("objects", digest[:2], f"{digest}.flac")

    def _set_aside(self, path: Path) -> None:
        grave = self.folder / "damaged"
        grave.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            path.replace(grave / path.name)


def _content(recording: Recording, name: str) -> bytes:
    content = {
        "object": name,
        "n_samples": recording.n_samples,
        "sample_rate_hz": recording.sample_rate_hz,
        "flag": recording.flag,
        "recipe": json.loads(recording.recipe),
        "made": json.loads(recording.made),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")
