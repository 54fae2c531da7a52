"""Template filters: amounts and moments as Flemings write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template

from kern import klok
from kern.klok import BRUSSEL
from kern.templatetags import loket


@pytest.mark.parametrize(
    ("cent", "tekst", "kort"),
    [
        (None, "", ""),
        (0, "€\u00a00,00", "€\u00a00"),
        (123456, "€\u00a01.234,56", "€\u00a01.234,56"),
        (1_350_000_000, "€\u00a013.500.000,00", "€\u00a013.500.000"),
        (-5, "€\u00a0-0,05", "€\u00a0-0,05"),
        (-500, "€\u00a0-5,00", "€\u00a0-5"),
    ],
)
def test_amount(cent, tekst, kort):
    assert loket.euro(cent) == tekst
    assert loket.euro_kort(cent) == kort
    assert loket.getal(cent) == tekst.removeprefix("€\u00a0")


@pytest.mark.parametrize(
    ("moment", "tekst", "zone"),
    [
        (klok.brussel(2021, 11, 8, 9), "maandag 8 november 2021 om 9.00 uur", "wintertijd"),
        (datetime(2021, 6, 30, 22, 5, tzinfo=UTC), "donderdag 1 juli 2021 om 0.05 uur", "zomertijd"),
        (datetime(2021, 10, 31, 0, 30, tzinfo=UTC), "zondag 31 oktober 2021 om 2.30 uur", "zomertijd"),
        (datetime(2021, 10, 31, 1, 30, tzinfo=UTC), "zondag 31 oktober 2021 om 2.30 uur", "wintertijd"),
        (datetime(2021, 10, 31, 2, 30, tzinfo=BRUSSEL, fold=1), "zondag 31 oktober 2021 om 2.30 uur", "wintertijd"),
    ],
)
def test_moment_and_zone(moment, tekst, zone):
    assert (loket.moment(moment), loket.zone(moment)) == (tekst, zone)


@pytest.mark.parametrize(
    ("waarde", "tekst"),
    [
        (None, ""),
        (date(2022, 3, 1), "1 maart 2022"),
        (datetime(2021, 12, 31, 23, 0, tzinfo=UTC), "1 januari 2022"),
    ],
)
def test_day(waarde, tekst):
    assert loket.dag(waarde) == tekst


def test_no_moment_is_nothing():
    assert loket.moment(None) == ""


@pytest.mark.parametrize(
    ("over", "tekst"),
    [
        (timedelta(days=3, hours=4, minutes=59), "nog 3 dagen en 4 uur"),
        (timedelta(days=1), "nog 1 dag en 0 uur"),
        (timedelta(hours=23, minutes=59, seconds=59), "nog 23 uur en 59 minuten"),
        (timedelta(hours=1, minutes=1), "nog 1 uur en 1 minuut"),
        (timedelta(minutes=59, seconds=59), "nog 59 minuten"),
        (timedelta(minutes=1), "nog 1 minuut"),
        (timedelta(seconds=59), "nog minder dan een minuut"),
        (timedelta(seconds=1), "nog minder dan een minuut"),
        (timedelta(microseconds=1), "nog minder dan een minuut"),
        (timedelta(0), "afgelopen"),
        (timedelta(seconds=-1), "afgelopen"),
        (timedelta(days=-400), "afgelopen"),
    ],
)
def test_time_left(over, tekst):
    nu = klok.brussel(2021, 11, 8, 9)
    with klok.op(nu):
        assert loket.resterend(nu + over) == tekst


def test_time_left_counts_real_hours_when_the_clocks_change():
    with klok.op(klok.brussel(2021, 10, 31, 0)):
        assert loket.resterend(klok.brussel(2021, 10, 31, 9)) == "nog 10 uur en 0 minuten"


@pytest.mark.parametrize(
    ("over", "verwacht"),
    [
        (timedelta(days=3), False),
        (timedelta(days=3, microseconds=-1), True),
        (timedelta(microseconds=1), True),
        (timedelta(0), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_a_deadline_comes_near(over, verwacht):
    nu = klok.brussel(2021, 11, 8, 9)
    with klok.op(nu):
        assert loket.nadert(nu + over) is verwacht


def test_the_moment_for_a_script():
    with klok.op(klok.brussel(2021, 11, 8, 9)):
        assert loket.klok_nu() == "2021-11-08T08:00:00+00:00"


def test_fingerprint_in_groups():
    assert loket.vinger("0123456789abcdef01") == "01234567 89abcdef 01"
    assert loket.vinger("") == ""


def test_the_filters_are_there_in_a_template():
    sjabloon = Template("{% load loket %}{{ cent|euro }} {{ op|dag }} {{ op|moment }} {{ op|zone }} {{ h|vinger }}")
    tekst = sjabloon.render(Context({"cent": 5, "op": klok.brussel(2021, 11, 8, 9), "h": "abcdef0123"}))
    assert tekst == "€\u00a00,05 8 november 2021 maandag 8 november 2021 om 9.00 uur wintertijd abcdef01 23"
