"""What is known of a Qwen3-TTS model: shapes, ids, speakers, and how its codes are drawn."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SUPPRESSED_TAIL = 1024
"""The talker never says the last ids of its vocabulary, the end of speech excepted: they are controls and speakers."""
AUTO_LANGUAGE = "auto"


class Kind(StrEnum):
    """What a checkpoint was made for."""

    BASE = "base"
    """Clones a recording."""
    CUSTOM_VOICE = "custom_voice"
    """Has speakers of its own."""
    VOICE_DESIGN = "voice_design"
    """Makes a voice from a description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackShape:
    """A stack of decoder layers."""

    n_layers: int
    hidden: int
    intermediate: int
    n_heads: int
    n_kv_heads: int
    head_dim: int
    rope_theta: float
    norm_eps: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextIds:
    """Control tokens of the text side."""

    im_start: int
    im_end: int
    pad: int
    bos: int
    eos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecIds:
    """Control tokens of the talker's own vocabulary."""

    pad: int
    bos: int
    eos: int
    think: int
    nothink: int
    think_bos: int
    think_eos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language tag; dialects are tags that only a speaker can ask for."""

    name: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A voice built into a CustomVoice checkpoint."""

    name: str
    id: int
    dialect: str = ""
    """Language tag that replaces `chinese` and `auto`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """The talker and its sub-talker."""

    kind: Kind
    size: str
    """`0b6`, `1b7`."""
    talker: StackShape
    sub_talker: StackShape
    n_codebooks: int
    n_codes: int
    """Codes of one codebook."""
    n_codec_tokens: int
    """The talker's vocabulary: codes and controls."""
    n_text_tokens: int
    text_hidden: int
    text: TextIds
    codec: CodecIds
    languages: tuple[Language, ...]
    speakers: tuple[Speaker, ...]

    @property
    def takes_instructions(self) -> bool:
        """False for the small CustomVoice model: the package drops its instructions, so nobody knows how they sound."""
        return self.kind is Kind.VOICE_DESIGN or (self.kind is Kind.CUSTOM_VOICE and self.size != "0b6")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecConfig:
    """The decoder of the 12 Hz codec."""

    n_codebooks: int
    n_codes: int
    codebook_dim: int
    latent: int
    transformer: StackShape
    window: int
    """Frames that a layer of the transformer hears, its own included."""
    upsampling_ratios: tuple[int, ...]
    upsample_rates: tuple[int, ...]
    decoder_dim: int
    samples_per_frame: int
    rate_hz: int


EVERY = 2.0
"""A top p that no rounded sum reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dice:
    """How one token is drawn. `top_k` 1 is greedy, `top_k` 0 and `top_p` 1 leave every token in play."""

    temperature: float = 0.9
    top_k: int = 50
    top_p: float = 1.0

    def among(self, most: int) -> "Dice":
        """The same in plain numbers, where at most so many tokens are in play: that many stand for all of them."""
        top_k = min(self.top_k or most, most)
        return Dice(temperature=self.temperature, top_k=top_k, top_p=self.top_p if self.top_p < 1 else EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a line's codes are drawn. The defaults are the package's, for keys that generation_config.json leaves out."""

    talker: Dice = Dice()
    sub_talker: Dice = Dice()
    penalty: float = 1.05
    """On codes of the first codebook that the line has had before."""


GREEDY = Sampling(talker=Dice(top_k=1), sub_talker=Dice(top_k=1))
"""The likeliest code, always; for comparisons. The penalty still holds, as in the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A folder with everything needed to speak."""

    folder: Path
    model: ModelConfig
    codec: CodecConfig
    sampling: Sampling

    @property
    def codec_folder(self) -> Path:
        """Where the codec's weights lie."""
        return self.folder / "speech_tokenizer"
