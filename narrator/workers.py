"""Worker processes: spawned, never forked, quiet on Ctrl-C, and gone when their parent is."""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

WATCH_S = 0.5


class Workers:
    """At most one process a core; none is started before there is work for it."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Have a module-level function called in another process; arguments and result are pickled."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=len(os.sched_getaffinity(0)),
                mp_context=get_context("spawn"),
                initializer=_settle_in,
                initargs=(os.getpid(),),
            )
        return self._pool.submit(work, *args, **kwargs)

    def close(self) -> None:
        """Wait for what is running; drop what has not begun."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _settle_in(parent: int) -> None:
    # Ctrl-C reaches the whole process group: the parent decides what is finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """End this process when its parent has died: a SIGKILL leaves no orphan that writes files."""
    while os.getppid() == parent:
        time.sleep(WATCH_S)
    os._exit(1)
