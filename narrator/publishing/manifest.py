"""What stands in an output folder, and what it was made from: `manifest.json`.

A finished file is current when it is listed under the key of what would be made now and is still the file that was
written. Deleting the manifest, or anything it lists, costs an encode and nothing else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from narrator import files

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
            sha256=_sha256(path),
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
        return status.st_mtime_ns == self.mtime_ns or _sha256(path) == self.sha256


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
    faults: tuple[str, ...] = ()
    """Where a decoded file is not what was meant."""

    def paths(self, folder: Path) -> tuple[Path, ...]:
        """Its files."""
        return tuple(folder / f.name for f in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All products of one output folder by name: `book` or the chapter's number."""

    folder: Path
    products: Mapping[str, Product]

    def current(self, name: str, key: str) -> Product | None:
        """The product if it was made from `key` and its files still stand."""
        product = self.products.get(name)
        if product is None or product.key != key or not all(f.stands(self.folder) for f in product.files):
            return None
        return product

    def with_product(self, name: str, product: Product) -> "Manifest":
        """The manifest with a product in the place of its former self, whose other files are removed, and written."""
        kept = {f.name for p in {**self.products, name: product}.values() for f in p.files}
        for former in self.products[name].files if name in self.products else ():
            if former.name not in kept:
                (self.folder / former.name).unlink(missing_ok=True)
        changed = Manifest(folder=self.folder, products=MappingProxyType({**self.products, name: product}))
        content = {n: asdict(p) for n, p in changed.products.items()}
        files.write(self.folder / NAME, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        return changed


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an output folder; an empty one where there is none, or none that can be read."""
    try:
        content = json.loads((folder / NAME).read_text("utf-8"))
        products = {
            name: Product(**{
                **product,
                "files": tuple(Finished(**f) for f in product["files"]),
                "faults": tuple(product["faults"]),
            })
            for name, product in content.items()
        }
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        products = {}
    return Manifest(folder=folder, products=MappingProxyType(products))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
