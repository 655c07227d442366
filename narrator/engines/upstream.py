"""The official `qwen-tts` package, imported without the half of it that was never released."""

import importlib
import sys
import warnings
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from narrator.errors import MissingError

INSTALL = "pip install 'narrator[reference]'"
_UNRELEASED = "qwen_tts.core.tokenizer_25hz.modeling_qwen3_tts_tokenizer_v1"
"""The 25 Hz codec, of which no checkpoint exists. It alone wants torchaudio, sox, onnxruntime and einops, and
torchaudio's wheels do not load beside a CPU torch."""


def package() -> Any:
    """The module `qwen_tts`, quiet.

    Raises:
        MissingError: It, or something that it needs, is not installed.
    """
    if find_spec("qwen_tts") is None:
        raise MissingError("the package qwen-tts is not installed", hint=f"Run: {INSTALL}")
    if _UNRELEASED not in sys.modules:
        stub = ModuleType(_UNRELEASED)
        # Without a `config_class`, which AutoModel.register would compare.
        stub.Qwen3TTSTokenizerV1Model = type("Qwen3TTSTokenizerV1Model", (), {})  # type: ignore[attr-defined]
        sys.modules[_UNRELEASED] = stub
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside librosa and transformers are not ours to mend
            found = importlib.import_module("qwen_tts")
            importlib.import_module("transformers").logging.set_verbosity_error()
    except ImportError as error:
        raise MissingError(f"the package qwen-tts cannot be imported: {error}", hint=f"Run: {INSTALL}") from error
    return found
