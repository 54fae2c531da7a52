"""Commitments that end before they are paid: cancelled in part, given up, stopped; in their own year and later."""

from datetime import date

import pytest

from betalingen import grootboek, services
from betalingen.models import Begrotingsjaar, Betaling, Journaalregel
from dossiers.models import Dossier
from kern import klok
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert, zin_status
from tests.proef import cijfers, krediet, zet_krediet

pytestmark = pytest.mark.django_db
K = 1_000_00
LATER = klok.brussel(2023, 3, 6, 10)


@pytest.fixture
def w(wereld):
    """One award of 100.000 euro in 2022, notified; instalments of 50, 40 and 10 percent."""
    bouw.kennisgegeven(wereld)
    return wereld


def dossier():
    return bouw.opnieuw(Dossier.objects.get())


def annuleer(w, cent, reden="Lagere kosten", wie="bart"):
    services.annuleer_vastlegging(dossier(), bedrag_cent=cent, reden=reden, door=w.mensen[wie])


def schijven():
    return list(Betaling.objects.order_by("schijf__volgorde").values_list("bedrag_cent", "status"))


def laatste_regels(aantal):
    velden = ("soort", "bedrag_cent", "krediet__jaar", "feitdatum")
    return list(Journaalregel.objects.order_by("-pk").values_list(*velden)[:aantal])


def betaal_eerste(w):
    betaling = Betaling.objects.order_by("schijf__volgorde").first()
    services.stel_betaling_op(betaling, door=w.bea)
    services.keur_betaling_goed(betaling, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[betaling.pk], door=w.bo)


def test_in_the_same_year_the_money_is_available_again(w):
    with geschiedenis() as nieuw:
        annuleer(w, 30 * K, " Lagere kosten ")
    d = dossier()
    saldo, jaar2 = Betaling.objects.order_by("-schijf__volgorde")[:2]
    assert nieuw.feiten == [
        feit(d, "dossier.annuleer_vastlegging", w.bart, inhoud={"bedrag_cent": 30 * K, "reden": "Lagere kosten"}),
        feit(saldo, "dossier.annuleer_vastlegging", w.bart, "gepland", "vervallen"),
        feit(jaar2, "dossier.annuleer_vastlegging", w.bart, inhoud={"bedrag_cent": 20 * K}),
    ]
    assert schijven() == [(50 * K, "gepland"), (20 * K, "gepland"), (10 * K, "vervallen")]
    assert laatste_regels(1) == [("annulering", -30 * K, 2022, date(2022, 2, 1))]
    for onderwerp in (w.oproep, w.luik, w.ronde, d, krediet(2022)):
        assert cijfers(onderwerp) == {"vastgelegd": 70 * K}
    assert grootboek.stand_van(w.oproep).beschikbaar_cent == 13_500 * K - 70 * K
    assert (d.status, d.toegekend_cent) == ("in_uitvoering", 100 * K)
    alles_klopt()


def test_in_a_later_year_the_encours_falls_and_nothing_becomes_available(w):
    klok.zet(LATER)
    annuleer(w, 30 * K)
    assert laatste_regels(1) == [("annulering", -30 * K, 2022, date(2023, 3, 6))]
    for onderwerp in (w.oproep, w.luik, w.ronde, dossier(), krediet(2022)):
        assert cijfers(onderwerp) == {"vastgelegd": 70 * K, "vervallen": 30 * K}
    assert cijfers(krediet(2023)) == {}
    stand = grootboek.stand_van(w.oproep)
    assert (stand.encours_cent, stand.beschikbaar_cent) == (70 * K, 13_400 * K)
    alles_klopt()


def test_lapsed_money_is_never_committed_again(w):
    klok.zet(LATER)
    annuleer(w, 30 * K)
    with weigert("limiet_te_laag", "Er is al 100.000,00 euro gereserveerd of vastgelegd; lager kan niet.", "limiet"):
        services.stel_budget_in(w.oproep, budget_cent=100 * K - 1, per_luik={}, door=w.bart)


def test_only_what_was_not_charged_can_be_cancelled(w):
    betaal_eerste(w)
    zin = "Op dit dossier staat nog 50.000,00 euro open; meer kan niet geannuleerd worden."
    with weigert("boven_encours", zin, "bedrag"):
        annuleer(w, 50 * K + 1)
    annuleer(w, 50 * K)
    assert schijven() == [(50 * K, "verstuurd"), (40 * K, "vervallen"), (10 * K, "vervallen")]
    assert cijfers(dossier()) == {"vastgelegd": 50 * K, "vereffend": 50 * K}
    niets = "Op dit dossier staat nog 0,00 euro open; meer kan niet geannuleerd worden."
    with weigert("boven_encours", niets, "bedrag"):
        annuleer(w, 1)
    alles_klopt()


def test_a_payment_under_way_is_sent_back_first(w):
    eerste = Betaling.objects.order_by("schijf__volgorde").first()
    services.stel_betaling_op(eerste, door=w.bea)
    zin = "Er liggen betalingen van dit dossier ter controle of klaar om te versturen. Stuur die eerst terug."
    with weigert("betalingen_onderweg", zin):
        annuleer(w, 50 * K + 1)
    services.keur_betaling_goed(eerste, door=w.bart)
    with weigert("betalingen_onderweg", zin):
        annuleer(w, 50 * K + 1)
    services.stuur_betaling_terug(eerste, reden="Project stopt", door=w.bart)
    annuleer(w, 50 * K + 1)
    assert schijven() == [(50 * K - 1, "gepland"), (40 * K, "vervallen"), (10 * K, "vervallen")]
    alles_klopt()


@pytest.mark.parametrize("cent", [0, -1, -30 * K])
def test_an_amount_of_nothing_is_refused(w, cent):
    with weigert("bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag"):
        annuleer(w, cent)


@pytest.mark.parametrize("reden", ["", " \n"])
def test_every_end_needs_a_reason(w, reden):
    with weigert("reden_ontbreekt", "Schrijf waarom u de vastlegging annuleert.", "reden"):
        annuleer(w, K, reden)
    with weigert("reden_ontbreekt", "Schrijf waarom uw organisatie aan de subsidie verzaakt.", "reden"):
        services.verzaak(dossier(), reden=reden, door=w.an)
    with weigert("reden_ontbreekt", "Schrijf waarom het project stopt; de aanvrager leest dit.", "reden"):
        services.zet_stop(dossier(), reden=reden, door=w.bart)


def test_who_may_end_a_commitment(w):
    medewerker = bouw.mens("mel")
    bouw.Lidmaatschap.objects.create(
        organisatie=w.aartselaar, gebruiker=medewerker, rol="medewerker", sinds=date(2021, 1, 1)
    )
    mensen = {**w.mensen, "mel": medewerker}
    d = dossier()
    eis_alleen(mensen, {"bart"}, lambda wie: services.annuleer_vastlegging(d, bedrag_cent=K, reden="Minder", door=wie))
    eis_alleen(mensen, {"bart"}, lambda wie: services.zet_stop(d, reden="Niet gestart", door=wie))
    eis_alleen(mensen, {"an"}, lambda wie: services.verzaak(d, reden="Geen tijd", door=wie))


@pytest.mark.parametrize(
    ("daad", "wie", "status", "zin"),
    [
        (services.verzaak, "an", "verzaakt", "Het dossier is verzaakt; er wordt niets meer op betaald."),
        (services.zet_stop, "bart", "stopgezet", "Het dossier is stopgezet; er wordt niets meer op betaald."),
    ],
)
def test_an_ended_project_frees_what_was_not_charged_and_is_not_paid_any_more(w, daad, wie, status, zin):
    betaal_eerste(w)
    d = dossier()
    naam = "dossier.verzaak" if status == "verzaakt" else "dossier.zet_stop"
    with geschiedenis() as nieuw:
        daad(d, reden="Geen buurtwerker", door=w.mensen[wie])
    assert nieuw.feiten[0] == feit(
        d, naam, w.mensen[wie], "in_uitvoering", status, {"reden": "Geen buurtwerker", "geannuleerd_cent": 50 * K}
    )
    assert dossier().status == status
    assert schijven() == [(50 * K, "verstuurd"), (40 * K, "vervallen"), (10 * K, "vervallen")]
    assert cijfers(dossier()) == {"vastgelegd": 50 * K, "vereffend": 50 * K}
    with weigert("verkeerde_status", zin_status(dossier())):
        daad(d, reden="Nog eens", door=w.mensen[wie])
    alles_klopt()
    verstuurd = Betaling.objects.get(status="verstuurd")
    services.meld_uitbetaald(verstuurd, datum=klok.vandaag(), door=w.bo)
    assert grootboek.stand_van(d).uitbetaald_cent == 50 * K
    betaling = Betaling.objects.filter(status="vervallen").first()
    with weigert("verkeerde_status", "Dit kan niet: de betaling heeft de status 'vervallen'."):
        services.stel_betaling_op(betaling, door=w.bea)
    # Not even what would still be planned.
    Betaling.objects.filter(pk=betaling.pk).update(status="gepland")
    with weigert("dossier_gestopt", zin):
        services.stel_betaling_op(betaling, door=w.bea)


def test_who_is_told_that_a_project_ends(w):
    d = dossier()
    with geschiedenis() as nieuw:
        services.verzaak(d, reden="Geen tijd", door=w.an)
    assert nieuw.mails == [
        (
            "bea@voorbeeld.test",
            f"Dossier {d.nummer}: de aanvrager verzaakt",
            "Aartselaar verzaakt aan de subsidie van dit dossier.\n\nReden: Geen tijd",
        )
    ]


def test_the_applicant_is_told_why_her_project_is_stopped(w):
    d = dossier()
    with geschiedenis() as nieuw:
        services.zet_stop(d, reden="Het project startte niet.", door=w.bart)
    assert nieuw.mails == [
        (
            "an@voorbeeld.test",
            f"Dossier {d.nummer} is stopgezet",
            f"Wij zetten het project van dossier {d.nummer} stop.\n\nReden: Het project startte niet.",
        )
    ]


def test_before_the_notification_nobody_gives_up(wereld):
    bouw.beslist(wereld)
    with weigert("verkeerde_status", "Dit kan niet: het dossier heeft de status 'toegekend'."):
        services.verzaak(dossier(), reden="Geen tijd", door=wereld.an)


def test_in_a_closed_year_nothing_is_cancelled(w):
    klok.zet(klok.brussel(2024, 1, 5))
    for jaar in (2022, 2023):
        sluit_begrotingsjaar_af(jaar, door=w.beheer)
    klok.zet(klok.brussel(2023, 12, 31, 23, 59))
    with weigert("jaar_afgesloten", "Het begrotingsjaar 2023 is afgesloten; er kan niets op geboekt worden."):
        annuleer(w, K)
    klok.zet(klok.brussel(2024, 1, 5))
    annuleer(w, K)  # a commitment of a closed year, cancelled in an open one
    assert laatste_regels(1) == [("annulering", -K, 2022, date(2024, 1, 5))]
    assert Begrotingsjaar.objects.filter(status="afgesloten").count() == 2
    zet_krediet(w, 2024, 0, 0)
    alles_klopt()
