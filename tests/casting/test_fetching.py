"""Recordings named by address are fetched once by a command of their own; those of a program become files."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from narrator.audio.files import decode, encode_flac, encode_wav
from narrator.casting import fetch_recordings, keep_recording, named, read_cast
from narrator.cli import main
from narrator.domain import Cloned
from narrator.errors import ExitCode, MissingError, NarratorError, ProjectError, UsageError
from narrator.settings.document import Document, load
from narrator.settings.fetched import FILE, Fetched, read_fetched
from narrator.settings.options import ProjectOptions
from tests.mirrors import Mirror, serving

RATE_HZ = 24_000


def hum(hz: float = 140.0, seconds: float = 2.0) -> np.ndarray:
    """Something that can be cloned."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.2 * np.sin(2 * np.pi * hz * time_s) * (0.6 + 0.4 * np.sin(20 * time_s))).astype(np.float32)


CLIP = encode_flac(hum(), RATE_HZ)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """A server with a recording, a page, and something silent."""
    files = {
        "reed.flac": CLIP,
        "page.wav": b"<html>",
        "still.flac": encode_flac(np.zeros(RATE_HZ, np.float32), RATE_HZ),
    }
    with serving(Mirror(files=files, fragile="reed.flac")) as made:
        yield made


def project(folder: Path, audio: str) -> Document[ProjectOptions]:
    """A project with one clone."""
    path = folder / "project.yaml"
    path.write_text(
        "narrate: 1\nbook: {source: a.md}\nvoices:\n"
        f"  reed: {{clone: {{audio: '{audio}', x_vector_only: true}}, rights: {{kind: own}}}}\n"
        "cast: {narrator: reed}\n",
        "utf-8",
    )
    return load(path, ProjectOptions)


def fetched(document: Document[ProjectOptions], folder: Path) -> list[Fetched]:
    """Fetch without waiting between tries."""
    return list(fetch_recordings(document, folder, lambda *_told: None, pause_s=0))


def clone(document: Document[ProjectOptions], folder: Path) -> Cloned:
    """The voice as a build sees it."""
    source = read_cast(document, folder).recast(named).voices[0].source
    assert isinstance(source, Cloned)
    return source


def test_a_recording_is_fetched_once(mirror: Mirror, tmp_path: Path) -> None:
    """It lies in voices/ with its address and digest beside it; a second command, and a build, ask no server."""
    document = project(tmp_path, f"{mirror.address}reed.flac")
    (kept,) = fetched(document, tmp_path)
    assert (tmp_path / kept.file).read_bytes() == CLIP
    assert kept == Fetched(
        address=f"{mirror.address}reed.flac", file=f"voices/reed-{kept.sha256[:8]}.flac",
        sha256=hashlib.sha256(CLIP).hexdigest(),
    )  # fmt: skip
    assert read_fetched(tmp_path) == {kept.address: kept}
    n_asked = len(mirror.asked)
    assert fetched(document, tmp_path) == [kept]
    by_address = clone(document, tmp_path)
    assert by_address.audio == tmp_path / kept.file
    assert by_address.digest == clone(project(tmp_path, kept.file), tmp_path).digest
    assert len(mirror.asked) == n_asked
    assert sorted(path.name for path in (tmp_path / "voices").iterdir()) == ["fetched.yaml", Path(kept.file).name]


def test_a_fetch_that_breaks_off_goes_on(mirror: Mirror, tmp_path: Path) -> None:
    """After a break in the middle only the rest is asked for; after a break for good the next command goes on."""
    document = project(tmp_path, f"{mirror.address}reed.flac")
    mirror.breaks = [5000, *[0] * 20]
    with pytest.raises(MissingError, match="breaks off again and again"):
        fetched(document, tmp_path)
    assert not (tmp_path / FILE).exists()
    mirror.breaks, mirror.asked = [9000], []
    (kept,) = fetched(document, tmp_path)
    assert (tmp_path / kept.file).read_bytes() == CLIP
    assert [wanted for _, wanted in mirror.asked] == ["bytes=4999-", "bytes=13998-"]


@pytest.mark.parametrize(("name", "told"), [("page.wav", "cannot be read as sound"), ("still.flac", "is silent")])
def test_what_cannot_be_cloned_is_not_kept(name: str, told: str, mirror: Mirror, tmp_path: Path) -> None:
    """A web page in the place of a recording, or a silent one, is refused and thrown away."""
    with pytest.raises(ProjectError, match=told) as refusal:
        fetched(project(tmp_path, f"{mirror.address}{name}"), tmp_path)
    assert refusal.value.message.startswith(f"voices.reed: {mirror.address}{name}")
    assert list((tmp_path / "voices").iterdir()) == []


def test_a_build_fetches_nothing(mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A recording that is not here, or gone again, ends a build with code 5 and the command that gets it."""
    document = project(tmp_path, f"{mirror.address}reed.flac")
    (tmp_path / "a.md").write_text("# One\n\nYes.\n", "utf-8")
    for _ in range(2):
        with pytest.raises(SystemExit) as left:
            main(["build", str(tmp_path)])
        assert left.value.code == ExitCode.MISSING
        assert f"Run: narrate voices fetch {tmp_path}" in capsys.readouterr().err
        assert mirror.asked == []
        (kept,) = fetched(document, tmp_path)
        (tmp_path / kept.file).unlink()
        mirror.asked.clear()


def test_a_recording_that_was_changed_is_noticed(mirror: Mirror, tmp_path: Path) -> None:
    """Another recording under the fetched one's name is not passed off as what came from the address."""
    document = project(tmp_path, f"{mirror.address}reed.flac")
    (kept,) = fetched(document, tmp_path)
    (tmp_path / kept.file).write_bytes(encode_flac(hum(200), RATE_HZ))
    with pytest.raises(ProjectError, match="is not what came from"):
        read_cast(document, tmp_path)


def test_the_command_prints_what_came(mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`narrate voices fetch` says which file came from where; a project without addresses fetches nothing."""
    project(tmp_path, f"{mirror.address}reed.flac")
    with pytest.raises(SystemExit) as left:
        main(["voices", "fetch", str(tmp_path), "--json"])
    assert not left.value.code
    told = json.loads(capsys.readouterr().out)
    assert (tmp_path / told["file"]).is_file()
    assert fetched(project(tmp_path, told["file"]), tmp_path) == []


@pytest.mark.parametrize("name", ["voices/reed.flac", "voices/reed.wav"])
def test_samples_become_a_file_of_the_project(name: str, tmp_path: Path) -> None:
    """Samples from a program, of one channel or two, are what a build clones; given twice they are the same file."""
    document = project(tmp_path, name)
    path = keep_recording(document, tmp_path, "reed", (hum(), RATE_HZ))
    assert path == tmp_path / name
    samples, rate_hz = decode(path.read_bytes(), where=name)
    assert rate_hz == RATE_HZ
    assert np.abs(samples - hum()).max() < 1e-4
    digest = clone(document, tmp_path).digest
    keep_recording(document, tmp_path, "reed", (np.stack([hum(), hum()], axis=1), RATE_HZ))
    assert clone(document, tmp_path).digest == digest


def test_bytes_become_a_file_as_they_are(tmp_path: Path) -> None:
    """The bytes of a recording of any format are kept unchanged."""
    data = encode_wav(hum(), RATE_HZ)
    assert keep_recording(project(tmp_path, "reed.audio"), tmp_path, "reed", data).read_bytes() == data


def test_recordings_that_cannot_be_kept_are_refused(tmp_path: Path) -> None:
    """An unknown voice, an address, a place outside, a name for no samples, no sound, and another's file."""
    told: dict[str, tuple[type[NarratorError], str]] = {}

    def refused(audio: str, voice: str, recording: bytes | tuple[np.ndarray, int]) -> None:
        with pytest.raises(NarratorError) as refusal:
            keep_recording(project(tmp_path, audio), tmp_path, voice, recording)
        told[refusal.value.message.replace(str(tmp_path), "")] = type(refusal.value), audio

    refused("a.flac", "anna", CLIP)
    refused("https://host/a.flac", "reed", CLIP)
    refused("../a.flac", "reed", CLIP)
    refused("a.mp3", "reed", (hum(), RATE_HZ))
    refused("a.flac", "reed", (np.zeros(RATE_HZ, np.int16), RATE_HZ))
    refused("a.flac", "reed", b"RIFF")
    (tmp_path / "a.flac").write_bytes(b"somebody's")
    refused("a.flac", "reed", CLIP)
    assert [kind for kind, _ in told.values()] == [UsageError] * 4 + [ProjectError] * 3
    assert (tmp_path / "a.flac").read_bytes() == b"somebody's"
