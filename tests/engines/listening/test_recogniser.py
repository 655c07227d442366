"""The recogniser hears our own voices."""

import subprocess
import sys

import numpy as np
import pytest

from narrator.domain import Builtin, VoiceProfile
from narrator.engines.hibari import HibariEngine
from narrator.engines.listening.recogniser import Recogniser
from tests.engines.contract import line, spoken

pytest.importorskip("faster_whisper", reason="the extra narrator[proof] is not installed")


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    """One for all tests."""
    return Recogniser()


def test_it_writes_down_what_was_said(recogniser: Recogniser) -> None:
    """Plain words come back as they were written."""
    engine = HibariEngine()
    session = engine.open([engine.prepare(VoiceProfile(name="a", source=Builtin(engine="hibari", voice="heart")))])
    (take,) = spoken(session, [line("The river ran high between its banks.", "a")])
    assert recogniser.text(take.samples, 24_000) == "The river ran high between its banks."


@pytest.mark.parametrize("level", [0.0, 0.05])
def test_it_hears_no_words_where_there_are_none(recogniser: Recogniser, level: float) -> None:
    """Silence and noise are not words, and neither is nothing."""
    noise = np.random.default_rng(1).standard_normal(48_000).astype(np.float32) * np.float32(level)
    assert recogniser.text(noise, 24_000) == ""
    assert recogniser.text(noise[:0], 24_000) == ""


def test_without_the_extra_it_says_what_to_install() -> None:
    """Where faster-whisper cannot be imported, the error is exit code 5 with the line that installs it."""
    script = """
import sys
sys.modules["faster_whisper"] = None
from narrator.engines.listening.recogniser import Recogniser
from narrator.errors import MissingError
try:
    Recogniser()
except MissingError as error:
    print(int(error.exit_code), error.hint)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "5 Run: pip install 'narrator[proof]'"
