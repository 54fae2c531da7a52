"""Moving budget between rounds, redistributing credit between articles, closing a budget year."""

from datetime import date

import pytest

from betalingen import grootboek, services
from betalingen.models import Krediet, Limietregel
from kern import klok
from oproepen.models import Ronde
from tests import bouw
from tests.hulp import alles_klopt, eis_alleen, feit, geschiedenis, weigert
from tests.proef import ARTIKEL, krediet, tweede_oproep, zet_krediet

pytestmark = pytest.mark.django_db
K = 1_000_00


def limieten(*objecten):
    return [grootboek.stand_van(obj).limiet_cent for obj in objecten]


def brussel(w):
    return Ronde.objects.select_related("luik__oproep").get(luik__oproep=w.oproep, luik__slug="brussel")


def verschuif(w, naar, cent, reden="Meer vraag in Brussel", wie="bart"):
    services.verschuif_budget(w.ronde, naar=naar, bedrag_cent=cent, reden=reden, door=w.mensen[wie])


def test_budget_moves_between_rounds_and_tracks_and_the_call_stays_the_same(wereld):
    w, naar = wereld, brussel(wereld)
    with geschiedenis() as nieuw:
        verschuif(w, naar, 300 * K, " Meer vraag in Brussel ")
    inhoud = {"van": w.ronde.pk, "naar": naar.pk, "bedrag_cent": 300 * K, "reden": "Meer vraag in Brussel"}
    assert nieuw.feiten == [
        feit(w.ronde, "ronde.verschuif_budget", w.bart, inhoud=inhoud),
        feit(naar, "ronde.verschuif_budget", w.bart, inhoud=inhoud),
    ]
    assert limieten(w.oproep, w.luik, w.ronde, naar.luik, naar) == [
        13_500 * K, 12_000 * K, 12_000 * K, 1_500 * K, 1_500 * K,
    ]  # fmt: skip
    laatste = Limietregel.objects.latest("pk")
    assert (laatste.referentie, laatste.feitdatum, laatste.geboekt_op) == (
        "Meer vraag in Brussel",
        klok.vandaag(),
        klok.nu(),
    )
    alles_klopt()


def test_moving_budget_is_for_the_budget_holder(wereld):
    naar = brussel(wereld)
    daad = lambda wie: services.verschuif_budget(wereld.ronde, naar=naar, bedrag_cent=K, reden="x", door=wie)  # noqa: E731
    eis_alleen(wereld.mensen, {"bart", "beheer"}, daad)


def test_what_moving_budget_refuses(wereld):
    w, naar = wereld, brussel(wereld)
    ander = Ronde.objects.select_related("luik__oproep").filter(luik__oproep=tweede_oproep(w).oproep).first()
    with weigert("andere_oproep", "Kies een ronde van dezelfde oproep.", "naar"):
        verschuif(w, ander, K)
    with weigert("zelfde_ronde", "Kies een andere ronde.", "naar"):
        verschuif(w, w.ronde, K)
    for cent in (0, -K):
        with weigert("bedrag_ongeldig", "Vul een bedrag in dat groter is dan nul.", "bedrag"):
            verschuif(w, naar, cent)
    with weigert("reden_ontbreekt", "Schrijf waarom u het budget verschuift.", "reden"):
        verschuif(w, naar, K, " ")
    with weigert("limiet_te_laag", "Er is al 0,00 euro gereserveerd of vastgelegd; lager kan niet.", "limiet"):
        verschuif(w, naar, 12_300 * K + 1)
    services.stel_budget_in(w.oproep, budget_cent=13_500 * K, per_luik={"brussel": None}, door=w.bart)
    with weigert("budget_ontbreekt", f"Het budget van {naar} is niet ingevuld.", "bedrag"):
        verschuif(w, naar, K)


def test_proposed_money_does_not_move(wereld):
    bouw.voorgesteld(wereld)
    with weigert("limiet_te_laag", "Er is al 100.000,00 euro gereserveerd of vastgelegd; lager kan niet.", "limiet"):
        verschuif(wereld, brussel(wereld), 12_300 * K - 100 * K + 1)
    verschuif(wereld, brussel(wereld), 12_300 * K - 100 * K)


# --- credits ---


def ander_artikel(w, jaar=2022, vak=0, vek=0):
    rij = Krediet.objects.create(artikel=grootboek.artikel("ANDER", "Ander artikel"), jaar=jaar)
    services.stel_krediet_in(rij, vastleggingskrediet_cent=vak, betaalkrediet_cent=vek, door=w.beheer)
    return rij


def herverdeel(w, naar, vak, vek, referentie="BVR 2022/14", wie="beheer", van=None):
    services.herverdeel_krediet(
        van or krediet(2022),
        naar=naar,
        vastleggingskrediet_cent=vak,
        betaalkrediet_cent=vek,
        referentie=referentie,
        door=w.mensen[wie],
    )


def kredieten(*rijen):
    standen = [grootboek.stand_van(rij) for rij in rijen]
    return [(stand.limiet_cent, stand.betaalkrediet_cent) for stand in standen]


def test_credit_is_redistributed_with_the_reference_of_the_decision(wereld):
    w, naar = wereld, ander_artikel(wereld)
    with geschiedenis() as nieuw:
        herverdeel(w, naar, 500 * K, 200 * K, " BVR 2022/14 ")
    van = krediet(2022)
    inhoud = {
        "van": van.pk,
        "naar": naar.pk,
        "vastleggingskrediet_cent": 500 * K,
        "betaalkrediet_cent": 200 * K,
        "referentie": "BVR 2022/14",
    }
    assert nieuw.feiten == [feit(rij, "krediet.herverdeel", w.beheer, inhoud=inhoud) for rij in (van, naar)]
    assert kredieten(van, naar) == [(13_000 * K, 6_800 * K), (500 * K, 200 * K)]
    regels = Limietregel.objects.order_by("-pk").values_list("sleutel", "limiet_cent", "referentie")[:2]
    assert list(regels) == [(naar.pk, 500 * K, "BVR 2022/14"), (van.pk, 13_000 * K, "BVR 2022/14")]
    alles_klopt()


def test_redistribution_is_for_who_may_set_both_credits(wereld):
    naar = ander_artikel(wereld)
    with weigert("geen_recht_op_krediet", "U mag het krediet van artikel ANDER niet wijzigen.", "naar"):
        herverdeel(wereld, naar, K, 0, wie="bart")
    mensen = {naam: mens for naam, mens in wereld.mensen.items() if naam != "bart"}

    def daad(wie):
        services.herverdeel_krediet(
            krediet(2022),
            naar=naar,
            vastleggingskrediet_cent=K,
            betaalkrediet_cent=0,
            referentie="x",
            door=wie,
        )

    eis_alleen(mensen, {"beheer"}, daad)


def test_what_redistribution_refuses(wereld):
    w, naar = wereld, ander_artikel(wereld)
    with weigert("zelfde_krediet", "Kies een ander artikel.", "naar"):
        herverdeel(w, krediet(2022), K, 0)
    with weigert("ander_jaar", "Krediet gaat niet van het ene jaar naar het andere.", "naar"):
        herverdeel(w, krediet(2023), K, 0)
    for vak, vek in ((0, 0), (-1, K), (K, -1)):
        with weigert("bedrag_ongeldig", "Vul in hoeveel u herverdeelt.", "bedrag"):
            herverdeel(w, naar, vak, vek)
    with weigert("referentie_ontbreekt", "Vul het kenmerk van de beslissing in.", "referentie"):
        herverdeel(w, naar, K, 0, " ")
    for vak, vek in ((13_500 * K + 1, 0), (0, 7_000 * K + 1)):
        with weigert("krediet_te_klein", f"Artikel {ARTIKEL} heeft in 2022 niet zoveel krediet."):
            herverdeel(w, naar, vak, vek)
    bouw.kennisgegeven(w)
    with weigert("limiet_te_laag", "Er is al 100.000,00 euro gereserveerd of vastgelegd; lager kan niet.", "limiet"):
        herverdeel(w, naar, 13_500 * K - 100 * K + 1, 0)


def test_an_authorisation_is_called_by_its_name(wereld):
    Krediet.objects.filter(jaar=2022).update(aard="machtiging")
    drie = bouw.voorgesteld(wereld)
    klok.zet(bouw.BESLIST)
    zet_krediet(wereld, 2023, 0, 0)
    Krediet.objects.filter(jaar=2023).update(aard="machtiging")
    klok.zet(klok.brussel(2023, 1, 3))
    document = bouw.uploads.bewaar(bouw.upload("besluit.pdf"), door=wereld.bart)
    zin = (
        f"Dit gaat over de vastleggingsmachtiging 2023 van artikel {ARTIKEL}: nog 0,00 euro vrij van 0,00 euro, "
        "gevraagd 100.000,00 euro."
    )
    with weigert("boven_vastleggingskrediet", zin):
        bouw.beoordeling.registreer_ondertekening(
            drie, nummer="MB", datum=date(2023, 1, 2), document=document, door=wereld.bart
        )
