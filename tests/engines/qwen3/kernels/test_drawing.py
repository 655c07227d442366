"""A kernel draws the token that `pick` draws."""

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")
pytest.importorskip("triton", reason="Triton is not installed")

import torch

from narrator.engines.qwen3.config import Dice
from narrator.engines.qwen3.kernels import fused
from narrator.engines.qwen3.operations import PLAIN
from narrator.engines.qwen3.sampler import DiceTable, Said, seed_words

FUSED = fused()
DICE = (
    Dice(temperature=1.0, top_k=1),
    Dice(temperature=0.9, top_k=50),
    Dice(temperature=0.6, top_k=20, top_p=0.8),
    Dice(temperature=1.7, top_k=0, top_p=0.95),
    Dice(temperature=1.0, top_k=7, top_p=0.3),
    Dice(temperature=1.0, top_k=0),
)
"""Greedy, as published, and at the ends of what can be asked for; a top k of 0 is all."""
N = 2 * len(DICE)


def table(device, most=1 << 20, dice=DICE, n=N) -> DiceTable:
    """Each dice in turn, over all lines."""
    plain = [dice[line % len(dice)].among(most) for line in range(n)]
    return DiceTable(
        temperature=torch.tensor([die.temperature for die in plain], device=device),
        top_k=torch.tensor([die.top_k for die in plain], device=device),
        top_p=torch.tensor([die.top_p for die in plain], device=device),
    )


def chances(device) -> torch.Tensor:
    """The least, large ones and any; a column of a larger table, as in a frame."""
    drawn = torch.rand(N, 3, generator=torch.Generator().manual_seed(8))
    drawn[: len(DICE) : 2] = 0.0
    drawn[1 : len(DICE) : 2] = 0.999
    return drawn.to(device)[:, 1]


@pytest.mark.parametrize("how", ["float32", "ties", "zeros"])
def test_the_same_codes_are_drawn(normal, how):
    """For all dice and chances, and with many equal scores, zeros of both signs too: the lower token stands first."""
    logits = {
        "float32": normal(N, 200) * 4,
        "ties": normal(N, 200, dtype=torch.bfloat16).round(decimals=1),
        "zeros": normal(N, 65).sign() * 0.0,
    }[how]
    given = (logits, table(logits.device), chances(logits.device), 1 << 20)
    assert torch.equal(FUSED.draw(*given), PLAIN.draw(*given))


def test_the_same_tokens_are_drawn_after_penalties(normal):
    """With what was said, what is never said, and an end that is too early for some lines."""
    logits = normal(N, 300, dtype=torch.bfloat16) * 3
    device = logits.device
    end = 290
    logits[:, end] = 9  # likely, where it may come
    said = Said(
        seen=(normal(N, 300, seed=1) > 0.5),
        penalty=torch.linspace(0.8, 1.9, N, device=device),
        frame=torch.arange(N, device=device) % 4,
        suppressed=(torch.arange(300, device=device) >= 200) & (torch.arange(300, device=device) != end),
        end=torch.arange(300, device=device) == end,
    )
    given = (logits, said, table(device), chances(device), 1 << 20)
    drawn = FUSED.draw_spoken(*given)
    assert torch.equal(drawn, PLAIN.draw_spoken(*given))
    assert set(drawn.tolist()) <= {*range(200), end}
    assert end not in drawn[said.frame < 2]
    assert end in drawn


def test_the_largest_chance_draws_what_is_in_play(normal):
    """The last of few candidates, in the order of their scores, and never one behind them; of a caller's most, too."""
    logits = normal(2, 130)
    dice = table(logits.device, 9, (Dice(top_k=5), Dice(top_k=0)), 2)
    last = FUSED.draw(logits, dice, torch.full_like(logits[:, 0], 1 - 2.0**-24), 9)
    ranked = logits.argsort(-1, descending=True)
    assert last.tolist() == [int(ranked[0, 4]), int(ranked[1, 8])]


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_what_is_no_number_draws_a_token_that_exists(normal):
    """A line whose numbers broke does not take its mates with it."""
    logits = normal(2, 70)
    logits[0] = torch.nan
    drawn = FUSED.draw(logits, DiceTable.empty(2, logits.device), torch.zeros_like(logits[:, 0]), 50)
    assert 0 <= int(drawn[0]) < 70
    assert int(drawn[1]) == int(logits[1].argmax())


@pytest.mark.parametrize("n_codebooks", [1, 5, 16])
def test_chances_are_the_same_numbers(normal, n_codebooks):
    """To the bit, for small and large seeds and late frames."""
    device = normal(1).device
    seeds = [0, 1, 2**32 - 1, 2**63 + 12345, 2**64 - 1]
    words = torch.tensor([seed_words(seed) for seed in seeds], device=device)
    frames = torch.tensor([0, 1, 77, 8191, 2**26], device=device)
    assert torch.equal(FUSED.chances(words, frames, n_codebooks), PLAIN.chances(words, frames, n_codebooks))
