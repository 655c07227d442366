"""Drives an engine: feeds it, proofs what comes back, asks again, stores what is good.

Takes are written by one thread of their own, so that the engine never waits for the disk.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from narrator.audio.files import encode_flac
from narrator.domain import Take
from narrator.engines.protocol import EngineInfo, Line, Session, Spoken
from narrator.events import Listener, TakeRecorded, TakeRejected
from narrator.recording.proofing import Verdict, proof_of
from narrator.recording.recipe import Request, line
from narrator.store import Recording, Store

POLL_S = 0.5
BACKLOG = 4
"""Takes that may wait for the disk before the engine waits with them: a slow disk must not fill the memory."""


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


@dataclass(slots=True)
class _Desk:
    """What is going on in the booth."""

    waiting: deque[_Attempt]
    speaking: dict[str, _Attempt] = field(default_factory=dict)
    writing: deque[tuple[_Attempt, Future[Take]]] = field(default_factory=deque)


def record(missing: Sequence[Request], booth: Booth) -> Iterator[tuple[Request, Take | None]]:
    """Record lines.

    Yields:
        Each request with its stored take as soon as it is safe, or with None if no attempt gave anything usable. After
        a stop, only the lines that were being spoken.

    Raises:
        DiskFullError: A take found no room; all earlier ones are kept.
    """
    desk = _Desk(waiting=deque(_Attempt(request) for request in missing))
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="takes") as writer:
        while desk.waiting or desk.speaking or desk.writing:
            if booth.stopped():
                desk.waiting.clear()
            _feed(desk, booth)
            for spoken in booth.session.poll(POLL_S) if desk.speaking else ():
                attempt = desk.speaking.pop(spoken.line_id)
                if (recording := _judge(attempt, spoken, desk, booth)) is not None:
                    desk.writing.append((attempt, writer.submit(booth.store.put, recording)))
                elif attempt.number > booth.retries:
                    yield attempt.request, None
            yield from _written(desk, booth)


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


def _judge(attempt: _Attempt, spoken: Spoken, desk: _Desk, booth: Booth) -> Recording | None:
    """Proof a take: the recording to store, or None after sending the line back or giving it up."""
    request = attempt.request
    asked = line(request, attempt=attempt.number, seeded=booth.info.seeded)
    verdict = proof_of(spoken, asked, booth.info)
    attempt.number += 1
    if verdict.good:
        return _recording(attempt, spoken, verdict, booth)
    final = attempt.number > booth.retries
    booth.listener(
        TakeRejected(address=request.utterance.address, reason=verdict.reason, attempt=attempt.number, final=final)
    )
    if verdict.usable and attempt.best is None:
        attempt.best = (verdict, spoken)
    if not final:
        desk.waiting.appendleft(attempt)
        return None
    if attempt.best is None:
        return None
    # No word is dropped on suspicion: the line is kept, flagged, and listed until a person has heard it.
    verdict, spoken = attempt.best
    return _recording(attempt, spoken, verdict, booth)


def _recording(attempt: _Attempt, spoken: Spoken, verdict: Verdict, booth: Booth) -> Recording:
    made = {
        "address": attempt.request.utterance.address,
        "attempts": attempt.number,
        "device": booth.session.device,
        "narrator": version("narrator"),
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


def _written(desk: _Desk, booth: Booth) -> Iterator[tuple[Request, Take]]:
    """Takes that are safe on disk by now; waits for them when there is nothing else to do, or too many."""
    idle = not (desk.waiting or desk.speaking)
    while desk.writing and (idle or desk.writing[0][1].done() or len(desk.writing) > BACKLOG):
        attempt, future = desk.writing.popleft()
        take = future.result()
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
