"""The figures as they were known on a day; the credits; the open commitments and what of them can be cleared."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from betalingen import queries, services
from betalingen.models import Betaling, Krediet
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Oproep
from tests import bouw
from tests.proef import ARTIKEL

pytestmark = pytest.mark.django_db
K = 1_000_00


@pytest.fixture
def w(wereld):
    """Reserved 25 January 2022, signed 1 February, sent 8 February, paid 1 March, cancelled in part in March 2023."""
    bouw.kennisgegeven(wereld)
    klok.zet(klok.brussel(2022, 2, 8, 10))
    betaling = Betaling.objects.get(schijf__volgorde=1)
    services.stel_betaling_op(betaling, door=wereld.bea)
    services.keur_betaling_goed(betaling, door=wereld.bart)
    services.verstuur_betalingen(wereld.oproep, betalingen=[betaling.pk], door=wereld.bo)
    klok.zet(klok.brussel(2022, 3, 4, 10))
    services.meld_uitbetaald(betaling, datum=date(2022, 3, 1), door=wereld.bo)
    klok.zet(klok.brussel(2023, 3, 6, 10))
    services.annuleer_vastlegging(Dossier.objects.get(), bedrag_cent=20 * K, reden="Minder", door=wereld.bart)
    return wereld


def op(dag):
    """Return (budget, reserved, awarded, committed, charged, paid, available, encours, lapsed) in thousands."""
    totaal = queries.budgetstand(Oproep.objects.all(), op=dag)["totaal"]
    return [None if totaal[n] is None else totaal[n] // K for n in (*queries.BEDRAGEN, "vervallen")]


@pytest.mark.parametrize(
    ("dag", "verwacht"),
    [
        (date(2021, 5, 31), [None, 0, 0, 0, 0, 0, None, 0, 0]),
        (date(2021, 6, 1), [13_500, 0, 0, 0, 0, 0, 13_500, 0, 0]),
        (date(2022, 1, 24), [13_500, 0, 0, 0, 0, 0, 13_500, 0, 0]),
        (date(2022, 1, 25), [13_500, 100, 0, 0, 0, 0, 13_400, 0, 0]),
        (date(2022, 1, 31), [13_500, 100, 0, 0, 0, 0, 13_400, 0, 0]),
        (date(2022, 2, 1), [13_500, 0, 100, 100, 0, 0, 13_400, 100, 0]),
        (date(2022, 2, 8), [13_500, 0, 100, 100, 50, 0, 13_400, 50, 0]),
        # Paid on 1 March, but nobody knew before the 4th.
        (date(2022, 3, 3), [13_500, 0, 100, 100, 50, 0, 13_400, 50, 0]),
        (date(2022, 3, 4), [13_500, 0, 100, 100, 50, 50, 13_400, 50, 0]),
        (date(2023, 3, 6), [13_500, 0, 100, 80, 50, 50, 13_400, 30, 20]),
    ],
)
def test_the_position_as_it_was_known(w, dag, verwacht):
    assert op(dag) == verwacht


def test_today_is_known_as_it_stands(w):
    vandaag = queries.budgetstand(Oproep.objects.all())
    assert queries.budgetstand(Oproep.objects.all(), op=klok.vandaag()) == vandaag
    jaren = vandaag["oproepen"][0]["jaren"]
    assert [(j["jaar"], j["vastgelegd"], j["encours"], j["vervallen"]) for j in jaren] == [
        (2022, 100 * K, 50 * K, 0),
        (2023, -20 * K, -20 * K, 20 * K),
    ]


def test_a_budget_that_changed_later_is_known_as_it_was(w):
    klok.zet(klok.brussel(2023, 4, 1, 10))
    services.stel_budget_in(w.oproep, budget_cent=14_000 * K, per_luik={"vlaanderen": 12_800 * K}, door=w.bart)
    assert (op(date(2023, 3, 31))[0], op(date(2023, 4, 1))[0]) == (13_500, 14_000)
    eerder = queries.budgetstand(Oproep.objects.all(), op=date(2023, 3, 31))["oproepen"][0]
    assert [luik["budget"] for luik in eerder["luiken"]] == [1_200 * K, 12_300 * K]


def test_what_was_handed_in_and_awarded_is_counted_as_known(w):
    def aantallen(dag):
        totaal = queries.budgetstand(Oproep.objects.all(), op=dag)["totaal"]
        return (totaal["aantal_ingediend"], totaal["aantal_toegekend"])

    assert aantallen(date(2021, 10, 3)) == (0, 0)
    assert aantallen(date(2021, 10, 4)) == (1, 0)
    assert aantallen(date(2022, 1, 31)) == (1, 0)
    assert aantallen(date(2022, 2, 1)) == (1, 1)


def test_the_command_says_of_which_day(w, capsys):
    call_command("budgetstand", formaat="json", op=date(2022, 2, 1))
    uit = json.loads(capsys.readouterr().out)
    assert (uit["op"], uit["totaal"]["encours"], uit["totaal"]["uitbetaald"]) == ("2022-02-01", "100000.00", "0.00")
    with pytest.raises(CommandError, match=r"'gisteren' is geen datum; schrijf bijvoorbeeld 2022-12-31\."):
        call_command("budgetstand", "--op", "gisteren")


# --- credits ---


def kredieten(dag=None):
    velden = ("jaar", "vastleggingskrediet", "gereserveerd", "vastgelegd", "vervallen", "vak_vrij", "vek_vrij")
    rijen = queries.kredietstand(Krediet.objects.all(), op=dag)
    assert {rij["artikel"] for rij in rijen} == {ARTIKEL}
    return [tuple(w // K if isinstance(w := rij[v], int) and v != "jaar" else w for v in velden) for rij in rijen]


def test_the_credits_of_the_years(w):
    assert kredieten() == [(2022, 13_500, 0, 80, 20, 13_400, 6_950), (2023, 500, 0, 0, 0, 500, 5_000)]
    assert kredieten(date(2022, 1, 25)) == [(2022, 13_500, 100, 0, 0, 13_400, 7_000), (2023, 500, 0, 0, 0, 500, 5_000)]
    assert kredieten(date(2021, 5, 31)) == [(2022, None, 0, 0, 0, None, None), (2023, None, 0, 0, 0, None, None)]


# --- open commitments ---


def rijen():
    return list(queries.encours(Dossier.objects.all()))


def test_an_open_commitment_with_its_age(w):
    (rij,) = rijen()
    assert (rij.vastgelegd_cent, rij.vereffend_cent, rij.encours_cent) == (80 * K, 50 * K, 30 * K)
    assert (rij.vastgelegd_op, rij.laatst_op, rij.schijf_open) == (date(2022, 2, 1), date(2023, 3, 6), True)
    assert queries.leeftijd_jaren(rij) == 1
    assert queries.leeftijd_jaren(rij, date(2023, 1, 31)) == 0
    assert queries.leeftijd_jaren(rij, date(2023, 2, 1)) == 1


def test_what_can_be_cleared_and_why(w):
    def lijst(dag=None):
        alle = queries.encours(Dossier.objects.all())
        op_te_kuisen = list(queries.op_te_kuisen(alle, dag))
        redenen = [queries.reden_op_te_kuisen(rij, dag) for rij in alle]
        assert [rij for rij, reden in zip(alle, redenen, strict=True) if reden] == op_te_kuisen
        return redenen

    assert lijst() == [None]
    assert lijst(date(2030, 1, 31)) == [None]
    assert lijst(date(2030, 2, 1)) == ["De vastlegging is ouder dan 8 jaar."]
    assert lijst(date(2032, 2, 29)) == ["De vastlegging is ouder dan 8 jaar."]
    Betaling.objects.exclude(status="uitbetaald").update(status="vervallen")
    assert lijst() == ["Er is geen schijf meer te betalen."]
    Dossier.objects.update(status="stopgezet")
    assert lijst() == ["Het project is stopgezet."]


def test_without_an_open_commitment_there_is_no_row(w):
    services.annuleer_vastlegging(Dossier.objects.get(), bedrag_cent=30 * K, reden="Klaar", door=w.bart)
    assert rijen() == []


@pytest.mark.parametrize("aantal", [1, 2])
def test_the_number_of_queries_does_not_grow(wereld, django_assert_num_queries, aantal):
    bouw.kennisgegeven(wereld, dict(list({"an": 9, "ben": 8}.items())[:aantal]))
    klok.zet(klok.nu() + timedelta(days=1))
    with django_assert_num_queries(6):
        queries.budgetstand(Oproep.objects.all(), op=klok.vandaag())
    with django_assert_num_queries(3):
        queries.kredietstand(Krediet.objects.all(), op=klok.vandaag())
    with django_assert_num_queries(1):
        assert len(rijen()) == aantal
