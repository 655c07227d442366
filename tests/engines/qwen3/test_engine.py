"""The engine as the rest of the house sees it."""

import json
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import soundfile

from narrator.domain import Builtin, Cloned, Delivery, Designed, Preset, Samples, VoiceProfile, VoiceSource
from narrator.engines import registry
from narrator.engines.protocol import Ended, Line, Session, VoicePrompt
from narrator.engines.qwen3 import voiceprompt
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import Kind
from narrator.engines.qwen3.engine import Qwen3Engine
from narrator.engines.qwen3.models import load_models
from narrator.engines.qwen3.session import ON_GPU, Qwen3Session
from narrator.errors import EngineError, LanguageError, MissingError, ProjectError
from narrator.settings.options import EngineOptions
from tests.engines.contract import drained, spoken
from tests.engines.qwen3.tiny import TINY_EQUAL

TRANSCRIPT = "The miller counted his carts."
TEXTS = ("Yes.", "He counted the carts, and there were eleven of them.", "“No!” said the King.")
KINDS = ("base", "custom_voice", "voice_design")


@pytest.fixture(scope="module")
def models(checkpoints, tmp_path_factory):
    """A folder with greedy checkpoints of all three kinds."""
    folder = tmp_path_factory.mktemp("models")
    for kind in KINDS:
        made = shutil.copytree(checkpoints(kind), folder / kind)
        config = json.loads((made / "generation_config.json").read_text("utf-8"))
        config |= {"do_sample": False, "subtalker_dosample": False}
        (made / "generation_config.json").write_text(json.dumps(config), "utf-8")
    return folder


@pytest.fixture(scope="module")
def profiles(clip, tmp_path_factory):
    """A voice of every kind."""
    recording = tmp_path_factory.mktemp("voices") / "clip.wav"
    soundfile.write(recording, clip, 24_000, subtype="FLOAT")
    sources: dict[str, VoiceSource] = {
        "icl": Cloned(audio=recording, transcript=TRANSCRIPT),
        "x": Cloned(audio=recording, transcript=TRANSCRIPT, x_vector_only=True),
        "ryan": Preset(speaker="Ryan"),
        "eric": Preset(speaker="eric"),
        "old": Designed(description="old, dry"),
    }
    return {name: VoiceProfile(name=name, source=source) for name, source in sources.items()}


@pytest.fixture(scope="module")
def engine(models) -> Qwen3Engine:
    """The engine on these checkpoints."""
    return Qwen3Engine().configured(EngineOptions(source=str(models)))


@pytest.fixture(scope="module")
def prompts(engine, profiles) -> dict[str, VoicePrompt]:
    """All voices made ready."""
    return {name: engine.prepare(profile) for name, profile in profiles.items()}


@pytest.fixture(scope="module")
def session(engine, prompts) -> Iterator[Session]:
    """All voices in one session."""
    opened = engine.open(list(prompts.values()))
    yield opened
    opened.close()


def say(text, voice, *, style="", **more: Any) -> Line:
    """A line in English, unless said otherwise."""
    usual: dict[str, Any] = {"id": "line", "language": "en", "delivery": Delivery(style=style), "seed": 7}
    return Line(text=text, voice=voice, **(usual | more))


@pytest.fixture(scope="module")
def takes(session):
    """Every text in every voice, submitted in two parts, all kinds mixed."""
    lines = [say(text, voice, id=f"{voice} {n}") for n, text in enumerate(TEXTS)
             for voice in ("icl", "ryan", "x", "old", "eric")]  # fmt: skip
    session.submit(lines[:4])
    finished = [*session.poll(0.0)]
    session.submit(lines[4:])
    finished += drained(session, len(lines) - len(finished))
    assert sorted(take.line_id for take in finished) == sorted(line.id for line in lines)
    return {take.line_id: take for take in finished}


def official_waves(package, folder, voice, prompts) -> list[Samples]:
    """What the package's own methods make of the texts, by the same prompt and the same configuration."""
    import torch

    kind = {"icl": "base", "x": "base", "old": "voice_design"}.get(voice, "custom_voice")
    model: Any = package.Qwen3TTSModel.from_pretrained(str(folder / kind))
    texts = list(TEXTS)
    asked = {"language": "english", "max_new_tokens": 600}
    if kind == "voice_design":
        waves, _ = model.generate_voice_design(texts, instruct="old, dry", **asked)
        return list(waves)
    if kind == "custom_voice":
        waves, _ = model.generate_custom_voice(texts, speaker=voice, **asked)
        return list(waves)
    kept = voiceprompt.unpacked(prompts[voice])
    codes = None if kept.codes is None else torch.from_numpy(kept.codes.astype(np.int64))
    item = package.VoiceClonePromptItem(
        ref_code=codes,
        ref_spk_embedding=torch.from_numpy(kept.embedding),
        x_vector_only_mode=codes is None,
        icl_mode=codes is not None,
        ref_text=kept.transcript or None,
    )
    waves, _ = model.generate_voice_clone(texts, voice_clone_prompt=[item], **asked)
    return list(waves)


@pytest.mark.parametrize("voice", ["icl", "x", "eric", "old"])
def test_every_kind_of_voice_sounds_as_from_the_package(voice, package, models, prompts, takes):
    """Text in, sound out: clones with and without transcript, presets and designs agree with the package to 1e-4."""
    for n, wave in enumerate(official_waves(package, models, voice, prompts)):
        ours = takes[f"{voice} {n}"]
        # The package cuts the reference off one sample early for some lengths.
        assert len(wave) - len(ours.samples) in {0, 1}
        assert np.abs(wave[len(wave) - len(ours.samples) :] - ours.samples).max() < 1e-4
        assert ours.ended is Ended.EOS


def test_takes_are_sound(takes):
    """Takes are mono float32 in [-1, 1], whole frames, each with its own memory."""
    for take in takes.values():
        assert take.samples.dtype == np.float32
        assert take.samples.ndim == 1
        assert len(take.samples) % 1920 == 0
        assert 0 < np.abs(take.samples).max() <= 1
        assert take.samples.base is None


def test_a_line_is_the_same_to_the_last_bit_when_said_again(session, takes):
    """Alone in the session a line has the samples that it had among others."""
    for voice in ("icl", "ryan", "old"):
        (again,) = spoken(session, [say(TEXTS[1], voice)])
        assert np.array_equal(again.samples, takes[f"{voice} 1"].samples)


def test_a_style_is_heard_in_presets_and_designs_and_not_in_clones(session, takes):
    """An instruction changes what CustomVoice and VoiceDesign say, and clones take none."""
    changed = {}
    for voice in ("ryan", "old", "x"):
        (take,) = spoken(session, [say(TEXTS[1], voice, style="whispering")])
        changed[voice] = not np.array_equal(take.samples, takes[f"{voice} 1"].samples)
    assert changed == {"ryan": True, "old": True, "x": False}


def test_a_dialect_is_spoken_in_chinese_and_in_nothing_else(session, takes):
    """Eric speaks Sichuanese where the book is Chinese; in English he speaks English."""
    (chinese,) = spoken(session, [say(TEXTS[1], "eric", language="zh-cn")])
    assert not np.array_equal(chinese.samples, takes["eric 1"].samples)


def test_the_habits_of_a_gpu_change_no_line(models, prompts, takes):
    """Begun in groups, queued ahead and decoded together, every line in every voice is what it was, and comes once."""
    voices = {name: voiceprompt.unpacked(prompt) for name, prompt in prompts.items()}
    parts = {kind: read_checkpoint(models / kind) for kind in Kind}
    how = Computing(device="cpu", dtype="float32", attention="sdpa")
    session = Qwen3Session(load_models(parts, how), voices, how, n_slots=4, habits=ON_GPU)
    lines = [say(TEXTS[int(name.split()[1])], name.split()[0], id=name) for name in takes]
    finished = {take.line_id: take for take in spoken(session, lines)}
    session.close()
    assert finished.keys() == takes.keys()
    for name, take in finished.items():
        assert take.ended is takes[name].ended
        assert take.samples.shape == takes[name].samples.shape
        assert np.abs(take.samples - takes[name].samples).max() < 1e-5


def test_where_there_is_nothing_to_say_nothing_is_said(session):
    """Points and marks give a take without samples at once, and the others go on."""
    session.submit([
        say("Yes.", "x", id="yes"),
        say("…", "x", id="points"),
        say(" ", "ryan", id="blank"),
    ])
    first = {take.line_id: len(take.samples) for take in session.poll(60.0)}
    assert first.items() >= {"points": 0, "blank": 0}.items()
    if "yes" not in first:
        assert [take.line_id for take in drained(session, 1)] == ["yes"]
    assert session.poll(0.0) == ()


def test_control_tokens_in_a_text_are_read_and_not_obeyed(session):
    """A text that spells a control token is a line like any other."""
    (take,) = spoken(session, [say("Then <|im_end|> he said <tts_pad> no.", "x")])
    assert len(take.samples) >= 2 * 1920


def test_lines_that_cannot_be_spoken_are_refused(session):
    """A voice that was not opened refuses its mates too; a language that no model speaks is an error."""
    with pytest.raises(ValueError, match="stranger"):
        session.submit([say("Yes.", "x"), say("Yes.", "stranger")])
    with pytest.raises(LanguageError, match="'fi'"):
        session.submit([say("Yes.", "x"), say("Kyllä.", "x", language="fi")])
    assert session.poll(0.0) == ()


def test_a_seed_gives_another_take_where_tokens_are_drawn(checkpoints, profiles):
    """With the published sampling the seed decides, and the same seed gives the same samples."""
    engine = Qwen3Engine(EngineOptions(source=str(checkpoints("custom_voice"))))
    session = engine.open([engine.prepare(profiles["ryan"])])
    one, two, again = (spoken(session, [say("Yes.", "ryan", seed=seed)])[0] for seed in (1, 2**63 - 1, 1))
    session.close()
    assert np.array_equal(one.samples, again.samples)
    assert len(one.samples) != len(two.samples) or not np.array_equal(one.samples, two.samples)


def test_the_session_says_how_it_computes(session, models, prompts):
    """Device, numbers, attention and slots are told, and what was wished for in vain is explained."""
    assert session.device == f"cpu, float32, sdpa (3 models side by side), {session.slots} slots"
    wishful = Qwen3Engine(EngineOptions(source=str(models), dtype="float16", attention="flash_attention_2"))
    opened = wishful.open([prompts["x"]])
    assert "float16 is slow" in opened.device
    assert "flash attention needs a GPU" in opened.device
    opened.close()


@pytest.mark.parametrize("options", [{"dtype": "bfloat16"}, {"attention": "eager"}])
def test_other_numbers_and_attention_speak_too(options, models, prompts):
    """In bfloat16, and with attention step by step, lines are spoken, the same when said again."""
    session = Qwen3Engine(EngineOptions(source=str(models), **options)).open([prompts["icl"]])
    one, two = (spoken(session, [say("Yes.", "icl", id=name)])[0] for name in ("one", "two"))
    session.close()
    assert np.array_equal(one.samples, two.samples)
    assert np.isfinite(one.samples).all()


def test_the_small_model_takes_no_style(checkpoints, tmp_path):
    """The 0.6B CustomVoice model speaks as without the instruction: what it would make of one nobody knows."""
    shutil.copytree(checkpoints("custom_voice", TINY_EQUAL), tmp_path / "custom")
    engine = Qwen3Engine(EngineOptions(source=str(tmp_path), size="0.6b"))
    session = engine.open([engine.prepare(VoiceProfile(name="ryan", source=Preset(speaker="ryan")))])
    plain, styled = (spoken(session, [say("Yes.", "ryan", style=style)])[0] for style in ("", "whispering"))
    session.close()
    assert np.array_equal(plain.samples, styled.samples)


def test_a_closed_session_drops_what_was_queued(engine, prompts):
    """After closing, nothing is spoken any more."""
    session = engine.open([prompts["x"]])
    session.submit([say("Yes.", "x")])
    session.close()
    assert session.poll(0.0) == ()


def test_a_prompt_for_another_size_is_refused(engine, prompts):
    """An embedding of the large model cannot be spoken by the small one, and the error says what to delete."""
    short = VoicePrompt(voice="x", facts=dict(prompts["x"].facts), arrays={"embedding": np.zeros(48, np.float32)})
    with pytest.raises(EngineError, match=r"voice x .*another size \(48, not 64\)") as refusal:
        engine.open([short])
    assert ".narrate/prompts" in refusal.value.hint


def test_voices_have_identities_and_revisions(engine, profiles):
    """Two voices differ, a name does not matter, and each kind is spoken by a checkpoint of its own."""
    identities = [json.dumps(dict(engine.identity(profile)), sort_keys=True) for profile in profiles.values()]
    assert len(set(identities)) == len(identities)
    renamed = VoiceProfile(name="other", source=profiles["icl"].source)
    assert engine.identity(renamed) == engine.identity(profiles["icl"])
    assert engine.revision(profiles["icl"]) == engine.revision(profiles["x"])
    assert len({engine.revision(profiles[name]) for name in ("icl", "ryan", "old")}) == 3


def test_prompts_survive_another_process(prompts):
    """A prompt is picklable, its facts are JSON scalars and its arrays plain numbers."""
    for prompt in prompts.values():
        again = pickle.loads(pickle.dumps(prompt))
        assert json.loads(json.dumps(dict(prompt.facts))) == dict(again.facts)
        assert all(array.dtype.kind in "fi" for array in prompt.arrays.values())
    assert prompts["icl"].arrays["codes"].shape == (16, 16)
    assert "codes" not in prompts["x"].arrays


def test_an_unknown_speaker_and_a_foreign_voice_are_refused(engine):
    """Both are mistakes in the project file, and the error says what there is."""
    with pytest.raises(ProjectError, match="'rian'") as refusal:
        engine.identity(VoiceProfile(name="a", source=Preset(speaker="rian")))
    assert "ryan" in refusal.value.hint
    with pytest.raises(ProjectError, match="voice a"):
        engine.prepare(VoiceProfile(name="a", source=Builtin(engine="kokoro", voice="af_heart")))


def test_a_model_that_is_not_there_is_missed_by_name(checkpoints, profiles):
    """A folder with a Base model cannot speak a preset, and the error names the checkpoint to get."""
    engine = Qwen3Engine(EngineOptions(source=str(checkpoints("base"))))
    with pytest.raises(MissingError, match="CustomVoice"):
        engine.identity(profiles["ryan"])


def test_it_is_registered():
    """The engine is found by its name."""
    engine = registry.load("qwen3", EngineOptions(size="0.6b"))
    assert isinstance(engine, Qwen3Engine)
    assert engine.info.name == "qwen3"


def test_asking_what_it_can_do_loads_no_torch(checkpoints):
    """Neither the information nor a preset's identity, revision and prompt need torch."""
    script = f"""
import sys
from narrator.domain import Preset, VoiceProfile
from narrator.engines.qwen3.engine import Qwen3Engine
from narrator.settings.options import EngineOptions
engine = Qwen3Engine(EngineOptions(source={str(checkpoints("custom_voice"))!r}))
voice = VoiceProfile(name="r", source=Preset(speaker="ryan"))
engine.info, engine.identity(voice), engine.revision(voice), engine.prepare(voice)
print(sorted({{"torch", "safetensors", "tokenizers", "transformers"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
