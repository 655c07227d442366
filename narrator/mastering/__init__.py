"""Takes → Master. Pure signal work."""

from collections.abc import Sequence

from narrator.domain import Master, Placed
from narrator.mastering.assembly import Load, assemble, cleaned, cues, lay_out, listen
from narrator.mastering.dynamics import finish, line_gains_db
from narrator.settings.options import MasteringProfile, PauseOptions
from narrator.workers import ahead


def master(lines: Sequence[Placed], load: Load, profile: MasteringProfile, pauses: PauseOptions) -> Master:
    """Make a chapter of its takes: the same takes give the same bits.

    Args:
        lines: The chapter's lines in order, at least one.
        load: Reads a take's samples; called twice for each line, from threads, so that only a few takes are held.
        profile: What the chapter must measure.
        pauses: The silence between lines.

    Returns:
        Mono at the highest sample rate among the takes.
    """
    rate_hz = max(line.take.sample_rate_hz for line in lines)
    heard = list(ahead(lambda line: listen(cleaned(line, load, rate_hz), rate_hz), lines))
    gains_db = line_gains_db(lines, heard, rate_hz, voice_match=profile.voice_match)
    layout = lay_out(lines, heard, profile, pauses, rate_hz)
    samples = assemble(lines, layout, load, gains_db, profile)
    finished = finish(samples, rate_hz, profile)
    return Master(
        samples=samples,
        sample_rate_hz=rate_hz,
        cues=cues(lines, layout),
        loudness_lufs=finished.loudness_lufs,
        true_peak_dbtp=finished.true_peak_dbtp,
    )
