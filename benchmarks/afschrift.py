"""How long reading a statement holds its transaction: `.venv/bin/python benchmarks/afschrift.py [AANTAL]`.

On a scratch SQLite database with one call. Every line is a proposal between two payments: what is measured is matching
and storing, without the bookings that a line with marks brings.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ |= {"DJANGO_SETTINGS_MODULE": "portaal.settings", "LOGNIVEAU": "ERROR"}
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def _wereld() -> Any:
    """Return a call of which two payments of one amount to one account left in an order, and the first of them."""
    from betalingen import services  # noqa: PLC0415  Django is set up in main
    from betalingen.bank import pain  # noqa: PLC0415
    from betalingen.models import Betaling  # noqa: PLC0415
    from kern import klok  # noqa: PLC0415
    from tests import bouw  # noqa: PLC0415
    from tests.betalingen.bank.afschrift import EIGEN_IBAN  # noqa: PLC0415
    from tests.proef import zet_krediet  # noqa: PLC0415

    w = bouw.wereld()
    bouw.kennisgegeven(w, {"an": 9, "ben": 8})
    wie = pain.Opdrachtgever("Vlaamse overheid", EIGEN_IBAN)
    services.stel_rekening_in(w.beheer, verstrekker=w.oproep.verstrekker, opdrachtgever=wie, door=w.beheer)
    zet_krediet(w, 2026, 1_000_00, 200_000_00)
    klok.zet(klok.brussel(2026, 11, 23, 10))
    eerste = list(Betaling.objects.filter(schijf__volgorde=1).order_by("pk"))
    for rij in eerste:
        services.stel_betaling_op(rij, door=w.bea)
        services.keur_betaling_goed(rij, door=w.bart)
    services.verstuur_betalingen(w.oproep, betalingen=[b.pk for b in eerste], door=w.bo)
    klok.zet(klok.brussel(2026, 11, 25, 9))
    return w, eerste[0]


def main() -> None:
    """Print the seconds and the queries of the act that reads a file; parsing and the first matching come before it."""
    aantal = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as werkmap:
        os.environ |= {"DATABASE_URL": f"sqlite:///{werkmap}/b.sqlite3", "GEGEVENSMAP": werkmap}
        import django  # noqa: PLC0415

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        from betalingen import services  # noqa: PLC0415
        from betalingen.services import afschrift  # noqa: PLC0415
        from tests.betalingen.bank.afschrift import Boeking, schrijf  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        w, betaling = _wereld()
        lijst = [
            Boeking(-betaling.bedrag_cent, naam="Een vereniging", iban=betaling.iban, bankreferentie=f"REF{i}")
            for i in range(aantal)
        ]
        vragen, daad = 0, afschrift.lees_in

        def tel(doe: Any, *args: Any) -> Any:
            nonlocal vragen
            vragen += 1
            return doe(*args)

        def gemeten(*args: Any, **kwargs: Any) -> Any:
            with connection.execute_wrapper(tel):
                begin = time.perf_counter()
                uit = daad(*args, **kwargs)
                print(f"{aantal} regels: {time.perf_counter() - begin:.2f} s in de transactie, {vragen} vragen")
            return uit

        afschrift.lees_in = gemeten
        print(services.lees_afschrift(schrijf(lijst), door=w.bo).per_status)


if __name__ == "__main__":
    main()
