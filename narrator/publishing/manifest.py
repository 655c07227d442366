"""What stands in an output folder, and what it was made from: `manifest.json`.

A finished file is current when it is listed under the key of what would be made now and is still the file that was
written. Deleting the manifest, or anything it lists, costs an encode and nothing else.
"""

import fcntl
import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType

from narrator import files
from narrator.errors import LockedError, ProjectError

NAME = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A file under its final name."""

    name: str
    """Path below the output folder."""
    sha256: str
    n_bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, folder: Path, path: Path) -> "Finished":
        """Describe a file that was just written."""
        status = path.stat()
        return cls(
            name=path.relative_to(folder).as_posix(),
            sha256=files.sha256(path),
            n_bytes=status.st_size,
            mtime_ns=status.st_mtime_ns,
        )

    def stands(self, folder: Path) -> bool:
        """Whether the file is still as it was written; its bytes are read only when its time stamp has moved."""
        path = folder / self.name
        try:
            status = path.stat()
        except FileNotFoundError:
            return False
        if status.st_size != self.n_bytes:
            return False
        return status.st_mtime_ns == self.mtime_ns or files.sha256(path) == self.sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A chapter or the whole book, finished."""

    key: str
    """Digest of everything it was made from."""
    title: str
    seconds: float
    loudness_lufs: float
    true_peak_dbtp: float
    files: tuple[Finished, ...]
    part: Finished | None = None
    """The chapter's part of the book, below the folder of parts."""
    faults: tuple[str, ...] = ()
    """Where a decoded file is not what was meant."""

    def paths(self, folder: Path) -> tuple[Path, ...]:
        """Its files."""
        return tuple(folder / f.name for f in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All products of one output folder by name: `book` or the chapter's number."""

    folder: Path
    project: str
    """Whose folder this is; empty while it is nobody's."""
    products: Mapping[str, Product]

    def current(self, name: str, key: str) -> Product | None:
        """The product if it was made from `key` and its files still stand."""
        product = self.products.get(name)
        if product is None or product.key != key or not all(f.stands(self.folder) for f in product.files):
            return None
        return product

    def with_product(self, name: str, product: Product) -> "Manifest":
        """The manifest with a product in the place of its former self, whose other files are removed, and written."""
        return self._become({**self.products, name: product})

    def without(self, names: Collection[str]) -> "Manifest":
        """The manifest without some products, whose files are removed, and written."""
        return self._become({n: p for n, p in self.products.items() if n not in names}) if names else self

    def _become(self, products: Mapping[str, Product]) -> "Manifest":
        kept = {f.name for p in products.values() for f in p.files}
        for former in (f for p in self.products.values() for f in p.files):
            if former.name not in kept:
                (self.folder / former.name).unlink(missing_ok=True)
        changed = Manifest(folder=self.folder, project=self.project, products=MappingProxyType(dict(products)))
        content = {"project": self.project, "products": {n: asdict(p) for n, p in products.items()}}
        files.write(self.folder / NAME, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        return changed


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an output folder; an empty one where there is none, or none that can be read."""
    try:
        content = json.loads((folder / NAME).read_text("utf-8"))
        project = str(content["project"])
        products = {
            name: Product(**{
                **product,
                "files": tuple(Finished(**f) for f in product["files"]),
                "part": Finished(**product["part"]) if product["part"] else None,
                "faults": tuple(product["faults"]),
            })
            for name, product in content["products"].items()
        }
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        project, products = "", {}
    return Manifest(folder=folder, project=project, products=MappingProxyType(products))


@contextmanager
def claimed(folder: Path, project: str, *, own: bool) -> Iterator[Manifest]:
    """Hold an output folder for one build of one project, swept of what a killed build left.

    Args:
        folder: Made if it is not there.
        project: The project's identity.
        own: The folder lies inside the project's: whatever its manifest says, it is the project's.

    Raises:
        ProjectError: It holds the finished files of another project.
        LockedError: Another build writes into it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"{folder}: another build writes into this folder", hint="Wait for it to end.") from None
        found = read_manifest(folder)
        if not own and found.project not in {"", project}:
            raise ProjectError(
                f"{folder}: holds the finished files of another project", hint="Give each book a folder of its own."
            )
        files.sweep(folder)
        yield replace(found, project=project)
    finally:
        os.close(descriptor)
