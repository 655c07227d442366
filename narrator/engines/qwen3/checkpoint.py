"""What a Qwen3-TTS checkpoint folder says of itself: every shape and every id is read from its files.

The package's classes have defaults made for other models, so none is used here: a key that is missing is an error, and
so is a value that would change the computation in a way this engine does not know. Nothing here needs torch.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from narrator.engines.qwen3.config import (
    Checkpoint,
    CodecConfig,
    CodecIds,
    Dice,
    Kind,
    Language,
    ModelConfig,
    Sampling,
    Speaker,
    StackShape,
    TextIds,
)
from narrator.errors import EngineError, MissingError

MODEL_TYPE = "qwen3_tts"
CODEC_TYPE = "qwen3_tts_tokenizer_12hz"


def read_checkpoint(folder: Path) -> Checkpoint:
    """Everything but the weights.

    Raises:
        MissingError: A file is not there.
        EngineError: A file is damaged, of another model, or of a variant that this engine does not compute.
    """
    config = _section(folder / "config.json")
    config.must_be("model_type", (MODEL_TYPE,))
    codec = _section(folder / "speech_tokenizer" / "config.json")
    codec.must_be("model_type", (CODEC_TYPE,))
    checkpoint = Checkpoint(
        folder=folder,
        model=_model(config),
        codec=_codec(codec),
        sampling=_sampling(_section(folder / "generation_config.json")),
    )
    model, decoder = checkpoint.model, checkpoint.codec
    if (model.n_codebooks, model.n_codes) != (decoder.n_codebooks, decoder.n_codes):
        raise EngineError(
            f"{folder}: the model speaks {model.n_codebooks} x {model.n_codes} codes, its codec "
            f"{decoder.n_codebooks} x {decoder.n_codes}",
            hint="Get the whole checkpoint again; its parts are of different models.",
        )
    return checkpoint


class _Section:
    """A JSON object of a config file; what is asked for must be there, and of its kind."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self.values = values
        self.where = where

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def section(self, key: str) -> "_Section":
        return _Section(self._value(key, dict), f"{self.where}: {key}")

    def integer(self, key: str) -> int:
        value: int = self._value(key, int)
        return value

    def number(self, key: str) -> float:
        return float(self._value(key, (int, float)))

    def string(self, key: str) -> str:
        value: str = self._value(key, str)
        return value

    def integers(self, key: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self._value(key, list))

    def must_be(self, key: str, allowed: tuple[object, ...]) -> None:
        """Refuse a value that would change the computation; a key that is absent or null is taken as the first."""
        value = self.values.get(key)
        if value is not None and value not in allowed:
            raise EngineError(
                f"{self.where}: {key} is {value!r}; this engine computes {' or '.join(map(repr, allowed))}",
                hint="Use one of the released 12 Hz checkpoints of Qwen3-TTS.",
            )

    def _value(self, key: str, kind: type | tuple[type, ...]) -> Any:
        value = self.values.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            found = "is missing" if value is None else f"is {value!r}"
            raise EngineError(f"{self.where}: {key} {found}", hint="Get this checkpoint again; the file is damaged.")
        return value


def _section(path: Path) -> _Section:
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise MissingError(
            f"{path}: not there, so {path.parent} is not a whole Qwen3-TTS checkpoint",
            hint="Give the folder that holds config.json, model.safetensors and speech_tokenizer/.",
        ) from error
    except ValueError as error:
        raise EngineError(f"{path}: not JSON ({error})", hint="Get this checkpoint again.") from error
    if not isinstance(values, dict):
        raise EngineError(f"{path}: not a JSON object", hint="Get this checkpoint again.")
    return _Section(values, str(path))


def _model(config: _Section) -> ModelConfig:
    kinds = tuple(kind.value for kind in Kind)
    config.must_be("tts_model_type", kinds)
    config.must_be("tokenizer_type", (CODEC_TYPE,))
    talker = config.section("talker_config")
    sub_talker = talker.section("code_predictor_config")
    for stack in (talker, sub_talker):
        stack.must_be("tie_word_embeddings", (False,))
    n_codebooks = talker.integer("num_code_groups")
    sub_talker.must_be("num_code_groups", (n_codebooks,))
    return ModelConfig(
        kind=Kind(config.string("tts_model_type")),
        size=config.string("tts_model_size"),
        talker=_stack(talker),
        sub_talker=_stack(sub_talker),
        n_codebooks=n_codebooks,
        n_codes=sub_talker.integer("vocab_size"),
        n_codec_tokens=talker.integer("vocab_size"),
        n_text_tokens=talker.integer("text_vocab_size"),
        text_hidden=talker.integer("text_hidden_size"),
        text=TextIds(
            im_start=config.integer("im_start_token_id"),
            im_end=config.integer("im_end_token_id"),
            pad=config.integer("tts_pad_token_id"),
            bos=config.integer("tts_bos_token_id"),
            eos=config.integer("tts_eos_token_id"),
        ),
        codec=CodecIds(
            pad=talker.integer("codec_pad_id"),
            bos=talker.integer("codec_bos_id"),
            eos=talker.integer("codec_eos_token_id"),
            think=talker.integer("codec_think_id"),
            nothink=talker.integer("codec_nothink_id"),
            think_bos=talker.integer("codec_think_bos_id"),
            think_eos=talker.integer("codec_think_eos_id"),
        ),
        languages=_languages(talker),
        speakers=_speakers(talker),
    )


def _languages(talker: _Section) -> tuple[Language, ...]:
    tags = talker.section("codec_language_id")
    return tuple(Language(name=name.lower(), id=tags.integer(name)) for name in tags.values)


def _speakers(talker: _Section) -> tuple[Speaker, ...]:
    ids = talker.section("spk_id")
    dialects = talker.section("spk_is_dialect").values if ids.values else {}
    return tuple(
        Speaker(name=name.lower(), id=ids.integer(name), dialect=str(dialects.get(name) or "").lower())
        for name in ids.values
    )


def _stack(config: _Section) -> StackShape:
    config.must_be("hidden_act", ("silu",))
    config.must_be("attention_bias", (False,))
    config.must_be("use_sliding_window", (False,))
    if "rope_scaling" in config:
        scaling = config.section("rope_scaling")
        scaling.must_be("rope_type", ("default",))
        scaling.must_be("type", ("default",))
    return StackShape(
        n_layers=config.integer("num_hidden_layers"),
        hidden=config.integer("hidden_size"),
        intermediate=config.integer("intermediate_size"),
        n_heads=config.integer("num_attention_heads"),
        n_kv_heads=config.integer("num_key_value_heads"),
        head_dim=config.integer("head_dim"),
        rope_theta=config.number("rope_theta"),
        norm_eps=config.number("rms_norm_eps"),
    )


def _codec(config: _Section) -> CodecConfig:
    decoder = config.section("decoder_config")
    decoder.must_be("num_semantic_quantizers", (1,))
    ratios, rates = decoder.integers("upsampling_ratios"), decoder.integers("upsample_rates")
    samples_per_frame = 1
    for factor in (*ratios, *rates):
        samples_per_frame *= factor
    config.must_be("decode_upsample_rate", (samples_per_frame,))
    return CodecConfig(
        n_codebooks=decoder.integer("num_quantizers"),
        n_codes=decoder.integer("codebook_size"),
        codebook_dim=decoder.integer("codebook_dim"),
        latent=decoder.integer("latent_dim"),
        transformer=_stack(decoder),
        window=decoder.integer("sliding_window"),
        upsampling_ratios=ratios,
        upsample_rates=rates,
        decoder_dim=decoder.integer("decoder_dim"),
        samples_per_frame=samples_per_frame,
        rate_hz=config.integer("output_sample_rate"),
    )


def _sampling(config: _Section) -> Sampling:
    usual = Sampling()
    return Sampling(
        talker=_dice(config, "", "do_sample", usual.talker),
        sub_talker=_dice(config, "subtalker_", "subtalker_dosample", usual.sub_talker),
        penalty=config.number("repetition_penalty") if "repetition_penalty" in config else usual.penalty,
    )


def _dice(config: _Section, prefix: str, switch: str, usual: Dice) -> Dice:
    def number(key: str, default: float) -> float:
        return config.number(prefix + key) if prefix + key in config else default

    greedy = config.values.get(switch) is False
    return Dice(
        temperature=number("temperature", usual.temperature),
        top_k=1 if greedy else int(number("top_k", usual.top_k)),
        top_p=number("top_p", usual.top_p),
    )
