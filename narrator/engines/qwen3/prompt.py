"""How a line is laid before the talker: which text token and which codec token stand at each position.

Every position of a prompt is the sum of a text side and a codec side. A plan names them by id and holds no numbers of
the model, so the layouts can be read, and tested, without weights:

    [instruction] role(3)  tags … speaker pad   then one of
    text alone, streaming  text[0]+bos                             text[1:] eos are added to the frames that follow
    text alone, at once    text … eos +pad      tts_pad+bos
    clone, streaming       transcript text eos  beside  bos reference; what is longer goes on alone
    clone, at once         transcript text eos +pad, then bos reference +tts_pad
"""

from dataclasses import dataclass
from itertools import zip_longest

from narrator.engines.qwen3.config import AUTO_LANGUAGE, ModelConfig, Speaker
from narrator.errors import LanguageError

NOTHING = -1
"""No token on this side."""
VOICE = -2
"""Codec side: the speaker embedding of the clone."""
REFERENCE = -3
"""Codec side: the next frame of the clone's reference, the sum of its codes' embeddings."""
OVERRIDDEN = (AUTO_LANGUAGE, "chinese")
"""Languages that give way to a speaker's dialect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line and what goes with it, as token ids."""

    role: tuple[int, int, int]
    """What opens the speaker's turn: start, `assistant`, newline."""
    text: tuple[int, ...]
    """What is to be said, at least one token."""
    instruction: tuple[int, ...] = ()
    """The whole turn of the user, its controls included; empty where there is none."""
    transcript: tuple[int, ...] = ()
    """What the reference says; needed if and only if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A prompt: two tokens a position, of which either may be missing."""

    text: tuple[int, ...]
    codec: tuple[int, ...]
    trailing: tuple[int, ...]
    """Text tokens that are added to frames 0, 1, …; after them tts_pad."""

    @property
    def n_positions(self) -> int:
        """Length of the prompt."""
        return len(self.text)


def plan(
    config: ModelConfig, words: Words, tags: tuple[int, ...], *, n_reference_frames: int = 0, streaming: bool
) -> Plan:
    """Lay out a line.

    Args:
        config: Of the model that will speak it.
        words: What is said.
        tags: As `voice_tags` gives them.
        n_reference_frames: Frames of the clone's reference that stand in the prompt; 0 without a transcript.
        streaming: Text runs beside the audio, one token a frame, as the package does for clones; else all of it comes
            first, as the package does for presets and designs.
    """
    if not words.text or bool(words.transcript) != bool(n_reference_frames):
        raise ValueError("a line needs text, and a reference needs its transcript")
    ids = config.text
    head = [(token, NOTHING) for token in (*words.instruction, *words.role)]
    codec_side = (*tags, config.codec.pad)
    head += zip((ids.pad,) * (len(codec_side) - 1) + (ids.bos,), codec_side, strict=True)
    said = (*words.transcript, *words.text, ids.eos)
    heard = (config.codec.bos, *(REFERENCE,) * n_reference_frames)
    if streaming:
        first = said[: len(heard)]
        body, trailing = list(zip_longest(first, heard, fillvalue=ids.pad)), said[len(heard) :]
    else:
        body = [*((token, config.codec.pad) for token in said), *((ids.pad, token) for token in heard)]
        trailing = ()
    text, codec = zip(*head, *body, strict=True)
    return Plan(text=text, codec=codec, trailing=trailing)


def voice_tags(
    config: ModelConfig, language: str, *, speaker: Speaker | None = None, cloned: bool = False
) -> tuple[int, ...]:
    """The codec tokens that say in which language and whose voice.

    Args:
        config: Of the model.
        language: A language's name in lower case, `english`, or `auto`.
        speaker: Of a CustomVoice model; one with a dialect speaks it unless another language is asked for.
        cloned: The voice is an embedding.

    Raises:
        LanguageError: The model has no such language.
    """
    wanted = language.lower()
    if wanted != AUTO_LANGUAGE and wanted not in spoken_languages(config):
        raise LanguageError(
            f"this model does not speak {language!r}; it speaks {', '.join(spoken_languages(config))}",
            hint="Give one of these, or auto, and the model hears the language from the text.",
        )
    if speaker is not None and speaker.dialect and wanted in OVERRIDDEN:
        wanted = speaker.dialect
    ids, codec = {known.name: known.id for known in config.languages}, config.codec
    if wanted == AUTO_LANGUAGE:
        tags: tuple[int, ...] = (codec.nothink, codec.think_bos, codec.think_eos)
    else:
        tags = (codec.think, codec.think_bos, ids[wanted], codec.think_eos)
    if cloned:
        return (*tags, VOICE)
    return tags if speaker is None else (*tags, speaker.id)


def spoken_languages(config: ModelConfig) -> tuple[str, ...]:
    """Languages that can be asked for; dialects come with their speakers."""
    return tuple(known.name for known in config.languages if "dialect" not in known.name)
