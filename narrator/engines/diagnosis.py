"""What can speak on this machine, what cannot, and the cure for each classic mistake.

`diagnose` is a function of facts alone; they are gathered in `narrator.engines.facts`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from narrator.engines.facts import Facts

TRANSFORMERS = "4.57.3"
"""The only version that qwen-tts 0.1.1 runs on; it pins it itself."""
SLOW_S = 2.0
"""For one small answer of the hub: gigabytes will take hours."""
ROOM_BYTES = 5 << 30
"""A large model is 4.5 GB."""
REFERENCE = "pip install 'narrator[reference]'"
QWEN3 = "pip install 'narrator[qwen3]'"


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the screen, and what to do about it."""

    level: Level
    subject: str
    told: str
    cure: str = ""


def diagnose(facts: Facts) -> tuple[Finding, ...]:
    """Everything worth saying, in the order of the screen."""
    rules = (_system, _torch, _gpus, _computing, _attention, _packages, _models, _hub, _codecs, _disk, _engines, _said)
    return tuple(finding for rule in rules for finding in rule(facts))


def can_speak(facts: Facts) -> bool:
    """Whether any engine speaks here; `tone` only hums."""
    return any(not engine.trouble for engine in facts.engines if engine.name != "tone")


def _ok(subject: str, told: str) -> Finding:
    return Finding(level=Level.OK, subject=subject, told=told)


def _note(subject: str, told: str, cure: str = "") -> Finding:
    return Finding(level=Level.NOTE, subject=subject, told=told, cure=cure)


def _problem(subject: str, told: str, cure: str) -> Finding:
    return Finding(level=Level.PROBLEM, subject=subject, told=told, cure=cure)


def _system(facts: Facts) -> Iterator[Finding]:
    yield _ok("narrator", f"{facts.narrator}, Python {facts.python}")


def _torch(facts: Facts) -> Iterator[Finding]:
    torch = facts.package("torch")
    if not torch.version:
        yield _note("torch", "not installed; only Qwen3-TTS needs it", QWEN3)
    elif torch.trouble:
        yield _problem(
            "torch", f"{torch.version} cannot be loaded: {torch.trouble}", f"pip uninstall -y torch; {QWEN3}"
        )
    elif facts.driver and not facts.torch_cuda:
        yield _problem(
            "torch",
            f"{torch.version} is built for CPUs only, and there is an NVIDIA GPU here",
            f"pip uninstall -y torch; {QWEN3} (on Windows by the command that pytorch.org/get-started shows)",
        )
    elif facts.torch_cuda and facts.driver and not facts.gpus:
        yield _problem(
            "torch",
            f"{torch.version} for CUDA {facts.torch_cuda} sees no GPU, though the driver is there",
            f"Run nvidia-smi: if its CUDA version is below {facts.torch_cuda}, update the driver; in a container, pass"
            " the GPU on (docker run --gpus all)",
        )
    else:
        yield _ok("torch", f"{torch.version}, {f'CUDA {facts.torch_cuda}' if facts.torch_cuda else 'CPU'}")


def _gpus(facts: Facts) -> Iterator[Finding]:
    if not facts.gpus:
        yield _note("GPU", "none that torch can use; Qwen3-TTS speaks slowly on a CPU, kokoro and hibari do not mind")
    for gpu in facts.gpus:
        yield _ok("GPU", f"{gpu.name}, {gpu.free_bytes / 1e9:.0f} of {gpu.memory_bytes / 1e9:.0f} GB free")
        if not gpu.bfloat16:
            asked = facts.dtype == "float16"
            told = "no bfloat16; in float16 these models can overflow, which is heard as noise or silence"
            cure = "In project.yaml: engine: {dtype: float32}"
            yield _problem(gpu.name, told, cure) if asked else _note(gpu.name, told, cure)


def _computing(facts: Facts) -> Iterator[Finding]:
    if facts.computing:
        yield _ok("Qwen3-TTS would use", facts.computing)


def _attention(facts: Facts) -> Iterator[Finding]:
    if not facts.gpus:
        return
    flash = facts.package("flash-attn")
    if not flash.version:
        told = "flash-attn is not installed, and qwen3 does without: sdpa brings flash kernels of its own"
        asked = facts.attention == "flash_attention_2"
        yield _note("attention", told, "In project.yaml: engine: {attention: auto}" if asked else "")
    else:
        yield _ok("attention", f"sdpa; flash-attn {flash.version} for qwen3-reference")


def _packages(facts: Facts) -> Iterator[Finding]:
    audio, transformers = facts.package("torchaudio"), facts.package("transformers")
    if audio.trouble:
        yield _note(
            "torchaudio",
            f"{audio.version} cannot be loaded ({audio.trouble}); narrator does not use it, also for qwen3-reference",
            "pip uninstall -y torchaudio, or install the one of torch's own version and build",
        )
    if not facts.package("qwen-tts").version:
        return
    if transformers.version != TRANSFORMERS:
        found = transformers.version or "none"
        yield _problem("transformers", f"{found}; qwen-tts needs {TRANSFORMERS}, qwen3 needs none", REFERENCE)
    else:
        yield _ok("qwen-tts", f"{facts.package('qwen-tts').version} with transformers {transformers.version}")


def _models(facts: Facts) -> Iterator[Finding]:
    for model in facts.models:
        if model.here:
            yield _ok(model.name, f"{model.speaks}; {model.n_bytes / 1e9:.1f} GB, {model.folder}")
        elif model.kind in facts.wanted:
            yield _problem(model.name, f"{model.speaks}, which this project casts; {model.trouble}", model.cure)
        else:
            yield _note(model.name, f"{model.speaks}; {model.trouble}", model.cure)


def _hub(facts: Facts) -> Iterator[Finding]:
    if facts.hub_s is None:
        return
    if facts.hub_s > SLOW_S:
        told = "cannot be reached" if facts.hub_s == float("inf") else f"takes {facts.hub_s:.1f} s for one answer"
        yield _note("hub", told, "pip install 'narrator[modelscope]'; narrate models get base --source modelscope")
    else:
        yield _ok("hub", f"answers in {facts.hub_s:.1f} s")


def _codecs(facts: Facts) -> Iterator[Finding]:
    if facts.codecs_missing:
        lost = ", ".join(facts.codecs_missing)
        yield _problem("codecs", f"PyAV has no {lost}", "pip install --force-reinstall --only-binary :all: av")
    else:
        yield _ok("codecs", "AAC, MP3 and FLAC")


def _disk(facts: Facts) -> Iterator[Finding]:
    told = f"{facts.disk_free_bytes / 1e9:.0f} GB free where models go"
    if facts.disk_free_bytes < ROOM_BYTES and not all(model.here for model in facts.models):
        yield _note("disk", told, "A large model is 4.5 GB: make room, or set HF_HOME to a folder on another disk")
    else:
        yield _ok("disk", told)


def _engines(facts: Facts) -> Iterator[Finding]:
    for engine in facts.engines:
        if engine.trouble:
            yield _note(f"engine {engine.name}", engine.trouble, engine.cure)
        else:
            yield _ok(f"engine {engine.name}", "hums" if engine.name == "tone" else "can speak")
    if not can_speak(facts):
        yield _problem("speech", "nothing can speak here", "pip install --force-reinstall narrator")


_MISTAKES: tuple[tuple[str, str, str], ...] = (
    (
        r"does not recognize this architecture|AutoModelForSpeechSeq2Seq|trust_remote_code|model type `?qwen3_tts",
        "this model lives in the package qwen-tts: no Auto class and no trust_remote_code brings it",
        "Let narrator load it: engine: {use: qwen3} needs neither package",
    ),
    (
        r"Torch not compiled with CUDA|no NVIDIA driver",
        "this torch is built for CPUs only, or there is no driver",
        f"pip uninstall -y torch; {QWEN3}",
    ),
    (
        r"flash_?attn|FlashAttention2",
        "flash-attn is asked for and not installed; nothing needs it",
        "In project.yaml: engine: {attention: auto}",
    ),
    (
        r"torchaudio|libtorch_cuda|libcudart|libc10_cuda",
        "torchaudio, or another library beside torch, is built for another torch",
        "pip uninstall -y torchaudio: narrator does without",
    ),
    (
        r"MimiConfig|rope_theta|cannot import name .* from 'transformers|check_model_inputs",
        "transformers is of a version that qwen-tts does not run on",
        f"{REFERENCE} (transformers {TRANSFORMERS}), or engine: {{use: qwen3}}, which needs none",
    ),
    (
        r"probability tensor contains either|\bnan\b.*(logits|prob)|overflow.*(half|float16)",
        "float16 overflowed: these models are made for bfloat16",
        "In project.yaml: engine: {dtype: auto}",
    ),
    (
        r"(Read|Connect)?Timeout|Connection ?Error|Max retries exceeded|LocalEntryNotFound|huggingface\.co",
        "the hub is slow or blocked",
        "pip install 'narrator[modelscope]'; narrate models get base --source modelscope",
    ),
)
"""What an error message says → what it means → what to do; the first that fits."""


def _said(facts: Facts) -> Iterator[Finding]:
    if not facts.said:
        return
    for pattern, told, cure in _MISTAKES:
        if re.search(pattern, facts.said, re.IGNORECASE):
            yield _problem("that message", told, cure)
            return
    yield _note("that message", "is none of the classic mistakes")
