from dataclasses import replace

import av
import numpy as np
import pytest

from narrator.domain import BookTags, Master, Samples
from narrator.mastering.dynamics import CODEC_HEADROOM_DB
from narrator.publishing.checks import measure
from narrator.publishing.encoding import product_blocks
from narrator.publishing.m4b import FRAME, EncodedChapter, bind, encode_chapter
from tests.publishing.judges import decoded_samples, ebur128, ffprobe, mediainfo, tag

TITLES = ("Down the Rabbit-Hole", "The Pool of Tears – 終章")


@pytest.fixture(scope="module")
def encoded(chapters, products):
    """Both chapters as intermediates."""
    made = [EncodedChapter(path=products / f"{i}.m4a", title=title) for i, title in enumerate(TITLES)]
    for chapter, master in zip(made, chapters, strict=True):
        encode_chapter(master, chapter.path)
    return made


@pytest.fixture(scope="module")
def book(encoded, tags, cover, products):
    """The bound book and its marks."""
    return products / "book.m4b", bind(encoded, tags, cover, products / "book.m4b")


def padded(master: Master) -> Samples:
    """A chapter as its encoder received it."""
    samples = np.concatenate(list(product_blocks(master)))
    return np.pad(samples, (0, -len(samples) % FRAME))


def test_the_book_is_its_chapters_to_the_sample(book, chapters):
    """Decoding gives exactly the chapters' padded samples one after another, at the same places."""
    path, marks = book
    with av.open(path) as file:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    meant = np.concatenate([padded(master) for master in chapters])
    assert len(heard) == len(meant) == decoded_samples(path)
    for mark in marks:
        start, end = round(mark.start_s * 44_100), round(mark.end_s * 44_100)
        here = meant[start : end - 4096]
        error = {
            lag: np.mean((heard[start + lag + 4096 :][: len(here) - 4096] - here[4096:]) ** 2)
            for lag in (0, 1, 512, 1024)
        }
        assert min(error, key=error.__getitem__) == 0
        assert error[0] < 0.1 * np.mean(here**2)


def test_marks_lie_within_a_frame_of_the_masters(book, chapters):
    """Each chapter is at most 24 ms longer than its master, and starts where the one before it ends."""
    _, marks = book
    assert marks[0].start_s == 0
    assert marks[1].start_s == marks[0].end_s
    for mark, master in zip(marks, chapters, strict=True):
        assert 0 <= mark.end_s - mark.start_s - master.seconds < FRAME / 44_100


def test_ffprobe_reads_chapters_to_the_millisecond(book):
    """Titles and times of all chapters are what was bound."""
    path, marks = book
    found = [(c["tags"]["title"], float(c["start_time"]), float(c["end_time"])) for c in ffprobe(path)["chapters"]]
    meant = [(mark.title, mark.start_s, mark.end_s) for mark in marks]
    assert [title for title, *_ in found] == list(TITLES)
    for (_, start, end), (_, meant_start, meant_end) in zip(found, meant, strict=True):
        assert start == pytest.approx(meant_start, abs=0.00051)
        assert end == pytest.approx(meant_end, abs=0.00051)


def test_ffprobe_reads_tags_and_cover(book):
    """What Audiobookshelf reads through ffprobe is all there, the tags that FFmpeg cannot write included."""
    probed = ffprobe(book[0])
    expected = {
        "title": "Älice “im” 終章",
        "album": "Älice “im” 終章",
        "artist": "Lewis Carroll, N. N.",
        "album_artist": "Lewis Carroll, N. N.",
        "composer": "Émma",
        "date": "1865-11-26",
        "description": "A girl falls down a hole.",
        "publisher": "Macmillan & Co",
        "language": "en",
        "series": "Wonderland",
        "series-part": "1",
        "isbn": "9780000000000",
        "media_type": "2",
        "major_brand": "M4B ",
    }
    assert {name: tag(probed, name) for name in expected} == expected
    assert [s["codec_type"] for s in probed["streams"] if s["disposition"]["attached_pic"]] == ["video"]


def test_mediainfo_sees_an_audiobook(book):
    """Apple's players see an audiobook with a cover, a narrator, and chapters in both forms."""
    seen = mediainfo(book[0])
    for fact in (
        "ContentType                              : Audiobook",
        "Cover                                    : Yes",
    ):
        assert fact in seen
    assert "Menu #1" in seen
    assert "Menu #2" in seen
    assert seen.count(TITLES[1]) == 2
    assert "Émma" in seen.split("nrt", 1)[1].splitlines()[0]


def test_ffmpeg_hears_the_profile(book):
    """A third party measures -19 LUFS within 0.3 and at most -3.3 dBTP."""
    lufs, dbtp = ebur128(book[0])
    assert lufs == pytest.approx(-19, abs=0.3)
    assert dbtp <= -3.3


def test_encoding_again_is_the_same(encoded, chapters, tmp_path):
    """Equal chapters give equal intermediates, byte for byte."""
    encode_chapter(chapters[1], tmp_path / "1.m4a")
    assert (tmp_path / "1.m4a").read_bytes() == encoded[1].path.read_bytes()


def test_binding_again_is_the_same(book, encoded, tags, cover, tmp_path):
    """Equal chapters give equal books, byte for byte."""
    bind(encoded, tags, cover, tmp_path / "book.m4b")
    assert (tmp_path / "book.m4b").read_bytes() == book[0].read_bytes()


def test_coding_adds_little_to_the_peaks(encoded, chapters):
    """The decoded chapters keep the ceiling of their profile: the coder takes less than the headroom left to it."""
    for chapter, master in zip(encoded, chapters, strict=True):
        assert measure(chapter.path).true_peak_dbtp - master.true_peak_dbtp < CODEC_HEADROOM_DB


@pytest.mark.parametrize(("n_chapters", "n_forms"), [(255, 2), (256, 1)])
def test_no_chapter_is_lost_to_the_nero_form(n_chapters, n_forms, chapters, tags, tmp_path):
    """Beyond 255 chapters only QuickTime's form is written, which holds them all."""
    encode_chapter(replace(chapters[0], samples=chapters[0].samples[:4800]), tmp_path / "short.m4a")
    many = [EncodedChapter(path=tmp_path / "short.m4a", title=f"{i}") for i in range(n_chapters)]
    bind(many, tags, None, tmp_path / "long.m4b")
    assert len(ffprobe(tmp_path / "long.m4b")["chapters"]) == n_chapters
    assert ((tmp_path / "long.m4b").read_bytes().count(b"chpl")) == n_forms - 1


def test_a_book_of_one_chapter_and_few_words(encoded, tmp_path):
    """A title is enough to bind a book."""
    bind(encoded[:1], BookTags(title="T"), None, tmp_path / "t.m4b")
    probed = ffprobe(tmp_path / "t.m4b")
    assert tag(probed, "title") == "T"
    assert tag(probed, "artist") is None
    assert len(probed["chapters"]) == 1
