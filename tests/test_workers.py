"""What works beside the engine stays behind it, and in order."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

from narrator.workers import NICENESS, Workers, ahead, result


def test_workers_step_back_behind_the_engine() -> None:
    """A worker is nicer than the process that asks it, which stays as it was."""
    before = os.nice(0)
    workers = Workers()
    try:
        assert result(workers.submit(os.nice, 0)) == min(19, before + NICENESS)
    finally:
        workers.close()
    assert os.nice(0) == before


def test_threads_ahead_keep_the_order() -> None:
    """Whichever thread is done first, things come as they were asked for."""

    def slow_if_even(n: int) -> int:
        time.sleep(0.01 * (n % 2 == 0))
        return n * n

    assert list(ahead(slow_if_even, range(20), n_threads=3)) == [n * n for n in range(20)]


def test_threads_are_not_far_ahead() -> None:
    """No more than a few results wait to be taken, so that memory holds a few of them."""
    asked: list[int] = []

    def items() -> Iterator[int]:
        for n in range(100):
            asked.append(n)
            yield n

    results = ahead(lambda n: n, items(), n_threads=2)
    assert next(results) == 0
    assert len(asked) <= 2 * 2 + 1


def test_an_error_in_a_thread_reaches_who_asked() -> None:
    """What goes wrong beside is raised in its turn, and no thread is left behind."""
    n_before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        list(ahead(lambda n: 1 / n, [2, 1, 0, 1]))
    assert threading.active_count() == n_before
