"""voices/fetched.yaml: which recordings of the project were brought from which addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from narrator.files import write
from narrator.settings.document import load
from narrator.settings.options import InsidePath, strict
from narrator.settings.writing import scalar

FILE = "voices/fetched.yaml"
_HEADER = """\
# Recordings that `narrate voices fetch` brought here; a build takes them in the place of their addresses.
# Delete a file to have it fetched again.
fetched: 1
recordings:
"""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A recording and where it came from."""

    address: str
    file: InsidePath
    """From the project's folder."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedOptions:
    """voices/fetched.yaml."""

    fetched: Literal[1]
    recordings: tuple[Fetched, ...] = ()


def read_fetched(root: Path) -> dict[str, Fetched]:
    """What was brought into a project's folder, by address.

    Raises:
        ProjectError: Everything that is wrong with the file, one line each.
    """
    path = root / FILE
    if not path.exists():
        return {}
    return {each.address: each for each in load(path, FetchedOptions).value.recordings}


def write_fetched(root: Path, recordings: Iterable[Fetched]) -> None:
    """Write the list; the same recordings give the same bytes."""
    lines = [
        f"- {{address: {scalar(each.address)}, file: {scalar(each.file)}, sha256: {each.sha256}}}\n"
        for each in recordings
    ]
    write(root / FILE, _HEADER + "".join(lines))
