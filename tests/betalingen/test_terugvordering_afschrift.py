"""Money on a statement finds its recovery: by its communication without a person, by amount and account with one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from betalingen import interest, services
from betalingen.bank import mededeling
from betalingen.models import Afschriftregel, Ontvangst
from kern import klok
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.bank.afschrift import DAG, ontvangst, schrijf
from tests.betalingen.terug import K
from tests.hulp import alles_klopt, geschiedenis, ongewijzigd, weigert
from tests.portaal.pagina import keur

pytestmark = pytest.mark.django_db

LEZEN = klok.brussel(DAG.year, DAG.month, DAG.day, 15) + timedelta(days=1)


@pytest.fixture
def w(wereld):
    return terug.betaald(wereld)


def ogm(rij):
    return mededeling.maak(rij.pk, mededeling.Reeks.TERUGVORDERING)


def lees(w, regels, **velden):
    klok.zet(LEZEN)
    return services.lees_afschrift(schrijf(regels, **velden), door=w.bo)


def test_a_line_with_the_communication_is_booked(w):
    rij = terug.bekend(w)
    inhoud = [ontvangst(5 * K, ogm=ogm(rij))]
    with geschiedenis() as nieuw:
        uit = lees(w, inhoud)
    assert uit.per_status == {"verwerkt": 1}
    assert [f[2:6] for f in nieuw.feiten] == [
        ("afschrift.lees_in", w.bo.pk, "", ""),
        ("afschrift.lees_in", w.bo.pk, "kennisgegeven", "kennisgegeven"),
    ]
    assert [aan for aan, _, _ in nieuw.mails] == ["an@voorbeeld.test"]
    [gekregen] = Ontvangst.objects.all()
    uitkomst = Afschriftregel.objects.get()
    assert (gekregen.bankregel, gekregen.datum, gekregen.bedrag_cent) == (uitkomst.regel, DAG, 5 * K)
    assert list(uitkomst.terugvorderingen.all()) == [rij]
    with ongewijzigd():
        assert lees(w, inhoud).nieuw == 0
    lees(w, [ontvangst(15 * K, ogm=ogm(rij))], nummer="2026-226")
    assert terug.vers_gelezen(rij).status == "ontvangen"
    alles_klopt()


def test_what_is_too_much_or_comes_too_late_stays_for_a_person(w):
    rij = terug.bekend(w)
    assert lees(w, [ontvangst(20 * K + 1, ogm=ogm(rij))]).per_status == {"open": 1}
    regel = Afschriftregel.objects.get()
    assert (regel.label, regel.uitleg) == ("Ander bedrag", "Er is 0,01 euro meer ontvangen dan verschuldigd is.")
    assert regel.volgende_stap.startswith("Registreer bij de terugvordering wat verschuldigd was als ontvangen.")
    terug.ontvang(w, rij, 20 * K)
    assert lees(w, [ontvangst(K, ogm=ogm(rij))], nummer="2026-226").per_status == {"open": 1}
    alles_klopt()


def test_two_parts_in_one_file_and_the_rest_of_it(w):
    rij = terug.bekend(w)
    regels = [ontvangst(cent * K, ogm=ogm(rij), bankreferentie=f"IN-{cent}") for cent in (12, 7, 2)]
    assert lees(w, regels).per_status == {"verwerkt": 2, "open": 1}
    assert terug.vers_gelezen(rij).hoofdsom_open_cent == K
    alles_klopt()


def test_interest_counts_to_the_day_on_the_statement(w):
    rij = terug.met_interest(w)
    open_cent = interest.nog_open(rij, DAG)
    assert open_cent > 20 * K
    assert lees(w, [ontvangst(open_cent, ogm=ogm(rij))]).per_status == {"verwerkt": 1}
    rij = terug.vers_gelezen(rij)
    assert (rij.status, rij.interest_ontvangen_cent) == ("ontvangen", open_cent - 20 * K)
    alles_klopt()


def test_amount_and_account_are_a_proposal(w):
    rij = terug.bekend(w)
    lees(w, [ontvangst(20 * K, iban=bouw.IBAN, naam="Aartselaar")])
    uitkomst = Afschriftregel.objects.get()
    assert (uitkomst.status, uitkomst.wordt, list(uitkomst.terugvorderingen.all())) == ("voorstel", "ontvangst", [rij])
    with weigert("geen_keuze", "Kies een van de terugvorderingen.", "betalingen"):
        services.bevestig_afschriftregel(uitkomst, terugvorderingen=[rij.pk + 1], door=w.bo)
    client = Client()
    client.force_login(w.bo)
    adres = reverse("afschrift", args=[uitkomst.regel.afschrift_id])
    p = keur(client.get(adres))
    assert f"terugvordering {rij.nummer}" in p.tekst and "Bevestigen dat dit ontvangen is" in p.tekst
    client.post(adres, {"regel": uitkomst.pk, "daad": "bevestig"})
    assert terug.vers_gelezen(rij).status == "ontvangen"
    assert Afschriftregel.objects.get().status == "verwerkt"
    keur(client.get(adres))
    alles_klopt()


def test_what_was_recorded_by_hand_is_not_booked_a_second_time_without_a_person(w):
    rij = terug.bekend(w)
    klok.zet(LEZEN)
    terug.ontvang(w, rij, 5 * K, datum=DAG)
    assert lees(w, [ontvangst(5 * K, ogm=ogm(rij))]).per_status == {"voorstel": 1}
    assert terug.vers_gelezen(rij).ontvangen_cent == 5 * K
    uitkomst = Afschriftregel.objects.get()
    assert uitkomst.uitleg.startswith("Op deze dag is al eenzelfde ontvangst met de hand geregistreerd.")
    services.bevestig_afschriftregel(uitkomst, terugvorderingen=[rij.pk], door=w.bo)
    assert terug.vers_gelezen(rij).ontvangen_cent == 10 * K
    alles_klopt()


def test_a_recovery_that_was_not_notified_is_not_expected(w):
    rij = terug.beslist(w)
    assert lees(w, [ontvangst(20 * K, ogm=ogm(rij), iban=bouw.IBAN)]).per_status == {"open": 1}
    assert not Ontvangst.objects.exists()
