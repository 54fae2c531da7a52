"""A project that is stopped while its money comes back, or is paid: in either order nothing of it stays charged."""

import pytest

from betalingen import services
from betalingen.models import Betaling
from dossiers.models import Dossier
from tests import bouw
from tests.hulp import alles_klopt
from tests.proef import cijfers, verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)

K = 1_000_00
VANDAAG = bouw.BESLIST.date()


def stop(w):
    return lambda: services.zet_stop(Dossier.objects.get(), reden="Geen buurtwerker", door=w.bart)


def eerste():
    return Betaling.objects.get(schijf__volgorde=1)


@pytest.mark.parametrize("eerst_betaald", [True, False])
def test_stopping_and_coming_back_undo_the_charge_once(wereld, eerst_betaald):
    rij = bouw.verstuurde_betaling(wereld)
    if eerst_betaald:
        services.meld_uitbetaald(rij, datum=VANDAAG, door=wereld.bo)
    terug = lambda: services.meld_geweigerd(eerste(), datum=VANDAAG, reden="AC04", door=wereld.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(stop(wereld), terug, slot=eerste()))
    assert (len(winnaars), verliezers) == (2, [])
    assert set(Betaling.objects.values_list("status", flat=True)) == {"vervallen"}
    assert cijfers(Dossier.objects.get()) == cijfers(wereld.oproep) == {}
    alles_klopt()


def test_stopping_and_paying_leave_what_was_paid(wereld):
    bouw.verstuurde_betaling(wereld)
    betaal = lambda: services.meld_uitbetaald(eerste(), datum=VANDAAG, door=wereld.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(stop(wereld), betaal, slot=eerste()))
    assert (len(winnaars), verliezers) == (2, [])
    assert cijfers(wereld.oproep) == {"vastgelegd": 50 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    alles_klopt()
