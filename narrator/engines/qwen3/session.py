"""An open engine: lines become jobs for the slots, and codes that are spent become sound."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from torch import Tensor

from narrator.domain import Samples
from narrator.engines.protocol import Line, Spoken
from narrator.engines.qwen3.codec import Coded
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import Checkpoint, Kind
from narrator.engines.qwen3.models import Model, load_models
from narrator.engines.qwen3.prompt import plan, voice_tags
from narrator.engines.qwen3.slots import Job, Slots, Spent, usual_cap
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.voiceprompt import Voice, check_speaker, language_name, speakable
from narrator.errors import EngineError

CPU_SLOTS, MOST_SLOTS = 8, 64
"""On a processor more lines at once gain nothing: reading the weights then takes no longer than computing."""
USUAL_POSITIONS = 768
"""Of a long line with a reference, for guessing how many fit in memory."""
SHARE = 0.5
"""Of the memory that is free once the weights are loaded; the rest is for the codec and for what is passing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a device likes."""

    look_every: int
    """Frames between two looks at which lines have ended."""
    together: int
    """Lines that are decoded together."""
    most_frames: int
    """Frames that are decoded together."""


ON_CPU = Habits(look_every=1, together=1, most_frames=200)
"""Line by line: nothing is gained by more, and a line's samples are the same to the last bit."""
ON_GPU = Habits(look_every=4, together=16, most_frames=1500)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A voice where its model computes."""

    voice: Voice
    embedding: Tensor | None
    codes: Tensor | None


def open_session(
    parts: Mapping[Kind, Checkpoint], voices: Mapping[str, Voice], how: Computing, *, n_slots: int = 0
) -> "Qwen3Session":
    """Load checkpoints.

    Args:
        parts: A checkpoint for each kind of voice.
        voices: By the names that lines use.
        how: On what, and in which numbers.
        n_slots: Lines at once for each kind; 0 = what the device has room for.

    Raises:
        MissingError: A checkpoint has no weights.
        EngineError: Weights are damaged, or do not fit on the device.
        ProjectError: A preset that the model lacks.
    """
    return Qwen3Session(load_models(parts, how), voices, how, n_slots=n_slots)


class Qwen3Session:
    """Speaks queued lines in the thread that polls.

    Args:
        models: One for each kind of voice.
        voices: By the names that lines use.
        how: As the models were loaded.
        n_slots: Lines at once for each model; 0 = what the device has room for.
    """

    def __init__(
        self, models: Mapping[Kind, Model], voices: Mapping[str, Voice], how: Computing, *, n_slots: int = 0
    ) -> None:
        self._how = how
        self._habits = ON_CPU if how.device == "cpu" else ON_GPU
        self._models = dict(models)
        self._voices = {name: _ready(name, voice, models[voice.kind]) for name, voice in voices.items()}
        attention = Attention(fused=how.attention != "eager")
        self._slots = {
            kind: Slots(
                model.talker,
                n_slots or _fitting(model, len(models)),
                attention=attention,
                look_every=self._habits.look_every,
            )
            for kind, model in models.items()
        }
        self.device, self.slots = "", 0
        self._count_slots()
        self._numbers = count()
        self._lines: dict[str, Line] = {}
        self._spent: list[Spent] = []
        self._silent: list[Spoken] = []

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines; one that cannot be spoken refuses them all.

        Raises:
            ValueError: A line's voice was not opened.
            LanguageError: The models do not speak a line's language.
        """
        for line in lines:
            if line.voice not in self._voices:
                raise ValueError(f"line {line.id}: the session was opened without the voice {line.voice!r}")
        for line, job in [(line, self._job(line)) for line in lines]:
            if job is None:
                self._silent.append(Spoken(line_id=line.id, samples=np.zeros(0, np.float32)))
                continue
            self._lines[job.id] = line
            self._slots[self._voices[line.voice].voice.kind].submit(job)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:
        """Lines that are finished; speaks frame by frame until there are some or the time is up.

        Raises:
            EngineError: Memory does not suffice for a single line.
        """
        silent, self._silent = tuple(self._silent), []
        until = time.monotonic() + (0.0 if silent else timeout_s)
        while any(slots.busy for slots in self._slots.values()):
            for slots in self._slots.values():
                self._spent += slots.look()
            if len(self._spent) >= self._habits.together or time.monotonic() >= until:
                break
        self._count_slots()
        return (*silent, *self._decoded())

    def close(self) -> None:
        """Let go of the weights and of queued lines."""
        for slots in self._slots.values():
            slots.clear()
        for held in (self._slots, self._models, self._voices, self._lines, self._spent, self._silent):
            held.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _count_slots(self) -> None:
        """Say how many lines are spoken at once: fewer, once memory has run out."""
        self.slots = sum(slots.n_slots for slots in self._slots.values())
        self.device = f"{self._how}, {self.slots} slots"

    def _job(self, line: Line) -> Job | None:
        """A line for the slots; None where there is nothing to say."""
        if not speakable(line.text):
            return None
        ready = self._voices[line.voice]
        voice, model = ready.voice, self._models[ready.voice.kind]
        config = model.checkpoint.model
        told = voice.instruction(line.delivery) if config.takes_instructions else ""
        words = model.tokenizer.words(line.text, instruction=told, transcript=voice.transcript)
        speaker = next((known for known in config.speakers if known.name == voice.speaker), None)
        tags = voice_tags(config, language_name(line.language), speaker=speaker, cloned=ready.embedding is not None)
        n_reference = 0 if ready.codes is None else len(ready.codes)
        # Clones hear their text as they speak, the others hear it first: the package's defaults, as it was trained.
        streaming = voice.kind is Kind.BASE
        return Job(
            id=str(next(self._numbers)),
            plan=plan(config, words, tags, n_reference_frames=n_reference, streaming=streaming),
            voice=ready.embedding,
            reference=ready.codes,
            sampling=model.checkpoint.sampling,
            seed=line.seed,
            cap=usual_cap(len(words.text)),
        )

    def _decoded(self) -> tuple[Spoken, ...]:
        """What was spent as sound, in the order in which it was spent."""
        spent, self._spent = self._spent, []
        lines = [self._lines.pop(one.id) for one in spent]
        sounds: dict[str, Samples] = {}
        for kind, model in self._models.items():
            mine = [
                (one.id, Coded(codes=one.codes, context=self._voices[line.voice].codes))
                for one, line in zip(spent, lines, strict=True)
                if self._voices[line.voice].voice.kind is kind
            ]
            decoded = model.codec.decode(
                [coded for _, coded in mine],
                most_rows=self._habits.together,
                most_frames=self._habits.most_frames,
            )
            sounds |= {name: samples for (name, _), samples in zip(mine, decoded, strict=True)}
        return tuple(
            Spoken(line_id=line.id, samples=sounds[one.id], ended=one.ended)
            for one, line in zip(spent, lines, strict=True)
        )


def _ready(name: str, voice: Voice, model: Model) -> _Ready:
    talker = model.talker
    if voice.speaker:
        check_speaker(name, voice.speaker, model.checkpoint.model)
    embedding = None if voice.embedding is None else torch.from_numpy(np.asarray(voice.embedding)).to(talker.pad)
    if embedding is not None and embedding.shape != talker.pad.shape:
        raise EngineError(
            f"voice {name} was made ready for a model of another size ({len(embedding)}, not {len(talker.pad)})",
            hint="Delete the prepared voices of the project, .narrate/prompts, and build again.",
        )
    codes = None if voice.codes is None else torch.from_numpy(voice.codes.astype(np.int64)).to(talker.device)
    return _Ready(voice=voice, embedding=embedding, codes=codes)


def _fitting(model: Model, n_models: int) -> int:
    """Slots for one of so many models."""
    if model.talker.device.type == "cpu":
        return CPU_SLOTS
    shape = model.checkpoint.model.talker
    a_position = 2 * shape.n_layers * shape.n_kv_heads * shape.head_dim * model.talker.pad.element_size()
    free, _ = torch.cuda.mem_get_info(model.talker.device)
    return max(1, min(MOST_SLOTS, int(free * SHARE / n_models / (a_position * USUAL_POSITIONS))))
