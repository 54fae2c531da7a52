"""Books elsewhere: the lists and sheets in as many queries for 1, 3 and 12 rows, and the same number everywhere."""

import tracemalloc
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beoordeling.resources import dossiersblad
from betalingen import queries, services
from betalingen.models import Betaling, Buitenfeit, Journaalregel, Krediet
from betalingen.queries.verschillen import verschillen
from betalingen.resources import betalingenblad, encoursblad, journaalblad
from betalingen.resources_boekhouding import te_betalenblad, vastleggingenblad
from betalingen.schuldvordering import schuldvordering_feiten
from dossiers.models import Dossier
from kern import werkblad
from kern.inlezen import handelingen
from oproepen.rechten import Rol, luiken_met_taak
from portaal.controlespoor import controlespoorblad
from portaal.werklijst import werklijst
from tests import bouw
from tests.betalingen import elders
from tests.betalingen.elders import DAG, K, betaling, dossier, neem_op, referentie, vereffen
from tests.bladen import bytes_van, csv_rijen, inhoud, rijen
from tests.hulp import alles_klopt, ongewijzigd
from tests.portaal.pagina import keur

AANTALLEN = (1, 3, 12)
KOP = "Soort;Dossier;Vastleggingsnummer;Stuknummer;Referentie;Bedrag;Datum"


@pytest.fixture
def w(wereld):
    """Twelve signed awards of 10.000 euro that wait for their commitment elsewhere."""
    return elders.veel(wereld, 12)


def vragen(daad):
    """Return how many queries an act asks."""
    with CaptureQueriesContext(connection) as gevangen:
        daad()
    return len(gevangen)


def kies(aantal):
    return Dossier.objects.filter(pk__in=list(Dossier.objects.order_by("pk").values_list("pk", flat=True))[:aantal])


def als(wie):
    client = Client()
    client.force_login(wie)
    return client


def pagina(wie, lijst="", bladzijde=""):
    antwoord = als(wie).get(f"{reverse('boekhouding')}?lijst={lijst}&pagina={bladzijde}")
    keur(antwoord)
    return antwoord.content.decode()


def bestand(*regels):
    return SimpleUploadedFile("feiten.csv", "\r\n".join([KOP, *regels]).encode())


# As many queries for more rows.


def test_the_sheet_of_commitments_asks_as_much_for_more_rows(w):
    uit = {}
    for aantal in AANTALLEN:
        blad = vastleggingenblad(kies(aantal))
        uit[vragen(lambda blad=blad: bytes_van(blad))] = len(rijen(bytes_van(blad)))
    assert uit == {1: 12}


def test_the_sheet_of_payments_asks_as_much_for_more_rows(w):
    elders.verstuur(w)
    for aantal in AANTALLEN:
        blad = te_betalenblad(kies(aantal))
        assert vragen(lambda blad=blad: bytes_van(blad)) == 1
        assert [(r["Vastleggingsnummer"], r["Bedrag"]) for r in rijen(bytes_van(blad))] == [
            (f"V-{nummer}", 5_000) for nummer in range(1, aantal + 1)
        ]


def test_the_commands_write_them_by_themselves(w, tmp_path):
    for naam, aantal in (("vastleggingen", 12), ("betalingen", 0)):
        uit = tmp_path / f"{naam}.csv"
        call_command("exporteer", f"boekhouding-{naam}", uit=str(uit), stdout=StringIO())
        assert len(csv_rijen(uit.read_bytes())) == aantal


def test_memory_of_a_sheet_does_not_grow_with_its_rows(w):
    def piek(aantal):
        blad = vastleggingenblad(kies(aantal))
        tracemalloc.start()
        try:
            werkblad.schrijf_csv(blad, BytesIO())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    piek(1)
    assert hasattr(vastleggingenblad(kies(1)).rijen, "iterator")  # read in chunks
    assert piek(12) < piek(1) + 400_000


def test_the_preview_asks_as_much_for_more_rows(w):
    nummers = [d.nummer for d in kies(12)]

    def bekijk(aantal):
        regels = [f"vastlegging;{nr};V-{nr};;;10000;{DAG}" for nr in nummers[:aantal]]
        overzicht = handelingen.lees_bestand("boekhouding", bestand(*regels), door=w.bo)
        assert [v.uitkomst.value for v in overzicht.voorstellen] == ["nieuw"] * aantal

    with ongewijzigd():
        gemeten = {vragen(lambda aantal=aantal: bekijk(aantal)) for aantal in AANTALLEN}
    assert len(gemeten) == 1


def test_the_lists_ask_as_much_for_more_rows(w):
    def tel():
        uit = {}
        for lijst in ("vastleggingen", "betalingen", "verschillen", "verklaard"):
            client, url = als(w.bo), f"{reverse('boekhouding')}?lijst={lijst}"
            uit[lijst] = vragen(lambda client=client, url=url: keur(client.get(url)))
        return uit

    heel = tel()
    alle = list(kies(12))
    for nummer, rij in enumerate(alle[:9], start=1):
        services.registreer_vastlegging(rij, nummer=f"V-{nummer}", datum=DAG, door=w.bo)
    assert len(verschillen(w.bo)) == 3
    assert tel() == heel
    for rij in verschillen(w.bo)[:2]:
        services.verklaar_verschil(w.bo, verstrekker=rij.verstrekker, sleutel=rij.sleutel, reden="Ja.", door=w.bo)
    assert tel() == heel
    for nummer, rij in enumerate(alle[9:], start=10):
        services.registreer_vastlegging(rij, nummer=f"V-{nummer}", datum=DAG, door=w.bo)
    assert verschillen(w.bo) == []


# The page.


def test_each_list_has_its_pager_and_its_total(w, monkeypatch):
    monkeypatch.setattr("betalingen.views.boekhouding.PER_PAGINA", 5)
    eerste, derde = pagina(w.bo), pagina(w.bo, "vastleggingen", "3")
    assert "Vast te leggen (12)" in eerste
    assert "1 tot 5 van 12" in eerste
    assert "11 tot 12 van 12" in derde
    assert "€ 120.000,00" in derde.replace("\xa0", " ")
    assert eerste.count(">Vastlegging registreren<") == 5
    verschil = pagina(w.bo, "verschillen", "3")
    assert "11 tot 12 van 12" in verschil
    assert verschil.count("De vastlegging is nog niet gemeld.") == 2
    elders.verstuur(w)
    betaald = pagina(w.bo, "betalingen", "2")
    assert "Te betalen (12)" in betaald
    assert "6 tot 10 van 12" in betaald
    assert "V-6" in betaald
    assert betaald.count("vereffening</td>") == 5
    vereffen(w, 6)
    assert pagina(w.bo, "betalingen", "2").count("vereffening</td>") == 4


def test_a_refused_explanation_shows_its_own_page_again(w, monkeypatch):
    monkeypatch.setattr("betalingen.views.boekhouding.PER_PAGINA", 5)
    rij = verschillen(w.bo)[-1]
    gegeven = {"verstrekker": rij.verstrekker, "sleutel": rij.sleutel, "reden": ""}
    client = als(w.bo)
    with ongewijzigd():
        antwoord = client.post(reverse("boekhouding_verklaren"), gegeven)
    keur(antwoord)
    assert antwoord.status_code == 422
    tekst = antwoord.content.decode()
    assert "11 tot 12 van 12" in tekst
    assert '<details class="govuk-details" open>' in tekst
    assert rij.dossiernummer in tekst
    antwoord = als(w.bo).post(reverse("boekhouding_verklaren"), gegeven | {"reden": "Volgende week."})
    assert antwoord["Location"] == f"{reverse('boekhouding')}?lijst=verschillen"
    assert "Volgende week." in pagina(w.bo, "verklaard")
    assert "Volgende week." in pagina(w.aude, "verklaard")
    assert "Verklaren<" not in pagina(w.aude, "verschillen")


def test_the_accountant_finds_the_page(w):
    lijst = als(w.bo).get(reverse("betalingen")).content.decode()
    assert f'<a href="{reverse("boekhouding")}">boekhouding</a>' in lijst
    assert (
        f'<a href="{reverse("boekhouding")}">boekhouding</a>'
        not in als(w.bea).get(reverse("betalingen")).content.decode()
    )


def punten(wie):
    return [(p.tekst, p.url) for groep in werklijst(wie) for p in groep["punten"]]


def test_mijn_werk_says_what_waits_and_what_differs(w):
    elders.verstuur(w)
    url = reverse("boekhouding")
    assert punten(w.bo) == [("12 betalingen wachten op de vereffening door de boekhouding", f"{url}?lijst=betalingen")]
    vereffen(w)
    neem_op(w, "betaling", 4_000_00, referentie=referentie())
    assert punten(w.bo) == [
        ("1 betaling als uitbetaald melden", f"{reverse('betalingen')}?status=verstuurd"),
        ("11 betalingen wachten op de vereffening door de boekhouding", f"{url}?lijst=betalingen"),
        ("Verschillen met de boekhouding nakijken", f"{url}?lijst=verschillen"),
    ]


def gelijk(w):
    """Check that the query of the work list finds the facts that the list of differences shows."""
    luiken = luiken_met_taak(w.bo, Rol.BOEKHOUDER)
    gevonden = queries.afwijkende_feiten(w.bo, luiken)
    verwacht = {v.feit.pk for v in verschillen(w.bo) if v.feit is not None and not v.verklaring}
    assert {rij.pk for rij in gevonden} == verwacht
    return len(verwacht)


def test_the_work_list_counts_the_facts_of_the_list_of_differences(w):
    gezien = [gelijk(w)]
    neem_op(w, "vastlegging", 9 * K, vastleggingsnummer="V-1")  # another amount
    gezien.append(gelijk(w))
    neem_op(w, "vastlegging", 10 * K, vastleggingsnummer="V-1")  # corrected: booked
    neem_op(w, "vastlegging", 1, dossier="XX-1", vastleggingsnummer="V-77")  # not known here
    gezien.append(gelijk(w))
    neem_op(w, "vastlegging", 10 * K, dossier=dossier(2).nummer, vastleggingsnummer="V-1")  # of another dossier
    gezien.append(gelijk(w))
    for nummer, rij in enumerate(list(kies(12))[1:], start=2):
        services.registreer_vastlegging(rij, nummer=f"V-{nummer}", datum=DAG, door=w.bo)
    bouw.beoordeling.geef_kennis(bouw.Besluit.objects.get(), door=w.bea)
    eerste = [betaling(n) for n in (1, 2, 3)]
    for rij in eerste:
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[rij.pk for rij in eerste], door=w.bo)
    cent = eerste[0].bedrag_cent
    neem_op(w, "betaling", cent, referentie=referentie())  # before its charge
    gezien.append(gelijk(w))
    neem_op(w, "vereffening", cent, stuknummer="S-1", referentie=referentie())  # now the payment fits, not booked
    gezien.append(gelijk(w))
    neem_op(w, "betaling", cent, referentie=referentie())
    gezien.append(gelijk(w))
    neem_op(w, "betaling", cent, stuknummer="B-1", referentie=referentie())
    neem_op(w, "betaling", cent, stuknummer="B-2", referentie=referentie())  # the same again
    gezien.append(gelijk(w))
    twee = {"dossier": dossier(2).nummer, "referentie": referentie(2)}
    neem_op(w, "vereffening", cent, stuknummer="S-2", vastleggingsnummer="V-3", **twee)  # another commitment
    gezien.append(gelijk(w))
    neem_op(w, "vereffening", cent, stuknummer="S-2", vastleggingsnummer="V-2", **twee)
    gezien.append(gelijk(w))
    services.meld_geweigerd(betaling(2), datum=DAG, reden="Rekening gesloten.", door=w.bo)  # its reference is gone
    gezien.append(gelijk(w))
    rij = next(v for v in verschillen(w.bo) if v.dossiernummer == "XX-1")
    services.verklaar_verschil(w.bo, verstrekker=rij.verstrekker, sleutel=rij.sleutel, reden="Oud.", door=w.bo)
    gezien.append(gelijk(w))
    assert gezien == [0, 1, 1, 2, 3, 3, 2, 3, 4, 3, 4, 3]
    assert Buitenfeit.objects.filter(versie=2).count() == 2
    alles_klopt()


# The number of the commitment.


def test_the_number_of_the_outside_books_stands_in_every_sheet(w):
    elders.leg_vast(w)
    bladen = {
        "dossiers": dossiersblad(kies(12), gebruiker=None),
        "betalingen": betalingenblad(Betaling.objects.filter(schijf__volgorde=1).order_by("pk")),
        "encours": encoursblad(queries.encours(Dossier.objects.all()).order_by("pk")),
        "vastleggingen": journaalblad(Journaalregel.objects.filter(soort="vastlegging").order_by("pk")),
        "controlespoor": controlespoorblad(Journaalregel.objects.filter(soort="vastlegging"), Krediet.objects.all()),
    }
    verwacht = [f"V-{nummer}" for nummer in range(1, 13)]
    for naam, blad in bladen.items():
        assert [r["Vastleggingsnummer"] for r in rijen(bytes_van(blad))] == verwacht, naam
    bouw.beoordeling.geef_kennis(bouw.Besluit.objects.get(), door=w.bea)
    assert schuldvordering_feiten(betaling(2)).vastlegging == queries.vastleggingsnummer(dossier(2)) == "V-2"


def test_the_number_stands_on_the_screens(w):
    elders.verstuur(w)
    client = als(w.bo)
    for adres in (
        reverse("encours"),
        f"{reverse('grootboek')}?soort=vastlegging",
        f"{reverse('betalingen')}?status=verstuurd",
        f"{reverse('dossiers')}?kolommen=vastlegging",
        reverse("dossier", args=[dossier(7).nummer]),
    ):
        assert "V-7" in client.get(adres).content.decode(), adres
    ruw = inhoud(client.get(f"{reverse('dossiers_bestand')}?kolommen=vastlegging&formaat=csv"))
    assert {r["Vastleggingsnummer"] for r in csv_rijen(ruw)} == {f"V-{n}" for n in range(1, 13)}


def test_without_a_commitment_there_is_no_number(w):
    assert queries.vastleggingsnummer(dossier()) == ""
    assert [r["Vastleggingsnummer"] for r in rijen(bytes_van(dossiersblad(kies(1), gebruiker=None)))] == [None]
