"""Each classic mistake is recognised by its facts, and its cure is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from narrator.engines.diagnosis import TRANSFORMERS, Finding, Level, can_speak, diagnose
from narrator.engines.facts import EngineFact, Facts, Gpu, Package
from narrator.engines.inventory import Model

A100 = Gpu(name="A100", memory_bytes=80_000_000_000, free_bytes=79_000_000_000, bfloat16=True)
T4 = Gpu(name="T4", memory_bytes=16_000_000_000, free_bytes=15_000_000_000, bfloat16=False)
BASE = Model(
    name="Qwen/Qwen3-TTS-12Hz-1.7B-Base", kind="base", size="1.7b", speaks="clones", folder=Path("models/base"),
    n_bytes=4_500_000_000, trouble="",
)  # fmt: skip
ABSENT = replace(BASE, folder=None, trouble="is not on this machine", cure="Run: narrate models get base")
SOUND = Facts(
    python="3.12.1",
    narrator="0.1.0",
    packages=(
        Package(name="torch", version="2.11.0"),
        Package(name="transformers", version=TRANSFORMERS),
        Package(name="qwen-tts", version="0.1.1"),
        Package(name="flash-attn", version="2.8.0"),
    ),
    torch_cuda="13.0",
    driver=True,
    gpus=(A100,),
    computing="cuda:0, bfloat16, sdpa",
    models=(BASE,),
    engines=(EngineFact(name="kokoro"), EngineFact(name="qwen3")),
    disk_free_bytes=100 << 30,
    hub_s=0.2,
)
"""A machine on which everything is well."""


def with_package(facts: Facts, package: Package) -> Facts:
    """The same machine with one package otherwise."""
    return replace(facts, packages=(package, *(each for each in facts.packages if each.name != package.name)))


def the(facts: Facts, subject: str) -> Finding:
    """The one finding on a subject."""
    (found,) = [finding for finding in diagnose(facts) if finding.subject == subject]
    return found


def test_a_sound_machine_has_nothing_but_good_findings():
    """Where all is well, nothing is to be done."""
    assert {(finding.level, finding.cure) for finding in diagnose(SOUND)} == {(Level.OK, "")}
    assert can_speak(SOUND)


def test_a_cpu_torch_beside_a_gpu_is_a_problem():
    """The driver is here and torch was built without CUDA: another torch is installed."""
    found = the(replace(SOUND, torch_cuda="", gpus=()), "torch")
    assert (found.level, "built for CPUs only" in found.told) == (Level.PROBLEM, True)
    assert "narrator[qwen3]" in found.cure


def test_a_cpu_torch_without_a_gpu_is_well():
    """On a machine without a GPU a CPU torch is the right one."""
    assert the(replace(SOUND, torch_cuda="", gpus=(), driver=False), "torch").level is Level.OK


def test_a_torch_that_sees_no_gpu_points_at_the_driver():
    """Built for CUDA, driver here, and no GPU: the driver is old or the container has none."""
    assert "nvidia-smi" in the(replace(SOUND, gpus=()), "torch").cure


def test_a_torch_that_cannot_be_loaded_is_a_problem():
    """Its own words are told."""
    broken = with_package(SOUND, Package(name="torch", version="2.11.0", trouble="libcudart.so.13: no such file"))
    assert "libcudart" in the(broken, "torch").told
    assert the(broken, "torch").level is Level.PROBLEM


def test_no_torch_is_no_problem():
    """The embedded engines need none; the extra is named."""
    found = the(with_package(SOUND, Package(name="torch")), "torch")
    assert (found.level, found.cure) == (Level.NOTE, "pip install 'narrator[qwen3]'")


def test_flash_attn_missing_is_explained_away():
    """Nobody has to build flash-attn; who asked for it is told what to write."""
    bare = with_package(SOUND, Package(name="flash-attn"))
    assert (the(bare, "attention").level, the(bare, "attention").cure) == (Level.NOTE, "")
    assert "attention: auto" in the(replace(bare, attention="flash_attention_2"), "attention").cure


def test_a_torchaudio_that_cannot_load_hinders_nothing():
    """It is a note: narrator does without."""
    audio = Package(name="torchaudio", version="2.11.0", trouble="libtorch_cuda.so: cannot open")
    found = the(with_package(SOUND, audio), "torchaudio")
    assert (found.level, "uninstall -y torchaudio" in found.cure) == (Level.NOTE, True)


@pytest.mark.parametrize("version", ["5.17.0", "4.55.0", ""])
def test_the_wrong_transformers_for_qwen_tts_is_a_problem(version):
    """qwen-tts runs on one version; the extra pins it."""
    found = the(with_package(SOUND, Package(name="transformers", version=version)), "transformers")
    assert (found.level, TRANSFORMERS in found.told) == (Level.PROBLEM, True)
    assert "narrator[reference]" in found.cure


def test_any_transformers_is_well_without_qwen_tts():
    """Our own engine needs none."""
    facts = with_package(with_package(SOUND, Package(name="qwen-tts")), Package(name="transformers", version="5.17.0"))
    assert not [finding for finding in diagnose(facts) if finding.subject == "transformers"]


@pytest.mark.parametrize(("dtype", "level"), [("float16", Level.PROBLEM), ("auto", Level.NOTE)])
def test_float16_where_there_is_no_bfloat16_is_a_problem(dtype, level):
    """Asked for it is a problem, possible it is a note; the cure is float32."""
    found = the(replace(SOUND, gpus=(T4,), dtype=dtype), "T4")
    assert (found.level, "float32" in found.cure) == (level, True)


def test_a_missing_model_brings_the_command_that_gets_it():
    """It is a problem where the project casts such voices, and a note elsewhere."""
    found = the(replace(SOUND, models=(ABSENT,)), ABSENT.name)
    assert (found.level, found.cure) == (Level.NOTE, "Run: narrate models get base")
    assert the(replace(SOUND, models=(ABSENT,), wanted=("base",)), ABSENT.name).level is Level.PROBLEM


@pytest.mark.parametrize("seconds", [4.0, float("inf")])
def test_a_slow_hub_leads_to_modelscope(seconds):
    """Slow or out of reach, the other hub has the same weights."""
    assert "--source modelscope" in the(replace(SOUND, hub_s=seconds), "hub").cure


def test_missing_codecs_and_a_full_disk_are_told():
    """What a build would need at its very end is known at once."""
    facts = replace(SOUND, codecs_missing=("libmp3lame",), disk_free_bytes=1 << 30, models=(ABSENT,))
    assert "libmp3lame" in the(facts, "codecs").told
    assert "make room" in the(facts, "disk").cure


def test_humming_is_not_speaking():
    """Where only `tone` is left, nothing can speak."""
    facts = replace(SOUND, engines=(EngineFact(name="tone"), EngineFact(name="kokoro", trouble="part.bin is gone")))
    assert not can_speak(facts)
    assert the(facts, "speech").level is Level.PROBLEM


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        (
            "ValueError: has model type `qwen3_tts` but Transformers does not recognize this architecture.",
            "use: qwen3",
        ),
        ("Unrecognized configuration class for this kind of AutoModel: AutoModelForSpeechSeq2Seq.", "use: qwen3"),
        ("Please pass the argument `trust_remote_code=True` to allow custom code to be run.", "use: qwen3"),
        ("AssertionError: Torch not compiled with CUDA enabled", "narrator[qwen3]"),
        ("ImportError: FlashAttention2 has been toggled on, but flash_attn seems to be not installed", "auto"),
        ("OSError: libtorch_cuda.so: cannot open shared object file", "torchaudio"),
        ("AttributeError: 'MimiConfig' object has no attribute 'rope_theta'", TRANSFORMERS),
        ("RuntimeError: probability tensor contains either `inf`, `nan` or element < 0", "dtype: auto"),
        ("HTTPSConnectionPool(host='huggingface.co', port=443): Read timed out.", "modelscope"),
    ],
)
def test_the_classic_messages_are_explained(said, cure):
    """An error message that somebody pastes is answered by what to do."""
    found = the(replace(SOUND, said=said), "that message")
    assert (found.level, cure in found.cure) == (Level.PROBLEM, True)


def test_a_message_of_another_kind_is_not_explained_away():
    """What is not known is not guessed at."""
    assert the(replace(SOUND, said="KeyError: 'chapter'"), "that message").cure == ""
