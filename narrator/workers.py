"""Worker processes: spawned, never forked, deaf to signals, and gone when their parent is; and threads within them."""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from narrator.errors import EngineError

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

WATCH_S = 0.5
NICENESS = 5
"""By how much workers step back behind the engine, whose host thread has to feed a device in time."""
MOST_THREADS = 4
"""Of one process for one piece of work; there is a process for each core."""
DEAF_TO = (signal.SIGINT, signal.SIGTERM)


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ahead(work: Callable[[T], R], items: Iterable[T], *, n_threads: int = 0) -> Iterator[R]:
    """What becomes of each item, in order, made by threads that are at most twice their number ahead.

    For work that lets go of Python's lock: codecs, filters, digests.

    Args:
        work: Called in any thread.
        items: Taken one by one, in the thread that asks.
        n_threads: 0 = a few, and no more than there are cores.
    """
    n_threads = n_threads or min(MOST_THREADS, usable_cores())
    with ThreadPoolExecutor(n_threads) as threads:
        begun: deque[Future[R]] = deque()
        for item in items:
            begun.append(threads.submit(work, item))
            if len(begun) > 2 * n_threads:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


class Workers:
    """At most one process a core; none is started before there is work for it."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Have a module-level function called in another process; arguments and result are pickled.

        Raises:
            EngineError: The processes were ended from outside.
        """
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=usable_cores(),
                mp_context=get_context("spawn"),
                initializer=_settle_in,
                initargs=(os.getpid(),),
            )
        # A process is born with its parent's mask: no signal to the group ends it before it has settled in.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, DEAF_TO)
        try:
            return self._pool.submit(work, *args, **kwargs)
        except BrokenProcessPool as error:
            raise _ended() from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def close(self) -> None:
        """Wait for what is running; drop what has not begun."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def result(future: Future[R]) -> R:
    """What a worker made; waits for it.

    Raises:
        EngineError: The process was ended from outside.
    """
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise _ended() from error


def _ended() -> EngineError:
    return EngineError(
        "a process that finishes chapters was ended from outside, perhaps for want of memory",
        hint="All takes are kept: run the same command again.",
    )


def _settle_in(parent: int) -> None:
    # Ctrl-C and a service manager's SIGTERM reach the whole group: the parent decides what is finished.
    for number in DEAF_TO:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, DEAF_TO)
    os.nice(NICENESS)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """End this process when its parent has died: a SIGKILL leaves no orphan that writes files."""
    while os.getppid() == parent:
        time.sleep(WATCH_S)
    os._exit(1)
