"""Instalments: whatever the percentages, together exactly the award."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from betalingen.models import Betaling
from betalingen.services import plan_betalingen, reken_saldo_af
from oproepen.models import Betaalschijf
from tests import bouw
from tests.hulp import teruggedraaid, weigert

pytestmark = pytest.mark.django_db

_procenten = st.lists(st.integers(1, 99), unique=True, max_size=7).map(
    lambda sneden: [b - a for a, b in zip([0, *sorted(sneden)], [*sorted(sneden), 100], strict=True)]
)


@pytest.fixture
def dossier(wereld):
    return bouw.opnieuw(bouw.concept(wereld))


def plan(dossier, toegekend, procenten):
    """Plan an award over a schedule of these percentages; return the amounts in order, with their instalment."""
    dossier.toegekend_cent = toegekend
    Betaalschijf.objects.filter(luik_id=dossier.ronde.luik_id).delete()
    Betaalschijf.objects.bulk_create(
        Betaalschijf(luik_id=dossier.ronde.luik_id, volgorde=n, naam=f"{n}", procent=p, aanleiding="vastlegging")
        for n, p in enumerate(procenten, start=1)
    )
    plan_betalingen(dossier)
    rijen = Betaling.objects.filter(dossier=dossier).order_by("schijf__volgorde")
    return [(rij.schijf.volgorde, rij.bedrag_cent) for rij in rijen.select_related("schijf")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(toegekend=st.integers(1, 10**12) | st.integers(1, 300), procenten=_procenten)
@example(toegekend=1, procenten=[50, 50])
@example(toegekend=99, procenten=[1] * 99 + [1])
def test_together_exactly_the_award(dossier, toegekend, procenten):
    with teruggedraaid():
        bedragen = dict(plan(dossier, toegekend, procenten))
    assert sum(bedragen.values()) == toegekend
    assert all(cent > 0 for cent in bedragen.values())
    laatste = len(procenten)
    for volgorde, procent in enumerate(procenten, start=1):
        precies = toegekend * procent // 100
        if volgorde < laatste:
            assert bedragen.get(volgorde, 0) == precies
        else:
            assert 0 <= bedragen[laatste] - precies < laatste


@pytest.mark.parametrize(
    ("toegekend", "procenten", "bedragen"),
    [
        (100_000_00, [50, 40, 10], [(1, 50_000_00), (2, 40_000_00), (3, 10_000_00)]),
        (100_01, [50, 40, 10], [(1, 50_00), (2, 40_00), (3, 10_01)]),
        (1, [50, 40, 10], [(3, 1)]),
        (3, [50, 40, 10], [(1, 1), (2, 1), (3, 1)]),
        (99_999_99, [33, 33, 34], [(1, 32_999_99), (2, 32_999_99), (3, 34_000_01)]),
        (12_345_67, [100], [(1, 12_345_67)]),
    ],
)
def test_rounds_down_and_the_last_takes_the_rest(dossier, toegekend, procenten, bedragen):
    assert plan(dossier, toegekend, procenten) == bedragen


@pytest.mark.parametrize("toegekend", [100_000_03, 99_999_99, 1_01, 33_333_33])
def test_a_remainder_over_four_instalments_is_in_the_last(dossier, toegekend):
    bedragen = plan(dossier, toegekend, [25, 25, 25, 25])
    vierde = toegekend // 4
    assert bedragen == [(1, vierde), (2, vierde), (3, vierde), (4, toegekend - 3 * vierde)]
    assert sum(cent for _, cent in bedragen) == toegekend


def test_an_award_gives_its_instalments_with_the_account_of_the_dossier(wereld):
    bouw.beslist(wereld)
    rijen = Betaling.objects.order_by("schijf__volgorde")
    assert list(rijen.values_list("bedrag_cent", "status", "iban", "schijf__naam")) == [
        (50_000_00, "gepland", bouw.IBAN, "Eerste schijf"),
        (40_000_00, "gepland", bouw.IBAN, "Tweede schijf"),
        (10_000_00, "gepland", bouw.IBAN, "Saldo"),
    ]
    assert set(rijen.values_list("opgesteld_door", "goedgekeurd_door", "opdracht", "uitbetaald_op")) == {
        (None, None, None, None)
    }


def test_a_schedule_without_a_balance_has_nothing_to_settle(wereld):
    bouw.kennisgegeven(wereld)
    dossier = bouw.opnieuw(Betaling.objects.first().dossier)
    with weigert("niet_af_te_rekenen", "Dit dossier heeft geen schijf met een saldo."):
        reken_saldo_af(dossier, saldo_cent=0, door=wereld.bea)
