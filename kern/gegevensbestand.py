"""Data files, JSON and CSV, read so that every refusal names the file and the line.

A JSON file is walked by nodes: `lees_json(pad).wortel.lijst("acties")[2].heel("nr")` is a whole number, or refused
with "plan.json, regel 57 (acties[2].nr): ...".
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from kern.canoniek import tekst_fout
from kern.geld import HOOGSTE_CENT, naar_cent
from kern.weigering import Weigering, eis

Pad = tuple[str | int, ...]

_TEKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
# The notation of data files: euro with a point, without thousands. Dutch notation is for people.
_BEDRAG = re.compile(r"[0-9]+\.[0-9]{2}")


@dataclass(frozen=True)
class JsonBestand:
    """A JSON file: its name, value, SHA-256 (hex), and the line on which each place begins."""

    naam: str
    waarde: Any
    sha256: str
    regels: dict[Pad, int]

    @property
    def wortel(self) -> "Knoop":
        """Return the whole value as a node."""
        return Knoop(self, (), self.waarde)

    def plaats(self, pad: Pad = ()) -> str:
        """Return a place as people read it: 'plan.json, regel 57 (acties[2].nr)'; the nearest one that exists."""
        while pad and pad not in self.regels:
            pad = pad[:-1]
        if not pad:
            return self.naam
        spoor = "".join(f"[{deel}]" if isinstance(deel, int) else f".{deel}" for deel in pad).lstrip(".")
        return f"{self.naam}, regel {self.regels[pad]} ({spoor})"


@dataclass(frozen=True)
class Knoop:
    """A value in a JSON file. Every reader raises Weigering (veld_ontbreekt, waarde_ongeldig) with its place."""

    bestand: JsonBestand
    pad: Pad
    waarde: Any

    def fout(self, code: str, zin: str, veld: str | None = None) -> Weigering:
        """Return a refusal at this place, or at a field of it."""
        pad = self.pad if veld is None else (*self.pad, veld)
        return Weigering(code, f"{self.bestand.plaats(pad)}: {zin}")

    def alleen(self, velden: Iterable[str]) -> None:
        """Raise Weigering when this is no object, or has a field that is not among `velden`."""
        for veld in self._object():
            if veld not in velden:
                raise self.fout("waarde_ongeldig", f"het veld '{veld}' is niet bekend.", veld)

    def tekst(self, veld: str) -> str:
        """Return a text that is not empty."""
        waarde = self._haal(veld)
        if not isinstance(waarde, str) or not waarde.strip():
            raise self.fout("waarde_ongeldig", f"{veld} moet een tekst zijn.", veld)
        zin = tekst_fout(waarde)
        if zin is not None:
            raise self.fout("waarde_ongeldig", zin, veld)
        return waarde

    def tekst_of_leeg(self, veld: str) -> str:
        """Return a text, empty for null."""
        return "" if self._haal(veld) is None else self.tekst(veld)

    def keuze(self, veld: str, waarden: Iterable[str]) -> str:
        """Return a text that is one of `waarden`."""
        waarde = self.tekst(veld)
        if waarde not in waarden:
            raise self.fout("waarde_ongeldig", f"{veld} '{waarde}' is onbekend; kies uit: {', '.join(waarden)}.", veld)
        return waarde

    def heel(self, veld: str) -> int:
        """Return a whole number."""
        waarde = self._haal(veld)
        if not isinstance(waarde, int) or isinstance(waarde, bool):
            raise self.fout("waarde_ongeldig", f"{veld} moet een geheel getal zijn.", veld)
        return waarde

    def heel_of_niets(self, veld: str) -> int | None:
        """Return a whole number, None for null."""
        return None if self._haal(veld) is None else self.heel(veld)

    def ja_nee(self, veld: str) -> bool:
        """Return true or false."""
        waarde = self._haal(veld)
        if not isinstance(waarde, bool):
            raise self.fout("waarde_ongeldig", f"{veld} moet true of false zijn.", veld)
        return waarde

    def datum(self, veld: str) -> date:
        """Return a day written as 2022-03-01."""
        waarde = self.tekst(veld)
        try:
            return date.fromisoformat(waarde)
        except ValueError:
            zin = f"'{waarde}' is geen datum; schrijf ze als 2022-03-01."
            raise self.fout("waarde_ongeldig", zin, veld) from None

    def datum_of_niets(self, veld: str) -> date | None:
        """Return a day, None for null."""
        return None if self._haal(veld) is None else self.datum(veld)

    def cent_of_niets(self, veld: str) -> int | None:
        """Return the cents of a decimal string ('50000.00'), None for null. Raises also: bedrag_onleesbaar."""
        waarde = self._haal(veld)
        if waarde is None:
            return None
        if isinstance(waarde, str) and _BEDRAG.fullmatch(waarde):
            cent = naar_cent(Decimal(waarde)) if len(waarde) < len(str(HOOGSTE_CENT)) else HOOGSTE_CENT + 1
            if cent <= HOOGSTE_CENT:
                return cent
        gelezen = json.dumps(waarde, ensure_ascii=False)
        zin = f'het bedrag {gelezen} kan niet gelezen worden; schrijf het als "50000.00".'
        raise self.fout("bedrag_onleesbaar", zin, veld)

    def teksten(self, veld: str) -> list[str]:
        """Return a list of texts that are not empty."""
        delen = self.lijst(veld)
        for deel in delen:
            if not isinstance(deel.waarde, str) or not deel.waarde.strip() or tekst_fout(deel.waarde):
                raise deel.fout("waarde_ongeldig", "hier hoort een tekst.")
        return [deel.waarde for deel in delen]

    def knoop(self, veld: str) -> "Knoop":
        """Return a field as a node."""
        return Knoop(self.bestand, (*self.pad, veld), self._haal(veld))

    def lijst(self, veld: str) -> list["Knoop"]:
        """Return the elements of a list as nodes."""
        waarde = self._haal(veld)
        if not isinstance(waarde, list):
            raise self.fout("waarde_ongeldig", f"{veld} moet een lijst zijn.", veld)
        return [Knoop(self.bestand, (*self.pad, veld, i), deel) for i, deel in enumerate(waarde)]

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.waarde, dict):
            raise self.fout("waarde_ongeldig", "hier hoort een object met velden.")
        return self.waarde

    def _haal(self, veld: str) -> Any:
        waarden = self._object()
        if veld not in waarden:
            raise self.fout("veld_ontbreekt", f"het veld '{veld}' ontbreekt.")
        return waarden[veld]


@dataclass(frozen=True)
class CsvRij:
    """A row of a CSV file with the line it stands on."""

    bestand: str
    regel: int
    waarden: dict[str, str]

    def __getitem__(self, kolom: str) -> str:
        """Return a cell without spaces around it."""
        return self.waarden[kolom]

    def fout(self, code: str, zin: str) -> Weigering:
        """Return a refusal at this row."""
        return Weigering(code, f"{self.bestand}, regel {self.regel}: {zin}")


def lees_tekst(pad: Path) -> tuple[str, str]:
    """Return the text of a UTF-8 file and the SHA-256 of its bytes. Raises: bestand_ontbreekt, bestand_onleesbaar."""
    if not pad.is_file():
        raise Weigering("bestand_ontbreekt", f"{pad.name}: dit bestand bestaat niet.")
    try:
        inhoud = pad.read_bytes()
    except OSError:
        raise Weigering("bestand_onleesbaar", f"{pad.name}: dit bestand kan niet gelezen worden.") from None
    try:
        return inhoud.decode("utf-8-sig"), hashlib.sha256(inhoud).hexdigest()
    except UnicodeDecodeError as fout:
        regel = inhoud.count(b"\n", 0, fout.start) + 1
        raise Weigering("bestand_onleesbaar", f"{pad.name}, regel {regel}: dit bestand is geen UTF-8.") from None


def lees_json(pad: Path) -> JsonBestand:
    """Return a JSON file. Raises Weigering: bestand_ontbreekt, bestand_onleesbaar."""
    tekst, som = lees_tekst(pad)
    try:
        waarde = json.loads(tekst, parse_constant=_geen_getal)
    except json.JSONDecodeError as fout:
        raise Weigering("bestand_onleesbaar", f"{pad.name}, regel {fout.lineno}: geen geldige JSON.") from None
    except (ValueError, RecursionError):
        raise Weigering("bestand_onleesbaar", f"{pad.name}: geen geldige JSON.") from None
    regels, dubbel = _regels(tekst)
    if dubbel is not None:
        zin = f"{pad.name}, regel {dubbel[1]}: het veld '{dubbel[0]}' staat hier voor de tweede keer."
        raise Weigering("bestand_onleesbaar", zin)
    return JsonBestand(pad.name, waarde, som, regels)


def _geen_getal(tekst: str) -> Any:
    raise ValueError(tekst)


def _regels(tekst: str) -> tuple[dict[Pad, int], tuple[str, int] | None]:
    """Return the line of every place in a valid JSON text, and the first field that stands twice with its line."""
    regels: dict[Pad, int] = {}
    dubbel: tuple[str, int] | None = None
    open_: list[list[Any]] = []  # per open bracket: the bracket, and the key or index being read
    regel, tot = 1, 0
    for treffer in _TEKENS.finditer(tekst):
        regel += tekst.count("\n", tot, treffer.start())
        tot = treffer.start()
        teken = treffer[0]
        if teken == ":":
            continue
        if teken in {"}", "]"}:
            open_.pop()
        elif teken == ",":
            open_[-1][1] = open_[-1][1] + 1 if open_[-1][0] == "[" else None
        elif open_ and open_[-1][0] == "{" and open_[-1][1] is None:
            open_[-1][1] = json.loads(teken)
            pad = tuple(deel for _, deel in open_)
            if pad in regels and dubbel is None:
                dubbel = (str(pad[-1]), regel)
            regels.setdefault(pad, regel)
        else:
            regels.setdefault(tuple(deel for _, deel in open_), regel)
            if teken in {"{", "["}:
                open_.append([teken, None if teken == "{" else 0])
    return regels, dubbel


def lees_csv(pad: Path, kolommen: Iterable[str]) -> list[CsvRij]:
    """Return the rows of a comma-separated file that has at least these columns; empty lines are passed over.

    Raises Weigering: bestand_ontbreekt, bestand_onleesbaar, kolom_ontbreekt, rij_ongeldig.
    """
    tekst, _ = lees_tekst(pad)
    lezer = csv.reader(StringIO(tekst, newline=""), strict=True)
    rijen: list[CsvRij] = []
    try:
        kop = [cel.strip() for cel in next(lezer, [])]
        for kolom in kolommen:
            eis(kop.count(kolom) == 1, "kolom_ontbreekt", _kolomzin(pad.name, kolom, kop))
        for cellen in lezer:
            if not cellen:
                continue
            rij = CsvRij(pad.name, lezer.line_num, dict(zip(kop, (cel.strip() for cel in cellen), strict=False)))
            if len(cellen) != len(kop):
                raise rij.fout("rij_ongeldig", f"{len(cellen)} kolommen in plaats van {len(kop)}.")
            if any(tekst_fout(cel) for cel in cellen):
                raise rij.fout("rij_ongeldig", "de rij bevat een teken dat niet bewaard kan worden.")
            rijen.append(rij)
    except csv.Error:
        regel = max(lezer.line_num, 1)
        raise Weigering("bestand_onleesbaar", f"{pad.name}, regel {regel}: deze rij kan niet gelezen worden.") from None
    return rijen


def _kolomzin(naam: str, kolom: str, kop: list[str]) -> str:
    gebrek = "staat er meer dan één keer" if kolom in kop else "ontbreekt"
    return f"{naam}, regel 1: de kolom '{kolom}' {gebrek}."
