"""Two people, two tabs or two clicks at the deadline: real connections, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dossiers import opmaak, services
from dossiers.models import Dossier, Indiening
from dossiers.ontvangstbewijs import ingediend
from kern import klok
from kern.models import Gebeurtenis, Uitgaand
from oproepen.models import Ronde
from tests import bouw
from tests.hulp import alles_klopt, weigert
from tests.proef import begin, einde, tweede_oproep, verdeel, wacht_op_slot, wedloop

pytestmark = pytest.mark.django_db(transaction=True)

US = timedelta(microseconds=1)
AL_INGEDIEND = ("verkeerde_status", "Dit kan niet: het dossier heeft de status 'ingediend'.")
TE_LAAT = "De indientermijn is voorbij. Wat u invulde blijft bewaard, maar kan niet meer ingediend worden."


def dien_in(w, dossier, wie="an", ontvangen_op=None):
    """Hand in; the moment of receipt is taken at once, as the middleware does."""
    return services.dien_in(dossier, door=w.mensen[wie], ontvangen_op=ontvangen_op or klok.nu())


def aantal(handeling):
    return Gebeurtenis.objects.filter(handeling=handeling).count()


def test_a_double_click_hands_in_once(wereld):
    dossier = bouw.volledig(wereld)
    lopers = wedloop(*[lambda: dien_in(wereld, dossier)] * 3, slot=wereld.ronde)
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == 1
    assert [loper.zin for loper in verliezers] == [AL_INGEDIEND] * 2
    assert Indiening.objects.get() == winnaars[0].waarde
    assert (Indiening.objects.get().ontvangstnummer, Indiening.objects.get().volgnummer) == (1, 1)
    assert bouw.vers(wereld).ronde.laatste_ontvangstnummer == 1
    assert (aantal("dossier.dien_in"), Uitgaand.objects.filter(sleutel__contains="indiening").count()) == (1, 1)
    alles_klopt()


def test_two_members_of_one_organisation_hand_in_once(wereld):
    dossier = bouw.volledig(wereld)
    bouw.Lidmaatschap.objects.create(
        organisatie=wereld.aartselaar, gebruiker=wereld.stan, rol="medewerker", sinds="2021-01-01"
    )
    lopers = wedloop(lambda: dien_in(wereld, dossier), lambda: dien_in(wereld, dossier, "stan"), slot=dossier)
    winnaars, verliezers = verdeel(lopers)
    assert ([loper.zin for loper in verliezers], len(winnaars)) == ([AL_INGEDIEND], 1)
    assert Indiening.objects.get().ingediend_door == (wereld.an if lopers[0].gewonnen else wereld.stan)


def test_dossiers_at_the_same_moment_get_numbers_that_follow(wereld):
    een, twee = bouw.volledig(wereld), bouw.volledig(wereld, "ben")
    lopers = wedloop(lambda: dien_in(wereld, een), lambda: dien_in(wereld, twee, "ben"), slot=wereld.ronde)
    winnaars, verliezers = verdeel(lopers)
    assert verliezers == []
    assert sorted(loper.waarde.ontvangstnummer for loper in winnaars) == [1, 2]
    assert {rij.dossier_id for rij in Indiening.objects.all()} == {een.pk, twee.pk}
    assert bouw.vers(wereld).ronde.laatste_ontvangstnummer == 2
    alles_klopt()


def test_rounds_of_two_calls_do_not_wait_for_each_other(wereld):
    ander = tweede_oproep(wereld)
    een, twee = bouw.volledig(wereld), bouw.volledig(ander)
    winnaars, _ = verdeel(wedloop(lambda: dien_in(wereld, een), lambda: dien_in(ander, twee)))
    assert [loper.waarde.ontvangstnummer for loper in winnaars] == [1, 1]


# --- the deadline ---


def test_in_time_stays_in_time_however_long_the_lock_takes(wereld):
    dossier = bouw.volledig(wereld)
    aankomst, later = bouw.DEADLINE - timedelta(seconds=1), bouw.DEADLINE + timedelta(seconds=90)
    klok.zet(aankomst)
    (loper,) = wedloop(lambda: dien_in(wereld, dossier), slot=wereld.ronde, intussen=lambda: klok.zet(later))
    assert loper.fout is None
    indiening = Indiening.objects.get()
    assert indiening.ontvangen_op == aankomst
    assert Dossier.objects.get().ingediend_op == aankomst
    assert Gebeurtenis.objects.get(handeling="dossier.dien_in").moment == later
    alles_klopt()


def test_in_time_through_the_page_stays_in_time_too(wereld):
    dossier = bouw.volledig(wereld)
    klok.zet(bouw.DEADLINE - US)
    client = Client()
    client.force_login(wereld.an, "allauth.account.auth_backends.AuthenticationBackend")
    adres = reverse("dossier_indienen", args=[dossier.nummer])
    later = bouw.DEADLINE + timedelta(seconds=90)
    (loper,) = wedloop(lambda: client.post(adres), slot=wereld.ronde, intussen=lambda: klok.zet(later))
    assert loper.fout is None
    assert (loper.waarde.status_code, Indiening.objects.get().ontvangen_op) == (302, bouw.DEADLINE - US)


@pytest.mark.parametrize("te_laat", [timedelta(0), US, timedelta(seconds=1)])
def test_too_late_is_too_late_also_when_the_clock_is_turned_back_meanwhile(wereld, te_laat):
    dossier = bouw.volledig(wereld)
    klok.zet(bouw.DEADLINE + te_laat)
    vroeger = bouw.DEADLINE - timedelta(hours=1)
    (loper,) = wedloop(lambda: dien_in(wereld, dossier), slot=wereld.ronde, intussen=lambda: klok.zet(vroeger))
    assert loper.zin == ("ronde_niet_open", TE_LAAT)
    assert not Indiening.objects.exists()
    assert Dossier.objects.get().status == "concept"


def test_one_microsecond_decides(wereld):
    een, twee = bouw.volledig(wereld), bouw.volledig(wereld, "ben")
    with weigert("ronde_niet_open", TE_LAAT):
        dien_in(wereld, een, ontvangen_op=bouw.DEADLINE + US)
    with weigert("ronde_niet_open", TE_LAAT):
        dien_in(wereld, een, ontvangen_op=bouw.DEADLINE)
    assert dien_in(wereld, een, ontvangen_op=bouw.DEADLINE - US).ontvangen_op == bouw.DEADLINE - US
    opent = wereld.ronde.opent_op
    with weigert("ronde_niet_open", "De indientermijn is nog niet begonnen."):
        dien_in(wereld, twee, "ben", ontvangen_op=opent - US)
    assert dien_in(wereld, twee, "ben", ontvangen_op=opent).ontvangen_op == opent


# --- closing ---


@pytest.mark.parametrize("eerst", ["indienen", "sluiten"])
def test_closing_meets_a_submission_that_came_in_time(wereld, eerst):
    dossier = bouw.volledig(wereld)
    bouw.volledig(wereld, "ben")
    klok.zet(bouw.GESLOTEN)
    daden = {
        "indienen": lambda: dien_in(wereld, dossier, ontvangen_op=bouw.DEADLINE - US),
        "sluiten": lambda: services.sluit_ronde(wereld.ronde, door=wereld.bea),
    }
    volgorde = sorted(daden, key=lambda naam: naam != eerst)
    lopers = {}
    with bouw.opmaak.transaction.atomic():
        Ronde.objects.select_for_update().get(pk=wereld.ronde.pk)
        for nummer, naam in enumerate(volgorde, start=1):
            lopers[naam] = begin(daden[naam])[0]
            wacht_op_slot(nummer)
    einde(list(lopers.values()))
    assert lopers["sluiten"].gewonnen
    if connection.vendor == "postgresql":  # who waits longest goes first; SQLite promises no order
        assert lopers["indienen"].gewonnen == (eerst == "indienen")
    assert bouw.vers(wereld).ronde.status == "gesloten"
    if lopers["indienen"].gewonnen:
        verwacht = ("ingediend", 1, {"niet_ingediend": 1})
    else:
        assert lopers["indienen"].zin == (
            "verkeerde_status",
            "Dit kan niet: het dossier heeft de status 'niet ingediend'.",
        )
        verwacht = ("niet_ingediend", 0, {"niet_ingediend": 2})
    gesloten = Gebeurtenis.objects.get(handeling="ronde.sluit", keten__soort="ronde")
    inhoud = services.ketens.inhoud_van(gesloten)
    assert (bouw.opnieuw(dossier).status, Indiening.objects.count(), inhoud) == verwacht
    assert not Dossier.objects.filter(status="concept").exists()
    alles_klopt()


def test_a_round_closes_once(wereld):
    bouw.concept(wereld)
    klok.zet(bouw.GESLOTEN)
    lopers = wedloop(*[lambda: services.sluit_ronde(wereld.ronde, door=wereld.bea)] * 2, slot=wereld.ronde)
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == 1
    assert verliezers[0].zin == ("verkeerde_status", "Dit kan niet: de ronde heeft de status 'gesloten'.")
    assert aantal("ronde.sluit") == 2, "the round, and the draft that lapsed, once each"


def test_a_draft_that_is_held_up_past_the_closing_is_not_started(wereld):
    klok.zet(bouw.GESLOTEN)
    services.sluit_ronde(wereld.ronde, door=wereld.bea)
    with weigert("ronde_niet_open", TE_LAAT):
        services.start_dossier(wereld.ronde, organisatie=wereld.boom, door=wereld.ben, ontvangen_op=bouw.DEADLINE - US)


# --- drafts ---


def test_a_draft_is_started_once(wereld):
    lopers = wedloop(*[lambda: bouw.concept(wereld)] * 2, slot=wereld.ronde)
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == 1
    assert verliezers[0].zin == ("al_gestart", "Uw organisatie heeft in deze ronde al een dossier.")
    assert Dossier.objects.get() == winnaars[0].waarde


@pytest.mark.parametrize("versie", [0, 1])
def test_two_tabs_never_overwrite_each_other(wereld, versie):
    dossier = bouw.concept(wereld)
    if versie:
        opmaak.bewaar_antwoord(dossier, "acties", "Eerst", 0, door=wereld.an)
    teksten = ["Uit het eerste venster", "Uit het tweede venster"]
    lopers = wedloop(
        *(lambda t=t: opmaak.bewaar_antwoord(dossier, "acties", t, versie, door=wereld.an) for t in teksten),
        slot=dossier,
    )
    bewaard = dossier.antwoorden.get(sleutel="acties")
    assert (bewaard.versie, bewaard.waarde in teksten) == (versie + 1, True)
    gewonnen = teksten.index(bewaard.waarde)
    assert lopers[gewonnen].waarde == opmaak.Bewaard(versie + 1)
    assert lopers[1 - gewonnen].waarde == opmaak.Bewaard(versie + 1, conflict=bewaard.waarde)


def test_what_is_saved_during_a_submission_is_in_it_or_is_refused(wereld):
    dossier = bouw.volledig(wereld)
    indienen, bewaren = wedloop(
        lambda: dien_in(wereld, dossier),
        lambda: opmaak.bewaar_antwoord(dossier, "acties", "Op het laatste ogenblik", 1, door=wereld.an),
        slot=dossier,
    )
    assert indienen.gewonnen
    if not bewaren.gewonnen:
        zin = "Dit dossier is geen concept meer en kan niet meer gewijzigd worden."
        assert bewaren.zin == ("geen_concept", zin)
    levend = dossier.antwoorden.get(sleutel="acties").waarde
    assert levend == ("Op het laatste ogenblik" if bewaren.gewonnen else "Antwoord over acties.")
    assert ingediend(dossier)["antwoorden"]["acties"]["waarde"] == levend


# --- the night on which 2.30 comes twice ---

# The deadline as a form gives it, by the wall clock; the moments in UTC, as they come from the clock.
HALFDRIE = {fold: datetime(2021, 10, 31, 2, 30, tzinfo=klok.BRUSSEL, fold=fold) for fold in (0, 1)}
ZOMER, WINTER = datetime(2021, 10, 31, 0, 30, tzinfo=UTC), datetime(2021, 10, 31, 1, 30, tzinfo=UTC)


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize(
    ("fold", "moment", "op_tijd"),
    [
        (0, ZOMER - US, True),
        (0, ZOMER, False),
        (0, ZOMER + US, False),
        (0, WINTER - US, False),
        (0, WINTER, False),
        (1, ZOMER - US, True),
        (1, ZOMER, True),
        (1, ZOMER + US, True),
        (1, WINTER - US, True),
        (1, WINTER, False),
        (1, WINTER + US, False),
    ],
)
def test_a_deadline_in_the_hour_that_comes_twice(wereld, fold, moment, op_tijd):
    dossier = bouw.volledig(wereld)
    Ronde.objects.filter(pk=wereld.ronde.pk).update(sluit_op=HALFDRIE[fold])
    ronde = bouw.vers(wereld).ronde
    assert ronde.sluit_op == (ZOMER, WINTER)[fold]
    klok.zet(moment)
    if op_tijd:
        indiening = dien_in(wereld, dossier)
        assert Indiening.objects.get(pk=indiening.pk).ontvangen_op == moment
    else:
        with weigert("ronde_niet_open", TE_LAAT):
            dien_in(wereld, dossier)
    sluitbaar = (ZOMER, WINTER)[fold] + timedelta(seconds=120)
    assert ronde.sluitbaar_vanaf == sluitbaar
    klok.zet(sluitbaar - US)
    with weigert("ronde_nog_open", "De ronde is nog open, of er kunnen nog dossiers onderweg zijn."):
        services.sluit_ronde(ronde, door=wereld.bea)
    klok.zet(sluitbaar)
    services.sluit_ronde(ronde, door=wereld.bea)
    assert bouw.opnieuw(dossier).status == ("ingediend" if op_tijd else "niet_ingediend")


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("fold", [0, 1])
def test_the_receipt_of_that_hour_says_which_of_the_two_it_was(wereld, fold):
    dossier = bouw.volledig(wereld)
    klok.zet(HALFDRIE[fold])
    Ronde.objects.filter(pk=wereld.ronde.pk).update(sluit_op=WINTER + timedelta(days=1))
    indiening = dien_in(wereld, dossier)
    assert f'"moment":"2021-10-31T0{fold}:30:00.000000Z"'.encode() in bytes(indiening.ontvangst)
