"""Loading the municipalities and their OCMWs from the data files of 2021 and 2025, with the mergers between them.

All files are read and checked whole; then all rows are stored in one act, or none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kern.gegevensbestand import CsvRij, lees_csv, lees_tekst
from kern.weg import handeling, noteer
from kern.weigering import Weigering
from organisaties import nummers, rechten
from organisaties.models import Categorie, Gebruiker, Organisatie, Rechtsvorm

GEGEVENS = Path(__file__).parent / "gegevens"
VROEGER, NU, FUSIES = "gemeenten_2021.csv", "gemeenten_2025.csv", "fusies.csv"
# The source gives this one number to all nineteen Brussels municipalities of 2021: read as empty (HERKOMST.md).
KBO_VAN_GEEN_GEMEENTE = "0207449544"
BRUSSEL = "21"

_KOLOMMEN = ("nis", "naam", "provincie", "ovo", "kbo_gemeente", "ovo_ocmw", "kbo_ocmw")
_FUSIEKOLOMMEN = ("nis_oud", "naam_oud", "nis_nieuw", "naam_nieuw", "datum")
_VELDEN = ("naam", "rechtsvorm", "juridische_vorm", "kbo", "ovo", "gemeente", "provincie", "geldig_van", "geldig_tot")

Sleutel = tuple[str, str]  # NIS code, category: the same in both years


@dataclass
class Rij:
    """A row to be: its fields, the successor's key, and where it came from."""

    bron: CsvRij
    velden: dict[str, Any]
    opvolger: Sleutel | None = None

    @property
    def sleutel(self) -> Sleutel:
        """Return NIS code and category."""
        return (self.velden["nis"], self.velden["categorie"])


@dataclass(frozen=True)
class Uitkomst:
    """How many organisations were stored now, and how many were there already."""

    nieuw: int
    bestaand: int


def laad_organisaties(map_: Path = GEGEVENS, *, door: Gebruiker) -> Uitkomst:
    """Load the municipalities and OCMWs of a folder with the three data files.

    What was loaded before must be the same, and then nothing changes. Raises Weigering, each with file and line:
    bestand_ontbreekt, bestand_onleesbaar, kolom_ontbreekt, rij_ongeldig, waarde_ongeldig, kbo_ongeldig, kbo_dubbel,
    onbekende_gemeente, gegevens_in_strijd.
    """
    rijen = lees_organisaties(map_)
    te_maken = _nieuwe(rijen)
    if te_maken:
        bestanden = {naam: lees_tekst(map_ / naam)[1] for naam in (VROEGER, NU, FUSIES)}
        maak_organisaties(door, rijen=rijen, bestanden=bestanden, door=door)
    return Uitkomst(len(te_maken), len(rijen) - len(te_maken))


@handeling("organisatie.laad", "Gemeenten en OCMW's laden", mag=rechten.mag_laden)
def maak_organisaties(
    wie: Gebruiker, *, rijen: dict[Sleutel, Rij], bestanden: dict[str, str], door: Gebruiker
) -> list[Organisatie]:
    """Store the rows that are not there yet. bestanden: SHA-256 (hex) by file name. Raises: gegevens_in_strijd."""
    te_maken = _nieuwe(rijen)
    gemaakt: list[Organisatie] = []
    bekend = {(o.nis, o.categorie): o for o in Organisatie.objects.filter(nis__gt="")}
    # Successors first: a row can only point to one that is stored. A successor has not ended itself (`_fusies`).
    for geeindigd in (False, True):
        deel = [rij for rij in te_maken if (rij.opvolger is not None) is geeindigd]
        nieuw = [Organisatie(**rij.velden, opvolger=bekend[rij.opvolger] if rij.opvolger else None) for rij in deel]
        gemaakt += Organisatie.objects.bulk_create(nieuw)
        bekend |= {(o.nis, o.categorie): o for o in nieuw}
    noteer(wie, door=door, inhoud={"aantal": len(gemaakt), "bestanden": bestanden})
    return gemaakt


def lees_organisaties(map_: Path) -> dict[Sleutel, Rij]:
    """Return every row of the data files by key, checked. Raises as `laad_organisaties`, except gegevens_in_strijd."""
    vroeger, nu = (_gemeenten(map_ / naam) for naam in (VROEGER, NU))
    fusies = _fusies(map_ / FUSIES, vroeger, nu)
    rijen: dict[Sleutel, Rij] = {}
    begin: dict[str, date] = {}
    for nis, bron in vroeger.items():
        if nis not in fusies:
            _eis_gelijk(bron, nu.get(nis))
            bron = nu[nis]  # noqa: PLW2901  the same municipality; its newest row counts
        rijen |= _paar(bron, None, fusies.get(nis))
        if nis in fusies:
            begin[fusies[nis][0]] = fusies[nis][1]
    for nis, bron in nu.items():
        if (nis, Categorie.GEMEENTE) in rijen:
            continue
        if nis not in begin:
            raise bron.fout(
                "onbekende_gemeente", f"{bron['naam']} ({nis}) bestond niet in {VROEGER} en niet in {FUSIES}."
            )
        rijen |= _paar(bron, begin[nis], None)
    _eis_uniek(rijen.values())
    return rijen


def _gemeenten(pad: Path) -> dict[str, CsvRij]:
    rijen: dict[str, CsvRij] = {}
    for rij in lees_csv(pad, _KOLOMMEN):
        nis = rij["nis"]
        if not re.fullmatch(r"[0-9]{5}", nis):
            raise rij.fout("waarde_ongeldig", f"'{nis}' is geen NIS-code van vijf cijfers.")
        if nis in rijen:
            raise rij.fout("waarde_ongeldig", f"de NIS-code {nis} staat hier voor de tweede keer.")
        if not rij["naam"] or not rij["provincie"]:
            raise rij.fout("waarde_ongeldig", "de naam of de provincie ontbreekt.")
        for kolom in ("ovo", "ovo_ocmw"):
            if not re.fullmatch(r"(OVO[0-9]{6})?", rij[kolom]):
                raise rij.fout("waarde_ongeldig", f"'{rij[kolom]}' is geen OVO-nummer.")
        for kolom in ("kbo_gemeente", "kbo_ocmw"):
            _kbo(rij, kolom)
        rijen[nis] = rij
    return rijen


def _fusies(pad: Path, vroeger: dict[str, CsvRij], nu: dict[str, CsvRij]) -> dict[str, tuple[str, date]]:
    """Return successor and date by the NIS code of each municipality that ended."""
    fusies: dict[str, tuple[str, date]] = {}
    begin: dict[str, date] = {}
    for rij in lees_csv(pad, _FUSIEKOLOMMEN):
        oud, nieuw = rij["nis_oud"], rij["nis_nieuw"]
        for nis, naam, gemeenten, bestand in (
            (oud, rij["naam_oud"], vroeger, VROEGER),
            (nieuw, rij["naam_nieuw"], nu, NU),
        ):
            if nis not in gemeenten or gemeenten[nis]["naam"] != naam:
                raise rij.fout("onbekende_gemeente", f"de gemeente {naam} ({nis}) staat niet in {bestand}.")
        try:
            datum = date.fromisoformat(rij["datum"])
        except ValueError:
            zin = f"'{rij['datum']}' is geen datum; schrijf ze als 2025-01-01."
            raise rij.fout("waarde_ongeldig", zin) from None
        if oud in nu:
            raise rij.fout("waarde_ongeldig", f"{rij['naam_oud']} ({oud}) eindigt hier, maar staat nog in {NU}.")
        if oud in fusies:
            raise rij.fout("waarde_ongeldig", f"{rij['naam_oud']} staat hier voor de tweede keer.")
        if begin.setdefault(nieuw, datum) != datum:
            raise rij.fout("waarde_ongeldig", f"{rij['naam_nieuw']} begint op twee verschillende dagen.")
        fusies[oud] = (nieuw, datum)
    return fusies


def _eis_gelijk(vroeger: CsvRij, nu: CsvRij | None) -> None:
    """Raise Weigering unless a municipality without a merger is the same in both years."""
    if nu is None:
        zin = f"{vroeger['naam']} staat niet meer in {NU} en ook niet in {FUSIES}."
        raise vroeger.fout("onbekende_gemeente", zin)
    for kolom in ("naam", "ovo", "ovo_ocmw"):
        if vroeger[kolom] != nu[kolom]:
            zin = f"{vroeger['naam']} heeft als {kolom} '{vroeger[kolom]}', maar in {NU} '{nu[kolom]}'."
            raise vroeger.fout("waarde_ongeldig", zin)
    for kolom in ("kbo_gemeente", "kbo_ocmw"):
        if _kbo(vroeger, kolom) != _kbo(nu, kolom):
            zin = f"{vroeger['naam']} heeft als {kolom} '{vroeger[kolom]}', maar in {NU} '{nu[kolom]}'."
            raise vroeger.fout("waarde_ongeldig", zin)


def _kbo(rij: CsvRij, kolom: str) -> str | None:
    """Return a number, None when the cell is empty. Raises Weigering(kbo_ongeldig) with the line."""
    tekst = rij[kolom]
    if not tekst or (tekst == KBO_VAN_GEEN_GEMEENTE and rij["nis"].startswith(BRUSSEL)):
        return None
    try:
        nummer = nummers.lees_kbo(tekst)
    except Weigering:
        raise rij.fout("kbo_ongeldig", f"'{tekst}' is geen geldig ondernemingsnummer.") from None
    if nummer != tekst:
        raise rij.fout("kbo_ongeldig", f"schrijf het ondernemingsnummer '{tekst}' als {nummer}.")
    return nummer


def _paar(bron: CsvRij, van: date | None, einde: tuple[str, date] | None) -> dict[Sleutel, Rij]:
    """Return the rows of a municipality and its OCMW; einde: successor and first day that it is no more."""
    rijen = {}
    for categorie, naam, kolom in (
        (Categorie.GEMEENTE, bron["naam"], "gemeente"),
        (Categorie.OCMW, f"OCMW {bron['naam']}", "ocmw"),
    ):
        velden = {
            "nis": bron["nis"],
            "categorie": categorie.value,
            "naam": naam,
            "rechtsvorm": Rechtsvorm.LOKAAL_BESTUUR.value,
            "juridische_vorm": kolom,
            "kbo": _kbo(bron, f"kbo_{kolom}"),
            "ovo": bron["ovo"] if categorie == Categorie.GEMEENTE else bron["ovo_ocmw"],
            "gemeente": bron["naam"],
            "provincie": bron["provincie"],
            "geldig_van": van,
            "geldig_tot": einde[1] if einde else None,
        }
        rij = Rij(bron, velden, (einde[0], categorie.value) if einde else None)
        rijen[rij.sleutel] = rij
    return rijen


def _eis_uniek(rijen: Iterable[Rij]) -> None:
    gezien: dict[str, Rij] = {}
    for rij in rijen:
        kbo = rij.velden["kbo"]
        if kbo is None or rij.velden["geldig_tot"] is not None:
            continue
        if kbo in gezien:
            ander = gezien[kbo]
            zin = f"het ondernemingsnummer {kbo} staat ook op regel {ander.bron.regel} ({ander.velden['naam']})."
            raise rij.bron.fout("kbo_dubbel", zin)
        gezien[kbo] = rij


def _nieuwe(rijen: dict[Sleutel, Rij]) -> list[Rij]:
    """Return the rows that are not stored yet; Weigering(gegevens_in_strijd) when a stored one is different."""
    geladen = Organisatie.objects.filter(nis__gt="", categorie__in=[Categorie.GEMEENTE, Categorie.OCMW])
    bekend = {(o.nis, o.categorie): o for o in geladen.select_related("opvolger")}
    for sleutel, organisatie in bekend.items():
        if sleutel not in rijen:
            zin = f"{organisatie} ({organisatie.nis}) werd eerder geladen, maar staat niet meer in dit bestand."
            raise Weigering("gegevens_in_strijd", f"{NU}: {zin}")
        _eis_zelfde(rijen[sleutel], organisatie)
    te_maken = [rij for sleutel, rij in rijen.items() if sleutel not in bekend]
    _eis_vrij(te_maken)
    return te_maken


def _eis_zelfde(rij: Rij, organisatie: Organisatie) -> None:
    velden = [(veld, rij.velden[veld], getattr(organisatie, veld)) for veld in _VELDEN]
    opvolger = organisatie.opvolger
    velden.append(("opvolger", rij.opvolger and rij.opvolger[0], opvolger and opvolger.nis))
    for veld, nieuw, oud in velden:
        if nieuw != oud:
            zin = f"{organisatie}: {veld} is hier '{nieuw or ''}', maar eerder is '{oud or ''}' geladen."
            raise rij.bron.fout("gegevens_in_strijd", zin)


def _eis_vrij(te_maken: list[Rij]) -> None:
    """Raise Weigering when somebody else, registered by hand, has the number of a new row."""
    nieuwe = {rij.velden["kbo"]: rij for rij in te_maken if rij.velden["kbo"] and rij.velden["geldig_tot"] is None}
    for organisatie in Organisatie.objects.filter(geldig_tot=None, kbo__isnull=False):
        if organisatie.kbo in nieuwe:
            zin = f"het ondernemingsnummer {organisatie.kbo} heeft de organisatie '{organisatie}' al."
            raise nieuwe[organisatie.kbo].bron.fout("gegevens_in_strijd", zin)
