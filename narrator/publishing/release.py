"""Everything that is made of one mastered chapter, in the formats that a project asks for."""

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

    Raises:
        DiskFullError: No room; nothing half written has a final name.
    """
    made = [_write(master, release, output) for output in release.outputs]
    heard = {path.name: path for path in made if path.suffix != ".vtt"}
    return Product(
        key=release.key,
        title=release.label.title,
        seconds=master.seconds,
        loudness_lufs=master.loudness_lufs,
        true_peak_dbtp=master.true_peak_dbtp,
        files=tuple(Finished.of(release.folder, path) for path in made if path != release.part),
        part=Finished.of(release.part.parent, release.part) if release.part in made else None,
        faults=tuple(
            f"{name}: {fault}"
            for name, path in heard.items()
            for fault in faults(measure(path), release.profile, master.seconds)
        ),
    )


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
