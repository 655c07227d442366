"""The tone engine holds a note as long as a line would be."""

import numpy as np
import pytest

from narrator.domain import Builtin, Preset, VoiceProfile
from narrator.engines.tone import ToneEngine
from narrator.errors import ProjectError
from tests.engines.contract import EngineContract, line, spoken


class TestTone(EngineContract):
    """The contract."""

    name = "tone"
    voices = ("220", "330.5")
    unknown_voice = "middle C"
    unspoken = ""


def test_a_note_has_the_frequency_and_the_length_asked_for() -> None:
    """Thirty characters are two seconds, and the strongest frequency is the voice's."""
    engine = ToneEngine()
    session = engine.open([engine.prepare(VoiceProfile(name="a", source=Builtin(engine="tone", voice="440")))])
    (take,) = spoken(session, [line("x" * 30, "a")])
    assert len(take.samples) == 2 * 24_000
    assert np.abs(np.fft.rfft(take.samples)).argmax() / 2 == 440


@pytest.mark.parametrize("frequency", ["0", "-3", "12000", "nan", "inf", ""])
def test_what_cannot_be_heard_is_refused(frequency: str) -> None:
    """A frequency outside hearing is a mistake in the project file."""
    with pytest.raises(ProjectError, match="20 to 10000"):
        ToneEngine().identity(VoiceProfile(name="a", source=Builtin(engine="tone", voice=frequency)))


def test_a_voice_of_another_kind_is_refused() -> None:
    """A tone stands in for nobody."""
    with pytest.raises(ProjectError):
        ToneEngine().prepare(VoiceProfile(name="a", source=Preset(speaker="ryan")))
