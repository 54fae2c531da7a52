"""Books elsewhere, each act through its family; and what was never charged, is not charged."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from betalingen import queries, services
from betalingen.models import Betaalaanvraag, Betaling, Buitenfeit, Journaalregel, Vastleggingsnummer
from betalingen.queries.buitenfeiten import Feit
from betalingen.queries.verschillen import verschillen
from dossiers.models import Dossier
from kern import klok
from organisaties.models import Gebruiker
from tests import bouw
from tests.betalingen import elders
from tests.betalingen.elders import DAG, K, betaling, dossier, neem_op, referentie, vereffen
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert
from tests.proef import cijfers, krediet, tweede_oproep, zet_krediet

WACHT_NIET = "Deze betaling wacht niet op een vereffening van de boekhouding."


@pytest.fixture
def w(wereld):
    """Two awards committed as V-1 and V-2, their first instalments of 50.000 euro sent."""
    return elders.verstuurd(wereld)


@pytest.fixture
def iedereen(w):
    """Everybody, also of another call of this granter, and of one of another granter."""
    zelfde = tweede_oproep(w)
    return w.mensen | {f"{naam}2": zelfde.mensen[naam] for naam in bouw.ROLLEN}


# The commitment.


def test_only_an_award_that_waits_is_committed(w):
    ander = tweede_oproep(w)
    with klok.op(bouw.OPEN):
        concept = bouw.concept(ander)
    zin = "Dit dossier heeft geen ondertekende toekenning die op een vastlegging wacht."
    with weigert("geen_recht"):
        services.registreer_vastlegging(concept, nummer="V-9", datum=DAG, door=w.bo)
    with weigert("niet_toegekend", zin):
        services.registreer_vastlegging(concept, nummer="V-9", datum=DAG, door=ander.bo)
    with weigert("al_vastgelegd", "De toekenning van dit dossier is al vastgelegd."):
        services.registreer_vastlegging(dossier(), nummer="V-9", datum=DAG, door=w.bo)


def test_the_number_of_the_request_holds_every_commitment_number():
    lengte = Vastleggingsnummer._meta.get_field("nummer").max_length
    assert Betaalaanvraag._meta.get_field("vastlegging").max_length == lengte


# The charge.


def test_only_the_accountant_of_the_call_reports_a_charge(w, iedereen):
    rij = betaling()
    velden = {"stuknummer": "ST-1", "datum": DAG}
    eis_alleen(iedereen, {"bo"}, lambda wie: services.meld_vereffend(rij, **velden, door=wie))


def test_a_charge_in_each_other_state(w):
    vereffen(w)
    with weigert("verkeerde_status", WACHT_NIET):
        services.meld_vereffend(betaling(1, 2), stuknummer="ST-1", datum=DAG, door=w.bo)  # planned
    services.meld_uitbetaald(betaling(), datum=DAG, door=w.bo)
    with weigert("verkeerde_status", WACHT_NIET):
        vereffen(w)
    services.meld_geweigerd(betaling(2), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    with weigert("verkeerde_status", WACHT_NIET):  # back at the check
        vereffen(w, 2)
    services.keur_betaling_goed(betaling(2), door=w.bart)
    with weigert("verkeerde_status", WACHT_NIET):
        vereffen(w, 2)
    services.stuur_betaling_terug(betaling(2), reden="Toch niet.", door=w.bart)
    services.zet_stop(dossier(2), reden="Het project startte niet.", door=w.bart)
    assert betaling(2).status == "vervallen"
    with weigert("verkeerde_status", WACHT_NIET):
        vereffen(w, 2)
    alles_klopt()


def test_a_charge_keeps_to_the_payment_credit_and_to_open_years(w):
    zet_krediet(w, 2022, 1_000 * K, 49 * K)
    zin = (
        "Dit gaat over het betaalkrediet 2022 van artikel WELZIJN-EENZAAMHEID: nog 49.000,00 euro vrij van 49.000,00 "
        "euro, gevraagd 50.000,00 euro."
    )
    with weigert("boven_betaalkrediet", zin):
        vereffen(w)
    zonder = "Voor begrotingsartikel WELZIJN-EENZAAMHEID is in 2031 geen krediet ingeschreven."
    with klok.op(klok.brussel(2031, 3, 10)), weigert("geen_krediet", zonder):
        vereffen(w, datum=DAG.replace(year=2031))
    with weigert("nummer_te_lang", "Dit nummer is langer dan 40 tekens.", "stuknummer"):
        vereffen(w, stuknummer="9" * 41)


# A fact of a file.


def test_only_an_accountant_takes_facts_in_and_for_herself(w, iedereen):
    gegeven = {"soort": "betaling", "cent": 50 * K, "referentie": "X-1"}
    eis_alleen(iedereen, {"bo", "bo2"}, lambda wie: neem_op(w, **gegeven, door=wie))
    with weigert("geen_recht"):
        neem_op(w, **gegeven, verstrekker="Gemeente Elders")
    gegeven = {"feit": Feit("betaling", "X", 1, DAG, referentie="X-1"), "verstrekker": w.oproep.verstrekker}
    with weigert("geen_recht"):
        services.neem_buitenfeit_op(w.bo, **gegeven, door=iedereen["bo2"])


def test_who_may_not_see_a_dossier_keeps_the_fact_without_it(w):
    bo2 = tweede_oproep(w).bo
    rij = neem_op(w, "vereffening", 50 * K, stuknummer="ST-1", referentie=referentie(), door=bo2)
    assert (rij.dossier, rij.betaling) == (None, None)
    assert cijfers(dossier()) == {"vastgelegd": 100 * K}
    zin = "Dit dossier is hier niet gekend; het staat alleen in de boekhouding."
    assert [(v.zin, v.hier_cent, v.dossier) for v in verschillen(bo2)] == [(zin, None, None)]


def test_a_dossier_of_another_granter_is_refused(w):
    ander = tweede_oproep(w, verstrekker="Gemeente Elders")
    with klok.op(bouw.OPEN):
        nummer = bouw.concept(ander).nummer
    bouw.oproepen.geef_taak(ander.oproep, gebruiker=w.bo, rol="boekhouder", door=Gebruiker.objects.systeem())
    with weigert("andere_verstrekker", "Dit dossier is van een andere verstrekker."):
        neem_op(w, "vastlegging", 1, vastleggingsnummer="V-9", dossier=nummer)


def test_a_charge_fact_leaves_its_two_events(w):
    with geschiedenis() as nieuw:
        rij = neem_op(w, "vereffening", 50 * K, stuknummer="ST-1", referentie=referentie())
    betaald = betaling()
    opname = {"kenmerk": rij.kenmerk, "versie": 1, "geboekt": True}
    inhoud = {"stuknummer": "ST-1", "datum": DAG.isoformat(), "bedrag_cent": 50 * K}
    naam = "buitenfeit.neem_op"
    assert nieuw.feiten == [
        feit(rij, naam, w.bo, inhoud=opname),
        feit(betaald, naam, w.bo, "verstuurd", "verstuurd", inhoud=inhoud),
    ]
    assert nieuw.mails == []
    regel = Journaalregel.objects.latest("pk")
    assert (regel.soort, regel.bedrag_cent, regel.betaling, regel.feitdatum) == ("vereffening", 50 * K, betaald, DAG)
    assert (rij.dossier, rij.betaling) == (dossier(), betaald)
    alles_klopt()


def test_a_payment_fact_waits_for_its_charge_and_then_asks_to_be_read_again(w):
    neem_op(w, "betaling", 50 * K, referentie=referentie())
    assert [v.zin for v in verschillen(w.bo) if v.daar_cent] == ["De vereffening van deze betaling is nog niet gemeld."]
    vereffen(w)
    zin = "Dit klopt nu, maar het is nog niet geboekt. Lees het opnieuw in."
    assert [v.zin for v in verschillen(w.bo) if v.daar_cent] == [zin]
    neem_op(w, "betaling", 50 * K, referentie=referentie())
    assert betaling().status == "uitbetaald"
    with weigert("al_opgenomen", "Dit feit is al opgenomen."):
        neem_op(w, "betaling", 50 * K, referentie=referentie())
    assert Buitenfeit.objects.filter(soort="betaling").count() == 1


# An explanation.


def test_a_difference_is_explained_by_the_accountant_of_its_granter(w):
    neem_op(w, "vereffening", 49 * K, stuknummer="ST-1", referentie=referentie())
    (verschil,) = [v for v in verschillen(w.bo) if v.daar_cent]
    ander = tweede_oproep(w, verstrekker="Gemeente Elders")
    velden = {"verstrekker": verschil.verstrekker, "sleutel": verschil.sleutel, "reden": "Kosten."}
    eis_alleen(w.mensen | {"bo2": ander.bo}, {"bo"}, lambda wie: services.verklaar_verschil(wie, **velden, door=wie))
    with weigert("geen_recht"):
        services.verklaar_verschil(w.bo, **velden, door=ander.bo)
    rij = services.verklaar_verschil(w.bo, **velden, door=w.bo)
    assert rij.feit == Buitenfeit.objects.get(stuknummer="ST-1")
    assert [v.verklaring for v in verschillen(w.bo) if v.daar_cent] == ["Kosten."]


def test_what_was_not_reported_is_explained_without_a_fact(w):
    (verschil, *_) = [v for v in verschillen(w.bo) if v.soort == "vereffening"]
    velden = {"verstrekker": verschil.verstrekker, "sleutel": verschil.sleutel, "reden": "Volgende maand."}
    assert services.verklaar_verschil(w.bo, **velden, door=w.bo).feit is None


# The setting.


def test_the_setting_waits_for_what_came_back_too(w):
    for nummer in (1, 2):
        services.meld_geweigerd(betaling(nummer), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    namen = ", ".join(f"{dossier(n).nummer} (eerste schijf)" for n in (1, 2))
    with weigert("betalingen_onderweg", f"Dit kan nog niet: verstuurd maar niet uitbetaald zijn {namen}.", "wijze"):
        services.stel_boekhouding_in(
            w.beheer, verstrekker=w.oproep.verstrekker, wijze="hier", reden="Terug.", door=w.beheer
        )
    with weigert("zelfde_boekhouding", "Zo staat de boekhouding van deze verstrekker al.", "wijze"):
        services.stel_boekhouding_in(
            w.beheer, verstrekker=w.oproep.verstrekker, wijze="extern", reden="Nog.", door=w.beheer
        )


# What was refused before the outside system charged it, was never charged.


def test_what_was_refused_before_its_charge_can_be_cancelled(w):
    rij = dossier()
    services.meld_geweigerd(betaling(), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    assert queries.te_annuleren_cent(rij) == 100 * K
    services.stuur_betaling_terug(betaling(), reden="Het project stopt.", door=w.bart)
    services.annuleer_vastlegging(rij, bedrag_cent=60 * K, reden="Kleiner project.", door=w.bart)
    assert [betaling(1, n).bedrag_cent for n in (1, 2)] == [40 * K, 40 * K]
    assert [betaling(1, n).status for n in (1, 2)] == ["gepland", "vervallen"]
    services.zet_stop(dossier(), reden="Het project startte niet.", door=w.bart)
    assert cijfers(dossier()) == {}
    assert set(Betaling.objects.filter(dossier=rij).values_list("status", flat=True)) == {"vervallen"}
    alles_klopt()


def test_what_was_refused_after_its_charge_is_charged_until_its_project_ends(w):
    rij = dossier()
    vereffen(w)
    services.meld_geweigerd(betaling(), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    services.stuur_betaling_terug(betaling(), reden="Eerst nakijken.", door=w.bart)
    assert queries.te_annuleren_cent(rij) == 50 * K
    services.zet_stop(rij, reden="Het project startte niet.", door=w.bart)
    # Of the first instalment the charge is undone too.
    assert cijfers(rij) == {}
    assert betaling().status == "vervallen"
    alles_klopt()


def test_a_charge_that_is_still_to_come_is_not_to_be_cleared(w):
    def redenen():
        rijen = queries.encours(Dossier.objects.all())
        per = {rij.nummer: queries.reden_op_te_kuisen(rij) for rij in rijen}
        assert {rij.nummer for rij in queries.op_te_kuisen(rijen)} == {n for n, reden in per.items() if reden}
        return list(per.values())

    services.zet_stop(dossier(), reden="Het project startte niet.", door=w.bart)
    assert redenen() == [None, None]
    services.meld_geweigerd(betaling(), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    assert redenen() == [None]  # what came back to a project that ended is cancelled
    klok.zet(klok.nu() + timedelta(days=9 * 366))
    assert redenen() == ["De vastlegging is ouder dan 8 jaar."]


def test_a_second_order_is_charged_once(w):
    services.meld_geweigerd(betaling(), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    oud = Buitenfeit.objects.count()
    services.keur_betaling_goed(betaling(), door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[betaling().pk], door=w.bo)
    assert cijfers(dossier()) == {"vastgelegd": 100 * K}
    vereffen(w)
    services.meld_uitbetaald(betaling(), datum=DAG, door=w.bo)
    assert cijfers(dossier()) == {"vastgelegd": 100 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    assert Buitenfeit.objects.count() == oud + 2
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    alles_klopt()


# What a person reads is true.


def test_the_mail_about_a_payment_that_came_back_names_no_bank_alone(w):
    with geschiedenis() as nieuw:
        services.meld_geweigerd(betaling(), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    aan, _, tekst = nieuw.mails[-1]
    assert aan == "an@voorbeeld.test"
    assert tekst == (
        "Het boekhoudsysteem of de bank kon 50.000,00 euro niet betalen op rekening BE68 5390 0754 7034 (eerste "
        "schijf).\n\nReden: Rekening gesloten.\n\nKlopt dit rekeningnummer niet meer, laat het ons dan weten. Daarna "
        "betalen wij opnieuw."
    )


def test_the_pages_of_a_payment_say_who_pays(w):
    client = Client()
    client.force_login(w.bo)
    tekst = client.get(reverse("betaling", args=[betaling().pk])).content.decode()
    assert "Deze betaling is geweigerd of kwam terug" in tekst
    assert "De bank weigerde" not in tekst
    assert "Reden van de bank" not in tekst
    client.force_login(w.bart)
    tekst = client.get(reverse("dossier_vastlegging", args=[dossier().nummer])).content.decode()
    assert "<dt>Kan geannuleerd worden</dt><dd>€\xa050.000,00</dd>" in tekst
    assert "Wat bij de bank ligt, wordt nog betaald of vervalt als het terugkomt." in tekst


def test_sending_says_that_the_other_system_pays(w):
    services.meld_geweigerd(betaling(), datum=DAG, reden="Rekening gesloten.", door=w.bo)
    services.keur_betaling_goed(betaling(), door=w.bart)
    client = Client()
    client.force_login(w.bo)
    adres = reverse("betaalopdracht_versturen", args=[w.oproep.slug])
    tekst = client.post(adres, {"betalingen": [betaling().pk]}, follow=True).content.decode()
    assert "De betaalopdracht is verstuurd. Geef ze nu door aan het boekhoudsysteem van de verstrekker." in tekst
    assert "<h2>Betaling door de boekhouding</h2>" in tekst
    assert "bestand voor de bank" not in tekst
