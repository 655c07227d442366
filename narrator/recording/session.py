"""Drives an engine: feeds it, proofs what comes back, asks again, stores what is good.

Takes are proofed, encoded and written by threads beside the engine's. Threads, because FLAC, digests and disks all work
outside Python's lock: the engine waits for none of it, and no sound is copied to another process.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from narrator.audio.files import encode_flac
from narrator.domain import Take
from narrator.engines.protocol import EngineInfo, Line, Session, Spoken
from narrator.events import Listener, TakeRecorded, TakeRejected
from narrator.recording.proofing import Verdict, proof_of
from narrator.recording.recipe import Request, line
from narrator.recording.shelf import Shelf
from narrator.store import Recording, Store
from narrator.workers import usable_cores

POLL_S = 0.5
BACKLOG = 4
"""Takes that may wait for the disk before the engine waits with them, or two for each of its slots if that is more: a
slow disk must not fill the memory."""
MOST_PROOFERS = 4
"""One encodes about 2000 s of sound a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booth:
    """Where lines are recorded."""

    info: EngineInfo
    session: Session
    store: Store
    retries: int
    listener: Listener
    stopped: Callable[[], bool]
    """Asked before each new line: when true, the lines that are being spoken are finished and no other is begun."""


@dataclass(slots=True)
class _Attempt:
    request: Request
    number: int = 0
    best: tuple[Verdict, Spoken] | None = None
    """The first usable take that did not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What became of a take."""

    spoken: Spoken
    verdict: Verdict
    final: bool
    """There is no further attempt."""
    stored: Future[Take] | None
    """None: it was not good enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    """A take on its way from the engine to the store."""

    attempt: _Attempt
    judged: Future[_Judged]

    @property
    def settled(self) -> bool:
        if not self.judged.done():
            return False
        stored = self.judged.result().stored
        return stored is None or stored.done()


@dataclass(slots=True)
class _Desk:
    """What is going on in the booth."""

    waiting: deque[_Attempt]
    speaking: dict[str, _Attempt] = field(default_factory=dict)
    pending: deque[_Pending] = field(default_factory=deque)


def record(missing: Sequence[Request], booth: Booth) -> Iterator[tuple[Request, Take | None]]:
    """Record lines.

    Yields:
        Each request with its stored take as soon as it is safe, or with None if no attempt gave anything usable. After
        a stop, only the lines that were being spoken.

    Raises:
        DiskFullError: A take found no room; all earlier ones are kept.
    """
    desk = _Desk(waiting=deque(_Attempt(request) for request in missing))
    n_proofers = min(MOST_PROOFERS, usable_cores())
    with Shelf(booth.store) as shelf, ThreadPoolExecutor(n_proofers, thread_name_prefix="proofing") as proofers:
        while desk.waiting or desk.speaking or desk.pending:
            if booth.stopped():
                desk.waiting.clear()
            _feed(desk, booth)
            for spoken in booth.session.poll(POLL_S) if desk.speaking else ():
                attempt = desk.speaking.pop(spoken.line_id)
                judged = proofers.submit(_judge, attempt, spoken, booth, shelf)
                desk.pending.append(_Pending(attempt=attempt, judged=judged))
            yield from _settled(desk, booth)


def speak(line: Line, session: Session) -> Spoken:
    """Have one line spoken by a session that has nothing else to do."""
    session.submit([line])
    while not (spoken := session.poll(POLL_S)):
        pass
    return spoken[0]


def _feed(desk: _Desk, booth: Booth) -> None:
    """Keep the slots full, and as many lines again ready for the slots that fall free."""
    ahead = booth.session.slots * (2 if booth.session.slots > 1 else 1)
    lines = []
    while desk.waiting and len(desk.speaking) < ahead:
        attempt = desk.waiting.popleft()
        desk.speaking[attempt.request.key] = attempt
        lines.append(line(attempt.request, attempt=attempt.number, seeded=booth.info.seeded))
    if lines:
        booth.session.submit(lines)


def _judge(attempt: _Attempt, spoken: Spoken, booth: Booth, shelf: Shelf) -> _Judged:
    """Proof a take and store it, or the best of its line when there is no further attempt; in a thread."""
    asked = line(attempt.request, attempt=attempt.number, seeded=booth.info.seeded)
    verdict = proof_of(spoken, asked, booth.info)
    final = attempt.number >= booth.retries
    kept = (verdict, spoken) if verdict.good else None
    if final and kept is None:
        # No word is dropped on suspicion: the line is kept, flagged, and listed until a person has heard it.
        kept = attempt.best or ((verdict, spoken) if verdict.usable else None)
    stored = shelf.put(_recording(attempt, *kept, booth)) if kept else None
    return _Judged(spoken=spoken, verdict=verdict, final=final, stored=stored)


def _recording(attempt: _Attempt, verdict: Verdict, spoken: Spoken, booth: Booth) -> Recording:
    made = {
        "address": attempt.request.utterance.address,
        "attempts": attempt.number + 1,
        "device": booth.session.device,
        "narrator": _version(),
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return Recording(
        key=attempt.request.key,
        recipe=attempt.request.recipe.canonical(),
        made=json.dumps(made),
        data=encode_flac(spoken.samples, booth.info.sample_rate_hz),
        n_samples=len(spoken.samples),
        sample_rate_hz=booth.info.sample_rate_hz,
        flag=verdict.reason,
    )


@cache
def _version() -> str:
    return version("narrator")


def _settled(desk: _Desk, booth: Booth) -> Iterator[tuple[Request, Take | None]]:
    """Lines that are safe on disk or given up by now; waits when there is nothing else to do, or too much pending."""
    most = max(BACKLOG, 2 * booth.session.slots)
    while desk.pending and (desk.pending[0].settled or len(desk.pending) > most or not (desk.waiting or desk.speaking)):
        pending = desk.pending.popleft()
        attempt, judged = pending.attempt, pending.judged.result()
        _count(attempt, judged, desk, booth)
        if judged.stored is not None:
            take = judged.stored.result()
            booth.listener(
                TakeRecorded(
                    address=attempt.request.utterance.address,
                    character=attempt.request.utterance.character,
                    key=take.key,
                    seconds=take.seconds,
                    n_letters=len(attempt.request.recipe.text),
                    attempt=attempt.number,
                )
            )
            yield attempt.request, take
        elif judged.final:
            yield attempt.request, None


def _count(attempt: _Attempt, judged: _Judged, desk: _Desk, booth: Booth) -> None:
    """Note how an attempt went, and queue the next one if it is needed."""
    attempt.number += 1
    if judged.verdict.good:
        return
    booth.listener(
        TakeRejected(
            address=attempt.request.utterance.address,
            reason=judged.verdict.reason,
            attempt=attempt.number,
            final=judged.final,
        )
    )
    if judged.verdict.usable and attempt.best is None:
        attempt.best = (judged.verdict, judged.spoken)
    if not judged.final:
        desk.waiting.appendleft(attempt)
