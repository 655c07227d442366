"""The stages of our Qwen3-TTS, one by one: how a bench gets at what a session hides. Torch and numpy alone.

Everything here that depends on how a session is put together stands in `slots_of` and `spoken_by`.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from narrator.engines.qwen3 import kernels
from narrator.engines.qwen3 import session as sessions
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.cloning import listener
from narrator.engines.qwen3.codec import load_codec
from narrator.engines.qwen3.config import Kind
from narrator.engines.qwen3.models import Model
from narrator.engines.qwen3.prompt import plan, voice_tags
from narrator.engines.qwen3.session import ON_CPU, ON_GPU, Qwen3Session
from narrator.engines.qwen3.slots import Job
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.talker import load_talker
from narrator.engines.qwen3.tokenizer import TextTokenizer
from narrator.engines.qwen3.voiceprompt import FRAME, RATE_HZ, Voice
from scripts.bench.longbook import CHARS_PER_S, WORDS
from scripts.bench.random_qwen3.checkpoint import Draw, write
from scripts.bench.random_qwen3.shapes import CodecSize, Size, StackSize
from scripts.bench.random_qwen3.vocabulary import N_PIECES

FRAME_S = FRAME / RATE_HZ
TRANSCRIPT = "The river ran high between its banks, brown with the rain of the week before."
TINY = Size(
    name="0b6",
    talker=StackSize(hidden=32, n_layers=2, intermediate=64, n_heads=4, n_kv_heads=2, head_dim=16),
    sub_talker=StackSize(hidden=32, n_layers=1, intermediate=64, n_heads=4, n_kv_heads=2, head_dim=16),
    text_hidden=32,
    n_text_ids=N_PIECES + 293,
    codebook=64,
    speaker_channels=(16, 16, 16, 16, 48),
    speaker_attention=16,
    codec=CodecSize(
        hidden=16, latent=16, n_layers=1, encoder_intermediate=32, n_encoder_heads=2, decoder_intermediate=32,
        n_decoder_heads=2, decoder_head_dim=8, decoder_dim=16, n_filters=2, codebook_dim=8, gain_out=0.1,
    ),
)  # fmt: skip
"""The smallest that has every part: to rehearse a bench, not to measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """On what is measured."""

    device: str
    dtype: str

    @property
    def gpu(self) -> bool:
        """Whether work is queued there and must be waited for."""
        return self.device.startswith("cuda")

    def timed(self, work: Callable[[], Any]) -> tuple[Any, float]:
        """What came of it, and the seconds until the device was done."""
        self.wait()
        began = time.perf_counter()
        made = work()
        self.wait()
        return made, time.perf_counter() - began

    def wait(self) -> None:
        """For the device to be done."""
        if self.gpu:
            torch.cuda.synchronize()

    def memory_gib(self) -> float:
        """The most that was in use so far: of the device, or of this process."""
        if self.gpu:
            return torch.cuda.max_memory_allocated() / 2**30
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

    def __str__(self) -> str:
        on = torch.cuda.get_device_name() if self.gpu else "cpu"
        return f"{on}, {self.dtype}, torch {torch.__version__}"


def usual_place() -> Place:
    """The GPU in bfloat16, or the processor."""
    return (
        Place(device="cuda:0", dtype="bfloat16") if torch.cuda.is_available() else Place(device="cpu", dtype="float32")
    )


def random_weights(folder: Path, size: Size, place: Place) -> None:
    """Write a Base checkpoint that never ends a line by itself, where there is none."""
    if not (folder / "speech_tokenizer" / "model.safetensors").exists():
        draw = Draw(device=place.device, dtype=getattr(torch, place.dtype))
        write(folder, replace(size, eos_gain=0.0), "base", draw)


def random_model(folder: Path, size: Size, place: Place) -> Model:
    """Such a checkpoint, loaded."""
    random_weights(folder, size, place)
    checkpoint, device, dtype = read_checkpoint(folder), torch.device(place.device), getattr(torch, place.dtype)
    return Model(
        checkpoint=checkpoint,
        tokenizer=TextTokenizer(checkpoint),
        talker=load_talker(checkpoint, device=device, dtype=dtype),
        codec=load_codec(checkpoint, device=device, dtype=dtype),
    ).using(kernels.chosen(device.type))


def switch_on(wanted: Sequence[str]) -> list[str]:
    """Have every model that this process loads on a GPU use these kernels.

    Args:
        wanted: Their names, or `all`; or a file of `scripts.bench.kernels`: those that it found equal and faster.

    Returns:
        Which they are.
    """
    names = set(wanted)
    for one in wanted:
        if one == "all":
            names = names - {one} | set(kernels.NAMES)
        elif one.endswith(".json"):
            names = names - {one} | _faster(Path(one))
    kernels.fused(names)  # says so where there is none of a name
    vars(kernels)["MEASURED"] = frozenset(names)
    return sorted(names)


def _faster(file: Path) -> set[str]:
    """Kernels that save time over all their cases in a frame, and were equal in each."""
    saved: dict[str, float] = {}
    for one in json.loads(file.read_text("utf-8"))["found"]:
        gain = one.get("saved_ms_a_frame", 0.0) if one["equal"] else float("-inf")
        saved[one["kernel"]] = saved.get(one["kernel"], 0.0) + gain
    return {name for name, gain in saved.items() if gain > 0}


def found_so_far(**found: Any) -> None:
    """Write what was found to standard error at once: a bench that is stopped leaves it in its log."""
    print(json.dumps(found), file=sys.stderr, flush=True)


def random_voice(model: Model, place: Place, n_frames: int) -> Voice:
    """A clone of noise, through our own encoders."""
    clip = 0.1 * np.random.default_rng(0).standard_normal(n_frames * FRAME)
    embedding, codes = listener(model.checkpoint, place.device)(clip.astype(np.float32), True)  # noqa: FBT003 - a Listener
    return Voice(kind=Kind.BASE, embedding=embedding, codes=codes, transcript=TRANSCRIPT)


def frames_of(text: str) -> int:
    """How long a line is spoken."""
    return max(4, round(len(text) / CHARS_PER_S / FRAME_S))


def lines(n: int, seed: int = 20, most_chars: int = 280) -> list[str]:
    """Texts as long as a novel's lines: from a word to a full line, half of them below 80 characters."""
    dice = np.random.default_rng(seed)
    n_chars = np.clip(dice.lognormal(np.log(80), 0.7, n), 8, most_chars).astype(int)
    return [_text(dice, int(length)) for length in n_chars]


def _text(dice: np.random.Generator, n_chars: int) -> str:
    text = ""
    while len(text) < n_chars:
        text += f"{WORDS[dice.integers(len(WORDS))]} "
    return text[: n_chars - 1].strip() + "."


def job(model: Model, voice: Voice, number: int, text: str, n_frames: int = 0) -> Job:
    """A line for the slots that ends after so many frames; with 0, when its text has been spoken."""
    config, talker = model.checkpoint.model, model.talker
    codes = None if voice.codes is None else torch.from_numpy(voice.codes.astype(np.int64)).to(talker.device)
    words = model.tokenizer.words(text, transcript=voice.transcript if codes is not None else "")
    return Job(
        id=str(number),
        plan=plan(
            config,
            words,
            voice_tags(config, "english", cloned=True),
            n_reference_frames=0 if codes is None else len(codes),
            streaming=True,
        ),
        voice=torch.from_numpy(np.asarray(voice.embedding)).to(talker.pad),
        reference=codes,
        sampling=model.checkpoint.sampling,
        seed=number,
        cap=n_frames or frames_of(text),
    )


def slots_of(model: Model, n_slots: int, place: Place) -> tuple[Any, int]:
    """Slots as a session has them, and the frames that each look has spoken."""
    habits: Any = ON_GPU if place.gpu else ON_CPU
    if hasattr(habits, "pace"):  # lines begin in groups and frames are queued ahead
        made = importlib.import_module("narrator.engines.qwen3.deck").slots_of(model.talker, n_slots, pace=habits.pace)
        return made, habits.pace.look_every
    slots = importlib.import_module("narrator.engines.qwen3.slots").Slots
    return slots(model.talker, n_slots, attention=Attention(), look_every=habits.look_every), habits.look_every


def most_begun(place: Place) -> int:
    """Lines that begin in one look."""
    return (ON_GPU if place.gpu else ON_CPU).pace.most_begun


def batch_of(place: Place) -> dict[str, int]:
    """How a session groups lines for the codec, as arguments of `Codec.decode`."""
    habits: Any = ON_GPU if place.gpu else ON_CPU
    if hasattr(habits, "batching"):
        batching = habits.batching
        return {"most_rows": batching.n_lines, "most_frames": batching.n_frames, "grain": batching.grain}
    return {"most_rows": habits.together, "most_frames": habits.most_frames}


def end_with_the_text(tokenizer: TextTokenizer, texts: Sequence[str]) -> None:
    """Have every session of this process stop lines when their text has been spoken.

    Random weights never end one; and a session's own cap is generous on purpose.
    """
    n_tokens = sum(len(tokenizer.words(text).text) for text in texts)
    frames_a_token = sum(map(frames_of, texts)) / n_tokens
    vars(sessions)["usual_cap"] = lambda n: max(4, round(frames_a_token * n))


def spoken_by(model: Model, voice: Voice, place: Place, n_slots: int) -> Qwen3Session:
    """A session."""
    computing = importlib.import_module("narrator.engines.qwen3.computing").Computing
    how = computing(device=place.device, dtype=place.dtype, attention="sdpa")
    return Qwen3Session({Kind.BASE: model}, {"voice": voice}, how, n_slots=n_slots)
