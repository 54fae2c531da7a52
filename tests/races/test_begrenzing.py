"""A limit is set while the proposal is made: it counts in full, or it comes too late."""

import pytest

from beoordeling import services
from beoordeling.models import Besluitregel
from dossiers.models import Dossier
from kern import klok
from tests import bouw
from tests.beoordeling.test_begrenzing import VOORGEDRAGEN
from tests.hulp import alles_klopt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("eerst", ["grens", "voorstel"])
def test_a_limit_and_the_proposal_at_once(wereld, eerst):
    [dossier] = bouw.gescoord(wereld, {"an": 8})
    klok.zet(bouw.BESLIST)
    grens = lambda: services.begrens_bedrag(dossier, bedrag_cent=1_00, motivering="Dubbel.", door=wereld.bea)  # noqa: E731
    voorstel = lambda: services.stel_voor(wereld.ronde, door=wereld.bea)  # noqa: E731
    daden = [grens, voorstel] if eerst == "grens" else [voorstel, grens]
    lopers = wedloop(*daden, slot=wereld.ronde)
    winnaars, verliezers = verdeel(lopers)
    met_grens = lopers[daden.index(grens)] in winnaars
    assert lopers[daden.index(voorstel)] in winnaars
    assert [loper.zin for loper in verliezers] == ([] if met_grens else [VOORGEDRAGEN])
    bedrag = 1_00 if met_grens else 100_000_00
    assert Besluitregel.objects.get().bedrag_cent == bedrag
    assert Dossier.objects.get(pk=dossier.pk).hoogstens_cent == (1_00 if met_grens else None)
    alles_klopt()


def test_two_limits_at_once_are_one_after_the_other(wereld):
    [dossier] = bouw.gescoord(wereld, {"an": 8})
    bedragen = (1_00, 2_00)
    daden = [
        lambda c=cent: services.begrens_bedrag(dossier, bedrag_cent=c, motivering="Dubbel.", door=wereld.bea)
        for cent in bedragen
    ]
    assert len(verdeel(wedloop(*daden, slot=wereld.ronde))[0]) == len(bedragen)
    assert Dossier.objects.get(pk=dossier.pk).hoogstens_cent in bedragen
    alles_klopt()
