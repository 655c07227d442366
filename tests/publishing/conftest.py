"""Two mastered chapters, a cover and a label, made once."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from narrator.domain import BookTags, Cover, Master
from narrator.mastering import master
from narrator.publishing.encoding import Label
from narrator.settings.options import MasteringProfile, PauseOptions
from tests.audio.signals import take
from tests.mastering.lines import Shelf


@pytest.fixture(scope="session")
def chapters() -> tuple[Master, ...]:
    """Two short chapters as mastering hands them over, of lengths that are no multiples of anything."""
    shelves = [Shelf([take(2.0 + 0.37 * i, seed=10 * n + i) for i in range(3)]) for n in range(2)]
    return tuple(master(s.lines(), s.load, MasteringProfile(), PauseOptions()) for s in shelves)


def _picture(codec: str, pixels: str, media_type: str) -> Cover:
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width = encoder.height = 64
    encoder.pix_fmt = pixels
    encoder.framerate = Fraction(1)
    frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 90, dtype=np.uint8), format="rgb24")
    packets = [*encoder.encode(frame.reformat(format=pixels)), *encoder.encode(None)]
    return Cover(data=b"".join(bytes(packet) for packet in packets), media_type=media_type)


@pytest.fixture(scope="session")
def cover() -> Cover:
    """A JPEG."""
    return _picture("mjpeg", "yuvj420p", "image/jpeg")


@pytest.fixture(scope="session")
def png() -> Cover:
    """A PNG."""
    return _picture("png", "rgb24", "image/png")


@pytest.fixture(scope="session")
def tags() -> BookTags:
    """Everything a book can say of itself, beyond ASCII."""
    return BookTags(
        title="Älice “im” 終章",
        authors=("Lewis Carroll", "N. N."),
        narrator="Émma",
        publisher="Macmillan & Co",
        published="1865-11-26",
        description="A girl falls down a hole.",
        language="en",
        series="Wonderland",
        series_part="1",
        extra={"isbn": "9780000000000"},
    )


@pytest.fixture(scope="session")
def label(tags: BookTags, cover: Cover) -> Label:
    """The first chapter's."""
    return Label(book=tags, title="Down the Rabbit-Hole", number=1, n_chapters=12, cover=cover)


@pytest.fixture(scope="session")
def products(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for finished files."""
    return tmp_path_factory.mktemp("products")
