"""Lines to speak with tiny checkpoints, by the official package and by ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.config import GREEDY, Checkpoint
from narrator.engines.qwen3.deck import slots_of
from narrator.engines.qwen3.prompt import plan, voice_tags
from narrator.engines.qwen3.slots import Job, Pace, Slots, Spent
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.talker import Talker, load_talker
from narrator.engines.qwen3.tokenizer import TextTokenizer

TEXTS = (
    "Yes.",
    "“No!” said the King.",
    "There was no moon, and the road went on between black hedges.",
    "He counted the carts, and there were eleven of them.",
    "What is that under the water?",
    "It wasn't hers; she'd lost it in 1865, at a quarter past nine.",
    "Über den Fluß und in die Wälder.",
    "Nobody spoke until the oldest of the drivers got down.",
    "The YouTube of McDonald",
    "猫が水を飲んだ。",
    "Off with her head!",
    "The letter was short. It said that the house had been sold, that the furniture would follow.",
    "A — B – C … “quoted” ‘and again’",
    "x",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A line with all that may go with it."""

    text: str
    language: str = "auto"
    voice: Tensor | None = None
    reference: Tensor | None = None
    transcript: str = ""
    speaker: str = ""
    style: str = ""


def cases(kind: str, n: int, *, start: int = 0, how: str = "") -> list[Case]:
    """Lines of a kind of model; `how`: `x`, `icl` or `mixed` for clones, `plain`, `dialect` or `style` for presets."""
    made = []
    for at in range(start, start + n):
        text = TEXTS[at % len(TEXTS)] + " and on" * (at // len(TEXTS))
        language = ("auto", "english", "chinese", "german")[at % 4]
        if kind == "base":
            made.append(_clone(text, language, at, icl=how == "icl" or (how == "mixed" and at % 2 == 1)))
        elif kind == "custom_voice":
            speaker = ("dylan", "eric")[at % 2] if how == "dialect" else ("ryan", "vivian", "serena")[at % 3]
            style = f"slowly, {at} times" if how == "style" else ""
            made.append(Case(text=text, language=language, speaker=speaker, style=style))
        else:
            made.append(Case(text=text, language=language, style="" if at % 4 == 3 else f"old, dry, {at}"))
    return made


def _clone(text: str, language: str, at: int, *, icl: bool) -> Case:
    chance = torch.Generator().manual_seed(at)
    voice = torch.randn(64, generator=chance)
    if not icl:
        return Case(text=text, language=language, voice=voice)
    codes = torch.randint(0, 64, (3 + 9 * (at % 5), 16), generator=chance)
    return Case(text=text, language=language, voice=voice, reference=codes, transcript=TEXTS[(at + 3) % len(TEXTS)])


def official_codes(model: Any, wanted: Sequence[Case], *, streaming: bool, cap: int) -> list[Tensor]:
    """What the package says, greedily: codes of each line, [frames, 16]; `model` is a `Qwen3TTSModel`."""

    def ids(text: str) -> Tensor:
        tokens: Tensor = model._tokenize_texts([text])[0]
        return tokens

    clones: dict[str, Any] = {}
    if wanted[0].voice is not None:
        clones = {
            "voice_clone_prompt": {
                "ref_code": [case.reference for case in wanted],
                "ref_spk_embedding": [case.voice for case in wanted],
                "x_vector_only_mode": [case.reference is None for case in wanted],
                "icl_mode": [case.reference is not None for case in wanted],
            },
            "ref_ids": [ids(model._build_ref_text(c.transcript)) if c.transcript else None for c in wanted],
        }
    with torch.inference_mode():
        codes: list[Tensor] = model.model.generate(
            input_ids=[ids(model._build_assistant_text(case.text)) for case in wanted],
            instruct_ids=[ids(model._build_instruct_text(case.style)) if case.style else None for case in wanted],
            languages=[case.language for case in wanted],
            speakers=[case.speaker or None for case in wanted],
            non_streaming_mode=not streaming,
            do_sample=False,
            subtalker_dosample=False,
            repetition_penalty=1.05,
            max_new_tokens=cap + 1,
            **clones,
        )[0]
    return codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Our engine's heart, with a tiny checkpoint."""

    checkpoint: Checkpoint
    talker: Talker
    tokenizer: TextTokenizer

    @classmethod
    def load(cls, folder: Path, dtype: torch.dtype = torch.float32, device: str = "cpu") -> "Ours":
        """Read a checkpoint."""
        checkpoint = read_checkpoint(folder)
        talker = load_talker(checkpoint, device=torch.device(device), dtype=dtype)
        return cls(checkpoint=checkpoint, talker=talker, tokenizer=TextTokenizer(checkpoint))

    def job(self, case: Case, name: object, *, streaming: bool, cap: int = 70) -> Job:
        """A case as a greedy job for the slots."""
        config = self.checkpoint.model
        speaker = next((known for known in config.speakers if known.name == case.speaker), None)
        tags = voice_tags(config, case.language, speaker=speaker, cloned=case.voice is not None)
        words = self.tokenizer.words(case.text, instruction=case.style, transcript=case.transcript)
        n = 0 if case.reference is None else len(case.reference)
        return Job(
            id=str(name),
            plan=plan(config, words, tags, n_reference_frames=n, streaming=streaming),
            voice=None if case.voice is None else case.voice.to(self.talker.device),
            reference=None if case.reference is None else case.reference.to(self.talker.device),
            sampling=GREEDY,
            seed=0,
            cap=cap,
        )

    def speak(
        self, jobs: Sequence[Job], n_slots: int, *, fused: bool = True, pace: Pace | None = None
    ) -> dict[str, Spent]:
        """All jobs, by id."""
        return spoken(slots_of(self.talker, n_slots, attention=Attention(fused=fused), pace=pace), jobs)


def spoken(slots: Slots, jobs: Sequence[Job]) -> dict[str, Spent]:
    """Let slots speak jobs to the end."""
    for job in jobs:
        slots.submit(job)
    finished: dict[str, Spent] = {}
    while slots.busy:
        finished |= {spent.id: spent for spent in slots.look()}
    return finished
