import io

import numpy as np
import pytest
import soundfile

from narrator.audio.files import SoundError, decode, encode_flac
from tests.audio.signals import speech


def test_a_take_comes_back_as_it_was_stored():
    """FLAC keeps 24 bits: the samples differ by at most half a step, and a second round by nothing."""
    samples = speech(1.0)
    data = encode_flac(samples, 24_000)
    back, rate_hz = decode(data, where="take")
    assert rate_hz == 24_000
    assert back.dtype == np.float32
    assert np.abs(back - samples).max() <= 2**-24 * 1.01
    assert encode_flac(back, 24_000) == data


def test_overs_are_clipped_not_wrapped():
    """Samples beyond full scale stay at full scale."""
    back, _ = decode(encode_flac(np.array([1.5, -1.5, 0.0], dtype=np.float32), 24_000), where="take")
    assert np.allclose(back, [1, -1, 0], atol=1e-6)


def test_what_is_not_a_number_is_not_stored():
    """A take with NaN in it is refused before it becomes a file."""
    with pytest.raises(ValueError, match="finite"):
        encode_flac(np.array([0, np.nan], dtype=np.float32), 24_000)


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-3],
        lambda data: data[:2000] + bytes(100) + data[2100:],
        lambda _: b"",
        lambda _: b"not sound" * 100,
    ],
    ids=["half", "tail missing", "hole", "empty", "text"],
)
def test_damage_is_an_error_that_names_the_file(harm):
    """A damaged file is never half a take: it is an error that says where."""
    with pytest.raises(SoundError, match=r"objects/ab/cd\.flac"):
        decode(harm(encode_flac(speech(2.0), 24_000)), where="objects/ab/cd.flac")


def test_stereo_becomes_mono():
    """Channels are averaged."""
    file = io.BytesIO()
    soundfile.write(file, np.array([[0.5, 0.0]] * 100), 24_000, format="WAV", subtype="FLOAT")
    samples, _ = decode(file.getvalue(), where="clip.wav")
    assert np.allclose(samples, 0.25)
