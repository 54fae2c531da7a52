"""Simple interest: worked examples, and that what it gives does not depend on the order in which receipts are read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betalingen.interest import bereken, cent_dagen

DAG = date(2022, 4, 12)


@pytest.mark.parametrize(
    ("cent_dagen_", "honderdsten", "cent"),
    [
        (100_00 * 1, 365, 1),  # 3,65 % of 100 euro is one cent a day
        (100_00 * 365, 365, 3_65),
        (100_00 * 365, 10_000, 100_00),
        (5_000 * 1, 365, 1),  # half a cent goes up
        (4_999 * 1, 365, 0),
        (0, 365, 0),
        (100_00 * 365, 0, 0),
    ],
)
def test_a_worked_example(cent_dagen_, honderdsten, cent):
    assert bereken(cent_dagen_, honderdsten) == cent


def test_what_comes_in_counts_from_the_next_day():
    tot = DAG + timedelta(days=100)
    assert cent_dagen(1000, DAG, tot, []) == 100_000
    assert cent_dagen(1000, DAG, tot, [(DAG + timedelta(days=40), 600)]) == 40 * 1000 + 60 * 400
    # Before interest runs, and after the day that is asked about.
    assert cent_dagen(1000, DAG, tot, [(DAG - timedelta(days=5), 600)]) == 100 * 400
    assert cent_dagen(1000, DAG, tot, [(tot + timedelta(days=5), 600)]) == 100_000
    assert cent_dagen(1000, DAG, DAG - timedelta(days=1), []) == 0


_ontvangsten = st.lists(st.tuples(st.integers(-20, 120), st.integers(1, 100)), max_size=5)


@given(_ontvangsten, st.integers(-10, 110))
def test_it_is_the_sum_over_the_days(ontvangsten, dagen):
    betaald = [(DAG + timedelta(days=na), cent) for na, cent in ontvangsten]
    tot = DAG + timedelta(days=dagen)
    per_dag = sum(
        500 - sum(cent for dag, cent in betaald if dag < DAG + timedelta(days=i)) for i in range(1, dagen + 1)
    )
    assert cent_dagen(500, DAG, tot, betaald) == per_dag
    assert cent_dagen(500, DAG, tot, betaald[::-1]) == per_dag
