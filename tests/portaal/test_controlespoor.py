"""The auditor's report: every booking from its credit to the line of the bank, and credits that reconcile."""

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from betalingen import queries, services
from betalingen.models import Afschrift, Bankregel, Betaalopdracht, Betaling, Journaalregel, Krediet, Stand
from kern import klok
from portaal.controlespoor import controlespoorblad
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.bank.afschrift import DAG, EIGEN_IBAN, Boeking, schrijf
from tests.bladen import bytes_van, csv_rijen, inhoud, rijen, toelichting
from tests.hulp import alles_klopt
from tests.onthouden import onthoudt
from tests.portaal import formulieren
from tests.proef import tweede_oproep

pytestmark = pytest.mark.django_db
K = 1_000_00


def blad(**filters: Any) -> Any:
    return controlespoorblad(Journaalregel.objects.filter(**filters), Krediet.objects.all())


def aansluiting(ruw: bytes) -> list[dict[str, Any]]:
    koppen, *rest = openpyxl.load_workbook(BytesIO(ruw), data_only=True)["Aansluiting"].iter_rows(values_only=True)
    return [dict(zip(koppen, rij, strict=True)) for rij in rest]


def verstuur(w: bouw.Wereld, betaling: Betaling) -> Betaalopdracht:
    """Draft, approve and send one payment, and make its file."""
    if betaling.status == Betaling.Status.GEPLAND:  # and not back from the bank
        services.stel_betaling_op(betaling, door=w.bea)
    services.keur_betaling_goed(Betaling.objects.get(pk=betaling.pk), door=w.bart)
    opdracht = services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)
    services.geef_betaalbestand(opdracht, door=w.bo)
    return opdracht


def lees(w: bouw.Wereld, opdracht: Betaalopdracht, teken: int, nummer: str) -> Bankregel:
    """Read the statement of today that says that an order left (-1) or came back (1); return its line."""
    (regel,) = opdracht.regels.all()
    kenmerk = f"{opdracht.nummer}-{regel.betaling_id}"
    weg = Boeking(teken * regel.bedrag_cent, end_to_end_id=kenmerk, iban=regel.iban, bankreferentie=nummer)
    if teken > 0:
        weg = Boeking(
            regel.bedrag_cent,
            end_to_end_id=kenmerk,
            iban=regel.iban,
            bankreferentie=nummer,
            omgekeerd=True,
            reden="AC04",
        )
    dag = klok.vandaag().isoformat().encode()
    services.lees_afschrift(schrijf([weg], nummer=nummer).replace(DAG.isoformat().encode(), dag), door=w.bo)
    return Bankregel.objects.latest("pk")


@pytest.fixture
@onthoudt
def w(wereld: bouw.Wereld) -> bouw.Wereld:
    """One award of 100.000 euro of which nothing was paid."""
    bouw.kennisgegeven(wereld)
    wie = services.stel_rekening_in
    wie(
        wereld.beheer,
        verstrekker=wereld.oproep.verstrekker,
        opdrachtgever=terug.Opdrachtgever("Vlaamse overheid", EIGEN_IBAN),
        door=wereld.beheer,
    )
    return wereld


def test_from_credit_to_bank_line_and_back(w: bouw.Wereld) -> None:
    betaling = Betaling.objects.get(schijf__volgorde=1)
    klok.zet(klok.brussel(2022, 3, 1, 9))
    een = verstuur(w, betaling)
    klok.zet(klok.brussel(2022, 3, 2, 9))
    weg = lees(w, een, -1, "2022-1")
    klok.zet(klok.brussel(2022, 3, 5, 9))
    kwam_terug = lees(w, een, 1, "2022-2")
    klok.zet(klok.brussel(2022, 3, 8, 9))
    twee = verstuur(w, Betaling.objects.get(pk=betaling.pk))
    klok.zet(klok.brussel(2022, 3, 9, 9))
    weer_weg = lees(w, twee, -1, "2022-3")
    ruw = bytes_van(blad())
    gevonden = rijen(ruw)
    assert [(r["Soort"], r["Bedrag"], r["Betaalopdracht"], r["Bankregel"]) for r in gevonden] == [
        ("Reservering", 100_000, None, None),
        ("Vrijgave", -100_000, None, None),
        ("Vastlegging", 100_000, None, None),
        ("Vereffening", 50_000, een.nummer, None),
        ("Uitbetaling", 50_000, een.nummer, weg.sleutel),
        ("Uitbetaling", -50_000, een.nummer, kwam_terug.sleutel),
        ("Uitbetaling", 50_000, twee.nummer, weer_weg.sleutel),
    ]
    regel = Journaalregel.objects.select_related("gebeurtenis__keten", "dossier__organisatie").order_by("pk")[4]
    (bestand,) = een.bestanden.all()
    afschrift = Afschrift.objects.get(pk=weg.afschrift_id)
    uit = gevonden[4]
    assert (uit["Regel"], uit["Geboekt op"].isoformat(), uit["Datum"].date().isoformat()) == (
        regel.pk,
        "2022-03-02T09:00:00",
        "2022-03-02",
    )
    assert {naam: uit[naam] for naam in list(uit) if naam not in {"Regel", "Geboekt op", "Datum"}} == {
        "Soort": "Uitbetaling",
        "Bedrag": 50_000,
        "Artikel": "WELZIJN-EENZAAMHEID",
        "Begrotingsjaar": 2022,
        "Oproep": w.oproep.titel,
        "Luik": "Vlaanderen",
        "Ronde": 1,
        "Dossier": regel.dossier.nummer,
        "Begunstigde": regel.dossier.organisatie.naam,
        "KBO-nummer": regel.dossier.organisatie.kbo,
        "Vastleggingsnummer": queries.vastleggingsnummer(regel.dossier),
        "Besluit": "MB-2022-1",
        "Datum besluit": bouw.BESLIST.replace(tzinfo=None, hour=0, minute=0),
        "Schijf": "Eerste schijf",
        "Betaalopdracht": een.nummer,
        "Kenmerk betaling": f"{een.nummer}-{betaling.pk}",
        "Betaalbestand (sha256)": bestand.sha256,
        "Afschrift": afschrift.pk,
        "Afschrift (sha256)": afschrift.sha256,
        "Regel van het afschrift": weg.plaats,
        "Datum bank": klok.brussel(2022, 3, 2).replace(tzinfo=None),
        "Referentie bank": f"{een.nummer}-{betaling.pk}",
        "Bankregel": weg.sleutel,
        "Terugvordering": None,
        "Beslissing terugvordering": None,
        "Datum beslissing terugvordering": None,
        "Handeling": "Rekeningafschrift inlezen",
        "Naam van de handeling": "afschrift.lees_in",
        "Keten": f"betaling {betaling.pk}",
        "Gebeurtenis": regel.gebeurtenis.nummer,
        "Hash van de gebeurtenis": bytes(regel.gebeurtenis.hash).hex(),
        "Door": "Bo Proef",
    }
    (krediet,) = [r for r in aansluiting(ruw) if r["Jaar"] == 2022]
    assert (krediet["Boekingen"], krediet["Waarvan in dit blad"], krediet["Verschil"]) == (7, 7, 0)
    alles_klopt()


def test_recoveries_with_two_receipts_of_one_day_and_a_set_off(wereld: bouw.Wereld) -> None:
    w = terug.betaald(wereld)
    rij = terug.bekend(w)
    for kenmerk in ("2022/0042", "2022/0043"):
        rij = terug.ontvang(w, rij, 5 * K, referentie=kenmerk)
    from tests.betalingen.test_terugvordering_inning import tweede

    services.verreken(rij, betaling=tweede(w).pk, door=w.bart)
    gevonden = rijen(bytes_van(blad()))
    velden = ("Soort", "Bedrag", "Betaalopdracht", "Referentie bank", "Bankregel", "Terugvordering")
    nummer, opdracht = rij.nummer, Betaalopdracht.objects.get().nummer
    assert [tuple(r[naam] for naam in velden) for r in gevonden[3:]] == [
        ("Vereffening", 50_000, opdracht, None, None, None),
        ("Uitbetaling", 50_000, opdracht, None, None, None),
        ("Terugvordering", 20_000, None, None, None, nummer),
        ("Ontvangst", 5_000, None, "2022/0042", None, nummer),
        ("Ontvangst", 5_000, None, "2022/0043", None, nummer),
        ("Vereffening", 10_000, None, None, None, nummer),
        ("Uitbetaling", 10_000, None, None, None, nummer),
        ("Ontvangst", 10_000, None, None, None, nummer),
    ]
    assert {(r["Besluit"], r["Beslissing terugvordering"]) for r in gevonden[5:]} == {("MB-2022-1", "TB-2022-4")}
    (krediet,) = [r for r in aansluiting(bytes_van(blad())) if r["Jaar"] == 2022]
    assert (krediet["Teruggevorderd"], krediet["Ontvangen"], krediet["Verschil"]) == (20_000, 20_000, 0)


def test_the_check_finds_a_total_that_is_wrong(w: bouw.Wereld) -> None:
    krediet = Krediet.objects.get(jaar=2022)
    stand = Stand.objects.filter(soort="krediet", sleutel=krediet.pk)
    stand.update(vastgelegd_cent=100 * K - 25, ontvangen_cent=0, betaalkrediet_cent=stand[0].betaalkrediet_cent + 10)
    ruw = bytes_van(blad())
    rij = aansluiting(ruw)[0]
    assert (rij["Jaar"], rij["Artikel"], rij["Vastgelegd"], rij["Stand vastgelegd"]) == (
        2022,
        "WELZIJN-EENZAAMHEID",
        100_000,
        99_999.75,
    )
    assert rij["Verschil"] == 0.35
    tab = openpyxl.load_workbook(BytesIO(ruw))["Aansluiting"]
    koppen = {cel.value: cel.column_letter for cel in tab[1]}
    formule = tab[f"{koppen['Verschil']}2"].value
    assert formule.startswith("=ABS(F2+G2-") and formule.count("ABS(") == 9  # two limits, seven totals
    vast, weg = koppen["Vastleggingen"], koppen["Annuleringen"]
    assert tab[f"{koppen['Vastgelegd']}2"].value == f"={vast}2+{weg}2"
    assert tab[f"{koppen['Verschil']}{tab.max_row}"].value == f"=SUBTOTAL(109,E2:E{tab.max_row - 1})"


def test_what_is_filtered_away_still_counts_for_the_credit(w: bouw.Wereld) -> None:
    ruw = bytes_van(blad(soort="vastlegging"))
    assert [r["Soort"] for r in rijen(ruw)] == ["Vastlegging"]
    rij = aansluiting(ruw)[0]
    assert (rij["Boekingen"], rij["Waarvan in dit blad"], rij["Vastleggingen"], rij["Verschil"]) == (3, 1, 100_000, 0)
    assert (rij["VAK bij opening"], rij["VAK gewijzigd"], rij["Stand VAK"]) == (
        rij["Stand VAK"],
        0,
        rij["VAK bij opening"],
    )


def test_from_the_page_with_its_filter_and_from_the_command(w: bouw.Wereld, tmp_path: Path) -> None:
    anders = tweede_oproep(w)
    browser = formulieren.browser(w.bart)
    adres = reverse("controlespoor_bestand")
    pagina = browser.get(reverse("grootboek") + "?soort=vastlegging").content.decode()
    assert f"{adres}?soort=vastlegging&amp;formaat=xlsx" in pagina
    ruw = inhoud(browser.get(f"{adres}?soort=vastlegging&formaat=xlsx"))
    assert [r["Bedrag"] for r in rijen(ruw)] == [100_000] and toelichting(ruw)["Soort"] == "vastlegging"
    tabellen = openpyxl.load_workbook(BytesIO(ruw)).sheetnames
    assert tabellen == ["Controlespoor", "Aansluiting", "Toelichting"]
    assert {r["Artikel"] for r in aansluiting(ruw)[:-1]} == {"WELZIJN-EENZAAMHEID"}
    (rij,) = csv_rijen(inhoud(browser.get(f"{adres}?soort=vastlegging&formaat=csv")))
    assert (rij["Bedrag"], rij["Besluit"], rij["Datum besluit"]) == ("100.000,00", "MB-2022-1", "2022-02-01")
    uit = StringIO()
    pad = tmp_path / "spoor.xlsx"
    call_command("exporteer", "controlespoor", "--oproep", w.oproep.slug, "--jaar", "2022", "--uit", pad, stdout=uit)
    assert uit.getvalue() == f"3 rijen geschreven naar {pad}.\n"
    assert [r["Soort"] for r in rijen(pad.read_bytes())] == ["Reservering", "Vrijgave", "Vastlegging"]
    assert [r["Jaar"] for r in aansluiting(pad.read_bytes())[:-1]] == [2022]
    assert toelichting(pad.read_bytes())["Begrotingsjaar"] == "2022"
    call_command("exporteer", "controlespoor", "--oproep", anders.oproep.slug, "--uit", pad, stdout=uit)
    assert rijen(pad.read_bytes()) == []


def test_the_number_of_queries_does_not_grow(wereld: bouw.Wereld) -> None:
    terug.betaald(wereld)
    heel = list(Journaalregel.objects.order_by("pk"))
    for keer in (0, 2, 100):
        nieuw = Journaalregel.objects.bulk_create(copy(regel) for regel in heel * keer)
        assert len(nieuw) == 5 * keer
        with CaptureQueriesContext(connection) as gevraagd:
            assert len(rijen(bytes_van(blad()))) == Journaalregel.objects.count()
        # The rows (and the count of the assertion); of the credits: themselves, what is booked, limits, shown, totals.
        assert len(gevraagd) == 7


def copy(regel: Journaalregel) -> Journaalregel:
    """Return the same booking once more."""
    velden = {veld.attname: getattr(regel, veld.attname) for veld in Journaalregel._meta.fields if veld.name != "id"}
    return Journaalregel(**velden)
