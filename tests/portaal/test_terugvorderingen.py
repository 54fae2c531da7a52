"""Pages about recoveries: what each sees, what is typed and refused, numbers of queries, the sheet."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betalingen import services, stukken
from kern import klok
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.terug import BEKEND, K
from tests.bladen import csv_rijen, totalen
from tests.hulp import ongewijzigd, zin_status
from tests.portaal.pagina import keur

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(wereld):
    return terug.betaald(wereld)


def client_van(wie):
    client = Client()
    client.force_login(wie)
    return client


def pagina(wie, rij):
    return keur(client_van(wie).get(reverse("terugvordering", args=[rij.pk])))


def stuur(wie, rij, form, **data):
    return client_van(wie).post(reverse("terugvordering", args=[rij.pk]), {"form": form, **data})


def test_the_whole_road_on_the_pages(w):
    adres = reverse("terugvordering_nieuw", args=[terug.dossier().nummer])
    nieuw = {"bedrag": "60.000", "grond": "doel", "rechtsregel": "artikel_13", "motivering": "Niet voor het doel."}
    nieuw["hoortermijn"] = terug.TERMIJN.isoformat()
    p = keur(client_van(w.bea).post(adres, nieuw))
    assert p.fouten("bedrag") == [
        (
            "Op dit dossier is 50.000,00 euro betaald en al 0,00 euro teruggevorderd. Hoogstens 50.000,00 euro kan nog "
            "teruggevorderd worden."
        )
    ]
    assert "Niet voor het doel." in p.tekst  # nothing typed is lost
    client_van(w.bea).post(adres, nieuw | {"bedrag": "20.000"})
    rij = terug.dossier().terugvorderingen.get()
    p = pagina(w.an, rij)
    assert "Reageren" in p.tekst and "Er is nog niets beslist" in p.tekst
    assert stuur(w.an, rij, "reageer", reactie="Het was wel voor het doel.").status_code == 302
    beslis = {
        "bedrag": "15.000", "motivering": "GEHEIM-MOTIEF", "nummer": "TB-GEHEIM", "datum": klok.vandaag().isoformat(),
        "termijn": "30", "verjaart_op": terug.VERJAART.isoformat(), "verjaring_reden": "Tien jaar (aanname).",
        "interest": "3,65", "interest_vanaf": "", "interest_reden": "",
    }  # fmt: skip
    p = keur(stuur(w.bart, rij, "beslis", **beslis))
    assert p.fouten("interest_reden") == ["Schrijf waar het interestpercentage vandaan komt."]
    assert stuur(w.bart, rij, "beslis", **beslis | {"interest_reden": "Besluit."}).status_code == 302
    assert terug.vers_gelezen(rij).interest_honderdsten == 365
    # Nothing of the draft decision shows before its notification.
    for tekst in (
        pagina(w.an, rij).tekst,
        keur(client_van(w.an).get(reverse("dossier", args=[rij.dossier.nummer]))).tekst,
        keur(client_van(w.an).get(reverse("mijn_werk"))).tekst,
    ):
        for geheim in ("GEHEIM", "15.000", "TB-", "Beslist", "Interest"):
            assert geheim not in tekst
    assert client_van(w.an).get(reverse("terugvordering_brief_pdf", args=[rij.pk])).status_code == 404
    assert "GEHEIM-MOTIEF" in pagina(w.bea, rij).tekst
    assert stuur(w.bea, rij, "kennisgeving").status_code == 302
    p = pagina(w.an, rij)
    for wat in ("GEHEIM-MOTIEF", "TB-GEHEIM", stukken.ogm(rij), "Raad van State", "3,65 % per jaar"):
        assert wat in p.tekst.replace("\xa0", " "), wat
    tekst = keur(client_van(w.an).get(reverse("dossier", args=[rij.dossier.nummer]))).tekst
    assert stukken.ogm(rij) in tekst and "hoe u in beroep gaat" in tekst
    assert "Terugbetalen voor" in keur(client_van(w.an).get(reverse("mijn_werk"))).tekst
    p = keur(stuur(w.bo, rij, "ontvang", datum=klok.vandaag().isoformat(), bedrag="15.000,01", referentie="1"))
    assert "Op 01/02/2022 staat nog 15.000,00 euro open" in p.fouten("bedrag")[0]
    stuur(w.bo, rij, "ontvang", datum=klok.vandaag().isoformat(), bedrag="15.000", referentie="1")
    assert terug.vers_gelezen(rij).status == "ontvangen"
    pagina(w.an, rij)
    tekst = keur(client_van(w.bea).get(reverse("dossier", args=[rij.dossier.nummer]))).tekst.replace("\xa0", " ")
    assert "Teruggevorderd € 15.000,00, ontvangen € 15.000,00." in tekst


def test_blocked_acts_say_why_and_a_late_click_too(w):
    rij = terug.bekend(w)
    assert "De begunstigde heeft nog tijd, tot en met 12/04/2022." in pagina(w.bea, rij).tekst
    tekst = pagina(w.bart, rij).tekst
    assert "De boekhouder stelt eerst voor om dit af te schrijven, met de reden." in tekst
    assert "Er is geen betaling aan deze organisatie die nu vertrekken kan" in tekst
    bea, an = client_van(w.bea), client_van(w.an)
    adres = reverse("terugvordering", args=[rij.pk])
    with ongewijzigd():
        for client, data in ((bea, {"form": "kennisgeving"}), (an, {"form": "reageer", "reactie": "Te laat."})):
            antwoord = client.post(adres, data)
            assert (antwoord.status_code, zin_status(rij) in keur(antwoord).tekst) == (422, True)
        assert bea.post(adres, {"form": "beslis"}).status_code == 403
        assert bea.post(adres, {"form": "onzin"}).status_code == 403


def test_what_waits_stands_on_the_work_lists(w):
    rij = terug.voornemen(w)
    nummer = rij.dossier.nummer
    werk = lambda wie: keur(client_van(wie).get(reverse("mijn_werk"))).tekst  # noqa: E731
    assert f"Reageren op een terugvordering bij {nummer}" in werk(w.an)
    klok.zet(terug.GEHOORD)
    assert f"Hoorzitting over de terugvordering bij {nummer} afsluiten" in werk(w.bea)
    services.hoor_over_terugvordering(rij, reactie="", door=w.bea)
    assert f"Beslissen over de terugvordering bij {nummer}" in werk(w.bart)
    rij = terug.beslis(w, terug.vers_gelezen(rij))
    assert f"De terugvordering bij {nummer} ter kennis geven" in werk(w.bea)
    services.geef_kennis_van_terugvordering(rij, door=w.bea)
    klok.zet(klok.nu() + timedelta(days=31))
    assert "aanmanen: niet op tijd betaald" in werk(w.bea)
    services.stel_oninbaar_voor(rij, reden="Weg.", door=w.bo)
    assert f"Beslissen over het afschrijven van de terugvordering bij {nummer}" in werk(w.bart)


def test_a_claim_that_lapsed_says_so_and_its_term_is_made_longer_on_its_page(w):
    rij = terug.bekend(w)
    klok.zet(klok.brussel(2031, 3, 1, 9))
    werk = lambda: keur(client_van(w.bea).get(reverse("mijn_werk"))).tekst  # noqa: E731
    assert "aanmanen: niet op tijd betaald" in werk()
    klok.zet(klok.brussel(2032, 2, 2, 9))
    assert f"De terugvordering bij {rij.dossier.nummer} is verjaard: verlengen of afschrijven" in werk()
    assert "Verjaard" in keur(client_van(w.bea).get(reverse("terugvorderingen"))).tekst
    zin = "Deze terugvordering verjaarde op 01/02/2032. Is de verjaring gestuit, verleng ze dan eerst."
    assert zin in pagina(w.bea, rij).tekst
    fout = {"form": "verleng_verjaring", "verjaart_op": "2032-02-02", "verjaring_reden": "Erkend."}
    client = client_van(w.bea)
    with ongewijzigd():
        antwoord = client.post(reverse("terugvordering", args=[rij.pk]), fout)
        assert (antwoord.status_code, "De verjaringsdatum ligt na vandaag." in keur(antwoord).tekst) == (422, True)
        assert "Erkend." in antwoord.content.decode()
    assert (
        stuur(w.bea, rij, "verleng_verjaring", verjaart_op="2042-02-01", verjaring_reden="Erkend.").status_code == 302
    )
    assert zin not in pagina(w.bea, rij).tekst


@pytest.mark.parametrize("n", [1, 3, 12])
def test_the_list_and_a_recovery_ask_as_many_queries_for_one_as_for_many(w, n):
    for i in range(n):
        klok.zet(bouw.BESLIST)
        rij = terug.bekend(w, bedrag_cent=K, nummer=f"TB-{i}")
        services.sta_afbetalingsplan_toe(
            rij, aantal=n + 1, eerste=klok.vandaag() + timedelta(days=9), reden="Ja.", door=w.bart
        )
    for i in range(n):
        terug.ontvang(w, rij, 1_00, referentie=f"bank {i}")
    klok.zet(BEKEND + timedelta(days=1))
    een, van_dossier = reverse("terugvordering", args=[rij.pk]), reverse("dossier", args=[rij.dossier.nummer])
    lijst, blad = reverse("terugvorderingen"), reverse("terugvorderingen_bestand") + "?formaat=csv"
    gevraagd = {}
    for naam, adres in (
        ("bea", lijst), ("bea", blad), ("bea", een), ("bart", een), ("an", een), ("an", van_dossier),
        ("bea", van_dossier), ("an", reverse("mijn_werk")),
    ):  # fmt: skip
        client = client_van(w.mensen[naam])
        with CaptureQueriesContext(connection) as vragen:
            antwoord = client.get(adres)
            tekst = antwoord.getvalue() if antwoord.streaming else antwoord.content
        assert antwoord.status_code == 200
        gevraagd[naam, adres] = len(vragen)
        if adres == lijst:
            assert tekst.count(b">TV-2022-") == n
    assert gevraagd == {
        ("bea", lijst): 10, ("bea", blad): 9, ("bea", een): 8, ("bart", een): 9, ("an", een): 8,
        ("an", van_dossier): 12, ("bea", van_dossier): 13, ("an", reverse("mijn_werk")): 10,
    }  # fmt: skip


def test_the_sheet_has_the_rows_and_the_sums_of_the_page(w, tmp_path: Path):
    rij = terug.bekend(w)
    terug.ontvang(w, rij, 5 * K)
    client = client_van(w.bo)
    antwoord = client.get(reverse("terugvorderingen_bestand") + "?formaat=xlsx&status=kennisgegeven")
    som = totalen(antwoord.getvalue())
    assert (som["Beslist"], som["Ontvangen hoofdsom"], som["Open hoofdsom"]) == (20_000, 5_000, 15_000)
    pad = tmp_path / "t.csv"
    call_command("exporteer", "terugvorderingen", "--oproep", w.oproep.slug, "--jaar", "2022", "--uit", str(pad))
    [regel] = csv_rijen(pad.read_bytes())
    assert (regel["Terugvordering"], regel["Status"], regel["Beslist"]) == (rij.nummer, "Kennisgegeven", "20.000,00")
    assert regel["Mededeling"] == stukken.ogm(rij).strip("+")
    call_command("exporteer", "terugvorderingen", "--jaar", "2021", "--uit", str(pad))
    assert csv_rijen(pad.read_bytes()) == []
    tekst = keur(client.get(reverse("terugvorderingen") + "?status=ingetrokken")).tekst
    assert "Geen terugvorderingen" in tekst
