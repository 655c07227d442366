"""The source-filter renderer moves what it is told to move and nothing else."""

import numpy as np
import pytest

from narrator.engines.voicing import BIN_HZ, N_BINS, Frames, Timbre, render

RATE_HZ = 24_000
N_FRAMES = 80
"""One second."""


def vowel(pitch_hz: float, resonance_hz: float, *, breath: float = -20.0) -> Frames:
    """A steady vowel with a single resonance and next to no noise."""
    bins_hz = np.arange(N_BINS) * BIN_HZ
    magnitude = -5 - ((bins_hz - resonance_hz) / 400) ** 2
    flat = np.zeros((N_BINS, N_FRAMES), np.float32)
    return Frames(
        filter=np.maximum(np.repeat(magnitude[:, None], N_FRAMES, axis=1), -12).astype(np.float32),
        filter_phase=flat,
        noise=flat + np.float32(breath),
        residue=flat - np.float32(20),
        residue_phase=flat,
        pitch_hz=np.full(N_FRAMES, pitch_hz, np.float32),
    )


def loudest_hz(frames: Frames, timbre: Timbre) -> float:
    """The frequency in which the rendered sound has most power, to 1 Hz."""
    samples = render(frames, timbre, np.random.default_rng(0))
    assert len(samples) == RATE_HZ
    return float(np.abs(np.fft.rfft(samples * np.hanning(RATE_HZ))).argmax())


def test_the_plain_timbre_leaves_the_vowel_alone() -> None:
    """A vowel of 200 Hz with its resonance at 1000 Hz is loudest at its fifth harmonic."""
    assert loudest_hz(vowel(200, 1000), Timbre()) == pytest.approx(1000, abs=3)


def test_pitch_moves_the_harmonics_and_not_the_resonance() -> None:
    """At 0.8 of the pitch the harmonics lie at multiples of 160 Hz; the loudest is still the one near 1000 Hz."""
    assert loudest_hz(vowel(200, 1000), Timbre(pitch=0.8)) == pytest.approx(960, abs=3)


def test_formants_move_the_resonance_and_not_the_harmonics() -> None:
    """At 0.8 of the formants the resonance lies at 800 Hz, where the fourth harmonic of 200 Hz is."""
    assert loudest_hz(vowel(200, 1000), Timbre(formants=0.8)) == pytest.approx(800, abs=3)


def test_a_spectrum_that_shrinks_leaves_silence_above() -> None:
    """What lies above the top of a shrunk spectrum is silence, not its last bin repeated."""
    samples = render(vowel(0, 1000, breath=0), Timbre(formants=0.5), np.random.default_rng(0))
    power = np.abs(np.fft.rfft(samples * np.hanning(RATE_HZ))) ** 2
    assert power[6200:].mean() < power[:5800].mean() * 1e-6


def test_melody_widens_the_steps_of_the_pitch() -> None:
    """With twice the melody an octave becomes two, around the same middle."""
    frames = vowel(200, 1000)
    frames.pitch_hz[:40], frames.pitch_hz[40:] = 150, 300
    samples = render(frames, Timbre(melody=2), np.random.default_rng(0))
    middle = np.sqrt(150 * 300)
    for half, pitch_hz in ((samples[:11_000], middle / 2), (samples[13_000:], middle * 2)):
        spectrum = np.abs(np.fft.rfft(half * np.hanning(len(half)), RATE_HZ))
        numbers = np.arange(1, int(2000 / pitch_hz))
        at, between = (spectrum[np.rint(numbers * pitch_hz + shift).astype(int)] for shift in (0, pitch_hz / 2))
        assert at.max() > 5 * between.max()


def test_tilt_darkens() -> None:
    """Minus six decibels an octave halve 2000 Hz against 1000 Hz."""

    def ratio(tilt_db: float) -> float:
        samples = render(vowel(1000, 1500), Timbre(tilt_db=tilt_db), np.random.default_rng(0))
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(RATE_HZ)))
        return float(spectrum[2000] / spectrum[1000])

    assert ratio(-6.0206) / ratio(0) == pytest.approx(0.5, rel=0.02)


def test_noise_comes_from_the_seed_alone() -> None:
    """The same seed gives the same breath, another seed another."""
    frames = vowel(200, 1000, breath=-3)
    one, again, other = (render(frames, Timbre(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_unvoiced_frames_stay_unvoiced() -> None:
    """A whisper has no pitch to move, in any timbre."""
    frames = vowel(0, 1000, breath=-3)
    samples = render(frames, Timbre(pitch=0.5, melody=1.3, formants=0.8), np.random.default_rng(1))
    assert np.isfinite(samples).all()
    plain = render(vowel(0, 1000, breath=-3), Timbre(pitch=1, formants=0.8), np.random.default_rng(1))
    assert np.array_equal(samples, plain)
