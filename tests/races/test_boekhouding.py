"""Books elsewhere, from two connections: one commitment is booked once, and no award falls between two ways."""

import pytest

from beoordeling.models import Besluit
from betalingen import services
from betalingen.models import Buitenfeit, Journaalregel, Vastleggingsnummer
from betalingen.queries.buitenfeiten import Feit
from dossiers.models import Dossier
from oproepen.models import Ronde
from tests import bouw
from tests.betalingen import elders
from tests.hulp import alles_klopt
from tests.proef import cijfers, krediet, verdeel, wedloop, zet_krediet

pytestmark = pytest.mark.django_db(transaction=True)

K = 1_000_00
DAG = bouw.BESLIST.date()


def stel_in(w, wijze="extern"):
    return lambda: services.stel_boekhouding_in(
        w.beheer, verstrekker=w.oproep.verstrekker, wijze=wijze, reden="Orafin.", door=w.beheer
    )


def test_the_same_commitment_registered_twice_at_once(wereld):
    w = wereld
    stel_in(w)()
    bouw.beslist(w)
    dossier = Dossier.objects.get()
    daad = lambda: services.registreer_vastlegging(dossier, nummer="V-1", datum=DAG, door=w.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(daad, daad, slot=dossier))
    assert (len(winnaars), len(verliezers)) == (1, 1)
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K}
    assert Vastleggingsnummer.objects.count() == Buitenfeit.objects.count() == 1
    alles_klopt()


def test_the_same_commitment_read_from_two_files_at_once(wereld):
    w = wereld
    stel_in(w)()
    bouw.beslist(w)
    dossier = Dossier.objects.get()
    feit = Feit("vastlegging", dossier.nummer, 100 * K, DAG, vastleggingsnummer="V-1")
    daad = lambda: services.neem_buitenfeit_op(w.bo, feit=feit, verstrekker=w.oproep.verstrekker, door=w.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(daad, daad, slot=dossier))
    assert (len(winnaars), len(verliezers)) == (1, 1)
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K}
    assert Buitenfeit.objects.count() == 1
    alles_klopt()


def test_the_setting_changes_while_a_decision_is_signed(wereld):
    """Whoever is first, the award is committed here, or waits for a commitment that the setting knows of."""
    w = wereld
    besluit = bouw.voorgesteld(w)
    bouw.klok.zet(bouw.BESLIST)
    ronde = Ronde.objects.get(pk=w.ronde.pk)
    winnaars, _ = verdeel(wedloop(lambda: bouw.onderteken(w, besluit), stel_in(w), slot=ronde))
    assert len(winnaars) == 2
    assert Besluit.objects.get().status == "ondertekend"
    vast = Journaalregel.objects.filter(soort="vastlegging").exists()
    assert cijfers(w.oproep) == ({"vastgelegd": 100 * K} if vast else {"gereserveerd": 100 * K})
    assert services.boekt_extern(w.oproep.verstrekker)
    alles_klopt()


def test_two_awards_with_the_same_number_at_once(wereld):
    w = elders.getekend(wereld)
    een, twee = Dossier.objects.order_by("pk")
    daden = [
        lambda rij=rij: services.registreer_vastlegging(rij, nummer="V-1", datum=DAG, door=w.bo) for rij in (een, twee)
    ]
    winnaars, verliezers = verdeel(wedloop(*daden, slot=krediet(2022)))
    assert (len(winnaars), len(verliezers)) == (1, 1)
    zin = "Dit vastleggingsnummer staat al bij een ander dossier van deze verstrekker."
    assert verliezers[0].zin == ("nummer_bestaat", zin)
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "gereserveerd": 100 * K}
    alles_klopt()


def test_two_charges_and_a_credit_for_one(wereld):
    w = elders.verstuurd(wereld)
    zet_krediet(w, 2022, 1_000 * K, 50 * K)
    daden = [lambda nummer=nummer: elders.vereffen(w, nummer) for nummer in (1, 2)]
    winnaars, verliezers = verdeel(wedloop(*daden, slot=w.oproep))
    assert (len(winnaars), len(verliezers)) == (1, 1)
    assert verliezers[0].zin[0] == "boven_betaalkrediet"
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 50 * K}
    alles_klopt()


def test_a_charge_while_the_payment_comes_back(wereld):
    """Whoever is first: what came back uncharged stays so, and what was charged stays charged."""
    w = elders.verstuurd(wereld)
    rij = elders.betaling()
    terug = lambda: services.meld_geweigerd(rij, datum=DAG, reden="Rekening gesloten.", door=w.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(terug, lambda: elders.vereffen(w), slot=rij))
    assert elders.betaling().status == "te_controleren"
    if verliezers:
        zin = "Deze betaling wacht niet op een vereffening van de boekhouding."
        assert [een.zin for een in verliezers] == [("verkeerde_status", zin)]
    vereffend = {"vereffend": 50 * K} if len(winnaars) == 2 else {}
    assert cijfers(rij.dossier) == {"vastgelegd": 100 * K} | vereffend
    alles_klopt()
