"""Recordings that are not in the project yet: brought from an address, or given as bytes or samples from Python.

Either way they become files of the project, so that a build needs neither the network nor the program that gave them.
What cannot be cloned is not kept.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from narrator import files
from narrator.audio.files import encode_flac, encode_wav
from narrator.casting.reference import Recording, prepare
from narrator.errors import MissingError, ProjectError, UsageError
from narrator.settings.document import Document
from narrator.settings.fetched import Fetched, read_fetched, write_fetched
from narrator.settings.options import ProjectOptions, VoiceOptions
from narrator.transfers import PAUSE_S, Progress, Wanted, fetch, web_address

MOST_BYTES = 200_000_000
"""Ten minutes of stereo, uncompressed, at any usual rate."""


def audio_of(voice: VoiceOptions) -> str:
    """The file or address that a voice is cloned from; empty if it is not cloned."""
    return voice.clone.audio if voice.clone else voice.ref_audio or ""


def fetch_recordings(
    project: Document[ProjectOptions], root: Path, tell: Progress, pause_s: float = PAUSE_S
) -> Iterator[Fetched]:
    """Bring the recordings that a project names by address; what is here already stays as it is.

    Args:
        project: project.yaml.
        root: Its folder; recordings go to `voices/`, and which came from where to `voices/fetched.yaml`.
        tell: Hears of progress.
        pause_s: Before the second try after a break.

    Yields:
        Each recording, as soon as it is safe.

    Raises:
        MissingError: An address cannot be reached, breaks off for good, or holds too much.
        ProjectError: What it holds cannot be cloned; it was thrown away.
    """
    for name, voice in project.value.voices.items():
        address, known = audio_of(voice), read_fetched(root)
        if not web_address(address):
            continue
        if (kept := known.get(address)) is None or not (root / kept.file).is_file():
            kept = _brought(name, address, root, tell, pause_s)
            write_fetched(root, {**known, address: kept}.values())
        yield kept


def _brought(name: str, address: str, root: Path, tell: Progress, pause_s: float) -> Fetched:
    arrived = root / "voices" / f".fetch-{hashlib.sha256(address.encode()).hexdigest()[:12]}"
    fetch(Wanted(address=address, target=arrived, name=name, most_bytes=MOST_BYTES), tell, pause_s)
    try:
        prepare(arrived, what=f"voices.{name}: {address}")
    except ProjectError:
        arrived.unlink()
        raise
    digest = hashlib.sha256(arrived.read_bytes()).hexdigest()
    suffix = PurePosixPath(urlsplit(address).path).suffix.lower()
    kind = suffix if re.fullmatch(r"\.[a-z0-9]{2,5}", suffix) else ""
    # Named by its bytes, so that it never takes the place of a recording that a person put there.
    plain = re.sub(r"\W+", "-", name)
    file = f"voices/{plain}-{digest[:8]}{kind}"
    files.publish(arrived, root / file)
    return Fetched(address=address, file=file, sha256=digest)


def fetched_file(root: Path, address: str, what: str) -> Path:
    """The file that was brought from an address; nothing is fetched.

    Raises:
        MissingError: None was, or it is gone.
        ProjectError: It is not what it was when it came.
    """
    kept = read_fetched(root).get(address)
    if kept is None or not (root / kept.file).is_file():
        raise MissingError(
            f"{what}: {address} is not here, and a build fetches nothing", hint=f"Run: narrate voices fetch {root}"
        )
    path = root / kept.file
    if hashlib.sha256(path.read_bytes()).hexdigest() != kept.sha256:
        raise ProjectError(
            f"{what}: {kept.file} is not what came from {address}",
            hint="If that is meant, name the file itself as the recording; else delete it and fetch it again.",
        )
    return path


def keep_recording(project: Document[ProjectOptions], root: Path, voice: str, recording: Recording) -> Path:
    """Write a recording where project.yaml looks for it; see `narrator.give_recording`."""
    options = project.value.voices.get(voice)
    if options is None:
        known = ", ".join(project.value.voices)
        raise UsageError(f"no voice is called {voice!r}", hint=f"There are {known}.")
    name = audio_of(options)
    if not name or web_address(name):
        raise UsageError(f"voices.{voice} is not cloned from a file", hint="Write `clone: {audio: voices/NAME.flac}`.")
    home = project.beside("voices", voice, "clone" if options.clone else "ref_audio") or root
    if not (path := home / name).resolve().is_relative_to(home.resolve()):
        raise UsageError(f"voices.{voice}: {name} lies outside the project's folder", hint="Name a file inside it.")
    prepare(recording, what=f"voices.{voice}")
    data = _file_bytes(recording, name)
    if path.exists() and path.read_bytes() != data:
        raise ProjectError(
            f"{path}: is there already, and not the same", hint="Move it away, or name another file in project.yaml."
        )
    files.write(path, data)
    return path


def _file_bytes(recording: Recording, name: str) -> bytes:
    """A file of the recording; samples as FLAC of 24 bits, or WAV of 16."""
    if isinstance(recording, bytes):
        return recording
    if isinstance(recording, Path):
        return recording.read_bytes()
    samples, rate_hz = recording
    encode = {".flac": encode_flac, ".wav": encode_wav}.get(PurePosixPath(name).suffix.lower())
    if encode is None:
        raise UsageError(f"samples are not kept as {name}", hint="Name a .flac or .wav in project.yaml.")
    return encode(samples if samples.ndim == 1 else samples.mean(axis=1), rate_hz)
