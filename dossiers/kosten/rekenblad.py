"""A sheet (.xlsx) that comes from outside: rows with the addresses of their cells out, nothing trusted.

Knows no costs. The zip is looked at before anything is unpacked, and its parts for entities before anything is parsed;
then openpyxl reads row by row (read-only). `data_only`: of a formula the value that the sheet program kept.
"""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from kern.weigering import Weigering, eis

MAX_BYTES = 2 * 1024 * 1024
MAX_DELEN = 200
MAX_UITGEPAKT = 20 * 1024 * 1024
MAX_VERHOUDING = 150
MAX_KOLOMMEN = 30
# What zipfile, openpyxl and the XML parsers raise on a damaged book, or on a part that is missing.
_BESCHADIGD = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, OSError, EOFError, NotImplementedError),
    *(KeyError, ValueError, IndexError, TypeError, AttributeError, OverflowError),
)


@dataclass(frozen=True)
class Cel:
    """A cell: where it stands ('F3') and what is in it."""

    adres: str
    waarde: Any


@dataclass(frozen=True)
class Rij:
    """A row that is not empty: its number in the sheet, and its cells by heading."""

    nummer: int
    cellen: dict[str, Cel]


def lees_rijen(inhoud: bytes, koppen: Sequence[str], *, hoogstens: int) -> list[Rij]:
    """Return the rows of the first tab, under a first row with these headings, in any order.

    Raises Weigering (veld 'bestand'): bestand_te_groot, bestand_onleesbaar, zip_verdacht, kop_ontbreekt,
    te_veel_regels.
    """
    eis(len(inhoud) <= MAX_BYTES, "bestand_te_groot", "Dit bestand is groter dan 2 MB.", "bestand")
    _eis_gewone_zip(inhoud)
    try:
        boek = load_workbook(BytesIO(inhoud), read_only=True, data_only=True)
        try:
            return _rijen(boek.worksheets[0], koppen, hoogstens)
        finally:
            boek.close()
    except Weigering:
        raise
    except _BESCHADIGD as fout:
        raise _onleesbaar() from fout


def _onleesbaar() -> Weigering:
    zin = "Dit bestand kan niet gelezen worden. Bewaar het in uw rekenprogramma opnieuw als xlsx."
    return Weigering("bestand_onleesbaar", zin, "bestand")


def _eis_gewone_zip(inhoud: bytes) -> None:
    """Refuse what would unpack to far more than a sheet of this size can hold."""
    try:
        with zipfile.ZipFile(BytesIO(inhoud)) as archief:
            delen = archief.infolist()
    except _BESCHADIGD as fout:
        raise _onleesbaar() from fout
    uitgepakt = sum(deel.file_size for deel in delen)
    gewoon = (
        len(delen) <= MAX_DELEN
        and uitgepakt <= MAX_UITGEPAKT
        and uitgepakt <= MAX_VERHOUDING * max(len(inhoud), 1)
        and not any(deel.flag_bits & 1 for deel in delen)
    )
    zin = "Dit bestand is geen gewoon rekenblad: uitgepakt is het veel te groot, of het is beveiligd."
    eis(gewoon, "zip_verdacht", zin, "bestand")
    _eis_gewone_xml(inhoud)


def _eis_gewone_xml(inhoud: bytes) -> None:
    """Refuse a part that declares entities: a sheet never does. Not every part is parsed, so all are looked at."""
    try:
        with zipfile.ZipFile(BytesIO(inhoud)) as archief:
            # Without NULs, so that UTF-16 is seen too.
            verdacht = any(b"<!DOCTYPE" in archief.read(deel).replace(b"\0", b"") for deel in archief.infolist())
    except _BESCHADIGD as fout:
        raise _onleesbaar() from fout
    if verdacht:
        raise _onleesbaar()


def _rijen(blad: Any, koppen: Sequence[str], hoogstens: int) -> list[Rij]:
    blad.reset_dimensions()  # a sheet may lie about its own size
    uit: list[Rij] = []
    plaatsen: dict[str, int] = {}
    for nummer, rij in enumerate(blad.iter_rows(max_col=MAX_KOLOMMEN, values_only=True), start=1):
        if nummer == 1:
            plaatsen = _koppen(rij, koppen)
            continue
        # Rows that were cleared but still have their layout go on for ever in some sheets.
        if nummer > 20 * hoogstens:
            break
        cellen = {
            kop: Cel(f"{get_column_letter(plaats + 1)}{nummer}", rij[plaats] if plaats < len(rij) else None)
            for kop, plaats in plaatsen.items()
        }
        if any(cel.waarde not in {None, ""} for cel in cellen.values()):
            zin = f"Dit bestand heeft meer dan {hoogstens} regels. Verdeel het over meer bestanden."
            eis(len(uit) < hoogstens, "te_veel_regels", zin, "bestand")
            uit.append(Rij(nummer, cellen))
    eis(plaatsen, "kop_ontbreekt", f"De kolom '{koppen[0]}' ontbreekt op de eerste rij.", "bestand")
    return uit


def _koppen(rij: Sequence[Any], koppen: Sequence[str]) -> dict[str, int]:
    gelezen = [" ".join(str(waarde).split()).casefold() if waarde is not None else "" for waarde in rij]
    plaatsen = {}
    for kop in koppen:
        eis(
            kop.casefold() in gelezen,
            "kop_ontbreekt",
            f"De kolom '{kop}' ontbreekt op de eerste rij. Gebruik het sjabloon van deze pagina.",
            "bestand",
        )
        plaatsen[kop] = gelezen.index(kop.casefold())
    return plaatsen
