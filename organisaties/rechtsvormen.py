"""The legal forms of gegevens/rechtsvormen.csv: 25 codes, each in one of the groups that calls distinguish."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kern.gegevensbestand import lees_csv
from organisaties.models import Rechtsvorm

BESTAND = Path(__file__).parent / "gegevens" / "rechtsvormen.csv"


@dataclass(frozen=True)
class Vorm:
    """A legal form: stable code, Dutch label, and the group (Rechtsvorm) it belongs to."""

    code: str
    label: str
    groep: str


def lees_vormen(pad: Path) -> dict[str, Vorm]:
    """Return the legal forms of a file by code, in the order of `volgorde`.

    Raises Weigering with file and line: bestand_ontbreekt, kolom_ontbreekt, waarde_ongeldig.
    """
    vormen: dict[str, tuple[int, Vorm]] = {}
    for rij in lees_csv(pad, ("code", "label", "volgorde", "groep")):
        if not rij["code"] or not rij["label"] or rij["code"] in vormen:
            raise rij.fout("waarde_ongeldig", "de code of het label ontbreekt, of de code stond er al.")
        if rij["groep"] not in Rechtsvorm.values:
            raise rij.fout("waarde_ongeldig", f"onbekende groep '{rij['groep']}'.")
        if not rij["volgorde"].isdecimal():
            raise rij.fout("waarde_ongeldig", f"volgorde '{rij['volgorde']}' is geen geheel getal.")
        vormen[rij["code"]] = (int(rij["volgorde"]), Vorm(rij["code"], rij["label"], rij["groep"]))
    return {vorm.code: vorm for _, vorm in sorted(vormen.values(), key=lambda paar: paar[0])}


@cache
def vormen() -> dict[str, Vorm]:
    """Return our legal forms by code, in order."""
    return lees_vormen(BESTAND)


def keuzes() -> list[tuple[str, str]]:
    """Return code and label of every legal form, for a form."""
    return [(vorm.code, vorm.label) for vorm in vormen().values()]


def label(code: str) -> str:
    """Return the label of a code; the code itself when it is not in the file."""
    vorm = vormen().get(code)
    return vorm.label if vorm else code
