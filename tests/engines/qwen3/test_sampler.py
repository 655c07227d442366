"""Tokens are drawn as the package draws them, by chance that belongs to one line."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch
from scipy.stats import chisquare, kstest

from narrator.engines.qwen3.config import Dice
from narrator.engines.qwen3.sampler import DiceTable, pick, seed_words, talker_scores, uniform

CPU = torch.device("cpu")
N_DRAWS = 40_000
SETTINGS = [
    Dice(temperature=0.9, top_k=50, top_p=1.0),
    Dice(temperature=0.7, top_k=20, top_p=0.8),
    Dice(temperature=1.4, top_k=0, top_p=0.95),
    Dice(temperature=1.0, top_k=5, top_p=0.5),
    Dice(temperature=1.0, top_k=0, top_p=1.0),
]


def table(n, dice, most) -> DiceTable:
    """The same dice for `n` lines."""
    plain = dice.among(most)
    return DiceTable(
        temperature=torch.full((n,), plain.temperature),
        top_k=torch.full((n,), plain.top_k),
        top_p=torch.full((n,), plain.top_p),
    )


def same(n, dice, most) -> DiceTable:
    """One line's dice for `n` draws, without copies."""
    one = table(1, dice, most)
    return DiceTable(temperature=one.temperature.expand(n), top_k=one.top_k.expand(n), top_p=one.top_p.expand(n))


def draws(scores, dice, most) -> torch.Tensor:
    """One line's scores drawn from again and again, with the numbers of its frames."""
    words = torch.tensor([seed_words(12345)]).expand(N_DRAWS, 2)
    chance = uniform(words, torch.arange(N_DRAWS), 4)[:, 3]
    return pick(scores.expand(N_DRAWS, -1), same(N_DRAWS, dice, most), chance, most)


def official_odds(scores, dice) -> Any:
    """Probabilities by the processors of transformers, in the order in which `generate` puts them."""
    processors = pytest.importorskip("transformers.generation.logits_process", reason="transformers is not installed")
    warped = processors.TemperatureLogitsWarper(dice.temperature)(None, scores)
    if dice.top_k:
        warped = processors.TopKLogitsWarper(dice.top_k)(None, warped)
    if dice.top_p < 1:
        warped = processors.TopPLogitsWarper(dice.top_p)(None, warped)
    return warped.softmax(-1)[0].double().numpy()


@pytest.mark.parametrize("dice", SETTINGS, ids=str)
def test_draws_are_distributed_as_the_package_draws(dice):
    """40,000 draws fit the probabilities of the package's processors, and none falls outside of them."""
    scores = 2.5 * torch.randn(1, 200, generator=torch.Generator().manual_seed(3))
    odds = official_odds(scores, dice)
    counts = np.bincount(draws(scores, dice, 200).numpy(), minlength=200)
    assert counts[odds == 0].sum() == 0
    usual = odds * N_DRAWS >= 5
    rare = ~usual & (odds > 0)
    seen, expected = [*counts[usual]], [*(odds[usual] * N_DRAWS)]
    if odds[rare].sum() * N_DRAWS >= 5:
        seen.append(counts[rare].sum())
        expected.append(odds[rare].sum() * N_DRAWS)
    expected = np.array(expected) * sum(seen) / sum(expected)
    assert chisquare(seen, expected).pvalue > 0.001


@pytest.mark.parametrize("dice", SETTINGS, ids=str)
def test_the_same_tokens_are_in_play(dice):
    """What the package's processors leave in play can be drawn, from the likeliest to the last, and nothing else."""
    scores = 2.5 * torch.randn(1, 200, generator=torch.Generator().manual_seed(4))
    odds = official_odds(scores, dice)
    chance = torch.linspace(0, 1 - 2**-24, N_DRAWS)
    drawn = set(pick(scores.expand(N_DRAWS, -1), same(N_DRAWS, dice, 200), chance, 200).tolist())
    assert drawn <= set(np.flatnonzero(odds).tolist())
    assert set(np.flatnonzero(odds > 1e-4).tolist()) <= drawn


def test_greedy_is_the_likeliest_whatever_the_chance():
    """A top k of 1 always gives the token with the highest score."""
    scores = torch.randn(64, 300, generator=torch.Generator().manual_seed(1))
    chance = torch.linspace(0, 1 - 2**-24, 64)
    assert torch.equal(pick(scores, DiceTable.empty(64, CPU), chance, 50), scores.argmax(-1))


def test_among_equal_scores_the_lower_token_stands_first():
    """Whatever a device's sort makes of ties: the same tokens are in play, in the order of their numbers."""
    scores = torch.tensor([0.0, 3.0, 1.5, 3.0, -0.0, 1.5, 1.5, 0.0]).expand(1000, -1)
    chance = torch.linspace(0, 1 - 2**-24, 1000)
    for top_k, most in ((4, 8), (6, 6)):
        drawn = pick(scores, same(1000, Dice(top_k=top_k), most), chance, most)
        assert list(dict.fromkeys(drawn.tolist())) == [1, 3, 2, 5, 6, 0][:top_k]


def test_more_candidates_change_no_draw():
    """How many candidates are sorted does not matter as long as they are enough for the line."""
    scores = torch.randn(500, 300, generator=torch.Generator().manual_seed(2))
    chance = torch.rand(500, generator=torch.Generator().manual_seed(3))
    dice = table(500, Dice(top_k=40, top_p=0.9), 300)
    assert torch.equal(pick(scores, dice, chance, 40), pick(scores, dice, chance, 300))


def test_chance_is_even_in_every_direction():
    """Over seeds, over frames and over codebooks the numbers are uniform and not correlated."""
    seeds = torch.tensor([seed_words(n) for n in range(4000)])
    frames = torch.arange(4000)
    one = torch.tensor([seed_words(77)]).expand(4000, 2)
    runs = [
        uniform(seeds, torch.zeros(4000, dtype=torch.int64), 1)[:, 0],
        uniform(one, frames, 1)[:, 0],
        uniform(one, frames, 16).flatten(),
        uniform(torch.tensor([seed_words(n << 32) for n in range(4000)]), frames * 0, 6)[:, 5],
    ]
    for numbers in runs:
        assert numbers.min() >= 0
        assert numbers.max() < 1
        assert kstest(numbers.numpy(), "uniform").pvalue > 0.001
        assert abs(np.corrcoef(numbers[1:].numpy(), numbers[:-1].numpy())[0, 1]) < 0.05


def test_chance_is_known_beforehand():
    """The numbers of a seed are these, on every machine: takes must be the same after an update."""
    words = torch.tensor([seed_words(2**63 - 1), seed_words(0)])
    numbers = uniform(words, torch.tensor([0, 9]), 4)[:, 3]
    assert numbers.tolist() == [0.2551732063293457, 0.6257310509681702]


def test_scores_are_processed_as_the_package_does():
    """Penalty on what was said before, by sign, and nothing that is out of the question."""
    processors = pytest.importorskip("transformers.generation.logits_process", reason="transformers is not installed")
    logits = torch.randn(1, 40, generator=torch.Generator().manual_seed(6))
    said = torch.tensor([[3, 17, 3, 39, 0]])
    seen = torch.zeros(1, 40, dtype=torch.bool).scatter(1, said, True)
    never = torch.arange(40) >= 30
    expected = processors.RepetitionPenaltyLogitsProcessor(1.3)(said, logits)
    expected = processors.SuppressTokensLogitsProcessor(list(range(30, 40)))(said, expected)
    assert torch.equal(talker_scores(logits, seen, torch.tensor([1.3]), never), expected)
