"""A small byte-level vocabulary with the controls of Qwen's text model in their places."""

import json
from pathlib import Path

CONTROLS = (
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>",
    "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>",
    "<|image_pad|>", "<|video_pad|>", "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>",
    "<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>",
    "</think>", "<|audio_start|>", "<|audio_end|>", "<tts_pad>", "<tts_text_bos>", "<tts_text_eod>",
    "<tts_text_bos_single>", "<|audio_pad|>",
)  # fmt: skip
"""In the order of their ids, which follow the vocabulary without a gap."""
_PLAIN = {"<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>"}
_WORDS = (
    "assistant", "user", " the", " and", " was", " that", " with", " there", " water", "ing", "er", "on", "ou", "th",
    "an", " s", " w", " h", " m",
)  # fmt: skip
"""`assistant` must be one token: the prompt is cut by position. The rest is for a little variety."""


def byte_letters() -> tuple[str, ...]:
    """The printable character that stands for each byte 0 … 255 in byte-level vocabularies."""
    plain = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    hidden = (chr(256 + n) for n in range(256))
    return tuple(chr(byte) if byte in plain else next(hidden) for byte in range(256))


def _merges() -> tuple[tuple[str, str], ...]:
    letters = byte_letters()
    chains = ["".join(letters[byte] for byte in word.encode()) for word in _WORDS]
    return tuple(dict.fromkeys((word[:n], word[n]) for word in chains for n in range(1, len(word))))


N_PIECES = 256 + len(_merges())
"""Bytes and what they are merged to."""


def write_vocabulary(folder: Path, n_pieces: int = N_PIECES) -> None:
    """Write vocab.json, merges.txt and tokenizer_config.json.

    Args:
        folder: The checkpoint's.
        n_pieces: Size of the vocabulary below the controls; filled up with pieces that no text reaches.
    """
    pieces = [*byte_letters(), *(left + right for left, right in _merges())]
    pieces += [f"unreached {n}" for n in range(n_pieces - len(pieces))]
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    merges = "".join(f"{left} {right}\n" for left, right in _merges())
    (folder / "merges.txt").write_text(f"#version: 0.2\n{merges}", "utf-8")
    added = {
        str(n_pieces + i): {
            "content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
            "special": content not in _PLAIN,
        }
        for i, content in enumerate(CONTROLS)
    }  # fmt: skip
    config = {
        "add_prefix_space": False,
        "added_tokens_decoder": added,
        "bos_token": None,
        "clean_up_tokenization_spaces": False,
        "eos_token": "<|im_end|>",
        "errors": "replace",
        "model_max_length": 131_072,
        "pad_token": "<|endoftext|>",
        "split_special_tokens": False,
        "tokenizer_class": "Qwen2Tokenizer",
        "unk_token": None,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2), "utf-8")
