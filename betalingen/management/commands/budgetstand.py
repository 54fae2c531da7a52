"""`manage.py budgetstand`: the budget position as JSON or as a table."""

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from betalingen.queries import BEDRAGEN, budgetstand
from kern import klok
from kern.geld import decimaal_tekst, getal_tekst
from oproepen.models import Oproep


class Command(BaseCommand):
    """Print budget, reserved, awarded, committed, charged, paid, available and encours per call, track and year."""

    help = "Toont de budgetstand per oproep, luik en jaar."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the filters."""
        parser.add_argument("--formaat", choices=["json", "tabel"], default="tabel")
        parser.add_argument("--oproep", metavar="SLUG")
        parser.add_argument("--actie", type=int, metavar="NR")
        parser.add_argument("--jaar", type=int, metavar="J")
        parser.add_argument("--op", type=bekende_dag, metavar="DATUM", help="zoals bekend op die dag, bv. 2022-12-31")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        oproepen = Oproep.objects.all()
        if options["oproep"]:
            oproepen = oproepen.filter(slug=options["oproep"])
        if options["actie"] is not None:
            oproepen = oproepen.filter(actie_nr=options["actie"])
        if (options["oproep"] or options["actie"] is not None) and not oproepen.exists():
            raise CommandError("Er is geen oproep die daaraan voldoet.")
        stand = budgetstand(oproepen, jaar=options["jaar"], op=options["op"])
        if options["formaat"] == "json":
            self.stdout.write(json.dumps(als_json(stand, options["op"]), ensure_ascii=False, indent=2))
        else:
            self._tabel(stand)

    def _tabel(self, stand: dict[str, Any]) -> None:
        breedte = max([len(rij["oproep"]) for rij in stand["oproepen"]] + [24])
        self.stdout.write("".ljust(breedte) + "".join(naam.rjust(18) for naam in BEDRAGEN))
        for rij in stand["oproepen"]:
            self._regel(rij["oproep"], rij, breedte)
            for luik in rij["luiken"]:
                self._regel(f"  {luik['luik']}", luik, breedte)
            for jaar in rij["jaren"]:
                self._regel(f"  {jaar['jaar']}", jaar, breedte)
        self._regel("totaal", stand["totaal"], breedte)

    def _regel(self, naam: str, rij: dict[str, Any], breedte: int) -> None:
        cellen = ("-" if rij[veld] is None else getal_tekst(rij[veld]) for veld in BEDRAGEN)
        self.stdout.write(naam.ljust(breedte) + "".join(cel.rjust(18) for cel in cellen))


def bekende_dag(tekst: str) -> date:
    """Return the day of an argument, today or earlier. Raises ArgumentTypeError."""
    try:
        dag = date.fromisoformat(tekst)
    except ValueError:
        raise ArgumentTypeError(f"'{tekst}' is geen datum; schrijf bijvoorbeeld 2022-12-31.") from None
    if dag > klok.vandaag():
        raise ArgumentTypeError(f"{tekst} ligt in de toekomst; kies een dag tot en met vandaag.")
    return dag


def als_json(stand: dict[str, Any], op: date | None = None) -> dict[str, Any]:
    """Return a budget position with decimal strings in euro and the day that it is of."""
    return {"op": (op or klok.vandaag()).isoformat(), **_in_euro(stand)}


def _in_euro(waarde: Any) -> Any:
    if isinstance(waarde, list):
        return [_in_euro(deel) for deel in waarde]
    if isinstance(waarde, dict):
        return {
            sleutel: decimaal_tekst(deel) if sleutel in BEDRAGEN else _in_euro(deel)
            for sleutel, deel in waarde.items()
            if sleutel not in {"titel", "naam", "vervallen"}
        }
    return waarde
