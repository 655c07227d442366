"""Codes become the samples that the package's codec makes of them in one piece."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch

from narrator.domain import Samples
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.codec import Coded, load_codec
from narrator.errors import EngineError
from scripts.bench.random_qwen3.checkpoint import Draw, write
from scripts.bench.random_qwen3.shapes import CodecSize
from tests.engines.qwen3.tiny import TINY

FRAME = 1920


@pytest.fixture(scope="module")
def codec(checkpoints):
    """The tiny decoder."""
    return load_codec(read_checkpoint(checkpoints("base")), device=torch.device("cpu"), dtype=torch.float32)


@pytest.fixture(scope="module")
def decoder(official):
    """The package's decoder: `decoder(codes)` gives samples, `chunk` frames at a time."""
    model = official("base").model.speech_tokenizer.model.decoder

    def decode(codes, chunk=10_000):
        with torch.inference_mode():
            return model.chunked_decode(codes.T[None], chunk_size=chunk)[0, 0].numpy()

    return decode


def random_codes(n_frames, seed=0) -> torch.Tensor:
    """Any codes."""
    return torch.randint(0, 64, (n_frames, 16), generator=torch.Generator().manual_seed(seed))


def decoded(codec, lines, most_rows=1, most_frames=1000) -> list[Samples]:
    """Lines decoded by us."""
    sounds: list[Samples] = codec.decode(lines, most_rows=most_rows, most_frames=most_frames)
    return sounds


def test_samples_are_the_packages(codec, decoder):
    """A line has 1920 samples a frame, and they are the package's to 1e-5."""
    for n_frames in (1, 2, 31, 120):
        codes = random_codes(n_frames, n_frames)
        (ours,) = decoded(codec, [Coded(codes=codes)])
        theirs = decoder(codes)
        assert ours.shape == (n_frames * FRAME,)
        assert ours.dtype == np.float32
        assert np.abs(ours - theirs).max() < 1e-5
        assert 0.01 < np.abs(theirs).max() < 1


@pytest.mark.slow
def test_a_long_line_has_no_seam(codec, decoder):
    """Beyond 300 frames the package's chunks change the sound; ours is that of one piece, in any window."""
    codes = random_codes(420)
    whole, chunked = decoder(codes), decoder(codes, chunk=300)
    assert np.abs(chunked - whole).max() > 1e-3
    for most_frames in (1000, 100, 33):
        (ours,) = decoded(codec, [Coded(codes=codes)], most_frames=most_frames)
        assert np.abs(ours - whole).max() < 1e-5


def test_windows_leave_no_trace(codec):
    """Decoded sixteen frames at a time a line sounds as in one piece; with half the context it would not."""
    line = Coded(codes=random_codes(90))
    (whole,), (windows,) = decoded(codec, [line]), decoded(codec, [line], most_frames=16)
    assert np.abs(whole - windows).max() < 1e-5
    (broken,) = decoded(replace(codec, reach=codec.reach // 2), [line], most_frames=16)
    assert np.abs(whole - broken).max() > 1e-4


@pytest.mark.parametrize("n_context", [1, 9, 10, 11, 80])
def test_a_reference_is_heard_and_not_decoded(codec, decoder, n_context):
    """Behind a reference a line sounds as in one piece with it, cut at the frame: no sample is lost."""
    codes = random_codes(n_context + 30, n_context)
    (ours,) = decoded(codec, [Coded(codes=codes[n_context:], context=codes[:n_context])], most_frames=16)
    theirs = decoder(codes)[n_context * FRAME :]
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-5
    alone = decoder(codes[n_context:])
    assert np.abs(ours - alone).max() > 1e-3


def test_lines_are_decoded_together_and_come_back_in_order(codec):
    """In batches of any size, with references of any length, each line has the samples that it has alone."""
    lines = [Coded(codes=random_codes(n, n), context=random_codes(m, m) if m else None) for n, m in
             ((5, 0), (40, 0), (38, 3), (9, 30), (41, 20), (0, 0), (12, 60), (37, 4))]  # fmt: skip
    alone = decoded(codec, lines)
    for most_rows, most_frames in ((8, 1000), (3, 90), (8, 16)):
        together = decoded(codec, lines, most_rows, most_frames)
        assert all(a.shape == b.shape for a, b in zip(alone, together, strict=True))
        assert all(np.abs(a - b).max(initial=0) < 1e-5 for a, b in zip(alone, together, strict=True))
    assert [len(samples) // FRAME for samples in alone] == [5, 40, 38, 9, 41, 0, 12, 37]


def test_one_row_at_a_time_a_line_is_the_same_to_the_last_bit(codec):
    """With one row a line's samples do not depend on its mates, and nobody else holds their memory."""
    lines = [Coded(codes=random_codes(n, n)) for n in (30, 33, 12)]
    one, again = decoded(codec, lines), decoded(codec, lines[::-1])[::-1]
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert all(samples.base is None for samples in one)


BANDS_HZ = (100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300,
            6400, 7700, 9500, 12000)  # fmt: skip
"""Edges of the critical bands of hearing (Zwicker): a sound hides what is softer in its own band."""


def noise_db(folder, n_frames, n_codes) -> tuple[float, float]:
    """How far what bfloat16 adds lies below a line's sound: in all, and in the critical band where it is nearest."""
    codes = torch.randint(0, n_codes, (n_frames, 16), generator=torch.Generator().manual_seed(3))
    exact, coarse = (
        decoded(load_codec(read_checkpoint(folder), device=torch.device("cpu"), dtype=dtype), [Coded(codes=codes)])[0]
        for dtype in (torch.float32, torch.bfloat16)
    )
    power, noise = (np.square(np.abs(np.fft.rfft(x))) for x in (exact, exact - coarse))
    at = np.searchsorted(np.fft.rfftfreq(len(exact), 1 / 24_000), BANDS_HZ)
    bands = [(power[a:b].sum(), noise[a:b].sum()) for a, b in itertools.pairwise(at)]
    ratios = [10 * np.log10(p / n) for p, n in ((power.sum(), noise.sum()), *bands)]
    return float(ratios[0]), float(min(ratios[1:]))


def test_what_coarse_numbers_round_is_hidden_by_the_sound(checkpoints):
    """In bfloat16 the decoder's noise lies 30 dB below its sound, and 25 dB in each critical band."""
    in_all, nearest = noise_db(checkpoints("base"), 60, 64)
    assert in_all > 30
    assert nearest > 25


@pytest.mark.slow
def test_what_coarse_numbers_round_is_hidden_at_full_size_too(tmp_path):
    """So it is with a decoder of the published size, with random weights."""
    write(tmp_path / "full", replace(TINY, codebook=2048, codec=CodecSize()), "base", Draw(seed=1))
    in_all, nearest = noise_db(tmp_path / "full", 14, 2048)
    assert in_all > 30
    assert nearest > 25


class Small:
    """A part that has no memory for more than so many frames."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Let `x` through if it is small."""
        if x.shape[0] * x.shape[-1] > self.most:
            raise torch.OutOfMemoryError
        return x


def test_memory_that_runs_out_makes_windows_smaller(codec):
    """Where a window does not fit it is halved until it does; where the smallest does not it is an error."""
    lines = [Coded(codes=random_codes(n, n)) for n in (60, 58, 20)]
    small = replace(codec, vocoder=(Small(50), *codec.vocoder))
    together = decoded(small, lines, most_rows=4)
    assert all(np.abs(a - b).max() < 1e-5 for a, b in zip(together, decoded(codec, lines), strict=True))
    tiny = replace(codec, vocoder=(Small(15), *codec.vocoder))
    with pytest.raises(EngineError, match="no memory to decode"):
        decoded(tiny, lines)
