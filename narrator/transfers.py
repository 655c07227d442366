"""Files brought here from a web server, whole or not at all. No build comes here: only commands that say they fetch.

A transfer that broke off is gone on with: what has arrived lies beside the target as NAME.VERSION.partial, and the
target's own name is given to complete files only.
"""

import base64
import fcntl
import hashlib
import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from narrator import files
from narrator.errors import LockedError, MissingError

PARTIAL = ".partial"
AGAIN = "Run the same command again; it goes on where it was."
PAUSE_S = 2.0
"""Before the second try after a break; each further one waits twice as long."""
_BLOCK = 1 << 20
_PATIENCE_S = 60.0
_TRIES = 5
"""In a row without a byte."""
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers of a server that may answer otherwise in a while."""
_BREAKS = (TimeoutError, ConnectionError, http.client.HTTPException, urllib.error.URLError)
"""How a connection ends when it does not end well."""

Progress = Callable[[str, int, int], None]
"""Called with a file's name, its bytes here and its bytes in all (0 = the server does not say)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file on a server and its place here."""

    address: str
    """http or https."""
    target: Path
    name: str
    """As progress calls it."""
    most_bytes: int = 0
    """Of a file that is larger, nothing is kept; 0 = any size."""
    fault: Callable[[Path], str] | None = None
    """What is wrong with a file that has arrived, empty where nothing is: it is looked at before it has its name."""


class NotThereError(MissingError):
    """The server has no such file."""


def web_address(text: str) -> bool:
    """Whether it is an http or https address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def fetch(wanted: Wanted, tell: Progress, pause_s: float = PAUSE_S) -> None:
    """Bring one file here, going on with what an earlier attempt left.

    Raises:
        NotThereError: The server has no such file.
        MissingError: It breaks off for good, passes on too often, or its bytes are not those that were announced, too
            many, or not what they should be.
        LockedError: Another command is fetching it.
    """
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    if wanted.target.is_file() and not _fault(wanted, wanted.target):
        return
    fruitless = 0
    while fruitless < _TRIES:
        before = _partial_bytes(wanted.target)
        try:
            if (arrived := _attempt(wanted, tell)) is not None:
                files.publish(arrived, wanted.target)
                return
        except _BREAKS as error:
            _give_up_for_good(wanted.address, error)
        fruitless = 0 if _partial_bytes(wanted.target) > before else fruitless + 1
        time.sleep(pause_s * 2**fruitless / 2)
    raise MissingError(f"{wanted.address} breaks off again and again", hint=AGAIN)


def read(address: str, most_bytes: int, pause_s: float = PAUSE_S) -> bytes:
    """The first bytes of a small file, held in memory.

    Raises:
        NotThereError, MissingError: As `fetch`.
    """
    for attempt in range(_TRIES):
        try:
            with _open(address, 0) as response:
                content: bytes = response.read(most_bytes)
                return content
        except _BREAKS as error:
            _give_up_for_good(address, error)
        time.sleep(pause_s * 2**attempt / 2)
    raise MissingError(f"{address} cannot be reached", hint=AGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a server says of a file before its bytes."""

    start: int
    """Byte from which it sends."""
    total: int
    """Bytes of the whole file; 0 = it does not say."""
    version: str
    """Changes when the file changes."""
    sha256: str
    """Of the whole file; empty = it does not say."""

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str]) -> Self:
        """Read from the headers."""
        start, total = 0, int(headers.get("Content-Length") or 0)
        if status == http.HTTPStatus.PARTIAL_CONTENT:
            match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", headers.get("Content-Range") or "")
            start, total = (int(match[1]), int(match[2])) if match else (-1, 0)
        mark = headers.get("ETag") or headers.get("Last-Modified") or ""
        version = hashlib.sha256(f"{mark} {total}".encode()).hexdigest()[:12]
        return cls(start=start, total=total, version=version, sha256=_announced(headers))


def _announced(headers: Mapping[str, str]) -> str:
    """SHA-256 as the hub says it, or RFC 9530."""
    if match := re.search(r"[0-9a-f]{64}", headers.get("X-Linked-ETag") or ""):
        return match[0]
    if match := re.search(r"sha-256=:([A-Za-z0-9+/=]+):", headers.get("Repr-Digest") or ""):
        return base64.b64decode(match[1]).hex()
    return ""


def _attempt(wanted: Wanted, tell: Progress) -> Path | None:
    """One connection; the complete partial file, or None when it broke off."""
    old = _partials(wanted.target)
    # One byte less than there is: a server may refuse to send nothing, and its answer says which version it has.
    begun = max(0, old[0].stat().st_size - 1) if len(old) == 1 else 0
    with _open(wanted.address, begun) as response:
        answer = _Answer.of(response.status, response.headers)
        partial = wanted.target.with_name(f"{wanted.target.name}.{answer.version}{PARTIAL}")
        for other in old:
            if other != partial:
                other.unlink()
        if answer.start not in {0, begun} or (answer.start and not partial.exists()):
            return None  # the file changed on the server since: from the beginning
        _refuse_too_large(wanted, answer.total, partial)

        def told(done: int) -> None:
            _refuse_too_large(wanted, done, partial)
            tell(wanted.name, done, answer.total)

        arrived = _receive(response, partial, answer, told)
    if answer.total and arrived < answer.total:
        return None
    _verify(partial, wanted, answer)
    return partial


def _refuse_too_large(wanted: Wanted, n_bytes: int, partial: Path) -> None:
    if wanted.most_bytes and n_bytes > wanted.most_bytes:
        partial.unlink(missing_ok=True)
        raise MissingError(
            f"{wanted.address}: is larger than {wanted.most_bytes / 1e6:.0f} MB", hint="Nothing of it was kept."
        )


def _receive(response: Any, partial: Path, answer: _Answer, tell: Callable[[int], None]) -> int:
    """Append what comes; bytes of the partial file afterwards."""
    with partial.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"{partial}: another command is fetching it", hint="Wait for it.") from error
        done = answer.start
        tell(done)
        while block := response.read(_BLOCK):
            if done == answer.start:
                file.truncate(done)  # not before: a try that brings nothing takes nothing
            file.write(block)
            done += len(block)
            tell(done)
    return done


def _verify(partial: Path, wanted: Wanted, answer: _Answer) -> None:
    if answer.total and partial.stat().st_size != answer.total:
        wrong = f"has {partial.stat().st_size} bytes, announced were {answer.total}"
    elif answer.sha256 and (found := files.sha256(partial)) != answer.sha256:
        wrong = f"has sha256 {found[:12]}…, announced was {answer.sha256[:12]}…"
    else:
        wrong = _fault(wanted, partial)
    if wrong:
        partial.unlink()
        raise MissingError(f"{wanted.address}: what came {wrong}", hint="It was thrown away; run the command again.")


def _fault(wanted: Wanted, path: Path) -> str:
    return wanted.fault(path) if wanted.fault else ""


class _FewRedirects(urllib.request.HTTPRedirectHandler):
    """Passes on a few times, to web addresses only, and never from an encrypted one to an open one."""

    max_redirections = 5

    def redirect_request(self, *asked: Any, **more: Any) -> Any:
        """The request that follows, or an error: urllib gives request, answer, code, message, headers, address."""
        request, answer, code, _, headers, address = asked
        secure = urlsplit(request.full_url).scheme == "https"
        if not web_address(address) or (secure and urlsplit(address).scheme != "https"):
            raise urllib.error.HTTPError(request.full_url, code, f"and passes on to {address}", headers, answer)
        return super().redirect_request(*asked, **more)


def _open(address: str, begun: int) -> Any:
    headers = {"User-Agent": "narrator", "Accept-Encoding": "identity"}
    if begun:
        headers["Range"] = f"bytes={begun}-"
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - http(s) only, see Wanted
    try:
        return urllib.request.build_opener(_FewRedirects).open(request, timeout=_PATIENCE_S)
    except urllib.error.HTTPError as error:
        error.close()
        if begun and error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _open(address, 0)
        raise


def _give_up_for_good(address: str, error: Exception) -> None:
    """Raise what no further try can mend."""
    if not isinstance(error, urllib.error.HTTPError) or error.code in _LATER:
        return
    if error.code in {http.HTTPStatus.NOT_FOUND, http.HTTPStatus.GONE}:
        raise NotThereError(f"{address}: the server has no such file", hint="Check the address.") from error
    what = str(error.reason).partition("\n")[0]
    raise MissingError(f"{address}: the server says {error.code} {what}", hint=AGAIN) from error


def _partials(target: Path) -> list[Path]:
    return [
        found
        for found in target.parent.glob(f"*{PARTIAL}")
        if re.fullmatch(rf"{re.escape(target.name)}\.[0-9a-f]{{12}}{re.escape(PARTIAL)}", found.name)
    ]


def _partial_bytes(target: Path) -> int:
    return sum(found.stat().st_size for found in _partials(target))
