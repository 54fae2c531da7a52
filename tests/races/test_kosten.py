"""Cost claims at once, from two connections: one is handed in once, one invoice is claimed once, one claim is begun."""

import pytest

from dossiers.kosten import opmaak, services
from dossiers.kosten.models import Kostenregel, Kostenstaat
from kern.inlezen import handelingen
from kern.models import Gebeurtenis
from tests import bouw
from tests.dossiers.kosten.hulp import TOT, VAN, kost, lopend, met_regels
from tests.dossiers.kosten.test_terug_inlezen import klaar, nieuw
from tests.hulp import alles_klopt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def spel():
    return lopend(bouw.wereld())


def test_two_clicks_hand_in_once(spel):
    staat = met_regels(spel)
    daden = [lambda: services.dien_kostenstaat_in(staat, door=spel.w.an)] * 2
    gewonnen, verloren = verdeel(wedloop(*daden, slot=staat))
    assert (len(gewonnen), [v.zin[0] for v in verloren]) == (1, ["verkeerde_status"])
    assert Gebeurtenis.objects.filter(handeling="kostenstaat.dien_in").count() == 2  # what, and its sample
    alles_klopt()


def test_two_colleagues_begin_one_claim(spel):
    daden = [lambda: services.begin_kostenstaat(spel.dossier, van=VAN, tot=TOT, door=spel.w.an)] * 2
    gewonnen, verloren = verdeel(wedloop(*daden, slot=spel.dossier))
    assert (len(gewonnen), [v.zin[0] for v in verloren]) == (1, ["al_begonnen"])
    assert Kostenstaat.objects.count() == 1


def test_a_line_that_comes_while_the_claim_is_handed_in_is_in_it_or_refused(spel):
    staat = met_regels(spel)
    daden = [
        lambda: services.dien_kostenstaat_in(staat, door=spel.w.an),
        lambda: opmaak.voeg_regels_toe(staat, [kost(spel, 5_00)], door=spel.w.an),
    ]
    gewonnen, verloren = verdeel(wedloop(*daden, slot=staat))
    assert {v.zin[0] for v in verloren} <= {"niet_open"}
    assert Kostenregel.objects.count() == len(gewonnen)
    alles_klopt()  # the fingerprint covers the lines that are there


def test_two_people_add_lines_and_both_are_kept(spel):
    staat = met_regels(spel)
    daden = [lambda: opmaak.voeg_regels_toe(staat, [kost(spel, 5_00)], door=spel.w.an)] * 2
    gewonnen, _ = verdeel(wedloop(*daden, slot=staat))
    assert len(gewonnen) == 2
    assert list(staat.regels.values_list("volgnummer", flat=True)) == [1, 2, 3]


def test_a_sheet_of_costs_while_the_claim_is_handed_in_is_in_it_or_refused(spel):
    staat, an = met_regels(spel), spel.w.an
    inlezing, gezien = klaar([nieuw(staat), nieuw(staat, Factuurnummer="F-2")], an)
    daden = [
        lambda: services.dien_kostenstaat_in(staat, door=an),
        lambda: handelingen.bevestig(inlezing, gezien=gezien, door=an),
    ]
    gewonnen, verloren = verdeel(wedloop(*daden, slot=staat))
    assert {v.zin for v in verloren} <= {("intussen_gewijzigd", handelingen.INTUSSEN)}
    assert Kostenregel.objects.count() == (3 if len(gewonnen) == 2 else 1)
    alles_klopt()
