"""Two mastered chapters, a cover and a label, made once."""

from pathlib import Path

import pytest

from narrator.domain import BookTags, Cover, Master
from narrator.mastering import master
from narrator.publishing.encoding import Label
from narrator.settings.options import MasteringProfile, PauseOptions
from tests.audio.signals import take
from tests.mastering.lines import Shelf
from tests.pictures import JPEG, PNG


@pytest.fixture(scope="session")
def chapters() -> tuple[Master, ...]:
    """Two short chapters as mastering hands them over, of lengths that are no multiples of anything."""
    shelves = [Shelf([take(2.0 + 0.37 * i, seed=10 * n + i) for i in range(3)]) for n in range(2)]
    return tuple(master(s.lines(), s.load, MasteringProfile(), PauseOptions()) for s in shelves)


@pytest.fixture(scope="session")
def cover() -> Cover:
    """A JPEG."""
    return Cover(data=JPEG, media_type="image/jpeg")


@pytest.fixture(scope="session")
def png() -> Cover:
    """A PNG."""
    return Cover(data=PNG, media_type="image/png")


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
