"""The moment of receipt: now, or what a trusted proxy says, within what can be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from kern import klok
from kern.middleware import moment_van_ontvangst

NU = datetime(2021, 11, 8, 8, 0, 0, 500_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at() -> None:
    klok.zet(NU)


def received(header: str) -> datetime:
    """Return the moment for a request with this header."""
    return moment_van_ontvangst(RequestFactory().post("/", headers={"X-Request-Start": header}))


def test_without_setting_the_header_is_not_believed() -> None:
    assert received(f"t={NU.timestamp() - 2}") == NU


@pytest.mark.parametrize("prefix", ["t=", ""])
def test_the_moment_of_the_proxy_counts(settings: Any, prefix: str) -> None:
    settings.ONTVANGST_KOPREGEL = "X-Request-Start"
    assert received(f"{prefix}{NU.timestamp() - 2:.3f}") == NU - timedelta(seconds=2)
    assert received(f"{prefix}{NU.timestamp() - 120:.3f}") == NU - timedelta(seconds=120)


@pytest.mark.parametrize("header", ["", "t=", "gisteren", "t=nan", "t=inf", "t=1e99", "t=-1"])
def test_an_unreadable_moment_is_now(settings: Any, header: str) -> None:
    settings.ONTVANGST_KOPREGEL = "X-Request-Start"
    assert received(header) == NU


@pytest.mark.parametrize("seconds", [-0.001, 120.001])
def test_a_moment_that_cannot_be_is_now(settings: Any, seconds: float) -> None:
    settings.ONTVANGST_KOPREGEL = "X-Request-Start"
    assert received(f"t={NU.timestamp() - seconds:.3f}") == NU
