"""What can go wrong, each with its exit code.

Every message says what, where (`file:line:col` when there is one) and, in the hint, what to do next. Errors are raised
where they are known and turned into text and exit code once, in `narrator.cli`. Programming mistakes are not here: they
are assertions, and they end with exit code 1.
"""

import errno
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """How a command ends. Stable: scripts may rely on each number."""

    DONE = 0
    BUG = 1
    USAGE = 2
    QUARANTINED = 3
    BOOK = 4
    MISSING = 5
    RIGHTS = 6
    LOCKED = 11
    DISK_FULL = 12
    ENGINE = 13
    SIGINT = 130
    SIGTERM = 143


class NarratorError(Exception):
    """Anything a user can mend.

    Args:
        message: What is wrong and where.
        hint: The next step, as an instruction; empty when the message already says it.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Survive the way back from a worker process, hint included."""
        return _revive, (type(self), self.message, self.hint)


def _revive(kind: type[NarratorError], message: str, hint: str) -> NarratorError:
    return kind(message, hint=hint)


class ProjectError(NarratorError):
    """project.yaml or a file it names cannot be used."""

    exit_code = ExitCode.USAGE


class UsageError(NarratorError):
    """The command line asks for something that does not exist."""

    exit_code = ExitCode.USAGE


class LanguageError(NarratorError):
    """The engine does not speak the book's language."""

    exit_code = ExitCode.USAGE


class BookError(NarratorError):
    """The book is damaged, protected, over a limit, or would lose text."""

    exit_code = ExitCode.BOOK


class MissingError(NarratorError):
    """A package or a model is not installed, or a recording was not fetched."""

    exit_code = ExitCode.MISSING


class RightsError(NarratorError):
    """A voice is to be cloned and nobody has said that it may be."""

    exit_code = ExitCode.RIGHTS


class LockedError(NarratorError):
    """Another build of this project is running."""

    exit_code = ExitCode.LOCKED


class DiskFullError(NarratorError):
    """No room left on the disk."""

    exit_code = ExitCode.DISK_FULL


class EngineError(NarratorError):
    """No engine can speak these voices here, or the engine failed for good."""

    exit_code = ExitCode.ENGINE


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
