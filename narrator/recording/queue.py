"""In which order missing lines are recorded.

One queue over the whole book in the order of reading: the first chapter is ready early, the engine's slots stay full.
Only the last tenth goes longest first, so that no long line is left running alone at the end.
"""

from collections.abc import Sequence

from narrator.recording.recipe import Request

TAIL = 0.1
"""Share of the book's letters that is reordered."""


def in_recording_order(missing: Sequence[Request]) -> tuple[Request, ...]:
    """Sort requests, given in the order of reading, for recording."""
    left = sum(len(r.recipe.text) for r in missing)
    tail = left * TAIL
    for index, request in enumerate(missing):
        if left <= tail:
            rest = sorted(missing[index:], key=lambda r: -len(r.recipe.text))  # stable: equals keep their order
            return (*missing[:index], *rest)
        left -= len(request.recipe.text)
    return tuple(missing)
