"""Reading a sheet that a person brings back, .xlsx or .csv, without trusting any of it.

`lees(bestand, naam)` gives the rows of the first tab, each cell with its place ('M4'). Limits are looked at before
anything is unpacked or parsed. A whole file that cannot be read is refused; what is wrong with one cell shows when
somebody asks that cell for a day or an amount (kern/inlezen/rijen.py).
"""

import csv
import hashlib
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import IO, Any
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.cell.cell import TYPE_ERROR, TYPE_FORMULA
from openpyxl.worksheet._reader import WorkSheetParser

from kern.canoniek import tekst_fout
from kern.inlezen.rijen import Cel, Rij
from kern.weigering import Weigering, eis
from kern.werkblad import GEVAARLIJK

MEESTE_BYTES = 10 * 1024 * 1024
# Of a zip: parts, bytes once unpacked, how many times larger that is (from a size on), and elements of its XML.
MEESTE_DELEN = 1000
MEESTE_UITGEPAKT = 64 * 1024 * 1024
MEESTE_KEREN = 100
ZONDER_KWAAD = 8 * 1024 * 1024
MEESTE_ELEMENTEN = 600_000
MEESTE_RIJEN = 5_000
MEESTE_KOLOMMEN = 100
LANGSTE_CEL = 5_000

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_ANDERE = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff", b"{\\rtf", b"<")
_ONLEESBAAR = "Dit bestand kan niet gelezen worden. Bewaar het als .xlsx of .csv en probeer opnieuw."


@dataclass(frozen=True)
class Tabel:
    """What a file says: the row of its headings, these by column (from 1), the rows that are not empty; which file."""

    kopregel: int
    koppen: dict[int, str]
    rijen: tuple[Rij, ...]
    sha256: str
    mime: str

    def eis_koppen(self, koppen: Iterable[str], raad: str = "") -> None:
        """Raise Weigering(kolom_ontbreekt) when one of these columns is not there; raad: a sentence more."""
        bekend = {kop.casefold() for kop in self.koppen.values()}
        for kop in koppen:
            zin = f"De kolom '{kop}' ontbreekt in dit bestand. {raad}".strip()
            eis(kop.casefold() in bekend, "kolom_ontbreekt", zin, "bestand")


def lees(bestand: IO[bytes]) -> Tabel:
    """Return the first tab of an open file.

    Raises Weigering (veld 'bestand'): bestand_leeg, bestand_te_groot, bestand_soort, bestand_onleesbaar, te_veel_rijen,
    te_veel_kolommen, cel_te_lang, cel_zonder_kop, kop_ontbreekt, kop_dubbel.
    """
    bestand.seek(0)
    inhoud = bestand.read(MEESTE_BYTES + 1)
    grens = f"hoogstens {MEESTE_BYTES // 1024 // 1024} MB"
    eis(inhoud, "bestand_leeg", "Dit bestand is leeg.", "bestand")
    eis(len(inhoud) <= MEESTE_BYTES, "bestand_te_groot", f"Dit bestand is te groot: {grens}.", "bestand")
    if inhoud.startswith(b"PK\x03\x04"):
        bestand.seek(0)
        regels, mime = _van_xlsx(bestand), XLSX
    else:
        ander = inhoud.startswith(_ANDERE) or b"\x00" in inhoud
        eis(not ander, "bestand_soort", "Dit bestand is geen rekenblad: kies .xlsx of .csv.", "bestand")
        regels, mime = _van_csv(inhoud), CSV
    with warnings.catch_warnings():
        # openpyxl warns of what it passes over (a style, an impossible date): the cells say what they hold.
        warnings.simplefilter("ignore")
        kopregel, koppen, rijen = _in_rijen(regels)
    return Tabel(kopregel, koppen, rijen, hashlib.sha256(inhoud).hexdigest(), mime)


def _in_rijen(regels: Iterable[tuple[int, Sequence[Cel]]]) -> tuple[int, dict[int, str], tuple[Rij, ...]]:
    """Return the row of the headings, these, and the rows; the first line that is not empty holds the headings."""
    kopregel, koppen = 0, dict[int, str]()
    rijen: list[Rij] = []
    for nummer, cellen in regels:
        gevuld = {cel.kolom: cel for cel in cellen if not cel.leeg}
        if not gevuld:
            continue
        for cel in gevuld.values():
            _eis_bewaarbaar(cel)
        if not koppen:
            kopregel, koppen = nummer, _koppen(gevuld.values())
            continue
        vreemd = next((cel for kolom, cel in gevuld.items() if kolom not in koppen), None)
        if vreemd is not None:
            zin = f"Cel {vreemd.plaats}: boven deze kolom staat geen kop. Maak de cel leeg of geef de kolom een kop."
            raise Weigering("cel_zonder_kop", zin, "bestand")
        eis(
            len(rijen) < MEESTE_RIJEN,
            "te_veel_rijen",
            f"Dit bestand heeft meer dan {MEESTE_RIJEN:,} rijen. Splits het.".replace(",", "."),
            "bestand",
        )
        rijen.append(Rij(nummer, {koppen[kolom]: cel for kolom, cel in gevuld.items()}, dict(koppen)))
    eis(koppen, "kop_ontbreekt", "In dit bestand staan geen kolomkoppen.", "bestand")
    return kopregel, koppen, tuple(rijen)


def _koppen(cellen: Iterable[Cel]) -> dict[int, str]:
    koppen: dict[int, str] = {}
    for cel in cellen:
        kop = " ".join(str(cel.waarde).split())
        if kop.casefold() in {ander.casefold() for ander in koppen.values()}:
            zin = f"Cel {cel.plaats}: de kolom '{kop[:40]}' staat er meer dan één keer."
            raise Weigering("kop_dubbel", zin, "bestand")
        koppen[cel.kolom] = kop
    return koppen


def _eis_bewaarbaar(cel: Cel) -> None:
    if cel.kolom > MEESTE_KOLOMMEN:
        zin = f"Dit bestand heeft meer dan {MEESTE_KOLOMMEN} kolommen (cel {cel.plaats})."
        raise Weigering("te_veel_kolommen", zin, "bestand")
    if isinstance(cel.waarde, str) and len(cel.waarde) > LANGSTE_CEL:
        zin = f"Cel {cel.plaats}: deze tekst is langer dan {LANGSTE_CEL:,} tekens.".replace(",", ".")
        raise Weigering("cel_te_lang", zin, "bestand")


# --- .xlsx ---


def _van_xlsx(bestand: IO[bytes]) -> Iterator[tuple[int, Sequence[Cel]]]:
    try:
        _eis_kleine_zip(bestand)
        yield from _regels_van_xlsx(bestand)
    except Weigering:
        raise
    except Exception as fout:  # openpyxl, defusedxml, zipfile and ElementTree each raise their own of a damaged file
        raise Weigering("bestand_onleesbaar", _ONLEESBAAR, "bestand") from fout


def _regels_van_xlsx(bestand: IO[bytes]) -> Iterator[tuple[int, Sequence[Cel]]]:
    bestand.seek(0)
    # defusedxml is installed: openpyxl reads through it, and refuses entities (a test holds it to that).
    boek: Any = load_workbook(bestand, read_only=True, keep_links=False)
    try:
        eis(boek.worksheets, "bestand_onleesbaar", "In dit bestand staat geen rekenblad.", "bestand")
        tab: Any = boek.worksheets[0]
        # The rows as they stand in the file: what openpyxl offers fills up every hole, by the million when it is asked.
        with tab._get_source() as bron:  # noqa: SLF001  openpyxl offers no other way
            lezer = WorkSheetParser(
                bron,
                tab._shared_strings,  # noqa: SLF001
                epoch=boek.epoch,
                date_formats=boek._date_formats,  # noqa: SLF001
                timedelta_formats=boek._timedelta_formats,  # noqa: SLF001
            )
            for nummer, cellen in lezer.parse():
                yield nummer, [_cel(nummer, cel) for cel in cellen if cel["value"] is not None]
    finally:
        boek.close()


def _cel(nummer: int, cel: dict[str, Any]) -> Cel:
    waarde, kolom = cel["value"], cel["column"]
    if cel["data_type"] == TYPE_FORMULA:
        return Cel(nummer, kolom, str(getattr(waarde, "text", waarde)), formule=True)
    if isinstance(waarde, str):
        # The sign that stands for an underscore where one would begin a code (kern/werkblad.py writes it).
        waarde = waarde.replace("_x005F_", "_")
    return Cel(nummer, kolom, waarde, fout=cel["data_type"] == TYPE_ERROR)


def _eis_kleine_zip(bestand: IO[bytes]) -> None:
    """Raise Weigering when unpacking would cost too much, by what the list of parts says, or reading its XML would.

    zipfile never unpacks more of a part than that list says, so a list that lies leads to a damaged file.
    """
    bestand.seek(0)
    zin = "Uitgepakt is dit bestand te groot om veilig te lezen. Splits het, of bewaar het als .csv."
    with zipfile.ZipFile(bestand) as archief:
        delen = archief.infolist()
        uitgepakt = sum(deel.file_size for deel in delen)
        ingepakt = sum(deel.compress_size for deel in delen) or 1
        te_veel = uitgepakt > MEESTE_UITGEPAKT or (uitgepakt > ZONDER_KWAAD and uitgepakt > MEESTE_KEREN * ingepakt)
        eis(len(delen) <= MEESTE_DELEN and not te_veel, "bestand_te_groot", zin, "bestand")
        over = MEESTE_ELEMENTEN
        for deel in delen:
            if deel.filename.endswith((".xml", ".rels")):
                over -= _tel_elementen(archief, deel, over)
                eis(over >= 0, "bestand_te_groot", zin, "bestand")


def _tel_elementen(archief: zipfile.ZipFile, deel: zipfile.ZipInfo, hoogstens: int) -> int:
    """Return the number of elements of a part, or one more than `hoogstens`; nothing of it is kept.

    A tree takes a hundred times the room of its text. Raises ValueError for a document type: no sheet has one.
    """
    aantal = 0

    def tel(_naam: str, _attributen: Any) -> None:
        nonlocal aantal
        aantal += 1

    def weiger(*_: Any) -> None:
        raise ValueError("DOCTYPE")

    lezer = expat.ParserCreate()
    lezer.StartElementHandler, lezer.StartDoctypeDeclHandler = tel, weiger
    with archief.open(deel) as bron:
        while aantal <= hoogstens and (stuk := bron.read(1 << 20)):
            lezer.Parse(stuk)
    return aantal


# --- .csv ---


def _van_csv(inhoud: bytes) -> Iterator[tuple[int, Sequence[Cel]]]:
    tekst = _tekst(inhoud)
    eerste = next((regel for regel in tekst.splitlines() if regel.strip()), "")
    scheiding = ";" if eerste.count(";") >= eerste.count(",") else ","
    lezer = csv.reader(StringIO(tekst, newline=""), delimiter=scheiding, strict=True)
    try:
        for nummer, velden in enumerate(lezer, 1):
            yield nummer, [Cel(nummer, kolom, _zonder_apostrof(veld)) for kolom, veld in enumerate(velden, 1) if veld]
    except csv.Error as fout:
        zin = f"Regel {max(lezer.line_num, 1)} van dit bestand kan niet gelezen worden: kijk de aanhalingstekens na."
        raise Weigering("bestand_onleesbaar", zin, "bestand") from fout


def _tekst(inhoud: bytes) -> str:
    for codering in ("utf-8-sig", "cp1252"):
        try:
            tekst = inhoud.decode(codering)
        except UnicodeDecodeError:
            continue
        eis(not tekst_fout(tekst), "bestand_onleesbaar", _ONLEESBAAR, "bestand")
        return tekst
    raise Weigering("bestand_onleesbaar", _ONLEESBAAR, "bestand")


def _zonder_apostrof(tekst: str) -> str:
    # Our own csv puts one before a text that a sheet program would run (kern/werkblad.py).
    return tekst[1:] if tekst.startswith("'") and tekst[1:].startswith(GEVAARLIJK) else tekst
