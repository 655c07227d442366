"""The booth feeds an engine, asks again, and stores beside it."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from narrator.domain import Builtin, Delivery, Pause, Samples, SourceSpan, Take, Utterance, VoiceProfile
from narrator.engines.protocol import EngineInfo, Line, Spoken
from narrator.engines.tone import ToneEngine
from narrator.errors import DiskFullError
from narrator.events import Event, TakeRecorded, TakeRejected
from narrator.recording import Booth, Recipe, Request, record
from narrator.recording.shelf import GROUP, Shelf
from narrator.store import Recording, Store

RATE = 24_000
TEXT = "The river was high, and nobody spoke."


def request(n: int) -> Request:
    """A line of a book."""
    recipe = Recipe(
        text=TEXT, language="en", pace="1.000", style="", voice={}, engine="fake", audio_version=1, weights="1",
        sampling={}, seed=0, repeat=n,
    )  # fmt: skip
    return Request(
        chapter=1,
        utterance=Utterance(
            address=f"ch01:l{n:02}",
            text=TEXT,
            spoken=TEXT,
            character="narrator",
            pause_after=Pause.SENTENCE,
            source=SourceSpan(document="book.md", start=0, end=1),
        ),
        voice=VoiceProfile(name="voice", source=Builtin(engine="tone", voice="220")),
        delivery=Delivery(),
        recipe=recipe,
        key=recipe.key,
    )


def voice(n: int) -> Samples:
    """A take that passes proofing; another number is another sound."""
    noise = np.random.default_rng(n).standard_normal(int(len(TEXT) / 15 * RATE))
    return np.asarray(0.1 * noise, np.float32)


@dataclass
class FakeSession:
    """Gives all queued lines at once; what each attempt sounds like is up to the test."""

    sound: Callable[[Line, int], Samples]
    slots: int = 8
    device: str = "nowhere"
    queue: deque[Line] = field(default_factory=deque)
    n_attempts: dict[str, int] = field(default_factory=dict)

    def submit(self, lines: Sequence[Line]) -> None:
        self.queue.extend(lines)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:
        del timeout_s
        spoken = []
        while self.queue:
            line = self.queue.popleft()
            n = self.n_attempts[line.id] = self.n_attempts.get(line.id, 0) + 1
            spoken.append(Spoken(line_id=line.id, samples=self.sound(line, n)))
        return tuple(spoken)

    def close(self) -> None:
        self.queue.clear()


class FullStore(Store):
    """Has room for so many takes."""

    n_room = 3

    def put_together(self, recordings: Sequence[Recording]) -> tuple[Take, ...]:
        self.n_room -= len(recordings)
        if self.n_room < 0:
            raise DiskFullError("no room left on this disk")
        return super().put_together(recordings)


INFO: EngineInfo = ToneEngine.info


def booth(store: Store, session: FakeSession, heard: list[Event], stopped: Callable[[], bool] = lambda: False) -> Booth:
    """Where a test records."""
    return Booth(info=INFO, session=session, store=store, retries=2, listener=heard.append, stopped=stopped)


def test_takes_come_in_the_order_in_which_they_were_spoken(tmp_path: Path) -> None:
    """Whatever thread is done first, lines are told of in order, and each is on disk when it is."""
    store, heard = Store(tmp_path), list[Event]()
    asked = [request(n) for n in range(40)]
    for wanted, (told, take) in zip(
        asked, record(asked, booth(store, FakeSession(lambda *_: voice(1)), heard)), strict=True
    ):
        assert told is wanted
        assert take == store.find(wanted.key)
    assert [type(event) for event in heard] == [TakeRecorded] * 40


def test_a_poor_take_is_asked_for_again(tmp_path: Path) -> None:
    """Silence goes back in; what comes then is good, and counts its attempts."""
    heard: list[Event] = []
    session = FakeSession(lambda _, n: voice(n) if n > 1 else np.zeros(RATE, np.float32))
    taken = list(record([request(n) for n in range(3)], booth(Store(tmp_path), session, heard)))
    assert [take.flag for _, take in taken if take] == ["", "", ""]
    assert [event.attempt for event in heard if isinstance(event, TakeRecorded)] == [2, 2, 2]
    assert len([event for event in heard if isinstance(event, TakeRejected) and not event.final]) == 3


def test_the_first_usable_take_is_kept_and_flagged(tmp_path: Path) -> None:
    """When no attempt is good, the first with something to hear in it is stored under its flag; silence is not."""
    store, heard = Store(tmp_path), list[Event]()
    short = {2: voice(2)[: RATE // 4], 3: voice(3)[: RATE // 4]}
    session = FakeSession(lambda _, n: short.get(n, np.zeros(RATE, np.float32)))
    ((_, take),) = record([request(0)], booth(store, session, heard))
    assert take is not None
    assert "too short" in take.flag
    assert take.n_samples == len(short[2])
    mute = FakeSession(lambda *_: np.zeros(RATE, np.float32))
    assert [found for _, found in record([request(1)], booth(store, mute, heard))] == [None]


def test_a_stop_begins_no_line(tmp_path: Path) -> None:
    """After a stop what is being spoken is stored, and no line is begun."""
    heard: list[Event] = []
    session = FakeSession(lambda *_: voice(1), slots=2)
    asked = [request(n) for n in range(20)]
    taken = list(record(asked, booth(Store(tmp_path), session, heard, stopped=lambda: len(heard) >= 3)))
    assert 3 <= len(taken) < 20
    assert len(taken) == sum(session.n_attempts.values())


def test_a_full_disk_ends_the_recording(tmp_path: Path) -> None:
    """No room for a take reaches whoever records, and takes that were stored before are kept."""
    store = FullStore(tmp_path)
    session = FakeSession(lambda line, _: voice(line.seed % 1000), slots=1)
    told: list[Take | None] = []
    with pytest.raises(DiskFullError):
        told.extend(take for _, take in record([request(n) for n in range(30)], booth(store, session, [])))
    assert len(list(tmp_path.rglob("*.json"))) <= 3


def test_a_shelf_stores_what_waits_in_groups(tmp_path: Path) -> None:
    """Everything that is put is there once the shelf is left, however much waited."""
    store = Store(tmp_path)
    takes = [Recording(key=f"{n:064}", recipe="{}", made="{}", data=b"%d" % n, n_samples=1, sample_rate_hz=1)
             for n in range(3 * GROUP)]  # fmt: skip
    with Shelf(store) as shelf:
        futures = [shelf.put(take) for take in takes]
    assert [future.result() for future in futures] == [store.find(take.key) for take in takes]
