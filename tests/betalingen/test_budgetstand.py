"""`manage.py budgetstand`: the figures of the ledger per call, track and year, exactly."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from betalingen import services
from betalingen.models import Betaling, Journaalregel
from kern import klok
from tests import bouw
from tests.onthouden import onthoudt
from tests.proef import tweede_oproep

pytestmark = pytest.mark.django_db

NIETS = {
    "gereserveerd": "0.00", "toegekend": "0.00", "vastgelegd": "0.00",
    "vereffend": "0.00", "uitbetaald": "0.00", "encours": "0.00",
}  # fmt: skip
GEEN_BUDGET = {"budget": None, "beschikbaar": None}
IN_2022 = NIETS | {"toegekend": "100000.00", "vastgelegd": "100000.00", "vereffend": "50000.00", "encours": "50000.00"}
IN_2023 = NIETS | {"uitbetaald": "50000.00"}
ALLES = IN_2022 | IN_2023 | {k: IN_2022[k] for k in ("toegekend", "vastgelegd", "vereffend", "encours")}
EEN_VAN_TWEE = {"aantal_ingediend": 2, "aantal_toegekend": 1}
GEEN = {"aantal_ingediend": 0, "aantal_toegekend": 0}


@pytest.fixture
@onthoudt
def w(wereld):
    """One award and one refusal; sent in 2022 and paid in 2023."""
    bouw.kennisgegeven(wereld, {"an": 9, "ben": 3})
    betaling = Betaling.objects.get(schijf__volgorde=1)
    services.stel_betaling_op(betaling, door=wereld.bea)
    services.keur_betaling_goed(betaling, door=wereld.bart)
    services.verstuur_betalingen(wereld.oproep, betalingen=[betaling.pk], door=wereld.bo)
    klok.zet(klok.brussel(2023, 1, 3))
    services.meld_uitbetaald(betaling, datum=klok.vandaag(), door=wereld.bo)
    return wereld


def budgetstand(capsys, **opties):
    capsys.readouterr()
    call_command("budgetstand", formaat="json", **opties)
    return json.loads(capsys.readouterr().out)


def test_the_whole_position(w, capsys):
    budget = {"budget": "13500000.00", "beschikbaar": "13400000.00"}
    assert budgetstand(capsys) == {
        "op": "2023-01-03",
        "totaal": ALLES | budget | EEN_VAN_TWEE,
        "oproepen": [
            {
                "oproep": "zorgzame-buurten",
                "actie": 18,
                **ALLES,
                **budget,
                **EEN_VAN_TWEE,
                "luiken": [
                    {
                        "luik": "brussel",
                        **NIETS,
                        "budget": "1200000.00",
                        "beschikbaar": "1200000.00",
                        **GEEN,
                    },
                    {
                        "luik": "vlaanderen",
                        **ALLES,
                        "budget": "12300000.00",
                        "beschikbaar": "12200000.00",
                        **EEN_VAN_TWEE,
                    },
                ],
                "jaren": [
                    {"jaar": 2022, **IN_2022, **GEEN_BUDGET},
                    {"jaar": 2023, **IN_2023, **GEEN_BUDGET},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("jaar", "bedragen", "aantallen"),
    [
        (2021, NIETS, {"aantal_ingediend": 2, "aantal_toegekend": 0}),
        (2022, IN_2022, {"aantal_ingediend": 0, "aantal_toegekend": 1}),
        (2023, IN_2023, GEEN),
        (2024, NIETS, GEEN),
    ],
)
def test_one_year(w, capsys, jaar, bedragen, aantallen):
    stand = budgetstand(capsys, jaar=jaar)
    assert stand["totaal"] == bedragen | GEEN_BUDGET | aantallen
    (oproep,) = stand["oproepen"]
    assert {naam: oproep[naam] for naam in stand["totaal"]} == stand["totaal"]
    verwacht = [{"jaar": jaar, **bedragen, **GEEN_BUDGET}] if bedragen != NIETS else []
    assert oproep["jaren"] == verwacht


def test_one_call_or_one_action(w, capsys):
    tweede_oproep(w)
    beide = budgetstand(capsys)
    assert [rij["oproep"] for rij in beide["oproepen"]] == ["andere-oproep", "zorgzame-buurten"]
    assert beide["totaal"]["budget"] == "13500000.00"
    (zonder,) = budgetstand(capsys, oproep="andere-oproep")["oproepen"]
    assert {naam: zonder[naam] for naam in (*NIETS, *GEEN_BUDGET)} == NIETS | GEEN_BUDGET
    assert zonder["jaren"] == []
    assert budgetstand(capsys, actie=18) == beide
    assert budgetstand(capsys, oproep="zorgzame-buurten", actie=18)["totaal"] == beide["totaal"] | {
        "aantal_ingediend": 2
    }


@pytest.mark.parametrize(
    "opties", [{"oproep": "bestaat-niet"}, {"actie": 99}, {"oproep": "zorgzame-buurten", "actie": 1}]
)
def test_refuses_a_call_that_does_not_exist(w, opties):
    with pytest.raises(CommandError, match=r"^Er is geen oproep die daaraan voldoet\.$"):
        call_command("budgetstand", **opties)


def test_the_table_says_the_same(w, capsys):
    call_command("budgetstand")
    regels = {regel.split("  ")[0] or regel.split()[0]: regel.split() for regel in capsys.readouterr().out.splitlines()}
    assert regels["zorgzame-buurten"] == [
        "zorgzame-buurten", "13.500.000,00", "0,00", "100.000,00", "100.000,00", "50.000,00", "50.000,00",
        "13.400.000,00", "50.000,00",
    ]  # fmt: skip
    assert regels["2023"] == ["2023", "-", "0,00", "0,00", "0,00", "0,00", "50.000,00", "-", "0,00"]
    assert regels["totaal"][1:] == regels["zorgzame-buurten"][1:]


def test_the_position_asks_as_many_queries_of_a_thousand_lines_as_of_three(wereld):
    """The benchmark does this with 100,000 (docs/metingen.md)."""
    bouw.kennisgegeven(wereld)
    client = Client()
    client.force_login(wereld.bart)

    def vragen(adres):
        with CaptureQueriesContext(connection) as gevraagd:
            antwoord = client.get(adres)
            assert antwoord.status_code == 200
            b"".join(antwoord)
        return len(gevraagd)

    adressen = ("/budgetstand/", "/budgetstand/bestand/", "/budgetstand/?op=2022-01-20", "/budgetstand/vooruitblik/")
    met_drie = [vragen(adres) for adres in adressen]
    regel = Journaalregel.objects.filter(soort="vastlegging").get()
    Journaalregel.objects.bulk_create(
        Journaalregel(**{v.attname: getattr(regel, v.attname) for v in regel._meta.concrete_fields if v.name != "id"})
        for _ in range(1000)
    )
    assert [vragen(adres) for adres in adressen] == met_drie == [10, 9, 10, 12]
