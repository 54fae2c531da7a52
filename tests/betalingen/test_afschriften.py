"""Statements: what is booked without a person, what waits for one, and that a file is read once."""

import hashlib
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betalingen import services
from betalingen.bank import camt, mededeling, pain
from betalingen.models import Afschrift, Afschriftregel, Bankregel, Betaalopdracht, Betaling, Journaalregel
from betalingen.services.afschrift import Ingelezen
from kern import klok
from portaal.controlespoor import controlespoor
from tests import bouw
from tests.betalingen.bank.afschrift import (
    EIGEN_IBAN,
    Boeking,
    boekingen,
    iban,
    schrijf,
    terug,
)
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigert, zin_status
from tests.onthouden import onthoudt
from tests.proef import cijfers, krediet, zet_krediet

pytestmark = pytest.mark.django_db

K = 1_000_00


@pytest.fixture
@onthoudt
def w(wereld):
    """Two payments of 50.000 euro in one order, sent on the day before the statement."""
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 8})
    services.stel_rekening_in(
        wereld.beheer,
        verstrekker=wereld.oproep.verstrekker,
        opdrachtgever=pain.Opdrachtgever("Vlaamse overheid", EIGEN_IBAN),
        door=wereld.beheer,
    )
    zet_krediet(wereld, 2026, K, 200 * K)
    klok.zet(klok.brussel(2026, 11, 23, 10))
    for rij in Betaling.objects.filter(schijf__volgorde=1):
        services.stel_betaling_op(rij, door=wereld.bea)
        services.keur_betaling_goed(rij, door=wereld.bart)
    services.verstuur_betalingen(wereld.oproep, betalingen=[b.pk for b in eerste()], door=wereld.bo)
    klok.zet(klok.brussel(2026, 11, 25, 9))
    return wereld


def eerste():
    return Betaling.objects.filter(schijf__volgorde=1).order_by("pk")


def batch():
    opdracht = Betaalopdracht.objects.get()
    over = [
        pain.Overschrijving(r.betaling_id, r.naam, r.iban, r.bedrag_cent, ogm=mededeling.maak(r.betaling_id))
        for r in opdracht.regels.all()
    ]
    wie = pain.Opdrachtgever("Vlaamse overheid", EIGEN_IBAN)
    return pain.Opdracht(opdracht.nummer, opdracht.verstuurd_op, klok.vandaag(), wie, tuple(over))


def lees(w, regels, **velden):
    return services.lees_afschrift(schrijf(regels, **velden), door=w.bo)


def test_the_same_line_of_a_statement_with_the_same_number_a_year_later_is_another_line(w):
    onbekend = schrijf([Boeking(12_50, naam="Iemand", bankreferentie="REF")], nummer="224")
    later = onbekend.replace(b"2026-11-24", b"2027-11-24")
    assert services.lees_afschrift(onbekend, door=w.bo).nieuw == 1
    klok.zet(klok.brussel(2027, 11, 26, 9))
    assert services.lees_afschrift(later, door=w.bo).nieuw == 1
    assert [str(dag) for dag in Bankregel.objects.order_by("pk").values_list("boekdatum", flat=True)] == [
        "2026-11-24",
        "2027-11-24",
    ]
    with ongewijzigd():
        assert services.lees_afschrift(later, door=w.bo) == Ingelezen(1, {})


def test_what_was_read_before_keys_held_the_day_is_known(w):
    inhoud = schrijf([Boeking(12_50, naam="Iemand", bankreferentie="REF")])
    lees(w, [])
    (regel,) = camt.lees(inhoud).regels
    velden = {"boekdatum": regel.boekdatum, "bedrag_cent": 12_50, "bankstatus": "BOOK", "plaats": "1"}
    Bankregel.objects.create(afschrift=Afschrift.objects.get(), sleutel=regel.oude_sleutel, **velden)
    with ongewijzigd():
        assert services.lees_afschrift(inhoud, door=w.bo).bekend == 1


def standen():
    return list(eerste().values_list("status", flat=True))


@pytest.mark.parametrize("wijze", ["per_betaling", "verzameld", "gesplitst"])
def test_what_left_is_booked(w, wijze):
    uit = lees(w, boekingen(batch(), wijze))
    assert (uit.bekend, uit.per_status) == (0, {"verwerkt": 1 if wijze == "verzameld" else 2})
    assert standen() == ["uitbetaald", "uitbetaald"]
    assert cijfers(krediet(2026)) == {"vereffend": 100 * K, "uitbetaald": 100 * K}
    alles_klopt()


def test_reading_leaves_an_event_on_the_statement_and_on_every_payment(w):
    inhoud = schrijf(boekingen(batch()))
    with geschiedenis() as nieuw:
        services.lees_afschrift(inhoud, door=w.bo)
    afschrift, naam = Afschrift.objects.get(), "afschrift.lees_in"
    gelezen = {
        "rekening": EIGEN_IBAN,
        "sha256": hashlib.sha256(inhoud).hexdigest(),
        "regels": 2,
        "per_status": {"verwerkt": 2},
    }
    dag = Bankregel.objects.first().boekdatum
    assert nieuw.feiten[0] == feit(afschrift, naam, w.bo, inhoud=gelezen)
    assert [f[:6] for f in nieuw.feiten[1:]] == [feit(b, naam, w.bo, "verstuurd", "uitbetaald")[:6] for b in eerste()]
    assert {b.uitbetaald_op for b in eerste()} == {dag}
    assert sorted(aan for aan, _, _ in nieuw.mails) == ["an@voorbeeld.test", "ben@voorbeeld.test"]


def test_a_second_time_changes_nothing_and_says_so(w, tmp_path: Path):
    inhoud = schrijf(boekingen(batch()))
    services.lees_afschrift(inhoud, door=w.bo)
    pad, uit = tmp_path / "a.xml", StringIO()
    pad.write_bytes(inhoud)
    with ongewijzigd():
        assert services.lees_afschrift(inhoud, door=w.bo).nieuw == 0
        call_command("lees_afschrift", str(pad), stdout=uit)
    assert uit.getvalue() == "Dit afschrift is al ingelezen; er is niets gewijzigd.\n"


def test_a_return_after_the_payment_goes_back_to_the_check(w):
    een, twee = boekingen(batch())
    lees(w, [een, twee, terug(een)])
    assert standen() == ["te_controleren", "uitbetaald"]
    assert cijfers(krediet(2026)) == {"vereffend": 100 * K, "uitbetaald": 50 * K}
    alles_klopt()


@pytest.mark.parametrize("los", [True, False])
def test_a_return_to_a_project_that_ended_lapses(w, los):
    een, twee = boekingen(batch())
    dossier = eerste()[0].dossier
    if los:
        lees(w, [een, twee])
    services.zet_stop(dossier, reden="Geen buurtwerker", door=w.bart)
    lees(w, [terug(een)] if los else [een, twee, terug(een)], nummer="2026-225")
    assert standen() == ["vervallen", "uitbetaald"]
    assert cijfers(dossier) == {"vervallen": 100 * K}
    assert cijfers(krediet(2026)) == {"vereffend": 50 * K, "uitbetaald": 50 * K}
    alles_klopt()


@pytest.mark.parametrize("wijze", ["per_betaling", "verzameld"])
def test_the_line_of_what_was_reported_by_hand_is_linked_and_books_nothing(w, wijze):
    dag = camt.lees(schrijf(boekingen(batch()))).regels[0].boekdatum
    for rij in eerste():
        services.meld_uitbetaald(rij, datum=dag, door=w.bo)
    lijst = boekingen(batch(), wijze)
    voor = list(Journaalregel.objects.order_by("pk"))
    with geschiedenis() as nieuw:
        uit = lees(w, [*lijst, replace(lijst[0], bankreferentie="NOG EENS")])
    assert uit.per_status == {"verwerkt": len(lijst), "open": 1}
    assert [f[:3] for f in nieuw.feiten] == [feit(Afschrift.objects.get(), "afschrift.lees_in", w.bo)[:3]]
    assert (nieuw.mails, list(Journaalregel.objects.order_by("pk"))) == ([], voor)
    rijen = list(Afschriftregel.objects.order_by("pk"))
    assert {(r.soort, r.label) for r in rijen[:-1]} == {("al_gemeld", "Verwerkt")}
    assert sorted(b.pk for r in rijen[:-1] for b in r.betalingen.all()) == [b.pk for b in eerste()]
    assert rijen[-1].soort == "niet_gevonden"
    banken = [r.bank["datum"] for r in controlespoor(Journaalregel.objects.filter(soort="uitbetaling"))]
    assert banken == [dag.isoformat()] * 2
    alles_klopt()


def test_what_was_reported_on_another_day_stays_for_a_person(w):
    services.meld_uitbetaald(eerste()[0], datum=klok.vandaag(), door=w.bo)
    assert lees(w, boekingen(batch())).per_status == {"open": 1, "verwerkt": 1}
    rij = Afschriftregel.objects.get(status="open")
    assert (rij.label, rij.volgende_stap) == ("Al betaald", "")


@pytest.mark.parametrize(
    ("meer", "begin"),
    [(-1, "Vraag de bank om de rest te betalen"), (1, "Vraag de bank om terug te storten wat ze te veel betaalde")],
)
def test_another_amount_says_so_and_what_to_do(w, meer, begin):
    een, _ = boekingen(batch())
    lees(w, [replace(een, bedrag_cent=een.bedrag_cent - meer)])
    rij = Afschriftregel.objects.get()
    assert (rij.status, rij.label) == ("open", "Ander bedrag")
    assert rij.volgende_stap.startswith(begin)
    assert standen() == ["verstuurd", "verstuurd"]


def test_a_batch_of_another_amount_says_what_to_do(w):
    (heel,) = boekingen(batch(), "verzameld")
    lees(w, [replace(heel, bedrag_cent=heel.bedrag_cent + 1)])
    rij = Afschriftregel.objects.get()
    assert (rij.label, rij.volgende_stap[:34]) == ("Ander bedrag", "Vraag de bank welke betalingen van")


def test_a_proposal_waits_for_a_yes(w):
    een, _ = batch().overschrijvingen
    lees(w, [Boeking(-een.bedrag_cent, naam=een.naam, iban=een.iban)])
    uitkomst = Afschriftregel.objects.get()
    assert (uitkomst.status, uitkomst.wordt, uitkomst.betalingen.count()) == ("voorstel", "betaald", 2)
    with weigert("geen_keuze", "Kies een van de betalingen.", "betalingen"):
        services.bevestig_afschriftregel(uitkomst, betalingen=[], door=w.bo)
    services.bevestig_afschriftregel(uitkomst, betalingen=[eerste()[1].pk], door=w.bo)
    assert standen() == ["verstuurd", "uitbetaald"]
    alles_klopt()


def test_what_is_not_found_stays_open_until_somebody_looked(w):
    lees(w, [Boeking(-1_23, naam="Onbekend", iban=iban(77))])
    uitkomst = Afschriftregel.objects.get()
    assert uitkomst.status == "open"
    with weigert("reden_ontbreekt", "Schrijf wat u met deze regel deed.", "reden"):
        services.sluit_afschriftregel_af(uitkomst, reden=" ", door=w.bo)
    services.sluit_afschriftregel_af(uitkomst, reden="Bankkosten", door=w.bo)
    assert Afschriftregel.objects.get().status == "afgesloten"


def test_only_an_accountant_of_the_granter_reads(w):
    inhoud = schrijf(boekingen(batch()))
    eis_alleen(w.mensen, {"bo"}, lambda wie: services.lees_afschrift(inhoud, door=wie))


def test_one_line_that_cannot_be_booked_stops_the_whole_file(w):
    klok.zet(klok.brussel(2026, 11, 23, 11))
    zin = "De regel van 24/11/2026 over 50.000,00 euro kan niet geboekt worden. De betaaldatum ligt in de toekomst."
    with weigert("datum_onmogelijk", zin, "bestand"):
        lees(w, boekingen(batch()))
    assert (Afschrift.objects.count(), Bankregel.objects.count()) == (0, 0)


def test_an_account_of_nobody_is_refused(w, tmp_path: Path):
    zin = (
        f"Rekening {iban(5)} is van geen enkele verstrekker. Een beheerder vult ze in bij Beheer, Rekeningen van "
        "verstrekkers."
    )
    with weigert("onbekende_rekening", zin, "bestand"):
        lees(w, [], rekening=iban(5))
    (tmp_path / "x.xml").write_bytes(b"geen xml")
    with pytest.raises(CommandError, match=r"^Dit bestand is geen leesbare XML\.$"):
        call_command("lees_afschrift", str(tmp_path / "x.xml"))


def test_lines_are_stored_together_however_many_there_are(w):
    """The benchmark does this with 1,000 (docs/metingen.md)."""
    een, _ = batch().overschrijvingen

    def vragen(aantal, nummer):
        regels = [
            Boeking(-een.bedrag_cent, naam=een.naam, iban=een.iban, bankreferentie=f"{nummer} {i}")
            for i in range(aantal)
        ]
        with CaptureQueriesContext(connection) as gevraagd:
            assert lees(w, regels, nummer=nummer).per_status == {"voorstel": aantal}
        return len(gevraagd)

    vragen(1, "2026-220")
    assert vragen(3, "2026-221") == vragen(60, "2026-222")


ANDERE_MUNT = "Regel 1 van afschrift 2026-224 staat in USD. Alleen afschriften in euro kunnen gelezen worden."
MET_ENTITEIT = "Dit bestand bevat een DOCTYPE of entiteiten. Een rekeningafschrift van een bank bevat die nooit."
ENTITEIT = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'


def test_a_statement_in_another_currency_or_with_entities_changes_nothing(w):
    een, twee = boekingen(batch())
    with weigert("andere_munt", ANDERE_MUNT, "bestand"):
        lees(w, [replace(een, munt="USD"), twee])
    kop, rest = schrijf([een, twee]).split(b"?>", 1)
    with weigert("xml_doctype", MET_ENTITEIT, "bestand"):
        services.lees_afschrift(kop + b"?>" + ENTITEIT + rest, door=w.bo)


def test_a_return_waits_until_the_missing_statement_is_read(w):
    een, twee = boekingen(batch())
    lees(w, [terug(een)], nummer="2026-225")
    uitkomst = Afschriftregel.objects.get()
    assert (uitkomst.status, uitkomst.uitleg) == (
        "voorstel",
        "De afschrijving van deze betaling is nog niet ingelezen.",
    )
    uit = lees(w, [een, twee])
    assert (uit.per_status, uit.alsnog) == ({"verwerkt": 2}, 1)
    uitkomst = Afschriftregel.objects.get(pk=uitkomst.pk)
    assert (uitkomst.status, uitkomst.soort, uitkomst.uitleg) == ("verwerkt", "teruggestort", "")
    assert [b.pk for b in uitkomst.betalingen.all()] == [eerste()[0].pk]
    assert standen() == ["te_controleren", "uitbetaald"]
    assert cijfers(krediet(2026)) == {"vereffend": 100 * K, "uitbetaald": 50 * K}
    alles_klopt()


def test_an_old_return_is_not_that_of_a_payment_that_was_sent_again(w):
    een, twee = boekingen(batch())
    lees(w, [terug(een)], nummer="2026-225")
    rij = eerste()[0]
    services.meld_geweigerd(rij, datum=klok.vandaag(), reden="AC04", door=w.bo)
    klok.zet(klok.brussel(2026, 11, 26, 9))
    services.keur_betaling_goed(eerste()[0], door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[rij.pk], door=w.bo)
    assert lees(w, [twee]).alsnog == 0
    assert Afschriftregel.objects.order_by("pk")[0].status == "voorstel"
    assert standen() == ["verstuurd", "uitbetaald"]
    alles_klopt()


def test_a_line_that_was_dealt_with_is_done(w):
    lees(w, boekingen(batch()))
    uitkomst = Afschriftregel.objects.order_by("pk")[0]
    with weigert("verkeerde_status", zin_status(uitkomst)):
        services.bevestig_afschriftregel(uitkomst, betalingen=[eerste()[0].pk], door=w.bo)
    with weigert("verkeerde_status", zin_status(uitkomst)):
        services.sluit_afschriftregel_af(uitkomst, reden="Toch niet.", door=w.bo)


def test_only_an_accountant_of_the_granter_says_what_a_line_is(w):
    een, _ = batch().overschrijvingen
    lees(w, [Boeking(-een.bedrag_cent, naam=een.naam, iban=een.iban)])
    uitkomst, keuze = Afschriftregel.objects.get(), [eerste()[0].pk]
    eis_alleen(w.mensen, {"bo"}, lambda wie: services.bevestig_afschriftregel(uitkomst, betalingen=keuze, door=wie))
    eis_alleen(w.mensen, {"bo"}, lambda wie: services.sluit_afschriftregel_af(uitkomst, reden="Nee.", door=wie))


def test_the_command_tells_what_it_did(w, tmp_path: Path):
    een, twee = boekingen(batch())
    for nummer, regels, zinnen in (
        ("2026-225", [terug(een)], ["1 nieuwe regels ingelezen, 0 waren al bekend.", "  voorstel: 1"]),
        (
            "2026-224",
            [een, twee],
            [
                "2 nieuwe regels ingelezen, 0 waren al bekend.",
                "  verwerkt: 2",
                "Uit eerdere afschriften alsnog verwerkt: 1",
            ],
        ),
    ):
        pad, uit = tmp_path / f"{nummer}.xml", StringIO()
        pad.write_bytes(schrijf(regels, nummer=nummer))
        call_command("lees_afschrift", str(pad), stdout=uit)
        assert uit.getvalue().splitlines() == zinnen
    assert standen() == ["te_controleren", "uitbetaald"]
    alles_klopt()
