"""From codes to sound: the 12 Hz codec's decoder, as if every line were decoded alone and in one piece.

The package decodes 300 frames at a time, 25 of them heard before, and so changes the samples behind each seam. Here
the transformer, which is cheap, hears a whole line; only the convolutions, which are not, run in windows, and each
window begins as many frames early as they can hear. The reference of a clone is context in the same way: the
transformer hears it, and the convolutions its last frames.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import embedding, linear, pad
from torch.nn.utils.rnn import pad_sequence

from narrator.domain import Samples
from narrator.engines.qwen3.config import Checkpoint, CodecConfig
from narrator.engines.qwen3.operations import Operations
from narrator.engines.qwen3.stack import Attend, Attention, Stack, load_stack, rotations
from narrator.engines.qwen3.talker import Dense
from narrator.engines.qwen3.vocoder import Convolution, Part, bent_by, load_vocoder, reach_frames, through
from narrator.engines.qwen3.weights import Weights
from narrator.errors import EngineError

LEAST_FRAMES = 16
"""A window smaller than this is mostly context."""
LIKE = 0.8
"""Lines are decoded together when the shortest is at least this long beside the longest."""
MIN_USAGE = 1e-5
"""Of a code in training; as in the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A line to be decoded."""

    codes: Tensor
    """[frames, 16]"""
    context: Tensor | None = None
    """Codes that were heard before it and are not decoded, [frames, 16]: the reference of its clone."""

    @property
    def n_context(self) -> int:
        """Frames that were heard before."""
        return 0 if self.context is None else len(self.context)

    @property
    def n_frames(self) -> int:
        """Frames with the context."""
        return self.n_context + len(self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """The decoder's weights; its transformer's layer scales and its codebooks' projections are folded in."""

    config: CodecConfig
    tables: Tensor
    """What each code means, [16, codes, codebook dim]."""
    before: Convolution
    narrow: Dense
    stack: Stack
    widen: Dense
    vocoder: tuple[Part, ...]
    reach: int
    """Frames that the convolutions hear back."""

    def using(self, operations: Operations) -> "Codec":
        """The same weights, computed by other operations."""
        stack = replace(self.stack, operations=operations.layers)
        return replace(self, stack=stack, vocoder=bent_by(operations.snake, self.vocoder))

    def decode(self, lines: Sequence[Coded], *, most_rows: int, most_frames: int, grain: int = 1) -> list[Samples]:
        """The sound of each line, float32 in [-1, 1], 1920 samples a frame; arguments and errors as `decoded`."""
        sounds: dict[int, Samples] = {}
        for part in self.decoded(lines, most_rows=most_rows, most_frames=most_frames, grain=grain):
            sounds |= part.cut(part.sound.cpu())
        return [sounds.get(n, SILENCE).copy() for n in range(len(lines))]

    def decoded(
        self, lines: Sequence[Coded], *, most_rows: int, most_frames: int, grain: int = 1
    ) -> Iterator["Together"]:
        """Decode lines, those of like length together, longest first; lines without frames are left out.

        Args:
            lines: In any order.
            most_rows: Lines decoded together; with 1, a line's samples do not depend on its mates in the last bit.
            most_frames: Frames whose convolutions are computed together; halved while memory runs out.
            grain: Lengths are filled up to multiples of so many frames, so that shapes repeat.

        Raises:
            EngineError: Memory does not suffice for the smallest window.
        """
        order = sorted((n for n, line in enumerate(lines) if len(line.codes)), key=lambda n: -lines[n].n_frames)
        while order:
            group = _alike([lines[n] for n in order], min(most_rows, max(1, most_frames // lines[order[0]].n_frames)))
            n_window = max(LEAST_FRAMES, most_frames // len(group) // grain * grain)
            try:
                with torch.inference_mode():
                    together = self._together(order[: len(group)], group, n_window, grain)
            except torch.OutOfMemoryError as error:
                most_frames //= 2
                if most_frames < LEAST_FRAMES:
                    raise EngineError(
                        "the device has no memory to decode a line",
                        hint="Close what else uses it, or take the smaller model: engine: {size: 0.6b}.",
                    ) from error
                continue
            order = order[len(group) :]
            yield together

    def _together(self, numbers: Sequence[int], lines: Sequence[Coded], n_window: int, grain: int) -> "Together":
        """Lines of like length, decoded together."""
        whole = [line.codes if line.context is None else torch.cat((line.context, line.codes)) for line in lines]
        heard = self._heard(_filled_up(whole, grain))
        begins = [max(0, line.n_context - self.reach) for line in lines]
        rows = [heard[n, begin : len(codes)] for n, (begin, codes) in enumerate(zip(begins, whole, strict=True))]
        skips = (line.n_context - begin for line, begin in zip(lines, begins, strict=True))
        spans = zip(skips, (len(line.codes) for line in lines), strict=True)
        a_frame = self.config.samples_per_frame
        return Together(
            numbers=tuple(numbers),
            spans=tuple(slice(skip * a_frame, (skip + n) * a_frame) for skip, n in spans),
            sound=self._sound(_filled_up(rows, grain).transpose(1, 2), n_window),
        )

    def _heard(self, codes: Tensor) -> Tensor:
        """What the transformer makes of codes [n, T, 16]; [n, T, latent]."""
        meanings = [embedding(codes[..., n], table) for n, table in enumerate(self.tables)]
        x = self.before(torch.stack(meanings).sum(0).transpose(1, 2)).transpose(1, 2)
        rotation = rotations(self.config.transformer, codes.shape[1], x)
        return self.widen(self.stack(self.narrow(x), rotation, _nearby(codes.shape[1], self.config.window, x.device)))

    def _sound(self, heard: Tensor, n_window: int) -> Tensor:
        """Samples [n, T * 1920] of what was heard, [n, latent, T]."""
        windows = []
        for begin in range(0, heard.shape[-1], n_window):
            early = max(0, begin - self.reach)
            sound = through(self.vocoder, heard[..., early : begin + n_window])[:, 0]
            sound = sound[:, (begin - early) * self.config.samples_per_frame :]
            windows.append(sound.float().clamp(-1, 1))
        return torch.cat(windows, dim=1)


SILENCE: Samples = torch.zeros(0).numpy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Lines that were decoded together."""

    numbers: tuple[int, ...]
    """Which they are, of those that were given."""
    spans: tuple[slice, ...]
    """The samples of each in its row."""
    sound: Tensor
    """[lines, samples], float32"""

    def cut(self, sound: Tensor) -> dict[int, Samples]:
        """The samples of each line, from `sound` on the host; each with memory of its own."""
        rows = zip(self.numbers, self.spans, sound.numpy(), strict=True)
        return {number: row[span].copy() for number, span, row in rows}


def _filled_up(rows: Sequence[Tensor], grain: int) -> Tensor:
    """Rows [T, …] of any length as one tensor, with zeros behind the shorter, its length a multiple of `grain`."""
    together = pad_sequence(list(rows), batch_first=True)
    missing = -together.shape[1] % grain
    return pad(together, (0, 0, 0, missing)) if missing else together


def _alike(lines: Sequence[Coded], most: int) -> Sequence[Coded]:
    """The first lines that are as long as the first, within limits; the lines are sorted, longest first."""
    enough = LIKE * lines[0].n_frames
    n = next((n for n, line in enumerate(lines) if line.n_frames < enough), len(lines))
    return lines[: min(n, most)]


def _nearby(n_frames: int, window: int, device: torch.device) -> Attend:
    """Attend causally to the last `window` frames, oneself included."""
    attention = Attention()
    at = torch.arange(n_frames, device=device)
    mask = (at <= at[:, None]) & (at > at[:, None] - window)

    def attend(_layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return attention(q, k, v, mask)

    return attend


def load_codec(checkpoint: Checkpoint, *, device: torch.device, dtype: torch.dtype) -> Codec:
    """Read the decoder's half of `speech_tokenizer/model.safetensors`.

    Raises:
        MissingError, EngineError: As `Weights`.
    """
    config, shape = checkpoint.codec, checkpoint.codec.transformer
    with Weights(checkpoint.codec_folder, "decoder.", device=device, dtype=dtype) as weights:

        def dense(name: str, n_in: int, n_out: int) -> Dense:
            return Dense(weight=weights.take(f"{name}.weight", n_out, n_in), bias=weights.take(f"{name}.bias", n_out))

        return Codec(
            config=config,
            tables=torch.cat((
                _tables(weights, "quantizer.rvq_first.", config, 1),
                _tables(weights, "quantizer.rvq_rest.", config, config.n_codebooks - 1),
            )),
            before=Convolution(
                weight=weights.take("pre_conv.conv.weight", config.latent, config.codebook_dim, 3),
                bias=weights.take("pre_conv.conv.bias", config.latent),
            ),
            narrow=dense("pre_transformer.input_proj", config.latent, shape.hidden),
            stack=load_stack(weights, "pre_transformer.", shape, head_norms=False),
            widen=dense("pre_transformer.output_proj", shape.hidden, config.latent),
            vocoder=load_vocoder(weights, config),
            reach=reach_frames(config),
        )


def _tables(weights: Weights, prefix: str, config: CodecConfig, n: int) -> Tensor:
    """Codebooks behind their common projection, [n, codes, codebook dim]."""
    n_codes, inner = config.n_codes, config.codebook_dim // 2
    weights.drop(f"{prefix}input_proj.weight")
    project = weights.take(f"{prefix}output_proj.weight", config.codebook_dim, inner, 1)[..., 0]
    tables = []
    for layer in range(n):
        book = f"{prefix}vq.layers.{layer}._codebook."
        usage = weights.take(f"{book}cluster_usage", n_codes).clamp(min=MIN_USAGE)
        tables.append(linear(weights.take(f"{book}embedding_sum", n_codes, inner) / usage[:, None], project))
    return torch.stack(tables)
