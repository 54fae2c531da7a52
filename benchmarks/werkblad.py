"""How fast and how large: our sheet writer beside bare openpyxl (write-only) and csv, for the same 20 columns.

    .venv/bin/python benchmarks/werkblad.py [10000 100000]

Each measurement runs in a process of its own; peak memory is that of the whole process, Django included. Time is
that of the writing alone, the best of three.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from openpyxl import Workbook

os.environ["DJANGO_SETTINGS_MODULE"] = "portaal.settings"
os.environ["GEGEVENSMAP"] = tempfile.gettempdir()

from kern import geld, klok, werkblad
from kern.resources import CentWidget, DagWidget, GetalWidget, Kolom, MomentWidget, Rekenblad

TEKSTEN, BEDRAGEN, DAGEN, GETALLEN = 9, 5, 3, 3
MANIEREN = ("alleen de rijen", "openpyxl kaal", "werkblad xlsx", "werkblad csv")
KEREN = 3
DAG = date(2022, 2, 1)
MOMENT = datetime(2021, 11, 8, 8, 0, tzinfo=UTC)


def rijen(aantal: int) -> Iterator[SimpleNamespace]:
    """Give rows as a queryset would: one at a time."""
    for i in range(aantal):
        rij = SimpleNamespace()
        for k in range(TEKSTEN):
            setattr(rij, f"tekst{k}", f"Een titel van gewone lengte {i} {k}")
        for k in range(BEDRAGEN):
            setattr(rij, f"bedrag{k}_cent", i * 100 + k)
        for k in range(DAGEN - 1):
            setattr(rij, f"dag{k}", DAG + timedelta(days=i % 1000))
        rij.moment = MOMENT + timedelta(minutes=i)
        for k in range(GETALLEN):
            setattr(rij, f"getal{k}", i + k)
        yield rij


def kaal(aantal: int, bestand: Any) -> None:
    """Write the same cells with openpyxl alone: no types, no styles, no totals."""
    boek = Workbook(write_only=True)
    tab = boek.create_sheet("Rijen")
    for rij in rijen(aantal):
        waarden: list[Any] = [getattr(rij, f"tekst{k}") for k in range(TEKSTEN)]
        waarden += [geld.euro(getattr(rij, f"bedrag{k}_cent")) for k in range(BEDRAGEN)]
        waarden += [getattr(rij, f"dag{k}") for k in range(DAGEN - 1)]
        waarden.append(rij.moment.astimezone(klok.BRUSSEL).replace(tzinfo=None))
        waarden += [getattr(rij, f"getal{k}") for k in range(GETALLEN)]
        tab.append(waarden)
    boek.save(bestand)


def van_ons(aantal: int) -> werkblad.Blad:
    """Return the sheet as the pages make it."""
    velden: dict[str, Any] = {f"tekst{k}": Kolom(f"tekst{k}", f"Tekst {k}") for k in range(TEKSTEN)}
    velden |= {f"bedrag{k}_cent": Kolom(f"bedrag{k}_cent", f"Bedrag {k}", CentWidget()) for k in range(BEDRAGEN)}
    velden |= {f"dag{k}": Kolom(f"dag{k}", f"Dag {k}", DagWidget()) for k in range(DAGEN - 1)}
    velden["moment"] = Kolom("moment", "Moment", MomentWidget())
    velden |= {f"getal{k}": Kolom(f"getal{k}", f"Getal {k}", GetalWidget()) for k in range(GETALLEN)}
    soort = type(Rekenblad)("Proefblad", (Rekenblad,), velden)
    return werkblad.Blad("Rijen", "Rijen", soort(), rijen(aantal))


def meet(manier: str, aantal: int) -> None:
    """Write once and print seconds and peak memory (kB)."""
    with tempfile.TemporaryFile() as bestand:
        begin = time.perf_counter()
        if manier == "alleen de rijen":
            sum(1 for _ in rijen(aantal))
        elif manier == "openpyxl kaal":
            kaal(aantal, bestand)
        elif manier == "werkblad xlsx":
            werkblad.schrijf_xlsx(van_ons(aantal), bestand)
        else:
            werkblad.schrijf_csv(van_ons(aantal), bestand)
        duur = time.perf_counter() - begin
    print(duur, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Print a table per number of rows."""
    for aantal in [int(deel) for deel in sys.argv[1:]] or [10_000, 100_000]:
        print(f"\n{aantal} rijen".ljust(19), "seconden  piek MB  tijd t.o.v. openpyxl kaal", sep="")
        uitslag: dict[str, tuple[float, float]] = {}
        for manier in MANIEREN:
            opdracht = [sys.executable, __file__, "--meet", manier, str(aantal)]
            metingen = [subprocess.check_output(opdracht, text=True).split() for _ in range(KEREN)]
            uitslag[manier] = min(float(s) for s, _ in metingen), max(int(kb) for _, kb in metingen) / 1024
        for manier, (seconden, piek) in uitslag.items():
            verhouding = seconden / uitslag["openpyxl kaal"][0]
            print(f"{manier:<18}{seconden:8.2f} {piek:8.0f} {verhouding:11.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--meet"]:
        meet(sys.argv[2], int(sys.argv[3]))
    else:
        main()
