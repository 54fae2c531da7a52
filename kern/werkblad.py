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
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from xml.sax.saxutils import escape

from django.http import FileResponse
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import tostring

from kern import klok
from kern.resources import (
    CentWidget,
    DagWidget,
    EuroWidget,
    GetalWidget,
    HonderdstenWidget,
    Kolom,
    MomentWidget,
    Rekenblad,
    TekstWidget,
)
from kern.uploads import BELEID
from kern.weigering import Weigering

# Number format and width of a column, by its widget.
OPMAAK: dict[type, tuple[str, int]] = {
    CentWidget: ("[$€-813]\\ #,##0.00", 17),
    HonderdstenWidget: ("0.00", 10),
    GetalWidget: ("0", 9),
    EuroWidget: ("#,##0", 16),
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
GEVAARLIJK = ("=", "+", "-", "@", "\t", "\r")

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
    telt: (column, value) when only the rows with that value add up; nadruk: which rows stand out;
    erbij: more sheets, each on a tab of the .xlsx; a .csv has none of them.
    """

    naam: str
    titel: str
    resource: Rekenblad
    rijen: Iterable[Any]
    getoond: Sequence[tuple[str, str]] = ()
    totaal: str = "Totaal"
    telt: tuple[str, str] | None = None
    nadruk: Callable[[Any], bool] | None = None
    erbij: "Sequence[Blad]" = ()

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
        aantallen = [
            _schrijf_rijen(boek, deel, Path(werkmap) / f"{nummer}.xml")
            for nummer, deel in enumerate([blad, *blad.erbij], 1)
        ]
        uitleg = _tabblad(boek, "Toelichting", (22, 90))
        _schrijf_tabblad(uitleg, Path(werkmap) / "toelichting.xml", _toelichting(uitleg, blad, aantallen[0]))
        boek.save(bestand)
    return aantallen[0]


def _schrijf_rijen(boek: Workbook, blad: Blad, pad: Path) -> int:
    """Write one tab with its rows and totals, and return how many rows it has."""
    tab = _tabblad(boek, blad.naam, [_breedte(kolom) for kolom in blad.resource.kolommen()])
    tab.freeze_panes, tab.print_title_rows = "A2", "1:1"
    rijen = _Rijen(tab, blad)
    _schrijf_tabblad(tab, pad, rijen.als_xml())
    return rijen.aantal


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
    antwoord["Content-Security-Policy"] = BELEID
    return antwoord


def bewaar(blad: Blad, pad: Path) -> int:
    """Write a sheet to a file, type by its extension, and return the number of rows; all of it or nothing.

    Raises KeyError for an unknown extension, OSError when the folder cannot be written.
    """
    schrijf, _ = FORMATEN[pad.suffix.lower().removeprefix(".")]
    return bewaar_heel(pad, lambda bestand: schrijf(blad, bestand))


def bewaar_heel(pad: Path, schrijf: Callable[[BinaryIO], int]) -> int:
    """Let `schrijf` write a file beside its place, move it there when it is complete, and return what it returned."""
    deel = pad.with_name(f".{pad.name}.{os.getpid()}.deel")
    try:
        with deel.open("xb") as bestand:
            aantal = schrijf(bestand)
        deel.replace(pad)
    finally:
        deel.unlink(missing_ok=True)
    return aantal


def _onschadelijk(tekst: str) -> str:
    # A sheet program would run these as a formula; an apostrophe in front says that it is text.
    return f"'{tekst}" if tekst.startswith(GEVAARLIJK) else tekst


def _celtekst(tekst: str) -> str:
    tekst = _CODE.sub("_x005F_", _ONMOGELIJK.sub("\ufffd", tekst))
    return tekst if len(tekst) <= LANGSTE_CEL else tekst[: LANGSTE_CEL - len(INGEKORT)] + INGEKORT


class _Schrijver(WorksheetWriter):
    """openpyxl's writer of a tab, with rows that are XML already, in a file of ours.

    openpyxl makes an object and an element of every cell, which takes four times as long; and every amount passes
    through a float there: 9,95 becomes 9.949999999999999.
    """

    uit: TextIO

    def __init__(self, tab: Any, pad: Path, rijen: Iterator[str]) -> None:
        self.pad, self.rijen = pad, rijen
        super().__init__(tab, out=str(pad))

    def get_stream(self) -> Generator[None, Any, None]:
        """Write what is sent until it is closed."""
        with self.pad.open("w", encoding="utf-8") as self.uit:
            self.uit.write(f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{SHEET_MAIN_NS}">')
            try:
                while True:
                    element = yield
                    self.uit.write(tostring(element, encoding="unicode"))  # type: ignore[call-overload]
            except GeneratorExit:
                self.uit.write("</worksheet>")

    def write_rows(self) -> None:
        """Write the rows."""
        self.uit.write("<sheetData>")
        self.uit.writelines(self.rijen)
        self.uit.write("</sheetData>")

    def cleanup(self) -> None:
        """Leave the file: its folder is removed as a whole."""


def _tabblad(boek: Workbook, naam: str, breedtes: Iterable[int]) -> Any:
    tab: Any = boek.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", naam)[:31])  # the stubs know half of it
    for nummer, breedte in enumerate(breedtes, 1):
        tab.column_dimensions[get_column_letter(nummer)].width = breedte
    # Printed: landscape, as wide as the paper, as many pages as it takes.
    tab.page_setup.orientation, tab.page_setup.paperSize, tab.page_setup.fitToHeight = "landscape", 9, 0
    tab.sheet_properties.pageSetUpPr.fitToPage = True
    tab.page_margins.left = tab.page_margins.right = tab.page_margins.top = tab.page_margins.bottom = 0.5
    tab.page_margins.header = tab.page_margins.footer = 0.25
    tab.HeaderFooter.oddFooter.left.text, tab.HeaderFooter.oddFooter.right.text = "&A", "&P / &N"
    return tab


def _schrijf_tabblad(tab: Any, pad: Path, rijen: Iterator[str]) -> None:
    schrijver = _Schrijver(tab, pad, rijen)
    tab._writer = schrijver  # noqa: SLF001  openpyxl offers no other way to choose the writer
    try:
        schrijver.write_top()
        tab.close()
    finally:
        schrijver.close()


def _rij_xml(nummer: int, cellen: Iterable[str], regels: int = 1) -> str:
    hoogte = f' ht="{REGELHOOGTE * min(regels, MEESTE_REGELS)}"' if regels > 1 else ""
    return f'<row r="{nummer}"{hoogte}>{"".join(cellen)}</row>'


def _cel_xml(plaats: str, stijl: int, waarde: Any, formule: str = "") -> str:
    """Return a cell; `waarde` of a formula is its outcome, for a reader that does not calculate (a preview)."""
    if waarde is None or waarde == "":
        return f'<c r="{plaats}" s="{stijl}"/>'
    if isinstance(waarde, str):
        tekst = escape(_celtekst(waarde), {"\r": "&#13;"})
        return f'<c r="{plaats}" s="{stijl}" t="inlineStr"><is><t xml:space="preserve">{tekst}</t></is></c>'
    if isinstance(waarde, date):
        waarde = to_excel(waarde)  # type: ignore[no-untyped-call]
    som = f"<f>{escape(formule)}</f>" if formule else ""
    return f'<c r="{plaats}" s="{stijl}">{som}<v>{waarde}</v></c>'


def _stijl(tab: Any, **stijl: Any) -> int:
    """Return the number under which the workbook keeps a style."""
    cel = WriteOnlyCell(tab)
    for naam, waarde in stijl.items():
        setattr(cel, naam, waarde)
    return int(cel.style_id)


def _breedte(kolom: Kolom) -> int:
    woord = max(len(woord) for woord in kolom.column_name.split())
    return kolom.breedte or max(OPMAAK[type(kolom.widget)][1], woord + 4)


def _regels(tekst: str, breedte: int) -> int:
    # A guess, generous for wide letters: nothing can be measured here.
    return sum(1 + max(len(alinea) - 1, 0) // (breedte - 2) for alinea in tekst.split("\n"))


class _Rijen:
    """Heading, rows and totals of the first tab."""

    def __init__(self, tab: Any, blad: Blad) -> None:
        self.tab, self.blad, self.aantal = tab, blad, 0
        self.kolommen = blad.resource.kolommen()
        self.letters = [get_column_letter(i) for i in range(1, len(self.kolommen) + 1)]
        self.stijlen = [self._celstijl(kolom) for kolom in self.kolommen]
        self.groepsstijlen = [self._celstijl(kolom, font=_letter(), fill=_GROEP) for kolom in self.kolommen]
        self.omloop = [(i, _breedte(kolom)) for i, kolom in enumerate(self.kolommen) if _breedte(kolom) >= BREED]
        self.optellen = [i for i, kolom in enumerate(self.kolommen) if isinstance(kolom.widget, CentWidget)]
        koppen = [kolom.column_name for kolom in self.kolommen]
        self.telt = (koppen.index(blad.telt[0]), blad.telt[1]) if blad.telt else None
        self.sommen: dict[int, Decimal] = {}
        plaatsen = {str(k.attribute): f"{letter}{{rij}}" for letter, k in zip(self.letters, self.kolommen, strict=True)}
        self.formules = [kolom.formule.format(**plaatsen) for kolom in self.kolommen]

    def als_xml(self) -> Iterator[str]:
        """Give the rows one by one; after the last, `aantal` says how many there were."""
        yield self._kop()
        for rij in self.blad.resource.iter_queryset(self.blad.rijen):
            self.aantal += 1
            if self.aantal > MEESTE_RIJEN - 2:
                zin = "Dit zijn meer rijen dan een rekenblad kan bevatten. Neem ze als csv, of toon er minder."
                raise Weigering("te_veel_rijen", zin)
            waarden = [kolom.export(rij, force_native_type=True) for kolom in self.kolommen]
            yield self._rij(waarden, nadruk=self.blad.nadruk is not None and self.blad.nadruk(rij))
            self._tel(waarden)
        self.tab.auto_filter.ref = f"A1:{self.letters[-1]}{self.aantal + 1}"
        if self.sommen:
            yield self._totalen(self.aantal + 1)

    def _celstijl(self, kolom: Kolom, **stijl: Any) -> int:
        uitlijning = _uitlijning(kolom, vertical="top", wrap_text=_breedte(kolom) >= BREED)
        return _stijl(self.tab, number_format=_formaat(kolom), alignment=uitlijning, **stijl)

    def _kop(self) -> str:
        cellen = []
        for letter, kolom in zip(self.letters, self.kolommen, strict=True):
            uitlijning = _uitlijning(kolom, vertical="center", wrap_text=True)
            stijl = _stijl(self.tab, font=_letter(color="FFFFFF"), fill=_KOP, alignment=uitlijning)
            cellen.append(_cel_xml(f"{letter}1", stijl, kolom.column_name))
        return _rij_xml(1, cellen, regels=2)

    def _rij(self, waarden: list[Any], *, nadruk: bool) -> str:
        nummer, stijlen = self.aantal + 1, self.groepsstijlen if nadruk else self.stijlen
        cellen = [
            _cel_xml(f"{letter}{nummer}", stijl, waarde, formule.format(rij=nummer))
            for letter, stijl, waarde, formule in zip(self.letters, stijlen, waarden, self.formules, strict=True)
            if nadruk or waarde not in {None, ""}
        ]
        return _rij_xml(nummer, cellen, max([1, *(_regels(waarden[i], breedte) for i, breedte in self.omloop)]))

    def _tel(self, waarden: list[Any]) -> None:
        if self.telt is None or waarden[self.telt[0]] == self.telt[1]:
            for i in self.optellen:
                if waarden[i] is not None:
                    self.sommen[i] = self.sommen.get(i, Decimal(0)) + waarden[i]

    def _totalen(self, laatste: int) -> str:
        cellen = []
        for i, (letter, kolom) in enumerate(zip(self.letters, self.kolommen, strict=True)):
            opmaak = {"number_format": _formaat(kolom), "alignment": _uitlijning(kolom)}
            stijl = _stijl(self.tab, font=_letter(), border=Border(top=_LIJN), **opmaak)
            waarde = self.sommen.get(i) if i else self.blad.totaal
            formule = self._formule(f"{letter}2:{letter}{laatste}", laatste) if i in self.sommen else ""
            cellen.append(_cel_xml(f"{letter}{laatste + 1}", stijl, waarde, formule))
        return _rij_xml(laatste + 1, cellen)

    def _formule(self, bereik: str, laatste: int) -> str:
        # 109 adds up what a filter leaves visible.
        if self.telt is None:
            return f"SUBTOTAL(109,{bereik})"
        letter = self.letters[self.telt[0]]
        return f'SUMIF({letter}2:{letter}{laatste},"{self.telt[1]}",{bereik})'


def _toelichting(tab: Any, blad: Blad, aantal: int) -> Iterator[str]:
    links = Alignment(horizontal="left", vertical="top", wrap_text=True)
    titel, kop = _stijl(tab, font=_letter(size=14)), _stijl(tab, font=_letter(size=12))
    vet, gewoon = _stijl(tab, font=_letter(), alignment=links), _stijl(tab, alignment=links)
    moment = _stijl(tab, alignment=links, number_format=OPMAAK[MomentWidget][0])
    gemaakt = klok.nu().astimezone(klok.BRUSSEL).replace(tzinfo=None, microsecond=0)
    regels: list[list[tuple[int, Any]]] = [[(titel, blad.titel)], [], [(vet, "Gemaakt op"), (moment, gemaakt)]]
    regels += [[(vet, wat), (gewoon, waarde)] for wat, waarde in blad.getoond or [("Getoond", "alles")]]
    regels.append([(vet, "Aantal rijen"), (gewoon, aantal)])
    for deel in [blad, *blad.erbij]:
        uitleg = [[(vet, k.column_name), (gewoon, k.uitleg)] for k in deel.resource.kolommen() if k.uitleg]
        if uitleg:
            regels += [[], [(kop, f"Kolommen van {deel.naam}" if blad.erbij else "Kolommen")], *uitleg]
    for nummer, regel in enumerate(regels, 1):
        yield _rij_xml(nummer, [_cel_xml(f"{'AB'[i]}{nummer}", *cel) for i, cel in enumerate(regel)])


def _formaat(kolom: Kolom) -> str:
    return OPMAAK[type(kolom.widget)][0]


def _uitlijning(kolom: Kolom, **hoe: Any) -> Alignment:
    if isinstance(kolom.widget, CentWidget | HonderdstenWidget | GetalWidget | EuroWidget):
        return Alignment(horizontal="right", **hoe)
    # A little room, so that a text does not stick to the number before it.
    return Alignment(horizontal="left", indent=1, **hoe)


def _letter(**hoe: Any) -> Font:
    # With its name: a font without one is another font in some programs.
    return Font(name="Calibri", size=hoe.pop("size", 11), bold=True, **hoe)
