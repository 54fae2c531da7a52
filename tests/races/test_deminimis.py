"""Two decisions about one undertaking are signed at once: together they stay under the ceiling."""

import pytest

from dossiers.models import Dossier
from kern import klok
from tests import bouw
from tests import deminimis as proef
from tests.deminimis import K
from tests.hulp import alles_klopt
from tests.proef import brussel, verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_rounds_of_linked_undertakings_are_signed_at_once(wereld):
    w = proef.wereld(wereld)
    andere = brussel(w)
    een = proef.ingediend(w, "an", [proef.steun(50 * K)], verbonden="Boom 0207.506.952")
    twee = proef.ingediend(andere, "ben", [], 200 * K)
    proef.beoordeeld(w, een)
    proef.beoordeeld(andere, twee)
    besluiten = [proef.stel_voor(w), proef.stel_voor(andere)]
    klok.zet(bouw.BESLIST)
    daden = [lambda b=besluit: bouw.onderteken(w, b) for besluit in besluiten]
    # Boom, which declared nothing, always may; Aartselaar only when it comes first.
    van_een, van_twee = lopers = wedloop(*daden, slot=w.boom)
    verdeel(lopers)
    assert van_twee.gewonnen
    if not van_een.gewonnen:
        assert van_een.zin[0] == "boven_deminimis" and "350.000,00 euro in drie jaar" in van_een.zin[1]
    assert Dossier.objects.exclude(toegekend_cent=None).count() == 1 + van_een.gewonnen
    alles_klopt()


def test_two_rounds_are_signed_at_once(wereld):
    w = proef.wereld(wereld)
    andere = brussel(w)
    een = proef.ingediend(w, "an", [proef.steun(50 * K)])
    twee = proef.ingediend(andere, "an", [proef.steun(50 * K)], 200 * K)
    proef.beoordeeld(w, een)
    proef.beoordeeld(andere, twee)
    besluiten = [proef.stel_voor(w), proef.stel_voor(andere)]
    klok.zet(bouw.BESLIST)
    daden = [lambda b=besluit: bouw.onderteken(w, b) for besluit in besluiten]
    winnaars, verliezers = verdeel(wedloop(*daden, slot=w.aartselaar))
    # Declared 50.000; each alone fits, and together they are 50.000 euro too much.
    assert (len(winnaars), len(verliezers)) == (1, 1)
    assert verliezers[0].zin[0] == "boven_deminimis" and "350.000,00 euro in drie jaar" in verliezers[0].zin[1]
    assert Dossier.objects.exclude(toegekend_cent=None).count() == 1
    alles_klopt()
