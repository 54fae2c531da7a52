"""Pages about what blocks payments: what each sees, what is typed and refused, numbers of queries, the sheet."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betalingen.models import Betaalbelemmering, Betaling
from kern import klok
from kern.models import Bestand
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.belemmerd import dossier, registreer
from tests.bladen import csv_rijen
from tests.portaal.pagina import keur

pytestmark = pytest.mark.django_db
GEHEIM = ("DB-2022-7", "eslag", "leverancier", "beslag.pdf")


@pytest.fixture
def w(wereld):
    return terug.betaald(wereld)


def client_van(wie):
    client = Client()
    client.force_login(wie)
    return client


def tekst_van(wie, naam, *args, zoek=""):
    return keur(client_van(wie).get(reverse(naam, args=args) + zoek)).tekst.replace("\xa0", " ")


def test_the_whole_road_on_the_pages(w):
    nummer = dossier().nummer
    adres = reverse("belemmering_nieuw", args=[nummer])
    assert adres in client_van(w.bea).get(reverse("dossier", args=[nummer])).content.decode()
    nieuw = {"soort": "derdenbeslag", "waarop": "organisatie", "sinds": klok.vandaag().isoformat(), "kenmerk": "DB-9"}
    nieuw |= {"bedrag": "1.200,50", "nota": "Bel de deurwaarder."}
    p = keur(client_van(w.bea).post(adres, nieuw))
    assert p.fouten("bestand") == ["Dit veld is verplicht."]
    assert "Bel de deurwaarder." in p.tekst  # nothing typed is lost
    morgen = (klok.vandaag() + timedelta(days=1)).isoformat()
    bestanden = Bestand.objects.count()
    p = keur(client_van(w.bea).post(adres, nieuw | {"sinds": morgen, "bestand": bouw.upload("beslag.pdf")}))
    assert p.fouten("sinds") == ["De datum ligt in de toekomst."]
    assert (Betaalbelemmering.objects.count(), Bestand.objects.count()) == (0, bestanden)
    antwoord = client_van(w.bea).post(adres, nieuw | {"bestand": bouw.upload("beslag.pdf")})
    rij = Betaalbelemmering.objects.get()
    assert antwoord["Location"] == reverse("belemmering", args=[rij.pk])
    assert (rij.dossier, rij.bedrag_cent) == (None, 1_200_50)
    eigen = tekst_van(w.bea, "belemmering", rij.pk)
    assert "Deze betaling was al vertrokken" in eigen and "Tweede schijf" in eigen
    assert "U registreerde deze belemmering zelf; een andere persoon heft ze op." in eigen
    tweede = Betaling.objects.get(dossier=dossier(), schijf__volgorde=2)
    zin = "Op deze betaling rust een belemmering: derdenbeslag sinds 1 februari 2022 (ref. DB-9)."
    assert zin in tekst_van(w.bea, "betaling", tweede.pk)
    eerste = Betaling.objects.get(dossier=dossier(), schijf__volgorde=1)
    assert "Deze betaling is al vertrokken" in tekst_van(w.bo, "betaling", eerste.pk)
    assert "Belemmerd" in tekst_van(w.bo, "betalingen", zoek="?status=gepland")
    assert "Belemmerd, al vertrokken" in tekst_van(w.bo, "betalingen", zoek="?status=uitbetaald")
    assert "Er rust een belemmering op deze betalingen." in tekst_van(w.bart, "dossier", nummer)
    p = keur(client_van(w.bea).post(reverse("belemmering", args=[rij.pk]), {"reden": "Weg."}))
    assert "U registreerde deze belemmering zelf; een andere persoon heft ze op." in p.tekst and "Weg." in p.tekst
    assert client_van(w.bo).post(reverse("belemmering", args=[rij.pk]), {"reden": "Weg."}).status_code == 302
    assert "door Bo Proef: Weg." in tekst_van(w.aude, "belemmering", rij.pk)
    assert "elemmer" not in tekst_van(w.bea, "betaling", tweede.pk).replace("Een belemmering registreren", "")


def test_the_beneficiary_reads_only_that_it_is_blocked(w):
    rij = registreer(w)
    tekst = tekst_van(w.an, "dossier", dossier().nummer)
    assert "De betaling is tijdelijk geblokkeerd; neem contact op met de dienst." in tekst
    assert not [geheim for geheim in GEHEIM if geheim in tekst + tekst_van(w.an, "mijn_werk")]
    for naam in ("belemmering", "belemmering_document"):
        assert client_van(w.an).get(reverse(naam, args=[rij.pk])).status_code == 404
    assert client_van(w.an).get(reverse("belemmeringen")).status_code == 403


def test_what_is_open_for_long_stands_on_the_work_list_of_the_accountant(w):
    registreer(w, sinds=klok.vandaag() - timedelta(days=91))
    assert "1 belemmering van betalingen nakijken" in tekst_van(w.bo, "mijn_werk")
    assert "belemmering" not in tekst_van(w.bart, "mijn_werk")


def test_the_sheet_has_the_rows_of_the_page(w):
    registreer(w)
    registreer(w, soort="faillissement", kenmerk="=VG-1", hele_organisatie=True, bedrag_cent=None)
    adres = reverse("belemmeringen_bestand")
    rijen = csv_rijen(client_van(w.aude).get(f"{adres}?formaat=csv").getvalue())
    assert [(r["Soort"], r["Dossier"], r["Bedrag van het stuk"]) for r in rijen] == [
        ("Faillissement", "", ""),
        ("Derdenbeslag", dossier().nummer, "12.000,00"),
    ]
    rijen = csv_rijen(client_van(w.aude).get(f"{adres}?formaat=csv&soort=derdenbeslag").getvalue())
    assert [r["Referentie"] for r in rijen] == ["DB-2022-7"]
    assert client_van(w.aude).get(f"{adres}?formaat=xlsx").getvalue().startswith(b"PK")


@pytest.mark.parametrize("n", [1, 3, 12])
def test_pages_ask_as_many_queries_for_one_as_for_many(w, n):
    for i in range(n):
        rij = registreer(w, kenmerk=f"DB-{i}", hele_organisatie=bool(i % 2))
    gevraagd = {}
    for naam, args, zoek in (
        ("belemmeringen", [], ""), ("belemmeringen_bestand", [], "?formaat=csv"), ("belemmering", [rij.pk], ""),
        ("betalingen", [], "?status=gepland"), ("dossier", [dossier().nummer], ""),
    ):  # fmt: skip
        client = client_van(w.bea)
        with CaptureQueriesContext(connection) as vragen:
            antwoord = client.get(reverse(naam, args=args) + zoek)
            tekst = antwoord.getvalue() if antwoord.streaming else antwoord.content
        gevraagd[naam] = len(vragen)
        if naam == "belemmeringen":
            assert tekst.count(b"Derdenbeslag, DB-") == n
    assert gevraagd == {
        "belemmeringen": 6, "belemmeringen_bestand": 4, "belemmering": 8, "betalingen": 7, "dossier": 13,
    }  # fmt: skip
