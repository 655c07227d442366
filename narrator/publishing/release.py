"""Everything that is made of one mastered chapter, in the formats that a project asks for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from narrator.domain import Master
from narrator.publishing.captions import write_captions
from narrator.publishing.chapters import MP3_KBPS, write_flac, write_mp3
from narrator.publishing.checks import faults, measure
from narrator.publishing.encoding import Label
from narrator.publishing.m4b import AAC_KBPS, encode_chapter
from narrator.publishing.manifest import Finished, Product
from narrator.settings.options import MasteringProfile, OutputOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What to make of a chapter and where to put it."""

    key: str
    folder: Path
    """The output folder."""
    stem: str
    """File name without suffix."""
    part: Path
    """The chapter's part of the M4B: an intermediate, named by `key`."""
    label: Label
    outputs: tuple[OutputOptions, ...]
    profile: MasteringProfile
    """What each file must measure when it is decoded."""


def publish_chapter(master: Master, release: Release) -> Product:
    """Write a chapter's files, and decode and measure each: equal masters give equal files, byte for byte.

    All at once, in threads: codecs and meters work outside Python's lock.

    Raises:
        DiskFullError: No room; nothing half written has a final name.
    """
    with ThreadPoolExecutor(len(release.outputs), thread_name_prefix="files") as threads:
        made = list(threads.map(lambda output: _made(master, release, output), release.outputs))
    paths = [path for path, _ in made]
    return Product(
        key=release.key,
        title=release.label.title,
        seconds=master.seconds,
        loudness_lufs=master.loudness_lufs,
        true_peak_dbtp=master.true_peak_dbtp,
        files=tuple(Finished.of(release.folder, path) for path in paths if path != release.part),
        part=Finished.of(release.part.parent, release.part) if release.part in paths else None,
        faults=tuple(f"{path.name}: {fault}" for path, found in made for fault in found),
    )


def _made(master: Master, release: Release, output: OutputOptions) -> tuple[Path, tuple[str, ...]]:
    """A file, and what is wrong with it."""
    path = _write(master, release, output)
    return path, () if path.suffix == ".vtt" else faults(measure(path), release.profile, master.seconds)


def _write(master: Master, release: Release, output: OutputOptions) -> Path:
    target = release.folder / f"{release.stem}.{output.format}"
    match output.format:
        case "mp3":
            write_mp3(master, release.label, target, bitrate_kbps=_kbps(output, MP3_KBPS))
        case "flac":
            write_flac(master, release.label, target)
        case "vtt":
            write_captions(master.cues, target)
        case "m4b":
            encode_chapter(master, release.part, bitrate_kbps=_kbps(output, AAC_KBPS))
            return release.part
    return target


def _kbps(output: OutputOptions, usual: int) -> int:
    return int(output.bitrate.removesuffix("k")) if output.bitrate else usual
