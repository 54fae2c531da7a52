"""Fixtures for all tests."""

import gc
from collections.abc import Iterator

import pytest
from django.db import connection

from kern import klok
from tests.hulp import basis, wereld

__all__ = ["basis", "wereld"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the modules that take long in front; what asks no database, or says so, runs once, with SQLite."""
    items.sort(key=lambda item: item.get_closest_marker("lang") is None)
    if connection.vendor != "postgresql":
        return
    config.hook.pytest_deselected(items=[item for item in items if _eenmaal(item)])
    items[:] = [item for item in items if not _eenmaal(item)]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the garbage collector what stays until the end: a sixth of the time went into looking through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _eenmaal(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "live_server"}
    databank = fixtures & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
    return not databank or item.get_closest_marker("een_databank") is not None


@pytest.fixture(autouse=True)
def _klok() -> Iterator[None]:
    """Let go of the clock after every test."""
    yield
    klok.laat_los()
