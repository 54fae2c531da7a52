"""Two clicks in the judging: one sheet, one advice, one proposal, one notification."""

import pytest

from beoordeling import services
from beoordeling.models import Besluit, Juryadvies, Scoreblad
from kern import klok
from kern.models import Gebeurtenis, Uitgaand
from oproepen import services as oproepservices
from tests import bouw
from tests.beoordeling.test_reserve import maak_vrij, met_reserve
from tests.hulp import alles_klopt
from tests.onthouden import onthoudt
from tests.proef import verdeel, wedloop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
@onthoudt
def dossier(wereld):
    """An admissible dossier in a round that is being judged."""
    (dossier,) = bouw.ontvankelijk(wereld)
    oproepservices.start_beoordeling(wereld.ronde, door=wereld.bea)
    bouw.vers(wereld)
    return bouw.opnieuw(dossier)


def een_wint(lopers):
    """Check that exactly one went through; return the refusals of the others."""
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == 1
    return [loper.zin for loper in verliezers]


def aantal(handeling):
    return Gebeurtenis.objects.filter(handeling=handeling).count()


def test_a_juror_is_assigned_once(wereld, dossier):
    lopers = wedloop(*[lambda: services.wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)] * 3, slot=dossier)
    assert een_wint(lopers) == [("al_toegewezen", "Dit jurylid heeft dit dossier al.")] * 2
    blad = Scoreblad.objects.get()
    assert (blad.jurylid, blad.status) == (wereld.jef, "toegewezen")
    assert aantal("scoreblad.wijs_toe") == 1
    assert Uitgaand.objects.filter(inhoud__aan=wereld.jef.email, sleutel__contains="toegewezen").count() == 1


def test_two_jurors_are_both_assigned(wereld, dossier):
    lopers = wedloop(
        lambda: services.wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea),
        lambda: services.wijs_toe(dossier, jurylid=wereld.joke, door=wereld.bea),
        slot=dossier,
    )
    assert len(verdeel(lopers)[0]) == 2
    assert set(Scoreblad.objects.values_list("jurylid", flat=True)) == {wereld.jef.pk, wereld.joke.pk}


def test_a_sheet_is_handed_in_once(wereld, dossier):
    blad = services.wijs_toe(dossier, jurylid=wereld.jef, door=wereld.bea)
    scores = {criterium.pk: (7, "Goed.") for criterium in wereld.oproep.criteria.all()}
    blad = services.bewaar_scores(blad, scores, door=wereld.jef)
    lopers = wedloop(*[lambda: services.dien_scoreblad_in(blad, door=wereld.jef)] * 2, slot=blad)
    assert een_wint(lopers) == [("verkeerde_status", "Dit kan niet: het scoreblad heeft de status 'ingediend'.")]
    assert aantal("scoreblad.dien_in") == 1


def test_an_advice_is_adopted_once(wereld, dossier):
    for jurylid in (wereld.jef, wereld.joke):
        bouw.scoreblad_ingediend(wereld, dossier, jurylid, 8)
    lopers = wedloop(
        *(
            lambda gunstig=gunstig: services.stel_advies_vast(
                dossier, gunstig=gunstig, motivering="Zo vindt de jury.", door=wereld.vic
            )
            for gunstig in (True, False)
        ),
        slot=dossier,
    )
    assert een_wint(lopers) == [("advies_bestaat", "Het advies is al vastgesteld.")]
    assert Juryadvies.objects.get().gunstig is lopers[0].gewonnen
    alles_klopt()


@pytest.mark.parametrize("punten", [{"an": 8}, {"an": 8, "ben": 2}])
def test_a_round_is_proposed_once(wereld, punten):
    bouw.gescoord(wereld, punten)
    klok.zet(bouw.BESLIST)
    lopers = wedloop(*[lambda: services.stel_voor(wereld.ronde, door=wereld.bea)] * 2, slot=wereld.ronde)
    assert een_wint(lopers) == [("verkeerde_status", "Dit kan niet: de ronde heeft de status 'voorgesteld'.")]
    assert Besluit.objects.get().regels.count() == len(punten)
    assert aantal("ronde.stel_voor") == 3, "round, decision and the one dossier, once each"
    alles_klopt()


def test_a_reserve_list_is_proposed_from_once(wereld):
    met_reserve(wereld)
    maak_vrij(wereld, 60_000_00)
    lopers = wedloop(*[lambda: services.stel_reserve_voor(wereld.ronde, door=wereld.bea)] * 2, slot=wereld.ronde)
    assert een_wint(lopers) == [("besluit_loopt", "Er loopt al een besluit over deze ronde.")]
    besluit = Besluit.objects.get(volgnummer=2)
    assert [regel.bedrag_cent for regel in besluit.regels.all()] == [60_000_00]
    assert aantal("ronde.stel_reserve_voor") == 3, "round, decision and the one dossier, once each"
    alles_klopt()


def test_a_decision_is_notified_once(wereld):
    besluit = bouw.beslist(wereld, {"an": 8, "ben": 2})
    lopers = wedloop(*[lambda: services.geef_kennis(besluit, door=wereld.bea)] * 2, slot=wereld.ronde)
    assert een_wint(lopers) == [("verkeerde_status", "Dit kan niet: het besluit heeft de status 'kennisgegeven'.")]
    brieven = [rij.inhoud["aan"] for rij in Uitgaand.objects.filter(sleutel__startswith=f"mail besluit {besluit.pk} ")]
    assert [brieven.count(wie.email) for wie in (wereld.an, wereld.ben, wereld.stan)] == [1, 1, 0]
    alles_klopt()
