from dataclasses import replace

import pytest

from narrator.domain import Cover
from narrator.errors import ProjectError
from narrator.publishing.chapters import write_flac, write_mp3
from narrator.publishing.checks import measure
from tests.publishing.judges import decoded_samples, ebur128, ffprobe, mediainfo, tag

WRITERS = [(write_mp3, "mp3"), (write_flac, "flac")]


@pytest.fixture(scope="module")
def written(chapters, label, products):
    """The first chapter in both formats."""
    for write, suffix in WRITERS:
        write(chapters[0], label, products / f"01.{suffix}")
    return {suffix: products / f"01.{suffix}" for _, suffix in WRITERS}


@pytest.mark.parametrize("suffix", ["mp3", "flac"])
def test_a_chapter_sounds_as_it_was_mastered(suffix, written, chapters):
    """The decoded file has the master's length to a millisecond and its loudness to 0.1 LU, under the ceiling."""
    found = measure(written[suffix])
    assert found.seconds == pytest.approx(chapters[0].seconds, abs=0.001)
    assert found.loudness_lufs == pytest.approx(chapters[0].loudness_lufs, abs=0.1)
    assert found.true_peak_dbtp <= -3.5
    assert found.sample_rate_hz == 44_100


@pytest.mark.parametrize("suffix", ["mp3", "flac"])
def test_ffmpeg_hears_the_profile(suffix, written, chapters):
    """A third party measures -19 LUFS within 0.3 and at most -3.3 dBTP, and decodes every sample."""
    lufs, dbtp = ebur128(written[suffix])
    assert lufs == pytest.approx(-19, abs=0.3)
    assert dbtp <= -3.3
    assert decoded_samples(written[suffix]) / 44_100 == pytest.approx(chapters[0].seconds, abs=0.001)


@pytest.mark.parametrize("kbps", [64, 128, 160, 192, 224, 256, 320])
def test_lame_turns_nothing_down(kbps, chapters, label, tmp_path):
    """At every constant bit rate the decoded MP3 is as loud as the master, within 0.1 LU."""
    write_mp3(chapters[1], label, tmp_path / "x.mp3", bitrate_kbps=kbps)
    assert measure(tmp_path / "x.mp3").loudness_lufs == pytest.approx(chapters[1].loudness_lufs, abs=0.1)


@pytest.mark.parametrize("suffix", ["mp3", "flac"])
def test_ffprobe_reads_tags_and_cover(suffix, written):
    """Title, book, author, narrator, place and picture are all there."""
    probed = ffprobe(written[suffix])
    assert tag(probed, "title") == "Down the Rabbit-Hole"
    assert tag(probed, "album") == "Älice “im” 終章"
    assert tag(probed, "artist") == tag(probed, "album_artist") == "Lewis Carroll, N. N."
    assert tag(probed, "composer") == "Émma"
    assert tag(probed, "track") == "1/12"
    assert tag(probed, "date") == "1865-11-26"
    assert tag(probed, "publisher") == "Macmillan & Co"
    assert tag(probed, "genre") == "Audiobook"
    assert tag(probed, "comment") == "A girl falls down a hole."
    assert [s["disposition"]["attached_pic"] for s in probed["streams"]] == [0, 1]


def test_mediainfo_sees_a_constant_bit_rate(written):
    """MP3 is constant at 192 kbit/s, mono, 44.1 kHz, with a cover."""
    seen = mediainfo(written["mp3"])
    for fact in ("Constant", "192 kb/s", "1 channel", "44.1 kHz", "Cover (front)"):
        assert fact in seen


def test_flac_keeps_24_bits(written):
    """The archive format loses nothing that can be heard."""
    assert ffprobe(written["flac"])["streams"][0]["bits_per_raw_sample"] == "24"


@pytest.mark.parametrize("write", [write_mp3, write_flac])
def test_equal_chapters_are_equal_files(write, chapters, label, tmp_path):
    """A second encoding is the same, byte for byte."""
    one, two = (tmp_path / f"{n}" for n in range(2))
    write(chapters[0], label, one)
    write(chapters[0], label, two)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("write", [write_mp3, write_flac])
def test_a_png_is_a_cover_too(write, chapters, label, png, tmp_path):
    """A PNG is attached as it is, whatever the book called it."""
    write(chapters[1], replace(label, cover=replace(png, media_type="image/jpeg")), tmp_path / "x")
    assert ffprobe(tmp_path / "x")["streams"][1]["codec_name"] == "png"


def test_a_book_without_a_cover_has_none(chapters, label, tmp_path):
    """Without a picture there is one stream and no error."""
    write_mp3(chapters[1], replace(label, cover=None), tmp_path / "x.mp3")
    assert len(ffprobe(tmp_path / "x.mp3")["streams"]) == 1


@pytest.mark.parametrize("data", [b"", b"no picture" * 20, b"\xff\xd8\xff" + b"no picture" * 20, b"\x89PNG"])
def test_a_cover_that_is_none_is_said(data, chapters, label, tmp_path):
    """Bytes that are no picture are an error with a next step, and no file is left behind."""
    broken = replace(label, cover=Cover(data=data, media_type="image/jpeg"))
    with pytest.raises(ProjectError, match="cover"):
        write_mp3(chapters[1], broken, tmp_path / "x.mp3")
    assert list(tmp_path.iterdir()) == []
