"""In which order missing lines are recorded.

One queue over the whole book in the order of reading: the first chapter is ready early, the engine's slots stay full.
Only the last tenth goes longest first, so that no long line is left running alone at the end.

Where a session takes turns, a turn is a queue of its own. The shortest comes first: in the longest, usually the
narrator's, chapters are then finished one after another in the order of the book.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from narrator.recording.recipe import Request

TAIL = 0.1
"""Share of the book's letters that is reordered."""


def in_recording_order(
    missing: Sequence[Request], turns: Mapping[str, str] = MappingProxyType({})
) -> tuple[Request, ...]:
    """Sort requests, given in the order of reading, for recording.

    Args:
        missing: What is to be recorded.
        turns: By names of voices; see `engines.protocol.TakesTurns`.
    """
    queues: defaultdict[str, list[Request]] = defaultdict(list)
    for request in missing:
        queues[turns.get(request.voice.name, "")].append(request)
    return tuple(request for queue in sorted(queues.values(), key=_n_letters) for request in _short_tailed(queue))


def _short_tailed(queue: Sequence[Request]) -> Sequence[Request]:
    left = _n_letters(queue)
    tail = left * TAIL
    for index, request in enumerate(queue):
        if left <= tail:
            rest = sorted(queue[index:], key=lambda r: -len(r.recipe.text))  # stable: equals keep their order
            return (*queue[:index], *rest)
        left -= len(request.recipe.text)
    return queue


def _n_letters(queue: Sequence[Request]) -> int:
    return sum(len(request.recipe.text) for request in queue)
