"""Who sees what: `mag_...` and its query set function say the same for every person and every object."""

import importlib
import inspect
import re
import typing
from datetime import timedelta

import pytest

from beoordeling import rechten as leesrechten
from beoordeling import services as beoordeling
from beoordeling.models import Besluit, Scoreblad
from betalingen import rechten as geldrechten
from betalingen import services as betalingen
from betalingen.bank.pain import Opdrachtgever
from betalingen.models import Afschrift, Betaalbelemmering, Betaling, Jaarrapport, Terugvordering
from dossiers import rechten as dossierrechten
from dossiers.kosten.models import Kostenstaat
from dossiers.models import Dossier, Verslag
from kern import klok
from kern.geheugen import onthoud
from oproepen import rechten as oproeprechten
from oproepen.models import Luik, Oproep, Ronde
from organisaties import rechten as organisatierechten
from organisaties.models import Gebruiker, Organisatie
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.beoordeling.rijk.kosten import geef_kosten_op
from tests.betalingen.bank.afschrift import schrijf
from tests.betalingen.belemmerd import registreer

MODULES = [
    importlib.import_module(f"{p}.rechten")
    for p in ("organisaties", "oproepen", "dossiers", "betalingen", "beoordeling")
]
# Query set functions that stand alone: what everybody sees, and one that marks rows instead of choosing them.
ZONDER_PAAR = {"oproepen.openbaar", "dossiers.met_aanvrager", "betalingen.terugvorderingen_van_personeel"}


def _functies(module):
    return {n: f for n, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == module.__name__}


def _kort(functie):
    return f"{functie.__module__.split('.')[0]}.{functie.__name__}"


def _is_qs(functie):
    return next(iter(inspect.signature(functie).parameters)) == "qs"


def _paren():
    """Return the pairs (mag, query set function) that a docstring declares equal."""
    gevonden = []
    for module in MODULES:
        functies = _functies(module)
        for functie in functies.values():
            for ander in re.findall(r"equal to `(\w+)`", functie.__doc__ or ""):
                paar = sorted((functie, functies[ander]), key=_is_qs)
                if _is_qs(paar[1]):
                    gevonden.append(tuple(paar))
    return gevonden


PAREN = _paren()


def _lees_afschrift(rijk):
    wie = Opdrachtgever("Vlaamse overheid", bouw.IBAN)
    betalingen.stel_rekening_in(rijk.beheer, verstrekker=rijk.oproep.verstrekker, opdrachtgever=wie, door=rijk.beheer)
    betalingen.lees_afschrift(schrijf([], rekening=bouw.IBAN), door=rijk.bo)


def _neem_terugvorderingen_voor(rijk):
    for luik in ("vlaanderen", "brussel"):
        betalingen.neem_terugvordering_voor(
            rijk.dossier(luik, 1, "aartselaar"),
            bedrag_cent=1_00,
            grond="doel",
            rechtsregel="artikel_13",
            motivering="Niet voor het doel gebruikt.",
            hoortermijn=klok.vandaag() + timedelta(days=30),
            door=rijk.bea,
        )


def _sluit_een_jaar_af(rijk):
    klok.zet(klok.brussel(2023, 1, 9))
    for besluit in Besluit.objects.filter(regels__dossier__status=Dossier.Status.VOORGEDRAGEN).distinct():
        beoordeling.stuur_besluit_terug(besluit, reden="Volgend jaar.", door=rijk.bart)
    sluit_begrotingsjaar_af(2022, door=rijk.beheer)


@pytest.mark.parametrize(("mag", "zichtbaar"), PAREN, ids=[f"{_kort(m)} = {z.__name__}" for m, z in PAREN])
def test_the_predicate_equals_membership_in_the_query_set(rijk, mag, zichtbaar):
    model = list(typing.get_type_hints(mag).values())[1]  # mag_...(user, obj)
    if model is Afschrift:
        _lees_afschrift(rijk)
    if model is Kostenstaat:
        geef_kosten_op(rijk, "vlaanderen", ingediend=True)
        geef_kosten_op(rijk, "brussel")
    if model is Betaalbelemmering:
        registreer(rijk, dossier=rijk.dossier("vlaanderen", 1, "boom"))
        registreer(rijk, dossier=rijk.dossier("vlaanderen", 6, "vzw"), hele_organisatie=True)
        # Dora handles that track, and belongs to Boom.
        registreer(rijk, dossier=rijk.dossier("brussel", 1, "boom"), door=rijk.mensen["behandelaar_brussel"])
    if model is Jaarrapport:
        _sluit_een_jaar_af(rijk)
    if model is Terugvordering:
        _neem_terugvorderingen_voor(rijk)
    objecten = list(model.objects.order_by("pk"))
    antwoorden = set()
    for naam, mens in rijk.mensen.items():
        rijen = [obj.pk for obj in zichtbaar(model.objects.order_by("pk"), mens)]
        with onthoud():  # as a page does: the tasks of a person are read once
            assert rijen == [obj.pk for obj in objecten if mag(mens, obj)], naam
        antwoorden |= {obj.pk in rijen for obj in objecten}
    assert antwoorden == {True, False}


def test_every_pair_is_found():
    assert {(_kort(mag), zichtbaar.__name__) for mag, zichtbaar in PAREN} >= {
        ("organisaties.mag_zien", "zichtbaar_voor"),
        ("oproepen.mag_oproep_beheren", "beheerbaar_voor"),
        ("oproepen.mag_ronde_zien", "rondes_zichtbaar_voor"),
        ("dossiers.mag_zien", "zichtbaar_voor"),
        ("dossiers.mag_verslag_zien", "verslagen_zichtbaar_voor"),
        ("dossiers.mag_kostenstaat_zien", "kostenstaten_zichtbaar_voor"),
        ("beoordeling.mag_dossier_lezen", "dossiers_leesbaar_voor"),
        ("beoordeling.mag_zien", "zichtbaar_voor"),
        ("betalingen.mag_zien", "zichtbaar_voor"),
    }
    los = {_kort(f) for module in MODULES for f in _functies(module).values() if _is_qs(f)}
    assert los - {_kort(zichtbaar) for _, zichtbaar in PAREN} == ZONDER_PAAR


def test_rows_are_marked_as_ones_own_like_the_predicate_says(rijk):
    dossiers = list(Dossier.objects.select_related("organisatie"))
    for mens in rijk.mensen.values():
        gemerkt = dict(dossierrechten.met_aanvrager(Dossier.objects.all(), mens).values_list("pk", "is_aanvrager"))
        assert gemerkt == {dossier.pk: dossierrechten.is_aanvrager(mens, dossier) for dossier in dossiers}


def test_belonging_to_an_organisation_is_the_same_from_three_sides(rijk):
    opvolgers = [bouw.organisatie(f"Fusie {n}", None, "gemeente", "lokaal_bestuur", rijk.stan) for n in range(2)]
    Organisatie.objects.filter(pk=rijk.boom.pk).update(opvolger=opvolgers[0], geldig_tot="2022-01-01")
    Organisatie.objects.filter(pk=opvolgers[0].pk).update(opvolger=opvolgers[1], geldig_tot="2022-02-01")
    for organisatie in Organisatie.objects.all():
        leden = set(organisatierechten.leden_van(organisatie.pk))
        for mens in Gebruiker.objects.all():
            lid = organisatierechten.is_lid(mens, organisatie)
            assert lid == (organisatie in organisatierechten.organisaties_van(mens)) == (mens in leden)
    assert not organisatierechten.is_lid(rijk.niemand, rijk.boom)
    assert {mens.voornaam for mens in organisatierechten.leden_van(rijk.boom.pk)} == {"Ben", "Dora", "Stan"}
    assert {mens.voornaam for mens in organisatierechten.leden_van(opvolgers[1].pk)} == {"Stan"}


def wie(rijk, mag, obj):
    return {naam for naam, mens in rijk.mensen.items() if mag(mens, obj)}


AARTSELAAR, BOOM, VZW = {"an", "mel"}, {"ben", "dora"}, {"an", "mia"}
PERSONEEL = {"bea", "bart", "bo", "aude"}
ROLLEN = ("behandelaar", "budgethouder", "boekhouder", "auditor")


def personeel(luik):
    return PERSONEEL | {f"{rol}_{luik}" for rol in ROLLEN} | ({"dora"} if luik == "brussel" else set())


@pytest.mark.parametrize("luik", ["vlaanderen", "brussel"])
def test_a_draft_is_seen_by_its_applicant_only(rijk, luik):
    for naam, leden in (("aartselaar", AARTSELAAR), ("boom", BOOM)):
        dossier = rijk.dossier(luik, 6, naam)
        assert dossier.status == "concept"
        assert wie(rijk, dossierrechten.mag_zien, dossier) == leden
        assert wie(rijk, leesrechten.mag_dossier_lezen, dossier) == leden


def test_a_lapsed_draft_is_seen_by_its_applicant_only(rijk):
    dossier = rijk.dossier("vlaanderen", 5, "vzw")
    assert dossier.status == "niet_ingediend"
    assert wie(rijk, dossierrechten.mag_zien, dossier) == VZW
    assert wie(rijk, leesrechten.mag_dossier_lezen, dossier) == VZW


@pytest.mark.parametrize("luik", ["vlaanderen", "brussel"])
def test_what_was_handed_in_is_seen_by_the_staff_of_the_track_and_read_by_its_jury(rijk, luik):
    dossier = rijk.dossier(luik, 4, "aartselaar")
    staf = personeel(luik)
    assert wie(rijk, dossierrechten.mag_zien, dossier) == AARTSELAAR | staf
    jury = {"jef", "joke", "jana", "mia", f"jurylid_{luik}"}
    voorzitters = {"vic", f"voorzitter_{luik}"}
    assert wie(rijk, leesrechten.mag_dossier_lezen, dossier) == AARTSELAAR | staf | jury | voorzitters
    ander = rijk.dossier(luik, 5, "aartselaar")
    assert wie(rijk, leesrechten.mag_dossier_lezen, ander) == AARTSELAAR | staf | voorzitters


def test_a_sheet_is_seen_by_its_juror_and_once_handed_in_by_chair_handler_and_auditor(rijk):
    bladen = Scoreblad.objects.filter(dossier=rijk.dossiers["vlaanderen", 4, "aartselaar"])
    luik = {f"{rol}_vlaanderen" for rol in ("behandelaar", "voorzitter", "auditor")}
    for blad in bladen.select_related("jurylid"):
        zelf = {naam for naam, mens in rijk.mensen.items() if mens == blad.jurylid}
        anderen = {"bea", "vic", "aude", *luik} if blad.status == "ingediend" else set()
        assert wie(rijk, leesrechten.mag_zien, blad) == zelf | anderen
    assert {blad.status for blad in bladen} == {"toegewezen", "bezig", "ingediend"}


def test_reports_are_seen_by_the_applicant_from_notification_on(rijk):
    staf = personeel("vlaanderen")
    for ronde, leden in ((1, AARTSELAAR), (2, set())):
        for verslag in Verslag.objects.filter(dossier=rijk.dossiers["vlaanderen", ronde, "aartselaar"]):
            assert wie(rijk, dossierrechten.mag_verslag_zien, verslag) == staf | leden


def test_cost_claims_are_seen_by_the_staff_of_the_track_once_they_are_in(rijk):
    concept = geef_kosten_op(rijk, "brussel")
    assert wie(rijk, dossierrechten.mag_kostenstaat_zien, concept) == BOOM
    ingediend = geef_kosten_op(rijk, "vlaanderen", ingediend=True)
    assert wie(rijk, dossierrechten.mag_kostenstaat_zien, ingediend) == BOOM | personeel("vlaanderen")


def test_nobody_judges_the_costs_of_her_own_organisation(rijk):
    staat = geef_kosten_op(rijk, "brussel", ingediend=True)  # dora handles Brussels and belongs to Boom
    assert wie(rijk, dossierrechten.mag_kostenstaat_beoordelen, staat) == {"bea", "behandelaar_brussel"}


def test_payments_are_seen_by_the_staff_of_the_track_only(rijk):
    for luik in ("vlaanderen", "brussel"):
        betaling = Betaling.objects.filter(dossier__ronde__luik=rijk.luiken[luik]).first()
        assert wie(rijk, geldrechten.mag_zien, betaling) == personeel(luik)


def test_a_round_is_managed_by_the_staff_and_chair_of_its_track(rijk):
    ronde = rijk.ronde("brussel", 5)
    assert wie(rijk, oproeprechten.mag_ronde_zien, ronde) == personeel("brussel") | {"vic", "voorzitter_brussel"}
    assert wie(rijk, oproeprechten.mag_ronde_behandelen, ronde) == {"bea", "behandelaar_brussel", "dora"}


def test_a_call_is_managed_by_the_staff_of_the_call_and_of_each_of_its_tracks_and_by_administrators(rijk):
    beheerders = {"beheer", "systeem"}
    beide = personeel("vlaanderen") | personeel("brussel") | beheerders
    assert wie(rijk, oproeprechten.mag_oproep_beheren, rijk.oproep) == beide
    ander = PERSONEEL | {f"{rol}_ander" for rol in ROLLEN} | beheerders
    assert wie(rijk, oproeprechten.mag_oproep_beheren, rijk.ontwerp) == ander
    assert wie(rijk, oproeprechten.mag_oproep_beheren, rijk.voorgelegd) == PERSONEEL | beheerders


def test_everybody_sees_published_and_announced_calls(rijk):
    assert set(oproeprechten.openbaar(Oproep.objects.all())) == {rijk.oproep, rijk.aangekondigd}
    assert Oproep.objects.count() == 4


def test_tasks_cover_the_track_or_the_whole_call(rijk):
    vlaanderen, brussel = rijk.luiken["vlaanderen"], rijk.luiken["brussel"]
    for naam, luiken in (
        ("bea", set(Luik.objects.all())),
        ("behandelaar_vlaanderen", {vlaanderen}),
        ("dora", {brussel}),
        ("behandelaar_ander", set(rijk.ontwerp.luiken.all())),
        ("jef", set()),
        ("niemand", set()),
    ):
        assert set(oproeprechten.luiken_met_taak(rijk.mensen[naam], "behandelaar")) == luiken
        assert {
            x for x in luiken | {vlaanderen, brussel} if oproeprechten.heeft_taak(rijk.mensen[naam], x, "behandelaar")
        } == luiken
    assert not oproeprechten.heeft_taak_oproep(rijk.behandelaar_vlaanderen, rijk.oproep, "behandelaar")
    assert oproeprechten.heeft_taak_oproep(rijk.bea, rijk.oproep, "behandelaar")


def test_the_rich_world_has_every_state(rijk):
    assert set(rijk.per_status(Dossier)) == set(Dossier.Status.values)
    assert set(rijk.per_status(Ronde)) == set(Ronde.Status.values)
    assert set(rijk.per_status(Scoreblad)) == set(Scoreblad.Status.values)
    assert set(rijk.per_status(Verslag)) == set(Verslag.Status.values)
