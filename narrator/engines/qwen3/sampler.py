"""How a token is drawn: the package's processors in its order, and chance that depends on the line alone.

The package draws from one stream of random numbers for the whole batch, so a line changes with its mates. Here each
draw has one uniform number of its own, a hash of (seed, frame, codebook), which the inverse of the cumulative
distribution over the sorted top k turns into a token. Nothing waits for the host, and nothing is remembered.

Tokens with equal scores, of which bfloat16 makes many, stand in the order of their numbers, the lower first: so every
device and every form of this keeps the same ones among the top k and draws the same.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

MIN_FRAMES = 2
"""The package lets no line end before its third token."""
NEVER = -torch.inf
_WORD = 0xFFFF_FFFF
_STEP = 2.0**-42
"""What a score is lowered by for each token before it, in float64: below what tells scores of any size apart in
float32, above the rounding of scores up to 1024."""
DRAWS_A_FRAME = 64
"""More than there are codebooks, so that every draw of a line has its own number."""


def _mix(x: Tensor) -> Tensor:
    """Spread 32 bits over 32 bits, in int64: two rounds found by hash-prospector, whose factors are below 2^31.

    So that no product leaves the 63 bits that int64 has.
    """
    x = x ^ (x >> 16)
    x = (x * 0x21F0AAAD) & _WORD
    x = x ^ (x >> 15)
    x = (x * 0x735A2D97) & _WORD
    return x ^ (x >> 15)


def seed_words(seed: int) -> tuple[int, int]:
    """A seed of up to 64 bits as two words of 32."""
    return seed & _WORD, (seed >> 32) & _WORD


def uniform(words: Tensor, frame: Tensor, n_codebooks: int) -> Tensor:
    """Numbers in [0, 1), one for each code of a frame of each line, shape [n, codebooks] float32.

    Args:
        words: The seeds, shape [n, 2] int64.
        frame: Which frame is drawn, shape [n] int64.
        n_codebooks: How many, from the first.
    """
    # The odd constant keeps seed 0 from staying 0 through the first round.
    low = _mix((words[:, :1] + 0x9E3779B9) & _WORD)
    high = _mix(low ^ words[:, 1:])
    draw = frame[:, None] * DRAWS_A_FRAME + torch.arange(n_codebooks, device=words.device)
    bits = _mix(_mix((high + draw) & _WORD) ^ low)
    return (bits >> 8).float() * 2.0**-24


@dataclass(frozen=True, slots=True, kw_only=True)
class DiceTable:
    """How each slot's tokens are drawn; shape [slots] each, written in place."""

    temperature: Tensor
    top_k: Tensor
    top_p: Tensor

    @classmethod
    def empty(cls, n_slots: int, device: torch.device) -> "DiceTable":
        """Greedy everywhere."""
        return cls(
            temperature=torch.ones(n_slots, device=device),
            top_k=torch.ones(n_slots, dtype=torch.int64, device=device),
            top_p=torch.ones(n_slots, device=device),
        )


def pick(scores: Tensor, dice: DiceTable, chance: Tensor, most: int) -> Tensor:
    """Draw a token for each line: temperature, top k, top p, then the inverse of the cumulative distribution.

    Args:
        scores: Processed logits, float32 [n, tokens].
        dice: Per line.
        chance: Uniform in [0, 1), shape [n].
        most: Candidates that are sorted, at least every line's top k.

    Returns:
        Token ids, shape [n] int64.
    """
    numbers = torch.arange(scores.shape[-1], device=scores.device)
    ordered = torch.sub((scores / dice.temperature.unsqueeze(1)).double(), numbers, alpha=_STEP)
    best, tokens = torch.topk(ordered, min(most, scores.shape[-1]), dim=-1)
    odds = best.float().masked_fill(numbers[: best.shape[-1]] >= dice.top_k.unsqueeze(1), NEVER).softmax(-1)
    reached = odds.cumsum(-1)
    # The package sums from the least likely up and drops what lies within 1 - top_p: what begins at top_p or above.
    kept = reached - odds < dice.top_p.unsqueeze(1)
    total = (reached * kept).amax(-1)
    # A chance is at most 1 - 2^-24, so in float32 its product with the total is below it: a kept token is drawn.
    at = (reached <= (chance * total).unsqueeze(1)).sum(-1, keepdim=True)
    return tokens.gather(-1, at).squeeze(-1)


def talker_scores(logits: Tensor, seen: Tensor, penalty: Tensor, suppressed: Tensor) -> Tensor:
    """Logits after the penalty on what a line has said before, without what is never said.

    Args:
        logits: [n, tokens] in any dtype.
        seen: True for tokens the line has had, [n, tokens].
        penalty: Shape [n].
        suppressed: True for tokens that are out of the question, broadcastable to [n, tokens].

    Returns:
        float32 [n, tokens].
    """
    scores = logits.float()
    factor = penalty[:, None]
    punished = torch.where(scores < 0, scores * factor, scores / factor)
    return torch.where(seen, punished, scores).masked_fill(suppressed, NEVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What lines have said, and what they may say next; n lines."""

    seen: Tensor
    """True for tokens of the first codebook that the line has had, [n, tokens]."""
    penalty: Tensor
    """On these, [n]."""
    frame: Tensor
    """Frames spoken so far, [n]."""
    suppressed: Tensor
    """True for tokens that are never said, [tokens]."""
    end: Tensor
    """True for the token that ends a line, which the first `MIN_FRAMES` tokens may not, [tokens]."""


def draw(logits: Tensor, dice: DiceTable, chance: Tensor, most: int) -> Tensor:
    """A code for each line: `pick`, from logits in any dtype."""
    return pick(logits.float(), dice, chance, most)


def draw_spoken(logits: Tensor, said: Said, dice: DiceTable, chance: Tensor, most: int) -> Tensor:
    """A token of the first codebook for each line: `pick`, from `talker_scores`."""
    too_early = (said.frame < MIN_FRAMES)[:, None] & said.end
    return pick(talker_scores(logits, said.seen, said.penalty, said.suppressed | too_early), dice, chance, most)
