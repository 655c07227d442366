"""Slower and faster at the same pitch."""

from fractions import Fraction

import numpy as np

from narrator.domain import Samples


def stretched(samples: Samples, rate_hz: int, tempo: float) -> Samples:
    """A signal spoken `tempo` times as fast, by FFmpeg's `atempo`: overlapped pieces of it, laid where they fit best.

    Args:
        samples: Shape [n_samples].
        rate_hz: Their rate.
        tempo: 0.5 to 2; at 1 the samples are returned as they are.

    Returns:
        Shape [n_samples / tempo], rounded.
    """
    if tempo == 1 or not len(samples):
        return samples
    import av  # noqa: PLC0415 - loads FFmpeg; most voices speak at their own pace
    import av.filter  # noqa: PLC0415 - likewise

    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate_hz, format="flt", layout="mono", time_base=Fraction(1, rate_hz))
    filters = [source, graph.add("atempo", f"{tempo:.6f}"), graph.add("abuffersink")]
    graph.link_nodes(*filters).configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None], np.float32), format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
    graph.push(frame)
    graph.push(None)
    parts = []
    while True:
        try:
            parts.append(graph.pull().to_ndarray()[0])
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    n_samples = round(len(samples) / tempo)
    joined = np.concatenate(parts)[:n_samples] if parts else np.zeros(0, np.float32)
    return np.pad(joined, (0, n_samples - len(joined)))
