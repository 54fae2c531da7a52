"""The forecast: whole cents and whole days, nothing lost, a band only when there is enough to base it on."""

from datetime import date, timedelta
from random import Random

import pytest

from betalingen.beelden import verloop
from betalingen.prognose import (
    Maand,
    Post,
    Vertraging,
    aantal_maanden,
    in_maand,
    maanden,
    oplopend,
    percentiel,
    prognose,
    vertraging,
)

VANDAAG = date(2022, 11, 15)


def post(cent: int, verval: date, oproep: int = 1) -> Post:
    return Post(oproep, cent, verval)


def per_maand(rijen: list[Maand]) -> dict[str, tuple[int, int | None, int | None]]:
    """Return the months in which anything is expected."""
    return {
        f"{m.maand:%Y-%m}" if m.maand else "later": (m.verwacht_cent, m.vlot_cent, m.traag_cent)
        for m in rijen
        if m.verwacht_cent or m.vlot_cent or m.traag_cent
    }


def test_months_pass_the_turn_of_the_year():
    assert maanden(date(2022, 11, 30), 3) == [date(2022, 11, 1), date(2022, 12, 1), date(2023, 1, 1)]
    assert [aantal_maanden(VANDAAG, dag) for dag in (VANDAAG, date(2022, 12, 1), date(2023, 11, 30))] == [1, 2, 13]
    rijen = prognose([], {}, VANDAAG)
    assert [m.maand for m in rijen] == [*maanden(VANDAAG, 12), None]
    assert (rijen[0].maand, rijen[11].maand) == (date(2022, 11, 1), date(2023, 10, 1))
    assert {(m.verwacht_cent, m.vlot_cent, m.traag_cent) for m in rijen} == {(0, None, None)}


@pytest.mark.parametrize(
    ("procent", "verwacht"), [(1, 3), (20, 3), (21, 5), (40, 5), (50, 7), (60, 7), (80, 9), (81, 11), (100, 11)]
)
def test_a_percentile_is_one_of_the_numbers(procent: int, verwacht: int):
    assert percentiel([3, 5, 7, 9, 11], procent) == verwacht


def test_the_delay_of_past_payments():
    assert vertraging([]) == Vertraging(0, 0, None, None)
    assert vertraging([12, 4]) == Vertraging(2, 4, None, None)
    assert vertraging([9, 1, 5, 7]) == Vertraging(4, 5, None, None)
    assert vertraging([30, -2, 10, 14, 20]) == Vertraging(5, 14, -2, 20)


def test_a_payment_is_expected_its_delay_after_it_falls_due():
    posten = [post(1_00, date(2022, 12, 1)), post(2_00, date(2022, 12, 20)), post(4_00, date(2023, 10, 31))]
    assert per_maand(prognose(posten, {1: vertraging([12])}, VANDAAG)) == {
        "2022-12": (1_00, None, None),
        "2023-01": (2_00, None, None),
        "later": (4_00, None, None),
    }
    assert per_maand(prognose(posten, {}, VANDAAG)) == {
        "2022-12": (3_00, None, None),
        "2023-10": (4_00, None, None),
    }


def test_what_should_have_left_already_is_expected_today():
    posten = [post(1_00, date(2021, 1, 1)), post(2_00, VANDAAG), post(4_00, VANDAAG - timedelta(days=3))]
    assert per_maand(prognose(posten, {1: vertraging([1, 2, 3, 20, 40])}, VANDAAG)) == {
        "2022-11": (7_00, 7_00, 1_00),
        "2022-12": (0, 0, 6_00),
    }


def test_a_band_asks_five_payments_of_every_call_that_has_something_to_pay():
    genoeg, te_weinig = vertraging([0, 10, 20, 30, 40]), vertraging([0, 10, 20, 30])
    dag = date(2022, 12, 12)
    assert per_maand(prognose([post(1_00, dag)], {1: genoeg, 2: te_weinig}, VANDAAG)) == {
        "2022-12": (0, 1_00, 0),
        "2023-01": (1_00, 0, 1_00),
    }
    beide = prognose([post(1_00, dag), post(2_00, dag, 2)], {1: genoeg, 2: te_weinig}, VANDAAG)
    assert per_maand(beide) == {"2022-12": (2_00, None, None), "2023-01": (1_00, None, None)}


@pytest.mark.parametrize("zaad", range(20))
def test_every_column_adds_up_to_what_is_planned(zaad: int):
    toeval = Random(zaad)  # noqa: S311  a seed for a test
    posten = [
        post(toeval.randrange(1, 10**9), VANDAAG + timedelta(days=toeval.randrange(-900, 900)), toeval.randrange(3))
        for _ in range(toeval.randrange(1, 60))
    ]
    vertragingen = {i: vertraging([toeval.randrange(-30, 200) for _ in range(5)]) for i in range(3)}
    rijen, som = prognose(posten, vertragingen, VANDAAG), sum(p.bedrag_cent for p in posten)
    assert sum(m.verwacht_cent for m in rijen) == som
    assert sum(m.vlot_cent or 0 for m in rijen) == sum(m.traag_cent or 0 for m in rijen) == som


def test_running_totals():
    feiten = [(date(2022, 1, 31), 5), (date(2021, 12, 1), 2), (date(2022, 3, 1), -1), (date(2022, 4, 1), 9)]
    assert oplopend(feiten, maanden(date(2022, 1, 1), 3)) == [7, 7, 6]
    assert oplopend(feiten, []) == []


# --- the picture ---


def test_nothing_planned_and_nothing_paid_is_no_picture():
    assert verloop([], [], prognose([], {}, VANDAAG), VANDAAG) is None


def test_the_burn_line_goes_from_paid_over_today_to_what_is_expected():
    plan = [(date(2022, 10, 5), 60_00), (date(2023, 1, 10), 40_00)]
    rijen = prognose([post(40_00, date(2023, 1, 10))], {}, VANDAAG)
    beeld = verloop(plan, [(date(2022, 10, 20), 50_00), (date(2022, 11, 2), 10_00)], rijen, VANDAAG)
    assert beeld is not None
    # Thirteen months, October 2022 to October 2023, from 74 to 630; 100 euro is the height, from 236 up to 14.
    assert beeld["plan"].split()[:5] == ["74.0,236.0", "116.8,102.8", "159.5,102.8", "202.3,102.8", "245.1,14.0"]
    assert beeld["betaald"].split() == ["74.0,236.0", "116.8,125.0", "138.2,102.8"]
    assert (beeld["vandaag"], beeld["verwacht"].split()[:3]) == (138.2, ["138.2,102.8", "159.5,102.8", "202.3,102.8"])
    assert (beeld["verwacht"].split()[-1], beeld["band"]) == ("630.0,14.0", "")
    assert (beeld["gepland_nu"], beeld["betaald_nu"], beeld["gepland_heel"]) == (60_00, 60_00, 100_00)
    assert beeld["rijen"] == [
        {"maand": date(2022, 10, 1), "tot": date(2022, 10, 31), "gepland": 60_00, "betaald": 50_00},
        {"maand": date(2022, 11, 1), "tot": date(2022, 11, 30), "gepland": 60_00, "betaald": 60_00},
        {"maand": date(2023, 1, 1), "tot": date(2023, 1, 31), "gepland": 100_00, "betaald": None},
    ]


def test_a_band_is_drawn_from_fast_and_back_over_slow():
    rijen = prognose([post(40_00, date(2022, 12, 10))], {1: vertraging([0, 0, 10, 40, 60])}, VANDAAG)
    beeld = verloop([(date(2022, 12, 10), 40_00)], [], rijen, VANDAAG)
    assert beeld is not None
    assert len(beeld["band"].split()) == 2 * 13
    assert beeld["band"].split()[0] == beeld["band"].split()[-1] == beeld["betaald"].split()[-1]
    assert beeld["betaald_nu"] == 0


def test_the_payments_behind_a_figure_add_up_to_it():
    willekeurig = Random(7)  # noqa: S311  the same every time
    posten = [
        Post(
            willekeurig.randint(1, 3),
            willekeurig.randint(1, 10**6),
            VANDAAG + timedelta(willekeurig.randint(-400, 600)),
        )
        for _ in range(200)
    ]
    vertragingen = {oproep: vertraging([-9 * oproep, 4, 40 * oproep, 90, 7]) for oproep in (1, 2, 3)}
    for maand in prognose(posten, vertragingen, VANDAAG):
        for reeks in ("verwacht", "vlot", "traag"):
            gekozen = in_maand(posten, vertragingen, VANDAAG, maand.maand, reeks)
            assert sum(p.bedrag_cent for p in gekozen) == getattr(maand, f"{reeks}_cent")
