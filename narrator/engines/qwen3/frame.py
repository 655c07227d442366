"""One frame of 80 ms in every slot at once: static shapes, nothing that waits for the host.

`advance` is the function that a CUDA graph captures: it reads and writes `State` in place and allocates nothing that
outlives it. A slot whose line has ended stands still and computes on what it has, to no effect, until it is refilled.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import embedding, linear

from narrator.engines.qwen3.sampler import DiceTable, Said
from narrator.engines.qwen3.stack import Attention, Cache, Rotation, rotations
from narrator.engines.qwen3.talker import Talker


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How large a line may be; a session has one room for all lines."""

    n_positions: int
    """Prompt and frames together."""
    n_frames: int
    n_trailing: int
    """Text tokens that are added to frames."""
    n_candidates: int
    """Tokens that may be in play when one is drawn: the largest top k."""

    def joined(self, other: "Room") -> "Room":
        """The room that holds what either holds."""
        return Room(
            n_positions=max(self.n_positions, other.n_positions),
            n_frames=max(self.n_frames, other.n_frames),
            n_trailing=max(self.n_trailing, other.n_trailing),
            n_candidates=max(self.n_candidates, other.n_candidates),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the slots hold, on the device; S slots. Only `advance` and `prefill.admit` write here."""

    room: Room
    cache: Cache
    sub_cache: Cache
    rotation: Rotation
    """Of every position, [positions, d] each."""
    sub_rotation: Rotation
    trailing: Tensor
    """Text beside the frames, [S, n_trailing, H], filled up with tts_pad."""
    hidden: Tensor
    """Behind the talker's last norm, [S, H]."""
    token: Tensor
    """Of the first codebook: opens the frame that is spoken next, or is the end of speech; [S]."""
    position: Tensor
    """Of the talker's next input, [S]."""
    frame: Tensor
    """Frames spoken so far, [S]."""
    cap: Tensor
    """Frames after which a line is stopped, [S]."""
    done: Tensor
    """[S] bool: the line has ended, or there is none."""
    seen: Tensor
    """Tokens of the first codebook that the line has had, [S, tokens] bool."""
    codes: Tensor
    """[S, n_frames + 1, 16]; slots that stand still write into the row behind their last frame."""
    words: Tensor
    """Seeds, [S, 2]."""
    dice: DiceTable
    sub_dice: DiceTable
    penalty: Tensor
    """[S]"""
    end: Tensor
    """True for the token that ends speech, [tokens]."""

    @property
    def n_slots(self) -> int:
        """How many lines are spoken at once."""
        return len(self.done)


def empty_state(talker: Talker, n_slots: int, room: Room) -> State:
    """Slots without lines."""
    config, device, like = talker.config, talker.device, talker.pad

    def integers(*shape: int) -> Tensor:
        return torch.zeros(shape, dtype=torch.int64, device=device)

    n_positions = room.n_positions + 1  # a line that ended at the last position writes there while it stands still
    return State(
        room=room,
        cache=Cache.empty(config.talker, n_slots, n_positions, like),
        sub_cache=Cache.empty(config.sub_talker, n_slots, config.n_codebooks, like),
        rotation=rotations(config.talker, n_positions, like),
        sub_rotation=rotations(config.sub_talker, config.n_codebooks, like),
        trailing=talker.pad.repeat(n_slots, room.n_trailing + 1, 1),
        hidden=like.new_zeros(n_slots, config.talker.hidden),
        token=integers(n_slots),
        position=integers(n_slots),
        frame=integers(n_slots),
        cap=integers(n_slots),
        done=torch.ones(n_slots, dtype=torch.bool, device=device),
        seen=torch.zeros(n_slots, config.n_codec_tokens, dtype=torch.bool, device=device),
        codes=integers(n_slots, room.n_frames + 1, config.n_codebooks),
        words=integers(n_slots, 2),
        dice=DiceTable.empty(n_slots, device),
        sub_dice=DiceTable.empty(n_slots, device),
        penalty=torch.ones(n_slots, device=device),
        end=torch.arange(config.n_codec_tokens, device=device) == config.codec.eos,
    )


def advance(talker: Talker, state: State, n_positions: int, attention: Attention) -> None:
    """Speak one frame in every slot and draw the token that opens the next.

    Args:
        talker: The weights.
        state: Changed in place.
        n_positions: How much of the cache is looked at; more than every live position.
        attention: How.
    """
    slots = torch.arange(state.n_slots, device=talker.device)
    codes = speak_frame(talker, state, attention)
    state.codes[slots, state.frame] = codes
    x = talker.operations.next_input(codes, talker.codec_table, talker.code_tables, state.trailing, state.frame)
    cos, sin = (table[state.position][:, None, None] for table in state.rotation)
    step = attention.step(state.cache, state.position, n_positions)
    hidden = talker.stack(x[:, None], (cos, sin), step).squeeze(1)
    alive = ~state.done
    state.position.add_(alive)
    state.frame.add_(alive)
    token = talker.operations.draw_spoken(
        linear(hidden, talker.head),
        Said(
            seen=state.seen,
            penalty=state.penalty,
            frame=state.frame,
            suppressed=talker.suppressed,
            end=state.end,
        ),
        state.dice,
        talker.operations.chances(state.words, state.frame, 1)[:, 0],
        state.room.n_candidates,
    )
    state.hidden.copy_(torch.where(alive[:, None], hidden, state.hidden))
    state.token.copy_(torch.where(alive, token, state.token))
    state.seen.scatter_(1, state.token[:, None], value=True)
    state.done.logical_or_((state.token == talker.config.codec.eos) | (state.frame >= state.cap))


def speak_frame(talker: Talker, state: State, attention: Attention) -> Tensor:
    """The codes of the frame that `state.token` opens, [S, 16].

    The sub-talker hears the talker's hidden state and the first code, then each code it has drawn: 16 positions that
    are forgotten with the frame.
    """
    codes = [state.token]
    x = torch.stack((talker.to_sub(state.hidden), embedding(state.token, talker.codec_inputs)), dim=1)
    chances = talker.operations.chances(state.words, state.frame, talker.config.n_codebooks)
    begin = 0
    for index in range(talker.config.n_codebooks - 1):
        cos, sin = (table[begin : begin + x.shape[1]] for table in state.sub_rotation)
        hidden = talker.sub(x, (cos, sin), attention.follow(state.sub_cache, begin))[:, -1]
        begin += x.shape[1]
        logits = linear(hidden, talker.code_heads[index])
        code = talker.operations.draw(logits, state.sub_dice, chances[:, index + 1], state.room.n_candidates)
        codes.append(code)
        x = embedding(code, talker.code_inputs[index])[:, None]
    return torch.stack(codes, dim=1)
