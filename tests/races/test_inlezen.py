"""The same sheet brought back twice at once: it is applied once."""

import pytest

from betalingen.models import Begrotingsjaar, Journaalregel
from kern.inlezen import handelingen
from kern.models import Gebeurtenis, Inlezing
from tests import bouw
from tests.betalingen.test_inlezen import bestand, betalingen, kredieten, standen, zet
from tests.betalingen.test_inlezen import w as inleeswereld
from tests.hulp import alles_klopt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def w(transactional_db):
    """The world of the import, committed, so that other connections see it."""
    return inleeswereld.__wrapped__(bouw.wereld())


def klaar(soort, regels, door):
    inlezing = handelingen.lees_upload(soort, bestand(regels), door=door)
    return inlezing, handelingen.bekijk(inlezing, door=door).vingerafdruk


def test_one_file_is_confirmed_twice_at_once(w):
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "3/03/2022")
    inlezing, gezien = klaar("betaaldata", regels, w.bo)
    daad = lambda: handelingen.bevestig(inlezing, gezien=gezien, door=w.bo)  # noqa: E731
    winnaars, verliezers = verdeel(wedloop(daad, daad, slot=inlezing))
    assert len(winnaars) == len(verliezers) == 1
    assert verliezers[0].zin == ("verkeerde_status", "Dit kan niet: de inlezing heeft de status 'ingelezen'.")
    assert [s for s, _ in standen()] == ["uitbetaald"] * 2
    assert Journaalregel.objects.filter(soort="uitbetaling").count() == 2
    alles_klopt()


def test_two_files_with_the_same_payments_at_once(w):
    regels = zet(zet(betalingen(w), 2, "Uitbetaald op", "3/03/2022"), 3, "Uitbetaald op", "3/03/2022")
    keren = [klaar("betaaldata", regels, w.bo) for _ in range(2)]
    daden = [lambda i=i, g=g: handelingen.bevestig(i, gezien=g, door=w.bo) for i, g in keren]
    jaar = Begrotingsjaar.objects.get_or_create(jaar=2022)[0]
    winnaars, verliezers = verdeel(wedloop(*daden, slot=jaar))
    assert len(winnaars) == len(verliezers) == 1
    assert verliezers[0].zin == ("intussen_gewijzigd", handelingen.INTUSSEN)
    assert Journaalregel.objects.filter(soort="uitbetaling").count() == 2
    assert sorted(Inlezing.objects.values_list("status", flat=True)) == ["ingelezen", "klaargezet"]
    alles_klopt()


def test_the_same_new_credit_from_two_files_at_once(w):
    regels = kredieten()
    kop = regels[0]
    cellen = {"Jaar": "2025", "Artikel": "WELZIJN-EENZAAMHEID", "Vastleggingskrediet": "1", "Betaalkrediet": "1"}
    nieuw = dict.fromkeys(kop, "") | cellen | {"Kenmerk": "X"}
    regels.append([nieuw[k] for k in kop])
    keren = [klaar("kredieten", regels, w.bart) for _ in range(2)]
    daden = [lambda i=i, g=g: handelingen.bevestig(i, gezien=g, door=w.bart) for i, g in keren]
    winnaars, verliezers = verdeel(wedloop(*daden))
    assert len(winnaars) == len(verliezers) == 1
    assert verliezers[0].zin[0] == "intussen_gewijzigd"
    assert Gebeurtenis.objects.filter(keten__soort="krediet", handeling="krediet.stel_in").count() == 3
    alles_klopt()
