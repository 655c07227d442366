"""An EPUB's ZIP file, read with limits and never unpacked.

The limits stand where OWASP ASVS 5 §5.2–5.3 asks for them: size of the file, declared and counted unpacked size,
number of members, ratio; no links, no names that leave the archive, no overlapping members.
"""

import posixpath
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote

from narrator.errors import BookError

_MIB: Final = 1 << 20
_LOCAL_HEADER: Final = 30
"""Bytes before a member's name in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a book may be; each far above any real one."""

    file_bytes: int = 512 * _MIB
    unpacked_bytes: int = 1024 * _MIB
    members: int = 20_000
    member_bytes: int = 16 * _MIB
    ratio: int = 200
    """Unpacked : packed, of members above 1 MiB."""


_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    UnicodeError,
    ValueError,
    IndexError,
    OverflowError,
    OSError,
)
_COPY = "Get another copy of the book."


class Archive:
    """The members of an EPUB file by name.

    Raises:
        BookError: The file is not a ZIP file, is damaged, protected, or over a limit.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.path = path
        self._limits = limits or Limits()
        self._unpacked = 0
        if path.stat().st_size > self._limits.file_bytes:
            raise self.refusal(f"is larger than {self._limits.file_bytes // _MIB} MiB")
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED as error:
            raise self.refusal("is damaged, cut short, or not an EPUB file", _COPY) from error
        try:
            self._members = self._checked(self._zip.infolist())
        except BookError:
            self._zip.close()
            raise
        self._names = {_key(name): name for name in reversed(self._members)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def refusal(self, what: str, hint: str = "") -> BookError:
        """An error that names this file."""
        return BookError(f"{self.path.name} {what}.", hint=hint)

    def find(self, name: str) -> str | None:
        """The name of a member as it stands in the archive.

        Percent signs, composed and decomposed letters, case, `./` and a leading slash make no difference.
        """
        for each in (name, unquote(name)):
            if each in self._members:
                return each
            if found := self._names.get(_key(each)):
                return found
        return None

    def read(self, name: str) -> bytes:
        """The bytes of a member.

        Raises:
            BookError: It is missing, damaged, or over a limit.
        """
        member = self.find(name)
        if member is None:
            raise self.refusal(f"names {name}, which is not in it", _COPY)
        limit = self._limits.member_bytes
        try:
            with self._zip.open(self._members[member]) as file:
                data = file.read(limit + 1)
        except _DAMAGED as error:
            raise self.refusal(f"is damaged at {member}", _COPY) from error
        except RuntimeError as error:
            raise self.refusal(f"is protected: {member} needs a password") from error
        self._unpacked += len(data)
        if len(data) > limit:
            raise self.refusal(f"holds {member}, which is larger than {limit // _MIB} MiB unpacked")
        if self._unpacked > self._limits.unpacked_bytes:
            raise self.refusal(f"unpacks to more than {self._limits.unpacked_bytes // _MIB} MiB")
        return data

    def _checked(self, members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        limits = self._limits
        if len(members) > limits.members:
            raise self.refusal(f"has more than {limits.members} members")
        if sum(m.file_size for m in members) > limits.unpacked_bytes:
            raise self.refusal(f"unpacks to more than {limits.unpacked_bytes // _MIB} MiB")
        for member in members:
            if fault := _fault(member, limits):
                raise self.refusal(f"holds {member.filename!r}, which {fault}")
        if _overlap(members):
            raise self.refusal("has members that overlap")
        return self._unique(members)

    def _unique(self, members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        by_name = defaultdict(set)
        for member in members:
            by_name[member.filename].add((member.CRC, member.file_size))
        if twice := next((name for name, contents in by_name.items() if len(contents) > 1), None):
            raise self.refusal(f"holds two different members called {twice!r}")
        return {m.filename: m for m in members if not m.is_dir()}


def _key(name: str) -> str:
    path = posixpath.normpath(name.replace("\\", "/")).lstrip("/")
    return unicodedata.normalize("NFC", path).casefold()


def _fault(member: zipfile.ZipInfo, limits: Limits) -> str:
    """What is wrong with a member, to follow the word “which”; nothing, if nothing is."""
    path = member.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/"):
        return "names a place outside the book"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link to another file"
    if member.flag_bits & 1:
        return "is protected by a password"
    if member.file_size > _MIB and member.file_size > limits.ratio * max(1, member.compress_size):
        return f"unpacks to more than {limits.ratio} times its size"
    return ""


def _overlap(members: list[zipfile.ZipInfo]) -> bool:
    ordered = sorted(members, key=lambda m: m.header_offset)
    ends = [m.header_offset + _LOCAL_HEADER + len(m.orig_filename) + m.compress_size for m in ordered]
    return any(end > later.header_offset for end, later in zip(ends, ordered[1:], strict=False))
