"""How lines begin: their prompts are heard, and their first tokens drawn, a few lines together.

Prompts of a group are filled up on the right to one length, and a group to one number of rows. Nothing hears what
stands behind it, so a line does not know what it was filled up with; and as both sizes are fixed, not even rounding
tells it who its mates were. All that the host knows of a group goes to the device in one copy.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding, linear

from narrator.engines.qwen3.config import Sampling
from narrator.engines.qwen3.device import Device
from narrator.engines.qwen3.frame import State
from narrator.engines.qwen3.prompt import NOTHING, REFERENCE, VOICE, Plan
from narrator.engines.qwen3.sampler import DiceTable, Said, seed_words
from narrator.engines.qwen3.stack import Attend, Attention, Cache
from narrator.engines.qwen3.talker import Talker

LENGTHS = (16, 32, 64, 96, 128, 192, 256, 320, 384, 512)
"""Positions to which prompts are filled up; above the last, multiples of it."""
N_WHOLE, N_BROKEN = 8, 5
"""Numbers of a line that stand behind its tokens: whole ones, and the bits of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A line that is about to be spoken."""

    plan: Plan
    voice: Tensor | None = None
    """Speaker embedding, [H], where the plan has a `VOICE`."""
    reference: Tensor | None = None
    """Codes that the plan's reference frames stand for, [frames, 16]."""
    sampling: Sampling
    seed: int
    cap: int
    """Frames after which it is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Lines that begin together."""

    slots: tuple[int, ...]
    starts: tuple[Start, ...]
    """As many."""
    n_rows: int
    """At least as many; what is over is computed and forgotten."""
    n_positions: int
    """At least those of the longest prompt."""
    n_trailing: int
    """At least the text tokens that the longest has beside its frames."""


def filled_up(n_positions: int) -> int:
    """The length to which a prompt is filled up."""
    whole = -(-n_positions // LENGTHS[-1]) * LENGTHS[-1]
    return next((length for length in LENGTHS if length >= n_positions), whole)


def admit(talker: Talker, state: State, group: Group, attention: Attention, device: Device) -> None:
    """Put lines into slots: hear their prompts and draw their first tokens."""
    sounds = _Sounds.of(group)
    numbers = _numbers(group, sounds, state.room.n_candidates, talker.config.text.pad)
    sheet = _Sheet.read(device.send(numbers), group)
    slots = sheet.slots[: len(group.starts)]
    cos, sin = (table[: group.n_positions] for table in state.rotation)
    prompt = talker.text(sheet.said) + _codec_side(talker, sheet.played, sounds)
    heard = talker.stack(prompt, (cos, sin), _listening(state.cache, slots, attention))
    hidden = heard[torch.arange(group.n_rows, device=talker.device), sheet.length - 1]
    frame = torch.zeros_like(sheet.length)
    seen = state.seen.new_zeros(group.n_rows, talker.config.n_codec_tokens)
    token = talker.operations.draw_spoken(
        linear(hidden, talker.head),
        Said(seen=seen, penalty=sheet.penalty, frame=frame, suppressed=talker.suppressed, end=state.end),
        sheet.dice,
        talker.operations.chances(sheet.words, frame, 1)[:, 0],
        state.room.n_candidates,
    )
    begun: tuple[tuple[Tensor, Tensor], ...] = (
        (state.trailing, _trailing(talker, sheet, state.trailing.shape[1])),
        (state.hidden, hidden),
        (state.token, token),
        (state.seen, seen.scatter(1, token[:, None], value=True)),
        (state.position, sheet.length),
        (state.frame, frame),
        (state.cap, sheet.cap),
        (state.words, sheet.words),
        (state.penalty, sheet.penalty),
        *_pairs(state.dice, sheet.dice),
        *_pairs(state.sub_dice, sheet.sub_dice),
        (state.done, frame.bool()),
    )
    for where, values in begun:
        where.index_copy_(0, slots, values[: len(slots)])


def _listening(cache: Cache, slots: Tensor, attention: Attention) -> Attend:
    """Attend causally over whole prompts and keep the keys and values of the first rows in slots, from position 0.

    What stands behind a prompt is kept too: the line writes over it before it can hear it.
    """

    def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        n_lines, n = len(slots), q.shape[2]
        cache.keys[layer][slots, :, :n] = k[:n_lines]
        cache.values[layer][slots, :, :n] = v[:n_lines]
        return attention(q, k, v, None, causal=True)

    return attend


def _codec_side(talker: Talker, played: Tensor, sounds: "_Sounds") -> Tensor:
    """The codec side of prompts, [rows, positions, H]."""
    own = embedding((-1 - played).clamp(min=0), sounds.table(talker))
    return torch.where((played < 0)[..., None], own, embedding(played.clamp(min=0), talker.codec_table))


def _trailing(talker: Talker, sheet: "_Sheet", n: int) -> Tensor:
    """The text beside the frames, filled up with tts_pad, [rows, n, H]."""
    n_beside = sheet.beside.shape[1]
    trailing = talker.pad.repeat(len(sheet.beside), n, 1)
    is_text = torch.arange(n_beside, device=talker.device) < sheet.n_beside[:, None]
    trailing[:, :n_beside] = torch.where(is_text[..., None], talker.text(sheet.beside), talker.pad)
    return trailing


def _pairs(table: DiceTable, drawn: DiceTable) -> tuple[tuple[Tensor, Tensor], ...]:
    names = ("temperature", "top_k", "top_p")
    return tuple((getattr(table, name), getattr(drawn, name)) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sounds:
    """What is played in the prompts of a group beside the codec's own tokens: nothing, voices, references."""

    voices: tuple[tuple[Tensor | None, Tensor | None], ...]
    """Speaker embedding and reference of each line, without what comes twice."""

    @classmethod
    def of(cls, group: Group) -> "_Sounds":
        """Lines of one voice share its sounds."""
        voices = {(id(start.voice), id(start.reference)): (start.voice, start.reference) for start in group.starts}
        return cls(voices=tuple(voices.values()))

    def row(self, start: Start) -> int:
        """Where the voice of a line stands in the table; its reference follows."""
        row = 1
        for voice, reference in self.voices:
            if voice is start.voice and reference is start.reference:
                break
            row += 1 + _n_frames(reference)
        return row

    def table(self, talker: Talker) -> Tensor:
        """[1 + voices and frames, H]; the first row is silence."""
        silence = torch.zeros_like(talker.pad)[None]
        parts = [silence]
        for voice, reference in self.voices:
            parts.append(silence if voice is None else voice[None].to(silence))
            if reference is not None:
                parts.append(talker.frames(reference))
        return torch.cat(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What the device is told of a group; a row each."""

    said: Tensor
    """Text tokens of the prompt."""
    played: Tensor
    """Its codec tokens; -1 - n stands for row n of the group's own sounds."""
    beside: Tensor
    """Text tokens beside the frames."""
    n_beside: Tensor
    slots: Tensor
    length: Tensor
    words: Tensor
    cap: Tensor
    penalty: Tensor
    dice: DiceTable
    sub_dice: DiceTable

    @classmethod
    def read(cls, numbers: Tensor, group: Group) -> "_Sheet":
        """From the numbers that `_numbers` wrote."""
        n, n_beside = group.n_positions, group.n_trailing
        said, played, beside, whole, broken = torch.split(numbers, [n, n, n_beside, N_WHOLE, N_BROKEN], dim=1)
        penalty, *draws = broken.view(torch.float64).float().T.contiguous()
        n_text, slots, length, low, high, cap, *top_k = whole.T.contiguous()
        return cls(
            said=said,
            played=played,
            beside=beside,
            n_beside=n_text,
            slots=slots,
            length=length,
            words=torch.stack((low, high), dim=1),
            cap=cap,
            penalty=penalty,
            dice=DiceTable(temperature=draws[0], top_k=top_k[0], top_p=draws[1]),
            sub_dice=DiceTable(temperature=draws[2], top_k=top_k[1], top_p=draws[3]),
        )


def _numbers(group: Group, sounds: _Sounds, most: int, text_pad: int) -> NDArray[np.int64]:
    """What the host knows of a group, a row a line: tokens, whole numbers, the bits of others."""
    n, n_beside = group.n_positions, group.n_trailing
    numbers = np.zeros((group.n_rows, 2 * n + n_beside + N_WHOLE + N_BROKEN), np.int64)
    said, played, beside, whole, broken = np.split(numbers, np.cumsum([n, n, n_beside, N_WHOLE]), axis=1)
    said[:], beside[:], played[:], whole[:, 2] = text_pad, text_pad, NOTHING, 1
    broken[:] = np.ones(1).view(np.int64)
    for row, (slot, start) in enumerate(zip(group.slots, group.starts, strict=True)):
        length, trailing = start.plan.n_positions, start.plan.trailing
        said[row, :length], beside[row, : len(trailing)] = start.plan.text, trailing
        played[row, :length] = _played(start, sounds.row(start))
        dice, sub_dice = start.sampling.talker.among(most), start.sampling.sub_talker.among(most)
        top_k = (dice.top_k, sub_dice.top_k)
        whole[row] = (len(trailing), slot, length, *seed_words(start.seed), start.cap, *top_k)
        bits = [start.sampling.penalty, dice.temperature, dice.top_p, sub_dice.temperature, sub_dice.top_p]
        broken[row] = np.array(bits, np.float64).view(np.int64)
    return numbers


def _played(start: Start, row: int) -> NDArray[np.int64]:
    """The codec side of a prompt, with the rows of the group's own sounds."""
    played = np.array(start.plan.codec, np.int64)
    frames = played == REFERENCE
    played[played == VOICE] = -1 - row
    played[frames] = -2 - row - np.arange(np.count_nonzero(frames))
    return played


def _n_frames(reference: Tensor | None) -> int:
    return 0 if reference is None else len(reference)
