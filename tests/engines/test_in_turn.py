"""Models that have no room side by side are loaded one after another, each once."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from narrator.engines.in_turn import InTurn
from narrator.engines.protocol import Line, Session, Spoken, TakesTurns
from tests.engines.contract import drained, line, spoken

TURNS = {"reed": "base", "mara": "base", "ryan": "preset"}


@dataclass
class Studio:
    """Opens sessions that speak two lines a poll, and remembers which are open."""

    opened: list[str] = field(default_factory=list)
    open_now: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def session(self, turn: str) -> Session:
        """A session of one turn."""
        assert not self.open_now, "two models at once"
        self.opened.append(turn)
        self.open_now.add(turn)
        return Room(self, turn)


class Room:
    """A session of one turn."""

    slots = 2

    def __init__(self, studio: Studio, turn: str) -> None:
        self.device = f"cpu, {turn}"
        self.studio, self.turn = studio, turn
        self.queue: deque[Line] = deque()

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines."""
        assert all(TURNS[line.voice] == self.turn for line in lines)
        self.queue.extend(lines)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:
        """The next two."""
        assert timeout_s >= 0
        lines = [self.queue.popleft() for _ in range(min(2, len(self.queue)))]
        self.studio.said += [line.id for line in lines]
        return tuple(Spoken(line_id=line.id, samples=np.zeros(1, np.float32)) for line in lines)

    def close(self) -> None:
        """Let the model go."""
        self.studio.open_now.discard(self.turn)


def lines(*voices: str, start: int = 0) -> list[Line]:
    """A line in each of these voices, numbered."""
    return [line("Yes.", voice, line_id=f"{number} {voice}") for number, voice in enumerate(voices, start)]


@pytest.fixture
def studio() -> Studio:
    """Where nothing is open yet."""
    return Studio()


@pytest.fixture
def session(studio: Studio) -> InTurn:
    """A session of two turns."""
    return InTurn(TURNS, studio.session, device="cpu")


def test_all_lines_at_hand_of_a_turn_are_spoken_before_the_next(session: InTurn, studio: Studio) -> None:
    """Lines of two models, mixed, cost two loads; the model that speaks first is that of the first line."""
    said = spoken(session, lines("ryan", "reed", "ryan", "mara", "ryan"))
    assert [one.line_id for one in said] == ["0 ryan", "2 ryan", "4 ryan", "1 reed", "3 mara"]
    assert studio.opened == ["preset", "base"]


def test_a_retake_is_spoken_before_the_model_goes(session: InTurn, studio: Studio) -> None:
    """A line that comes back after the last of its turn, before anybody asks for more, needs no second load."""
    session.submit(lines("reed", "ryan"))
    first = session.poll(0)
    session.submit(lines("reed", start=2))
    rest = drained(session, 2)
    assert [one.line_id for one in (*first, *rest)] == ["0 reed", "2 reed", "1 ryan"]
    assert studio.opened == ["base", "preset"]


def test_a_turn_comes_back_when_its_lines_do(session: InTurn, studio: Studio) -> None:
    """Whoever gives lines in another order is served too, at the price of a load."""
    for voice in ("reed", "ryan", "mara"):
        spoken(session, lines(voice))
    assert studio.opened == ["base", "preset", "base"]


def test_it_says_what_is_open(session: InTurn) -> None:
    """Device and slots are those of the model that speaks; before any does, one line is asked for."""
    assert isinstance(session, TakesTurns)
    assert (session.device, session.slots) == ("cpu", 1)
    spoken(session, lines("ryan"))
    assert (session.device, session.slots) == ("cpu, preset", 2)


def test_nothing_is_loaded_for_nothing(session: InTurn, studio: Studio) -> None:
    """Without lines there is no model; a voice that was not opened is refused and loads none."""
    assert session.poll(0) == ()
    with pytest.raises(ValueError, match="'anna'"):
        session.submit([*lines("reed"), line("Yes.", "anna")])
    assert studio.opened == []


def test_closing_drops_everything(session: InTurn, studio: Studio) -> None:
    """What waits for its turn is dropped, and the open model goes."""
    session.submit(lines("reed", "ryan"))
    session.close()
    assert session.poll(0) == ()
    assert studio.open_now == set()
