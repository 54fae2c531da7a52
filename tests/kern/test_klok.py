"""The one clock."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from kern import klok


def test_follows_real_time_in_utc_until_it_is_set():
    voor = datetime.now(UTC)
    nu = klok.nu()
    assert voor <= nu <= datetime.now(UTC)
    assert nu.tzinfo is UTC
    assert not klok.nagespeeld()


def test_stands_still_when_set_and_is_marked():
    klok.zet(klok.brussel(2021, 11, 8, 9))
    assert klok.nu() == klok.nu() == datetime(2021, 11, 8, 8, tzinfo=UTC)
    assert klok.nu().tzinfo is UTC
    assert klok.nagespeeld()
    klok.laat_los()
    assert not klok.nagespeeld()
    assert klok.nu() > datetime(2025, 1, 1, tzinfo=UTC)


def test_refuses_a_moment_without_zone_and_stays_as_it_was():
    with pytest.raises(ValueError, match=r"^De klok vraagt een moment met tijdzone\.$"):
        klok.zet(datetime(2021, 11, 8, 9))  # noqa: DTZ001 - without a zone on purpose
    assert not klok.nagespeeld()


def test_block_gives_back_the_moment_before_it_also_after_an_error():
    eerst, dan = klok.brussel(2021, 1, 1), klok.brussel(2022, 1, 1)
    klok.zet(eerst)
    with suppress(RuntimeError), klok.op(dan):
        assert klok.nu() == dan
        raise RuntimeError
    assert klok.nu() == eerst
    klok.laat_los()
    with klok.op(dan):
        assert klok.nagespeeld()
    assert not klok.nagespeeld()


@pytest.mark.parametrize(
    ("moment", "dag"),
    [
        (datetime(2021, 12, 31, 22, 59, 59, tzinfo=UTC), date(2021, 12, 31)),
        (datetime(2021, 12, 31, 23, 0, tzinfo=UTC), date(2022, 1, 1)),
        (datetime(2021, 6, 30, 22, 0, tzinfo=UTC), date(2021, 7, 1)),
    ],
)
def test_today_is_the_day_in_brussels(moment, dag):
    with klok.op(moment):
        assert klok.vandaag() == dag


def test_the_wall_clock_of_brussels_knows_summer_and_winter():
    assert klok.brussel(2021, 7, 1, 12).utcoffset() == timedelta(hours=2)
    assert klok.brussel(2021, 11, 8, 9).utcoffset() == timedelta(hours=1)
