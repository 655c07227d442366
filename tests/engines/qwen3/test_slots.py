"""Lines are spoken side by side, and none knows of another."""

import random
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import torch

from narrator.engines.protocol import Ended
from narrator.engines.qwen3.config import GREEDY, Dice, Sampling
from narrator.engines.qwen3.deck import TalkerDeck, slots_of
from narrator.engines.qwen3.device import Host
from narrator.engines.qwen3.frame import advance
from narrator.engines.qwen3.session import ON_GPU
from narrator.engines.qwen3.slots import ALL, Pace, Slots, usual_cap
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.talker import Talker
from narrator.errors import EngineError
from scripts.bench.simulate_book import Run, Spell, book_spells, simulate, spells
from tests.engines.qwen3.lines import Ours, cases, spoken

load = cache(Ours.load)
SAMPLINGS = (
    Sampling(),
    Sampling(talker=Dice(temperature=0.7, top_k=20, top_p=0.9), sub_talker=Dice(temperature=1.1, top_k=8)),
    Sampling(talker=Dice(top_p=0.95), penalty=1.3),
    GREEDY,
)
CAP = 24


@pytest.fixture(scope="module")
def ours(checkpoints):
    """A tiny base model."""
    return load(checkpoints("base"))


@pytest.fixture(scope="module")
def jobs(ours):
    """Twelve lines of all lengths, voices, samplings and seeds."""
    return [
        replace(ours.job(case, n, streaming=n % 3 != 0), sampling=SAMPLINGS[n % 4], seed=n * 7919, cap=CAP)
        for n, case in enumerate(cases("base", 12, how="mixed"))
    ]


def same(one, other) -> bool:
    """Two results of the same line are equal in every code."""
    return torch.equal(one.codes, other.codes) and one.ended is other.ended


def test_a_sampled_line_does_not_depend_on_its_mates(ours, jobs):
    """A hundred times among other lines, begun at other times in other slots, the same line has the same codes."""
    line, chance = replace(jobs[5], cap=8), random.Random(1)
    mates = [replace(chance.choice(jobs), id=f"mate {n}", cap=chance.randrange(1, 7)) for n in range(200)]
    queue = [*mates, *(replace(line, id=f"line {n}") for n in range(100))]
    results = ours.speak(chance.sample(queue, len(queue)), 5)
    lines = [result for name, result in results.items() if name.startswith("line")]
    assert len(lines) == 100
    assert len(lines[0].codes) > 2
    assert all(same(lines[0], other) for other in lines)


@pytest.mark.slow
@pytest.mark.parametrize("n_slots", [4, 14])
def test_no_line_depends_on_its_mates(ours, jobs, n_slots):
    """Every one of twelve lines, with all samplings and voices, has its own codes a hundred times."""
    queue = [replace(job, id=f"{job.id} {n}") for job in jobs for n in range(100)]
    results = ours.speak(random.Random(n_slots).sample(queue, len(queue)), n_slots)
    for job in jobs:
        first, *others = (results[f"{job.id} {n}"] for n in range(100))
        assert all(same(first, other) for other in others)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_coarse_numbers_keep_a_line_from_its_mates_too(dtype, checkpoints, jobs):
    """In half precision a line has the same codes whoever is beside it, as long as the number of slots is the same."""
    coarse = load(checkpoints("base"), dtype)
    lines = [replace(job, cap=10) for job in jobs[:8]]
    one, other = (coarse.speak(order, 3) for order in (lines, lines[::-1]))
    assert all(same(one[name], other[name]) for name in one)


def test_the_number_of_slots_changes_nothing_in_float32(ours, jobs):
    """One slot, three or fourteen, and looking every frame or every four: the codes are the same."""
    one, three, many = (ours.speak(jobs, n, pace=Pace(look_every=look)) for n, look in ((1, 1), (3, 4), (14, 2)))
    assert all(same(one[name], three[name]) and same(one[name], many[name]) for name in one)


def test_a_seed_is_a_take(ours, jobs):
    """Another seed gives other codes, also where it differs in its upper half only; the same seed gives the same."""
    line = replace(jobs[0], sampling=SAMPLINGS[0])
    takes = [ours.speak([replace(line, seed=seed)], 2)[line.id] for seed in (1, 2, 1 + (1 << 40), 1)]
    assert same(takes[0], takes[3])
    assert not same(takes[0], takes[1])
    assert not same(takes[0], takes[2])


def stepping(ours, n_slots, step) -> Slots:
    """Slots whose frames are spoken by `step`."""
    deck = TalkerDeck(ours.talker, Attention(), Host(), step)
    return Slots(deck, n_slots, end=ours.checkpoint.model.codec.eos)


def coin(ours) -> Talker:
    """A model that throws a coin before each frame: end of speech, or code 5."""
    tokens = torch.arange(ours.checkpoint.model.n_codec_tokens)
    rest = (tokens != ours.checkpoint.model.codec.eos) & (tokens != 5)
    talker: Talker = ours.talker
    return replace(talker, head=torch.zeros_like(talker.head), suppressed=rest)


def test_speech_ends_after_two_frames_at_the_earliest_and_at_its_cap_at_the_latest(ours):
    """Of lines that could always end, half have two frames, a quarter three; some end at their cap, some are cut."""
    line = replace(ours.job(cases("base", 1)[0], "", streaming=True), sampling=Sampling(penalty=1.0), cap=4)
    results = spoken(slots_of(coin(ours), 16), [replace(line, id=str(n), seed=n) for n in range(160)]).values()
    counts = Counter((len(result.codes), result.ended) for result in results)
    assert set(counts) == {(2, Ended.EOS), (3, Ended.EOS), (4, Ended.EOS), (4, Ended.CAP)}
    assert 60 < counts[2, Ended.EOS] < 100
    assert 25 < counts[3, Ended.EOS] < 58


@pytest.mark.parametrize("cap", [1, 2, 3, 9])
def test_a_line_that_does_not_end_is_stopped(ours, cap):
    """A line has at most as many frames as its cap, and is reported as not complete."""
    mute = replace(ours.talker, suppressed=torch.arange(ours.checkpoint.model.n_codec_tokens) >= 64)
    line = replace(ours.job(cases("base", 1)[0], "", streaming=True), cap=cap)
    (spent,) = spoken(slots_of(mute, 2), [line]).values()
    assert len(spent.codes) == cap
    assert spent.ended is Ended.CAP


def test_a_larger_line_waits_for_a_larger_room(ours, jobs):
    """A line longer than all before it, with more candidates, is spoken like alone, and so are those behind it."""
    small = replace(jobs[0], id="small", cap=3)
    large = replace(jobs[3], id="large", cap=90, sampling=Sampling(talker=Dice(top_k=0)))
    assert large.room.n_candidates == ALL
    slots = slots_of(ours.talker, 2)
    slots.submit(small)
    first = slots.look()
    rest = spoken(slots, [large, replace(small, id="again")])
    assert first == []
    assert same(rest["small"], rest["again"])
    assert same(rest["large"], ours.speak([large], 2)["large"])


def test_results_come_as_lines_end(ours, jobs):
    """A short line is given out while a long one is being spoken, and its slot is filled again."""
    slots = slots_of(ours.talker, 2)
    for job in (replace(jobs[2], cap=CAP), replace(jobs[1], cap=2), replace(jobs[7], cap=2)):
        slots.submit(job)
    order = []
    while slots.busy:
        order += [spent.id for spent in slots.look()]
    assert order == ["1", "7", "2"]
    assert slots.look() == []


def test_memory_that_runs_out_halves_the_slots(ours, jobs):
    """Lines that were being spoken begin again in half as many slots, and every line comes back once, unchanged."""

    def step(talker, state, n_positions, attention):
        if state.n_slots > 3 and int(state.frame.max()) > 1:
            raise torch.OutOfMemoryError
        advance(talker, state, n_positions, attention)

    slots = stepping(ours, 12, step)
    results, alone = spoken(slots, jobs), ours.speak(jobs, 3)
    assert slots.n_slots == 3
    assert results.keys() == alone.keys()
    assert all(same(results[name], alone[name]) for name in alone)


def test_too_little_memory_for_one_line_is_an_error(ours, jobs):
    """Where not even one slot fits the engine says so, and what to do."""

    def step(*_):
        raise torch.OutOfMemoryError

    slots = stepping(ours, 2, step)
    with pytest.raises(EngineError, match="single line") as refusal:
        spoken(slots, jobs[:1])
    assert refusal.value.hint


def test_closed_slots_forget_their_lines(ours, jobs):
    """After clearing there is nothing to speak."""
    slots = slots_of(ours.talker, 2)
    slots.submit(jobs[0])
    slots.look()
    slots.clear()
    assert not slots.busy
    assert slots.look() == []


def test_a_cap_is_generous():
    """A line of sixty tokens, twenty seconds of usual speech, may take forty seconds and no more than fifty."""
    assert 40 < usual_cap(60) / 12.5 < 50
    assert usual_cap(1) / 12.5 > 3


def simulated(queue, n_slots, **pace) -> Run:
    """A book's lines in so many slots, at the pace of a GPU unless said otherwise."""
    return simulate(queue, n_slots, replace(ON_GPU.pace, **pace))


def long_book(n_chapters=60) -> list[Spell]:
    """Chapters of a hundred lines of 20 to 280 letters, the last tenth of the book longest first."""
    chance, tail = random.Random(4), n_chapters * 90
    lines = spells([(n // 100, chance.randrange(20, 280)) for n in range(n_chapters * 100)])
    return [*lines[:tail], *sorted(lines[tail:], key=lambda spell: -spell.n_letters)]


def test_slots_are_full_and_the_first_chapter_is_early():
    """At the pace of a GPU 128 slots are busy for 98 % of a book, and its first chapter is ready before 6 % of it."""
    run = simulated(long_book(), 128)
    assert run.busy >= 0.98
    assert 0.01 < run.first_chapter < 0.06


def test_what_fills_the_slots():
    """Waiting for larger groups, looking seldom and a last tenth in any order cost slots; a simulation sees each."""
    queue = long_book(20)
    best = simulated(queue, 64).busy
    shuffled = [*queue[:1800], *random.Random(1).sample(queue[1800:], 200)]
    for worse in (
        simulated(queue, 64, group=8, patience=50), simulated(queue, 64, look_every=4), simulated(shuffled, 64),
    ):  # fmt: skip
        assert worse.busy < best - 0.005


@pytest.mark.slow
def test_pride_and_prejudice_fills_its_slots(shared):
    """In a real book, as read, cast and ordered by a build: 98 % of the slots, the first chapter before 6 %."""
    run = simulated(book_spells(shared / "books" / "jane-austen_pride-and-prejudice.epub"), 128)
    assert run.n_lines > 5000
    assert run.busy >= 0.98
    assert run.first_chapter < 0.06


@pytest.mark.parametrize(("n_lines", "n_slots"), [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (500, 8)])
def test_few_lines_have_few_slots(ours, jobs, n_lines, n_slots):
    """The first rung of the ladder that holds all lines at hand is taken, and a long queue has all slots."""
    deck = TalkerDeck(ours.talker, Attention(), Host())
    slots = Slots(deck, 8, end=ours.checkpoint.model.codec.eos, pace=Pace(ladder=(1, 2, 4, 8, 16)))
    for n in range(n_lines):
        slots.submit(replace(jobs[n % len(jobs)], id=str(n)))
    slots.look()
    assert deck.state.n_slots == n_slots
    assert slots.n_slots == 8


def test_more_lines_get_more_slots_when_the_first_have_ended(ours, jobs):
    """A line that was alone is finished in its one slot; those that came meanwhile are then spoken together."""
    deck = TalkerDeck(ours.talker, Attention(), Host())
    slots = Slots(deck, 8, end=ours.checkpoint.model.codec.eos, pace=Pace(ladder=(1, 2, 4, 8), ahead=1))
    slots.submit(jobs[0])
    slots.look()
    results = spoken(slots, jobs[1:6])
    assert deck.state.n_slots == 8
    plain = ours.speak(jobs[:6], 8)
    assert results.keys() == plain.keys()
    assert all(same(results[name], plain[name]) for name in plain)


def test_a_room_is_at_least_as_large_as_it_is_told(ours, jobs):
    """With room for the longest line, a longer one than those at hand begins beside them and waits for none."""
    small, large = replace(jobs[0], id="small", cap=20), replace(jobs[3], id="large", cap=90)
    assert large.room.joined(small.room) != small.room
    deck = TalkerDeck(ours.talker, Attention(), Host())
    slots = Slots(deck, 2, end=ours.checkpoint.model.codec.eos, least=large.room)
    slots.submit(small)
    slots.look()
    state = deck.state
    slots.submit(large)
    slots.look()
    assert deck.state is state
    assert int((~state.done).sum()) == 2
