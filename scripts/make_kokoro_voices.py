"""Makes narrator/engines/voices/kokoro_voices_en.npz again, byte for byte, from the npm package kokoro-js 1.2.1.

Usage:
    npm pack kokoro-js@1.2.1 && tar xf kokoro-js-1.2.1.tgz
    python scripts/make_kokoro_voices.py package narrator/engines/voices/kokoro_voices_en.npz

Each voice of the package is a table of 510 × 256 numbers, a style for each length of line. The rows lie so close to a
plane of eight dimensions that mean and factors, in half precision, keep all but 0.02 % of a table: 0.36 MB instead of
14.6 MB for the 28 English voices.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np

RANK = 8
ROWS, COLUMNS = 510, 256
SHA256 = "e4b2d34f126d3f8ce61df985092f162108b00390babdcd2681678c0d72288141"
N_VOICES = 28


def factors(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A table as [510, 8] @ [8, 256] + [256], in half precision."""
    mean = table.mean(axis=0)
    left, strengths, right = np.linalg.svd(table - mean, full_matrices=False)
    wide, base = (left * strengths)[:, :RANK], right[:RANK]
    return wide.astype(np.float16), base.astype(np.float16), mean.astype(np.float16)


def main() -> int:
    """Write the file; 1 if it is not the one that is in the repository."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the unpacked npm package kokoro-js 1.2.1")
    parser.add_argument("target", type=Path, help="the .npz to write")
    arguments = parser.parse_args()
    sources = sorted((arguments.package / "voices").glob("[ab][fm]_*.bin"))
    if len(sources) != N_VOICES:
        parser.error(f"{arguments.package}/voices has {len(sources)} English voices, not {N_VOICES}")
    arrays: dict[str, np.ndarray] = {}
    for source in sources:
        parts = factors(np.fromfile(source, dtype="<f4").reshape(ROWS, COLUMNS))
        arrays.update({f"{source.stem}.{name}": part for name, part in zip("abm", parts, strict=True)})
    np.savez_compressed(arguments.target, allow_pickle=False, **arrays)
    found = hashlib.sha256(arguments.target.read_bytes()).hexdigest()
    print(f"{arguments.target}: {len(sources)} voices, sha256 {found}")
    if found != SHA256:
        print(f"not the file of the repository ({SHA256}): another numpy or zlib rounds or packs otherwise")
    return int(found != SHA256)


if __name__ == "__main__":
    sys.exit(main())
