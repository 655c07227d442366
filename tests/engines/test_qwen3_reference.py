"""The official package behind the engines' protocol: what it says is what the package says."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from narrator.audio.files import decode, encode_flac  # noqa: E402 - needs torch
from narrator.domain import Builtin, Cloned, Delivery, Designed, Preset, VoiceProfile, VoiceSource  # noqa: E402
from narrator.engines import registry, upstream  # noqa: E402
from narrator.engines.protocol import Ended, Line, Spoken  # noqa: E402
from narrator.engines.qwen3 import voiceprompt  # noqa: E402
from narrator.engines.qwen3.checkpoint import read_checkpoint  # noqa: E402
from narrator.engines.qwen3.cloning import listener  # noqa: E402
from narrator.engines.qwen3.config import Kind  # noqa: E402
from narrator.engines.qwen3_reference import ReferenceEngine, ReferenceSession  # noqa: E402
from narrator.errors import EngineError, LanguageError, MissingError, ProjectError  # noqa: E402
from narrator.settings.options import EngineOptions  # noqa: E402
from tests.engines.qwen3.tiny import TINY, TINY_EQUAL, checkpoint  # noqa: E402

RATE_HZ = 24_000
TRANSCRIPT = "The river ran high."
GREEDY = {"do_sample": False, "subtalker_dosample": False, "max_new_tokens": 500}


@pytest.fixture(scope="module", autouse=True)
def package() -> Any:
    """The tests of this module need the package, and one thread."""
    torch.set_num_threads(1)
    try:
        return upstream.package()
    except MissingError as error:
        pytest.skip(error.message)


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """A folder with a tiny checkpoint of each kind, which say the likeliest code always."""
    folder: Path = tmp_path_factory.mktemp("models")
    for kind in ("base", "custom_voice", "voice_design"):
        made = checkpoint(folder, kind)
        path = made / "generation_config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | GREEDY))
    return folder


@pytest.fixture(scope="module")
def recording(tmp_path_factory) -> Path:
    """A reference of sixteen frames."""
    path: Path = tmp_path_factory.mktemp("clips") / "reed.flac"
    seconds = np.arange(16 * 1920) / RATE_HZ
    sound = 0.2 * np.sin(2 * np.pi * (150 + 40 * np.sin(9 * seconds)) * seconds) * np.sin(4 * seconds) ** 2
    path.write_bytes(encode_flac(sound.astype(np.float32), RATE_HZ))
    return path


@pytest.fixture(scope="module")
def voices(recording) -> dict[str, VoiceProfile]:
    """One voice of each kind."""
    sources: dict[str, VoiceSource] = {
        "clone": Cloned(audio=recording, transcript=TRANSCRIPT),
        "embedding": Cloned(audio=recording, x_vector_only=True),
        "ryan": Preset(speaker="Ryan"),
        "dylan": Preset(speaker="dylan"),
        "design": Designed(description="an old man, dry"),
    }
    return {name: VoiceProfile(name=name, source=source) for name, source in sources.items()}


@pytest.fixture(scope="module")
def engine(models) -> ReferenceEngine:
    """The engine on the tiny checkpoints."""
    return ReferenceEngine(EngineOptions(source=str(models)))


def line(text: str, voice: str, *, style: str = "", language: str = "en", seed: int = 7) -> Line:
    """A line whose id tells what it is."""
    return Line(
        id=f"{voice}: {text} {style} {language}", text=text, voice=voice, language=language,
        delivery=Delivery(style=style), seed=seed,
    )  # fmt: skip


def spoken(session: Any, lines: Sequence[Line]) -> dict[str, Spoken]:
    """Everything a session says of these lines, by id."""
    session.submit(lines)
    said: dict[str, Spoken] = {}
    while len(said) < len(lines):
        said |= {take.line_id: take for take in session.poll(1.0)}
    return said


LINES = (
    line("Nobody spoke.", "clone"),
    line("She counted the money twice.", "embedding", language="de-at"),
    line("Yes.", "clone", style="whispering"),
    line("“No!” said the King.", "ryan"),
    line("“No!” said the King.", "ryan", style="furious"),
    line("There was no moon.", "dylan", language="zh"),
    line("There was no moon.", "design"),
    line("Down, down, down.", "design", style="slowly"),
)


@pytest.fixture(scope="module")
def takes(engine, voices) -> dict[str, Spoken]:
    """All kinds of lines, spoken in one session."""
    session = engine.open([engine.prepare(voice) for voice in voices.values()])
    return spoken(session, LINES)


@pytest.fixture(scope="module")
def official(package, models) -> dict[str, Any]:
    """The package's own models, by kind."""
    kinds = ("base", "custom_voice", "voice_design")
    return {kind: package.Qwen3TTSModel.from_pretrained(str(models / f"{kind}-1b7-0")) for kind in kinds}


def directly(official: dict[str, Any], recording: Path, said: Line) -> Any:
    """What the package itself says of a line, alone."""
    names = {"clone": "base", "embedding": "base", "design": "voice_design"}
    model = official[names.get(said.voice, "custom_voice")]
    language = {"en": "english", "de-at": "german", "zh": "chinese"}[said.language]
    match said.voice:
        case "clone" | "embedding":
            clip, only_embedding = decode(recording.read_bytes(), where=""), said.voice == "embedding"
            prompt = model.create_voice_clone_prompt(clip, TRANSCRIPT, x_vector_only_mode=only_embedding)
            waves, _ = model.generate_voice_clone(said.text, language, voice_clone_prompt=prompt)
        case "design":
            told = f"an old man, dry {said.delivery.style}".strip()
            waves, _ = model.generate_voice_design(said.text, told, language)
        case speaker:
            waves, _ = model.generate_custom_voice(said.text, speaker, language, said.delivery.style)
    return waves[0]


@pytest.mark.parametrize("said", LINES, ids=lambda said: said.id)
def test_a_line_is_what_the_package_says(said, takes, official, recording):
    """In a queue of all kinds of voices, each line is what the package says of it alone."""
    expected = directly(official, recording, said)
    take = takes[said.id]
    assert take.ended is Ended.EOS
    assert take.samples.dtype == np.float32
    assert len(take.samples) == len(expected)
    assert np.abs(take.samples - expected).max() < 1e-4


def test_its_prompts_are_ours(engine, models, voices):
    """What the package's encoders make of a recording, our own make too."""
    ours = listener(read_checkpoint(models / "base-1b7-0"))
    for name in ("clone", "embedding"):
        theirs, own = engine.prepare(voices[name]), voiceprompt.prepared(voices[name], ours)
        assert theirs.facts == own.facts
        assert theirs.arrays.keys() == own.arrays.keys()
        assert np.abs(theirs.arrays["embedding"] - own.arrays["embedding"]).max() < 1e-5
        assert np.array_equal(theirs.arrays.get("codes", 0), own.arrays.get("codes", 0))


def test_a_prompt_survives_packing(engine, voices):
    """What is unpacked is what was packed."""
    for voice in voices.values():
        prompt = engine.prepare(voice)
        again = voiceprompt.packed(voice.name, voiceprompt.unpacked(prompt))
        assert again.facts == prompt.facts
        assert all(np.array_equal(again.arrays[key], array) for key, array in prompt.arrays.items())


def test_a_voice_is_what_can_be_heard_of_it(engine, voices, recording, tmp_path):
    """A copy of the recording is the same voice; another transcript, or none, is another."""
    copy = tmp_path / "copy.flac"
    copy.write_bytes(recording.read_bytes())
    clone = voices["clone"]
    known = engine.identity(clone)
    assert engine.identity(replace(clone, name="x", source=Cloned(audio=copy, transcript=TRANSCRIPT))) == known
    assert engine.identity(replace(clone, source=Cloned(audio=copy, transcript="Other."))) != known
    assert engine.identity(voices["embedding"]) != known
    assert engine.identity(replace(clone, source=Cloned(audio=copy, transcript=TRANSCRIPT, digest="1"))) != known
    assert engine.revision(clone) != engine.revision(voices["ryan"]) == engine.revision(voices["dylan"])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (Preset(speaker="nobody"), "no preset is called 'nobody'"),
        (Builtin(engine="kokoro", voice="af_heart"), "not one that Qwen3-TTS speaks"),
        (Cloned(audio=Path("nowhere.wav"), transcript="x"), r"nowhere\.wav cannot be read"),
    ],
)
def test_a_voice_that_it_lacks_is_refused(source, message, engine):
    """The error names the voice and says what to do."""
    for ask in (engine.identity, engine.prepare):
        with pytest.raises(ProjectError, match=message) as refusal:
            ask(VoiceProfile(name="mara", source=source))
        assert "mara" in refusal.value.message
        assert refusal.value.hint


def test_a_recording_that_is_too_short_is_refused(engine, tmp_path):
    """0.05 s, which breaks the package's own encoder, is an error that says how much is needed."""
    path = tmp_path / "short.flac"
    path.write_bytes(encode_flac(np.full(1200, 0.1, np.float32), RATE_HZ))
    with pytest.raises(ProjectError, match=r"0\.05 s long") as refusal:
        engine.prepare(VoiceProfile(name="mara", source=Cloned(audio=path, transcript="x")))
    assert "1 s" in refusal.value.hint


def test_where_there_is_nothing_to_say_nothing_is_said(engine, voices):
    """Points and blanks give an empty take, and the model is not asked."""
    session = engine.open([engine.prepare(voices["ryan"])])
    said = spoken(session, [line(text, "ryan") for text in ("", " \n", "…", "“”", "***")])
    assert all(len(take.samples) == 0 and take.ended is Ended.EOS for take in said.values())


def test_controls_in_a_text_are_read(engine, voices):
    """A text with a control token is spoken past it."""
    session = engine.open([engine.prepare(voices["ryan"])])
    said = spoken(session, [line("Yes.<|im_end|> He wrote <think> on it.", "ryan"), line("Yes.", "ryan")])
    first, second = said.values()
    assert not np.array_equal(first.samples[: len(second.samples)], second.samples[: len(first.samples)])


def test_a_line_that_does_not_end_is_said_to_be_capped(tmp_path, voices):
    """A model that never says the end is stopped by the length of the text, and the take is not called complete."""
    made = checkpoint(tmp_path, "voice_design", replace(TINY, eos_gain=0.0))
    engine = ReferenceEngine(EngineOptions(source=str(made)))
    session = engine.open([engine.prepare(voices["design"])])
    (take,) = spoken(session, [line("Yes.", "design")]).values()
    assert take.ended is Ended.CAP
    assert 3 < len(take.samples) / RATE_HZ < 15


def test_the_same_batch_falls_the_same_way(tmp_path, voices):
    """With dice, a batch with the same seeds is the same again, and with another seed another."""
    made = checkpoint(tmp_path, "custom_voice", replace(TINY_EQUAL, eos_gain=6.0))
    engine = ReferenceEngine(EngineOptions(source=str(made)))
    session = engine.open([engine.prepare(voices["ryan"])])
    first, again, other = (
        spoken(session, [line("Yes.", "ryan", seed=seed), line("No.", "ryan", style="dropped")]) for seed in (1, 1, 2)
    )
    assert all(np.array_equal(first[key].samples, again[key].samples) for key in first)
    assert any(not np.array_equal(first[key].samples, other[key].samples) for key in first)


def test_a_language_that_it_does_not_speak_is_refused(engine, voices):
    """The error names the language."""
    session = engine.open([engine.prepare(voices["ryan"])])
    with pytest.raises(LanguageError, match="'fi'"):
        spoken(session, [line("Kyllä.", "ryan", language="fi")])


def test_asking_what_it_can_do_loads_no_torch():
    """The engine is found by its name, without torch."""
    script = (
        "import sys; from narrator.engines import registry as r; r.load(sys.argv[1]); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, "qwen3-reference"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert isinstance(registry.load("qwen3-reference", EngineOptions()), ReferenceEngine)


@dataclass
class Recorder:
    """Stands for the package's model: notes what it is asked for, and says a frame for each letter."""

    memory: int = 99
    """Lines that fit in a batch."""
    batches: list[list[str]] = field(default_factory=list)
    caps: list[int] = field(default_factory=list)

    processor = SimpleNamespace(tokenizer=lambda text: {"input_ids": list(text)})

    def generate_voice_design(
        self, *, text: list[str], instruct: list[str], language: list[str], max_new_tokens: int
    ) -> Any:
        """As the package's."""
        assert len(text) == len(instruct) == len(language)
        if len(text) > self.memory:
            raise torch.OutOfMemoryError
        self.batches.append(text)
        self.caps.append(max_new_tokens)
        return [np.zeros(1920 * len(each), np.float32) for each in text], RATE_HZ


def recorded(model: Recorder) -> ReferenceSession:
    """A session on a recorder."""
    voice = voiceprompt.Voice(kind=Kind.VOICE_DESIGN, description="old")
    return ReferenceSession("nowhere", {"v": voice}, {Kind.VOICE_DESIGN: model})


def test_lines_of_like_length_are_spoken_together():
    """Batches are sorted by length, none waits for ever, and each is capped by its own longest text."""
    model = Recorder()
    session = recorded(model)
    lengths = [1 + (37 * n) % 50 for n in range(50)]
    assert len(spoken(session, [line("x" * n, "v") for n in lengths])) == 50
    assert lengths[0] in {len(text) for text in model.batches[0]}
    assert all(len(batch) <= session.slots for batch in model.batches)
    assert all([*map(len, batch)] == sorted(map(len, batch)) for batch in model.batches)
    assert max(len(batch[-1]) - len(batch[0]) for batch in model.batches) < 40
    assert sorted(model.caps) == sorted(40 + 8 * len(batch[-1]) + 2 for batch in model.batches)


def test_out_of_memory_halves_the_batch_and_goes_on():
    """No line is lost when memory runs out, until not even one fits."""
    model = Recorder(memory=3)
    session = recorded(model)
    assert len(spoken(session, [line("x" * n, "v") for n in range(1, 21)])) == 20
    assert session.slots == 2
    full = recorded(Recorder(memory=0))
    with pytest.raises(EngineError, match="single line"):
        spoken(full, [line("x", "v")])


def test_a_closed_session_says_nothing_more():
    """After closing nothing is spoken, and a strange voice was refused before."""
    session = recorded(Recorder())
    with pytest.raises(ValueError, match="stranger"):
        session.submit([line("x", "v"), line("x", "stranger")])
    session.submit([line("x", "v")])
    session.close()
    assert session.poll(0.0) == ()
