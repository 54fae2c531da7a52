"""The lists of dossiers and reports: what they show, filter, sort and total."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kern import klok
from organisaties.models import Gebruiker
from tests import bouw
from tests.onthouden import onthoudt

pytestmark = pytest.mark.django_db


def client_of(person: Gebruiker) -> Client:
    """Return a client that is signed in as this person."""
    client = Client()
    client.force_login(person)
    return client


def numbers(page: str) -> list[str]:
    """Return the dossier numbers in the table, in order."""
    return re.findall(r"<th scope=\"row\"><a href=\"/dossiers/([A-Z]+-\d+)/\">", page)


@pytest.fixture
@onthoudt
def two(wereld: bouw.Wereld) -> tuple[bouw.Wereld, list[str]]:
    """Give a world with two handed-in dossiers of 60.000 euro and their numbers."""
    rows = [bouw.ingediend(wereld, naam, gevraagd_cent=60_000_00, titel=f"Project {naam}") for naam in ("an", "ben")]
    return wereld, [str(row.nummer) for row in rows]


def test_dossiers_shows_all_with_totals(two: tuple[bouw.Wereld, list[str]]) -> None:
    w, expected = two
    page = client_of(w.bea).get(reverse("dossiers")).content.decode()
    assert numbers(page) == expected
    assert "Totaal van 2" in page
    assert "€\xa0120.000,00" in page


def test_a_draft_is_not_listed(wereld: bouw.Wereld) -> None:
    bouw.concept(wereld)
    page = client_of(wereld.bea).get(reverse("dossiers")).content.decode()
    assert numbers(page) == []
    assert "Geen dossiers gevonden" in page


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"zoek": "Project ben"}, [1]),
        ({"zoek": "aartselaar"}, [0]),
        ({"zoek": "bestaat niet"}, []),
        ({"status": "ingediend"}, [0, 1]),
        ({"status": "ontvankelijk"}, []),
        ({"status": "onzin"}, [0, 1]),
        ({"sorteer": "-nummer"}, [1, 0]),
        ({"sorteer": "organisatie"}, [0, 1]),
        ({"sorteer": "-organisatie"}, [1, 0]),
        ({"sorteer": "onzin"}, [0, 1]),
    ],
)
def test_filters_and_sorting(two: tuple[bouw.Wereld, list[str]], query: dict[str, str], places: list[int]) -> None:
    w, rows = two
    page = client_of(w.bea).get(reverse("dossiers"), query).content.decode()
    assert numbers(page) == [rows[place] for place in places]


def test_only_staff_sees_the_lists(two: tuple[bouw.Wereld, list[str]]) -> None:
    w, _ = two
    for name in ("dossiers", "verslagen"):
        assert client_of(w.an).get(reverse(name)).status_code == 403
        assert client_of(w.jef).get(reverse(name)).status_code == 403
        assert Client().get(reverse(name)).status_code == 302


def test_reports_are_listed_late_first(wereld: bouw.Wereld) -> None:
    bouw.kennisgegeven(wereld)
    klok.zet(klok.brussel(2023, 4, 1, 9))  # the day after the first one was due
    client = client_of(wereld.bea)
    page = client.get(reverse("verslagen")).content.decode()
    assert page.index("Tussentijds verslag<") < page.index("Eindverslag<")
    assert page.count("Te laat</span>") == 1
    late = client.get(reverse("verslagen"), {"status": "te_laat"}).content.decode()
    assert "Tussentijds verslag<" in late
    assert "Eindverslag<" not in late
    klok.zet(klok.brussel(2023, 3, 31, 23, 59))  # on the last day itself it is not late
    assert "Te laat</span>" not in client.get(reverse("verslagen")).content.decode()
