"""Columns: cents through one widget only, in every resource of the house."""

import importlib
import inspect
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from import_export import resources, widgets
from import_export.fields import Field

from betalingen.models import Betaling
from kern.resources import CentWidget, GetalWidget, Kolom, Rekenblad

HUIS = Path(__file__).parents[2]


def alle_resources() -> list[type[resources.Resource]]:
    """Return every resource of the house: all of them live in a resources.py."""
    modules = [pad.relative_to(HUIS).with_suffix("") for pad in HUIS.glob("*/resources.py")]
    gevonden = []
    for module in sorted(modules):
        leden = vars(importlib.import_module(".".join(module.parts))).values()
        gevonden += [lid for lid in leden if inspect.isclass(lid) and issubclass(lid, resources.Resource)]
    return [lid for lid in dict.fromkeys(gevonden) if lid not in {resources.Resource, Rekenblad}]


def verkeerd(resource: type[resources.Resource]) -> list[str]:
    """Return the columns of a resource that would show cents as something else, or something else as cents."""
    fout = []
    for naam, veld in resource().fields.items():
        is_cent = any(str(deel).endswith("_cent") for deel in (naam, veld.attribute))
        if is_cent != isinstance(veld.widget, CentWidget):
            fout.append(naam)
    return fout


def test_there_are_resources_to_look_at():
    assert {r.__name__ for r in alle_resources()} >= {"BudgetResource", "BetalingResource", "DossierResource"}


def test_no_resource_is_made_elsewhere():
    elders = [
        str(pad.relative_to(HUIS))
        for pad in HUIS.glob("*/**/*.py")
        if pad.relative_to(HUIS).parts[0] not in {"tests", ".venv", "benchmarks"}
        and pad.name != "resources.py"
        and "import_export" in pad.read_text(encoding="utf-8")
    ]
    assert elders == []


@pytest.mark.parametrize("resource", alle_resources(), ids=lambda r: r.__name__)
def test_cents_go_through_the_cent_widget_only(resource: type[resources.Resource]):
    assert verkeerd(resource) == []


def test_the_test_itself_finds_a_column_of_cents_that_goes_another_way():
    class Slecht(resources.ModelResource):
        bedrag = Field("bedrag_cent", "Bedrag", widgets.DecimalWidget())
        anders_cent = Kolom("anders", "Anders", GetalWidget())
        goed_cent = Kolom("dossier__gevraagd_cent", "Goed", CentWidget())
        aantal = Kolom("aantal", "Aantal", CentWidget())

        class Meta:
            model = Betaling
            fields = ("bedrag", "anders_cent", "goed_cent", "aantal", "bedrag_cent", "iban")

    assert sorted(verkeerd(Slecht)) == ["aantal", "anders_cent", "bedrag", "bedrag_cent"]


@pytest.mark.parametrize("resource", alle_resources(), ids=lambda r: r.__name__)
def test_headings_are_there_once(resource: type[Rekenblad]):
    koppen = [kolom.column_name for kolom in resource().kolommen()]
    assert len(koppen) == len(set(koppen)) and all(koppen)


@pytest.mark.parametrize(
    ("cel", "cent"),
    [
        (Decimal("12.34"), 1234),
        (Decimal("12.340"), 1234),
        (12, 1200),
        (12.34, 1234),
        (0.1, 10),
        (-0.05, -5),
        ("1.234,56", 123456),
        ("1234,5", 123450),
        ("€ 1.234,00", 123400),
        (Decimal("99999999999.99"), 9999999999999),
        (None, None),
        ("", None),
        ("  ", None),
    ],
)
def test_cents_come_in_exactly(cel: Any, cent: int | None):
    assert CentWidget().clean(cel) == cent


@pytest.mark.parametrize(
    ("cel", "zin"),
    [
        (Decimal("12.345"), "Een bedrag heeft hoogstens twee cijfers na de komma."),
        (12.345, "Een bedrag heeft hoogstens twee cijfers na de komma."),
        (0.1 + 0.2, "Een bedrag heeft hoogstens twee cijfers na de komma."),
        ("12,345", "Het bedrag '12,345' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23."),
        ("€ 1.234", "Het bedrag '€ 1.234' kan op twee manieren gelezen worden. Schrijf het als 1.234,00 of 1,23."),
        ("12.3456", "Het bedrag '12.3456' kan niet gelezen worden. Schrijf het als 1.234,56."),
        ("veel", "Het bedrag 'veel' kan niet gelezen worden. Schrijf het als 1.234,56."),
        (float("nan"), "Een bedrag heeft hoogstens twee cijfers na de komma."),
        (float("inf"), "Dit bedrag kan niet gelezen worden."),
        (True, "Dit bedrag kan niet gelezen worden."),
        ([12], "Dit bedrag kan niet gelezen worden."),
        (10**12, "Dit bedrag is te groot."),
    ],
)
def test_what_is_no_amount_to_the_cent_is_refused(cel: Any, zin: str):
    with pytest.raises(ValueError) as fout:  # noqa: PT011  the sentence is compared as a whole
        CentWidget().clean(cel)
    assert str(fout.value) == zin


@pytest.mark.parametrize("cent", [0, 1, -1, 10, 99, 123456, 10**13, -(10**13)])
def test_cents_go_out_and_come_back(cent: int):
    widget = CentWidget()
    euro = widget.render(cent, force_native_type=True)
    assert isinstance(euro, Decimal) and euro * 100 == cent
    assert widget.clean(euro) == widget.clean(widget.render(cent)) == cent
    assert widget.render(None, force_native_type=True) is None
    assert widget.render(None) == ""
