"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real books and gold sets that lie beside the checkout on some machines; elsewhere the test skips."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the collection of real books (../shared/data) is not on this machine")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--save-golden` rewrites the expected files of the golden folders; the review is the diff."""
    parser.addoption("--save-golden", action="store_true", default=False, help="rewrite tests/golden")


@pytest.fixture
def save_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--save-golden"))


os.environ.setdefault("HF_HUB_OFFLINE", "1")
