"""Closing a round, and the verdict on admissibility that follows."""

from datetime import timedelta

import pytest

from dossiers.beroep import BEROEP
from dossiers.models import Dossier
from dossiers.services import sluit_ronde, verklaar_onontvankelijk, verklaar_ontvankelijk
from kern import klok
from oproepen.models import Ronde
from organisaties.services import voeg_lid_toe
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, weigert

VERVALLEN = (
    "Uw dossier {} voor de oproep Zorgzame buurten werd niet ingediend vóór het einde van de termijn, maandag 8 "
    "november 2021 om 9.00 uur. Het wordt daarom niet beoordeeld.\n\n"
    "Wat u invulde, blijft bewaard. U kunt het nog lezen, maar niet meer indienen."
)
NOG_OPEN = "De ronde is nog open, of er kunnen nog dossiers onderweg zijn."
SLUIT_EERST = "Sluit eerst de ronde; daarna beoordeelt u de ontvankelijkheid."
MOTIVEER = "Schrijf de motivering van uw oordeel."
MICRO = timedelta(microseconds=1)


def status(ronde):
    return Ronde.objects.get(pk=ronde.pk).status


def test_closing_a_round_lets_drafts_lapse(wereld):
    ingediend = bouw.ingediend(wereld, "ben")
    volledig, leeg = bouw.volledig(wereld), bouw.concept(wereld, organisatie=wereld.vzw)
    brussel = Ronde.objects.get(luik__oproep=wereld.oproep, luik__slug="brussel")
    ander = bouw.dossiers.start_dossier(brussel, organisatie=wereld.vzw, door=wereld.an, ontvangen_op=klok.nu())
    klok.zet(bouw.GESLOTEN)
    with geschiedenis() as nieuw:
        assert sluit_ronde(wereld.ronde, door=wereld.bea).status == "gesloten"
    assert (status(wereld.ronde), status(brussel)) == ("gesloten", "gepland")
    statussen = dict(Dossier.objects.values_list("pk", "status"))
    assert statussen == {
        ingediend.pk: "ingediend",
        volledig.pk: "niet_ingediend",
        leeg.pk: "niet_ingediend",
        ander.pk: "concept",
    }
    assert nieuw.feiten == [
        feit(wereld.ronde, "ronde.sluit", wereld.bea, "gepland", "gesloten", {"niet_ingediend": 2}),
        feit(volledig, "ronde.sluit", wereld.bea, "concept", "niet_ingediend"),
        feit(leeg, "ronde.sluit", wereld.bea, "concept", "niet_ingediend"),
    ]
    assert nieuw.mails == [
        ("an@voorbeeld.test", f"Uw dossier {rij.nummer} is niet ingediend", VERVALLEN.format(rij.nummer))
        for rij in (volledig, leeg)
    ]
    assert bouw.opnieuw(volledig).titel == "De Warme Buurt"  # what was filled in stays
    assert bouw.opnieuw(volledig).antwoorden.count() == 6
    alles_klopt()


def test_closing_a_round_without_dossiers(wereld):
    klok.zet(bouw.GESLOTEN)
    with geschiedenis() as nieuw:
        sluit_ronde(wereld.ronde, door=wereld.bea)
    assert nieuw.feiten == [feit(wereld.ronde, "ronde.sluit", wereld.bea, "gepland", "gesloten", {"niet_ingediend": 0})]


@pytest.mark.parametrize(
    "moment", [bouw.OPEN, bouw.DEADLINE - MICRO, bouw.DEADLINE, bouw.DEADLINE + timedelta(seconds=120) - MICRO]
)
def test_closing_too_early_is_refused(wereld, moment):
    bouw.concept(wereld)
    with klok.op(moment), weigert("ronde_nog_open", NOG_OPEN):
        sluit_ronde(wereld.ronde, door=wereld.bea)


def test_closing_twice_is_refused(wereld):
    ronde = Ronde.objects.get(pk=wereld.ronde.pk)
    bouw.sluit(wereld)
    for rij in (ronde, wereld.ronde):
        with weigert("verkeerde_status", "Dit kan niet: de ronde heeft de status 'gesloten'."):
            sluit_ronde(rij, door=wereld.bea)


@pytest.fixture
def gesloten(wereld):
    rij = bouw.ingediend(wereld)
    bouw.sluit(wereld)
    return rij


def test_declaring_admissible(wereld, gesloten):
    with geschiedenis() as nieuw:
        verklaar_ontvankelijk(gesloten, motivering="Alle stukken zijn er.", door=wereld.bea)
    rij = bouw.opnieuw(gesloten)
    assert (rij.status, rij.ontvankelijkheid_motivering) == ("ontvankelijk", "Alle stukken zijn er.")
    inhoud = {"motivering": "Alle stukken zijn er."}
    verwacht = feit(rij, "dossier.verklaar_ontvankelijk", wereld.bea, "ingediend", "ontvankelijk", inhoud)
    assert nieuw.feiten == [verwacht]
    tekst = (
        "Uw dossier 'De Warme Buurt' voldoet aan de voorwaarden om beoordeeld te worden. Het gaat nu naar de jury.\n\n"
        "U moet niets doen. U krijgt een mail zodra er een beslissing is."
    )
    assert nieuw.mails == [("an@voorbeeld.test", f"Uw dossier {rij.nummer} is ontvankelijk", tekst)]
    alles_klopt()


def test_declaring_inadmissible_tells_the_applicant_why(wereld, gesloten):
    voeg_lid_toe(wereld.aartselaar, email=wereld.stan.email, rol="medewerker", door=wereld.an)
    with geschiedenis() as nieuw:
        verklaar_onontvankelijk(gesloten, motivering="De bijlage is leeg.", door=wereld.bea)
    rij = bouw.opnieuw(gesloten)
    assert (rij.status, rij.ontvankelijkheid_motivering) == ("onontvankelijk", "De bijlage is leeg.")
    assert rij.zichtbare_status == "Onontvankelijk"
    inhoud = {"motivering": "De bijlage is leeg."}
    verwacht = feit(rij, "dossier.verklaar_onontvankelijk", wereld.bea, "ingediend", "onontvankelijk", inhoud)
    assert nieuw.feiten == [verwacht]
    tekst = (
        "Uw dossier 'De Warme Buurt' is onontvankelijk verklaard.\n\nMotivering: De bijlage is leeg.\n\n"
        f"Beroep\n{BEROEP}\n\nDe brief met deze beslissing zit bij deze mail."
    )
    mail = (f"Uw dossier {rij.nummer} is onontvankelijk", tekst)
    assert nieuw.mails == [("an@voorbeeld.test", *mail), ("stan@voorbeeld.test", *mail)]
    alles_klopt()


OORDELEN = pytest.mark.parametrize("oordeel", [verklaar_ontvankelijk, verklaar_onontvankelijk])


@OORDELEN
@pytest.mark.parametrize("motivering", ["", "  \n "])
def test_a_verdict_without_motivation_is_refused(wereld, gesloten, oordeel, motivering):
    with weigert("motivering_ontbreekt", MOTIVEER, "motivering"):
        oordeel(gesloten, motivering=motivering, door=wereld.bea)


@OORDELEN
def test_a_verdict_while_the_round_is_not_closed_is_refused(wereld, oordeel):
    dossier = bouw.ingediend(wereld)
    for moment in (bouw.OPEN, bouw.GESLOTEN):
        with klok.op(moment), weigert("ronde_nog_open", SLUIT_EERST):
            oordeel(dossier, motivering="Goed.", door=wereld.bea)


@OORDELEN
@pytest.mark.parametrize("eerste", [verklaar_ontvankelijk, verklaar_onontvankelijk])
def test_a_second_verdict_is_refused(wereld, gesloten, eerste, oordeel):
    eerste(gesloten, motivering="Zo is het.", door=wereld.bea)
    naam = "ontvankelijk" if eerste is verklaar_ontvankelijk else "onontvankelijk"
    for rij in (gesloten, bouw.opnieuw(gesloten)):
        with weigert("verkeerde_status", f"Dit kan niet: het dossier heeft de status '{naam}'."):
            oordeel(rij, motivering="Toch niet.", door=wereld.bea)


@OORDELEN
def test_a_verdict_is_possible_while_the_round_is_being_judged(wereld, gesloten, oordeel):
    bouw.oproepen.start_beoordeling(wereld.ronde, door=wereld.bea)
    assert oordeel(gesloten, motivering="Nagekeken.", door=wereld.bea).status in {"ontvankelijk", "onontvankelijk"}
