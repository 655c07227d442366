"""Qwen3-TTS by the official `qwen-tts` package: the judge of our own engine, and a choice for users.

The package speaks a batch from beginning to end, with one dice for all its lines. So lines of like length go together,
a batch is stopped by the length of its longest text, and a take may change with its batch mates.
"""

import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrator.domain import Samples, VoiceProfile
from narrator.engines import checkpoints, upstream
from narrator.engines.protocol import Ended, Line, Session, Spoken, VoicePrompt
from narrator.engines.qwen3 import known, voiceprompt
from narrator.engines.qwen3.computing import Computing, computing
from narrator.engines.qwen3.config import Checkpoint, Kind
from narrator.engines.qwen3.tokenizer import plain, pre_tokenizer
from narrator.engines.qwen3.voiceprompt import Voice
from narrator.errors import EngineError
from narrator.settings.options import EngineOptions

SLOTS = 16
"""Lines in a batch. The package decodes all of them at once: about 4 GB where one lasts 24 s."""


class ReferenceEngine:
    """Speaks clones, presets and designs, each by the checkpoint made for it.

    Args:
        options: Which weights, and how to compute; none = the published large models, from the hub's cache.
    """

    info = replace(known.INFO, name="qwen3-reference")

    def __init__(self, options: EngineOptions | None = None) -> None:
        self._options = options or EngineOptions()
        self._loaded: dict[Kind, Any] = {}

    def configured(self, options: EngineOptions) -> "ReferenceEngine":
        """The engine as a project wants it."""
        return type(self)(options)

    def revision(self, voice: VoiceProfile) -> str:
        """The fingerprint of the checkpoint that speaks this voice; see `known.revision` for what it raises."""
        return known.revision(self._options, voice)

    def identity(self, voice: VoiceProfile) -> Mapping[str, str]:
        """What can be heard of a voice; see `known.identity` for what it raises."""
        return known.identity(self._options, voice)

    def unspoken(self, text: str) -> str:  # noqa: ARG002 - its vocabulary is made of bytes: every letter has its tokens
        """Nothing is left out."""
        return ""

    def prepare(self, voice: VoiceProfile) -> VoicePrompt:
        """A clone's embedding and codes, by the package's encoders; presets and designs by name.

        Raises:
            ProjectError: Qwen3-TTS has no such voice, or a recording cannot be used.
            MissingError: The package or the Base model is not installed.
        """
        self.identity(voice)
        return voiceprompt.prepared(voice, self._listen)

    def open(self, prompts: Sequence[VoicePrompt]) -> Session:
        """Load the checkpoints that these voices need: side by side, or one after another where memory is short.

        Raises:
            MissingError: The package, or a checkpoint, is not installed.
            EngineError: The device has no memory for a checkpoint.
        """
        from narrator.engines.qwen3.opening import opened  # noqa: PLC0415 - brings torch

        voices = {prompt.voice: voiceprompt.unpacked(prompt) for prompt in prompts}
        kinds = sorted({voice.kind for voice in voices.values()})
        parts = {kind: known.checkpoint(self._options, kind) for kind in kinds}
        return opened(parts, voices, self._computing, load=self._session)

    def _session(
        self, parts: Mapping[Kind, Checkpoint], voices: Mapping[str, Voice], how: Computing
    ) -> "ReferenceSession":
        import torch  # noqa: PLC0415 - two seconds, and nobody who only asks what an engine can do needs it

        from narrator.engines.qwen3.models import no_room  # noqa: PLC0415 - brings torch

        self._loaded = {kind: model for kind, model in self._loaded.items() if kind in parts}
        try:
            models = {kind: self._model(kind) for kind in parts}
        except torch.OutOfMemoryError as error:
            raise no_room(parts, how) from error
        finally:
            self._loaded.clear()  # they are the session's now, and go with it
        return ReferenceSession(str(how), voices, models)

    @cached_property
    def _computing(self) -> Computing:
        return computing(self._options)

    def _model(self, kind: Kind) -> Any:
        if kind not in self._loaded:
            self._loaded[kind] = _loaded_model(str(checkpoints.locate(self._options, kind)), self._computing)
        return self._loaded[kind]

    def _listen(self, clip: Samples, with_codes: bool) -> tuple[NDArray[np.float32], NDArray[np.int16] | None]:  # noqa: FBT001 - a Listener
        (item,) = self._model(Kind.BASE).create_voice_clone_prompt(
            (clip, voiceprompt.RATE_HZ), "kept elsewhere", x_vector_only_mode=not with_codes
        )
        codes = item.ref_code.cpu().numpy().astype(np.int16) if with_codes else None
        return item.ref_spk_embedding.float().cpu().numpy(), codes


def _loaded_model(folder: str, how: Computing) -> Any:
    import torch  # noqa: PLC0415 - two seconds, and nobody who only asks what an engine can do needs it

    place = {"device_map": how.device} if how.device != "cpu" else {}
    model = upstream.package().Qwen3TTSModel.from_pretrained(
        folder, dtype=getattr(torch, how.dtype), attn_implementation=how.attention, **place
    )
    # For checkpoints in folders, transformers puts another model's idea of a word in the place of Qwen's.
    model.processor.tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizer()
    return model


class ReferenceSession:
    """Speaks batch by batch in the thread that polls.

    Args:
        device: Where and how, for people.
        voices: By the names that lines use.
        models: A `Qwen3TTSModel` for every kind of voice.
    """

    def __init__(self, device: str, voices: Mapping[str, Voice], models: Mapping[Kind, Any]) -> None:
        self.device = device
        self.slots = SLOTS
        self._voices = voices
        self._models = dict(models)
        self._queue: deque[Line] = deque()
        self._clones: dict[str, Any] = {}

    def submit(self, lines: Sequence[Line]) -> None:
        """Queue lines; one with a voice that was not opened refuses them all."""
        for line in lines:
            if line.voice not in self._voices:
                raise ValueError(f"line {line.id}: the session was opened without the voice {line.voice!r}")
        self._queue.extend(lines)

    def poll(self, timeout_s: float) -> tuple[Spoken, ...]:  # noqa: ARG002 - the work is done here, however long it takes
        """Speak the next batch: the line that waits longest, and those of its kind that are nearest in length.

        Raises:
            EngineError: Memory does not suffice for a single line.
        """
        import torch  # noqa: PLC0415 - loaded with the models

        silent = tuple(line for line in self._queue if not voiceprompt.speakable(line.text))
        if silent or not self._queue or not self._models:
            self._forget(silent)
            return tuple(Spoken(line_id=line.id, samples=np.zeros(0, np.float32)) for line in silent)
        batch = self._next_batch()
        try:
            spoken = self._spoken(batch)
        except torch.OutOfMemoryError as error:
            if self.slots == 1:
                raise EngineError(
                    "the device has no memory for a single line", hint="Take the smaller model: engine: {size: 0.6b}."
                ) from error
            self.slots //= 2
            return ()
        self._forget(batch)
        return spoken

    def close(self) -> None:
        """Let go of the models and of queued lines."""
        self._models.clear()
        self._clones.clear()
        self._queue.clear()

    def _forget(self, lines: Sequence[Line]) -> None:
        gone = {id(line) for line in lines}
        self._queue = deque(line for line in self._queue if id(line) not in gone)

    def _next_batch(self) -> tuple[Line, ...]:
        kind = self._kind(self._queue[0])
        mates = sorted((line for line in self._queue if self._kind(line) is kind), key=lambda line: len(line.text))
        start = min(mates.index(self._queue[0]), max(0, len(mates) - self.slots))
        return tuple(mates[start : start + self.slots])

    def _kind(self, line: Line) -> Kind:
        return self._voices[line.voice].kind

    def _spoken(self, batch: Sequence[Line]) -> tuple[Spoken, ...]:
        import torch  # noqa: PLC0415 - loaded with the models

        from narrator.engines.qwen3.slots import usual_cap  # noqa: PLC0415 - brings torch

        model = self._models[self._kind(batch[0])]
        texts = [plain(line.text) for line in batch]
        caps = [usual_cap(len(model.processor.tokenizer(text)["input_ids"])) for text in texts]
        with torch.random.fork_rng():
            torch.manual_seed(_seed(batch))
            # N new tokens are at most N - 1 frames: whoever has ended by itself has no more than the cap.
            waves, _ = self._asked(model, batch)(
                text=texts,
                language=[voiceprompt.language_name(line.language) for line in batch],
                max_new_tokens=max(caps) + 2,
            )
        return tuple(
            Spoken(line_id=line.id, samples=np.array(wave, np.float32), ended=_ended(wave, cap))
            for line, wave, cap in zip(batch, waves, caps, strict=True)
        )

    def _asked(self, model: Any, batch: Sequence[Line]) -> Any:
        """The package's method for a kind of voice, with everything but the texts."""
        voices = [self._voices[line.voice] for line in batch]
        told = [plain(voice.instruction(line.delivery)) for voice, line in zip(voices, batch, strict=True)]
        match self._kind(batch[0]):
            case Kind.BASE:
                return partial(
                    model.generate_voice_clone, voice_clone_prompt=[self._clone(line.voice) for line in batch]
                )
            case Kind.CUSTOM_VOICE:
                speakers = [voice.speaker for voice in voices]
                return partial(model.generate_custom_voice, speaker=speakers, instruct=told)
            case Kind.VOICE_DESIGN:
                return partial(model.generate_voice_design, instruct=told)

    def _clone(self, name: str) -> Any:
        """The package's form of a clone, made once."""
        import torch  # noqa: PLC0415 - loaded with the models

        if name not in self._clones:
            voice = self._voices[name]
            self._clones[name] = upstream.package().VoiceClonePromptItem(
                ref_code=None if voice.codes is None else torch.from_numpy(voice.codes.astype(np.int64)),
                ref_spk_embedding=torch.from_numpy(np.asarray(voice.embedding)),
                x_vector_only_mode=voice.codes is None,
                icl_mode=voice.codes is not None,
                ref_text=plain(voice.transcript) or None,
            )
        return self._clones[name]


def _ended(wave: Samples, cap: int) -> Ended:
    return Ended.CAP if round(len(wave) / voiceprompt.FRAME) > cap else Ended.EOS


def _seed(batch: Sequence[Line]) -> int:
    """The package has one dice for a batch: the same lines in the same order fall the same way again."""
    digest = hashlib.sha256(" ".join(str(line.seed) for line in batch).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1
