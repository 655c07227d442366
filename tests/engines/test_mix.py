"""Mixes of Kokoro's voices: how they are read, and what a wrong one is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.engines import mix
from narrator.errors import ProjectError

SHARES = st.dictionaries(st.sampled_from(mix.names()), st.integers(1, 100), min_size=1, max_size=4)


def test_there_are_28_voices() -> None:
    """Fifteen women and thirteen men, American or British."""
    assert len(mix.names()) == 28
    assert sum(name[1] == "f" for name in mix.names()) == 15
    assert sum(name[0] == "b" for name in mix.names()) == 8


@given(SHARES)
def test_a_mix_is_read_as_it_is_spelt(shares: dict[str, int]) -> None:
    """Whatever is mixed, the spelling gives the same mix, with weights that make 1."""
    parsed = mix.parse(" + ".join(f"{share}*{name}" for name, share in shares.items()))
    assert mix.parse(parsed.spelt) == parsed
    assert sum(weight for _, weight in parsed.terms) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("bf_emma", "bf_emma"),
        ("0.5*bf_emma", "bf_emma"),
        ("0.6*af_heart+0.4*bf_emma", "0.6*af_heart+0.4*bf_emma"),
        ("bf_emma + af_heart", "0.5*af_heart+0.5*bf_emma"),
        ("2*bf_emma+af_heart+bf_emma", "0.25*af_heart+0.75*bf_emma"),
    ],
)
def test_weights_are_shares(text: str, spelt: str) -> None:
    """Weights count against their sum, a voice without one counts once, and a voice named twice is added up."""
    assert mix.parse(text).spelt == spelt


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("bf_ema", "no voice 'bf_ema' (in 'bf_ema'); did you mean 'bf_emma'?", "Its voices: af_alloy"),
        ("0.6*af_heart+0.4*zz", "no voice 'zz'", "Its voices: af_alloy"),
        ("", "a voice is missing", "Write a mix as"),
        ("af_heart+", "a voice is missing", "Write a mix as"),
        ("x*af_heart", "weight of af_heart is 'x'", "Write a mix as"),
        ("*af_heart", "weight of af_heart is ''", "Write a mix as"),
        ("1.4*af_heart+-0.4*bf_emma", "weight of bf_emma is '-0.4'", "Write a mix as"),
        ("0*af_heart", "weight of af_heart is '0'", "Write a mix as"),
        ("inf*af_heart", "weight of af_heart is 'inf'", "Write a mix as"),
        ("1000*af_heart+0.1*bf_emma", "less than a thousandth", "Leave it out"),
        ("af_heart;rm -rf", "did you mean 'af_heart'?", "Its voices: af_alloy"),
    ],
)
def test_a_wrong_mix_is_told_what_is_wrong(text: str, message: str, hint: str) -> None:
    """Each mistake is named, with the next step."""
    with pytest.raises(ProjectError) as refusal:
        mix.parse(text)
    assert message in refusal.value.message
    assert hint in refusal.value.hint


@pytest.mark.parametrize(
    ("text", "british"),
    [("bf_emma", True), ("af_heart", False), ("0.6*af_heart+0.4*bf_emma", False), ("0.4*am_adam+0.6*bf_emma", True)],
)
def test_a_mix_speaks_as_most_of_it_does(text: str, british: bool) -> None:
    """More than half British is British."""
    assert mix.parse(text).british is british


def test_styles_lie_between_those_of_the_parents() -> None:
    """A mix's table is the weighted sum of its voices' tables, a row for each number of symbols."""
    heart, emma, both = (mix.parse(text).styles for text in ("af_heart", "bf_emma", "0.75*af_heart+0.25*bf_emma"))
    assert both.shape == (510, 256)
    assert both.dtype == np.float32
    assert np.allclose(both, 0.75 * heart + 0.25 * emma, atol=1e-6)


def test_a_digest_depends_on_the_voices_alone() -> None:
    """Another share has the same tables; another voice has not."""
    assert mix.parse("3*af_heart+bf_emma").digest == mix.parse("af_heart+bf_emma").digest
    assert mix.parse("af_heart").digest != mix.parse("af_bella").digest
