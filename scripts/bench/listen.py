"""Listens to a finished project: are the words there, and does each character speak with their own voice?

    python scripts/bench/listen.py PROJECT

Words: the finished chapters are written down by Whisper tiny.en and compared with the printed text, both normalised in
Whisper's way. Voices: the vector of each character's each line is compared with the mean vectors of all voices, the
line itself left out of its own. Prints one JSON object. It needs

    pip install 'narrator[proof]' jiwer whisper-normalizer
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import jiwer
import numpy as np
from numpy.typing import NDArray
from whisper_normalizer.english import EnglishTextNormalizer

from narrator.audio.files import decode
from narrator.engines.listening.recogniser import Recogniser
from narrator.engines.listening.speakers import SpeakerEncoder
from narrator.production import Plan, Wishes, plan
from narrator.project import open_project
from narrator.publishing import read_manifest

TIMES = re.compile(r"^(\S+) --> (\S+)$", re.MULTILINE)
WINDOW_S = 25.0
LONG_ENOUGH_S = 2.0
"""Of speech: below this a speaker encoder guesses."""


def plain(text: str) -> str:
    """Text as Whisper's authors compare it; brackets go first, because their normaliser deletes what is in them."""
    return str(EnglishTextNormalizer()(re.sub(r"[()\[\]<>]", ", ", text)))


def seconds(clock: str) -> float:
    """`00:01:02.345`."""
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def windows(times: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Neighbouring lines together, as long as the recogniser hears in one go."""
    start, end = times[0]
    for line_start, line_end in times[1:]:
        if line_end - start > WINDOW_S:
            yield start, end
            start = line_start
        end = line_end
    yield start, end


def words(planned: Plan) -> dict[str, float]:
    """Word error rate of each finished chapter, and of all."""
    recogniser = Recogniser()
    said, printed = [], []
    for number, product in read_manifest(planned.output).products.items():
        files = {path.suffix: path for path in product.paths(planned.output)}
        if not number.isdecimal() or not {".flac", ".vtt"} <= files.keys():
            continue
        samples, rate_hz = decode(files[".flac"].read_bytes(), where=number)
        times = [(seconds(start), seconds(end)) for start, end in TIMES.findall(files[".vtt"].read_text("utf-8"))]
        heard = [recogniser.text(samples[int(a * rate_hz) : int(b * rate_hz)], rate_hz) for a, b in windows(times)]
        said.append(plain(" ".join(heard)))
        lines = next(c.utterances for c in planned.script.chapters if c.number == int(number))
        printed.append(plain(" ".join(utterance.text for utterance in lines)))
    return {
        **{f"chapter_{n}": round(jiwer.wer(p, s), 4) for n, (p, s) in enumerate(zip(printed, said, strict=True), 1)},
        "all": round(jiwer.wer(printed, said), 4),
    }


def voices(planned: Plan) -> dict[str, object]:
    """Share of lines nearest to their own voice."""
    encoder = SpeakerEncoder()
    vectors: defaultdict[str, list[NDArray[np.float32]]] = defaultdict(list)
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for request in planned.requests:
        take = planned.takes.get(request.key)
        if take is not None and take.seconds > 0:
            samples, rate_hz = decode(take.path.read_bytes(), where=request.utterance.address)
            vectors[request.voice.name].append(encoder.vector(samples, rate_hz))
            seconds[request.voice.name].append(take.seconds)
    right = {name: [_nearest(name, n, vectors) for n in range(len(lines))] for name, lines in vectors.items()}
    long = [ok for name in right for ok, s in zip(right[name], seconds[name], strict=True) if s >= LONG_ENOUGH_S]
    everyone = [ok for answers in right.values() for ok in answers]
    centres = {name: np.mean(lines, axis=0) for name, lines in vectors.items()}
    return {
        "lines": len(everyone),
        "own_voice": round(float(np.mean(everyone)), 4),
        "lines_of_2_s": len(long),
        "own_voice_of_2_s": round(float(np.mean(long)), 4),
        "by_voice": {name: round(float(np.mean(answers)), 3) for name, answers in right.items()},
        "nearest_pair": round(max(_cosine(centres[a], centres[b]) for a in centres for b in centres if a < b), 3),
    }


def _nearest(name: str, n: int, vectors: Mapping[str, Sequence[NDArray[np.float32]]]) -> bool:
    others = [*vectors[name][:n], *vectors[name][n + 1 :]]
    if not others:
        return True
    likeness = {
        voice: _cosine(vectors[name][n], np.mean(others if voice == name else lines, axis=0))
        for voice, lines in vectors.items()
    }
    return max(likeness, key=likeness.__getitem__) == name


def _cosine(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("project", type=Path)
    planned = plan(open_project(arguments.parse_args().project), Wishes(), lambda _: None)
    print(json.dumps({"bench": "listen", "word_error_rate": words(planned), "voices": voices(planned)}))


if __name__ == "__main__":
    main()
