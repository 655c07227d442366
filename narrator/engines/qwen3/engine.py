"""Qwen3-TTS by our own engine: the official weights on torch alone, many lines at once.

Asking what it can do, which weights would speak, and what of a voice is heard needs no torch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from narrator.domain import Samples, VoiceProfile
from narrator.engines.protocol import Session, VoicePrompt
from narrator.engines.qwen3 import known, voiceprompt
from narrator.engines.qwen3.computing import Computing, computing
from narrator.engines.qwen3.config import Kind
from narrator.settings.options import EngineOptions


class Qwen3Engine:
    """Speaks clones, presets and designs, each by the checkpoint made for it.

    Args:
        options: Which weights, and how to compute; none = the published large models, from the hub's cache.
        meter: Tells how many bytes are free on a device; none = whoever knows.
    """

    info = known.INFO

    def __init__(self, options: EngineOptions | None = None, meter: Callable[[str], int] | None = None) -> None:
        self._options = options or EngineOptions()
        self._meter = meter

    def configured(self, options: EngineOptions) -> "Qwen3Engine":
        """The engine as a project wants it."""
        return type(self)(options, self._meter)

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
        """A clone's embedding and codes; presets and designs by name.

        Raises:
            ProjectError: Qwen3-TTS has no such voice, or a recording cannot be used.
            MissingError: torch or the Base model is not installed.
        """
        self.identity(voice)
        return voiceprompt.prepared(voice, self._listen)

    def open(self, prompts: Sequence[VoicePrompt]) -> Session:
        """Load the checkpoints that these voices need: side by side, or one after another where memory is short.

        Raises:
            MissingError: torch, or a checkpoint, is not installed.
            EngineError: A checkpoint is damaged, or the device has no memory for it.
        """
        how = self._computing()
        from narrator.engines.qwen3.opening import opened  # noqa: PLC0415 - brings torch

        voices = {prompt.voice: voiceprompt.unpacked(prompt) for prompt in prompts}
        kinds = sorted({voice.kind for voice in voices.values()})
        return opened({kind: known.checkpoint(self._options, kind) for kind in kinds}, voices, how, self._meter)

    def _computing(self) -> Computing:
        how = computing(self._options)
        if how.attention != "flash_attention_2":
            return how
        # Slots end at places of their own, for which flash-attn would need another cache.
        return replace(how, attention="sdpa", notes=(*how.notes, "sdpa brings flash kernels of its own"))

    def _listen(self, clip: Samples, with_codes: bool) -> tuple[NDArray[np.float32], NDArray[np.int16] | None]:  # noqa: FBT001 - a Listener
        from narrator.engines.qwen3.cloning import listener  # noqa: PLC0415 - brings torch

        return listener(known.checkpoint(self._options, Kind.BASE), self._computing().device)(clip, with_codes)
