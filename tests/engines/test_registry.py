"""Engines are found by name and chosen by the voices of the cast, never the other way round."""

import subprocess
import sys
from pathlib import Path

import pytest

from narrator.domain import Builtin, Cloned, Designed, Preset, VoiceProfile, VoiceSource
from narrator.engines import registry
from narrator.errors import EngineError, ExitCode, LanguageError, UsageError
from tests.engines import test_hibari, test_kokoro, test_tone


def voice(name: str, source: VoiceSource) -> VoiceProfile:
    """A voice of a project."""
    return VoiceProfile(name=name, source=source)


NARRATOR = voice("narrator", Builtin(engine="kokoro", voice="af_heart"))
HATTER = voice("hatter", Builtin(engine="kokoro", voice="bm_daniel"))
ALICE = voice("alice", Cloned(audio=Path("alice.wav")))
QUEEN = voice("queen", Designed(description="loud"))
RYAN = voice("ryan", Preset(speaker="ryan"))
DRAFT = voice("draft", Builtin(engine="hibari", voice="alto"))


def test_our_engines_are_installed_and_under_contract() -> None:
    """Each engine that this package brings has a test module that holds it to the contract."""
    held = {test_kokoro.TestKokoro.name, test_hibari.TestHibari.name, test_tone.TestTone.name}
    assert held <= set(registry.names())
    assert {name for name in registry.names() if type(registry.load(name)).__module__.startswith("narrator.")} == held


@pytest.mark.parametrize(
    ("source", "kind"),
    [(NARRATOR, "kokoro"), (ALICE, "clone"), (QUEEN, "design"), (RYAN, "preset"), (DRAFT, "hibari")],
)
def test_a_voice_says_what_it_needs(source: VoiceProfile, kind: str) -> None:
    """The kind of a voice is what an engine must list to speak it."""
    assert registry.voice_kind(source) == kind


def test_auto_takes_the_engine_that_speaks_every_voice() -> None:
    """The voices decide, and the reason is told."""
    engine, why = registry.choose("auto", [NARRATOR, HATTER], "en")
    assert engine.info.name == "kokoro"
    assert "kokoro" in why
    assert registry.choose("auto", [DRAFT], "en-gb")[0].info.name == "hibari"


def test_an_engine_may_be_asked_for() -> None:
    """A named engine is taken if it can speak the cast."""
    engine, why = registry.choose("kokoro", [NARRATOR], "en-US")
    assert (engine.info.name, why) == ("kokoro", "asked for")


@pytest.mark.parametrize("missing", [ALICE, QUEEN, RYAN, voice("x", Builtin(engine="elsewhere", voice="y"))])
def test_a_voice_that_no_engine_speaks_ends_the_build(missing: VoiceProfile) -> None:
    """No other voice stands in: the error names the voice and what it needs, and offers a draft."""
    with pytest.raises(EngineError) as refusal:
        registry.choose("auto", [NARRATOR, missing], "en")
    assert refusal.value.exit_code == ExitCode.ENGINE
    assert f"{missing.name} ({registry.voice_kind(missing)})" in refusal.value.message
    assert f"Install an engine for {registry.voice_kind(missing)}." in refusal.value.hint
    assert "--draft" in refusal.value.hint


def test_voices_of_two_engines_are_not_one_cast() -> None:
    """Each is installed, but a build has one engine: the error says which voice needs which."""
    with pytest.raises(EngineError) as refusal:
        registry.choose("auto", [NARRATOR, DRAFT, HATTER], "en")
    assert "narrator, hatter (kokoro); draft (hibari)" in refusal.value.message
    assert "one kind" in refusal.value.hint


def test_an_engine_asked_for_must_speak_the_cast() -> None:
    """`--engine hibari` does not turn Kokoro's voices into hibari's; only those it lacks are named."""
    with pytest.raises(EngineError) as refusal:
        registry.choose("hibari", [DRAFT, NARRATOR], "en")
    assert "narrator (kokoro)" in refusal.value.message
    assert "draft" not in refusal.value.message


@pytest.mark.parametrize("language", ["de", "zh-Hant", "eng-x"])
def test_a_language_it_does_not_speak_is_refused(language: str) -> None:
    """The error names the engine, the language and what the engine does speak."""
    with pytest.raises(LanguageError) as refusal:
        registry.choose("auto", [NARRATOR], language)
    assert refusal.value.exit_code == ExitCode.USAGE
    assert all(word in refusal.value.message for word in ("kokoro", language, "en"))


def test_tones_have_no_language() -> None:
    """The test engine holds its note in any language."""
    note = voice("a", Builtin(engine="tone", voice="220"))
    assert registry.choose("auto", [note], "zh")[0].info.name == "tone"


@pytest.mark.parametrize(
    ("name", "near"), [("kokro", "; did you mean 'kokoro'?"), ("atuo", "; did you mean 'auto'?"), ("", "")]
)
def test_an_unknown_engine_is_told_the_nearest_and_all(name: str, near: str) -> None:
    """A slip of the pen gets the name that was meant, and every mistake the list."""
    with pytest.raises(UsageError) as refusal:
        registry.choose(name, [NARRATOR], "en")
    assert refusal.value.message == f"no engine is called {name!r} here{near}"
    assert "kokoro" in refusal.value.hint


def test_asking_what_engines_can_do_loads_no_model() -> None:
    """Names, kinds, identities and prompts need neither onnxruntime nor hibari nor scipy."""
    script = """
import sys
from narrator.domain import Builtin, VoiceProfile
from narrator.engines import registry
profiles = {"kokoro": "0.6*af_heart+0.4*bf_emma", "hibari": "alto", "tone": "220"}
assert not any(name.startswith("narrator.engines.kokoro") for name in sys.modules)
for name, voice in profiles.items():
    profile = VoiceProfile(name="v", source=Builtin(engine=name, voice=voice))
    engine, _ = registry.choose("auto", [profile], "en")
    engine.revision(profile), engine.identity(profile), engine.prepare(profile)
print(sorted({"onnxruntime", "hibari", "scipy", "soxr", "faster_whisper"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
