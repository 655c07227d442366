"""Turns a book into a mastered audiobook.

From Python: `open_project` a folder, `give_recording`s to its clones, `build` it, or `speak` one line of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from narrator.production import Wishes, build
    from narrator.project import open_project
    from narrator.rehearsal import give_recording, speak

__version__ = "0.1.0"
__all__ = ["Wishes", "build", "give_recording", "open_project", "speak"]

_ROOMS = {
    "Wishes": "narrator.production",
    "build": "narrator.production",
    "give_recording": "narrator.rehearsal",
    "open_project": "narrator.project",
    "speak": "narrator.rehearsal",
}


def __getattr__(name: str) -> Any:
    """The public names, from their rooms when asked for: `import narrator` loads none of them."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'narrator' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)
