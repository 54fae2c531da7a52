"""The ledger: what each booking moves, and which limit refuses it with which sentence."""

from datetime import date

import pytest

from betalingen import grootboek
from betalingen.models import AANTALLEN, Journaalregel, Krediet, Stand
from kern import klok
from kern.models import Gebeurtenis
from kern.weigering import Weigering
from tests import bouw
from tests.hulp import alles_klopt, ongewijzigd, teruggedraaid, weigert
from tests.proef import ARTIKEL, boeker, brussel, cijfers, krediet, tweede_oproep, zet_krediet, zet_limiet

pytestmark = pytest.mark.django_db

K = 1_000_00
IN_2022, IN_2023 = date(2022, 2, 1), date(2023, 3, 1)
S = Journaalregel.Soort


@pytest.fixture
def dossier(wereld):
    """A dossier on which 100.000 euro may be committed; the ledger asks nothing about its state."""
    dossier = bouw.opnieuw(bouw.concept(wereld))
    zet_limiet(wereld, dossier, 100 * K)
    return dossier


@pytest.fixture
def boek(wereld):
    with boeker(wereld) as boek:
        yield boek


def toestand():
    """Return the totals of every subject that has any."""
    return {
        (stand.soort, stand.sleutel): {n: getattr(stand, f"{n}_cent") for n in AANTALLEN}
        for stand in Stand.objects.all()
    }


def verschil(voor, na):
    """Return what moved: subject -> column -> cents."""
    leeg = dict.fromkeys(AANTALLEN, 0)
    uit = {
        sleutel: {
            n: na[sleutel][n] - voor.get(sleutel, leeg)[n]
            for n in AANTALLEN
            if na[sleutel][n] != voor.get(sleutel, leeg)[n]
        }
        for sleutel in na
    }
    return {sleutel: delta for sleutel, delta in uit.items() if delta}


def vijf(w, dossier, jaar):
    return [
        ("oproep", w.oproep.pk),
        ("luik", w.luik.pk),
        ("ronde", w.ronde.pk),
        ("dossier", dossier.pk),
        ("krediet", krediet(jaar).pk),
    ]


# --- what moves ---


def test_a_booking_moves_one_column_of_five_subjects(wereld, dossier, boek):
    boek(
        (S.RESERVERING, 20 * K, dossier, IN_2022),
        (S.VASTLEGGING, 60 * K, dossier, IN_2022),
        (S.VEREFFENING, 40 * K, dossier, IN_2022),
        (S.UITBETALING, 20 * K, dossier, IN_2022),
        (S.TERUGVORDERING, 10 * K, dossier, IN_2023),
    )
    voor = toestand()
    for soort, cent, datum, kolom in [
        (S.RESERVERING, 10 * K, IN_2022, "gereserveerd"),
        (S.VRIJGAVE, -5 * K, IN_2022, "gereserveerd"),
        (S.VASTLEGGING, 10 * K, IN_2022, "vastgelegd"),
        (S.VASTLEGGING, 10 * K, IN_2023, "vastgelegd"),
        (S.ANNULERING, -10 * K, IN_2022, "vastgelegd"),
        (S.VEREFFENING, 1, IN_2022, "vereffend"),
        (S.VEREFFENING, 10 * K, IN_2023, "vereffend"),
        (S.TEGENVEREFFENING, -10 * K, IN_2022, "vereffend"),
        (S.UITBETALING, 10 * K, IN_2022, "uitbetaald"),
        (S.UITBETALING, 10 * K, IN_2023, "uitbetaald"),
        (S.UITBETALING, -10 * K, IN_2022, "uitbetaald"),
        (S.TERUGVORDERING, 10 * K, IN_2023, "teruggevorderd"),
        (S.ONTVANGST, 10 * K, IN_2023, "ontvangen"),
    ]:
        with teruggedraaid():
            boek((soort, cent, dossier, datum))
            assert verschil(voor, toestand()) == {plaats: {kolom: cent} for plaats in vijf(wereld, dossier, datum.year)}
            alles_klopt()


def test_the_totals_after_a_whole_life(wereld, dossier, boek):
    boek((S.RESERVERING, 100 * K, dossier, IN_2022))
    boek((S.VRIJGAVE, -100 * K, dossier, IN_2022), (S.VASTLEGGING, 100 * K, dossier, IN_2022))
    boek((S.VEREFFENING, 50 * K, dossier, IN_2022))
    boek((S.UITBETALING, 50 * K, dossier, IN_2022))
    boek((S.UITBETALING, -50 * K, dossier, IN_2022))
    boek((S.UITBETALING, 50 * K, dossier, IN_2023))
    boek((S.VEREFFENING, 40 * K, dossier, IN_2023))
    boek((S.UITBETALING, 40 * K, dossier, IN_2023), (S.TERUGVORDERING, 5 * K, dossier, IN_2023))
    boek((S.ONTVANGST, 3 * K, dossier, IN_2023))
    totaal = {
        "vastgelegd": 100 * K,
        "vereffend": 90 * K,
        "uitbetaald": 90 * K,
        "teruggevorderd": 5 * K,
        "ontvangen": 3 * K,
    }
    for onderwerp in (wereld.oproep, wereld.luik, wereld.ronde, dossier):
        assert cijfers(onderwerp) == totaal
    assert cijfers(krediet(2022)) == {"vastgelegd": 100 * K, "vereffend": 50 * K}
    assert cijfers(krediet(2023)) == {
        "vereffend": 40 * K, "uitbetaald": 90 * K, "teruggevorderd": 5 * K, "ontvangen": 3 * K,
    }  # fmt: skip
    stand = grootboek.stand_van(dossier)
    assert (stand.beschikbaar_cent, stand.encours_cent) == (0, 10 * K)
    assert grootboek.stand_van(wereld.oproep).beschikbaar_cent == 13_400 * K
    assert Journaalregel.objects.count() == 11
    alles_klopt()


def test_a_booking_is_one_row_with_everything_to_find_it_by(wereld, dossier, boek):
    boek((S.VASTLEGGING, 12345, dossier, IN_2022))
    rij = Journaalregel.objects.values().get()
    del rij["id"]
    assert rij == {
        "soort": "vastlegging",
        "bedrag_cent": 12345,
        "oproep_id": wereld.oproep.pk,
        "luik_id": wereld.luik.pk,
        "ronde_id": wereld.ronde.pk,
        "dossier_id": dossier.pk,
        "krediet_id": krediet(2022).pk,
        "betaling_id": None,
        "terugvordering_id": None,
        "feitdatum": IN_2022,
        "geboekt_op": klok.nu(),
        "gebeurtenis_id": Gebeurtenis.objects.get(handeling="proef.boek").pk,
        "nagespeeld": True,
    }


def test_tracks_and_dossiers_are_kept_apart(wereld, dossier, boek):
    b = brussel(wereld)
    ander = bouw.opnieuw(bouw.concept(b, "ben"))
    zet_limiet(wereld, ander, 100 * K)
    boek((S.VASTLEGGING, 10 * K, dossier, IN_2022), (S.VASTLEGGING, 7 * K, ander, IN_2022))
    assert cijfers(wereld.oproep) == cijfers(krediet(2022)) == {"vastgelegd": 17 * K}
    assert cijfers(wereld.luik) == cijfers(wereld.ronde) == cijfers(dossier) == {"vastgelegd": 10 * K}
    assert cijfers(b.luik) == cijfers(b.ronde) == cijfers(ander) == {"vastgelegd": 7 * K}
    alles_klopt()


def test_a_subject_that_was_never_touched_is_all_zero_without_limit(wereld):
    stand = grootboek.stand_van(bouw.concept(wereld))
    assert (stand.pk, stand.limiet_cent, stand.beschikbaar_cent, stand.encours_cent) == (None, None, None, 0)


# --- the limits ---


def te_veel(waarvan, vrij, limiet, gevraagd):
    return f"Dit gaat over {waarvan}: nog {vrij} euro vrij van {limiet} euro, gevraagd {gevraagd} euro."


def grenzen(w, dossier):
    """Give every subject with the code and the words of its refusal."""
    return [
        (w.oproep, "boven_budget", "het budget van de oproep"),
        (w.luik, "boven_budget", "het budget van het luik"),
        (w.ronde, "boven_budget", "het budget van de ronde"),
        (dossier, "boven_budget", "het toegekende bedrag van het dossier"),
        (krediet(2022), "boven_vastleggingskrediet", f"het vastleggingskrediet 2022 van artikel {ARTIKEL}"),
    ]


@pytest.mark.parametrize("soort", [S.VASTLEGGING, S.RESERVERING])
def test_refuses_one_cent_over_a_limit(wereld, dossier, boek, soort):
    zet_limiet(wereld, dossier, 1_000 * K)
    boek((S.RESERVERING, 10 * K, dossier, IN_2022), (S.VASTLEGGING, 30 * K, dossier, IN_2022))
    for onderwerp, code, waarvan in grenzen(wereld, dossier):
        with teruggedraaid():
            zet_limiet(wereld, onderwerp, 100 * K, 50 * K)
            with weigert(code, te_veel(waarvan, "60.000,00", "100.000,00", "60.000,01")):
                boek((soort, 60 * K + 1, dossier, IN_2022))
            boek((soort, 60 * K, dossier, IN_2022))
            with weigert(code, te_veel(waarvan, "0,00", "100.000,00", "0,01")):
                boek((soort, 1, dossier, IN_2022))
            alles_klopt()


def test_refuses_everything_where_no_limit_is_set(wereld, dossier, boek):
    for onderwerp, code, waarvan in grenzen(wereld, dossier):
        with teruggedraaid():
            zet_limiet(wereld, onderwerp, None)
            zin = f"Dit kan niet: {waarvan} is niet ingevuld, dus er kan niets op vastgelegd worden."
            with weigert(code, zin):
                boek((S.VASTLEGGING, 1, dossier, IN_2022))


def test_a_limit_of_zero_is_a_limit(wereld, dossier, boek):
    zet_limiet(wereld, wereld.oproep, 0)
    with weigert("boven_budget", te_veel("het budget van de oproep", "0,00", "0,00", "0,01")):
        boek((S.VASTLEGGING, 1, dossier, IN_2022))


def test_refuses_where_no_credit_is_registered_for_the_year(dossier, boek):
    zin = f"Voor begrotingsartikel {ARTIKEL} is in 2030 geen krediet ingeschreven."
    with weigert("geen_krediet", zin):
        boek((S.VASTLEGGING, 1, dossier, date(2030, 1, 1)))


def test_the_year_of_the_fact_decides_which_credit_it_is(wereld, dossier, boek):
    zet_krediet(wereld, 2022, 10 * K, 10 * K)
    zet_krediet(wereld, 2023, 20 * K, 20 * K)
    boek((S.VASTLEGGING, 10 * K, dossier, date(2022, 12, 31)), (S.VASTLEGGING, 20 * K, dossier, date(2023, 1, 1)))
    waarvan = f"het vastleggingskrediet 2022 van artikel {ARTIKEL}"
    with weigert("boven_vastleggingskrediet", te_veel(waarvan, "0,00", "10.000,00", "0,01")):
        boek((S.VASTLEGGING, 1, dossier, date(2022, 12, 31)))


def test_refuses_a_charge_above_the_commitment(wereld, dossier, boek):
    ander = bouw.opnieuw(bouw.concept(wereld, "ben"))
    zet_limiet(wereld, ander, 100 * K)
    boek((S.VASTLEGGING, 50 * K, dossier, IN_2022), (S.VASTLEGGING, 20 * K, ander, IN_2022))
    zin = te_veel("de vastlegging van het dossier", "50.000,00", "50.000,00", "50.000,01")
    with weigert("boven_vastlegging", zin):
        boek((S.VEREFFENING, 50 * K + 1, dossier, IN_2022))
    zin = te_veel("de vastlegging van de oproep", "70.000,00", "70.000,00", "70.000,01")
    with weigert("boven_vastlegging", zin):
        boek((S.VEREFFENING, 70 * K + 1, dossier, IN_2022))
    boek((S.VEREFFENING, 30 * K, dossier, IN_2022))
    zin = te_veel("de vastlegging van het dossier", "20.000,00", "50.000,00", "20.000,01")
    with weigert("boven_vastlegging", zin):
        boek((S.VEREFFENING, 20 * K + 1, dossier, IN_2022))


def test_refuses_a_charge_before_any_commitment(dossier, boek):
    with weigert("boven_vastlegging", te_veel("de vastlegging van de oproep", "0,00", "0,00", "0,01")):
        boek((S.VEREFFENING, 1, dossier, IN_2022))


def test_refuses_a_charge_above_the_payment_credit_of_its_year(wereld, dossier, boek):
    zet_krediet(wereld, 2022, 1_000 * K, 30 * K)
    boek((S.VASTLEGGING, 100 * K, dossier, IN_2022), (S.VEREFFENING, 20 * K, dossier, IN_2022))
    waarvan = f"het betaalkrediet 2022 van artikel {ARTIKEL}"
    with weigert("boven_betaalkrediet", te_veel(waarvan, "10.000,00", "30.000,00", "10.000,01")):
        boek((S.VEREFFENING, 10 * K + 1, dossier, IN_2022))
    boek((S.VEREFFENING, 10 * K, dossier, IN_2022), (S.VEREFFENING, 70 * K, dossier, IN_2023))
    alles_klopt()


def test_refuses_a_charge_where_no_payment_credit_is_set(wereld, dossier, boek):
    boek((S.VASTLEGGING, 100 * K, dossier, IN_2022))
    zet_limiet(wereld, krediet(2022), 1_000 * K, None)
    zin = (
        f"Dit kan niet: het betaalkrediet 2022 van artikel {ARTIKEL} is niet ingevuld, "
        "dus er kan niets op vastgelegd worden."
    )
    with weigert("boven_betaalkrediet", zin):
        boek((S.VEREFFENING, 1, dossier, IN_2022))


def test_refuses_a_payment_before_its_charge(wereld, dossier, boek):
    ander = bouw.opnieuw(bouw.concept(wereld, "ben"))
    zet_limiet(wereld, ander, 100 * K)
    boek((S.VASTLEGGING, 100 * K, dossier, IN_2022), (S.VASTLEGGING, 100 * K, ander, IN_2022))
    with weigert("boven_vereffening", te_veel("de vereffening van de oproep", "0,00", "0,00", "10.000,00")):
        boek((S.UITBETALING, 10 * K, dossier, IN_2022))
    boek((S.VEREFFENING, 30 * K, ander, IN_2022))
    with weigert("boven_vereffening", te_veel("de vereffening van het dossier", "0,00", "0,00", "10.000,00")):
        boek((S.UITBETALING, 10 * K, dossier, IN_2022))


def test_a_list_is_booked_whole_or_not_at_all(wereld, dossier, boek):
    ander = bouw.opnieuw(bouw.concept(wereld, "ben"))
    zet_limiet(wereld, ander, 100 * K)
    zet_limiet(wereld, wereld.luik, 150 * K)
    with weigert("boven_budget", te_veel("het budget van het luik", "150.000,00", "150.000,00", "160.000,00")):
        boek((S.VASTLEGGING, 80 * K, dossier, IN_2022), (S.VASTLEGGING, 80 * K, ander, IN_2022))
    with weigert(
        "boven_budget", te_veel("het toegekende bedrag van het dossier", "100.000,00", "100.000,00", "100.000,01")
    ):
        boek((S.VASTLEGGING, 1, dossier, IN_2022), (S.VASTLEGGING, 100 * K + 1, ander, IN_2022))
    boek((S.VASTLEGGING, 80 * K, dossier, IN_2022), (S.VASTLEGGING, 70 * K, ander, IN_2022))


# --- counter-entries ---


def test_what_was_freed_can_be_committed_again(wereld, dossier, boek):
    zet_limiet(wereld, wereld.oproep, 100 * K)
    boek((S.VASTLEGGING, 100 * K, dossier, IN_2022))
    boek((S.ANNULERING, -40 * K, dossier, IN_2022))
    boek((S.VASTLEGGING, 40 * K, dossier, IN_2022))
    alles_klopt()


def test_refuses_to_cancel_what_was_charged(dossier, boek):
    boek((S.VASTLEGGING, 100 * K, dossier, IN_2022), (S.VEREFFENING, 60 * K, dossier, IN_2022))
    zin = (
        "Dit kan niet: de vastlegging van de oproep kan niet dalen tot 59.999,99 euro, "
        "want er is al 60.000,00 euro vereffend."
    )
    with weigert("boven_vastlegging", zin):
        boek((S.ANNULERING, -40 * K - 1, dossier, IN_2022))
    boek((S.ANNULERING, -40 * K, dossier, IN_2022))


def test_refuses_to_take_back_a_charge_that_was_paid(dossier, boek):
    boek(
        (S.VASTLEGGING, 100 * K, dossier, IN_2022),
        (S.VEREFFENING, 60 * K, dossier, IN_2022),
        (S.UITBETALING, 60 * K, dossier, IN_2022),
    )
    zin = (
        "Dit kan niet: de vereffening van de oproep kan niet dalen tot 50.000,00 euro, "
        "want er is al 60.000,00 euro uitbetaald."
    )
    with weigert("boven_vereffening", zin):
        boek((S.TEGENVEREFFENING, -10 * K, dossier, IN_2022))


def test_refuses_to_go_below_zero(dossier, boek):
    boek(
        (S.RESERVERING, 5 * K, dossier, IN_2022),
        (S.VASTLEGGING, 5 * K, dossier, IN_2022),
        (S.VEREFFENING, 5 * K, dossier, IN_2022),
        (S.UITBETALING, 5 * K, dossier, IN_2022),
    )
    for soort, naam in (
        (S.VRIJGAVE, "gereserveerd"),
        (S.ANNULERING, "vastgelegd"),
        (S.TEGENVEREFFENING, "vereffend"),
        (S.UITBETALING, "uitbetaald"),
    ):
        zin = f"Dit kan niet: op de oproep staat 5.000,00 euro {naam}; 5.000,01 euro kan er niet af."
        with weigert("onder_nul", zin):
            boek((soort, -5 * K - 1, dossier, IN_2022))


def test_refuses_to_go_below_zero_in_the_credit_of_a_year(dossier, boek):
    boek((S.VASTLEGGING, 5 * K, dossier, IN_2022))
    zin = f"Dit kan niet: op het krediet {ARTIKEL} 2023 staat 0,00 euro vastgelegd; 1.000,00 euro kan er niet af."
    with weigert("onder_nul", zin):
        boek((S.ANNULERING, -1 * K, dossier, IN_2023))


def test_the_sign_follows_from_the_kind(dossier, boek):
    for soort in (S.VASTLEGGING, S.TERUGVORDERING, S.ONTVANGST):
        boek((soort, 50 * K, dossier, IN_2022))
    for soort, cent in (
        (S.VASTLEGGING, -5),
        (S.VASTLEGGING, 0),
        (S.ANNULERING, 5),
        (S.UITBETALING, 0),
        (S.ONTVANGST, 0),
    ):
        with ongewijzigd(), pytest.raises(Weigering) as gevangen:
            boek((soort, cent, dossier, IN_2022))
        assert gevangen.value.code == "journaal_teken_volgens_soort"


def test_no_more_is_received_than_was_claimed_on_the_same_credit(dossier, boek):
    boek((S.TERUGVORDERING, 5 * K, dossier, IN_2022), (S.ONTVANGST, 3 * K, dossier, IN_2022))
    over = "nog 2.000,00 euro vrij van 5.000,00 euro, gevraagd 2.000,01 euro."
    with weigert("boven_terugvordering", f"Dit gaat over de terugvordering van de oproep: {over}"):
        boek((S.ONTVANGST, 2 * K + 1, dossier, IN_2022))
    # Nor on the credit of another year than the claim stands on.
    over = f"Dit gaat over de terugvordering van het krediet {ARTIKEL} 2023: nog 0,00 euro vrij van 0,00 euro, "
    with weigert("boven_terugvordering", over + "gevraagd 0,01 euro."):
        boek((S.ONTVANGST, 1, dossier, IN_2023))
    # A claim that is written off stays at least what came in.
    boek((S.TERUGVORDERING, -2 * K, dossier, IN_2022))
    over = "kan niet dalen tot 2.999,99 euro, want er is al 3.000,00 euro ontvangen."
    with weigert("boven_terugvordering", f"Dit kan niet: de terugvordering van de oproep {over}"):
        boek((S.TERUGVORDERING, -1, dossier, IN_2022))
    boek((S.TERUGVORDERING, 1, dossier, IN_2023, 2022), (S.ONTVANGST, 1, dossier, IN_2023, 2022))
    alles_klopt()


# --- setting limits ---


def test_a_limit_cannot_go_below_what_is_booked(wereld, dossier, boek):
    boek((S.RESERVERING, 10 * K, dossier, IN_2022), (S.VASTLEGGING, 20 * K, dossier, IN_2022))
    zin = "Er is al 30.000,00 euro gereserveerd of vastgelegd; lager kan niet."
    for limiet in (30 * K - 1, 0, None, -1):
        with weigert("limiet_te_laag", zin, "limiet"):
            zet_limiet(wereld, dossier, limiet)
    zet_limiet(wereld, dossier, 30 * K)
    assert grootboek.stand_van(dossier).beschikbaar_cent == 0


def test_a_payment_credit_cannot_go_below_what_is_charged(wereld, dossier, boek):
    boek((S.VASTLEGGING, 20 * K, dossier, IN_2022), (S.VEREFFENING, 15 * K, dossier, IN_2022))
    for vek in (15 * K - 1, 0, None):
        with weigert("limiet_te_laag", "Er is al 15.000,00 euro vereffend; lager kan niet.", "betaalkrediet"):
            zet_limiet(wereld, krediet(2022), 20 * K, vek)
    zet_limiet(wereld, krediet(2022), 20 * K, 15 * K)


# --- helpers of the ledger ---


def test_every_kind_of_booking_has_its_column():
    assert set(grootboek.KOLOM) == set(S)
    assert {*grootboek.KOLOM.values(), "vervallen"} == set(AANTALLEN)


def test_keys_of_totals_are_made_once(wereld):
    dossier = bouw.concept(wereld)
    onderwerpen = [grootboek.onderwerp(dossier), grootboek.onderwerp(wereld.oproep)]
    voor = Stand.objects.count()
    sleutels = grootboek.standsleutels(onderwerpen)
    assert sorted(sleutels) == sorted(grootboek.standsleutels(reversed(onderwerpen)))
    assert Stand.objects.count() == voor + 1
    assert grootboek.standsleutels([]) == []


def test_the_credit_of_a_track_is_that_of_its_article(wereld):
    ander = tweede_oproep(wereld)
    artikel = grootboek.artikel("ANDER-ARTIKEL", "Ander")
    assert grootboek.artikel("ANDER-ARTIKEL", "Nog eens").naam == "Ander"
    eigen = Krediet.objects.create(artikel=artikel, jaar=2022)
    assert grootboek.krediet_voor(ander.luik, 2022) == eigen
    assert grootboek.krediet_voor(wereld.luik, 2022) == krediet(2022) != eigen
