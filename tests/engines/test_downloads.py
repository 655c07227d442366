"""A download that breaks off goes on, and nothing half-downloaded counts as present."""

import base64
import hashlib
import json
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from narrator.engines import inventory
from narrator.engines.downloads import NEEDED, from_address, from_library, lacking, named
from narrator.errors import LockedError, MissingError, UsageError
from narrator.settings.options import EngineOptions
from narrator.transfers import PARTIAL, Wanted, fetch
from tests.mirrors import Mirror, serving


def weights(n_bytes: int, fill: int = 7) -> bytes:
    """A safetensors file."""
    header = json.dumps({"t": {"dtype": "U8", "shape": [n_bytes], "data_offsets": [0, n_bytes]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes([fill]) * n_bytes


def contents() -> dict[str, bytes]:
    """The files of a checkpoint."""
    made = {name: name.encode() for name in NEEDED}
    made["config.json"] = json.dumps({"tts_model_type": "base", "tts_model_size": "1b7"}).encode()
    made["model.safetensors"] = weights(300_000)
    made["speech_tokenizer/model.safetensors"] = weights(1000)
    return made


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """A server with a whole checkpoint."""
    with serving(Mirror(files=contents())) as made:
        yield made


def quiet(_name: str, _here: int, _total: int) -> None:
    """Nobody looks."""


def get(mirror: Mirror, into: Path) -> Path:
    """Fetch what the mirror has, without waiting between tries."""
    return from_address(mirror.address, into, quiet, pause_s=0)


def ranges(mirror: Mirror) -> list[str]:
    """What was asked of the weights, in order."""
    return [wanted for name, wanted in mirror.asked if name == "model.safetensors"]


def test_a_checkpoint_comes_whole_and_under_its_name(mirror, tmp_path):
    """The files are those of the server, in a folder named as the repository; the engine finds it there."""
    seen = []
    folder = from_address(mirror.address, tmp_path, lambda *told: seen.append(told), pause_s=0)
    assert folder == tmp_path / "Qwen3-TTS-12Hz-1.7B-Base"
    assert {name: (folder / name).read_bytes() for name in NEEDED} == mirror.files
    assert lacking(folder) == ()
    total = len(mirror.files["model.safetensors"])
    assert ("model.safetensors", total, total) in seen
    found = inventory.model(EngineOptions(source=str(tmp_path)), "base")
    assert (found.here, found.n_bytes) == (True, sum(map(len, mirror.files.values())))
    assert len(found.revision) == 16


def test_a_download_that_breaks_off_goes_on(mirror, tmp_path):
    """Each try asks for what is missing only, and the bytes are right in the end."""
    mirror.breaks = [100_000, 50_000, 20_000]
    folder = get(mirror, tmp_path)
    assert (folder / "model.safetensors").read_bytes() == mirror.files["model.safetensors"]
    assert ranges(mirror) == ["", "bytes=99999-", "bytes=149998-", "bytes=169997-"]
    assert not list(folder.rglob(f"*{PARTIAL}"))


def test_what_broke_off_for_good_is_kept_and_counts_as_nothing(mirror, tmp_path):
    """After the last try there is a partial file, no checkpoint, and the next command goes on from there."""
    mirror.breaks = [100_000, *[0] * 20]
    with pytest.raises(MissingError, match="breaks off again and again") as refusal:
        get(mirror, tmp_path)
    assert "goes on" in refusal.value.hint
    folder = tmp_path / "Qwen3-TTS-12Hz-1.7B-Base"
    assert not (folder / "model.safetensors").exists()
    assert not (folder / "config.json").exists()
    assert not inventory.model(EngineOptions(source=str(tmp_path)), "base").here
    mirror.breaks, mirror.asked = [], []
    assert lacking(get(mirror, tmp_path)) == ()
    assert ranges(mirror) == ["bytes=99999-"]


def test_a_file_that_changed_meanwhile_starts_over(mirror, tmp_path):
    """Bytes of two versions never make one file."""
    mirror.breaks = [100_000, *[0] * 20]
    with pytest.raises(MissingError):
        get(mirror, tmp_path)
    mirror.breaks, mirror.files["model.safetensors"] = [], weights(250_000, fill=9)
    folder = get(mirror, tmp_path)
    assert (folder / "model.safetensors").read_bytes() == weights(250_000, fill=9)
    assert not list(folder.rglob(f"*{PARTIAL}"))


def test_a_server_without_ranges_starts_over(mirror, tmp_path):
    """An answer from the beginning replaces what was there."""
    mirror.breaks, mirror.ranges = [100_000], False
    assert (get(mirror, tmp_path) / "model.safetensors").read_bytes() == mirror.files["model.safetensors"]


def test_a_digest_that_the_server_says_is_verified(mirror, tmp_path):
    """Bytes of another digest are thrown away; those of the right one are taken."""
    right = hashlib.sha256(mirror.files["model.safetensors"]).digest()
    mirror.digest = base64.b64encode(right[::-1]).decode()
    with pytest.raises(MissingError, match="sha256"):
        get(mirror, tmp_path)
    assert not list(tmp_path.rglob("model.safetensors*"))
    mirror.digest = base64.b64encode(right).decode()
    assert lacking(get(mirror, tmp_path)) == ()


def test_weights_that_end_before_their_own_table_says_are_refused(mirror, tmp_path):
    """A file cut short on the server is not taken for whole."""
    mirror.files["model.safetensors"] = mirror.files["model.safetensors"][:-1]
    with pytest.raises(MissingError, match="no whole safetensors"):
        get(mirror, tmp_path)
    assert not list(tmp_path.rglob("model.safetensors*"))


def test_a_missing_file_is_named_at_once(mirror, tmp_path):
    """A server without the vocabulary is not asked again and again."""
    del mirror.files["vocab.json"]
    with pytest.raises(MissingError, match=r"vocab\.json: the server has no such file"):
        get(mirror, tmp_path)
    assert [name for name, _ in mirror.asked].count("vocab.json") == 1


def test_two_commands_do_not_write_one_file(mirror, tmp_path):
    """A file that another command is fetching is left to it."""
    inner: list[type] = []

    def again(_name: str, here: int, _total: int) -> None:
        if here == 0:
            with pytest.raises(LockedError) as refusal:
                fetch(wanted, quiet, 0)
            inner.append(refusal.type)

    wanted = Wanted(address=f"{mirror.address}vocab.json", target=tmp_path / "vocab.json", name="vocab.json")
    fetch(wanted, again, 0)
    assert inner == [LockedError]
    assert wanted.target.read_bytes() == b"vocab.json"


def test_another_model_is_refused(mirror, tmp_path):
    """A config of something else stops the download before its gigabytes."""
    mirror.files["config.json"] = b'{"model_type": "llama"}'
    with pytest.raises(MissingError, match="not of a Qwen3-TTS model"):
        get(mirror, tmp_path)
    assert [name for name, _ in mirror.asked] == ["config.json"]


@pytest.mark.parametrize("address", ["file:///etc/", "ftp://host/model/", "models"])
def test_only_web_addresses_are_fetched(address, tmp_path):
    """A file, another protocol or a word is no address."""
    with pytest.raises(UsageError, match="is no address"):
        from_address(address, tmp_path, quiet)


def test_pickled_weights_are_refused(tmp_path):
    """Names and addresses of files that can run code are not fetched."""
    with pytest.raises(UsageError, match="not fetched") as refusal:
        from_address("http://host/pytorch_model.bin", tmp_path, quiet)
    assert "safetensors" in refusal.value.hint
    with pytest.raises(UsageError, match="not fetched"):
        named("someone/model.pt", "1.7b")


@pytest.mark.parametrize(
    ("word", "size", "name"),
    [
        ("base", "0.6b", "Qwen/Qwen3-TTS-12Hz-0.6B-Base"),
        ("custom-voice", "1.7b", "Qwen/Qwen3-TTS-12Hz-1.7B-CustomVoice"),
        ("voice_design", "0.6b", "Qwen/Qwen3-TTS-12Hz-1.7B-VoiceDesign"),
        ("qwen3-tts-12hz-0.6b-base", "1.7b", "Qwen/Qwen3-TTS-12Hz-0.6B-Base"),
        ("someone/their-voice", "1.7b", "someone/their-voice"),
    ],
)
def test_models_are_named_by_kind_or_repository(word, size, name):
    """Kinds go with a size; a repository is itself."""
    assert named(word, size) == name


def test_an_unknown_name_is_refused():
    """The message lists what there is."""
    with pytest.raises(UsageError, match="no model is called 'large'") as refusal:
        named("large", "1.7b")
    assert "voice_design" in refusal.value.hint


class Hub:
    """A hub whose package brings some files."""

    def __init__(self, folder: Path, files: dict[str, bytes]) -> None:
        self.folder, self.files, self.patterns = folder, files, [""]

    def snapshot_download(self, name: str, *, revision: str | None, allow_patterns: list[str]) -> str:
        """As huggingface_hub and modelscope spell it."""
        if name == "no/body":
            raise OSError("401 Client Error\nRequest ID: 1")
        self.patterns = allow_patterns
        made = self.folder / (revision or "newest")
        for file, data in self.files.items():
            if file in allow_patterns:
                (made / file).parent.mkdir(parents=True, exist_ok=True)
                (made / file).write_bytes(data)
        return str(made)


def test_a_hub_s_package_is_asked_for_safetensors_only(tmp_path):
    """Pickles beside the weights are not asked for, and a revision is passed on."""
    hub = Hub(tmp_path, {**contents(), "pytorch_model.bin": b"code"})
    folder = from_library("Qwen/x", "hub", "abc", hub)
    assert folder.name == "abc"
    assert not (folder / "pytorch_model.bin").exists()
    assert not any(pattern.endswith((".bin", ".pt", "*")) for pattern in hub.patterns)


def test_a_hub_that_fails_or_has_pickles_only_is_told(tmp_path):
    """An error is one line with the other hub as a hint; a repository without safetensors is not whole."""
    with pytest.raises(MissingError, match="no/body could not be fetched") as refusal:
        from_library("no/body", "hub", "", Hub(tmp_path, {}))
    assert refusal.value.message.endswith("401 Client Error")
    assert "--source modelscope" in refusal.value.hint
    pickles = contents()
    pickles["pytorch_model.bin"] = pickles.pop("model.safetensors")
    with pytest.raises(MissingError, match=r"lacks model\.safetensors"):
        from_library("a/b", "modelscope", "", Hub(tmp_path, pickles))
