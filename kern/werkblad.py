"""Sheets: what a list shows, as .xlsx or .csv, row by row and never as a whole in memory.

    blad = Blad("Betalingen", "Betalingen: te controleren", BetalingResource(), rijen, [("Status", "Te controleren")])
    return werkblad.als_antwoord(blad, "xlsx")            in a view
    werkblad.bewaar(blad, Path("betalingen.csv"))         in a command

The resource decides the columns (kern/resources.py). Text stays text: no cell that a person typed becomes a formula.
"""

import csv
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from xml.etree.ElementTree import Element, SubElement

from django.http import FileResponse
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell._writer import write_cell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter

from kern import klok
from kern.resources import (
    CentWidget,
    DagWidget,
    GetalWidget,
    HonderdstenWidget,
    Kolom,
    MomentWidget,
    Rekenblad,
    TekstWidget,
)
from kern.weigering import Weigering

# Number format and width of a column, by its widget.
OPMAAK: dict[type, tuple[str, int]] = {
    CentWidget: ("[$€-813]\\ #,##0.00", 17),
    HonderdstenWidget: ("0.00", 10),
    GetalWidget: ("0", 9),
    DagWidget: ("dd/mm/yyyy", 15),
    MomentWidget: ("dd/mm/yyyy\\ hh:mm", 17),
    TekstWidget: ("@", 20),
}
# What a sheet holds, heading and totals included.
MEESTE_RIJEN = 1_048_576
LANGSTE_CEL = 32_767
# From here on a text is read rather than looked at: it wraps.
BREED = 50
INGEKORT = " […]"

# What XML cannot hold, and what a sheet would read as a code for another character.
_ONMOGELIJK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_GEVAARLIJK = ("=", "+", "-", "@", "\t", "\r")

# In points; a row holds at most 409.
REGELHOOGTE = 15
MEESTE_REGELS = 27

_KOP = PatternFill("solid", fgColor="0B4650")
_GROEP = PatternFill("solid", fgColor="F1EDE2")
_LIJN = Side(style="thin", color="0B4650")


@dataclass(frozen=True)
class Blad:
    """A sheet to be written.

    naam: on the tab and in the name of the file; rijen: a queryset, or anything that gives rows once;
    getoond: what was filtered, as (what, value); totaal: the word before the totals;
    telt: (column, value) when only the rows with that value add up; nadruk: which rows stand out.
    """

    naam: str
    titel: str
    resource: Rekenblad
    rijen: Iterable[Any]
    getoond: Sequence[tuple[str, str]] = ()
    totaal: str = "Totaal"
    telt: tuple[str, str] | None = None
    nadruk: Callable[[Any], bool] | None = None

    def bestandsnaam(self, formaat: str) -> str:
        """Return the name of the file, with today's date."""
        return f"{slugify(self.titel)[:80]}-{klok.vandaag().isoformat()}.{formaat}"


def schrijf_xlsx(blad: Blad, bestand: BinaryIO) -> int:
    """Write a sheet as .xlsx to an open file and return the number of rows.

    Raises Weigering(te_veel_rijen) when a sheet cannot hold them.
    """
    boek = Workbook(write_only=True)
    boek.properties.title, boek.properties.creator = blad.titel, "Oproepenloket"
    with tempfile.TemporaryDirectory(prefix="werkblad-") as werkmap:
        breedtes = [_breedte(kolom) for kolom in blad.resource.kolommen()]
        with _tabblad(boek, blad.naam, Path(werkmap) / "1.xml", breedtes, vast="A2") as schrijver:
            aantal = _Rijen(schrijver, blad).schrijf()
        with _tabblad(boek, "Toelichting", Path(werkmap) / "2.xml", (22, 90)) as schrijver:
            _schrijf_toelichting(schrijver.ws, blad, aantal)
        boek.save(bestand)
    return aantal


def schrijf_csv(blad: Blad, bestand: BinaryIO) -> int:
    """Write a sheet as .csv to an open file (UTF-8 with BOM, semicolons) and return the number of rows."""
    tekst = TextIOWrapper(bestand, encoding="utf-8-sig", newline="", errors="replace")
    try:
        return _schrijf_regels(blad, tekst)
    finally:
        # The file belongs to the caller: it stays open.
        tekst.detach()


def _schrijf_regels(blad: Blad, tekst: TextIO) -> int:
    schrijver = csv.writer(tekst, delimiter=";", lineterminator="\r\n")
    kolommen = blad.resource.kolommen()
    schrijver.writerow([kolom.column_name for kolom in kolommen])
    is_tekst = [isinstance(kolom.widget, TekstWidget) for kolom in kolommen]
    aantal = 0
    for rij in blad.resource.iter_queryset(blad.rijen):
        waarden = [kolom.export(rij) for kolom in kolommen]
        schrijver.writerow([_onschadelijk(w) if tekst else w for w, tekst in zip(waarden, is_tekst, strict=True)])
        aantal += 1
    return aantal


FORMATEN: dict[str, tuple[Callable[[Blad, BinaryIO], int], str]] = {
    "xlsx": (schrijf_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (schrijf_csv, "text/csv; charset=utf-8"),
}


def als_antwoord(blad: Blad, formaat: str) -> FileResponse:
    """Return the response that sends a sheet for download; any other format than csv is xlsx."""
    formaat = formaat if formaat in FORMATEN else "xlsx"
    schrijf, mime = FORMATEN[formaat]
    bestand = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    try:
        schrijf(blad, bestand)
    except BaseException:
        bestand.close()
        raise
    bestand.seek(0)
    antwoord = FileResponse(bestand, as_attachment=True, filename=blad.bestandsnaam(formaat), content_type=mime)
    antwoord["Cache-Control"] = "no-store"
    return antwoord


def bewaar(blad: Blad, pad: Path) -> int:
    """Write a sheet to a file, type by its extension, and return the number of rows; all of it or nothing.

    Raises KeyError for an unknown extension, OSError when the folder cannot be written.
    """
    schrijf, _ = FORMATEN[pad.suffix.lower().removeprefix(".")]
    deel = pad.with_name(f".{pad.name}.{os.getpid()}.deel")
    try:
        with deel.open("xb") as bestand:
            aantal = schrijf(blad, bestand)
        deel.replace(pad)
    finally:
        deel.unlink(missing_ok=True)
    return aantal


def _onschadelijk(tekst: str) -> str:
    # A sheet program would run these as a formula; an apostrophe in front says that it is text.
    return f"'{tekst}" if tekst.startswith(_GEVAARLIJK) else tekst


def _celtekst(tekst: str) -> str:
    tekst = _CODE.sub("_x005F_", _ONMOGELIJK.sub("\ufffd", tekst))
    return tekst if len(tekst) <= LANGSTE_CEL else tekst[: LANGSTE_CEL - len(INGEKORT)] + INGEKORT


class _Formule(Cell):
    """A formula with its outcome: a reader that does not calculate (a preview, a protected view) shows that."""

    __slots__ = ("formule", "uitkomst")

    def __init__(self, tab: Any, formule: str, uitkomst: Decimal) -> None:
        super().__init__(tab, row=1, column=1)
        self.formule, self.uitkomst = formule, uitkomst


class _Schrijver(WorksheetWriter):
    """openpyxl's writer, into a file of ours: exact amounts, the height of rows, the outcome of formulas.

    `regels` is set before a row: how many lines of text it holds.
    """

    ws: Any  # write-only; the stubs know half of it
    regels = 1

    def write_row(self, xf: Any, row: Iterable[Any], row_idx: int) -> None:
        """Write one row."""
        hoogte = {} if self.regels == 1 else {"ht": str(REGELHOOGTE * min(self.regels, MEESTE_REGELS))}
        with xf.element("row", {"r": str(row_idx), **hoogte}):
            for cel in row:
                if isinstance(cel, _Formule):
                    xf.write(_getal_xml(cel, cel.uitkomst, cel.formule))
                elif isinstance(cel.value, Decimal):
                    xf.write(_getal_xml(cel, cel.value))
                else:
                    write_cell(xf, self.ws, cel, cel.has_style)

    def cleanup(self) -> None:
        """Leave the file: its folder is removed as a whole."""


def _getal_xml(cel: Cell, getal: Decimal, formule: str = "") -> Element:
    # openpyxl itself writes 9,95 as 9.949999999999999: every amount passes through a float there.
    element = Element("c", {"r": cel.coordinate, "s": str(cel.style_id)})
    if formule:
        SubElement(element, "f").text = formule
    SubElement(element, "v").text = str(getal)
    return element


@contextmanager
def _tabblad(boek: Workbook, naam: str, pad: Path, breedtes: Iterable[int], vast: str = "") -> Iterator[_Schrijver]:
    tab = boek.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", naam)[:31])
    for nummer, breedte in enumerate(breedtes, 1):
        tab.column_dimensions[get_column_letter(nummer)].width = breedte
    if vast:
        tab.freeze_panes, tab.print_title_rows = vast, "1:1"
    # Printed: landscape, as wide as the paper, as many pages as it takes.
    tab.page_setup.orientation, tab.page_setup.paperSize, tab.page_setup.fitToHeight = "landscape", 9, 0
    tab.sheet_properties.pageSetUpPr.fitToPage = True
    tab.HeaderFooter.oddFooter.left.text, tab.HeaderFooter.oddFooter.right.text = "&A", "&P / &N"
    schrijver = _Schrijver(tab, out=str(pad))
    schrijver.write_top()
    tab._writer = schrijver  # noqa: SLF001  openpyxl offers no other way to choose the file and the writer
    try:
        yield schrijver
    except BaseException:
        # Close what is open, so that the folder can go.
        tab.close()
        raise


def _breedte(kolom: Kolom) -> int:
    woord = max(len(woord) for woord in kolom.column_name.split())
    return kolom.breedte or max(OPMAAK[type(kolom.widget)][1], woord + 4)


def _regels(tekst: str, breedte: int) -> int:
    # A guess, generous for wide letters: nothing can be measured here.
    return sum(1 + max(len(alinea) - 1, 0) // (breedte - 2) for alinea in tekst.split("\n"))


class _Rijen:
    """Heading, rows and totals of the first sheet."""

    def __init__(self, schrijver: _Schrijver, blad: Blad) -> None:
        self.schrijver, self.tab, self.blad = schrijver, schrijver.ws, blad
        self.kolommen = blad.resource.kolommen()
        # One cell per column, used again for every row: a style is looked up once.
        self.cellen = [self._cel(kolom) for kolom in self.kolommen]
        self.groepscellen = [self._cel(kolom, font=_letter(), fill=_GROEP) for kolom in self.kolommen]
        self.is_tekst = [isinstance(kolom.widget, TekstWidget) for kolom in self.kolommen]
        self.omloop = [(i, _breedte(kolom)) for i, kolom in enumerate(self.kolommen) if _breedte(kolom) >= BREED]
        self.optellen = [i for i, kolom in enumerate(self.kolommen) if isinstance(kolom.widget, CentWidget)]
        koppen = [kolom.column_name for kolom in self.kolommen]
        self.telt = (koppen.index(blad.telt[0]), blad.telt[1]) if blad.telt else None
        self.sommen: dict[int, Decimal] = {}

    def schrijf(self) -> int:
        """Write everything and return the number of rows."""
        self.schrijver.regels = 2
        self.tab.append([self._kop(kolom) for kolom in self.kolommen])
        aantal = 0
        for rij in self.blad.resource.iter_queryset(self.blad.rijen):
            aantal += 1
            if aantal > MEESTE_RIJEN - 2:
                zin = "Dit zijn meer rijen dan een rekenblad kan bevatten. Neem ze als csv, of toon er minder."
                raise Weigering("te_veel_rijen", zin)
            waarden = [kolom.export(rij, force_native_type=True) for kolom in self.kolommen]
            self.schrijver.regels = max([1, *(_regels(waarden[i], breedte) for i, breedte in self.omloop)])
            self.tab.append(self._rij(waarden, nadruk=self.blad.nadruk is not None and self.blad.nadruk(rij)))
            self._tel(waarden)
        laatste = get_column_letter(len(self.kolommen))
        self.tab.auto_filter.ref = f"A1:{laatste}{aantal + 1}"
        self.schrijver.regels = 1
        if self.sommen:
            self.tab.append(self._totalen(aantal + 1))
        return aantal

    def _cel(self, kolom: Kolom, **stijl: Any) -> Cell:
        omloop = _breedte(kolom) >= BREED
        uitlijning = _uitlijning(kolom, vertical="top", wrap_text=omloop)
        return _stijl(WriteOnlyCell(self.tab), number_format=_formaat(kolom), alignment=uitlijning, **stijl)

    def _kop(self, kolom: Kolom) -> Cell:
        uitlijning = _uitlijning(kolom, vertical="center", wrap_text=True)
        cel = _tekstcel(self.tab, kolom.column_name)
        return _stijl(cel, font=_letter(color="FFFFFF"), fill=_KOP, alignment=uitlijning)

    def _rij(self, waarden: list[Any], *, nadruk: bool) -> list[Cell | None]:
        rij: list[Cell | None] = []
        for cel, waarde, tekst in zip(
            self.groepscellen if nadruk else self.cellen, waarden, self.is_tekst, strict=True
        ):
            leeg = waarde is None or waarde == ""
            cel.value = None if leeg else _celtekst(waarde) if tekst else waarde
            if tekst and not leeg:
                cel.data_type = "s"
            rij.append(None if leeg and not nadruk else cel)
        return rij

    def _tel(self, waarden: list[Any]) -> None:
        if self.telt is None or waarden[self.telt[0]] == self.telt[1]:
            for i in self.optellen:
                if waarden[i] is not None:
                    self.sommen[i] = self.sommen.get(i, Decimal(0)) + waarden[i]

    def _totalen(self, laatste: int) -> list[Cell]:
        rij = []
        for i, kolom in enumerate(self.kolommen):
            cel = WriteOnlyCell(self.tab) if i else _tekstcel(self.tab, self.blad.totaal)
            if i in self.sommen:
                letter = get_column_letter(i + 1)
                formule = self._formule(f"{letter}2:{letter}{laatste}", laatste)
                cel = _Formule(self.tab, formule, self.sommen[i])
            opmaak = {"number_format": _formaat(kolom), "alignment": _uitlijning(kolom)}
            _stijl(cel, font=_letter(), border=Border(top=_LIJN), **opmaak)
            rij.append(cel)
        return rij

    def _formule(self, bereik: str, laatste: int) -> str:
        # 109 adds up what a filter leaves visible.
        if self.telt is None:
            return f"SUBTOTAL(109,{bereik})"
        letter = get_column_letter(self.telt[0] + 1)
        return f'SUMIF({letter}2:{letter}{laatste},"{self.telt[1]}",{bereik})'


def _schrijf_toelichting(tab: Any, blad: Blad, aantal: int) -> None:
    def regel(wat: str, waarde: Cell) -> None:
        boven = Alignment(horizontal="left", vertical="top", wrap_text=True)
        tab.append([_stijl(_tekstcel(tab, wat), font=_letter(), alignment=boven), _stijl(waarde, alignment=boven)])

    tab.append([_stijl(_tekstcel(tab, blad.titel), font=_letter(size=14))])
    tab.append([])
    gemaakt = WriteOnlyCell(tab, klok.nu().astimezone(klok.BRUSSEL).replace(tzinfo=None, microsecond=0))
    gemaakt.number_format = OPMAAK[MomentWidget][0]
    regel("Gemaakt op", gemaakt)
    for wat, waarde in blad.getoond or [("Getoond", "alles")]:
        regel(wat, _tekstcel(tab, waarde))
    regel("Aantal rijen", WriteOnlyCell(tab, aantal))
    uitleg = [kolom for kolom in blad.resource.kolommen() if kolom.uitleg]
    if uitleg:
        tab.append([])
        tab.append([_stijl(_tekstcel(tab, "Kolommen"), font=_letter(size=12))])
    for kolom in uitleg:
        regel(kolom.column_name, _tekstcel(tab, kolom.uitleg))


def _formaat(kolom: Kolom) -> str:
    return OPMAAK[type(kolom.widget)][0]


def _uitlijning(kolom: Kolom, **hoe: Any) -> Alignment:
    if isinstance(kolom.widget, CentWidget | HonderdstenWidget | GetalWidget):
        return Alignment(horizontal="right", **hoe)
    # A little room, so that a text does not stick to the number before it.
    return Alignment(horizontal="left", indent=1, **hoe)


def _letter(**hoe: Any) -> Font:
    # With its name: a font without one is another font in some programs.
    return Font(name="Calibri", size=hoe.pop("size", 11), bold=True, **hoe)


def _tekstcel(tab: Any, tekst: str) -> Cell:
    cel = WriteOnlyCell(tab, _celtekst(tekst))
    cel.data_type = "s"
    return cel


def _stijl(cel: Cell, **stijl: Any) -> Cell:
    for naam, waarde in stijl.items():
        setattr(cel, naam, waarde)
    return cel
