"""A session that speaks one line at a time."""

import numpy as np
import pytest

from narrator.engines.one_by_one import OneByOne, within_range
from narrator.engines.protocol import Line
from tests.engines.contract import line


def session() -> OneByOne:
    """Says each line as so many samples as it has letters."""

    def speak(asked: Line) -> np.ndarray:
        return np.full(len(asked.text), 0.5, np.float32)

    return OneByOne(device="cpu", voices=["a"], speak=speak)


def test_a_poll_speaks_one_line() -> None:
    """Lines come one a poll, in the order in which they were submitted."""
    opened = session()
    opened.submit([line("one", "a", line_id="1"), line("three", "a", line_id="2")])
    opened.submit([line("x", "a", line_id="3")])
    polled = [opened.poll(0.0) for _ in range(4)]
    assert [[(take.line_id, len(take.samples)) for take in takes] for takes in polled] == [
        [("1", 3)],
        [("2", 5)],
        [("3", 1)],
        [],
    ]


def test_nothing_is_spoken_after_closing() -> None:
    """Queued lines are dropped, and later ones are not spoken."""
    opened = session()
    opened.submit([line("one", "a")])
    opened.close()
    opened.submit([line("two", "a")])
    assert opened.poll(0.0) == ()


@pytest.mark.parametrize(("peak", "kept"), [(0.5, 0.5), (1.0, 1.0), (4.0, 1.0), (0.0, 0.0)])
def test_only_what_is_too_loud_is_made_quieter(peak: float, kept: float) -> None:
    """A peak over 1 comes down to 1 with everything else in proportion; no sample is cut off."""
    samples = np.array([peak, -peak / 2], np.float32)
    assert within_range(samples).tolist() == pytest.approx([kept, -kept / 2])
