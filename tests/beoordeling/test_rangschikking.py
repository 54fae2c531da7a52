"""The ranking and the line under the budget, as a pure computation: the published rule, property by property."""

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beoordeling.models import Besluitregel
from beoordeling.rangschikking import (
    RESERVE,
    TOEKENNING,
    WEIGERING_BEDRAG,
    WEIGERING_KREDIET,
    WEIGERING_KWALITEIT,
    Kandidaat,
    Plaats,
    rangschik,
)

stil = settings(derandomize=True, database=None, deadline=None, max_examples=300)


@st.composite
def rondes(draw):
    """A round: few different scores, so that there are ties; amounts that do and do not fit."""
    scores = draw(st.lists(st.sampled_from([0, 5999, 6000, 6001, 7500, 8333, 10000]), max_size=9))
    nummers = draw(st.permutations(range(1, len(scores) + 1)))
    bedragen = [draw(st.integers(1, 40)) for _ in scores]
    kandidaten = [
        Kandidaat(100 + i, score, nummer, bedrag)
        for i, (score, nummer, bedrag) in enumerate(zip(scores, nummers, bedragen, strict=True))
    ]
    return kandidaten, draw(st.sampled_from([0, 60, 75, 100])), draw(st.integers(0, 200))


def berekend(ronde):
    kandidaten, minimum, beschikbaar = ronde
    plaatsen = rangschik(kandidaten, minimumscore=minimum, beschikbaar_cent=beschikbaar)
    return {k.dossier: k for k in kandidaten}, minimum, beschikbaar, plaatsen


def test_the_worked_example():
    """Five dossiers, 200.000 euro, minimum score 60.

    B has 90 and asks 100.000: it fits, 100.000 is left. A and D both have 80; D came in first (number 2) and asks
    60.000: it fits, 40.000 is left. A asks 50.000: that does not fit. C has 75 and asks only 10.000, but nobody is
    skipped. E has 59,99, just below the minimum.
    """
    kandidaten = [
        Kandidaat(dossier=1, score_honderdsten=8000, ontvangstnummer=5, gevraagd_cent=50_000_00),  # A
        Kandidaat(dossier=2, score_honderdsten=9000, ontvangstnummer=4, gevraagd_cent=100_000_00),  # B
        Kandidaat(dossier=3, score_honderdsten=7500, ontvangstnummer=1, gevraagd_cent=10_000_00),  # C
        Kandidaat(dossier=4, score_honderdsten=8000, ontvangstnummer=2, gevraagd_cent=60_000_00),  # D
        Kandidaat(dossier=5, score_honderdsten=5999, ontvangstnummer=3, gevraagd_cent=1_00),  # E
    ]
    assert rangschik(kandidaten, minimumscore=60, beschikbaar_cent=200_000_00) == [
        Plaats(2, 1, 9000, TOEKENNING, 100_000_00),
        Plaats(4, 2, 8000, TOEKENNING, 60_000_00),
        Plaats(1, 3, 8000, WEIGERING_KREDIET, 0),
        Plaats(3, 4, 7500, WEIGERING_KREDIET, 0),
        Plaats(5, 5, 5999, WEIGERING_KWALITEIT, 0),
    ]


@pytest.mark.parametrize(("beschikbaar", "toegekend"), [(299, 2), (300, 3), (301, 3), (99, 0), (100, 1), (0, 0)])
def test_the_line_falls_to_the_cent(beschikbaar, toegekend):
    kandidaten = [Kandidaat(nummer, 9000 - nummer, nummer, 100) for nummer in (1, 2, 3)]
    plaatsen = rangschik(kandidaten, minimumscore=60, beschikbaar_cent=beschikbaar)
    assert [p.uitkomst for p in plaatsen] == [TOEKENNING] * toegekend + [WEIGERING_KREDIET] * (3 - toegekend)


@pytest.mark.parametrize(("score", "uitkomst"), [(5999, WEIGERING_KWALITEIT), (6000, TOEKENNING), (6001, TOEKENNING)])
def test_the_minimum_score_is_included(score, uitkomst):
    (plaats,) = rangschik([Kandidaat(1, score, 1, 100)], minimumscore=60, beschikbaar_cent=100)
    assert plaats.uitkomst == uitkomst


def test_nothing_to_rank():
    assert rangschik([], minimumscore=60, beschikbaar_cent=100) == []


def test_with_a_reserve_list_what_is_good_and_does_not_fit_stands_on_it_in_order():
    kandidaten = [
        Kandidaat(1, 8000, 2, 60),
        Kandidaat(2, 9000, 1, 50),
        Kandidaat(3, 5900, 3, 10),
        Kandidaat(4, 7000, 4, 10),
    ]
    assert rangschik(kandidaten, minimumscore=60, beschikbaar_cent=100, reservelijst=True) == [
        Plaats(2, 1, 9000, TOEKENNING, 50),
        Plaats(1, 2, 8000, RESERVE, 0, 1),
        Plaats(4, 3, 7000, RESERVE, 0, 2),
        Plaats(3, 4, 5900, WEIGERING_KWALITEIT, 0),
    ]


@pytest.mark.parametrize(("reservelijst", "rest"), [(False, WEIGERING_KREDIET), (True, RESERVE)])
def test_who_gets_at_most_less_than_it_asks_leaves_more_to_the_next_and_nothing_is_a_refusal(reservelijst, rest):
    kandidaten = [
        Kandidaat(1, 9000, 1, 100, 30),
        Kandidaat(2, 8000, 2, 100, 0),
        Kandidaat(3, 7000, 3, 60, 60),
        Kandidaat(4, 6500, 4, 10, 200),  # fits asking 10, not with the limit that is above it
        Kandidaat(5, 6400, 5, 1),
        Kandidaat(6, 6300, 6, 1, 0),
        Kandidaat(7, 5900, 7, 1, 0),
    ]
    assert rangschik(kandidaten, minimumscore=60, beschikbaar_cent=100, reservelijst=reservelijst) == [
        Plaats(1, 1, 9000, TOEKENNING, 30),
        Plaats(2, 2, 8000, WEIGERING_BEDRAG, 0),
        Plaats(3, 3, 7000, TOEKENNING, 60),
        Plaats(4, 4, 6500, TOEKENNING, 10),
        Plaats(5, 5, 6400, rest, 0, 1 if reservelijst else None),
        Plaats(6, 6, 6300, WEIGERING_BEDRAG, 0),
        Plaats(7, 7, 5900, WEIGERING_KWALITEIT, 0),
    ]


def test_the_outcomes_are_those_of_the_decision():
    weigeringen = {WEIGERING_KWALITEIT, WEIGERING_KREDIET, WEIGERING_BEDRAG}
    assert {TOEKENNING, RESERVE} | weigeringen == set(Besluitregel.Uitkomst.values)


@stil
@given(rondes())
def test_every_dossier_has_one_rank_and_ranks_follow_score_and_then_receipt(ronde):
    per_dossier, _, _, plaatsen = berekend(ronde)
    assert {p.dossier for p in plaatsen} == per_dossier.keys()
    assert [p.rang for p in plaatsen] == list(range(1, len(per_dossier) + 1))
    assert all(p.score_honderdsten == per_dossier[p.dossier].score_honderdsten for p in plaatsen)
    sleutels = [(-p.score_honderdsten, per_dossier[p.dossier].ontvangstnummer) for p in plaatsen]
    assert sleutels == sorted(sleutels)


@stil
@given(rondes())
def test_no_more_is_awarded_than_is_available_and_always_the_full_amount_asked(ronde):
    per_dossier, _, beschikbaar, plaatsen = berekend(ronde)
    assert sum(p.bedrag_cent for p in plaatsen) <= beschikbaar
    for p in plaatsen:
        assert p.bedrag_cent == (per_dossier[p.dossier].gevraagd_cent if p.uitkomst == TOEKENNING else 0)


@stil
@given(rondes())
def test_below_the_minimum_score_is_refused_on_quality_and_nobody_else(ronde):
    _, minimum, _, plaatsen = berekend(ronde)
    for p in plaatsen:
        assert (p.uitkomst == WEIGERING_KWALITEIT) == (p.score_honderdsten < minimum * 100)


@stil
@given(rondes())
def test_awards_are_a_prefix_that_ends_at_the_first_that_does_not_fit(ronde):
    """No skipping: after the first refusal on budget there is no award, and that one really did not fit."""
    per_dossier, minimum, beschikbaar, plaatsen = berekend(ronde)
    goed = [p for p in plaatsen if p.score_honderdsten >= minimum * 100]
    lopend = list(accumulate(per_dossier[p.dossier].gevraagd_cent for p in goed))
    passen = sum(1 for som in lopend if som <= beschikbaar)  # amounts are positive, so these come first
    assert [p.uitkomst for p in goed] == [TOEKENNING] * passen + [WEIGERING_KREDIET] * (len(goed) - passen)


@stil
@given(rondes(), st.randoms(use_true_random=False))
def test_the_order_in_which_dossiers_are_given_makes_no_difference(ronde, toeval):
    kandidaten, minimum, beschikbaar = ronde
    eerst = rangschik(kandidaten, minimumscore=minimum, beschikbaar_cent=beschikbaar)
    toeval.shuffle(kandidaten)
    assert rangschik(kandidaten, minimumscore=minimum, beschikbaar_cent=beschikbaar) == eerst


@stil
@given(rondes(), st.integers(0, 100))
def test_more_budget_never_takes_an_award_away(ronde, extra):
    kandidaten, minimum, beschikbaar = ronde
    minder = rangschik(kandidaten, minimumscore=minimum, beschikbaar_cent=beschikbaar)
    meer = rangschik(kandidaten, minimumscore=minimum, beschikbaar_cent=beschikbaar + extra)
    assert {p.dossier for p in minder if p.bedrag_cent} <= {p.dossier for p in meer if p.bedrag_cent}
