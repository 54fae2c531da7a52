"""What a column of a sheet is: the base of every */resources.py, and the widgets that know our units.

A resource decides the columns of a sheet, in one place; kern/werkblad.py writes them. Amounts leave as Decimal
euro and come in as whole cents, never another way: a test holds every `_cent` column to `CentWidget`.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from import_export import resources
from import_export.fields import Field
from import_export.widgets import Widget

from kern import dagen, geld, klok
from kern.canoniek import tekst_fout
from kern.weigering import Weigering


class CentWidget(Widget):
    """Whole cents: Decimal euro in a sheet, and back without rounding."""

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> Decimal | str | None:
        """Return cents as Decimal euro where types are kept, else in Flemish notation ('1.234,56')."""
        if kwargs.get("force_native_type"):
            return None if value is None else geld.euro(value)
        return "" if value is None else geld.getal_tekst(value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        """Return the cents of a cell in euro, None when it is empty; ValueError with a third decimal or no amount."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            if isinstance(value, str):
                return geld.lees_bedrag(value, uit_bestand=True)
            # The shortest text of a float is what the cell shows: 0.1 is ten cents.
            cent = geld.naar_cent(Decimal(str(value)))
        except InvalidOperation:
            raise ValueError("Dit bedrag kan niet gelezen worden.") from None
        except Weigering as fout:
            raise ValueError(fout.zin) from None
        if abs(cent) > geld.HOOGSTE_CENT:
            raise ValueError("Dit bedrag is te groot.")
        return cent


class HonderdstenWidget(Widget):
    """A score, kept in hundredths of a point: 8333 is 83,33."""

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> Decimal | str | None:
        """Return the score as Decimal where types are kept, else in Flemish notation."""
        if kwargs.get("force_native_type"):
            return None if value is None else geld.euro(value)
        return "" if value is None else geld.getal_tekst(value)


class GetalWidget(Widget):
    """A number to count or order with: a year, a rank, points."""

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> int | str | None:
        """Return the number, or its digits."""
        if kwargs.get("force_native_type"):
            return value
        return "" if value is None else str(value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        """Return the whole number of a cell, None when it is empty; ValueError when it is none."""
        tekst = "" if value is None else str(value).strip().removesuffix(".0")
        if not tekst:
            return None
        if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,18}", tekst):
            raise ValueError(f"'{tekst[:40]}' is geen geheel getal.")
        return int(tekst)


class EuroWidget(Widget):
    """Whole euros that were rounded already, as a public register writes them."""

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> int | str | None:
        """Return the euros, or their digits with a comma for thousands ('-12,345')."""
        if kwargs.get("force_native_type"):
            return value
        return "" if value is None else f"{value:,}"


class DagWidget(Widget):
    """A calendar day."""

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> date | str | None:
        """Return the day, or its text (2022-02-01)."""
        if kwargs.get("force_native_type"):
            return value
        return "" if value is None else value.isoformat()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        """Return the day of a cell, None when it is empty; ValueError when it is none, or has an hour too."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, str):
            try:
                return dagen.lees_dag(value)
            except Weigering as fout:
                raise ValueError(fout.zin) from None
        if isinstance(value, datetime):
            if value.time() != time():
                raise ValueError(f"Hier staat ook een uur: {value:%d/%m/%Y %H:%M}. Vul alleen de dag in.")
            return value.date()
        if isinstance(value, date):
            return value
        raise ValueError(f"{value} is geen datum. Schrijf ze als dd/mm/jjjj of jjjj-mm-dd.")


class MomentWidget(Widget):
    """A moment, shown by the wall clock of Brussels; a sheet knows no time zones."""

    def render(self, value: datetime | None, obj: Any = None, **kwargs: Any) -> datetime | str | None:
        """Return the wall time to the second, or its text (2021-11-08 09:00:00)."""
        if value is None:
            return None if kwargs.get("force_native_type") else ""
        lokaal = value.astimezone(klok.BRUSSEL).replace(tzinfo=None, microsecond=0)
        return lokaal if kwargs.get("force_native_type") else lokaal.isoformat(sep=" ")


class TekstWidget(Widget):
    """Text, and numbers that nobody adds up: KBO, IBAN, dossier number."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return the text; nothing for None."""
        return "" if value is None else str(value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Return the text of a cell without spaces around it; ValueError when it holds something else."""
        if isinstance(value, bool | date) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError("Hier hoort een tekst.")
        tekst = str(int(value)) if isinstance(value, float) else "" if value is None else str(value).strip()
        fout = tekst_fout(tekst)
        if fout:
            raise ValueError(fout)
        return tekst


class Kolom(Field):
    """A column of a sheet.

    attribute: the path to the value (`dossier__nummer`), also the name of what it shows where `waarde` fetches it;
    kop: the heading, as on screen; waarde: gives the value of a row; uitleg: what stands on the second sheet.
    formule: what an .xlsx calculates of other columns of the row, by attribute ('{vereffend_cent}-{stand_cent}'); the
    value stands beside it, for a reader that does not calculate.
    """

    def __init__(
        self,
        attribute: str,
        kop: str,
        widget: Widget | None = None,
        *,
        waarde: Callable[[Any], Any] | None = None,
        breedte: int | None = None,
        uitleg: str = "",
        formule: str = "",
    ) -> None:
        super().__init__(attribute=attribute, column_name=kop, widget=widget or TekstWidget(), readonly=True)
        self.waarde = waarde
        self.breedte = breedte
        self.uitleg = uitleg
        self.formule = formule

    def get_value(self, instance: Any) -> Any:
        """Return the value of a row."""
        return self.waarde(instance) if self.waarde else super().get_value(instance)


class Rekenblad(resources.Resource):
    """Base of the resources of sheets: only Kolommen, in the order in which they are declared."""

    def kolommen(self) -> list[Kolom]:
        """Return the columns in order."""
        return list(self.get_export_fields())

    def get_chunk_size(self) -> int:
        """Return how many rows are read at once."""
        return 500
