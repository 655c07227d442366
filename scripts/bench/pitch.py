"""How high the embedded voices are: the figures of `casting.pitches`.

.venv/bin/python scripts/bench/pitch.py
"""

from collections.abc import Mapping
from contextlib import closing

import numpy as np

from narrator.audio.pitch import median_hz
from narrator.domain import Builtin, Delivery, VoiceProfile
from narrator.engines import inventory, registry
from narrator.engines.protocol import Line
from narrator.recording import speak
from narrator.settings.options import EngineOptions

TEXT = "The road went down to the harbour, and by evening everyone had heard the news. I only smiled, and waited."


def measured() -> Mapping[str, float]:
    """Hz of each embedded voice, by engine and name."""
    found = {}
    for voice in inventory.voices(EngineOptions()):
        if not isinstance(voice.source, Builtin):
            continue
        engine = registry.load(voice.engine)
        profile = VoiceProfile(name=voice.name, source=voice.source)
        with closing(engine.open([engine.prepare(profile)])) as session:
            line = Line(id="l", text=TEXT, voice=voice.name, language="en", delivery=Delivery(), seed=1)
            spoken = speak(line, session)
        found[f"{voice.engine} {voice.name}"] = median_hz(np.asarray(spoken.samples), engine.info.sample_rate_hz)
        print(f"{voice.engine:<8}{voice.name:<16}{found[f'{voice.engine} {voice.name}']:6.0f} Hz", flush=True)
    return found


if __name__ == "__main__":
    measured()
