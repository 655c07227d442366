"""On what the models run, in which numbers and with which attention; what was wished for and cannot be is explained."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from narrator.errors import MissingError

if TYPE_CHECKING:
    from narrator.settings.options import EngineOptions

INSTALL = "pip install 'narrator[qwen3]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Computing:
    """How a session computes. Never a cause of a take: no recipe knows it."""

    device: str
    """As torch spells it: `cuda:0`, `cpu`."""
    dtype: str
    """`bfloat16`, `float16` or `float32`."""
    attention: str
    """`flash_attention_2`, `sdpa` or `eager`."""
    codec_dtype: str = ""
    """Of the codec; empty = as `dtype`."""
    notes: tuple[str, ...] = ()
    """Why it is not as it was asked for."""

    def __str__(self) -> str:
        codec = f", codec {self.codec_dtype}" if self.codec_dtype not in {"", self.dtype} else ""
        told = f"{self.device}, {self.dtype}, {self.attention}{codec}"
        return f"{told} ({'; '.join(self.notes)})" if self.notes else told


def computing(options: "EngineOptions") -> Computing:
    """The best that this machine does of what is asked for.

    Raises:
        MissingError: torch is not installed, or cannot be loaded.
    """
    torch = _torch()
    cuda = torch.cuda.is_available()
    dtype, dtype_note = _dtype(
        options.dtype, cuda=cuda, bfloat16=cuda and torch.cuda.is_bf16_supported(including_emulation=False)
    )
    attention, attention_note = _attention(options.attention, cuda=cuda, dtype=dtype)
    return Computing(
        device="cuda:0" if cuda else "cpu",
        dtype=dtype,
        attention=attention,
        codec_dtype="" if options.codec_dtype == "auto" else options.codec_dtype,
        notes=tuple(note for note in (dtype_note, attention_note) if note),
    )


def _torch() -> Any:
    try:
        import torch  # noqa: PLC0415 - two seconds, and nobody who only asks what an engine can do needs it
    except (ImportError, OSError) as error:  # OSError: a build for other libraries than those that are here
        raise MissingError(f"torch cannot be loaded: {error}", hint=f"Run: {INSTALL}") from error
    return torch


def _dtype(asked: str, *, cuda: bool, bfloat16: bool) -> tuple[str, str]:
    if not cuda:
        if asked in {"auto", "float32", "bfloat16"}:
            return ("float32" if asked == "auto" else asked), ""
        return "float32", "float16 is slow and inexact on a CPU"
    if asked == "auto":
        return ("bfloat16", "") if bfloat16 else ("float32", "this GPU has no bfloat16")
    if asked == "bfloat16" and not bfloat16:
        return "float32", "this GPU has no bfloat16"
    return asked, ""


def _attention(asked: str, *, cuda: bool, dtype: str) -> tuple[str, str]:
    if asked != "flash_attention_2":
        return ("sdpa" if asked == "auto" else asked), ""
    lacks = (
        "flash attention needs a GPU" if not cuda
        else f"flash attention does not compute in {dtype}" if dtype == "float32"
        else "the package flash-attn is not installed" if find_spec("flash_attn") is None
        else ""
    )  # fmt: skip
    return ("sdpa", lacks) if lacks else ("flash_attention_2", "")
