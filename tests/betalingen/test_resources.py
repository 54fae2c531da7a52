"""The sheets about the money: exact cells, the rows of the page, totals that agree with the budget position."""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betalingen import queries, services
from betalingen.models import Betaling
from betalingen.queries import BEDRAGEN, betalingen_voor, budgetstand
from betalingen.resources import BudgetResource, betalingenblad, budgetblad
from oproepen.models import Oproep
from tests.bladen import bytes_van, csv_rijen, inhoud, rijen, toelichting, totalen
from tests.hulp import RijkeWereld

ALLE = (*BEDRAGEN, "vervallen")
KOPPEN = {naam: naam.capitalize() for naam in ALLE}


def client_van(wie: Any) -> Client:
    client = Client()
    client.force_login(wie)
    return client


def vragen(daad: Callable[[], Any]) -> int:
    """Return how many queries an act takes."""
    with CaptureQueriesContext(connection) as gevangen:
        daad()
    return len(gevangen)


def breng_verder(rijk: RijkeWereld) -> None:
    """Bring Boom's payments of the Flemish track to three different states."""
    eerste, tweede, saldo = Betaling.objects.filter(dossier=rijk.dossier("vlaanderen", 1, "boom")).order_by("pk")
    with_steps = [(eerste, 3), (Betaling.objects.filter(dossier=rijk.dossier("brussel", 1, "boom")).earliest("pk"), 1)]
    assert tweede.status == saldo.status == "gepland"
    for betaling, stappen in with_steps:
        services.stel_betaling_op(betaling, door=rijk.bea)
        if stappen > 1:
            services.keur_betaling_goed(betaling, door=rijk.bart)
            services.verstuur_betalingen(rijk.oproep, betalingen=[betaling.pk], door=rijk.bo)


# The budget position


def test_there_is_a_column_for_every_amount_of_the_budget_position():
    namen = list(BudgetResource().fields)
    assert [naam for naam in namen if naam.endswith("_cent")] == [f"{naam}_cent" for naam in ALLE]
    assert [kolom.column_name for kolom in BudgetResource().kolommen()][-len(ALLE) :] == list(KOPPEN.values())


@pytest.mark.parametrize("jaar", [None, 2022, 2023])
def test_every_row_is_that_of_the_budget_position(rijk: RijkeWereld, jaar: int | None):
    ruw = bytes_van(budgetblad(Oproep.objects.all(), jaar=jaar))
    stand = budgetstand(Oproep.objects.all(), jaar=jaar)
    verwacht = []
    for oproep in stand["oproepen"]:
        verwacht.append(("Oproep", oproep["titel"], None, None, oproep))
        verwacht += [("Luik", oproep["titel"], luik["naam"], None, luik) for luik in oproep["luiken"]]
        verwacht += [("Jaar", oproep["titel"], None, j["jaar"], j) for j in oproep["jaren"]]
    gevonden = rijen(ruw)
    assert [(r["Niveau"], r["Oproep"], r["Luik"], r["Jaar"]) for r in gevonden] == [rij[:4] for rij in verwacht]
    for rij, (*_, deel) in zip(gevonden, verwacht, strict=True):
        assert {kop: _cent(rij[kop]) for kop in KOPPEN.values()} == {KOPPEN[naam]: deel[naam] for naam in ALLE}
        assert rij["Dossiers ingediend"] == deel.get("aantal_ingediend")
        assert rij["Dossiers toegekend"] == deel.get("aantal_toegekend")
    bekend = {KOPPEN[naam]: stand["totaal"][naam] for naam in ALLE if stand["totaal"][naam] is not None}
    assert {kop: _cent(waarde) for kop, waarde in totalen(ruw).items()} == bekend
    assert toelichting(ruw)["Jaar"] == (str(jaar) if jaar else "alle jaren")


def _cent(euro: float | None) -> int | None:
    return None if euro is None else round(euro * 100)


def test_only_calls_add_up(rijk: RijkeWereld):
    tab = openpyxl.load_workbook(BytesIO(bytes_van(budgetblad(Oproep.objects.filter(slug="alles"))))).worksheets[0]
    assert [rij[0].value for rij in tab.rows] == ["Niveau", "Oproep", "Luik", "Luik", "Jaar", "Totaal"]
    assert tab["K6"].value == '=SUMIF(A2:A5,"Oproep",K2:K5)'
    assert [bool(tab[f"A{i}"].font.bold) for i in range(1, 7)] == [True, True, False, False, False, True]


@pytest.mark.parametrize("wie", ["bea", "bart", "aude", "behandelaar_vlaanderen", "boekhouder_ander"])
@pytest.mark.parametrize("zoek", ["", "?jaar=2022", "?jaar=x", "?jaar=0000"])
def test_the_file_has_the_rows_of_the_page(rijk: RijkeWereld, wie: str, zoek: str):
    client = client_van(rijk.mensen[wie])
    pagina = client.get(reverse("budgetstand") + zoek).content.decode()
    tabel = pagina.split("<tbody>")[1].split("</tbody>")[0]
    op_de_pagina = [
        [re.sub(r"<[^>]+>|€\xa0", "", cel) for cel in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", rij)]
        for rij in re.findall(r"<tr[^>]*>(.*?)</tr>", tabel, re.DOTALL)
    ]
    gevonden = rijen(inhoud(client.get(reverse("budgetstand_bestand") + zoek)))
    assert [_als_pagina(rij) for rij in gevonden] == op_de_pagina != []


def _als_pagina(rij: dict[str, Any]) -> list[str]:
    naam = {"Oproep": rij["Oproep"], "Luik": f"luik {rij['Luik']}", "Jaar": str(rij["Jaar"])}[rij["Niveau"]]
    return [naam, *("" if rij[kop] is None else _euro(rij[kop]) for kop in KOPPEN.values())]


def _euro(waarde: float) -> str:
    return f"{waarde:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


@pytest.mark.parametrize("naam", ["budgetstand_bestand", "betalingen_bestand"])
def test_who_is_no_staff_gets_no_file(rijk: RijkeWereld, naam: str):
    for wie in ("an", "stan", "jef", "vic", "beheer"):
        assert client_van(rijk.mensen[wie]).get(reverse(naam)).status_code == 403
    antwoord = Client().get(f"{reverse(naam)}?jaar=2022")
    assert antwoord.status_code == 302 and "jaar%3D2022" in antwoord["Location"]
    assert client_van(rijk.bea).post(reverse(naam)).status_code == 405


def test_the_links_of_the_budget_page_keep_the_year(rijk: RijkeWereld):
    pagina = client_van(rijk.bea).get(f"{reverse('budgetstand')}?jaar=2022").content.decode()
    assert 'href="/budgetstand/bestand/?jaar=2022&amp;formaat=xlsx"' in pagina
    assert 'href="/budgetstand/bestand/?jaar=2022&amp;formaat=csv"' in pagina


def test_budget_as_csv(rijk: RijkeWereld):
    gevonden = csv_rijen(inhoud(client_van(rijk.bea).get(f"{reverse('budgetstand_bestand')}?formaat=csv")))
    begin = next(i for i, rij in enumerate(gevonden) if rij["Budget"])
    kort = [(r["Niveau"], r["Luik"], r["Jaar"], r["Budget"], r["Encours"]) for r in gevonden]
    assert kort[begin : begin + 4] == [
        ("Oproep", "", "", "13.500.000,00", "300.000,00"),
        ("Luik", "Brussel", "", "300.000,00", "150.000,00"),
        ("Luik", "Vlaanderen", "", "300.000,00", "150.000,00"),
        ("Jaar", "", "2022", "", "300.000,00"),
    ]


# Payments


def test_a_payment_with_everything(rijk: RijkeWereld):
    alle = Betaling.objects.order_by("dossier_id", "schijf__volgorde")
    eerste = alle.select_related("dossier", "opdracht")[0]
    ruw = bytes_van(betalingenblad(alle))
    gevonden = rijen(ruw)
    assert len(gevonden) == 30
    assert gevonden[0] == {
        "Dossier": eerste.dossier.nummer,
        "Titel": f"Project {eerste.dossier.nummer}",
        "Organisatie": "Aartselaar",
        "Oproep": "Zorgzame buurten",
        "Luik": "Vlaanderen",
        "Schijf": "Eerste schijf",
        "Bedrag": 50000,
        "IBAN": "BE68539007547034",
        "Status": "Uitbetaald",
        "Opgesteld door": "Bea Proef",
        "Goedgekeurd door": "Bart Proef",
        "Opdracht": eerste.opdracht.nummer,
        "Uitbetaald op": datetime(2022, 2, 1),  # noqa: DTZ001
        "Wanneer verschuldigd": "na de vastlegging",
        "Wat nog ontbreekt": None,
        "Vastleggingsnummer": queries.vastleggingsnummer(eerste.dossier),
    }
    leeg = ("Opgesteld door", "Goedgekeurd door", "Opdracht", "Uitbetaald op")
    assert [gevonden[3][kop] for kop in ("Status", *leeg)] == ["Gepland", None, None, None, None]
    assert totalen(ruw) == {"Bedrag": sum(b.bedrag_cent for b in alle) / 100}
    tab = openpyxl.load_workbook(BytesIO(ruw)).worksheets[0]
    assert tab["G32"].value == "=SUBTOTAL(109,G2:G31)"


@pytest.mark.parametrize("wie", ["bea", "bart", "bo", "aude", "behandelaar_brussel", "boekhouder_ander"])
def test_the_file_of_payments_has_the_rows_of_the_page(rijk: RijkeWereld, wie: str):
    breng_verder(rijk)
    client = client_van(rijk.mensen[wie])
    gezien = 0
    for zoek in ("", "?status=gepland", "?status=te_controleren", "?status=verstuurd", "?status=uitbetaald"):
        pagina = client.get(reverse("betalingen") + zoek).content.decode()
        op_de_pagina = re.findall(r'<th scope="row"><a href="/betalingen/\d+/">([A-Z]+-\d+)<', pagina)
        gevonden = rijen(inhoud(client.get(reverse("betalingen_bestand") + zoek)))
        assert [rij["Dossier"] for rij in gevonden] == op_de_pagina
        assert {rij["Status"] for rij in gevonden} <= {rij["Status"] for rij in gevonden[:1]}
        gezien += len(gevonden)
    verwacht = {"behandelaar_brussel": 9 + 1, "boekhouder_ander": 0}.get(wie, 18 + 1)
    assert gezien == verwacht  # what waits for a check is met twice: it is also what the page opens with


def test_the_links_of_the_payments_page_keep_the_state(rijk: RijkeWereld):
    pagina = client_van(rijk.bea).get(f"{reverse('betalingen')}?status=uitbetaald&pagina=1").content.decode()
    assert 'href="/betalingen/bestand/?status=uitbetaald&amp;formaat=xlsx"' in pagina
    antwoord = client_van(rijk.bea).get("/betalingen/bestand/?status=uitbetaald&formaat=xlsx")
    naam = 'attachment; filename="betalingen-uitbetaald-2022-05-02.xlsx"'
    assert antwoord["Content-Disposition"] == naam
    assert toelichting(inhoud(antwoord))["Status"] == "Uitbetaald"


def test_more_than_a_page_is_in_the_file(rijk: RijkeWereld, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("betalingen.views.betaling.PER_PAGINA", 2)
    antwoord = client_van(rijk.bea).get("/betalingen/bestand/?status=gepland&pagina=2&formaat=csv")
    assert len(csv_rijen(inhoud(antwoord))) == 12


def test_the_number_of_queries_does_not_grow(rijk: RijkeWereld):
    pks = list(Betaling.objects.values_list("pk", flat=True))
    for aantal in (1, 3, 18):
        qs = betalingen_voor(rijk.bea).filter(pk__in=pks[:aantal])
        assert vragen(lambda qs=qs: bytes_van(betalingenblad(qs))) == 1
    for oproepen, aantal in ((Oproep.objects.filter(slug="alles"), 4), (Oproep.objects.all(), 13)):
        uit: list[Any] = []
        assert vragen(lambda o=oproepen, uit=uit: uit.extend(rijen(bytes_van(budgetblad(o))))) == 6
        assert len(uit) == aantal
    client = client_van(rijk.bea)
    # One gives the calls to filter by, one counts whether it is long.
    assert vragen(lambda: inhoud(client.get("/betalingen/bestand/?status=gepland"))) == 6
    assert vragen(lambda: inhoud(client.get("/betalingen/bestand/?status=verstuurd"))) == 6
    assert vragen(lambda: inhoud(client.get("/budgetstand/bestand/"))) == 9
