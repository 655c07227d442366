"""Is a take usable? Judged by its sound and the length of its text; words are not listened to here."""

from dataclasses import dataclass

import numpy as np

from narrator.engines.protocol import Ended, EngineInfo, Line, Spoken

SILENT_DBFS = -60.0
"""RMS under which a take is silence."""
CLIPPED = 0.999
"""Magnitude from which a sample counts as clipped."""
MANY_CLIPPED = 0.001
"""Share of clipped samples that can be heard."""
RUNAWAY_S = 8.0
"""No take shorter than this is called a runaway: short lines vary too much."""
LONG, SHORT = 3.0, 0.33
"""Bounds on length against what the text leads to expect. Reliability over taste: a babbling model exceeds them far."""
HOLE_S = 2.0
"""Silence inside a take that no speaker makes."""
FRAME_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What proofing found; empty reasons mean a good take."""

    reason: str = ""
    usable: bool = True
    """False when there is nothing to hear in it."""

    @property
    def good(self) -> bool:
        """Nothing was found."""
        return not self.reason


def proof_of(spoken: Spoken, line: Line, info: EngineInfo) -> Verdict:
    """Look at a take of a line."""
    expected_s = len(line.text) / info.chars_per_s / line.delivery.pace
    return proof(spoken, sample_rate_hz=info.sample_rate_hz, expected_s=expected_s)


def proof(spoken: Spoken, *, sample_rate_hz: int, expected_s: float) -> Verdict:
    """Look at a take.

    Args:
        spoken: The take, mono float32.
        sample_rate_hz: Its rate.
        expected_s: How long its text usually lasts at its pace.
    """
    samples = spoken.samples
    if not len(samples):
        return Verdict(reason="no sound", usable=False)
    if not np.isfinite(samples).all():
        return Verdict(reason="not a number", usable=False)
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    if rms < 10 ** (SILENT_DBFS / 20):
        return Verdict(reason="silence", usable=False)
    seconds = len(samples) / sample_rate_hz
    faults = {
        "cut off by the engine's own limit": spoken.ended is Ended.CAP,
        f"runs away: {seconds:.1f} s for {expected_s:.1f} s of text": seconds > max(RUNAWAY_S, LONG * expected_s),
        f"too short: {seconds:.1f} s for {expected_s:.1f} s of text": seconds < SHORT * expected_s,
        "clipped": float(np.mean(np.abs(samples) >= CLIPPED)) > MANY_CLIPPED,
        f"silent for more than {HOLE_S:.0f} s": _longest_hole_s(samples, sample_rate_hz) > HOLE_S,
    }
    return Verdict(reason="; ".join(reason for reason, found in faults.items() if found))


def _longest_hole_s(samples: np.ndarray[tuple[int], np.dtype[np.float32]], sample_rate_hz: int) -> float:
    """Longest silence between the first and the last sound, seconds."""
    n_frame = int(FRAME_S * sample_rate_hz)
    n_frames = len(samples) // n_frame
    peaks = np.abs(samples[: n_frames * n_frame].reshape(n_frames, n_frame)).max(axis=1, initial=0.0)
    loud = np.flatnonzero(peaks > 10 ** (SILENT_DBFS / 20))
    return float(np.diff(loud).max(initial=0)) * FRAME_S
