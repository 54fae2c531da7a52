"""Fixtures for all tests."""

from collections.abc import Iterator

import pytest

from kern import klok
from tests import bouw


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the modules that take long in front."""
    items.sort(key=lambda item: item.get_closest_marker("lang") is None)


@pytest.fixture(autouse=True)
def _klok() -> Iterator[None]:
    """Let go of the clock after every test."""
    yield
    klok.laat_los()


@pytest.fixture
def wereld(db: None) -> bouw.Wereld:
    """Give the published call with its cast; the clock stands in the open round."""
    return bouw.wereld()
