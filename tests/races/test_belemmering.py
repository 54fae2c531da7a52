"""A payment is sent while it is blocked: it left before, or it does not leave."""

import pytest

from betalingen import services
from betalingen.models import Betaalbelemmering, Betaling
from tests import bouw
from tests.betalingen.belemmerd import registreer
from tests.hulp import alles_klopt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_payment_is_sent_while_it_is_blocked(wereld):
    w = wereld
    betaling = bouw.goedgekeurde_betaling(w)
    sturen = lambda: services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)  # noqa: E731
    blokkeren = lambda: registreer(w)  # noqa: E731
    lopers = wedloop(sturen, blokkeren, slot=betaling)
    _, verliezers = verdeel(lopers)
    assert lopers[1].gewonnen and Betaalbelemmering.objects.count() == 1
    if verliezers:
        assert verliezers == [lopers[0]] and verliezers[0].zin[0] == "belemmerd"
    assert (Betaling.objects.get(pk=betaling.pk).status == "verstuurd") == lopers[0].gewonnen
    alles_klopt()


def test_two_people_lift_it_at_once(wereld):
    w = wereld
    bouw.kennisgegeven(w)
    rij = registreer(w, door=w.bea)
    daden = [lambda: services.hef_belemmering_op(rij, reden="Weg.", door=w.bo)] * 2
    winnaars, verliezers = verdeel(wedloop(*daden, slot=rij))
    assert (len(winnaars), len(verliezers)) == (1, 1)
    assert verliezers[0].zin == (
        "verkeerde_status",
        "Dit kan niet: de belemmering heeft de status 'opgeheven'.",
    )
