"""`manage.py betaalopdrachten`: the payment orders, as JSON or as a table."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from betalingen.queries import opdracht_status, opdrachten
from kern.geld import decimaal_tekst


class Command(BaseCommand):
    """Print number, state, count and total of every order, oldest first."""

    help = "Toont de betaalopdrachten: nummer, status, aantal betalingen en totaal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the format."""
        parser.add_argument("--formaat", choices=["json", "tabel"], default="tabel")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        rijen = [
            {
                "nummer": opdracht.nummer,
                "status": opdracht_status(opdracht)[0],
                "aantal": opdracht.aantal,
                "totaal": decimaal_tekst(opdracht.totaal_cent),
            }
            for opdracht in opdrachten().order_by("pk")
        ]
        if options["formaat"] == "json":
            self.stdout.write(json.dumps(rijen, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{'nummer':<16}{'status':<18}{'aantal':>8}{'totaal':>18}")
        for rij in rijen:
            self.stdout.write(f"{rij['nummer']:<16}{rij['status']:<18}{rij['aantal']:>8}{rij['totaal']:>18}")
