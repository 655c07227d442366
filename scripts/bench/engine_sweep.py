"""Where the time of our Qwen3-TTS goes: slots × cache bucket × model, on this device; random weights, one JSON.

    python -m scripts.bench.engine_sweep [--sizes 0.6b 1.7b] [--slots 128 64 256 1] [--buckets 256 512 768]
        [--kernels all] [--tiny]

For each size: ms a frame of the sub-talker and of the talker at each number of slots and each length of cache (captured
as one graph on a GPU), ms a prompt, µs a frame of the codec; then lines of a novel's lengths through the slots alone,
the codec alone, and a session with both: × realtime, slot utilisation, memory, and the share of the time in which the
host's thread worked: near 1, the device waits for its host. What is found is logged at once, setting by setting.

Lines end when their text has been spoken, so what is said is noise at the price of speech. Needs torch, safetensors,
tokenizers and numpy; nothing else.
"""

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from statistics import median
from typing import Any

import torch

from narrator.domain import Delivery
from narrator.engines.protocol import Line
from narrator.engines.qwen3.codec import Coded
from narrator.engines.qwen3.frame import Room, State, advance, empty_state, speak_frame
from narrator.engines.qwen3.models import Model
from narrator.engines.qwen3.slots import Spent
from narrator.engines.qwen3.stack import Attention
from narrator.engines.qwen3.voiceprompt import RATE_HZ, Voice
from scripts.bench import qwen3_stages as stages
from scripts.bench.qwen3_stages import FRAME_S, Place
from scripts.bench.random_qwen3.shapes import SIZES, Size

N_REPEATS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is measured."""

    slots: tuple[int, ...]
    buckets: tuple[int, ...]
    """Positions of the cache that are looked at."""
    lines_a_slot: float
    n_reference_frames: int
    n_repeats: int = N_REPEATS
    until: float = math.inf
    """On the clock: no other number of slots is begun after it."""


def sweep(name: str, size: Size, wish: Wish, place: Place, folder: Path) -> dict[str, Any]:
    """All figures of one size."""
    model, load_s = place.timed(lambda: stages.random_model(folder / name, size, place))
    voice = stages.random_voice(model, place, wish.n_reference_frames)
    stages.end_with_the_text(model.tokenizer, stages.lines(200))
    in_time = takewhile(lambda _: time.perf_counter() < wish.until, wish.slots)
    found = []
    for n_slots in in_time:
        found.append(_of_slots(model, voice, n_slots, wish, place))
        stages.found_so_far(size=name, **found[-1])
    return {"size": name, "load_s": round(load_s, 2), "slots": found}


def _of_slots(model: Model, voice: Voice, n_slots: int, wish: Wish, place: Place) -> dict[str, Any]:
    if place.gpu:
        torch.cuda.reset_peak_memory_stats()
    try:
        frames = [_frame(model, n_slots, bucket, wish, place) for bucket in wish.buckets]
        lines = _lines(model, voice, n_slots, wish, place)
    except torch.OutOfMemoryError as error:
        return {"n": n_slots, "out_of_memory": str(error)[:200]}
    return {"n": n_slots, "frames": frames, **lines, "memory_gib": round(place.memory_gib(), 2)}


# ── a frame ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _frame(model: Model, n_slots: int, bucket: int, wish: Wish, place: Place) -> dict[str, float]:
    """A frame in every slot, by its two halves; empty slots cost what full ones cost."""
    room = Room(n_positions=bucket, n_frames=64, n_trailing=64, n_candidates=50)
    with torch.inference_mode():
        state = empty_state(model.talker, n_slots, room)
        state.position.fill_(bucket // 2)
        sub_ms = _repeated_ms(lambda: _sub_talker(model, state), wish, place)
        all_ms = _repeated_ms(lambda: advance(model.talker, state, bucket, Attention()), wish, place)
    return {
        "bucket": bucket,
        "ms_sub_talker": round(sub_ms, 3),
        "ms_talker": round(all_ms - sub_ms, 3),
        "ms_frame": round(all_ms, 3),
        "x_realtime": round(n_slots * FRAME_S * 1000 / all_ms, 1),
    }


def _sub_talker(model: Model, state: State) -> None:
    speak_frame(model.talker, state, Attention())


def _repeated_ms(work: Callable[[], None], wish: Wish, place: Place) -> float:
    """Milliseconds of a piece of work: the median of some, recorded as a graph where there is a GPU."""
    again = _captured(work) if place.gpu else work
    again()
    return 1000 * median(place.timed(again)[1] for _ in range(wish.n_repeats))


def _captured(work: Callable[[], None]) -> Callable[[], None]:
    side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):  # libraries choose their kernels before they are recorded
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    replay: Callable[[], None] = graph.replay
    return replay


# ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(model: Model, voice: Voice, n_slots: int, wish: Wish, place: Place) -> dict[str, Any]:
    """Lines through slots, codec and session, more of them than slots, so that slots are refilled."""
    texts = stages.lines(max(2, round(n_slots * wish.lines_a_slot)))
    _through_slots(model, voice, n_slots, texts[:n_slots], place)  # warm
    prompts_s = _prompts_s(model, voice, n_slots, texts[:n_slots], place)
    on_host = time.thread_time()
    (spent, n_frames), talked_s = place.timed(lambda: _through_slots(model, voice, n_slots, texts, place))
    on_host = time.thread_time() - on_host
    n_spoken = sum(len(one.codes) for one in spent)
    reference = stages.job(model, voice, 0, texts[0]).reference
    coded = [Coded(codes=one.codes, context=reference) for one in spent]
    batch = stages.batch_of(place)
    model.codec.decode(coded[: batch["most_rows"]], **batch)  # warm
    _, decoded_s = place.timed(lambda: model.codec.decode(coded, **batch))
    sound_s, both_s, both_on_host = _through_session(model, voice, n_slots, texts, place)
    return {
        "lines": len(texts),
        "ms_prompt": round(1000 * prompts_s, 3),
        "us_codec_frame": round(1e6 * decoded_s / n_spoken, 1),
        "slot_utilisation": round(n_spoken / (n_slots * n_frames), 4),
        "x_realtime_lm": round(n_spoken * FRAME_S / talked_s, 1),
        "x_realtime_codec": round(n_spoken * FRAME_S / decoded_s, 1),
        "x_realtime": round(sound_s / both_s, 1),
        "host_share_lm": round(on_host / talked_s, 3),
        "host_share": round(both_on_host / both_s, 3),
    }


def _prompts_s(model: Model, voice: Voice, n_slots: int, texts: Sequence[str], place: Place) -> float:
    """Seconds a prompt: looks that begin lines, less as many that begin none, once both have been seen."""
    slots, _ = stages.slots_of(model, n_slots, place)
    n_begin = -(-len(texts) // stages.most_begun(place))
    seconds: list[float] = []
    for _ in range(2):  # the first time is warm-up
        for n, text in enumerate(texts):
            slots.submit(replace(stages.job(model, voice, n, text), cap=n_begin + 20))
        seconds = []
        while slots.busy:
            seconds.append(place.timed(slots.look)[1])
    slots.clear()
    return max(0.0, sum(seconds[:n_begin]) - n_begin * median(seconds[n_begin:])) / len(texts)


def _through_slots(
    model: Model, voice: Voice, n_slots: int, texts: Sequence[str], place: Place
) -> tuple[list[Spent], int]:
    """What was spoken, and how many frames that took."""
    slots, look_every = stages.slots_of(model, n_slots, place)
    for n, text in enumerate(texts):
        slots.submit(stages.job(model, voice, n, text))
    spent: list[Spent] = []
    n_frames = 0
    while slots.busy:
        spent += slots.look()
        n_frames += look_every
    slots.clear()
    return spent, n_frames


def _through_session(
    model: Model, voice: Voice, n_slots: int, texts: Sequence[str], place: Place
) -> tuple[float, float, float]:
    """Seconds of sound, of the clock, and of the host's work, once the session has spoken a first set of lines."""
    session = stages.spoken_by(model, voice, place, n_slots)
    _speak(session, texts[:n_slots])
    on_host = time.thread_time()
    n_samples, seconds = place.timed(lambda: _speak(session, texts))
    on_host = time.thread_time() - on_host
    session.close()
    return n_samples / RATE_HZ, seconds, on_host


def _speak(session: Any, texts: Sequence[str]) -> int:
    session.submit(list(_spoken_lines(texts)))
    n_samples, n_left = 0, len(texts)
    while n_left:
        spoken = session.poll(1.0)
        n_left -= len(spoken)
        n_samples += sum(len(one.samples) for one in spoken)
    return n_samples


def _spoken_lines(texts: Sequence[str]) -> Iterator[Line]:
    for n, text in enumerate(texts):
        yield Line(id=str(n), text=text, voice="voice", language="en", delivery=Delivery(), seed=n)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    usual = stages.usual_place()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=tuple(SIZES), default=list(SIZES))
    parser.add_argument("--slots", type=int, nargs="+", default=[128, 64, 256, 1] if usual.gpu else [1, 4])
    parser.add_argument("--buckets", type=int, nargs="+", default=[256, 512, 768] if usual.gpu else [256])
    parser.add_argument("--lines-a-slot", type=float, default=6.0, help="of those that go through slots and session")
    parser.add_argument("--reference-frames", type=int, default=64)
    parser.add_argument("--kernels", nargs="*", default=[], help="fused: names, `all`, or the JSON of bench.kernels")
    parser.add_argument("--dtype", choices=("bfloat16", "float16", "float32"), default=usual.dtype)
    parser.add_argument("--weights", type=Path, help="where the random checkpoints are kept; none = they are not")
    parser.add_argument("--seconds", type=float, default=math.inf, help="after which nothing further is begun")
    parser.add_argument("--tiny", action="store_true", help="the least that runs: a rehearsal, no measurement")
    given = parser.parse_args(arguments)
    place, kernels = replace(usual, dtype=given.dtype), stages.switch_on(given.kernels)
    wish = Wish(
        slots=tuple(given.slots),
        buckets=tuple(given.buckets),
        lines_a_slot=given.lines_a_slot,
        n_reference_frames=given.reference_frames,
        until=time.perf_counter() + given.seconds,
    )
    sizes = {name: SIZES[name] for name in given.sizes}
    if given.tiny:
        wish = Wish(slots=(1, 3), buckets=(64,), lines_a_slot=2, n_reference_frames=13, n_repeats=2)
        sizes = {"tiny": stages.TINY}
    with tempfile.TemporaryDirectory() as folder:
        found = [sweep(name, size, wish, place, given.weights or Path(folder)) for name, size in sizes.items()]
    told = {"bench": "engine_sweep", "on": str(place), "tiny": given.tiny, "kernels": kernels}
    print(json.dumps({**told, "found": found}))


if __name__ == "__main__":
    main(sys.argv[1:])
