"""`manage.py exporteer`: three sheets, two types, clear sentences, all or nothing."""

import json
import os
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from betalingen.models import Betaling
from dossiers.models import Dossier
from kern import klok
from tests import bouw
from tests.bladen import csv_rijen, rijen, toelichting, totalen

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def basis() -> None:
    """Share no world: one of these tests wants an empty database."""


def exporteer(*woorden: Any) -> str:
    uit = StringIO()
    call_command("exporteer", *map(str, woorden), stdout=uit)
    return uit.getvalue()


def test_three_sheets_agree_with_the_budget_position(wereld: bouw.Wereld, tmp_path: Path):
    bouw.verstuurde_betaling(wereld)
    uit = StringIO()
    call_command("budgetstand", "--formaat", "json", stdout=uit)
    stand = json.loads(uit.getvalue())["totaal"]

    assert exporteer("budget", "--uit", tmp_path / "b.xlsx") == f"4 rijen geschreven naar {tmp_path / 'b.xlsx'}.\n"
    assert exporteer("dossiers", "--uit", tmp_path / "d.xlsx") == f"1 rij geschreven naar {tmp_path / 'd.xlsx'}.\n"
    assert exporteer("betalingen", "--uit", tmp_path / "p.xlsx") == f"3 rijen geschreven naar {tmp_path / 'p.xlsx'}.\n"

    budget, dossiers, betalingen = (totalen((tmp_path / f"{naam}.xlsx").read_bytes()) for naam in "bdp")
    # What lapsed is a column of the sheet only.
    assert {kop.lower(): f"{waarde:.2f}" for kop, waarde in budget.items()} == {
        naam: bedrag for naam, bedrag in stand.items() if not naam.startswith("aantal")
    } | {"vervallen": "0.00"}
    for kop in ("Toegekend", "Vastgelegd", "Vereffend", "Uitbetaald"):
        assert dossiers[kop] == budget[kop]
    assert betalingen["Bedrag"] == budget["Vastgelegd"] == 100000
    assert budget["Vereffend"] == 50000
    assert {p.name for p in tmp_path.iterdir()} == {"b.xlsx", "d.xlsx", "p.xlsx"}


def test_the_sheets_about_money(wereld: bouw.Wereld, tmp_path: Path):
    bouw.kennisgegeven(wereld)
    nummer = Dossier.objects.get().nummer
    aantallen = {"kredieten": 2, "vastleggingen": 1, "encours": 1, "grootboek": 3}
    for wat, aantal in aantallen.items():
        rij = "rij" if aantal == 1 else "rijen"
        pad = tmp_path / f"{wat}.xlsx"
        assert exporteer(wat, "--uit", pad) == f"{aantal} {rij} geschreven naar {pad}.\n"
    exporteer("vastleggingen", "--uit", tmp_path / "v.csv", "--jaar", "2022")
    (rij,) = csv_rijen((tmp_path / "v.csv").read_bytes())
    assert (rij["Soort"], rij["Bedrag"], rij["Dossier"]) == ("Vastlegging", "100.000,00", nummer)
    exporteer("grootboek", "--uit", tmp_path / "g.csv", "--jaar", "2023")
    assert csv_rijen((tmp_path / "g.csv").read_bytes()) == []
    exporteer("kredieten", "--uit", tmp_path / "k.csv", "--jaar", "2023")
    assert [rij["Jaar"] for rij in csv_rijen((tmp_path / "k.csv").read_bytes())] == ["2023"]
    with pytest.raises(CommandError, match="Met organisaties kan --jaar niet; wel met budget, kredieten"):
        exporteer("organisaties", "--uit", tmp_path / "o.csv", "--jaar", "2022")


def test_the_sheets_of_one_year(wereld: bouw.Wereld, tmp_path: Path):
    """Payments by the day they were paid, of their order, or due; dossiers by handing in; encours by commitment."""
    bouw.kennisgegeven(wereld)
    een, twee, drie = Betaling.objects.order_by("schijf__volgorde")
    bouw.betalingen.stel_betaling_op(een, door=wereld.bea)
    bouw.betalingen.keur_betaling_goed(een, door=wereld.bart)
    klok.zet(klok.brussel(2022, 12, 31, 23, 30))  # in Brussels still this year
    bouw.betalingen.verstuur_betalingen(wereld.oproep, betalingen=[een.pk], door=wereld.bo)

    def in_jaren(wat: str, kop: str) -> dict[int, list[Any]]:
        uit = {}
        for jaar in range(2021, 2026):
            exporteer(wat, "--uit", tmp_path / "x.csv", "--jaar", jaar)
            uit[jaar] = [rij[kop] for rij in csv_rijen((tmp_path / "x.csv").read_bytes())]
        return {jaar: waarden for jaar, waarden in uit.items() if waarden}

    nummer = Dossier.objects.get().nummer
    assert in_jaren("dossiers", "Dossier") == {2021: [nummer]}
    assert in_jaren("encours", "Dossier") == {2022: [nummer]}
    later = {2023: [twee.schijf.naam], 2024: [drie.schijf.naam]}
    assert in_jaren("betalingen", "Schijf") == {2022: [een.schijf.naam], **later}
    klok.zet(klok.brussel(2023, 1, 5))
    bouw.betalingen.meld_uitbetaald(een, datum=date(2023, 1, 3), door=wereld.bo)
    assert in_jaren("betalingen", "Schijf") == {2023: [een.schijf.naam, twee.schijf.naam], 2024: later[2024]}


def test_the_sheets_of_an_earlier_day(wereld: bouw.Wereld, tmp_path: Path):
    betaling = bouw.goedgekeurde_betaling(wereld)
    klok.zet(klok.nu() + timedelta(days=2))
    bouw.betalingen.verstuur_betalingen(wereld.oproep, betalingen=[betaling.pk], door=wereld.bo)
    dag = klok.vandaag()
    klok.zet(klok.nu() + timedelta(days=1))
    for wat, kop, waarden in (
        ("encours", "Encours", ["100.000,00"]),
        ("kredieten", "Vastgelegd", ["100.000,00", "0,00"]),
        ("budget", "Vastgelegd", ["100.000,00", "0,00", "100.000,00", "100.000,00"]),
    ):
        exporteer(wat, "--uit", tmp_path / "x.csv", "--op", bouw.BESLIST.date())
        assert [rij[kop] for rij in csv_rijen((tmp_path / "x.csv").read_bytes())] == waarden, wat
    exporteer("encours", "--uit", tmp_path / "x.csv", "--op", dag)
    assert [rij["Encours"] for rij in csv_rijen((tmp_path / "x.csv").read_bytes())] == ["50.000,00"]
    exporteer("encours", "--uit", tmp_path / "x.csv", "--op", "2021-12-31")
    assert csv_rijen((tmp_path / "x.csv").read_bytes()) == []
    with pytest.raises(CommandError, match="Met grootboek kan --op niet; wel met budget, kredieten, encours"):
        exporteer("grootboek", "--uit", tmp_path / "g.csv", "--op", "2022-01-01")
    for woorden in (("exporteer", "encours", "--uit", tmp_path / "g.csv"), ("budgetstand",)):
        with pytest.raises(CommandError, match="2030-01-01 ligt in de toekomst; kies een dag tot en met vandaag"):
            call_command(*map(str, woorden), "--op", "2030-01-01", stdout=StringIO())


def test_drafts_are_their_applicants_own(wereld: bouw.Wereld, tmp_path: Path):
    bouw.volledig(wereld, "ben")
    dossier = bouw.ingediend(wereld, "an")
    exporteer("dossiers", "--uit", tmp_path / "d.csv")
    assert [rij["Dossier"] for rij in csv_rijen((tmp_path / "d.csv").read_bytes())] == [dossier.nummer]


def test_one_call(wereld: bouw.Wereld, tmp_path: Path):
    bouw.ingediend(wereld, "an")
    pad = tmp_path / "d.XLSX"
    exporteer("dossiers", "--oproep", "zorgzame-buurten", "--uit", pad)
    assert len(rijen(pad.read_bytes())) == 1
    assert toelichting(pad.read_bytes())["Oproep"] == "Zorgzame buurten"
    exporteer("budget", "--oproep", "zorgzame-buurten", "--uit", pad)
    assert toelichting(pad.read_bytes())["Oproep"] == "Zorgzame buurten"
    with pytest.raises(CommandError) as fout:
        exporteer("dossiers", "--oproep", "zorgzaam", "--uit", pad)
    assert str(fout.value) == "Er is geen oproep 'zorgzaam'. Bekend: zorgzame-buurten."


def test_an_empty_database(db: None, tmp_path: Path):
    for wat in ("budget", "dossiers", "betalingen"):
        for naam in ("x.xlsx", "x.csv"):
            assert exporteer(wat, "--uit", tmp_path / naam) == f"0 rijen geschreven naar {tmp_path / naam}.\n"
    with pytest.raises(CommandError) as fout:
        exporteer("budget", "--oproep", "x", "--uit", tmp_path / "x.csv")
    assert str(fout.value) == "Er is geen oproep 'x'. Bekend: geen enkele."


@pytest.mark.parametrize("naam", ["x.pdf", "x", "xlsx", "x.xlsx.zip", ".xlsx"])
def test_an_unknown_extension(db: None, tmp_path: Path, naam: str):
    with pytest.raises(CommandError) as fout:
        exporteer("budget", "--uit", tmp_path / naam)
    assert str(fout.value) == f"De naam {naam} eindigt niet op .xlsx of .csv."
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_there(db: None, tmp_path: Path):
    with pytest.raises(CommandError) as fout:
        exporteer("budget", "--uit", tmp_path / "weg" / "x.csv")
    assert str(fout.value) == f"De map {tmp_path / 'weg'} bestaat niet."
    (tmp_path / "map.csv").mkdir()
    with pytest.raises(CommandError) as fout:
        exporteer("budget", "--uit", tmp_path / "map.csv")
    assert str(fout.value) == f"{tmp_path / 'map.csv'} is een map."


def test_a_place_where_nothing_can_be_written(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pad = tmp_path / "x.csv"
    pad.write_text("oud")

    def vol(*_: Any, **__: Any) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", vol)
    with pytest.raises(CommandError) as fout:
        exporteer("budget", "--uit", pad)
    assert str(fout.value) == f"Het bestand {pad} kan niet geschreven worden: {os.strerror(28)}."
    assert pad.read_text() == "oud" and list(tmp_path.iterdir()) == [pad]


def test_words_that_are_missing_or_unknown(db: None):
    with pytest.raises(CommandError, match="--uit"):
        exporteer("budget")
    with pytest.raises(CommandError, match="wat"):
        exporteer("alles", "--uit", "x.csv")
