"""Engines of a bench, registered like anyone's: by an entry point, in a folder that lasts as long as the bench."""

import importlib
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from narrator.engines.registry import GROUP


@contextmanager
def plugged(engines: Mapping[str, str], package: str = "narrator-bench") -> Iterator[None]:
    """Have engines installed.

    Args:
        engines: By name, as `module:Class`.
        package: Whose they are. `narrator` stands in for narrator itself where it runs from a checkout.
    """
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder) / f"{package.replace('-', '_')}-0.0.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.0\n", "utf-8")
        lines = "".join(f"{name} = {where}\n" for name, where in engines.items())
        (facts / "entry_points.txt").write_text(f"[{GROUP}]\n{lines}", "utf-8")
        sys.path.append(folder)
        importlib.invalidate_caches()
        try:
            yield
        finally:
            sys.path.remove(folder)
