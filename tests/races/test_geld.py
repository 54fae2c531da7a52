"""Two people who spend the same money: exactly one wins, the limit holds, the loser gets the figures."""

from datetime import date, timedelta

import pytest

from betalingen import grootboek, services
from betalingen.models import Betaalopdracht, Betaling, Journaalregel, Stand
from dossiers.models import Dossier
from kern import klok
from kern.models import Gebeurtenis, Uitgaand
from kern.weigering import Weigering
from oproepen.models import Taak
from portaal.jaareinde import sluit_begrotingsjaar_af
from tests import bouw
from tests.hulp import alles_klopt
from tests.proef import ARTIKEL, boeker, brussel, cijfers, geef_rol, krediet, verdeel, wedloop, zet_krediet, zet_limiet

pytestmark = pytest.mark.django_db(transaction=True)

K = 1_000_00
VANDAAG = bouw.BESLIST.date()


def stand(soort="oproep"):
    return Stand.objects.get(soort=soort)


def teken(w, besluit, nummer="MB-2022-1", datum=VANDAAG):
    document = bouw.uploads.bewaar(bouw.upload("besluit.pdf"), door=w.bart)
    return lambda: bouw.beoordeling.registreer_ondertekening(
        besluit, nummer=nummer, datum=datum, document=document, door=w.bart
    )


def twee_gescoorde_rondes(w):
    """Judge a dossier of 100.000 euro in each of the two tracks of the call; the clock stands before the proposals."""
    b = brussel(w)
    bouw.gescoord(w, {"an": 8})
    klok.zet(bouw.OPEN)
    bouw.gescoord(b, {"ben": 8})
    klok.zet(bouw.BESLIST - timedelta(days=7))
    return w.ronde, b.ronde


def twee_besluiten(w):
    """Present a decision of 100.000 euro in each of the two tracks of the call."""
    een, twee = (bouw.beoordeling.stel_voor(ronde, door=w.bea) for ronde in twee_gescoorde_rondes(w))
    besluiten = [bouw.beoordeling.leg_besluit_voor(besluit, door=w.bea) for besluit in (een, twee)]
    klok.zet(bouw.BESLIST)
    return besluiten


def stel_voor(w, ronde):
    return lambda: bouw.beoordeling.stel_voor(ronde, door=w.bea)


def test_two_proposals_that_do_not_fit_together_in_the_budget(wereld):
    """Whoever is second draws the line where the first left it."""
    services.stel_budget_in(
        wereld.oproep,
        budget_cent=150 * K,
        per_luik={"vlaanderen": 120 * K, "brussel": 120 * K},
        door=wereld.bart,
    )
    rondes = twee_gescoorde_rondes(wereld)
    winnaars, _ = verdeel(wedloop(*(stel_voor(wereld, ronde) for ronde in rondes), slot=stand()))
    assert len(winnaars) == 2
    assert cijfers(wereld.oproep) == {"gereserveerd": 100 * K}
    assert sorted(Dossier.objects.values_list("status", flat=True)) == ["ontvankelijk", "voorgedragen"]
    alles_klopt()


def test_two_proposals_that_do_not_fit_together_in_the_credit_of_the_year(wereld):
    zet_krediet(wereld, 2022, 199_999_99, 0)
    rondes = twee_gescoorde_rondes(wereld)
    slot = Stand.objects.get(soort="krediet", sleutel=krediet(2022).pk)
    winnaars, _ = verdeel(wedloop(*(stel_voor(wereld, ronde) for ronde in rondes), slot=slot))
    assert len(winnaars) == 2
    assert cijfers(krediet(2022)) == cijfers(wereld.oproep) == {"gereserveerd": 100 * K}
    alles_klopt()


def test_two_decisions_reserved_on_an_earlier_year_that_do_not_fit_in_the_year_they_are_signed(wereld):
    een, twee = twee_besluiten(wereld)
    zet_krediet(wereld, 2023, 199_999_99, 0)
    klok.zet(klok.brussel(2023, 1, 10))
    slot = Stand.objects.get(soort="krediet", sleutel=krediet(2023).pk)
    dag = klok.vandaag()
    winnaars, verliezers = verdeel(wedloop(teken(wereld, een, datum=dag), teken(wereld, twee, datum=dag), slot=slot))
    assert len(winnaars) == 1
    zin = f"Dit gaat over het vastleggingskrediet 2023 van artikel {ARTIKEL}: nog 99.999,99 euro vrij van "
    assert verliezers[0].zin == ("boven_vastleggingskrediet", zin + "199.999,99 euro, gevraagd 100.000,00 euro.")
    assert sorted(alle(een, twee)) == ["ondertekend", "ter_ondertekening"]
    assert cijfers(krediet(2023)) == {"vastgelegd": 100 * K}
    assert cijfers(krediet(2022)) == {"gereserveerd": 100 * K}
    alles_klopt()


def alle(*besluiten):
    return [type(besluit).objects.get(pk=besluit.pk).status for besluit in besluiten]


def test_two_decisions_that_fit_both_go_through(wereld):
    een, twee = twee_besluiten(wereld)
    winnaars, _ = verdeel(wedloop(teken(wereld, een), teken(wereld, twee), slot=stand()))
    assert len(winnaars) == 2
    assert cijfers(wereld.oproep) == cijfers(krediet(2022)) == {"vastgelegd": 200 * K}
    alles_klopt()


def test_one_decision_is_signed_once(wereld):
    besluit = bouw.voorgesteld(wereld)
    klok.zet(bouw.BESLIST)
    geef_rol(wereld, "stan", Taak.Rol.BUDGETHOUDER)
    lopers = wedloop(teken(wereld, besluit, "MB-1"), teken(wereld, besluit, "MB-2"), slot=wereld.ronde)
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == 1
    assert verliezers[0].zin == ("verkeerde_status", "Dit kan niet: het besluit heeft de status 'ondertekend'.")
    assert cijfers(wereld.oproep) == {"vastgelegd": 100 * K}
    assert Betaling.objects.count() == 3
    alles_klopt()


def test_lowering_the_budget_meets_a_proposal(wereld):
    bouw.gescoord(wereld, {"an": 8})
    klok.zet(bouw.BESLIST - timedelta(days=7))
    voorstellen, verlagen = wedloop(
        stel_voor(wereld, wereld.ronde),
        lambda: services.stel_budget_in(wereld.oproep, budget_cent=50 * K, per_luik={}, door=wereld.bart),
        slot=stand(),
    )
    assert voorstellen.gewonnen
    dossier = Dossier.objects.get()
    if verlagen.gewonnen:
        assert (dossier.status, cijfers(wereld.oproep)) == ("ontvankelijk", {})
    else:
        zin = "Er is al 100.000,00 euro gereserveerd of vastgelegd; lager kan niet."
        assert verlagen.zin == ("limiet_te_laag", zin)
        assert (dossier.status, cijfers(wereld.oproep)) == ("voorgedragen", {"gereserveerd": 100 * K})
    alles_klopt()


def test_signing_meets_sending_back(wereld):
    besluit = bouw.voorgesteld(wereld)
    klok.zet(bouw.BESLIST)
    tekenen, terug = wedloop(
        teken(wereld, besluit),
        lambda: bouw.beoordeling.stuur_besluit_terug(besluit, reden="Fout.", door=wereld.bea),
        slot=wereld.ronde,
    )
    assert tekenen.gewonnen != terug.gewonnen
    assert cijfers(wereld.oproep) == ({"vastgelegd": 100 * K} if tekenen.gewonnen else {})
    alles_klopt()


def test_a_return_of_last_year_meets_the_closing_of_that_year(wereld):
    """Nothing has its date in a closed year: either it came before the closing, or it is refused."""
    betaling = bouw.verstuurde_betaling(wereld)
    services.meld_uitbetaald(betaling, datum=klok.vandaag(), door=wereld.bo)
    klok.zet(klok.brussel(2023, 1, 2))
    jaar = grootboek.begrotingsjaar(2022)
    terug, sluiten = wedloop(
        lambda: services.meld_geweigerd(betaling, datum=date(2022, 12, 30), reden="AC04", door=wereld.bo),
        lambda: sluit_begrotingsjaar_af(2022, door=wereld.beheer),
        slot=Stand.objects.get(soort="krediet", sleutel=krediet(2022).pk),
    )
    jaar.refresh_from_db()
    if not terug.gewonnen:
        zin = "Het begrotingsjaar 2022 is afgesloten; er kan niets op geboekt worden."
        assert (terug.zin, jaar.status) == (("jaar_afgesloten", zin), "afgesloten")
        assert Betaling.objects.get(pk=betaling.pk).status == "uitbetaald"
    elif not sluiten.gewonnen:
        # The reports of the closing were made before it, and so no longer say what is in the books.
        zin = "Intussen is er nog iets op 2022 geboekt. Kijk de cijfers na en sluit het jaar opnieuw af."
        assert (sluiten.zin, jaar.status) == (("intussen_gewijzigd", zin), "open")
    else:  # it was in the books before the reports were made; `controleer` compares these
        assert jaar.status == "afgesloten"
    alles_klopt()


# --- payments ---


def goedgekeurd(w, *wie):
    """Bring the first instalment of these applicants to approval."""
    bouw.kennisgegeven(w, dict.fromkeys(wie, 8))
    rijen = list(Betaling.objects.filter(schijf__volgorde=1).order_by("pk"))
    for rij in rijen:
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    return rijen


def stuur(w, rijen, wie="bo"):
    return lambda: services.verstuur_betalingen(w.oproep, betalingen=[rij.pk for rij in rijen], door=w.mensen[wie])


def test_two_bookkeepers_send_the_same_payment_once(wereld):
    rijen = goedgekeurd(wereld, "an")
    geef_rol(wereld, "stan", Taak.Rol.BOEKHOUDER)
    lopers = wedloop(stuur(wereld, rijen), stuur(wereld, rijen, "stan"), slot=wereld.oproep)
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == 1
    zin = "Dit kan niet: de betaling heeft de status 'betaalopdracht verstuurd'."
    assert verliezers[0].zin == ("verkeerde_status", zin)
    assert Betaalopdracht.objects.get() == winnaars[0].waarde
    assert Journaalregel.objects.filter(soort="vereffening").count() == 1
    assert cijfers(wereld.oproep) == {"vastgelegd": 100 * K, "vereffend": 50 * K}
    alles_klopt()


def test_two_orders_that_overlap_send_nothing_twice(wereld):
    rijen = goedgekeurd(wereld, "an", "ben")
    lopers = wedloop(stuur(wereld, rijen), stuur(wereld, rijen[1:]), slot=wereld.oproep)
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == len(verliezers) == 1
    verstuurd = Betaling.objects.filter(status="verstuurd")
    assert {rij.opdracht for rij in verstuurd} == {winnaars[0].waarde}
    assert verstuurd.count() == winnaars[0].waarde.aantal == Journaalregel.objects.filter(soort="vereffening").count()
    alles_klopt()


def test_two_orders_that_do_not_fit_together_in_the_payment_credit(wereld):
    een, twee = goedgekeurd(wereld, "an", "ben")
    zet_krediet(wereld, 2022, 300 * K, 80 * K)
    slot = Stand.objects.get(soort="krediet", sleutel=krediet(2022).pk)
    winnaars, verliezers = verdeel(wedloop(stuur(wereld, [een]), stuur(wereld, [twee]), slot=slot))
    assert len(winnaars) == 1
    zin = f"Dit gaat over het betaalkrediet 2022 van artikel {ARTIKEL}: nog 30.000,00 euro vrij van "
    assert verliezers[0].zin == ("boven_betaalkrediet", zin + "80.000,00 euro, gevraagd 50.000,00 euro.")
    assert cijfers(krediet(2022)) == {"vastgelegd": 200 * K, "vereffend": 50 * K}
    assert sorted(Betaling.objects.filter(schijf__volgorde=1).values_list("status", flat=True)) == [
        "goedgekeurd",
        "verstuurd",
    ]
    alles_klopt()


def test_a_payment_is_recorded_as_paid_once(wereld):
    betaling = bouw.verstuurde_betaling(wereld)
    geef_rol(wereld, "stan", Taak.Rol.BOEKHOUDER)
    lopers = wedloop(
        lambda: services.meld_uitbetaald(betaling, datum=VANDAAG, door=wereld.bo),
        lambda: services.meld_uitbetaald(betaling, datum=VANDAAG, door=wereld.stan),
        slot=betaling,
    )
    winnaars, verliezers = verdeel(lopers)
    assert len(winnaars) == 1
    assert verliezers[0].zin == ("verkeerde_status", "Dit kan niet: de betaling heeft de status 'uitbetaald'.")
    assert cijfers(wereld.oproep) == {"vastgelegd": 100 * K, "vereffend": 50 * K, "uitbetaald": 50 * K}
    assert Uitgaand.objects.filter(sleutel__contains="uitbetaald").count() == 1
    assert Gebeurtenis.objects.filter(handeling="betaling.meld_uitbetaald").count() == 1
    alles_klopt()


def test_approving_meets_sending_back(wereld):
    bouw.kennisgegeven(wereld)
    betaling = Betaling.objects.order_by("pk").first()
    services.stel_betaling_op(betaling, door=wereld.bea)
    goed, terug = wedloop(
        lambda: services.keur_betaling_goed(betaling, door=wereld.bart),
        lambda: services.stuur_betaling_terug(betaling, reden="Fout", door=wereld.bart),
        slot=betaling,
    )
    # What is approved can still be sent back; what went back is not approved.
    assert terug.gewonnen
    assert Betaling.objects.get(pk=betaling.pk).status == "gepland"
    if not goed.gewonnen:
        assert goed.zin == ("verkeerde_status", "Dit kan niet: de betaling heeft de status 'gepland'.")


# --- the ledger itself, with many at once ---


def test_many_bookings_from_many_sides_never_pass_the_limit_and_never_deadlock(wereld):
    b = brussel(wereld)
    dossiers = [bouw.opnieuw(d) for d in (bouw.concept(wereld), bouw.concept(wereld, "ben"), bouw.concept(b, "ben"))]
    for dossier in dossiers:
        zet_limiet(wereld, dossier, 100)
    zet_limiet(wereld, wereld.oproep, 55)
    codes = set()
    with boeker(wereld) as boek:

        def boek_tien(begin):
            gelukt = 0
            for stap in range(10):
                # Two at once, in an order that differs per thread: the ledger itself sorts the locks.
                een, twee = dossiers[(begin + stap) % 3], dossiers[(begin + 2 * stap + 1) % 3]
                try:
                    boek(("vastlegging", 1, een, date(2022, 2, 1)), ("vastlegging", 1, twee, date(2023, 2, 1)))
                except Weigering as fout:
                    codes.add(fout.code)
                else:
                    gelukt += 2
            return gelukt

        lopers = wedloop(*(lambda n=n: boek_tien(n) for n in range(4)))
    assert [loper.fout for loper in lopers] == [None] * 4
    assert codes == {"boven_budget"}
    assert sum(loper.waarde for loper in lopers) == 54, "two by two, so 54 of 55"
    assert cijfers(wereld.oproep) == {"vastgelegd": 54}
    assert Journaalregel.objects.count() == 54
    assert {nummer for (nummer,) in Gebeurtenis.objects.filter(handeling="proef.boek").values_list("nummer")} == set(
        range(*_reeks(27))
    )
    alles_klopt()


def _reeks(aantal):
    laatste = Gebeurtenis.objects.filter(keten__soort="oproep").latest("nummer").nummer
    return laatste - aantal + 1, laatste + 1


def test_totals_that_do_not_exist_yet_are_made_once(wereld):
    dossier = bouw.opnieuw(bouw.concept(wereld))
    onderwerpen = grootboek.onderwerpen_van(dossier, 2022)
    lopers = wedloop(*[lambda: sorted(grootboek.standsleutels(onderwerpen))] * 4)
    assert [loper.fout for loper in lopers] == [None] * 4
    assert len({tuple(loper.waarde) for loper in lopers}) == 1
    assert Stand.objects.filter(soort="dossier").count() == 1
