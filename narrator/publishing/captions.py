"""Captions: each line of a chapter with its speaker, as WebVTT."""

from collections.abc import Sequence
from pathlib import Path

from narrator.domain import Cue
from narrator.files import write

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "", "\r": "\n"})


def webvtt(cues: Sequence[Cue], *, offset_s: float = 0.0) -> str:
    """The text of a WebVTT file.

    Args:
        cues: Lines in order; those that take up no time (nothing was to be heard) are left out.
        offset_s: Where the chapter starts in the file that the captions are for.
    """
    shown = [_cue(cue, offset_s) for cue in cues if _milliseconds(cue.end_s) > _milliseconds(cue.start_s)]
    return "\n".join(["WEBVTT\n", *shown])


def write_captions(cues: Sequence[Cue], target: Path) -> None:
    """Write a chapter's captions."""
    write(target, webvtt(cues))


def _cue(cue: Cue, offset_s: float) -> str:
    text = "\n".join(line for line in map(str.strip, cue.text.translate(ESCAPES).splitlines()) if line)
    speaker = " ".join(cue.character.translate(ESCAPES).split())
    times = f"{_clock(cue.start_s + offset_s)} --> {_clock(cue.end_s + offset_s)}"
    return f"{cue.address}\n{times}\n<v {speaker}>{text}</v>\n"


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _clock(seconds: float) -> str:
    rest, milliseconds = divmod(_milliseconds(seconds), 1000)
    rest, whole_seconds = divmod(rest, 60)
    hours, minutes = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}:{whole_seconds:02}.{milliseconds:03}"
