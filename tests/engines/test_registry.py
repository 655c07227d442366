"""Engines are found by name and chosen by the voices of the cast, never the other way round."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from narrator.domain import Builtin, Cloned, Designed, Preset, VoiceProfile, VoiceSource
from narrator.engines import registry
from narrator.engines.protocol import Session, VoicePrompt
from narrator.errors import EngineError, ExitCode, LanguageError, MissingError, UsageError
from narrator.settings.options import EngineOptions
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
    """Each engine that brings its weights is held to the contract; Qwen3-TTS has tests with weights of its own."""
    held = {test_kokoro.TestKokoro.name, test_hibari.TestHibari.name, test_tone.TestTone.name}
    ours = {name for name in registry.names() if type(registry.load(name)).__module__.startswith("narrator.")}
    assert held <= ours
    assert ours - held <= {"qwen3", "qwen3-reference"}


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


def test_a_voice_that_no_engine_speaks_ends_the_build() -> None:
    """No other voice stands in: the error names the voice and what it needs, and offers a draft."""
    missing = voice("x", Builtin(engine="elsewhere", voice="y"))
    with pytest.raises(EngineError) as refusal:
        registry.choose("auto", [NARRATOR, missing], "en")
    assert refusal.value.exit_code == ExitCode.ENGINE
    assert "x (elsewhere)" in refusal.value.message
    assert "Install an engine for elsewhere." in refusal.value.hint
    assert "--draft" in refusal.value.hint


@pytest.mark.parametrize(
    ("voices", "model"), [([ALICE], "Base"), ([RYAN], "CustomVoice"), ([QUEEN, ALICE], "VoiceDesign")]
)
def test_an_engine_without_its_weights_is_not_taken(voices: list[VoiceProfile], model: str, tmp_path: Path) -> None:
    """The error says which model is not there and offers a draft; asked for by name, only the model is missing."""
    nowhere = EngineOptions(source=str(tmp_path))
    with pytest.raises(EngineError) as refusal:
        registry.choose("auto", voices, "en", nowhere)
    assert refusal.value.exit_code == ExitCode.ENGINE
    assert f"no {model} model of Qwen3-TTS in size 1.7b" in refusal.value.message
    assert f"Qwen3-TTS-12Hz-1.7B-{model}" in refusal.value.hint
    assert "--draft" in refusal.value.hint
    engine, _ = registry.choose("qwen3-reference", voices, "en", nowhere)
    with pytest.raises(MissingError):
        engine.revision(voices[0])


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


class Tunable:
    """An engine that takes options."""

    info = registry.load("tone").info

    def __init__(self, options: EngineOptions | None = None) -> None:
        self.options = options

    def configured(self, options: EngineOptions) -> "Tunable":
        """Another one, of these options."""
        return type(self)(options)

    def revision(self, voice: VoiceProfile) -> str:
        """Nothing to tell."""
        raise NotImplementedError

    def identity(self, voice: VoiceProfile) -> dict[str, str]:
        """Nothing to tell."""
        raise NotImplementedError

    def unspoken(self, text: str) -> str:
        """Nothing is left out."""
        raise NotImplementedError

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """Nothing to make ready."""
        raise NotImplementedError

    def open(self, prompts: Sequence[VoicePrompt]) -> Session:
        """Nothing to open."""
        raise NotImplementedError


def test_an_engine_that_can_be_configured_gets_the_options() -> None:
    """`configured` gives the engine of the options; engines without it are what they were."""
    options = EngineOptions(size="0.6b", source="models")
    made = registry.configured(Tunable(), options)
    assert isinstance(made, Tunable)
    assert made.options == options
    tone = registry.load("tone")
    assert registry.configured(tone, options) is tone
    unasked = Tunable()
    assert registry.configured(unasked, None) is unasked
