"""An open engine: lines become jobs for the slots, and codes that are spent become sound."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from torch import Tensor

from narrator.domain import Delivery, Samples
from narrator.engines.protocol import Line, Spoken
from narrator.engines.qwen3.computing import Computing
from narrator.engines.qwen3.config import AUTO_LANGUAGE, Checkpoint, Kind
from narrator.engines.qwen3.deck import slots_of
from narrator.engines.qwen3.decoding import Batching, Decoding
from narrator.engines.qwen3.device import device_of
from narrator.engines.qwen3.frame import Room
from narrator.engines.qwen3.models import Model, load_models
from narrator.engines.qwen3.prompt import plan, voice_tags
from narrator.engines.qwen3.slots import NO_ROOM, Job, Pace, Slots, Spent, usual_cap
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.voiceprompt import MAX_CHARS, Voice, check_speaker, language_name, speakable
from narrator.errors import EngineError

CPU_SLOTS = 8
"""On a processor more lines at once gain nothing: reading the weights then takes no longer than computing."""
LADDER = (1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256)
"""Numbers of slots on a GPU. Few, because coarse numbers are rounded differently with each."""
SHARE = 0.5
"""Of the memory that is free once the weights are loaded; the rest is for the codec and for what is passing."""
LONGEST = "And so on " * (MAX_CHARS // 10)
"""As long as a line may be, and richer in tokens than prose: lines have room beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a device likes."""

    pace: Pace
    batching: Batching


ON_CPU = Habits(pace=Pace(), batching=Batching(n_lines=1, n_frames=200, grain=1))
"""Line by line: nothing is gained by more, and a line's samples are the same to the last bit."""
ON_GPU = Habits(
    pace=Pace(ahead=1, group=2, patience=8, most_begun=16, bucket=256, ladder=LADDER),
    batching=Batching(n_lines=32, n_frames=1500, grain=32),
)
"""Chosen by simulation (scripts/bench/simulate_book.py) and arithmetic; not yet timed on a GPU."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    """A model at work."""

    slots: Slots
    decoding: Decoding


class Qwen3Session:
    """Speaks queued lines in the thread that polls.

    Args:
        models: One for each kind of voice.
        voices: By the names that lines use.
        how: As the models were loaded.
        n_slots: Lines at once for each model; 0 = what the device has room for.
        habits: How the device is kept busy; none = as it likes.
    """

    def __init__(
        self,
        models: Mapping[Kind, Model],
        voices: Mapping[str, Voice],
        how: Computing,
        *,
        n_slots: int = 0,
        habits: Habits | None = None,
    ) -> None:
        self._how = how
        self._models = dict(models)
        self._voices = {name: _ready(name, voice, models[voice.kind]) for name, voice in voices.items()}
        self._numbers = count()
        wanted = habits or (ON_CPU if how.device == "cpu" else ON_GPU)
        self._stands = {kind: self._stand(kind, wanted, n_slots) for kind in models}
        self.device, self.slots = "", 0
        self._count_slots()
        self._lines: dict[str, Line] = {}
        self._silent: list[Spoken] = []

    def _stand(self, kind: Kind, habits: Habits, n_slots: int) -> _Stand:
        model = self._models[kind]
        least = self._usual_room(kind) if habits.pace.ladder else NO_ROOM
        slots = slots_of(
            model.talker,
            n_slots or _fitting(model, len(self._models), least),
            attention=Attention(fused=self._how.attention != "eager"),
            pace=habits.pace,
            least=least,
        )
        return _Stand(slots=slots, decoding=Decoding(model.codec, device_of(model.talker.pad), habits.batching))

    def _usual_room(self, kind: Kind) -> Room:
        """Room for the longest line in each voice of a kind, so that none has to wait for a larger room."""
        room = NO_ROOM
        for name, ready in self._voices.items():
            if ready.voice.kind is kind:
                line = Line(id="", text=LONGEST, voice=name, language="", delivery=Delivery(), seed=0)
                room = room.joined(self._planned(line, AUTO_LANGUAGE).room)
        return room

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
            self._stands[self._voices[line.voice].voice.kind].slots.submit(job)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:
        """Lines that are finished; speaks frame by frame until there are some or the time is up.

        Raises:
            EngineError: Memory does not suffice for a single line.
        """
        silent, self._silent = tuple(self._silent), []
        until = time.monotonic() + (0.0 if silent else timeout_s)
        finished: list[Spoken] = []
        while not finished:
            for stand in self._stands.values():
                for spent in stand.slots.look():
                    stand.decoding.add(spent, self._voices[self._lines[spent.id].voice].codes)
            busy, late = any(stand.slots.busy for stand in self._stands.values()), time.monotonic() >= until
            for stand in self._stands.values():
                stand.decoding.begin(rest=late or not busy)
                finished += [self._spoken(*one) for one in stand.decoding.finished(wait=not busy)]
            if late or not busy:
                break
        self._count_slots()
        return (*silent, *finished)

    def _spoken(self, spent: Spent, samples: Samples) -> Spoken:
        return Spoken(line_id=self._lines.pop(spent.id).id, samples=samples, ended=spent.ended)

    def close(self) -> None:
        """Let go of the weights and of queued lines."""
        for stand in self._stands.values():
            stand.slots.clear()
        for held in (self._stands, self._models, self._voices, self._lines, self._silent):
            held.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _count_slots(self) -> None:
        """Say how many lines are spoken at once: fewer, once memory has run out."""
        self.slots = sum(stand.slots.n_slots for stand in self._stands.values())
        self.device = f"{self._how}, {self.slots} slots"

    def _job(self, line: Line) -> Job | None:
        """A line for the slots; None where there is nothing to say."""
        if not speakable(line.text):
            return None
        return self._planned(line, language_name(line.language))

    def _planned(self, line: Line, language: str) -> Job:
        ready = self._voices[line.voice]
        voice, model = ready.voice, self._models[ready.voice.kind]
        config = model.checkpoint.model
        told = voice.instruction(line.delivery) if config.takes_instructions else ""
        words = model.tokenizer.words(line.text, instruction=told, transcript=voice.transcript)
        speaker = next((known for known in config.speakers if known.name == voice.speaker), None)
        tags = voice_tags(config, language, speaker=speaker, cloned=ready.embedding is not None)
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


def _fitting(model: Model, n_models: int, room: Room) -> int:
    """Slots for one of so many models, with room for such lines."""
    if model.talker.device.type == "cpu":
        return CPU_SLOTS
    shape = model.checkpoint.model.talker
    a_position = 2 * shape.n_layers * shape.n_kv_heads * shape.head_dim * model.talker.pad.element_size()
    free, _ = torch.cuda.mem_get_info(model.talker.device)
    most = free * SHARE / n_models / (a_position * room.n_positions)
    return max((rung for rung in LADDER if rung <= most), default=1)
