# mypy: disable-error-code="no-untyped-call"
"""What only a GPU can show: recorded frames, late answers, work beside the rest, rounding that knows no mates.

    python -m pytest -m gpu tests/engines/qwen3/test_cuda.py

Needs torch with CUDA, triton, safetensors, tokenizers, numpy and pytest, and no weights; about a minute. Where a line
in bfloat16 depends on its mates, the test that fails by its name says which operation breaks it.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest

pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import linear

from narrator.engines.protocol import Ended
from narrator.engines.qwen3.checkpoint import read_checkpoint
from narrator.engines.qwen3.codec import Codec, Coded, load_codec
from narrator.engines.qwen3.config import GREEDY, Dice, Sampling
from narrator.engines.qwen3.deck import TalkerDeck
from narrator.engines.qwen3.decoding import Batching, Decoding
from narrator.engines.qwen3.device import Cuda, Device, Host, Recorder, device_of
from narrator.engines.qwen3.frame import Room, advance, empty_state
from narrator.engines.qwen3.kernels import fused
from narrator.engines.qwen3.sampler import DiceTable, pick
from narrator.engines.qwen3.session import ON_GPU
from narrator.engines.qwen3.slots import Job, Slots, Spent
from narrator.engines.qwen3.stack import Attention, Cache, Norm
from scripts.bench.qwen3_steady import opened, tenths
from tests.engines.qwen3.lines import Ours, cases, spoken

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device"),
]
GPU = "cuda:0"
SAMPLINGS = (Sampling(), Sampling(talker=Dice(temperature=0.7, top_k=20, top_p=0.9)), GREEDY)
PACE = replace(ON_GPU.pace, bucket=64, ladder=())
N_SLOTS = 8


class StepByStep(Cuda):
    """A GPU that records nothing."""

    def recorder(self) -> Recorder:
        """Work is done each time it is called."""
        return Host()


@pytest.fixture(scope="module")
def ours(checkpoints) -> Ours:
    """A tiny base model in float32."""
    return Ours.load(checkpoints("base"), device=GPU)


@pytest.fixture(scope="module")
def coarse(checkpoints) -> Ours:
    """The same in bfloat16."""
    return Ours.load(checkpoints("base"), torch.bfloat16, GPU)


def queue(model: Ours, n: int = 24) -> list[Job]:
    """Lines of all lengths, voices, samplings and seeds."""
    return [
        replace(model.job(case, at, streaming=at % 3 != 0), sampling=SAMPLINGS[at % 3], seed=at * 7919, cap=40)
        for at, case in enumerate(cases("base", n, how="mixed"))
    ]


def slots(model: Ours, device: Device, step=advance, n_slots: int = N_SLOTS) -> Slots:
    """Slots at the pace of a GPU."""
    deck = TalkerDeck(model.talker, Attention(), device, step)
    return Slots(deck, n_slots, end=model.checkpoint.model.codec.eos, pace=PACE)


def cuda() -> Device:
    """The device as a session has it."""
    return device_of(torch.zeros(1, device=GPU))


@cache
def step_by_step() -> StepByStep:
    """The device without recording."""
    return StepByStep(torch.device(GPU))


def different(one: dict[str, Spent], other: dict[str, Spent]) -> list[str]:
    """Lines whose codes or ends differ."""
    assert one.keys() == other.keys()
    return [
        name
        for name in one
        if not torch.equal(one[name].codes, other[name].codes) or one[name].ended is not other[name].ended
    ]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_recorded_frames_say_what_frames_step_by_step_say(ours, coarse, dtype):
    """Graphs, warm-ups, queued looks and groups change no code, in whichever numbers."""
    model = ours if dtype == "float32" else coarse
    lines = queue(model)
    plain = spoken(slots(model, step_by_step()), lines)
    assert different(spoken(slots(model, cuda()), lines), plain) == []
    assert {result.ended for result in plain.values()} >= {Ended.EOS}


def test_recorded_frames_of_kernels_say_what_they_say_step_by_step(coarse):
    """Every kernel together, in graphs: nothing is compiled or allocated for a recording that a replay would miss."""
    pytest.importorskip("triton", reason="Triton is not installed")
    model, lines = replace(coarse, talker=coarse.talker.using(fused())), queue(coarse)
    assert different(spoken(slots(model, cuda()), lines), spoken(slots(model, step_by_step()), lines)) == []


def test_a_gpu_says_in_float32_what_a_processor_says(ours, checkpoints):
    """All lines but one in ten, where two tokens may be as likely as each other, have the same codes on both."""
    host = Ours.load(checkpoints("base"))
    there = {
        name: replace(one, codes=one.codes.cpu()) for name, one in spoken(slots(ours, cuda()), queue(ours)).items()
    }
    assert len(different(there, spoken(slots(host, Host()), queue(host)))) <= 2


def test_nothing_waits_while_frames_are_played(ours):
    """Once frames are recorded, filling, hearing, playing and asking make no call that waits for the device."""
    warm = slots(ours, cuda())
    for _ in range(3):  # by now every bucket has been recorded
        spoken(warm, queue(ours))
    for job in queue(ours):
        warm.submit(job)
    torch.cuda.set_sync_debug_mode("error")
    try:
        while warm.busy:
            warm.look()
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_memory_that_runs_out_while_a_frame_is_recorded(ours):
    """The slots are halved, their graphs dropped, and every line comes back once, unchanged."""
    calls = iter(range(10**9))

    def step(talker, state, n_positions, attention):
        advance(talker, state, n_positions, attention)
        if state.n_slots > 2 and next(calls) >= 2:  # the third call is recorded
            raise torch.OutOfMemoryError

    lines = queue(ours, 10)
    short = slots(ours, cuda(), step)
    results = spoken(short, lines)
    assert short.n_slots == 2
    assert different(results, spoken(slots(ours, step_by_step(), n_slots=2), lines)) == []


def test_memory_is_flat(ours):
    """Runs of new lines, with new graphs for a larger room each time, leave nothing behind on the device."""
    allocated = []
    for n in range(6):
        lines = [replace(job, cap=40 + 64 * (n % 2)) for job in queue(ours)]
        spoken(slots(ours, cuda()), lines)
        torch.cuda.synchronize()
        allocated.append(torch.cuda.memory_allocated())
    assert max(allocated[2:]) <= allocated[1] + 2**20


def test_a_long_run_holds_its_memory(tmp_path):
    """Over 300 lines of a session neither the host's nor the device's memory grows after the first tenths."""
    session = opened(tmp_path, GPU, gpu_habits=True)
    found = list(tenths(session, 300))
    session.close()
    assert found[-1].device_mb <= found[2].device_mb + 4
    assert found[-1].host_mb <= found[2].host_mb + 48


@pytest.mark.parametrize("seed", range(3))
def test_in_bfloat16_a_line_does_not_depend_on_its_mates(coarse, seed):
    """In the same number of slots every line has the same codes in any order, on recorded frames."""
    lines = queue(coarse)
    shuffled = random.Random(seed).sample(lines, len(lines))
    assert different(spoken(slots(coarse, cuda()), shuffled), spoken(slots(coarse, cuda()), lines)) == []


def values(*shape: int) -> Tensor:
    """Numbers as they come in a model, in bfloat16."""
    return torch.randn(shape, device=GPU, dtype=torch.float32).bfloat16()


@contextmanager
def exactly() -> Iterator[None]:
    """Without gradients, and with the same numbers each time."""
    torch.manual_seed(0)
    with torch.inference_mode():
        yield


SHAPES = {
    "qkv": (4096, 2048),
    "out": (2048, 2048),
    "gate_up": (12288, 2048),
    "down": (2048, 6144),
    "head": (3072, 2048),
}


@pytest.mark.parametrize("n_rows", [64, 128, 256])
@pytest.mark.parametrize("name", SHAPES)
def test_a_product_does_not_know_its_other_rows(name, n_rows):
    """Matrix products of the published sizes: a row is the same to the last bit whatever stands in the others."""
    n_out, n_in = SHAPES[name]
    with exactly():
        weight, row = values(n_out, n_in), values(1, n_in)
        results = []
        for at in (0, 0, n_rows // 2, n_rows - 1):
            x = values(n_rows, n_in)
            x[at] = row[0]
            results.append(linear(x, weight)[at])
    assert all(torch.equal(results[0], other) for other in results[1:])


@pytest.mark.parametrize("bucket", [64, 256, 512, 768])
def test_attention_does_not_know_its_mates(bucket):
    """A slot's step is the same to the last bit whatever its mates hear, and however far back is looked."""
    n_slots, heads, kv_heads, d, here = 64, 16, 8, 128, 3
    with exactly():
        q, k, v = values(1, heads, 1, d), values(1, kv_heads, 1, d), values(1, kv_heads, 1, d)
        past = values(2, kv_heads, 60, d)
        results = []
        for n_positions in (64, bucket, bucket):
            keys, held = (values(n_slots, kv_heads, 769, d) for _ in range(2))
            keys[here, :, :60], held[here, :, :60] = past[0], past[1]
            positions = torch.randint(0, n_positions - 1, (n_slots,), device=GPU)
            positions[here] = 60
            step = Attention().step(Cache(keys=(keys,), values=(held,)), positions, n_positions)
            rows = [values(n_slots, n, 1, d) for n in (heads, kv_heads, kv_heads)]
            for row, mine in zip(rows, (q, k, v), strict=True):
                row[here] = mine[0]
            step.keep(0, *rows[1:])
            results.append(step.hear(0, rows[0])[here].clone())
    assert torch.equal(results[1], results[2]), "it knows its mates"
    assert torch.equal(results[0], results[1]), f"it knows how far back is looked: {bucket}"


@pytest.mark.parametrize("n_positions", [16, 128, 256])
def test_a_prompt_does_not_know_its_mates(n_positions):
    """Attention over prompts: a row is the same to the last bit whatever the others of its group are."""
    with exactly():
        mine = [values(n, n_positions, 128) for n in (16, 8, 8)]
        results = []
        for _ in range(3):
            q, k, v = (values(2, *own.shape) for own in mine)
            q[1], k[1], v[1] = mine
            results.append(Attention()(q, k, v, None, causal=True)[1].clone())
    assert all(torch.equal(results[0], other) for other in results[1:])


def test_norms_and_draws_do_not_know_their_mates():
    """What is left of a frame works row by row."""
    with exactly():
        norm, row, scores = Norm.of(values(2048), 1e-6), values(2048), torch.randn(3072, device=GPU)
        normed, drawn = [], []
        for _ in range(3):
            x, others = values(128, 2048), torch.randn(128, 3072, device=GPU)
            x[7], others[7] = row, scores
            normed.append(norm(x)[7].clone())
            dice = DiceTable(
                temperature=torch.full((128,), 0.9, device=GPU),
                top_k=torch.full((128,), 50, device=GPU),
                top_p=torch.ones(128, device=GPU),
            )
            drawn.append(int(pick(others, dice, torch.full((128,), 0.4, device=GPU), 50)[7]))
    assert torch.equal(normed[0], normed[1])
    assert torch.equal(normed[0], normed[2])
    assert len(set(drawn)) == 1


def codec_of(checkpoints, dtype: torch.dtype, device: str = GPU) -> Codec:
    """The tiny decoder."""
    return load_codec(read_checkpoint(checkpoints("base")), device=torch.device(device), dtype=dtype)


def codes(n_frames: int, seed: int, device: str = GPU) -> Tensor:
    """Any codes."""
    return torch.randint(0, 64, (n_frames, 16), generator=torch.Generator().manual_seed(seed)).to(device)


@pytest.mark.parametrize(("dtype", "least_db"), [(torch.float32, 50), (torch.bfloat16, 28)])
def test_a_gpu_makes_the_sound_that_a_processor_makes(checkpoints, dtype, least_db):
    """Against float32 on a processor what differs lies far below the sound, in float32 and in bfloat16."""
    (exact,) = codec_of(checkpoints, torch.float32, "cpu").decode(
        [Coded(codes=codes(90, 1, "cpu"))], most_rows=1, most_frames=1000
    )
    (ours,) = codec_of(checkpoints, dtype).decode([Coded(codes=codes(90, 1))], most_rows=1, most_frames=1000)
    noise = np.mean(np.square(exact - ours)) + 1e-20
    assert 10 * np.log10(np.mean(np.square(exact)) / noise) > least_db


def test_sound_is_made_beside_the_frames(checkpoints):
    """Frames that are queued after the codec's work are done before it: they do not wait for it."""
    decoding = Decoding(codec_of(checkpoints, torch.float32), cuda(), Batching(n_lines=64, n_frames=20_000, grain=32))

    def begin(seed: int) -> None:
        for n in range(64):
            decoding.add(Spent(id=str(n), codes=codes(200, seed + n), ended=Ended.EOS), None)
        torch.cuda.synchronize()
        decoding.begin(rest=True)

    begin(0)
    assert len(decoding.finished(wait=True)) == 64  # warm: the codec's memory is there
    begin(100)
    after = torch.cuda.Event()
    torch.zeros(8, device=GPU).add_(1)
    after.record()
    after.synchronize()
    assert decoding.finished(wait=False) == [], "what was queued later waited for the codec"
    assert len(decoding.finished(wait=True)) == 64


def test_work_that_is_recorded_is_done_as_often_as_it_is_called():
    """Warm-ups count, recording does not: n calls are n frames."""
    counter = torch.zeros(1, dtype=torch.int64, device=GPU)

    def count() -> None:
        counter.add_(1)

    work = cuda().recorder().recorded(count)
    for _ in range(7):
        work()
    assert int(counter) == 7


def test_slots_of_a_published_size_have_room(ours):
    """A state of 64 slots and 1,024 positions is made, freed, and leaves nothing allocated."""
    before = torch.cuda.memory_allocated()
    state = empty_state(ours.talker, 64, Room(n_positions=1024, n_frames=800, n_trailing=128, n_candidates=50))
    assert state.n_slots == 64
    del state
    assert torch.cuda.memory_allocated() == before
