"""Costs from a sheet: rows in, a proposal per row out (new, or refused with the cell and why). Saves nothing.

The file is read by kern/inlezen/lezer.py, its cells by kern/inlezen/rijen.py; this says what a row of costs means.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import IO, Any

from django.core import signing
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.regels import MAX_REGELS, Kader, Regelgegevens, gezuiverd, kader_van, waarschuwingen
from kern.inlezen.lezer import XLSX, lees
from kern.inlezen.rijen import Celfout, Rij
from kern.mails import Stukbestand
from kern.weigering import Weigering, eis
from oproepen.models import Kostencategorie

# Field of a line -> heading of its column, in the order of the sheet.
KOLOMMEN = {
    "categorie": "Kostensoort",
    "omschrijving": "Omschrijving",
    "leverancier": "Leverancier",
    "leverancier_kbo": "Ondernemingsnummer",
    "factuurnummer": "Factuurnummer",
    "factuurdatum": "Factuurdatum",
    "betaaldatum": "Betaald op",
    "bedrag": "Bedrag",
}
BREEDTES = (22, 44, 30, 22, 18, 15, 15, 14)
VERPLICHT = ("categorie", "omschrijving", "factuurdatum", "betaaldatum", "bedrag")
# How a cell is read; the others are text.
_LEZERS = {"factuurdatum": Rij.dag, "betaaldatum": Rij.dag, "bedrag": Rij.cent}
_ZOUT = "kosten uit een rekenblad"
# How long somebody may look at the preview before saving.
_GELDIG_SECONDEN = 6 * 3600


@dataclass
class Voorstel:
    """What becomes of one row: a line to save, or the faults, each a sentence that begins with its cell."""

    rij: int
    waarden: dict[str, str]
    gegevens: Regelgegevens | None = None
    fouten: list[str] = field(default_factory=list)
    waarschuwingen: list[str] = field(default_factory=list)


def lees_blad(bestand: IO[bytes], staat: Kostenstaat) -> list[Voorstel]:
    """Return the proposals of an open file, .xlsx or .csv; columns that the template does not have are passed over.

    Raises Weigering (veld 'bestand'): what `lees` raises, kolom_ontbreekt, blad_leeg, te_veel_regels.
    """
    tabel = lees(bestand)
    tabel.eis_koppen(KOLOMMEN.values(), "Gebruik het sjabloon van deze pagina.")
    eis(tabel.rijen, "blad_leeg", "In dit bestand staan geen kosten.", "bestand")
    zin = f"Dit bestand heeft meer dan {MAX_REGELS} regels. Verdeel het over meer bestanden."
    eis(len(tabel.rijen) <= MAX_REGELS, "te_veel_regels", zin, "bestand")
    return stel_voor(tabel.rijen, staat)


def stel_voor(rijen: Iterable[Rij], staat: Kostenstaat) -> list[Voorstel]:
    """Return a proposal per row, in order; reads the kinds of costs and the lines that are there, writes nothing."""
    kader = kader_van(staat)
    soorten = per_naam(Kostencategorie.objects.filter(regeling=kader.regeling))
    bekend = {
        factuur_van(r): f"regel {r.volgnummer} van deze kostenstaat" for r in staat.regels.exclude(factuur_sleutel="")
    }
    uit = []
    for rij in rijen:
        voorstel = lees_regel(rij, soorten, kader)
        _merk_dubbel(voorstel, rij, bekend)
        uit.append(voorstel)
    return uit


def per_naam(soorten: Iterable[Kostencategorie]) -> dict[str, Kostencategorie]:
    """Return kinds of costs by their name, as `lees_regel` looks for them."""
    return {_naam(soort.naam): soort for soort in soorten}


def lees_regel(
    rij: Rij, soorten: Mapping[str, Kostencategorie], kader: Kader, koppen: Mapping[str, str] = KOLOMMEN
) -> Voorstel:
    """Return what a row says about one line; koppen: the heading of each field."""
    voorstel = Voorstel(rij.nummer, {veld: rij.toon(kop) for veld, kop in koppen.items()})
    gelezen: dict[str, Any] = {}
    for veld, kop in koppen.items():
        try:
            gelezen[veld] = _lees(veld, rij, soorten, kop)
        except Celfout as fout:
            voorstel.fouten.append(fout.zin)
    if voorstel.fouten:
        return voorstel
    gelezen["bedrag_cent"] = gelezen.pop("bedrag")
    try:
        voorstel.gegevens = gezuiverd(Regelgegevens(**gelezen), kader)
    except Weigering as fout:
        voorstel.fouten.append(rij.fout_volzin(koppen[fout.veld or "omschrijving"], fout.zin).zin)
    else:
        voorstel.waarschuwingen = waarschuwingen(voorstel.gegevens, kader)
    return voorstel


def _lees(veld: str, rij: Rij, soorten: Mapping[str, Kostencategorie], kop: str) -> Any:
    """Return the value of a field of a row. Raises Celfout."""
    waarde = _LEZERS.get(veld, Rij.tekst)(rij, kop)
    if veld in VERPLICHT and waarde in {None, ""}:
        raise rij.fout(kop, f"vul de kolom {kop} in.")
    if veld != "categorie":
        return waarde
    soort = soorten.get(_naam(str(waarde)))
    if soort is None:
        namen = ", ".join(s.naam for s in soorten.values())
        raise rij.fout(kop, f"de kostensoort '{str(waarde)[:40]}' bestaat niet; kies uit: {namen}.")
    return soort


def _naam(tekst: str) -> str:
    return " ".join(tekst.split()).casefold()


def factuur_van(regel: Kostenregel) -> tuple[str, str]:
    """Return by what the same invoice is known again: its supplier and number, both normalised."""
    return regel.leverancier_kbo or regel.leverancier_sleutel, regel.factuur_sleutel


def _merk_dubbel(voorstel: Voorstel, rij: Rij, bekend: dict[tuple[str, str], str]) -> None:
    if voorstel.gegevens is None:
        return
    regel = Kostenregel(**voorstel.gegevens.als_velden())
    sleutel = factuur_van(regel)
    if not all(sleutel):
        return
    if sleutel in bekend:
        zin = f"deze factuur staat ook op {bekend[sleutel]}."
        voorstel.fouten.append(rij.fout(KOLOMMEN["factuurnummer"], zin).zin)
        voorstel.gegevens = None
    else:
        bekend[sleutel] = f"rij {rij.nummer} van dit bestand"


def verzegel(voorstellen: Sequence[Voorstel], staat: Kostenstaat) -> str:
    """Return proposals that may all be saved as a signed text, for the button under the preview."""
    rijen = []
    for voorstel in voorstellen:
        assert voorstel.gegevens is not None, "alleen wat bewaard mag worden"  # noqa: S101
        g = voorstel.gegevens
        datums = [g.factuurdatum.isoformat(), g.betaaldatum.isoformat()]
        rijen.append(
            [g.categorie.pk, g.omschrijving, g.leverancier, g.leverancier_kbo, g.factuurnummer, *datums, g.bedrag_cent]
        )
    return signing.dumps({"staat": staat.pk, "rijen": rijen}, salt=_ZOUT, compress=True)


def ontzegel(tekst: str, staat: Kostenstaat) -> list[Regelgegevens]:
    """Return what `verzegel` sealed for this claim. Raises Weigering(voorvertoning_verlopen)."""
    verlopen = Weigering("voorvertoning_verlopen", "Kies het bestand opnieuw: dit voorbeeld is te oud.", "bestand")
    try:
        inhoud = signing.loads(tekst, salt=_ZOUT, max_age=_GELDIG_SECONDEN)
    except signing.BadSignature:
        raise verlopen from None
    if inhoud["staat"] != staat.pk:
        raise verlopen
    soorten = Kostencategorie.objects.in_bulk({rij[0] for rij in inhoud["rijen"]})
    return [
        Regelgegevens(
            categorie=soorten[soort],
            omschrijving=omschrijving,
            leverancier=leverancier,
            leverancier_kbo=kbo,
            factuurnummer=nummer,
            factuurdatum=date.fromisoformat(factuurdatum),
            betaaldatum=date.fromisoformat(betaaldatum),
            bedrag_cent=cent,
        )
        for soort, omschrijving, leverancier, kbo, nummer, factuurdatum, betaaldatum, cent in inhoud["rijen"]
    ]


def sjabloon(staat: Kostenstaat) -> Stukbestand:
    """Return an empty sheet to fill in, with the kinds of costs in a list."""
    soorten = list(Kostencategorie.objects.filter(regeling=staat.dossier.ronde.luik.kostenregeling))
    boek = Workbook()
    blad: Any = boek.active
    blad.title = "Kosten"
    for nummer, (kop, breedte) in enumerate(zip(KOLOMMEN.values(), BREEDTES, strict=True), start=1):
        blad.cell(1, nummer, kop).font = Font(name="Calibri", bold=True)
        blad.column_dimensions[get_column_letter(nummer)].width = breedte
    blad.freeze_panes = "A2"
    lijst: Any = boek.create_sheet("Kostensoorten")
    for nummer, soort in enumerate(soorten, start=1):
        lijst.cell(nummer, 1, soort.naam)
    keuze = DataValidation(type="list", formula1=f"Kostensoorten!$A$1:$A${len(soorten)}", allow_blank=True)
    keuze.error, keuze.errorTitle = "Kies een kostensoort uit de lijst.", "Kostensoort"
    blad.add_data_validation(keuze)
    keuze.add(f"A2:A{MAX_REGELS + 1}")
    for kolom, opmaak in (("B", "@"), ("C", "@"), ("D", "@"), ("E", "@"), ("F", "d/mm/yyyy"), ("G", "d/mm/yyyy")):
        for rij in range(2, MAX_REGELS + 2):
            blad[f"{kolom}{rij}"].number_format = opmaak
    for rij in range(2, MAX_REGELS + 2):
        blad[f"H{rij}"].number_format = "#,##0.00"
    buffer = BytesIO()
    boek.save(buffer)
    return Stukbestand(f"kosten-{staat.dossier.nummer}-{staat.volgnummer}.xlsx", buffer.getvalue(), XLSX)
