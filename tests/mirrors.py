"""A web server of files that misbehaves when it is told to."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mirror:
    """A server of files that breaks off when it is told to."""

    files: dict[str, bytes]
    address: str = ""
    breaks: list[int] = field(default_factory=list)
    """Bytes of the fragile file to send in each answer before hanging up."""
    fragile: str = "model.safetensors"
    passes_on: dict[str, str] = field(default_factory=dict)
    """Where else a file is said to be."""
    ranges: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    digest: str = ""
    """Announced for the fragile file."""
    lengths: bool = True
    """Announced before the bytes."""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Send a file, or a part of it."""
        name, wanted = request.path.removeprefix("/model/"), request.headers.get("Range") or ""
        self.asked.append((name, wanted))
        if name in self.passes_on:
            request.send_response(302)
            request.send_header("Location", self.passes_on[name])
            request.end_headers()
            return
        if (data := self.files.get(name)) is None:
            request.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        request.send_response(206 if start else 200)
        if self.lengths:
            request.send_header("Content-Length", str(len(data) - start))
        request.send_header("ETag", f'"{hashlib.md5(data).hexdigest()}"')
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if name == self.fragile and self.digest:
            request.send_header("Repr-Digest", f"sha-256=:{self.digest}:")
        request.end_headers()
        limit = self.breaks.pop(0) if name == self.fragile and self.breaks else len(data)
        request.wfile.write(data[start : start + limit])


@contextmanager
def serving(mirror: Mirror) -> Iterator[Mirror]:
    """The mirror, on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            mirror.answer(self)

        def log_message(self, *_told):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        mirror.address = f"http://127.0.0.1:{server.server_port}/model/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield mirror
        finally:
            server.shutdown()
            thread.join()
