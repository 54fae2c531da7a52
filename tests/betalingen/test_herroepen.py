"""A receipt recorded by mistake is taken back: a counter-entry; what is due, and the state, are as if it never came."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from betalingen import interest, services
from betalingen.models import Journaalregel, Ontvangst
from kern import klok
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.terug import BEKEND, UITERLIJK, K
from tests.betalingen.test_terugvordering_inning import TE_LAAT, geboekt, iedereen, tweede, vrij
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, ongewijzigd, weigert, zin_status
from tests.portaal.pagina import keur
from tests.proef import cijfers

pytestmark = pytest.mark.django_db
REDEN = "Dit was geld van Boom."
GEEN_KEUZE = "Kies een ontvangst die met de hand geregistreerd is en nog niet herroepen."


@pytest.fixture
def w(wereld):
    return terug.betaald(wereld)


def herroep(w, rij, welke=0, **anders):
    velden = {"ontvangst": services.te_herroepen(rij)[welke].pk, "reden": REDEN, "door": w.bo} | anders
    return terug.vers_gelezen(services.herroep_ontvangst(rij, **velden))


def ontvangsten(rij):
    return list(rij.ontvangsten.values_list("bedrag_cent", "keer", "reden"))


def test_a_receipt_is_taken_back_by_a_counter_entry(w):
    rij = terug.bekend(w)
    voor = vrij(w)
    rij = terug.ontvang(w, rij, 5 * K)
    with geschiedenis() as nieuw:
        rij = herroep(w, rij, reden=f" {REDEN} ")
    inhoud = {
        "datum": BEKEND.date().isoformat(),
        "bedrag_cent": -5 * K,
        "hoofdsom_cent": -5 * K,
        "interest_cent": 0,
        "referentie": "2022/0042",
        "reden": REDEN,
    }
    naam = "terugvordering.herroep_ontvangst"
    assert nieuw.feiten == [feit(rij, naam, w.bo, "kennisgegeven", "kennisgegeven", inhoud)]
    nummer = rij.dossier.nummer
    tekst = (
        f"Wij schreven u dat wij 5.000,00 euro ontvingen voor de terugvordering van dossier {nummer}. Dat was een "
        "vergissing van ons.\n\nEr staat nog 20.000,00 euro open."
    )
    onderwerp = f"Dossier {nummer}: wij ontvingen 5.000,00 euro toch niet"
    assert nieuw.mails == [("an@voorbeeld.test", onderwerp, tekst)]
    assert (rij.status, rij.ontvangen_cent, rij.hoofdsom_open_cent) == ("kennisgegeven", 0, 20 * K)
    assert geboekt(rij)[1:] == [("ontvangst", 5 * K, nummer, 2022), ("ontvangst", -5 * K, nummer, 2022)]
    assert vrij(w) == voor
    assert cijfers(w.oproep)["teruggevorderd"] == 20 * K and "ontvangen" not in cijfers(w.oproep)
    assert ontvangsten(rij) == [(5 * K, 1, ""), (-5 * K, 1, REDEN)]
    alles_klopt()
    # Twice is refused; recording it anew is not, and can be taken back again.
    with weigert("geen_keuze", GEEN_KEUZE, "ontvangst"):
        services.herroep_ontvangst(rij, ontvangst=Ontvangst.objects.first().pk, reden=REDEN, door=w.bo)
    rij = terug.ontvang(w, rij, 5 * K)
    zin = "Deze ontvangst staat er al, met dezelfde dag, hetzelfde bedrag en dezelfde referentie."
    with weigert("al_ontvangen", zin, "referentie"):
        terug.ontvang(w, rij, 5 * K)
    rij = herroep(w, rij)
    assert [rest[:2] for rest in ontvangsten(rij)] == [(5 * K, 1), (-5 * K, 1), (5 * K, 2), (-5 * K, 2)]
    alles_klopt()


def test_a_settled_recovery_is_open_again_in_the_state_it_had(w):
    rij = terug.ontvang(w, terug.bekend(w), 20 * K)
    assert rij.status == "ontvangen"
    rij = herroep(w, rij)
    assert (rij.status, rij.hoofdsom_open_cent) == ("kennisgegeven", 20 * K)
    klok.zet(TE_LAAT)
    rij = terug.vers_gelezen(services.maan_aan(rij, termijn_dagen=14, door=w.bea))
    rij = terug.ontvang(w, rij, 20 * K, referentie="nog eens")
    with geschiedenis() as nieuw:
        rij = herroep(w, rij)
    assert nieuw.feiten[0][4:6] == ("ontvangen", "aangemaand")
    assert (rij.status, rij.hoofdsom_open_cent) == ("aangemaand", 20 * K)
    alles_klopt()


def test_what_was_set_off_stays_and_the_rest_is_open_again(w):
    rij, betaling = terug.bekend(w, bedrag_cent=50 * K), tweede(w)
    rij = terug.ontvang(w, rij, 10 * K)
    services.verreken(rij, betaling=betaling.pk, door=w.bart)
    rij = terug.vers_gelezen(rij)
    assert rij.status == "verrekend"
    assert [o.bedrag_cent for o in services.te_herroepen(rij)] == [10 * K]
    rij = herroep(w, rij)
    assert (rij.status, rij.ontvangen_cent, rij.hoofdsom_open_cent) == ("kennisgegeven", 40 * K, 10 * K)
    alles_klopt()


def test_interest_is_counted_as_if_the_receipt_never_came(w):
    rij = terug.met_interest(w)  # two euro a day on 20.000 from the due date on
    klok.zet(klok.brussel(UITERLIJK.year, UITERLIJK.month, UITERLIJK.day, 9) + timedelta(days=10))
    rij = terug.ontvang(w, rij, 10 * K, referentie="a")
    klok.zet(klok.nu() + timedelta(days=10))
    assert interest.interest_open(rij, klok.vandaag()) == 30_00
    rij = terug.ontvang(w, rij, 10 * K + 30_00, referentie="b")
    assert (rij.status, rij.interest_cent, rij.interest_ontvangen_cent) == ("ontvangen", 30_00, 30_00)
    zin = f"Een latere ontvangst, van {klok.vandaag():%d/%m/%Y}, betaalde interest. Herroep eerst die."
    with weigert("latere_interest", zin, "ontvangst"):
        herroep(w, rij)
    rij = herroep(w, rij, welke=1)
    nummer = rij.dossier.nummer
    assert geboekt(rij)[-2:] == [("terugvordering", -30_00, nummer, 2022), ("ontvangst", -10 * K - 30_00, nummer, 2022)]
    assert (rij.status, rij.interest_cent, rij.interest_ontvangen_cent) == ("kennisgegeven", 20_00, 0)
    assert interest.nog_open(rij, klok.vandaag()) == 10 * K + 30_00
    rij = herroep(w, rij)
    assert (rij.interest_cent, interest.nog_open(rij, klok.vandaag())) == (0, 20 * K + 40_00)
    alles_klopt()


def test_a_plan_goes_on_without_a_receipt_of_its_own(w):
    rij = terug.bekend(w)
    services.sta_afbetalingsplan_toe(rij, aantal=2, eerste=UITERLIJK, reden="Kleine kas.", door=w.bart)
    rij = terug.ontvang(w, rij, 10 * K, referentie="a")
    rij = terug.ontvang(w, rij, 10 * K, referentie="b")
    assert rij.status == "ontvangen"
    rij = herroep(w, rij, welke=1)
    assert (rij.status, rij.vervaldag) == ("afbetalingsplan", rij.termijnen()[1].uiterlijk)
    rij = herroep(w, rij)
    assert (rij.status, rij.vervaldag) == ("afbetalingsplan", UITERLIJK)
    alles_klopt()


@pytest.mark.parametrize("voldaan", [False, True])
def test_a_plan_that_counted_on_the_receipt_lapses(w, voldaan):
    rij = terug.ontvang(w, terug.bekend(w), 5 * K)
    services.sta_afbetalingsplan_toe(rij, aantal=2, eerste=UITERLIJK, reden="Kleine kas.", door=w.bart)
    if voldaan:
        rij = terug.ontvang(w, rij, 15 * K, referentie="plan")
    rij = herroep(w, rij)
    assert (rij.status, rij.hoofdsom_open_cent) == ("kennisgegeven", 5 * K if voldaan else 20 * K)
    assert rij.vervaldag == UITERLIJK
    services.sta_afbetalingsplan_toe(rij, aantal=2, eerste=UITERLIJK, reden="Opnieuw.", door=w.bart)
    alles_klopt()


def test_a_lapsed_plan_after_a_reminder_is_reminded_again(w):
    rij = terug.ontvang(w, terug.bekend(w), 5 * K)
    klok.zet(TE_LAAT)
    services.maan_aan(rij, termijn_dagen=14, door=w.bea)
    morgen = klok.vandaag() + timedelta(days=1)
    services.sta_afbetalingsplan_toe(rij, aantal=2, eerste=morgen, reden="Kleine kas.", door=w.bart)
    assert herroep(w, terug.vers_gelezen(rij)).status == "aangemaand"


def test_who_and_what_is_refused(w):
    rij = terug.ontvang(w, terug.bekend(w), 5 * K)
    eis_alleen(iedereen(w), {"bo"}, lambda wie: herroep(w, rij, door=wie))
    with weigert("reden_ontbreekt", "Schrijf waarom deze ontvangst niet klopt.", "reden"):
        herroep(w, rij, reden=" ")
    with weigert("geen_keuze", GEEN_KEUZE, "ontvangst"):
        herroep(w, rij, ontvangst=0)
    klok.zet(bouw.BESLIST)
    ander = terug.ontvang(w, terug.bekend(w, bedrag_cent=10 * K, nummer="TB-2022-5"), K)
    with weigert("geen_keuze", GEEN_KEUZE, "ontvangst"):
        herroep(w, rij, ontvangst=ander.ontvangsten.get().pk)


@pytest.mark.parametrize("stap", [terug.voornemen, terug.gehoord, terug.beslist])
def test_there_is_nothing_to_take_back_before_the_notification(w, stap):
    rij = terug.vers_gelezen(stap(w))
    with weigert("geen_keuze", GEEN_KEUZE, "ontvangst"):
        services.herroep_ontvangst(rij, ontvangst=1, reden=REDEN, door=w.bo)


def test_what_was_written_off_stays_as_it_is(w):
    rij = terug.ontvang(w, terug.bekend(w), 5 * K)
    services.stel_oninbaar_voor(rij, reden="Weg.", door=w.bo)
    services.verklaar_oninbaar(rij, door=w.bart)
    rij = terug.vers_gelezen(rij)
    with weigert("verkeerde_status", zin_status(rij)):
        herroep(w, rij)


def test_what_was_received_in_a_year_that_is_closed_is_taken_back_in_the_next(w):
    rij = terug.ontvang(w, terug.bekend(w), 5 * K)
    klok.zet(klok.brussel(2023, 1, 9, 9))
    sluit_begrotingsjaar_af(2022, door=w.beheer)
    rij = herroep(w, rij)
    # The mistake was of 2022, the counter-entry is of the year in which it was found; the credit is that of the claim.
    regel = Journaalregel.objects.latest("pk")
    assert (regel.feitdatum.year, regel.krediet.jaar, regel.bedrag_cent) == (2023, 2022, -5 * K)
    alles_klopt()


def test_the_page_takes_a_receipt_back(w):
    rij = terug.ontvang(w, terug.bekend(w), 20 * K)
    url = reverse("terugvordering", args=[rij.pk])
    bo = Client()
    bo.force_login(w.bo)
    keuze = services.te_herroepen(rij)[0].pk
    assert "Ontvangst herroepen" in keur(bo.get(url)).tekst
    with ongewijzigd():
        p = keur(bo.post(url, {"form": "herroep", "ontvangst": keuze, "reden": ""}))
    assert "Dit veld is verplicht." in p.tekst
    p = keur(bo.post(url, {"form": "herroep", "ontvangst": keuze, "reden": REDEN}, follow=True))
    assert "De ontvangst is herroepen." in p.tekst and f"Herroepen: {REDEN}" in p.tekst
    assert "Ontvangst herroepen" not in p.tekst
    an = Client()
    an.force_login(w.an)
    tekst = keur(an.get(url)).tekst
    assert "Herroepen" in tekst and REDEN not in tekst  # it may name who did pay
    bea = Client()
    bea.force_login(w.bea)
    with ongewijzigd():
        assert bea.post(url, {"form": "herroep", "ontvangst": keuze, "reden": REDEN}).status_code == 403
