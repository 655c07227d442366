"""How a session computes follows from what is asked for and what the machine has, and every difference is explained."""

from importlib.util import find_spec

import pytest

torch = pytest.importorskip("torch", reason="the extra [qwen3] is not installed")

from narrator.engines.qwen3.computing import Computing, _attention, _dtype, computing  # noqa: E402 - needs torch
from narrator.settings.options import EngineOptions  # noqa: E402

ON_CPU = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")


@ON_CPU
def test_a_cpu_computes_in_float32():
    """Without a GPU the default is exact, by PyTorch's own attention, and there is nothing to explain."""
    assert str(computing(EngineOptions())) == "cpu, float32, sdpa"


@ON_CPU
def test_what_a_cpu_cannot_do_is_explained():
    """Flash attention and float16 fall back, and the description of the device says why."""
    found = computing(EngineOptions(dtype="float16", attention="flash_attention_2"))
    assert (found.dtype, found.attention) == ("float32", "sdpa")
    assert str(found) == (
        "cpu, float32, sdpa (float16 is slow and inexact on a CPU; flash attention needs a GPU)"
    )  # fmt: skip


@ON_CPU
def test_what_can_be_done_is_done_as_asked():
    """bfloat16 and step-by-step attention are taken as they are asked for."""
    found = computing(EngineOptions(dtype="bfloat16", attention="eager"))
    assert found == Computing(device="cpu", dtype="bfloat16", attention="eager")


@ON_CPU
def test_the_codec_may_compute_in_other_numbers():
    """It computes as the model does unless it is asked for otherwise, and then that is told."""
    assert computing(EngineOptions()).codec_dtype == ""
    found = computing(EngineOptions(dtype="bfloat16", codec_dtype="float32"))
    assert str(found) == "cpu, bfloat16, sdpa, codec float32"


@pytest.mark.parametrize(
    ("asked", "bfloat16", "dtype", "why"),
    [
        ("auto", True, "bfloat16", ""),
        ("auto", False, "float32", "this GPU has no bfloat16"),
        ("bfloat16", False, "float32", "this GPU has no bfloat16"),
        ("float16", False, "float16", ""),
        ("float32", True, "float32", ""),
    ],
)
def test_a_gpu_computes_in_bfloat16_if_it_can(asked, bfloat16, dtype, why):
    """bfloat16 is the default where the GPU has it; float16, in which some sums overflow, only when asked for."""
    assert _dtype(asked, cuda=True, bfloat16=bfloat16) == (dtype, why)


@pytest.mark.skipif(find_spec("flash_attn") is not None, reason="flash-attn is installed")
def test_flash_attention_needs_its_package_and_half_precision():
    """What is lacking is named."""
    assert (
        _attention("flash_attention_2", cuda=True, dtype="float32")[1] == "flash attention does not compute in float32"
    )
    assert _attention("flash_attention_2", cuda=True, dtype="bfloat16") == (
        "sdpa",
        "the package flash-attn is not installed",
    )
    assert _attention("auto", cuda=True, dtype="bfloat16") == ("sdpa", "")
