"""A session for voices whose models have no room side by side: one is let go before the next is loaded."""

from collections.abc import Callable, Mapping, Sequence

from narrator.engines.protocol import Line, Session, Spoken


class InTurn:
    """Speaks all lines at hand of one turn, then those of the turn whose line waits longest.

    A model is loaded for a line, never ahead of one; whoever gives the lines turn by turn has each loaded once.

    Args:
        turns: Of each voice, by the names that lines use.
        opened: Opens the session of a turn.
        device: Where and how, for people, until the first turn is open; from then on its session says it.
    """

    def __init__(self, turns: Mapping[str, str], opened: Callable[[str], Session], *, device: str) -> None:
        self.turns: Mapping[str, str] = dict(turns)
        self.device, self.slots = device, 1
        self._opened = opened
        self._now: tuple[str, Session] | None = None
        self._waiting: list[Line] = []
        self._n_speaking = 0

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines; one that cannot be spoken refuses those that are given with it.

        Raises:
            ValueError: A line's voice was not opened.
            MissingError, EngineError: The model of the first lines cannot be loaded.
        """
        for line in lines:
            if line.voice not in self.turns:
                raise ValueError(f"line {line.id}: the session was opened without the voice {line.voice!r}")
        self._waiting += lines
        self._go_on()

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:
        """Lines that are finished, of the turn that is open.

        Raises:
            MissingError, EngineError: The next model cannot be loaded, or cannot speak.
        """
        self._go_on()
        if self._now is None:
            return ()
        spoken = self._now[1].poll(timeout_s)
        self._n_speaking -= len(spoken)
        self._tell(self._now[1])
        return spoken

    def close(self) -> None:
        """Let go of the model and of queued lines."""
        self._waiting.clear()
        self._end_turn()

    def _go_on(self) -> None:
        """Give the open session its lines; when it has none left, open the one that is waited for."""
        if not self._waiting:
            return
        first = self.turns[self._waiting[0].voice]
        if self._now is None or (self._now[0] != first and not self._n_speaking and not self._lines_of(self._now[0])):
            self._end_turn()
            self._now = (first, self._opened(first))
            self._tell(self._now[1])
        turn, session = self._now
        if lines := self._lines_of(turn):
            self._waiting = [line for line in self._waiting if self.turns[line.voice] != turn]
            self._n_speaking += len(lines)
            session.submit(lines)

    def _lines_of(self, turn: str) -> list[Line]:
        return [line for line in self._waiting if self.turns[line.voice] == turn]

    def _end_turn(self) -> None:
        if self._now is not None:
            self._now[1].close()
        self._now, self._n_speaking = None, 0

    def _tell(self, session: Session) -> None:
        self.device, self.slots = session.device, session.slots
