"""Files from web servers arrive whole or not at all, within limits; see also the downloads of models."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from narrator import transfers
from narrator.errors import MissingError
from narrator.transfers import NotThereError, Wanted, fetch, read, web_address
from tests.mirrors import Mirror, serving


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """A server of one file, which is also known by other names."""
    files = {"clip": bytes(range(256)) * 40}
    steps = {f"{n}": f"/model/{n + 1}" for n in range(1, 6)} | {"6": "/model/clip", "round": "/model/round"}
    with serving(Mirror(files=files, fragile="clip", passes_on=steps)) as made:
        yield made


def get(mirror: Mirror, into: Path, name: str = "clip", most_bytes: int = 0) -> Path:
    """Fetch a file, without waiting between tries."""
    wanted = Wanted(address=f"{mirror.address}{name}", target=into / "clip", name=name, most_bytes=most_bytes)
    fetch(wanted, lambda *_told: None, pause_s=0)
    return wanted.target


def test_few_redirects_are_followed(mirror: Mirror, tmp_path: Path) -> None:
    """Five servers may pass a request on; a sixth, or a circle, ends it at once."""
    assert get(mirror, tmp_path, "2").read_bytes() == mirror.files["clip"]
    (tmp_path / "clip").unlink()
    for name in ("1", "round"):
        with pytest.raises(MissingError, match="the server says 302"):
            get(mirror, tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_redirects_lead_to_web_addresses_only(mirror: Mirror, tmp_path: Path) -> None:
    """A server that passes on to a file of this machine, or to another protocol, is not followed."""
    for elsewhere in ("file:///etc/hostname", "ftp://127.0.0.1/clip"):
        mirror.passes_on["away"] = elsewhere
        with pytest.raises(MissingError, match="the server says 302"):
            get(mirror, tmp_path, "away")
    assert list(tmp_path.iterdir()) == []


def test_what_was_asked_for_in_secret_stays_secret() -> None:
    """An encrypted address does not pass on to an open one."""
    asked = urllib.request.Request("https://host/clip")
    handler = transfers._FewRedirects()
    with pytest.raises(urllib.error.HTTPError, match="passes on to http://host/clip"):
        handler.redirect_request(asked, None, 302, "Found", Message(), "http://host/clip")
    assert handler.redirect_request(asked, None, 302, "Found", Message(), "https://host/other").host == "host"


@pytest.mark.parametrize("announced", [True, False])
def test_what_is_too_large_is_not_kept(announced: bool, mirror: Mirror, tmp_path: Path) -> None:
    """A limit holds whether the server says how much it sends or not."""
    mirror.lengths = announced
    assert get(mirror, tmp_path, most_bytes=256 * 40).stat().st_size == 256 * 40
    (tmp_path / "clip").unlink()
    with pytest.raises(MissingError, match="is larger than"):
        get(mirror, tmp_path, most_bytes=256 * 40 - 1)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_here_is_not_asked_for(mirror: Mirror, tmp_path: Path) -> None:
    """A target that has no fault costs no connection; one that has is fetched anew."""
    (tmp_path / "clip").write_bytes(b"mine")
    assert get(mirror, tmp_path).read_bytes() == b"mine"
    assert mirror.asked == []
    wanted = Wanted(
        address=f"{mirror.address}clip",
        target=tmp_path / "clip",
        name="clip",
        fault=lambda path: "is short" if path.stat().st_size < 10 else "",
    )
    fetch(wanted, lambda *_told: None, pause_s=0)
    assert wanted.target.read_bytes() == mirror.files["clip"]


def test_small_files_are_read(mirror: Mirror) -> None:
    """The first bytes of a file, and an error of its own where there is none."""
    assert read(f"{mirror.address}2", 3, pause_s=0) == b"\0\1\2"
    with pytest.raises(NotThereError):
        read(f"{mirror.address}nothing", 3, pause_s=0)


@pytest.mark.parametrize("text", ["https://host/a.wav", "HTTP://host"])
def test_web_addresses_are_known(text: str) -> None:
    """Both protocols, in any case."""
    assert web_address(text)


@pytest.mark.parametrize("text", ["voices/a.wav", "http:", "https://", "file:///a", "http://[", "C:/a.wav"])
def test_other_text_is_no_web_address(text: str) -> None:
    """Paths, other protocols and halves of addresses."""
    assert not web_address(text)
