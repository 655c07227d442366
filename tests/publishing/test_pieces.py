"""A chapter that was encoded in pieces is the chapter."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from narrator.domain import BookTags, Cue, Master, Samples
from narrator.publishing import EncodedChapter, Label, bind
from narrator.publishing.chapters import MP3_FRAME, write_mp3
from narrator.publishing.encoding import PRODUCT_HZ
from narrator.publishing.m4b import FRAME, encode_chapter
from narrator.publishing.pieces import PIECE_S, QUIET_S, pieces, product_samples
from tests.audio.signals import speech

RATE = 24_000
LINE_S, PAUSE_S = 7.3, 0.45


def chapter(n_lines: int, pause_s: float = PAUSE_S, *, cued: bool = True) -> Master:
    """Lines with silence between them; `cued` says where they are."""
    parts, cues, at = list[Samples](), list[Cue](), 0.0
    for n in range(n_lines):
        parts += [speech(LINE_S, RATE, seed=n), np.zeros(round(pause_s * RATE), np.float32)]
        cues.append(Cue(address=str(n), text="", character="", start_s=at, end_s=at + LINE_S))
        at += LINE_S + pause_s
    samples = np.concatenate(parts)
    return Master(
        samples=samples,
        sample_rate_hz=RATE,
        cues=tuple(cues) if cued else (),
        loudness_lufs=-19.0,
        true_peak_dbtp=-4.0,
    )


def decoded(path: Path) -> Samples:
    """All samples of a file."""
    with av.open(path) as file:
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


@pytest.mark.parametrize("n_frame", [FRAME, MP3_FRAME])
def test_pieces_are_cut_in_silence(n_frame: int) -> None:
    """Each piece but the last lasts a minute or a line more, and every cut is deep in a silence."""
    master = chapter(30)
    cut = pieces(master, n_frame)
    assert len(cut) == 3
    assert cut[0].first == 0
    assert cut[-1].end is None
    assert all(before.end == after.first for before, after in pairwise(cut))
    for piece in cut[1:]:
        at = round(piece.first * n_frame / PRODUCT_HZ * RATE)
        assert not master.samples[at - 2000 : at + 2000].any()
    starts_s = [piece.first * n_frame / PRODUCT_HZ for piece in cut] + [master.seconds]
    assert all(after - before >= PIECE_S for before, after in pairwise(starts_s))


def test_a_chapter_without_a_place_to_cut_is_one_piece() -> None:
    """Short chapters, and those whose lines follow close on each other, are encoded in one go."""
    assert len(pieces(chapter(12), FRAME)) == 1
    assert len(pieces(chapter(30, pause_s=QUIET_S / 2), FRAME)) == 1


def test_any_part_is_resampled_like_the_whole() -> None:
    """Samples of the product do not depend on where a piece begins."""
    master = chapter(3)
    whole = np.concatenate(list(product_samples(master, 0, None)))
    assert len(whole) == pytest.approx(master.seconds * PRODUCT_HZ, abs=1)
    for first, end in ((0, 5000), (100_000, 300_001), (700_123, None)):
        part = np.concatenate(list(product_samples(master, first, end)))
        np.testing.assert_allclose(part, whole[first:end], atol=1e-6)


def test_a_frugal_mp3_is_encoded_in_one_go(tmp_path: Path) -> None:
    """At a low rate frames live on what others leave over: with and without places to cut, the file is the same."""
    label = Label(book=BookTags(title="Book"), title="One", number=1, n_chapters=1)
    for name, cued in (("cued", True), ("not", False)):
        write_mp3(chapter(18, cued=cued), label, tmp_path / name, bitrate_kbps=64)
    assert (tmp_path / "cued").read_bytes() == (tmp_path / "not").read_bytes()


def error_db(heard: Samples, meant: Samples) -> float:
    """Coding error against the signal, where both are."""
    n = min(len(heard), len(meant))
    return float(10 * np.log10(np.sum((heard[:n] - meant[:n]) ** 2) / np.sum(meant[:n] ** 2)))


@pytest.mark.parametrize("kind", ["mp3", "m4b"])
def test_pieces_sound_like_the_whole(tmp_path: Path, kind: str) -> None:
    """As long to the sample, as near to the master over all and around each cut, and silent where it was cut."""
    files = {}
    for name, master in (("pieces", chapter(30)), ("whole", chapter(30, cued=False))):
        files[name] = tmp_path / f"{name}.{kind}"
        if kind == "mp3":
            label = Label(book=BookTags(title="Book"), title="One", number=1, n_chapters=1)
            write_mp3(master, label, files[name])
        else:
            encode_chapter(master, tmp_path / f"{name}.m4a")
            bind(
                [EncodedChapter(path=tmp_path / f"{name}.m4a", title="One")], BookTags(title="Book"), None, files[name]
            )
    master, heard, whole = chapter(30), decoded(files["pieces"]), decoded(files["whole"])
    meant = np.concatenate(list(product_samples(master, 0, None)))
    assert len(heard) == len(whole)
    assert error_db(heard, meant) == pytest.approx(error_db(whole, meant), abs=0.2)
    n_frame = MP3_FRAME if kind == "mp3" else FRAME
    for piece in pieces(master, n_frame)[1:]:
        at = piece.first * n_frame
        assert np.abs(heard[at - 2 * n_frame : at + 2 * n_frame]).max() < 1e-4
        around = slice(at - PRODUCT_HZ, at + PRODUCT_HZ)
        assert error_db(heard[around], meant[around]) < error_db(whole[around], meant[around]) + 1.0
