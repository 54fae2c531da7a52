"""Rows and cells of a sheet that was read: a cell becomes a text, a day or an amount, or says exactly why not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl.utils import get_column_letter

from kern.resources import CentWidget, DagWidget, GetalWidget, TekstWidget
from kern.weigering import Weigering


class Celfout(Weigering):
    """What stands in one cell cannot be taken; the sentence begins with its place."""

    def __init__(self, cel: str, zin: str) -> None:
        super().__init__("cel_ongeldig", f"Cel {cel}: {zin}", "bestand")
        self.cel = cel


def plaats(rij: int, kolom: int) -> str:
    """Return a place as a sheet program names it: (4, 13) is 'M4'."""
    return f"{get_column_letter(kolom)}{rij}"


@dataclass(frozen=True)
class Cel:
    """One cell: its place, and its value as the file has it (text, number, day)."""

    rij: int
    kolom: int
    waarde: Any
    formule: bool = False
    fout: bool = False

    @property
    def plaats(self) -> str:
        """Return the place ('M4')."""
        return plaats(self.rij, self.kolom)

    @property
    def leeg(self) -> bool:
        """Return whether nothing stands in it."""
        return self.waarde is None or (isinstance(self.waarde, str) and not self.waarde.strip())


@dataclass(frozen=True)
class Rij:
    """One row that is not empty: its number in the file, its cells by heading, and the headings by column."""

    nummer: int
    cellen: dict[str, Cel]
    koppen: dict[int, str] = field(repr=False)

    def cel(self, kop: str) -> str:
        """Return the place of a column in this row, also when the cell is empty; '' when there is no such column."""
        kolom = next((k for k, naam in self.koppen.items() if naam.casefold() == kop.casefold()), None)
        return "" if kolom is None else plaats(self.nummer, kolom)

    def heeft(self, kop: str) -> bool:
        """Return whether the file has this column."""
        return bool(self.cel(kop))

    def fout(self, kop: str, zin: str) -> Celfout:
        """Return a refusal at a cell; the sentence goes on after its place."""
        return Celfout(self.cel(kop), zin)

    def fout_volzin(self, kop: str, zin: str) -> Celfout:
        """Return a refusal at a cell, with the whole sentence of a rule that knows no cells."""
        return self.fout(kop, zin[:1].lower() + zin[1:])

    def toon(self, kop: str, lengte: int = 100) -> str:
        """Return what stands in a cell, right or wrong, as a person reads it; '' when it is empty."""
        cel = self._cel(kop)
        waarde = "" if cel is None else cel.waarde
        if isinstance(waarde, date):
            return f"{waarde.day}/{waarde.month}/{waarde.year}"
        if isinstance(waarde, float) and waarde.is_integer():
            waarde = int(waarde)
        return str(waarde).strip()[:lengte]

    def tekst(self, kop: str) -> str:
        """Return the text of a cell, '' when it is empty or there is no such column."""
        return str(self._lees(kop, TekstWidget().clean) or "")

    def dag(self, kop: str) -> date | None:
        """Return the day in a cell, or None."""
        dag: date | None = self._lees(kop, DagWidget().clean)
        return dag

    def cent(self, kop: str) -> int | None:
        """Return the amount in a cell as whole cents, or None."""
        cent: int | None = self._lees(kop, CentWidget().clean)
        return cent

    def heel(self, kop: str) -> int | None:
        """Return the whole number in a cell, or None."""
        getal: int | None = self._lees(kop, GetalWidget().clean)
        return getal

    def is_totaal(self) -> bool:
        """Return whether this is the line of totals that our own sheets end with."""
        return bool(self.cellen) and self.cellen[min(self.cellen, key=self._kolom)].waarde == "Totaal"

    def _kolom(self, kop: str) -> int:
        return self.cellen[kop].kolom

    def _cel(self, kop: str) -> Cel | None:
        return next((cel for naam, cel in self.cellen.items() if naam.casefold() == kop.casefold()), None)

    def _lees(self, kop: str, lees: Callable[[Any], Any]) -> Any:
        cel = self._cel(kop)
        if cel is None:
            return None
        if cel.formule:
            zin = f"hier staat een formule ({cel.waarde[:60]}). Plak de uitkomst als waarde."
            raise Celfout(cel.plaats, zin)
        if cel.fout:
            raise Celfout(cel.plaats, f"hier staat de foutwaarde {cel.waarde}.")
        try:
            return lees(cel.waarde)
        except ValueError as fout:
            raise self.fout_volzin(kop, str(fout)) from None
