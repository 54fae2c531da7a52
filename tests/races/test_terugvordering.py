"""Two people and one recovery: what is due, and what was paid, is never passed."""

import pytest

from betalingen import services
from betalingen.models import Betaling, Journaalregel, Terugvordering
from kern import klok
from tests import bouw
from tests.betalingen import terug
from tests.betalingen.terug import K
from tests.betalingen.test_terugvordering_inning import tweede
from tests.hulp import alles_klopt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def w(wereld):
    return terug.betaald(wereld)


def test_two_intentions_that_do_not_fit_in_what_was_paid(w):
    dossier = terug.dossier()
    daad = lambda: terug.voornemen(w, bedrag_cent=30 * K)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(daad, daad, slot=dossier))
    assert len(winnaars) == len(verliezers) == 1
    zin = (
        "Op dit dossier is 50.000,00 euro betaald en al 30.000,00 euro teruggevorderd. Hoogstens 20.000,00 euro kan "
        "nog teruggevorderd worden."
    )
    assert verliezers[0].zin == ("boven_betaald", zin)
    assert Terugvordering.objects.count() == 1
    alles_klopt()


def test_two_receipts_that_do_not_fit_in_what_is_due(w):
    rij = terug.bekend(w)
    daden = [lambda i=i: terug.ontvang(w, rij, 15 * K, referentie=f"bank {i}") for i in (1, 2)]
    winnaars, verliezers = verdeel(wedloop(*daden, slot=rij))
    assert len(winnaars) == len(verliezers) == 1
    zin = f"Op {klok.vandaag():%d/%m/%Y} staat nog 5.000,00 euro open; meer kan niet ontvangen worden."
    assert verliezers[0].zin == ("boven_verschuldigd", zin)
    assert terug.vers_gelezen(rij).ontvangen_cent == 15 * K
    alles_klopt()


def test_a_receipt_is_taken_back_while_the_next_one_is_recorded(w):
    rij = terug.ontvang(w, terug.bekend(w), 15 * K)
    [fout] = services.te_herroepen(rij)
    daden = (
        lambda: services.herroep_ontvangst(rij, ontvangst=fout.pk, reden="Geld van Boom.", door=w.bo),
        lambda: terug.ontvang(w, rij, 20 * K, referentie="bank 2"),
    )
    winnaars, verliezers = verdeel(wedloop(*daden, slot=rij))
    rij = terug.vers_gelezen(rij)
    # Whoever came first: 20.000 euro fits only when the 15.000 is gone.
    if len(winnaars) == 2:
        assert (rij.status, rij.ontvangen_cent) == ("ontvangen", 20 * K)
    else:
        assert verliezers[0].zin[0] == "boven_verschuldigd"
        assert (rij.status, rij.ontvangen_cent) == ("kennisgegeven", 0)
    alles_klopt()


def test_one_receipt_is_taken_back_once(w):
    rij = terug.ontvang(w, terug.bekend(w), 15 * K)
    [fout] = services.te_herroepen(rij)
    daad = lambda: services.herroep_ontvangst(rij, ontvangst=fout.pk, reden="Geld van Boom.", door=w.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(daad, daad, slot=rij))
    assert (len(winnaars), [v.zin[0] for v in verliezers]) == (1, ["geen_keuze"])
    assert terug.vers_gelezen(rij).ontvangen_cent == 0
    alles_klopt()


def test_a_receipt_and_a_set_off_of_the_same_debt(w):
    rij, betaling = terug.bekend(w), tweede(w)
    daden = (
        lambda: terug.ontvang(w, rij, 20 * K),
        lambda: services.verreken(rij, betaling=betaling.pk, door=w.bart),
    )
    winnaars, verliezers = verdeel(wedloop(*daden, slot=rij))
    assert len(winnaars) == len(verliezers) == 1
    rij = terug.vers_gelezen(rij)
    assert verliezers[0].zin == (
        "verkeerde_status",
        f"Dit kan niet: de terugvordering heeft de status '{rij.status}'.",
    )
    assert rij.ontvangen_cent == 20 * K
    assert Journaalregel.objects.filter(soort="ontvangst").count() == 1
    alles_klopt()


def test_two_recoveries_are_set_off_against_one_payment(w):
    een = terug.bekend(w, bedrag_cent=25 * K)
    klok.zet(bouw.BESLIST)
    ander = terug.bekend(w, bedrag_cent=25 * K, nummer="TB-2022-5")
    betaling = tweede(w)  # 40.000 euro
    daden = [lambda rij=rij: services.verreken(rij, betaling=betaling.pk, door=w.bart) for rij in (een, ander)]
    winnaars, verliezers = verdeel(wedloop(*daden, slot=betaling))
    assert (len(winnaars), len(verliezers)) == (2, 0)
    assert Betaling.objects.get(pk=betaling.pk).status == "verrekend"
    assert sorted(terug.vers_gelezen(rij).ontvangen_cent for rij in (een, ander)) == [15 * K, 25 * K]
    alles_klopt()


def test_a_payment_is_approved_while_it_is_set_off(w):
    rij, betaling = terug.bekend(w), tweede(w)
    services.stel_betaling_op(betaling, door=w.bea)
    daden = (
        lambda: services.keur_betaling_goed(betaling, door=w.bart),
        lambda: services.verreken(rij, betaling=betaling.pk, door=w.bart),
    )
    wedloop(*daden, slot=betaling)
    betaling = Betaling.objects.get(pk=betaling.pk)
    # Either the check came first and nothing is set off, or what was approved is the rest.
    verwacht = {"kennisgegeven": 40 * K, "verrekend": 20 * K}[terug.vers_gelezen(rij).status]
    assert (betaling.status, betaling.bedrag_cent) == ("goedgekeurd", verwacht)
    alles_klopt()
