"""Qwen3-TTS checkpoints with random weights: every file that the published ones have.

What is spoken with them is noise, but it costs what speech would cost.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from scripts.bench.random_qwen3.shapes import (
    DECODER_RATES,
    DECODER_RATIOS,
    ENCODER_RATIOS,
    N_CONTROLS,
    N_GROUPS,
    Kind,
    Size,
    StackSize,
    Tensor,
    codec_tensors,
    model_tensors,
)
from scripts.bench.random_qwen3.vocabulary import CONTROLS, write_vocabulary

N_SPARE_IDS = 293 - len(CONTROLS)
"""Rows of the published text embedding behind the last control."""
# Offsets from the size of the codebook, 2048 in the published models: the talker suppresses the top 1024 ids by place.
CODEC_IDS = {"pad": 100, "bos": 101, "eos": 102, "think": 106, "nothink": 107, "think_bos": 108, "think_eos": 109}
LANGUAGES = {
    "english": 2, "german": 5, "spanish": 6, "chinese": 7, "japanese": 10, "french": 13, "korean": 16, "russian": 21,
    "italian": 22, "portuguese": 23, "sichuan_dialect": 14, "beijing_dialect": 26,
}  # fmt: skip
SPEAKERS = {
    "serena": 1018, "vivian": 1017, "ryan": 1013, "uncle_fu": 962, "dylan": 830, "eric": 827, "ono_anna": 825,
    "sohee": 816, "aiden": 813,
}  # fmt: skip
DIALECTS = {"dylan": "beijing_dialect", "eric": "sichuan_dialect"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How weights are drawn."""

    seed: int = 0
    device: str = "cpu"
    """Where; the same seed gives other numbers on another kind of device."""
    dtype: torch.dtype = torch.float32
    """Of the model; the codec's weights are float32 always."""

    def __call__(self, tensors: Iterable[Tensor], dtype: torch.dtype) -> dict[str, torch.Tensor]:
        """All of them, by name."""
        random = torch.Generator(self.device).manual_seed(self.seed)
        return {
            t.name: torch.empty(t.shape, dtype=dtype, device=self.device).normal_(t.mean, t.std, generator=random)
            for t in tensors
        }


def write(folder: Path, size: Size, kind: Kind, draw: Draw | None = None) -> None:
    """Write a checkpoint folder as the published ones are laid out.

    Args:
        folder: Made if it is not there.
        size: One of `shapes.SIZES`, or another.
        kind: The model type.
        draw: How the weights are drawn.
    """
    draw = draw or Draw()
    codec = folder / "speech_tokenizer"
    codec.mkdir(parents=True, exist_ok=True)
    _json(folder / "config.json", _config(size, kind))
    _json(folder / "generation_config.json", GENERATION)
    _json(folder / "preprocessor_config.json", {"processor_class": "Qwen3TTSProcessor", "padding_side": "left"})
    write_vocabulary(folder, size.n_text_ids - N_SPARE_IDS - len(CONTROLS))
    _json(codec / "config.json", _codec_config(size))
    _json(codec / "preprocessor_config.json", {
        "feature_extractor_type": "EncodecFeatureExtractor", "sampling_rate": 24_000, "feature_size": 1,
        "padding_side": "right", "padding_value": 0.0, "return_attention_mask": True,
    })  # fmt: skip
    weights = draw(model_tensors(size, kind), draw.dtype)
    weights["talker.codec_head.weight"][size.codebook + CODEC_IDS["eos"]] *= size.eos_gain
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    weights = draw(codec_tensors(size), torch.float32)
    save_file(weights, codec / "model.safetensors", metadata={"format": "pt"})


GENERATION = {
    "do_sample": True, "repetition_penalty": 1.05, "temperature": 0.9, "top_p": 1.0, "top_k": 50,
    "subtalker_dosample": True, "subtalker_temperature": 0.9, "subtalker_top_p": 1.0, "subtalker_top_k": 50,
    "max_new_tokens": 8192,
}  # fmt: skip


def _json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2), "utf-8")


def _stack_config(size: StackSize) -> dict[str, Any]:
    return {
        "hidden_size": size.hidden,
        "intermediate_size": size.intermediate,
        "num_hidden_layers": size.n_layers,
        "num_attention_heads": size.n_heads,
        "num_key_value_heads": size.n_kv_heads,
        "head_dim": size.head_dim,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-6,
        "attention_bias": False,
        "attention_dropout": 0,
        "rope_theta": 1_000_000,
        "num_code_groups": N_GROUPS,
        "max_position_embeddings": 32_768,
        "use_cache": True,
    }


def _config(size: Size, kind: Kind) -> dict[str, Any]:
    first_control = size.n_text_ids - N_SPARE_IDS - len(CONTROLS)
    text = {name: first_control + CONTROLS.index(name) for name in CONTROLS}
    return {
        "architectures": ["Qwen3TTSForConditionalGeneration"],
        "model_type": "qwen3_tts",
        "tokenizer_type": "qwen3_tts_tokenizer_12hz",
        "tts_model_size": size.name,
        "tts_model_type": kind,
        "im_start_token_id": text["<|im_start|>"],
        "im_end_token_id": text["<|im_end|>"],
        "tts_pad_token_id": text["<tts_pad>"],
        "tts_bos_token_id": text["<tts_text_bos>"],
        "tts_eos_token_id": text["<tts_text_eod>"],
        "assistant_token_id": 77_091,
        "speaker_encoder_config": _speaker_config(size) if kind == "base" else {},
        "talker_config": _talker_config(size, kind),
    }


def _speaker_config(size: Size) -> dict[str, Any]:
    return {
        "enc_dim": size.talker.hidden,
        "sample_rate": 24_000,
        "enc_channels": size.speaker_channels,
        "enc_attention_channels": size.speaker_attention,
        "enc_se_channels": size.speaker_attention,
    }


def _talker_config(size: Size, kind: Kind) -> dict[str, Any]:
    at = size.codebook
    head = size.talker.head_dim // 2
    section = [head - 2 * (head * 5 // 16), head * 5 // 16, head * 5 // 16]  # 24, 20, 20 of 64
    named = kind == "custom_voice"
    return {
        **_stack_config(size.talker),
        **{f"codec_{name}_id" if name != "eos" else "codec_eos_token_id": at + n for name, n in CODEC_IDS.items()},
        "vocab_size": at + N_CONTROLS,
        "text_hidden_size": size.text_hidden,
        "text_vocab_size": size.n_text_ids,
        "rope_scaling": {"interleaved": True, "mrope_section": section, "rope_type": "default", "type": "default"},
        "codec_language_id": {name: at + n for name, n in LANGUAGES.items()},
        "spk_id": {name: at + n for name, n in SPEAKERS.items()} if named else {},
        "spk_is_dialect": {name: DIALECTS.get(name, False) for name in SPEAKERS} if named else {},
        "code_predictor_config": {
            **_stack_config(size.sub_talker),
            "vocab_size": size.codebook,
            "max_position_embeddings": 65_536,
            "pad_token_id": None,
        },
    }


def _codec_config(size: Size) -> dict[str, Any]:
    codec = size.codec
    encoder = {
        "hidden_size": codec.hidden, "num_filters": codec.n_filters, "upsampling_ratios": ENCODER_RATIOS,
        "codebook_size": size.codebook, "codebook_dim": codec.codebook_dim, "num_quantizers": 32,
        "vector_quantization_hidden_dimension": codec.codebook_dim, "upsample_groups": codec.hidden,
        "num_hidden_layers": codec.n_layers, "intermediate_size": codec.encoder_intermediate,
        "num_attention_heads": codec.n_encoder_heads, "num_key_value_heads": codec.n_encoder_heads,
        "head_dim": codec.hidden // codec.n_encoder_heads, "sampling_rate": 24_000, "use_causal_conv": True,
        "num_semantic_quantizers": 1, "rope_theta": 10_000.0, "norm_eps": 1e-5, "model_type": "mimi",
    }  # fmt: skip
    decoder = {
        "hidden_size": codec.hidden, "latent_dim": codec.latent, "codebook_size": size.codebook,
        "codebook_dim": 2 * codec.codebook_dim, "decoder_dim": codec.decoder_dim, "num_quantizers": N_GROUPS,
        "num_semantic_quantizers": 1, "num_hidden_layers": codec.n_layers,
        "num_attention_heads": codec.n_decoder_heads, "num_key_value_heads": codec.n_decoder_heads,
        "head_dim": codec.decoder_head_dim, "intermediate_size": codec.decoder_intermediate, "rms_norm_eps": 1e-5,
        "rope_theta": 10_000, "sliding_window": 72, "max_position_embeddings": 8000, "hidden_act": "silu",
        "upsample_rates": DECODER_RATES, "upsampling_ratios": DECODER_RATIOS, "layer_scale_initial_scale": 0.01,
    }  # fmt: skip
    return {
        "architectures": ["Qwen3TTSTokenizerV2Model"],
        "model_type": "qwen3_tts_tokenizer_12hz",
        "encoder_valid_num_quantizers": N_GROUPS,
        "input_sample_rate": 24_000,
        "output_sample_rate": 24_000,
        "encode_downsample_rate": 1920,
        "decode_upsample_rate": 1920,
        "encoder_config": encoder,
        "decoder_config": decoder,
    }
