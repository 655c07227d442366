"""Where takes go: stored by one thread, those that wait for it together, so that their fsyncs are waited for once."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from narrator.domain import Take
from narrator.store import Recording, Store

GROUP = 64
"""Most takes that are stored together."""


class Shelf:
    """A store behind a thread of its own; leaving it waits for what was put there.

    A lone take is stored at once; those that come while a group is being stored are the next group.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: deque[tuple[Recording, Future[Take]]] = deque()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="takes")

    def put(self, recording: Recording) -> Future[Take]:
        """Store a take; done once it survives a power cut."""
        future: Future[Take] = Future()
        self._waiting.append((recording, future))
        self._thread.submit(self._store_waiting)
        return future

    def _store_waiting(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
        if not group:  # an earlier call took it along
            return
        try:
            takes = self._store.put_together([recording for recording, _ in group])
        except BaseException as error:  # noqa: BLE001 - whoever asks for the take is told
            for _, future in group:
                future.set_exception(error)
        else:
            for (_, future), take in zip(group, takes, strict=True):
                future.set_result(take)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
