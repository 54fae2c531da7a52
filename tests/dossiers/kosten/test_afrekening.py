"""What accepted costs come to: to the cent, for any amounts, and from real claims."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.kosten import opmaak, services
from dossiers.kosten.afrekening import Afrekening, Forfait, Jaar, afrekening, bereken, deel
from dossiers.kosten.services import Besluit
from dossiers.kosten.vergelijking import Soort, vergelijk
from oproepen.models import Kostencategorie, Kostenforfait, Kostenregeling
from tests.dossiers.kosten.hulp import alles, begonnen, geef_bewijs, ingediend, kost, lopend, nagekeken, opnieuw


@pytest.mark.parametrize(
    ("cent", "procent", "verwacht"), [(0, 10, 0), (1, 50, 1), (1, 49, 0), (333, 15, 50), (10**13, 100, 10**13)]
)
def test_a_share_is_rounded_half_a_cent_up(cent, procent, verwacht):
    assert deel(cent, procent) == verwacht


def test_rates_flat_rates_and_years():
    uit = bereken(
        [("personeel", 2022, 1000_01), ("personeel", 2023, 500_02), ("uitrusting", 2023, 99_99)],
        forfaits=[Forfait("Overhead", 5, ("personeel", "werking")), Forfait("Reizen", 1)],
        tarief=80,
        andere_inkomsten_cent=400_00,
    )
    # Overhead: 5% of 1.500,03 = 75,0015; travel: 1% of 1.600,02 = 16,0002.
    assert (uit.aanvaard_cent, uit.forfait_cent, uit.kosten_cent) == (1600_02, 91_00, 1691_02)
    assert uit.per_jaar == (Jaar(2022, 1000_01, 60_00), Jaar(2023, 600_01, 31_00))
    assert uit.per_soort == {"personeel": 1500_03, "uitrusting": 99_99}
    assert (uit.volgens_tarief_cent, uit.na_inkomsten_cent, uit.hoogstens_cent) == (1352_82, 1291_02, 1291_02)


def test_nothing_accepted_and_more_income_than_costs():
    assert bereken([], forfaits=[Forfait("Overhead", 5)], tarief=80) == Afrekening(0, 0, 0, 80, (), {})
    uit = bereken([("w", 2022, 100)], forfaits=[], tarief=100, andere_inkomsten_cent=101)
    assert (uit.na_inkomsten_cent, uit.hoogstens_cent) == (0, 0)


soorten = st.sampled_from(["personeel", "werking", "uitrusting"])
regels = st.lists(st.tuples(soorten, st.integers(2020, 2026), st.integers(0, 10**11)), max_size=40)
forfaits = st.lists(
    st.builds(Forfait, st.just("F"), st.integers(1, 100), st.lists(soorten, unique=True, max_size=3).map(tuple)),
    max_size=3,
)


@given(regels, forfaits, st.integers(1, 100), st.integers(0, 10**12))
def test_the_arithmetic_against_exact_fractions(rijen, vast, tarief, inkomsten):
    uit = bereken(rijen, forfaits=vast, tarief=tarief, andere_inkomsten_cent=inkomsten)
    alles_ = sum(cent for *_, cent in rijen)
    assert uit.aanvaard_cent == alles_ == sum(uit.per_soort.values())
    assert sum(jaar.aanvaard_cent for jaar in uit.per_jaar) == uit.aanvaard_cent
    assert sum(jaar.forfait_cent for jaar in uit.per_jaar) == uit.forfait_cent
    assert all(jaar.forfait_cent >= 0 for jaar in uit.per_jaar)
    assert [jaar.jaar for jaar in uit.per_jaar] == sorted({jaar for _, jaar, _ in rijen})
    precies = [
        Fraction(f.procent, 100) * sum(cent for soort, _, cent in rijen if not f.op or soort in f.op) for f in vast
    ]
    assert abs(uit.forfait_cent - sum(precies)) <= Fraction(len(vast), 2)
    assert abs(uit.volgens_tarief_cent - Fraction(uit.kosten_cent * tarief, 100)) <= Fraction(1, 2)
    assert 0 <= uit.hoogstens_cent <= uit.kosten_cent
    # The order of the lines does not matter.
    assert bereken(rijen[::-1], forfaits=vast, tarief=tarief, andere_inkomsten_cent=inkomsten) == uit


# From claims.


def test_only_claims_that_were_looked_at_count(wereld):
    spel = lopend(wereld)
    assert afrekening(spel.dossier) == Afrekening(0, 0, 0, 100, (), {})
    staat = begonnen(spel)
    personeel = spel.soort("personeel")
    rijen = [kost(spel, 1000_01, categorie=personeel), kost(spel, 333_33, factuurdatum=date(2023, 1, 3))]
    opmaak.voeg_regels_toe(staat, [*rijen, kost(spel, 200_00, categorie=spel.soort("uitrusting"))], door=wereld.an)
    opmaak.bewaar_kop(
        opnieuw(staat), van=staat.van, tot=staat.tot, inkomsten=[("Gemeente", 250_00)], versie=0, door=wereld.an
    )
    for rij in staat.regels.all():
        geef_bewijs(spel, rij)
    services.dien_kostenstaat_in(staat, door=wereld.an)
    assert afrekening(spel.dossier) == Afrekening(0, 0, 0, 100, (), {}, in_behandeling_cent=1533_34)
    services.beoordeel_regels(staat, besluiten=alles(staat) | {3: Besluit(0, "Niet nodig.")}, door=wereld.bea)
    services.rond_kostenstaat_af(staat, opmerking="", door=wereld.bea)
    # Overhead: 5% of staff and running costs: 50,0005 in 2022, and 66,667 over both years.
    assert afrekening(spel.dossier) == Afrekening(
        aanvaard_cent=1333_34,
        forfait_cent=66_67,
        andere_inkomsten_cent=250_00,
        tarief=100,
        per_jaar=(Jaar(2022, 1000_01, 50_00), Jaar(2023, 333_33, 16_67)),
        per_soort={"personeel": 1000_01, "werking": 333_33},
    )
    ingediend(spel, 10_00)
    na = afrekening(spel.dossier)
    assert (na.aanvaard_cent, na.in_behandeling_cent) == (1333_34, 10_00)


def test_claims_of_other_dossiers_and_calls_stay_out(wereld):
    spel = lopend(wereld)
    nagekeken(spel, 100_00)
    from tests.dossiers.kosten.hulp import van

    assert afrekening(van(wereld, "Boom")).aanvaard_cent == 0


def test_a_call_without_claims_has_no_statement(wereld):
    spel = lopend(wereld, verdeel=False)
    for model in (Kostencategorie, Kostenforfait, Kostenregeling):
        model.objects.all().delete()
    assert afrekening(spel.dossier) is None


@pytest.mark.parametrize("aantal", [1, 3, 40])
def test_the_statement_asks_five_queries(wereld, django_assert_num_queries, aantal):
    spel = lopend(wereld)
    nagekeken(spel, *[1_00] * aantal)
    with django_assert_num_queries(5):
        assert afrekening(spel.dossier).aanvaard_cent == aantal * 1_00


# Beside the budget.


def test_the_limit_is_the_smaller_of_margin_and_share():
    soorten_ = [
        Soort("p", "Personeel", 10),
        Soort("w", "Werking"),
        Soort("u", "Uitrusting", 50, 20),
        Soort("x", "X", 0),
    ]
    rijen = vergelijk(
        soorten_, {"p": 1000_00, "u": 100_00}, {"p": 1200_00}, {"p": 1100_01, "w": 99_99, "u": 150_00, "x": 1}
    )
    assert [(r.begroot_cent, r.gevraagd_cent, r.aanvaard_cent, r.grens_cent, r.boven_cent) for r in rijen] == [
        (1000_00, 1200_00, 1100_01, 1100_00, 1),
        (0, 0, 99_99, None, 0),
        (100_00, 0, 150_00, 150_00, 0),
        (0, 0, 1, 0, 1),
    ]
    assert [r.waarom_grens for r in rijen] == ["begroot plus 10%", "", "begroot plus 50%", "begroot plus 0%"]
