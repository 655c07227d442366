"""Files are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from narrator.errors import DiskFullError, ExitCode
from narrator.files import PARTIAL, partial, publish, sweep, write


def half(target: Path, error: Exception) -> None:
    """Fail in the middle of a file."""
    with partial(target) as temporary:
        temporary.write_text("tw", "utf-8")
        raise error


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Writing replaces the former content and leaves nothing else behind."""
    write(tmp_path / "a" / "b.txt", "one")
    assert write(tmp_path / "a" / "b.txt", b"two")
    assert [(path.name, path.read_text("utf-8")) for path in (tmp_path / "a").iterdir()] == [("b.txt", "two")]


def test_first_writer_wins_when_asked_to(tmp_path: Path) -> None:
    """Without `replace` the first content stays, and the writer is told."""
    assert write(tmp_path / "a", "one", replace=False)
    assert not write(tmp_path / "a", "two", replace=False)
    assert (tmp_path / "a").read_text("utf-8") == "one"


def test_failure_leaves_the_former_file(tmp_path: Path) -> None:
    """Whatever goes wrong while a file is made, its former self stays and no half of it does."""
    write(tmp_path / "a", "one")
    with pytest.raises(ZeroDivisionError):
        half(tmp_path / "a", ZeroDivisionError())
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_has_its_own_error(tmp_path: Path, number: int) -> None:
    """No room is an ordinary stop: exit code 12 and what to do, with nothing half written."""
    with pytest.raises(DiskFullError, match="no room") as told:
        half(tmp_path / "a", OSError(number, os.strerror(number)))
    assert told.value.exit_code is ExitCode.DISK_FULL
    assert "Free some space" in str(told.value)
    assert not list(tmp_path.iterdir())


def test_other_errors_are_not_called_a_full_disk(tmp_path: Path) -> None:
    """An error of another kind passes as it is."""
    with pytest.raises(PermissionError):
        half(tmp_path / "a", PermissionError(errno.EACCES, "no"))


def test_published_file_keeps_its_bytes(tmp_path: Path) -> None:
    """Giving a file its name moves it."""
    with partial(tmp_path / "a") as temporary:
        temporary.write_bytes(b"whole")
        assert publish(temporary, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"whole"


def test_sweep_takes_leftovers_only(tmp_path: Path) -> None:
    """What a killed process left goes; everything else stays."""
    (tmp_path / f"{PARTIAL}1.mp3").touch()
    (tmp_path / "a.mp3").touch()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp3"]
