"""Instalments at once, from two connections: one schuldvordering is handed in once, one balance is settled once."""

import pytest

from betalingen import grootboek, services
from betalingen.models import Betaalaanvraag, Saldoafrekening
from tests import bouw
from tests.betalingen import schema
from tests.hulp import alles_klopt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def spel():
    spel = schema.lopend(bouw.wereld())
    schema.eerste_twee_betaald(spel)
    schema.nagekeken(spel, 40_000_00)
    return spel


def test_two_clicks_settle_once_and_hand_in_once(spel):
    saldo = 7_000_00
    daden = [lambda: services.reken_saldo_af(spel.dossier, saldo_cent=saldo, door=spel.w.bea)] * 2
    gewonnen, verloren = verdeel(wedloop(*daden, slot=spel.dossier))
    assert (len(gewonnen), [v.zin for v in verloren]) == (1, [("niet_af_te_rekenen", "Het saldo is al afgerekend.")])
    assert Saldoafrekening.objects.count() == 1
    assert grootboek.stand_van(spel.dossier).vastgelegd_cent == 42_000_00
    document, betaling = schema.stuk(spel.w), spel.betaling(3)
    daden = [lambda: schema.vraag_aan(spel, betaling, document=document)] * 2
    gewonnen, verloren = verdeel(wedloop(*daden, slot=betaling))
    assert (len(gewonnen), [v.zin[0] for v in verloren]) == (1, ["niet_aan_te_vragen"])
    assert Betaalaanvraag.objects.count() == 1
    alles_klopt()


def test_a_balance_and_a_cancellation_together_stay_within_the_commitment(spel):
    daden = [
        lambda: services.reken_saldo_af(spel.dossier, saldo_cent=7_000_00, door=spel.w.bea),
        lambda: services.annuleer_vastlegging(spel.dossier, bedrag_cent=10_000_00, reden="Te veel.", door=spel.w.bart),
    ]
    verdeel(wedloop(*daden, slot=spel.dossier))
    assert grootboek.stand_van(spel.dossier).encours_cent in {5_000_00, 7_000_00}
    alles_klopt()
