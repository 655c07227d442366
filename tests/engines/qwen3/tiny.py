"""Tiny checkpoints of all three model types, 2–3 MB each, that the official package loads like its own."""

from pathlib import Path

from scripts.bench.random_qwen3.checkpoint import N_SPARE_IDS, Draw, write
from scripts.bench.random_qwen3.shapes import CodecSize, Kind, Size, StackSize
from scripts.bench.random_qwen3.vocabulary import CONTROLS, N_PIECES

CODEC = CodecSize(
    hidden=32,
    latent=32,
    n_layers=2,
    encoder_intermediate=64,
    n_encoder_heads=2,
    decoder_intermediate=64,
    n_decoder_heads=2,
    decoder_head_dim=24,
    decoder_dim=32,
    n_filters=4,
    codebook_dim=16,
    gain_out=0.1,
)
TINY = Size(
    name="1b7",
    talker=StackSize(hidden=64, n_layers=2, intermediate=128, n_heads=4, n_kv_heads=2, head_dim=16),
    sub_talker=StackSize(hidden=32, n_layers=2, intermediate=64, n_heads=4, n_kv_heads=2, head_dim=16),
    text_hidden=48,
    n_text_ids=N_PIECES + len(CONTROLS) + N_SPARE_IDS,
    codebook=64,
    speaker_channels=(32, 32, 32, 32, 96),
    speaker_attention=16,
    codec=CODEC,
    eos_gain=2.0,
)
"""As the 1.7B: the talker's hidden size is projected to the sub-talker's."""
TINY_EQUAL = Size(
    name="0b6",
    talker=StackSize(hidden=32, n_layers=2, intermediate=64, n_heads=4, n_kv_heads=2, head_dim=16),
    sub_talker=TINY.sub_talker,
    text_hidden=TINY.text_hidden,
    n_text_ids=TINY.n_text_ids,
    codebook=TINY.codebook,
    speaker_channels=TINY.speaker_channels,
    speaker_attention=TINY.speaker_attention,
    codec=CODEC,
    eos_gain=2.6,
)
"""As the 0.6B: equal hidden sizes, so that there is no projection; its custom voices take no instruction."""


def checkpoint(folder: Path, kind: Kind, size: Size = TINY, *, seed: int = 0) -> Path:
    """Write a tiny checkpoint.

    Returns:
        Its folder, `<folder>/<kind>-<size>`; one that was written before is kept.
    """
    made = folder / f"{kind}-{size.name}-{seed}"
    if not (made / "speech_tokenizer" / "model.safetensors").exists():
        write(made, size, kind, Draw(seed=seed))
    return made
