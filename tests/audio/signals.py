"""Signals with known properties: sines, and something that rises and falls as speech does."""

import numpy as np

from narrator.domain import Samples


def sine(hz: float, level_dbfs: float, seconds: float, rate_hz: int, *, phase: float = 0.0) -> Samples:
    """A sine whose peak is at `level_dbfs`."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * t + phase)).astype(np.float32)


def speech(seconds: float, rate_hz: int = 24_000, *, seed: int = 0, level_db: float = 0.0) -> Samples:
    """Pulses of a gliding pitch and some noise in four syllables a second, loud from first to last sample."""
    chance = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    pitch_hz = chance.uniform(95, 210) * (1 + 0.1 * np.sin(2 * np.pi * 0.6 * t))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / rate_hz
    voiced = np.sum([np.cos(k * phase + chance.uniform(0, 1)) / k**0.9 for k in range(1, 25)], axis=0)
    syllables = 0.15 + np.abs(np.sin(2 * np.pi * 2 * t + chance.uniform(0, 3)))
    noise = 0.08 * chance.standard_normal(len(t))
    return np.asarray(10 ** (level_db / 20) * 0.06 * syllables * (voiced + noise), dtype=np.float32)


def take(
    seconds: float, *, before_s: float = 0.2, after_s: float = 0.4, seed: int = 0, level_db: float = 0.0
) -> Samples:
    """Speech at 24 kHz as an engine gives it: quiet before and after, and a little DC."""
    spoken = speech(seconds, seed=seed, level_db=level_db)
    before, after = (np.zeros(round(s * 24_000), dtype=np.float32) for s in (before_s, after_s))
    floor = 1e-4 * np.random.default_rng(seed + 1).standard_normal(len(before) + len(spoken) + len(after))
    return (np.concatenate([before, spoken, after]) + floor + 2e-4).astype(np.float32)
