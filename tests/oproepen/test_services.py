"""Acts on calls and rounds: present, publish, send back, give a task, start the judging; and when a round is open."""

from datetime import UTC, timedelta

import pytest

from dossiers.services import sluit_ronde
from kern import klok, outbox
from kern.models import Uitgaand
from kern.weg import reden_tegen
from oproepen import laden, queries
from oproepen.models import Criterium, Formulierversie, Oproep, Ronde, Taak, Vraag
from oproepen.services import geef_taak, kondig_aan, leg_oproep_voor, publiceer, start_beoordeling, stuur_oproep_terug
from organisaties.models import Gebruiker
from tests import bouw
from tests.hulp import alles_klopt, feit, geschiedenis, oproepgegevens, weigert, zin_status
from tests.onthouden import onthoudt

ANDER = "Een oproep wordt goedgekeurd door een andere persoon dan wie ze voorlegde."
REDEN = "Schrijf waarom u de oproep terugstuurt."
VOORGELEGD = (
    "Bea Proef legt de oproep Zorgzame buurten ter goedkeuring voor.\n\n"
    "Kijk de oproep na. Keur ze goed en publiceer ze, of stuur ze terug met een reden."
)
KLOPT_NIET = "Klopt dit niet? Laat het dan weten aan de beheerder van het loket."
TAKEN = {
    "behandelaar": (
        "dossierbehandelaar",
        "U volgt de oproep en de dossiers op, van de voorbereiding tot de laatste betaling.",
    ),
    "jurylid": ("jurylid", "U krijgt een mail zodra er een dossier is om te beoordelen."),
    "voorzitter": (
        "voorzitter van de jury",
        "U stelt het advies van de jury vast zodra de scorebladen van een dossier ingediend zijn.",
    ),
    "budgethouder": ("budgethouder", "U keurt de oproep en de betalingen goed, en u bewaakt het budget."),
    "boekhouder": ("boekhouder", "U verstuurt de betaalopdrachten en meldt wat uitbetaald is."),
    "auditor": ("auditor", "U kunt alles nakijken en niets wijzigen."),
}


@pytest.fixture(scope="module")
def basis():
    """Share no world: these tests build the call in every state before it, too."""
    return


@pytest.fixture
@onthoudt
def ontwerp(db):
    return bouw.ontwerp()


@pytest.fixture
@onthoudt
def voorgelegd(ontwerp):
    leg_oproep_voor(ontwerp.oproep, door=ontwerp.bea)
    outbox.sla_nagespeelde_over()
    return bouw.vers(ontwerp)


def opnieuw(oproep):
    return Oproep.objects.get(pk=oproep.pk)


def koppen():
    """Return where the mails that wait lead to, and what the link says."""
    return {(rij.inhoud["pad"], rij.inhoud["knop"]) for rij in Uitgaand.objects.filter(klaar_op=None)}


def test_presenting_a_call(ontwerp):
    with geschiedenis() as nieuw:
        leg_oproep_voor(ontwerp.oproep, door=ontwerp.bea)
    rij = opnieuw(ontwerp.oproep)
    assert (rij.status, rij.opgesteld_door, rij.gepubliceerd_op) == ("ter_goedkeuring", ontwerp.bea, None)
    assert nieuw.feiten == [feit(rij, "oproep.leg_voor", ontwerp.bea, "ontwerp", "ter_goedkeuring")]
    assert nieuw.mails == [("bart@voorbeeld.test", "Een oproep om goed te keuren: Zorgzame buurten", VOORGELEGD)]
    assert koppen() == {("/beheer/oproepen/zorgzame-buurten/", "Naar de oproep")}
    alles_klopt()


def test_only_who_may_approve_is_asked_to(ontwerp):
    luik_alleen, weg, jan = bouw.mens("luik"), bouw.mens("weg"), bouw.mens("jan")
    geef_taak(ontwerp.oproep, gebruiker=luik_alleen, rol="budgethouder", luik=ontwerp.luik, door=ontwerp.beheer)
    for wie in (weg, jan, ontwerp.bea):
        geef_taak(ontwerp.oproep, gebruiker=wie, rol="budgethouder", door=ontwerp.beheer)
    weg.is_active = False
    weg.save()
    with geschiedenis() as nieuw:
        leg_oproep_voor(ontwerp.oproep, door=ontwerp.bea)
    onderwerp = "Een oproep om goed te keuren: Zorgzame buurten"
    assert nieuw.mails == [(aan, onderwerp, VOORGELEGD) for aan in ("bart@voorbeeld.test", "jan@voorbeeld.test")]


def test_presenting_twice_is_refused(voorgelegd):
    with weigert("verkeerde_status", "Dit kan niet: de oproep heeft de status 'ter goedkeuring'."):
        leg_oproep_voor(voorgelegd.oproep, door=voorgelegd.bea)


def test_presenting_a_published_call_is_refused(wereld):
    with weigert("verkeerde_status", "Dit kan niet: de oproep heeft de status 'gepubliceerd'."):
        leg_oproep_voor(wereld.oproep, door=wereld.bea)


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"rondes": []}, "De oproep heeft nog geen ronde met een openings- en sluitingsmoment."),
        ({"luiken": []}, "De oproep heeft nog geen ronde met een openings- en sluitingsmoment."),
        ({"vragen": []}, "De oproep heeft nog geen vragen."),
    ],
)
def test_presenting_an_incomplete_call_is_refused(ontwerp, anders, zin):
    systeem = Gebruiker.objects.systeem()
    gegevens = oproepgegevens(slug="leeg", code="LE", **anders)
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    geef_taak(oproep, gebruiker=ontwerp.bea, rol="behandelaar", door=systeem)
    assert reden_tegen(oproep, "leg_voor") == zin
    with weigert("oproep_onvolledig", zin):
        leg_oproep_voor(oproep, door=ontwerp.bea)


def test_a_call_whose_criteria_or_instalments_are_gone_is_incomplete(voorgelegd):
    luik = voorgelegd.luik
    luik.schijven.all().delete()
    with weigert("oproep_onvolledig", "Het luik Vlaanderen heeft nog geen betaalschema."):
        publiceer(voorgelegd.oproep, door=voorgelegd.bart)
    Criterium.objects.filter(oproep=voorgelegd.oproep).delete()
    with weigert("oproep_onvolledig", "De oproep heeft nog geen beoordelingscriteria."):
        publiceer(voorgelegd.oproep, door=voorgelegd.bart)


def test_announcing_a_call(ontwerp):
    with geschiedenis() as nieuw:
        kondig_aan(ontwerp.oproep, door=ontwerp.bea)
    rij = opnieuw(ontwerp.oproep)
    assert (rij.status, rij.gepubliceerd_op) == ("aangekondigd", None)
    assert nieuw.feiten == [feit(rij, "oproep.kondig_aan", ontwerp.bea, "ontwerp", "aangekondigd")]
    assert nieuw.mails == []  # who did it is the only handler
    with weigert("verkeerde_status", "Dit kan niet: de oproep heeft de status 'aangekondigd'."):
        kondig_aan(ontwerp.oproep, door=ontwerp.bea)
    alles_klopt()


def test_the_handlers_are_told_of_a_call_that_an_administrator_announced(ontwerp):
    geef_taak(ontwerp.oproep, gebruiker=ontwerp.stan, rol="behandelaar", luik=ontwerp.luik, door=ontwerp.beheer)
    with geschiedenis() as nieuw:
        kondig_aan(ontwerp.oproep, door=ontwerp.beheer)
    tekst = (
        "Beheer Proef kondigde de oproep Zorgzame buurten aan. Iedereen kan ze nu lezen; aanvragen kan nog niet.\n\n"
        "Is de oproep volledig, leg ze dan ter goedkeuring voor."
    )
    onderwerp = "Oproep aangekondigd: Zorgzame buurten"
    assert nieuw.mails == [(aan, onderwerp, tekst) for aan in ("bea@voorbeeld.test", "stan@voorbeeld.test")]
    assert koppen() == {("/beheer/oproepen/zorgzame-buurten/", "Naar de oproep")}


def test_an_announced_call_is_seen_but_not_open_and_can_be_presented(ontwerp):
    kondig_aan(ontwerp.oproep, door=ontwerp.bea)
    (oproep,) = queries.openbare_oproepen()
    assert oproep == ontwerp.oproep
    assert queries.open_rondes(oproep, bouw.OPEN) == []
    leg_oproep_voor(opnieuw(oproep), door=ontwerp.bea)
    assert opnieuw(oproep).status == "ter_goedkeuring"


@pytest.mark.parametrize("toestand", ["voorgelegd", "wereld"])
def test_announcing_a_call_that_was_presented_or_published_is_refused(request, toestand):
    w = request.getfixturevalue(toestand)
    with weigert("verkeerde_status", zin_status(opnieuw(w.oproep))):
        kondig_aan(w.oproep, door=w.bea)


def test_publishing_records_what_applicants_rely_on(voorgelegd):
    with klok.op(klok.brussel(2021, 6, 10, 16, 30)), geschiedenis() as nieuw:
        publiceer(voorgelegd.oproep, door=voorgelegd.bart)
    rij = opnieuw(voorgelegd.oproep)
    assert (rij.status, rij.gepubliceerd_op) == ("gepubliceerd", klok.brussel(2021, 6, 10, 16, 30))
    assert rij.opgesteld_door == voorgelegd.bea
    ronde = {
        "nummer": 1,
        "opent_op": "2021-06-10T22:00:00.000000Z",
        "sluit_op": "2021-11-08T08:00:00.000000Z",
        "selectie": "rangschikking",
        "minimumscore": 60,
        "reservelijst": False,
    }
    inhoud = {
        "titel": "Zorgzame buurten",
        "criteria": [
            ["kwaliteit", 30, 10],
            ["netwerk", 25, 10],
            ["buurt", 20, 10],
            ["haalbaarheid", 15, 10],
            ["duurzaamheid", 10, 10],
        ],
        "rondes": [
            {"luik": "vlaanderen", "max_per_jaar_cent": 50_000_00, **ronde},
            {"luik": "brussel", "max_per_jaar_cent": 100_000_00, **ronde},
        ],
    }
    verwacht = feit(rij, "oproep.publiceer", voorgelegd.bart, "ter_goedkeuring", "gepubliceerd", inhoud)
    assert nieuw.feiten == [verwacht]
    tekst = (
        "Bart Proef keurde de oproep Zorgzame buurten goed. Ze is nu gepubliceerd.\n\n"
        "Waar aanvragers op rekenen, ligt vast: de vragen, de criteria, de bedragen en de termijnen."
    )
    assert nieuw.mails == [("bea@voorbeeld.test", "Oproep gepubliceerd: Zorgzame buurten", tekst)]
    assert koppen() == {("/beheer/oproepen/zorgzame-buurten/", "Naar de oproep")}
    alles_klopt()


def test_a_call_is_not_published_by_who_presented_it(voorgelegd):
    geef_taak(voorgelegd.oproep, gebruiker=voorgelegd.bea, rol="budgethouder", door=voorgelegd.beheer)
    with weigert("zelfde_persoon", ANDER):
        publiceer(voorgelegd.oproep, door=voorgelegd.bea)
    assert publiceer(voorgelegd.oproep, door=voorgelegd.bart).status == "gepubliceerd"


def test_publishing_a_draft_is_refused(ontwerp):
    with weigert("verkeerde_status", "Dit kan niet: de oproep heeft de status 'ontwerp'."):
        publiceer(ontwerp.oproep, door=ontwerp.bart)


def test_publishing_twice_is_refused(wereld):
    with weigert("verkeerde_status", "Dit kan niet: de oproep heeft de status 'gepubliceerd'."):
        publiceer(wereld.oproep, door=wereld.bart)


def test_sending_a_call_back_and_presenting_it_again(voorgelegd):
    with geschiedenis() as nieuw:
        stuur_oproep_terug(voorgelegd.oproep, reden="De deadline valt in de vakantie.", door=voorgelegd.bart)
        rij = opnieuw(voorgelegd.oproep)
        assert (rij.status, rij.gepubliceerd_op) == ("ontwerp", None)
        leg_oproep_voor(rij, door=voorgelegd.bea)
    assert opnieuw(rij).status == "ter_goedkeuring"
    assert nieuw.feiten == [
        feit(
            rij,
            "oproep.stuur_terug",
            voorgelegd.bart,
            "ter_goedkeuring",
            "ontwerp",
            {"reden": "De deadline valt in de vakantie."},
        ),
        feit(rij, "oproep.leg_voor", voorgelegd.bea, "ontwerp", "ter_goedkeuring"),
    ]
    tekst = (
        "Bart Proef stuurde de oproep Zorgzame buurten terug.\n\nReden: De deadline valt in de vakantie.\n\n"
        "Pas de oproep aan en leg ze daarna opnieuw voor."
    )
    # The question is put again: it is another fact.
    assert nieuw.mails == [
        ("bea@voorbeeld.test", "Oproep teruggestuurd: Zorgzame buurten", tekst),
        ("bart@voorbeeld.test", "Een oproep om goed te keuren: Zorgzame buurten", VOORGELEGD),
    ]
    assert koppen() == {("/beheer/oproepen/zorgzame-buurten/", "Naar de oproep")}


@pytest.mark.parametrize("reden", ["", "   ", "\n\t"])
def test_sending_back_without_a_reason_is_refused(voorgelegd, reden):
    with weigert("reden_ontbreekt", REDEN, "reden"):
        stuur_oproep_terug(voorgelegd.oproep, reden=reden, door=voorgelegd.bart)


def test_sending_back_what_was_not_presented_is_refused(ontwerp):
    with weigert("verkeerde_status", "Dit kan niet: de oproep heeft de status 'ontwerp'."):
        stuur_oproep_terug(ontwerp.oproep, reden="Neen.", door=ontwerp.bart)


def test_sending_back_a_published_call_is_refused(wereld):
    with weigert("verkeerde_status", "Dit kan niet: de oproep heeft de status 'gepubliceerd'."):
        stuur_oproep_terug(wereld.oproep, reden="Neen.", door=wereld.bart)


@pytest.mark.parametrize("rol", Taak.Rol.values)
def test_giving_a_task_for_a_call(wereld, rol):
    with geschiedenis() as nieuw:
        taak = geef_taak(wereld.oproep, gebruiker=wereld.stan, rol=rol, door=wereld.beheer)
    assert Taak.objects.filter(gebruiker=wereld.stan).values_list("pk", "rol", "oproep", "luik").get() == (
        taak.pk,
        rol,
        wereld.oproep.pk,
        None,
    )
    inhoud = {"gebruiker": wereld.stan.pk, "rol": rol, "luik": None}
    assert nieuw.feiten == [feit(wereld.oproep, "oproep.geef_taak", wereld.beheer, inhoud=inhoud)]
    naam, wat_nu = TAKEN[rol]
    tekst = f"Uw taak: {naam}.\nVoor: Zorgzame buurten.\n\n{wat_nu}\n\n{KLOPT_NIET}"
    assert nieuw.mails == [("stan@voorbeeld.test", "U hebt een taak in de oproep Zorgzame buurten", tekst)]
    naar_werk = rol in {"jurylid", "voorzitter"}
    beheer = ("/beheer/oproepen/zorgzame-buurten/", "Naar de oproep")
    assert koppen() == {("/mijn-werk/", "Naar Mijn werk") if naar_werk else beheer}
    alles_klopt()


def test_nobody_is_told_of_a_task_that_she_gave_herself_or_cannot_take_up(wereld):
    wereld.stan.is_active = False
    wereld.stan.save()
    with geschiedenis() as nieuw:
        geef_taak(wereld.oproep, gebruiker=wereld.beheer, rol="auditor", door=wereld.beheer)
        geef_taak(wereld.oproep, gebruiker=wereld.stan, rol="auditor", door=wereld.beheer)
    assert (len(nieuw.feiten), nieuw.mails) == (2, [])


def test_giving_a_task_for_a_track_and_then_for_the_call(wereld):
    with geschiedenis() as nieuw:
        geef_taak(wereld.oproep, gebruiker=wereld.stan, rol="jurylid", luik=wereld.luik, door=wereld.beheer)
        geef_taak(wereld.oproep, gebruiker=wereld.stan, rol="jurylid", door=wereld.beheer)
    assert list(Taak.objects.filter(gebruiker=wereld.stan).order_by("pk").values_list("luik__slug", flat=True)) == [
        "vlaanderen",
        None,
    ]
    inhoud = {"gebruiker": wereld.stan.pk, "rol": "jurylid"}
    assert nieuw.feiten == [
        feit(wereld.oproep, "oproep.geef_taak", wereld.beheer, inhoud={**inhoud, "luik": "vlaanderen"}),
        feit(wereld.oproep, "oproep.geef_taak", wereld.beheer, inhoud={**inhoud, "luik": None}),
    ]
    assert [tekst.split("\n")[1] for _, _, tekst in nieuw.mails] == [
        "Voor: Zorgzame buurten, luik Vlaanderen.",
        "Voor: Zorgzame buurten.",
    ]


@pytest.mark.parametrize("van_luik", [True, False])
def test_giving_the_same_task_twice_makes_one_task(wereld, van_luik):
    luik = wereld.luik if van_luik else None
    eerste = geef_taak(wereld.oproep, gebruiker=wereld.stan, rol="auditor", luik=luik, door=wereld.beheer)
    with geschiedenis() as nieuw:
        tweede = geef_taak(wereld.oproep, gebruiker=wereld.stan, rol="auditor", luik=luik, door=wereld.beheer)
    assert eerste == tweede
    assert Taak.objects.filter(gebruiker=wereld.stan).count() == 1
    assert (len(nieuw.feiten), nieuw.mails) == (1, [])


@pytest.mark.parametrize("rol", ["minister", "", "Jurylid"])
def test_giving_an_unknown_role_is_refused(wereld, rol):
    with weigert("onbekende_rol", "Kies een rol uit de lijst.", "rol"):
        geef_taak(wereld.oproep, gebruiker=wereld.stan, rol=rol, door=wereld.beheer)


def test_giving_a_task_for_a_track_of_another_call_is_refused(wereld):
    systeem = Gebruiker.objects.systeem()
    ander = laden.maak_oproep_op(systeem, gegevens=oproepgegevens(slug="ander", code="AN"), door=systeem)
    with weigert("ander_luik", "Dit luik hoort niet bij deze oproep.", "luik"):
        geef_taak(ander, gebruiker=wereld.stan, rol="behandelaar", luik=wereld.luik, door=wereld.beheer)


def test_starting_the_judging(wereld):
    bouw.sluit(wereld)
    with geschiedenis() as nieuw:
        start_beoordeling(wereld.ronde, door=wereld.bea)
    assert Ronde.objects.get(pk=wereld.ronde.pk).status == "in_beoordeling"
    assert nieuw.feiten == [feit(wereld.ronde, "ronde.start_beoordeling", wereld.bea, "gesloten", "in_beoordeling")]
    assert nieuw.mails == []
    alles_klopt()


def test_starting_the_judging_of_an_open_round_is_refused(wereld):
    with weigert("verkeerde_status", "Dit kan niet: de ronde heeft de status 'gepland'."):
        start_beoordeling(wereld.ronde, door=wereld.bea)


def test_starting_the_judging_twice_is_refused(wereld):
    bouw.sluit(wereld)
    start_beoordeling(wereld.ronde, door=wereld.bea)
    bouw.vers(wereld)
    with weigert("verkeerde_status", zin_status(wereld.ronde)):
        start_beoordeling(wereld.ronde, door=wereld.bea)


MICRO = timedelta(microseconds=1)


def test_a_round_is_open_from_its_opening_until_just_before_its_deadline(wereld):
    opening = klok.brussel(2021, 6, 11)
    gevallen = {
        opening - MICRO: False,
        opening: True,
        bouw.OPEN: True,
        bouw.DEADLINE - MICRO: True,
        bouw.DEADLINE: False,
        bouw.DEADLINE + timedelta(days=365): False,
    }
    assert {op: wereld.ronde.is_open(op) for op in gevallen} == gevallen
    assert {op.astimezone(UTC): wereld.ronde.is_open(op.astimezone(UTC)) for op in gevallen} == gevallen


def test_a_round_of_a_call_that_is_not_published_is_never_open(voorgelegd):
    ronde = Ronde.objects.select_related("luik__oproep").get(pk=voorgelegd.ronde.pk)
    assert not ronde.is_open(bouw.OPEN)
    publiceer(voorgelegd.oproep, door=voorgelegd.bart)
    assert Ronde.objects.get(pk=ronde.pk).is_open(bouw.OPEN)


def test_deadlines_on_both_sides_of_the_hour_when_the_clocks_change(db):
    """On 31 October 2021 the hour from 2 to 3 came twice; the deadline is the second time that it is half past two."""
    systeem = Gebruiker.objects.systeem()
    gegevens = oproepgegevens(slug="uur", code="UR")
    gegevens["rondes"][0]["sluit"] = "2021-10-31T02:30:00+01:00"
    oproep = laden.maak_oproep_op(systeem, gegevens=gegevens, door=systeem)
    for wie, rol in (("bea", "behandelaar"), ("bart", "budgethouder")):
        geef_taak(oproep, gebruiker=bouw.mens(wie), rol=rol, door=systeem)
    leg_oproep_voor(oproep, door=Gebruiker.objects.get(voornaam="Bea"))
    publiceer(oproep, door=Gebruiker.objects.get(voornaam="Bart"))
    ronde = Ronde.objects.filter(luik__oproep=oproep).first()
    eerste = klok.brussel(2021, 10, 31, 2, 30)
    assert ronde.sluit_op - eerste == timedelta(hours=1)
    assert ronde.is_open(eerste)
    assert ronde.is_open(eerste.replace(fold=1) - MICRO)
    assert ronde.is_open((eerste + timedelta(minutes=29)).astimezone(UTC))
    assert not ronde.is_open(eerste.replace(fold=1).astimezone(UTC))


def test_a_round_may_be_closed_two_minutes_after_its_deadline_and_not_before(wereld):
    assert wereld.ronde.sluitbaar_vanaf == bouw.DEADLINE + timedelta(seconds=120)
    with klok.op(wereld.ronde.sluitbaar_vanaf - MICRO):
        assert reden_tegen(wereld.ronde, "sluit") == "De ronde is nog open, of er kunnen nog dossiers onderweg zijn."
    with klok.op(wereld.ronde.sluitbaar_vanaf):
        assert reden_tegen(wereld.ronde, "sluit") is None
        assert sluit_ronde(wereld.ronde, door=wereld.bea).status == "gesloten"


def test_everybody_sees_published_calls_only(wereld, django_assert_num_queries):
    systeem = Gebruiker.objects.systeem()
    laden.maak_oproep_op(systeem, gegevens=oproepgegevens(slug="ander", code="AN"), door=systeem)
    with django_assert_num_queries(4):
        (oproep,) = queries.openbare_oproepen()
        assert [ronde.luik.slug for ronde in queries.open_rondes(oproep)] == ["vlaanderen", "brussel"]
    assert oproep == wereld.oproep
    assert queries.open_rondes(oproep, bouw.DEADLINE) == []
    assert queries.open_rondes(oproep, klok.brussel(2021, 6, 10)) == []
    luiken = queries.luiken_van(Oproep.objects.filter(pk=oproep.pk))
    assert [(luik.oproep, luik.slug) for luik in luiken] == [(oproep, "brussel"), (oproep, "vlaanderen")]


def test_the_newest_form_version_of_the_call_itself_counts(wereld):
    systeem = Gebruiker.objects.systeem()
    laden.maak_oproep_op(systeem, gegevens=oproepgegevens(slug="ander", code="AN"), door=systeem)
    assert queries.geldend_formulier(wereld.oproep) == Formulierversie.objects.get(oproep=wereld.oproep, nummer=1)
    tweede = Formulierversie.objects.create(oproep=wereld.oproep, nummer=2)
    Vraag.objects.create(versie=tweede, sleutel="nieuw", volgorde=1, soort="kort", label="Nieuw?")
    assert queries.geldend_formulier(wereld.oproep) == tweede
