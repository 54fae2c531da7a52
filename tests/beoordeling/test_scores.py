"""Scores: exact fractions, half up to hundredths, the same everywhere."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beoordeling.models import Score, Scoreblad
from beoordeling.scores import gemiddelde_honderdsten, score_tekst, score_van_blad
from oproepen.models import Criterium

stil = settings(derandomize=True, database=None, deadline=None)


def blad(*scores):
    """Return a sheet of (weight, maximum, points) that stands in memory only, its scores read along."""
    rijen = Score.objects.none()
    rijen._result_cache = [
        Score(criterium=Criterium(gewicht=gewicht, max_punten=maximum), punten=punten)
        for gewicht, maximum, punten in scores
    ]
    uit = Scoreblad(pk=1)
    uit._prefetched_objects_cache = {"scores": rijen}  # as prefetch_related leaves it
    return uit


@pytest.mark.parametrize(
    ("scores", "verwacht"),
    [
        ([], Fraction(0)),
        ([(100, 10, 10)], Fraction(100)),
        ([(100, 10, 0)], Fraction(0)),
        ([(30, 10, 8), (25, 10, 8), (20, 10, 8), (15, 10, 8), (10, 10, 8)], Fraction(80)),
        ([(30, 10, 7), (25, 10, 6), (20, 10, 9), (15, 10, 5), (10, 10, 10)], Fraction(715, 10)),
        ([(100, 3, 1)], Fraction(100, 3)),
        ([(50, 3, 2), (50, 7, 3)], Fraction(100, 3) + Fraction(150, 7)),
        ([(60, 10, None), (40, 10, 10)], Fraction(40)),
    ],
)
def test_the_score_of_a_sheet_is_an_exact_fraction(scores, verwacht):
    assert score_van_blad(blad(*scores)) == verwacht


@pytest.mark.parametrize(
    ("bladen", "honderdsten"),
    [
        ([[(100, 10, 8)]], 8000),
        ([[(100, 3, 1)]], 3333),
        ([[(100, 3, 2)]], 6667),
        ([[(100, 10, 8)], [(100, 10, 9)]], 8500),
        ([[(100, 10, 8)], [(100, 10, 8)], [(100, 10, 9)]], 8333),
        ([[(100, 10, 8)], [(100, 10, 9)], [(100, 10, 9)]], 8667),
        ([[(1, 200, 1)]], 1),  # 0,005 is rounded up
        ([[(1, 200, 1)], [(2, 200, 2)]], 1),  # (0,005 + 0,02) / 2 = 0,0125, so 0,01
        ([[(3, 200, 1)]], 2),  # 0,015 is rounded up: half up, not half even
        ([[(1, 201, 1)]], 0),
        ([[(100, 10, 0)]], 0),
        ([[(100, 10, 10)]] * 7, 10000),
    ],
)
def test_the_mean_is_rounded_half_up_to_hundredths(bladen, honderdsten):
    assert gemiddelde_honderdsten(blad(*scores) for scores in bladen) == honderdsten


def test_a_mean_of_no_sheets_does_not_exist():
    with pytest.raises(ValueError, match="geen scorebladen"):
        gemiddelde_honderdsten([])


bladen = st.lists(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(1, 20)).flatmap(
            lambda gm: st.tuples(st.just(gm[0]), st.just(gm[1]), st.integers(0, gm[1]))
        ),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=4,
)


@stil
@given(bladen)
def test_the_mean_lies_between_the_lowest_and_the_highest_sheet(rijen):
    scores = [score_van_blad(blad(*rij)) * 100 for rij in rijen]
    uit = gemiddelde_honderdsten(blad(*rij) for rij in rijen)
    assert min(scores) - Fraction(1, 2) <= uit <= max(scores) + Fraction(1, 2)
    assert 0 <= uit <= max(sum(gewicht for gewicht, _, _ in rij) for rij in rijen) * 100


@stil
@given(bladen)
def test_the_mean_agrees_with_decimal_arithmetic_where_that_is_exact(rijen):
    exact = sum(score_van_blad(blad(*rij)) for rij in rijen) / len(rijen) * 100
    naar_boven = exact - exact.__floor__() >= Fraction(1, 2)
    assert gemiddelde_honderdsten(blad(*rij) for rij in rijen) == exact.__floor__() + naar_boven
    if set(str(exact.denominator)) <= set("0125") and Fraction(10**9, exact.denominator).denominator == 1:
        decimaal = Decimal(exact.numerator) / Decimal(exact.denominator)
        assert gemiddelde_honderdsten(blad(*rij) for rij in rijen) == int(decimaal.to_integral_value(ROUND_HALF_UP))


@stil
@given(bladen, st.randoms(use_true_random=False))
def test_the_order_of_sheets_makes_no_difference(rijen, toeval):
    eerst = gemiddelde_honderdsten(blad(*rij) for rij in rijen)
    toeval.shuffle(rijen)
    assert gemiddelde_honderdsten(blad(*rij) for rij in rijen) == eerst


@stil
@given(bladen)
def test_one_point_more_never_lowers_the_mean(rijen):
    eerst = gemiddelde_honderdsten(blad(*rij) for rij in rijen)
    for i, (gewicht, maximum, punten) in enumerate(rijen[0]):
        if punten < maximum:
            meer = [*rijen[0][:i], (gewicht, maximum, punten + 1), *rijen[0][i + 1 :]]
            assert gemiddelde_honderdsten(blad(*rij) for rij in [meer, *rijen[1:]]) >= eerst


@pytest.mark.parametrize(
    ("honderdsten", "tekst"), [(8333, "83,33"), (8000, "80,00"), (5, "0,05"), (0, "0,00"), (10000, "100,00")]
)
def test_a_score_reads_in_flemish_notation(honderdsten, tekst):
    assert score_tekst(honderdsten) == tekst
