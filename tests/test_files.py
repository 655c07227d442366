"""Files are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from narrator.errors import DiskFullError, ExitCode
from narrator.files import PARTIAL, Writing, _entered, partial, publish, sweep, write, write_together


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


def test_new_folders_are_names_to_be_kept_too(tmp_path: Path) -> None:
    """Each folder that is given a new folder is known before it is made, so that it is made durable with the files."""
    assert list(_entered(tmp_path / "a" / "b")) == [tmp_path / "a", tmp_path]
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert not list(_entered(tmp_path / "a" / "b"))


def test_files_are_written_together_as_alone(tmp_path: Path) -> None:
    """Many at once, in several folders: each whole, the first writer's where that was asked for, nothing besides."""
    write(tmp_path / "0" / "a", "mine")
    write(tmp_path / "1" / "a", "old")
    write_together([
        Writing(target=tmp_path / str(n % 3) / name, data=f"{n} {name}".encode(), replace=n > 0)
        for n, name in enumerate("aabcdefghijklmnopqrstu")
    ])
    found = {path.relative_to(tmp_path).as_posix(): path.read_text("utf-8") for path in tmp_path.rglob("*/*")}
    others = {f"{n % 3}/{name}": f"{n} {name}" for n, name in enumerate("aabcdefghijklmnopqrstu") if n > 1}
    assert found == {"0/a": "mine", "1/a": "1 a", **others}


def test_a_full_disk_leaves_no_half_of_a_group(tmp_path: Path) -> None:
    """Where one of several files cannot be written, none of them is left half written."""
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        write_together([Writing(target=tmp_path / name, data=b"x") for name in ("a", "file/b", "c")])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_nothing_is_written_together_at_once(tmp_path: Path) -> None:
    """No files are no work."""
    write_together([])
    assert not list(tmp_path.iterdir())
