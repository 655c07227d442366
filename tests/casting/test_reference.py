"""Any recording of a voice becomes one kind of clip, or is refused with a reason."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from narrator.audio.files import decode
from narrator.casting.reference import FRAME, RATE_HZ, digest, named, prepare, prepared
from narrator.domain import Builtin, Cloned, Samples, VoiceProfile
from narrator.errors import ProjectError

KINDS = [
    ("wav", "pcm_s16le", "mono"), ("wav", "pcm_f32le", "stereo"), ("flac", "flac", "stereo"), ("mp3", "mp3", "mono"),
    ("mp3", "mp3", "stereo"), ("ogg", "libopus", "mono"), ("ogg", "vorbis", "stereo"), ("ipod", "aac", "mono"),
    ("ipod", "aac", "stereo"), ("adts", "aac", "mono"), ("webm", "libopus", "stereo"), ("aiff", "pcm_s24be", "mono"),
    ("caf", "pcm_s16le", "stereo"),
]  # fmt: skip


def speech(seconds: float, rate_hz: int = 48_000, *, level: float = 0.3) -> Samples:
    """Half a second of silence on either side of a voice that swells and fades."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    voice = sum(np.sin(2 * np.pi * n * 130 * at) / n for n in range(1, 9)) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * at))
    hush = np.zeros(rate_hz // 2)
    return np.asarray(np.concatenate([hush, level * 0.4 * np.asarray(voice), hush]), np.float32)


def file(samples: Samples, kind: str, codec: str, *, layout: str = "mono", rate_hz: int = 48_000) -> bytes:
    """A sound file, made by FFmpeg."""
    target = io.BytesIO()
    with av.open(target, "w", format=kind) as container:
        stream: Any = container.add_stream(codec, rate=rate_hz, options={"strict": "-2"})
        stream.layout = layout
        channels = samples if samples.ndim == 2 else samples[None]
        if layout == "stereo" and len(channels) == 1:
            channels = np.repeat(channels, 2, axis=0)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(channels, np.float32), format="fltp", layout=layout)
        frame.rate = rate_hz
        frame.pts = 0
        fit = av.AudioResampler(format=stream.format, layout=layout, rate=rate_hz, frame_size=stream.frame_size or 1024)
        for part in (*fit.resample(frame), *fit.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


def level_dbfs(samples: Samples) -> float:
    """RMS."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


@pytest.mark.parametrize(("kind", "codec", "layout"), KINDS, ids=lambda each: each)
def test_every_common_format_is_heard(kind, codec, layout):
    """Two seconds of voice in any format, mono or stereo, become the same clip but for what the format loses."""
    clip = prepare(file(speech(2.0), kind, codec, layout=layout), what="voices.mara")
    assert clip.dtype == np.float32
    assert len(clip) % FRAME == 0
    assert 2.4 < len(clip) / RATE_HZ < 2.8
    assert -21 < level_dbfs(clip[: 2 * RATE_HZ]) < -19
    assert np.abs(clip).max() <= 10 ** (-1 / 20)
    assert not clip[-round(0.45 * RATE_HZ) :].any()


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 24_000, 44_100, 96_000])
def test_every_rate_becomes_one(rate_hz):
    """The clip is 24 kHz, and as long, whatever the recording's rate."""
    clip = prepare(file(speech(1.5, rate_hz), "wav", "pcm_s16le", rate_hz=rate_hz), what="")
    assert 1.9 < len(clip) / RATE_HZ < 2.3


def test_what_is_a_clip_already_is_hardly_changed():
    """Level, length and sound of a prepared clip stay as they are when it is prepared again."""
    once = prepare((speech(2.0), 48_000), what="")
    twice = prepare((once, RATE_HZ), what="")
    assert abs(len(once) - len(twice)) <= FRAME
    assert abs(level_dbfs(once) - level_dbfs(twice)) < 0.5


def test_path_bytes_and_array_are_the_same_recording(tmp_path):
    """A file, its bytes and its samples give one clip; channels may stand beside one another."""
    samples = speech(1.2)
    data = file(samples, "wav", "pcm_f32le")
    path = tmp_path / "reed.wav"
    path.write_bytes(data)
    clip = prepare(path, what="")
    assert np.array_equal(clip, prepare(data, what=""))
    assert np.array_equal(clip, prepare((samples, 48_000), what=""))
    assert np.array_equal(clip, prepare((np.stack([samples, samples], axis=1), 48_000), what=""))


@pytest.mark.parametrize("level", [0.003, 0.05, 0.9])
def test_quiet_and_loud_recordings_come_out_alike(level):
    """The clip's level does not depend on the recording's."""
    clip = prepare((speech(2.0, level=level), 48_000), what="")
    assert -21 < level_dbfs(clip[: 2 * RATE_HZ]) < -19


def test_no_click_at_the_ends():
    """Sound comes in from nothing and goes out to nothing."""
    at = np.arange(2 * RATE_HZ) / RATE_HZ
    clip = prepare((np.cos(2 * np.pi * 200 * at).astype(np.float32), RATE_HZ), what="")
    assert abs(clip[0]) < 0.01
    assert np.abs(np.diff(clip)).max() < 0.05


def test_a_playlist_opens_nothing(tmp_path):
    """Playlists are refused by name, and what they name, file or address, is never opened."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    (tmp_path / "secret.wav").write_bytes(file(speech(1.5), "wav", "pcm_s16le"))
    try:
        for address in (f"http://127.0.0.1:{server.server_port}/x.wav", (tmp_path / "secret.wav").as_uri()):
            for text in _playlists(address):
                with pytest.raises(ProjectError, match=r"mara: (is a playlist|cannot be read)"):
                    prepare(text.encode(), what="mara")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []


def _playlists(address: str) -> Iterator[str]:
    yield f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n"
    yield f"\n\n#EXTM3U\n{address}\n"
    yield f"ffconcat version 1.0\nfile '{address}'\n"
    yield f"[playlist]\nFile1={address}\nNumberOfEntries=1\n"
    yield f"{address}\n"
    yield f'<asx version="3.0"><entry><ref href="{address}"/></entry></asx>'
    yield f'<?xml version="1.0"?><MPD><Period><BaseURL>{address}</BaseURL></Period></MPD>'
    yield f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 96\na={address}\n"


@pytest.mark.parametrize(
    ("recording", "message", "hint"),
    [
        (b"", "cannot be read as sound", "WAV, FLAC"),
        (b"Alice was beginning to get very tired " * 99, "cannot be read as sound", "WAV, FLAC"),
        ((np.zeros(RATE_HZ * 3, np.float32), RATE_HZ), "is silent", "channels may cancel"),
        ((speech(0.05), 48_000), "has 0.0", "3 s or more"),
        ((speech(0.8), 48_000), "has 0.8", "3 s or more"),
        ((np.full(RATE_HZ * 2, np.nan, np.float32), RATE_HZ), "not numbers", "Export"),
        ((np.zeros((2, 2, 2), np.float32), RATE_HZ), "3 dimensions", "n_channels"),
        ((np.zeros(RATE_HZ * 2, np.int16), RATE_HZ), "array of int16", "floating point"),
        ((np.zeros(8_000 * 601, np.float32), 8_000), "longer than 10 minutes", "ten to thirty seconds"),
    ],
)
def test_what_cannot_be_cloned_is_refused(recording, message, hint):
    """Each refusal names the voice, says what is wrong and what to do."""
    with pytest.raises(ProjectError) as refusal:
        prepare(recording, what="voices.mara: reed.wav")
    assert refusal.value.message.startswith("voices.mara: reed.wav: ")
    assert message in refusal.value.message
    assert hint in refusal.value.hint


def test_opposed_channels_are_silence():
    """Stereo whose channels cancel out is refused with that as a likely cause."""
    one = speech(2.0)
    with pytest.raises(ProjectError, match="is silent") as refusal:
        prepare(file(np.stack([one, -one]), "wav", "pcm_f32le", layout="stereo"), what="")
    assert "cancel" in refusal.value.hint


def test_a_long_file_is_refused_before_it_is_decoded_whole():
    """Eleven minutes are refused, whatever the format."""
    data = file(np.zeros(8_000 * 660, np.float32), "flac", "flac", rate_hz=8_000)
    with pytest.raises(ProjectError, match="longer than 10 minutes"):
        prepare(data, what="")


def test_a_video_without_sound_is_refused():
    """A file that FFmpeg reads and that has no sound in it says so."""
    target = io.BytesIO()
    with av.open(target, "w", format="matroska") as container:
        stream: Any = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode(None))
    with pytest.raises(ProjectError, match="has no sound in it"):
        prepare(target.getvalue(), what="")


@pytest.fixture
def mara(tmp_path) -> VoiceProfile:
    """A voice cloned from an MP3."""
    (tmp_path / "mara.mp3").write_bytes(file(speech(1.5), "mp3", "mp3"))
    return VoiceProfile(name="mara", source=Cloned(audio=tmp_path / "mara.mp3", transcript="Hello."))


def clone(voice: VoiceProfile) -> Cloned:
    """What a cloned voice is cloned from."""
    assert isinstance(voice.source, Cloned)
    return voice.source


def test_a_prepared_voice_is_the_same_voice(mara, tmp_path):
    """The clip lies in the folder under the recording's digest; it is made once, and again if it is gone."""
    folder = tmp_path / "prompts"
    original = clone(mara)
    ready = prepared(mara, folder)
    assert clone(ready).digest == clone(named(mara)).digest == digest(original.audio)
    assert (ready.name, clone(ready).transcript) == ("mara", "Hello.")
    (clip,) = folder.iterdir()
    assert clip == clone(ready).audio
    samples, rate_hz = decode(clip.read_bytes(), where="")
    assert rate_hz == RATE_HZ
    assert len(samples) % FRAME == 0
    assert np.abs(samples - prepare(original.audio, what="")).max() < 2**-22
    changed = clip.stat().st_mtime_ns
    assert prepared(mara, folder) == ready
    assert prepared(ready, folder) == ready
    assert clip.stat().st_mtime_ns == changed
    clip.unlink()
    assert prepared(mara, folder) == ready
    assert clip.exists()


def test_another_recording_is_another_voice(mara, tmp_path):
    """The digest is of the bytes: a copy has the same, a new recording under the old name another."""
    before, path = named(mara), clone(mara).audio
    copy = tmp_path / "copy.mp3"
    copy.write_bytes(path.read_bytes())
    assert digest(copy) == clone(before).digest
    path.write_bytes(file(speech(1.6), "mp3", "mp3"))
    assert clone(named(mara)).digest != clone(before).digest
    assert named(before) is before


def test_voices_without_a_recording_are_left_alone(tmp_path):
    """Only clones are prepared, and a recording that is gone is named."""
    emma = VoiceProfile(name="emma", source=Builtin(engine="kokoro", voice="bf_emma"))
    assert prepared(emma, tmp_path) is named(emma) is emma
    gone = VoiceProfile(name="gone", source=Cloned(audio=Path("nowhere.wav")))
    with pytest.raises(ProjectError, match=r"voices\.gone: nowhere\.wav: cannot be read"):
        named(gone)
