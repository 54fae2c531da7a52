"""The filters of the list of payments: the page, its tabs and its sheet show the same."""

import pytest
from django.urls import reverse

from betalingen.models import Betaling
from dossiers.models import Dossier
from tests import bouw
from tests.bladen import csv_rijen, inhoud
from tests.onthouden import onthoudt
from tests.portaal.formulieren import browser
from tests.portaal.pagina import keur

pytestmark = pytest.mark.django_db


@pytest.fixture
@onthoudt
def w(wereld: bouw.Wereld) -> bouw.Wereld:
    """Two awards, each with three planned instalments."""
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 8})
    return wereld


@pytest.mark.parametrize(
    ("zoek", "van"),
    [
        ("", ["Aartselaar", "Boom"]),
        ("&zoek=boom", ["Boom"]),
        ("&zoek={nummer}", ["Aartselaar"]),
        ("&zoek=warme+buurt", ["Aartselaar", "Boom"]),
        ("&zoek=niemand", []),
        ("&oproep=zorgzame-buurten", ["Aartselaar", "Boom"]),
        ("&oproep=bestaat-niet", ["Aartselaar", "Boom"]),
        ("&oproep=zorgzame-buurten&zoek=Aartselaar&gereed=nee", ["Aartselaar"]),
    ],
)
def test_page_tabs_and_sheet_show_what_is_filtered(w, zoek, van):
    client = browser(w.bea)
    zoek = zoek.format(nummer=Dossier.objects.get(organisatie=w.aartselaar).nummer)
    p = keur(client.get(reverse("betalingen") + f"?status=gepland{zoek}"))
    assert [naam for naam in ("Aartselaar", "Boom") if naam in p.tekst] == van
    wat = Betaling.objects.filter(dossier__organisatie__naam__in=van)
    assert f"Gepland ({wat.count()})" in p.tekst
    blad = client.get(reverse("betalingen_bestand") + f"?status=gepland{zoek}&formaat=csv")
    rijen = [rij for rij in csv_rijen(inhoud(blad)) if rij["Dossier"].startswith("ZB-")]
    assert {rij["Organisatie"] for rij in rijen} == set(van)
    if not van:
        assert "Er is geen betaling die hieraan voldoet." in p.tekst


def test_the_tabs_and_the_sheet_keep_the_filter(w):
    p = keur(browser(w.bea).get(reverse("betalingen") + "?status=gepland&oproep=zorgzame-buurten&zoek=boom&pagina=1"))
    links = [link for link in p.links if "zoek=boom" in link]
    assert len(links) == len(Betaling.Status) + 2 + 1 + 2  # the states, what is ready or not, and two files
    assert all("oproep=zorgzame-buurten" in link and "pagina" not in link for link in links)
