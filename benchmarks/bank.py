"""How long the bank files take: `.venv/bin/python benchmarks/bank.py [AANTAL]`. Batches are made up; no database."""

import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from betalingen.bank import camt, koppel, pain
from tests.betalingen.bank.afschrift import boekingen, maak_afschrift, opdracht, openstaand, schrijf, terug

KEREN = 5
IN_EEN_NIEUW_PROCES = (
    "import time; from betalingen.bank import pain; from tests.betalingen.bank.afschrift import opdracht; "
    "o = opdracht({aantal}); begin = time.perf_counter(); pain.maak_bestand(o); print(time.perf_counter() - begin)"
)


def meet(naam: str, doe: Callable[[], object]) -> None:
    """Print the median time of some runs, and the peak of what Python keeps in one more."""
    tijden = []
    for _ in range(KEREN):
        begin = time.perf_counter()
        doe()
        tijden.append(time.perf_counter() - begin)
    tracemalloc.start()
    doe()
    _, top = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{naam}: {statistics.median(tijden):.2f} s, {top / 1024**2:.0f} MB")


def main() -> None:
    """Print all figures."""
    aantal = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    batch = opdracht(aantal)
    eerste = subprocess.run(
        [sys.executable, "-c", IN_EEN_NIEUW_PROCES.format(aantal=aantal)], capture_output=True, text=True, check=True
    )
    print(f"pain.001.001.09, {aantal} betalingen, eerste keer in een proces: {float(eerste.stdout):.2f} s")
    for versie in pain.VERSIES:
        meet(
            f"pain.001.001.{versie}, {aantal} betalingen, nagekeken",
            partial(pain.maak_bestand, batch, versie=versie),
        )
    los = boekingen(batch)
    bestanden = {
        "een regel per betaling": schrijf(los),
        "een gesplitste regel": maak_afschrift(batch, wijze="gesplitst"),
        "elke regel zonder kenmerken": schrijf([replace(regel, end_to_end_id="", ogm="") for regel in los]),
        "elke betaling ook terug": schrijf([*los, *(terug(regel) for regel in los)]),
    }
    for naam, inhoud in bestanden.items():
        meet(f"camt.053 lezen, {naam}, {len(inhoud) / 1024**2:.1f} MB", partial(camt.lees, inhoud))
        regels = camt.lees(inhoud).regels
        meet(f"koppelen, {naam}, {len(regels)} regels", partial(koppel.koppel, regels, openstaand(batch)))


if __name__ == "__main__":
    main()
