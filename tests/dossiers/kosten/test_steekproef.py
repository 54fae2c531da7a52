"""The draw: how large, what is always in it, the same for everybody, and every euro its equal chance."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.kosten.steekproef import Trekregel, omvang, trek

ZAAD = "ab" * 32


@pytest.mark.parametrize(
    ("aantal", "minimum", "procent", "verwacht"),
    [(0, 10, 10, 0), (3, 10, 10, 3), (10, 10, 10, 10), (101, 10, 10, 11), (500, 10, 10, 50), (500, 10, 0, 10)],
)
def test_how_many(aantal, minimum, procent, verwacht):
    assert omvang(aantal, minimum=minimum, procent=procent) == verwacht


def regels(*centen):
    return [Trekregel(i, cent) for i, cent in enumerate(centen, start=1)]


def test_large_lines_are_always_in_it():
    assert trek(regels(10, 5000, 10, 4999, 5000), aantal=2, altijd_vanaf_cent=5000, zaad=ZAAD) == {2, 5}
    assert trek(regels(5000, 5000, 5000), aantal=1, altijd_vanaf_cent=5000, zaad=ZAAD) == {1, 2, 3}


def test_a_small_claim_is_in_it_whole():
    assert trek(regels(10, 20, 30), aantal=10, altijd_vanaf_cent=None, zaad=ZAAD) == {1, 2, 3}
    assert trek([], aantal=10, altijd_vanaf_cent=None, zaad=ZAAD) == set()


def test_the_draw_is_fixed_by_its_seed():
    """A draw of long ago can be made again: these numbers may never change."""
    rijen = regels(*[100_00] * 20)
    assert trek(rijen, aantal=4, altijd_vanaf_cent=None, zaad=ZAAD) == trek(
        rijen[::-1], aantal=4, altijd_vanaf_cent=None, zaad=ZAAD
    )
    assert sorted(trek(rijen, aantal=4, altijd_vanaf_cent=None, zaad=ZAAD)) == [4, 9, 14, 19]
    assert trek(rijen, aantal=4, altijd_vanaf_cent=None, zaad="cd" * 32) != {4, 9, 14, 19}


def test_twice_the_amount_is_twice_the_chance():
    rijen = regels(200, 100, 100, 100, 100, 100, 100, 200)
    keer: Counter[int] = Counter()
    for i in range(3000):
        keer.update(trek(rijen, aantal=2, altijd_vanaf_cent=None, zaad=f"{i:064x}"))
    # 2 draws of 1000 cents: a line of 200 has a chance of 40%, one of 100 of 20%.
    assert all(abs(keer[n] - 1200) < 150 for n in (1, 8))
    assert all(abs(keer[n] - 600) < 120 for n in range(2, 8))


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=60),
    st.integers(0, 70),
    st.none() | st.integers(1, 10**9),
    st.binary(min_size=32, max_size=32),
)
def test_whatever_the_amounts(centen, aantal, altijd, zaad):
    rijen = regels(*centen)
    getrokken = trek(rijen, aantal=aantal, altijd_vanaf_cent=altijd, zaad=zaad.hex())
    zeker = {r.volgnummer for r in rijen if altijd is not None and r.bedrag_cent >= altijd}
    assert zeker <= getrokken <= {r.volgnummer for r in rijen}
    assert len(getrokken) <= max(aantal, len(zeker))
    if aantal > len(zeker) and len(rijen) > len(zeker):
        assert getrokken > zeker
    if aantal >= len(rijen):
        assert len(getrokken) == len(rijen)
