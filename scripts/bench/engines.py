"""How fast the embedded engines speak, as one JSON line each; appended by hand to RESULTS.md with the command.

Usage: python scripts/bench/engines.py [kokoro] [hibari] [tone]

The text is ours and fixed: lines as long as a book's, from a word to a full line. The first line of each engine warms
it up and is not counted.
"""

import json
import os
import resource
import sys
import time

from narrator.domain import Builtin, Delivery, VoiceProfile
from narrator.engines import registry
from narrator.engines.protocol import Line, Session

VOICES = {"kokoro": ("af_heart", "bm_daniel"), "hibari": ("heart", "bass"), "tone": ("220", "330")}
TEXTS = (
    "Yes.",
    "“You are late,” said the old woman.",
    "There was no moon, and the road went on between black hedges.",
    "She counted the money twice. Forty pounds! It was more than she had ever held in her hand, and it was not hers.",
    (
        "The letter was short. It said that the house had been sold, that the furniture would follow, and that "
        "nobody need trouble to meet the train. It was signed with one initial."
    ),
    (
        "It was a bright cold morning in the valley, and the river ran high between its banks, brown with the rain "
        "of the week before. The miller stood at his door and counted the carts; there were eleven of them, all "
        "empty. Nobody spoke until the oldest of the drivers got down."
    ),
)


def line(text: str, voice: str) -> Line:
    """A line of the bench."""
    return Line(id=text, text=text, voice=voice, language="en", delivery=Delivery(), seed=20)


def speak(session: Session, lines: list[Line]) -> int:
    """Speak lines and give the number of samples."""
    session.submit(lines)
    n_samples = n_done = 0
    while n_done < len(lines):
        for take in session.poll(60.0):
            n_samples += len(take.samples)
            n_done += 1
    return n_samples


def bench(name: str) -> dict[str, str | float]:
    """One engine's figures."""
    engine = registry.load(name)
    voices = VOICES[name]
    profiles = [VoiceProfile(name=voice, source=Builtin(engine=name, voice=voice)) for voice in voices]
    begun = time.perf_counter()
    session = engine.open([engine.prepare(profile) for profile in profiles])
    speak(session, [line(TEXTS[1], voice) for voice in voices])
    warm = time.perf_counter()
    cpu = time.process_time()
    n_samples = speak(session, [line(text, voice) for voice in voices for text in TEXTS])
    wall_s, cpu_s = time.perf_counter() - warm, time.process_time() - cpu
    spoken_s = n_samples / engine.info.sample_rate_hz
    return {
        "engine": name,
        "device": session.device,
        "open_and_first_lines_s": round(warm - begun, 2),
        "spoken_s": round(spoken_s, 1),
        "times_realtime": round(spoken_s / wall_s, 2),
        "times_realtime_per_cpu_s": round(spoken_s / cpu_s, 2),
        "chars_per_s": round(len(voices) * sum(map(len, TEXTS)) / spoken_s, 1),
        "load_average": round(os.getloadavg()[0], 1),
        "peak_mb_so_far": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


if __name__ == "__main__":
    for name in sys.argv[1:] or VOICES:
        print(json.dumps(bench(name)), flush=True)
