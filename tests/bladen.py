"""Reading a sheet back, as a test needs it."""

import csv
from io import BytesIO
from typing import Any

import openpyxl

from kern import werkblad
from kern.werkblad import Blad


def inhoud(antwoord: Any) -> bytes:
    """Return the bytes of a download."""
    assert antwoord.status_code == 200, antwoord.status_code
    uit: bytes = antwoord.getvalue()  # the test client closes what was read to its end
    return uit


def bytes_van(blad: Blad) -> bytes:
    """Return a sheet as the bytes of an .xlsx."""
    bestand = BytesIO()
    werkblad.schrijf_xlsx(blad, bestand)
    return bestand.getvalue()


def rijen(ruw: bytes) -> list[dict[str, Any]]:
    """Return the rows of an .xlsx by heading, without the totals."""
    koppen, *rest = openpyxl.load_workbook(BytesIO(ruw), data_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(koppen, rij, strict=True)) for rij in rest if rij[0] != "Totaal"]


def totalen(ruw: bytes) -> dict[str, Any]:
    """Return the totals of an .xlsx by heading, as a reader shows them that does not calculate."""
    koppen, *_, laatste = openpyxl.load_workbook(BytesIO(ruw), data_only=True).worksheets[0].iter_rows(values_only=True)
    assert laatste[0] == "Totaal"
    return {kop: waarde for kop, waarde in zip(koppen[1:], laatste[1:], strict=True) if waarde is not None}


def toelichting(ruw: bytes) -> dict[str, Any]:
    """Return what the second sheet says."""
    return {
        rij[0]: rij[1]
        for rij in openpyxl.load_workbook(BytesIO(ruw))["Toelichting"].iter_rows(min_row=3, max_col=2, values_only=True)
    }


def csv_rijen(ruw: bytes) -> list[dict[str, str]]:
    """Return the rows of a .csv by heading."""
    return list(csv.DictReader(ruw.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))
