"""Kokoro speaks, and its mixes are spelt one way."""

import hashlib

import pytest

from narrator.domain import Builtin, VoiceProfile
from narrator.engines.kokoro import WEIGHTS, KokoroEngine
from narrator.engines.protocol import Engine, Session
from narrator.errors import ProjectError
from tests.engines.contract import EngineContract


class TestKokoro(EngineContract):
    """The contract."""

    name = "kokoro"
    voices = ("af_heart", "bm_daniel")
    unknown_voice = "bf_emmy"
    unspoken = "你好€Дом"

    @pytest.mark.slow
    def test_the_longest_line_is_spoken_to_its_end(self, session: Session, engine: Engine) -> None:
        """As the contract has it; five seconds."""
        super().test_the_longest_line_is_spoken_to_its_end(session, engine)


def test_identity_is_the_mix_however_it_was_written() -> None:
    """Order, spaces and scale of the weights are no part of a voice; another share is."""
    engine = KokoroEngine()

    def identity(mix: str) -> dict[str, str]:
        return dict(engine.identity(VoiceProfile(name="v", source=Builtin(engine="kokoro", voice=mix))))

    assert identity("0.6*af_heart+0.4*bf_emma") == identity(" 4*bf_emma + 6*af_heart ")
    assert identity("0.6*af_heart+0.4*bf_emma") != identity("0.5*af_heart+0.5*bf_emma")


def test_a_clone_is_not_spoken_in_another_voice() -> None:
    """A voice of another engine is refused by name."""
    with pytest.raises(ProjectError, match="hatter"):
        KokoroEngine().prepare(VoiceProfile(name="hatter", source=Builtin(engine="hibari", voice="alto")))


def test_the_revision_is_the_checksum_of_the_installed_model() -> None:
    """The constant in every recipe is what lies on the disk."""
    profile = VoiceProfile(name="v", source=Builtin(engine="kokoro", voice="af_heart"))
    assert hashlib.sha256(WEIGHTS.read()).hexdigest().startswith(KokoroEngine().revision(profile))
