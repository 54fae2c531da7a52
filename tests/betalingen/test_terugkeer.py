"""Payments that come back from the bank, the account they go to next, and that nothing is charged twice."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from betalingen import queries, services
from betalingen.bank import pain
from betalingen.models import Betaalopdracht, Betaling, Journaalregel
from betalingen.services.terugkeer import meld_geweigerd, wijzig_rekening
from dossiers.models import Dossier
from kern import ketens, klok
from oproepen.models import Oproep, Taak
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.betalingen.bank.afschrift import iban
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert, zin_status
from tests.portaal.pagina import keur
from tests.proef import cijfers, geef_rol, krediet, tweede_oproep, zet_krediet

pytestmark = pytest.mark.django_db

K = 1_000_00
VANDAAG = bouw.BESLIST.date()
REDEN = "Rekening gesloten (AC04)"
NIEUW = iban(9)


@pytest.fixture
def w(wereld):
    """One award of 100.000 euro, of which the first instalment of 50.000 euro left."""
    bouw.verstuurde_betaling(wereld)
    return wereld


def betaling():
    return Betaling.objects.get(schijf__volgorde=1)


def meld(w, rij=None, *, datum=VANDAAG, reden=REDEN, door=None):
    return meld_geweigerd(rij or betaling(), datum=datum, reden=reden, door=door or w.bo)


def betaal(w, datum=VANDAAG):
    return services.meld_uitbetaald(betaling(), datum=datum, door=w.bo)


def wijzig(w, *, nummer=NIEUW, reden="Nieuwe bank", door=None):
    return wijzig_rekening(Dossier.objects.get(), iban=nummer, reden=reden, door=door or w.bea)


def opnieuw(w):
    """Approve and send again what came back."""
    services.keur_betaling_goed(betaling(), door=w.bart)
    return services.verstuur_betalingen(w.oproep, betalingen=[betaling().pk], door=w.bo)


def geboekt():
    rijen = Journaalregel.objects.filter(betaling=betaling()).order_by("pk")
    return list(rijen.values_list("soort", "bedrag_cent", "feitdatum", "krediet__jaar"))


def iedereen(w):
    ander = tweede_oproep(w)
    return w.mensen | {f"{naam}2": ander.mensen[naam] for naam in bouw.ROLLEN}


CHARGE = ("vereffening", 50 * K, VANDAAG, 2022)


# --- betaling.meld_geweigerd ---


def test_a_refused_payment_goes_back_to_the_check_and_stays_charged(w):
    opdracht = Betaalopdracht.objects.get()
    with geschiedenis() as nieuw:
        meld(w, reden=f" {REDEN} ")
    rij = betaling()
    assert (rij.status, rij.opdracht, rij.goedgekeurd_door, rij.uitbetaald_op) == ("te_controleren", None, None, None)
    inhoud = {"opdracht": opdracht.nummer, "iban": bouw.IBAN, "datum": "2022-02-01", "reden": REDEN}
    assert nieuw.feiten == [feit(rij, "betaling.meld_geweigerd", w.bo, "verstuurd", "te_controleren", inhoud)]
    assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
        ("an@voorbeeld.test", f"Betaling voor dossier {rij.dossier.nummer} niet gelukt")
    ]
    assert f"Reden: {REDEN}" in nieuw.mails[0][2]
    assert geboekt() == [CHARGE]
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "vereffend": 50 * K}
    assert queries.opdracht_status(queries.opdrachten().get()) == ("afgehandeld", "Afgehandeld, niet alles uitbetaald")
    alles_klopt()


def test_a_returned_payment_is_not_paid_any_more(w):
    betaal(w)
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    meld(w)
    assert geboekt() == [
        CHARGE,
        ("uitbetaling", 50 * K, VANDAAG, 2022),
        ("uitbetaling", -50 * K, VANDAAG, 2022),
    ]
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "vereffend": 50 * K}
    assert betaling().uitbetaald_op is None
    alles_klopt()


def test_a_return_in_the_next_year_lowers_what_was_paid_on_the_credit_of_the_first(w):
    betaal(w)
    with klok.op(klok.brussel(2023, 1, 10)):
        meld(w, datum=klok.vandaag())
        assert geboekt()[-1] == ("uitbetaling", -50 * K, klok.vandaag(), 2022)
    assert cijfers(krediet(2022)) == {"vastgelegd": 100 * K, "vereffend": 50 * K}
    assert cijfers(krediet(2023)) == {}
    alles_klopt()


def test_sent_again_it_is_not_charged_again(w):
    eerste = Betaalopdracht.objects.get()
    betaal(w)
    meld(w)
    # No payment credit is left: a second charge would be refused.
    zet_krediet(w, 2022, 200 * K, 50 * K)
    tweede = opnieuw(w)
    assert [regel[:2] for regel in geboekt()] == [
        ("vereffening", 50 * K),
        ("uitbetaling", 50 * K),
        ("uitbetaling", -50 * K),
    ]
    with geschiedenis() as nieuw:
        betaal(w)
    assert [onderwerp for _, onderwerp, _ in nieuw.mails] == [f"Betaling voor dossier {betaling().dossier.nummer}"]
    assert cijfers(w.oproep) == {"vastgelegd": 100 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    standen = {rij.pk: queries.opdracht_status(rij)[0] for rij in queries.opdrachten()}
    assert standen == {eerste.pk: "afgehandeld", tweede.pk: "uitbetaald"}
    alles_klopt()


def test_sent_again_in_a_year_without_credit_it_needs_none(w):
    meld(w)
    with klok.op(klok.brussel(2030, 1, 5)):
        opnieuw(w)
    assert geboekt() == [CHARGE]
    alles_klopt()


def test_the_file_of_the_first_order_stays_what_it_was(w):
    eerste = Betaalopdracht.objects.get()
    services.stel_rekening_in(
        w.beheer,
        verstrekker=w.oproep.verstrekker,
        opdrachtgever=pain.Opdrachtgever("Vlaamse overheid", iban(0)),
        door=w.beheer,
    )
    bestand = services.geef_betaalbestand(eerste, door=w.bo)
    meld(w)
    wijzig(w)
    opnieuw(w)
    weer = services.geef_betaalbestand(eerste, opnieuw="Archief", door=w.bo)
    assert weer.inhoud == bestand.inhoud
    alles_klopt()


def test_only_the_accountant_of_the_track_reports_it(w):
    eis_alleen(iedereen(w), {"bo"}, lambda wie: meld(w, door=wie))


def test_only_what_left_comes_back_and_once(wereld):
    bouw.kennisgegeven(wereld)
    rij = betaling()
    for daad in (
        lambda: services.stel_betaling_op(rij, door=wereld.bea),
        lambda: services.keur_betaling_goed(rij, door=wereld.bart),
        None,
    ):
        with weigert("verkeerde_status", zin_status(betaling())):
            meld(wereld)
        if daad:
            daad()
    services.verstuur_betalingen(wereld.oproep, betalingen=[rij.pk], door=wereld.bo)
    oud = betaling()
    meld(wereld)
    with weigert("verkeerde_status", zin_status(betaling())):
        meld(wereld, oud)


def test_a_page_of_before_the_payment_reports_its_return_all_the_same(w):
    oud = betaling()
    betaal(w)
    meld(w, oud)
    assert geboekt()[-1] == ("uitbetaling", -50 * K, VANDAAG, 2022)
    alles_klopt()


def test_a_return_needs_a_reason_and_a_possible_day(w):
    for leeg in ("", " \n"):
        with weigert("reden_ontbreekt", "Schrijf welke reden de bank geeft.", "reden"):
            meld(w, reden=leeg)
    with weigert("datum_onmogelijk", "De datum ligt in de toekomst.", "datum"):
        meld(w, datum=VANDAAG + timedelta(days=1))
    with weigert("datum_onmogelijk", "De datum ligt vóór de betaling.", "datum"):
        meld(w, datum=VANDAAG - timedelta(days=1))
    klok.zet(bouw.BESLIST + timedelta(days=9))
    betaal(w, VANDAAG + timedelta(days=5))
    with weigert("datum_onmogelijk", "De datum ligt vóór de betaling.", "datum"):
        meld(w, datum=VANDAAG + timedelta(days=4))


def test_nothing_comes_back_in_a_closed_year(w):
    betaal(w)
    with klok.op(klok.brussel(2024, 1, 5)):
        for jaar in (2022, 2023):
            sluit_begrotingsjaar_af(jaar, door=w.beheer)
        zin = "Het begrotingsjaar 2023 is afgesloten; er kan niets op geboekt worden."
        with weigert("jaar_afgesloten", zin):
            meld(w, datum=klok.brussel(2023, 6, 1).date())


def test_cancelling_leaves_what_was_charged_and_came_back(w):
    meld(w)
    services.stuur_betaling_terug(betaling(), reden="Wacht op rekening", door=w.bart)
    services.annuleer_vastlegging(Dossier.objects.get(), bedrag_cent=50 * K, reden="Minder nodig", door=w.bart)
    standen = Betaling.objects.order_by("schijf__volgorde").values_list("status", "bedrag_cent")
    assert list(standen) == [("gepland", 50 * K), ("vervallen", 40 * K), ("vervallen", 10 * K)]
    with weigert(
        "boven_encours", "Op dit dossier staat nog 0,00 euro open; meer kan niet geannuleerd worden.", "bedrag"
    ):
        services.annuleer_vastlegging(Dossier.objects.get(), bedrag_cent=1, reden="Nog", door=w.bart)
    alles_klopt()


# --- dossier.wijzig_rekening ---


def test_another_account_is_for_everything_that_is_not_approved(w):
    meld(w)
    dossier = Dossier.objects.get()
    rijen = list(Betaling.objects.order_by("pk"))
    with geschiedenis() as nieuw:
        wijzig(w, nummer=f" {NIEUW.lower()} ")
    inhoud = {"van": bouw.IBAN, "naar": NIEUW, "reden": "Nieuwe bank"}
    assert nieuw.feiten == [
        feit(dossier, "dossier.wijzig_rekening", w.bea, inhoud=inhoud),
        *(feit(rij, "dossier.wijzig_rekening", w.bea, inhoud={"iban": NIEUW}) for rij in rijen),
    ]
    assert [(aan, onderwerp) for aan, onderwerp, _ in nieuw.mails] == [
        ("an@voorbeeld.test", f"Dossier {dossier.nummer}: andere rekening")
    ]
    assert list(Betaling.objects.order_by("pk").values_list("iban", "opgesteld_door", "rekening_door")) == [
        (NIEUW, w.bea.pk, w.bea.pk),
        (NIEUW, None, w.bea.pk),
        (NIEUW, None, w.bea.pk),
    ]
    assert opnieuw(w).regels.get().iban == NIEUW
    alles_klopt()


def test_what_left_keeps_its_account_until_it_comes_back(w):
    wijzig(w)
    assert betaling().iban == bouw.IBAN
    with weigert("zelfde_rekening", "Dit is al de rekening van het dossier.", "iban"):
        wijzig(w)
    meld(w)
    assert betaling().iban == NIEUW
    feiten = ketens.gebeurtenissen_van(betaling())
    assert json.loads(bytes(feiten.last().bewaarde_inhoud.inhoud))["iban"] == bouw.IBAN


def test_an_approved_payment_has_a_fixed_account(w):
    meld(w)
    services.keur_betaling_goed(betaling(), door=w.bart)
    zin = "Een betaling van dit dossier is goedgekeurd; haar rekening ligt vast. Laat ze eerst terugsturen."
    with weigert("rekening_vast", zin):
        wijzig(w)
    services.stuur_betaling_terug(betaling(), reden="Andere rekening", door=w.bart)
    wijzig(w)
    assert betaling().iban == NIEUW


def test_a_payment_to_another_account_than_that_of_the_dossier_is_not_approved_or_sent(w):
    meld(w)
    zin = "Het rekeningnummer van de betaling is een ander dan dat van het dossier."
    Betaling.objects.filter(pk=betaling().pk).update(iban=NIEUW)
    with weigert("andere_rekening", zin):
        services.keur_betaling_goed(betaling(), door=w.bart)
    Betaling.objects.filter(pk=betaling().pk).update(iban=bouw.IBAN)
    services.keur_betaling_goed(betaling(), door=w.bart)
    Betaling.objects.filter(pk=betaling().pk).update(iban=NIEUW)
    with weigert("andere_rekening", zin):
        services.verstuur_betalingen(w.oproep, betalingen=[betaling().pk], door=w.bo)


REKENING = "Een betaling wordt gecontroleerd door een andere persoon dan wie haar rekening wijzigde."


def test_who_changed_the_account_does_not_approve_it(w):
    geef_rol(w, "stan", Taak.Rol.BUDGETHOUDER)
    geef_rol(w, "stan", Taak.Rol.BEHANDELAAR)
    meld(w)
    wijzig(w, door=w.stan)
    assert (betaling().opgesteld_door, betaling().rekening_door) == (w.bea, w.stan)
    with weigert("zelfde_persoon", REKENING):
        services.keur_betaling_goed(betaling(), door=w.stan)
    p = keur(client_van(w.stan).get(reverse("betaling", args=[betaling().pk])))
    assert REKENING in p.tekst and "gewijzigd door Stan Proef" in p.tekst
    services.keur_betaling_goed(betaling(), door=w.bart)


def test_who_changed_the_account_of_a_planned_payment_approves_it_neither_first_nor_second(w):
    Oproep.objects.filter(pk=w.oproep.pk).update(tweede_goedkeuring_vanaf_cent=40 * K)
    for rol in (Taak.Rol.BUDGETHOUDER, Taak.Rol.BEHANDELAAR):
        geef_rol(w, "stan", rol)
    meld(w)
    services.stuur_betaling_terug(betaling(), reden="Andere rekening", door=w.bart)
    wijzig(w, door=w.stan)
    services.stel_betaling_op(betaling(), door=w.bea)
    assert (betaling().opgesteld_door, betaling().rekening_door) == (w.bea, w.stan)
    with weigert("zelfde_persoon", REKENING):
        services.keur_betaling_goed(betaling(), door=w.stan)
    services.keur_betaling_goed(betaling(), door=w.bart)
    with weigert("zelfde_persoon", REKENING):
        services.keur_betaling_goed(betaling(), door=w.stan)
    with pytest.raises(IntegrityError, match="betaling_tweede_wijzigde_rekening_niet"), transaction.atomic():
        Betaling.objects.filter(pk=betaling().pk).update(tweede_goedgekeurd_door=w.stan)
    with pytest.raises(IntegrityError, match="betaling_keurder_is_een_ander"), transaction.atomic():
        Betaling.objects.filter(pk=betaling().pk).update(goedgekeurd_door=w.stan)


def test_who_changed_the_account_while_the_money_was_away_does_not_approve_it_when_it_is_back(w):
    for rol in (Taak.Rol.BUDGETHOUDER, Taak.Rol.BEHANDELAAR):
        geef_rol(w, "stan", rol)
    wijzig(w, door=w.stan)
    assert betaling().rekening_door is None
    meld(w)
    assert (betaling().iban, betaling().rekening_door) == (NIEUW, w.stan)
    with weigert("zelfde_persoon", REKENING):
        services.keur_betaling_goed(betaling(), door=w.stan)


def test_only_the_handler_of_the_track_changes_the_account(w):
    eis_alleen(iedereen(w), {"bea"}, lambda wie: wijzig(w, door=wie))


def test_a_wrong_account_or_no_reason_changes_nothing(w):
    slecht = "Dit is geen geldig rekeningnummer. Schrijf het als BE68 5390 0754 7034."
    for nummer in ("", "BE00", "x"):
        with weigert("iban_ongeldig", slecht, "iban"):
            wijzig(w, nummer=nummer)
    buiten = "BR1800360305000010009795493C1"
    zin = f"Dossier {Dossier.objects.get().nummer}: rekening {buiten} ligt buiten het SEPA-gebied en kan niet met dit "
    with weigert("iban_buiten_sepa", zin + "bestand betaald worden.", "iban"):
        wijzig(w, nummer=buiten)
    with weigert("reden_ontbreekt", "Schrijf waarom de rekening wijzigt.", "reden"):
        wijzig(w, reden="  ")


def test_without_an_award_there_is_no_account_to_change(wereld):
    dossier = bouw.ontvankelijk(wereld)[0]
    with weigert("geen_toekenning", "Dit dossier heeft geen toekenning; er wordt niets op betaald."):
        wijzig_rekening(dossier, iban=NIEUW, reden="Nieuw", door=wereld.bea)


# --- the pages ---


def client_van(wie):
    client = Client()
    client.force_login(wie)
    return client


def test_the_round_on_the_pages(w):
    adres = reverse("betaling", args=[betaling().pk])
    bo, bea, bart = (client_van(wie) for wie in (w.bo, w.bea, w.bart))
    p = keur(
        bo.post(
            reverse("betaling_geweigerd", args=[betaling().pk]),
            {"geweigerd-datum": "2022-02-01", "geweigerd-reden": ""},
        )
    )
    assert p.fouten("geweigerd-reden") == ["Dit veld is verplicht."]
    antwoord = bo.post(
        reverse("betaling_geweigerd", args=[betaling().pk]),
        {"geweigerd-datum": "2022-02-01", "geweigerd-reden": REDEN},
        follow=True,
    )
    assert keur(antwoord).meldingen == [
        ("success", "De betaling ligt weer klaar voor controle. De aanvrager krijgt bericht.")
    ]
    weer = bo.post(
        reverse("betaling_geweigerd", args=[betaling().pk]), {"geweigerd-datum": "2022-02-01", "geweigerd-reden": "x"}
    )
    assert (weer.status_code, zin_status(betaling()) in keur(weer).tekst) == (422, True)
    tekst = keur(bart.get(adres)).tekst
    assert "Dit is niet betaald." in tekst and REDEN in tekst
    p = keur(
        bea.post(
            reverse("betaling_rekening", args=[betaling().pk]), {"rekening-iban": "BE00", "rekening-reden": "Nieuw"}
        )
    )
    assert p.fouten("rekening-iban") == ["Dit is geen geldig rekeningnummer. Schrijf het als BE68 5390 0754 7034."]
    antwoord = bea.post(
        reverse("betaling_rekening", args=[betaling().pk]),
        {"rekening-iban": NIEUW, "rekening-reden": "Nieuw"},
        follow=True,
    )
    assert keur(antwoord).meldingen == [("success", "De rekening is gewijzigd. De aanvrager krijgt bericht.")]
    assert betaling().iban == NIEUW
