"""The bars of the budget page: every amount once, lengths in proportion, the same figures as in the table."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from betalingen import queries
from betalingen.beelden import budgetbalk, budgetbeelden
from oproepen.models import Oproep
from tests import bouw
from tests.bouw import Wereld
from tests.portaal.pagina import Pagina, keur

NIETS = dict.fromkeys(("gereserveerd", "toegekend", "vastgelegd", "vereffend", "uitbetaald", "encours"), 0)


def rij(**bedragen: Any) -> dict[str, Any]:
    """Return a row of the budget position."""
    return {"budget": None, "beschikbaar": None, **NIETS, **bedragen}


def delen(balk: dict[str, Any]) -> list[tuple[str, float, float, str]]:
    """Return the parts of a bar."""
    return [(s["klasse"], s["x"], s["breedte"], s["waarde"].replace("\xa0", " ")) for s in balk["segmenten"]]


def test_the_parts_add_up_to_the_budget():
    bedragen = {"uitbetaald": 10_00, "vereffend": 30_00, "vastgelegd": 60_00, "gereserveerd": 15_00}
    balk = budgetbalk("luik Brussel", rij(budget=200_00, beschikbaar=125_00, **bedragen), "x-brussel")
    assert balk is not None
    assert (balk["id"], balk["titel"]) == ("balk-x-brussel", "Budget van luik Brussel: €\xa0200,00")
    assert delen(balk) == [
        ("uitbetaald", 0.0, 5.0, "€ 10,00"),
        ("vereffend", 5.0, 10.0, "€ 20,00"),
        ("vastgelegd", 15.0, 15.0, "€ 30,00"),
        ("gereserveerd", 30.0, 7.5, "€ 15,00"),
        ("beschikbaar", 37.5, 62.5, "€ 125,00"),
    ]


def test_without_a_budget_the_bar_is_what_is_committed_and_reserved():
    balk = budgetbalk("luik Brussel", rij(vastgelegd=30_00, gereserveerd=10_00), "x")
    assert balk is not None
    assert balk["titel"] == "Vastgelegd en gereserveerd voor luik Brussel, zonder eigen budget: €\xa040,00"
    assert delen(balk) == [("vastgelegd", 0.0, 75.0, "€ 30,00"), ("gereserveerd", 75.0, 25.0, "€ 10,00")]


@pytest.mark.parametrize("budget", [None, 0])
def test_nothing_to_show_is_no_bar(budget: int | None):
    assert budgetbalk("x", rij(budget=budget, beschikbaar=budget), "x") is None


def test_a_call_without_any_amount_has_no_picture(gedeelde_wereld: Wereld):
    stand = {"oproepen": [{**rij(), "oproep": "leeg", "titel": "Leeg", "luiken": [], "jaren": []}]}
    assert budgetbeelden(stand) == []


def bladzijde(w: Wereld, zoek: str = "") -> Pagina:
    """Return the budget page as the budget holder sees it."""
    client = Client()
    client.force_login(w.bart)
    return keur(client.get(reverse("budgetstand") + zoek))


def balken(p: Pagina) -> list[str]:
    """Return the titles of the bars."""
    return [e.alle("title")[0].tekst.replace("\xa0", " ") for e in p.met_klasse("balk")]


def jaren(p: Pagina) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return per year the length of each bar and the amount beside it."""
    uit = []
    for tabel in p.met_klasse("staafjes"):
        for regel in tabel.alle("tr")[1:]:
            cellen = [(cel.alle("rect")[0].attrs["width"], cel.alle("span")[-1].tekst) for cel in regel.alle("td")]
            uit.append((regel.alle("a")[0].attrs["href"], cellen))
    return uit


def test_bars_per_call_track_and_year(gedeelde_wereld: Wereld):
    w = gedeelde_wereld
    bouw.verstuurde_betaling(w)
    p = bladzijde(w)
    assert balken(p) == [
        "Budget van de hele oproep: € 13.500.000,00",
        "Budget van luik Brussel: € 1.200.000,00",
        "Budget van luik Vlaanderen: € 12.300.000,00",
    ]
    leest = [[li.tekst.replace("\xa0", " ") for li in e.alle("li")] for e in p.met_klasse("balk")]
    assert leest[1] == ["Beschikbaar € 1.200.000,00"]
    assert leest[2] == [
        "Vereffend, nog niet uitbetaald € 50.000,00",
        "Vastgelegd, nog niet vereffend € 50.000,00",
        "Beschikbaar € 12.200.000,00",
    ]
    assert jaren(p) == [("?jaar=2022", [("100.0", "100.000,00"), ("50.0", "50.000,00"), ("0.0", "0,00")])]


def test_of_one_year_only_what_moved_in_it(gedeelde_wereld: Wereld):
    w = gedeelde_wereld
    bouw.verstuurde_betaling(w)
    p = bladzijde(w, "?jaar=2022")
    assert (balken(p), len(jaren(p))) == ([], 1)
    p = bladzijde(w, "?jaar=2035")
    assert (balken(p), jaren(p)) == ([], [])
    assert "In beeld" not in p.tekst


def test_the_pictures_hold_the_figures_of_the_table(gedeelde_wereld: Wereld):
    w = gedeelde_wereld
    bouw.verstuurde_betaling(w)
    stand = queries.budgetstand(Oproep.objects.filter(pk=w.oproep.pk))
    (beeld,) = budgetbeelden(stand)
    assert beeld["titel"] == w.oproep.titel
    assert [cel["klasse"] for cel in beeld["jaren"][0]["cellen"]] == ["vastgelegd", "vereffend", "uitbetaald"]
    for balk in beeld["balken"]:
        assert sum(s["breedte"] for s in balk["segmenten"]) == pytest.approx(100, abs=0.01)
