"""What a machine is: its device, its versions, and whether Triton can build launchers there; one JSON.

Usage: python -m scripts.bench.machine
"""

import json
import os
import shutil
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("torch", "triton", "numpy", "safetensors", "tokenizers", "pytest", "nvidia-cudnn-cu13", "flash-attn")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def main() -> None:
    """Look and print; torch is asked last, as it may fail."""
    found: dict[str, object] = {
        "bench": "machine",
        "python": sys.version.split()[0],
        "cores": len(os.sched_getaffinity(0)),
        "packages": {name: _version(name) for name in PACKAGES},
        "c_compiler": next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None),
        "python_headers": (Path(sysconfig.get_paths()["include"]) / "Python.h").exists(),
    }
    try:
        import torch  # noqa: PLC0415 - what is known without it is printed without it

        found["cuda"] = torch.version.cuda
        found["cudnn"] = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
        if torch.cuda.is_available():
            found["device"] = torch.cuda.get_device_name()
            found["free_and_all_bytes"] = torch.cuda.mem_get_info()
    except (ImportError, OSError, RuntimeError) as error:
        found["torch_fails"] = str(error)[:500]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
