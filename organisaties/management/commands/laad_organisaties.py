"""`manage.py laad_organisaties`: load the municipalities and OCMWs of Flanders and Brussels."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kern.weigering import Weigering
from organisaties.laden import GEGEVENS, laad_organisaties
from organisaties.models import Gebruiker


class Command(BaseCommand):
    help = "Laadt de gemeenten en OCMW's van 2021 en 2025 met hun fusies; tweemaal laden wijzigt niets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("map", nargs="?", type=Path, default=GEGEVENS, help="map met de drie bestanden")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            uitkomst = laad_organisaties(options["map"], door=Gebruiker.objects.systeem())
        except Weigering as fout:
            raise CommandError(fout.zin) from fout
        if uitkomst.nieuw:
            self.stdout.write(f"{uitkomst.nieuw} gemeenten en OCMW's geladen.")
        else:
            self.stdout.write(f"De {uitkomst.bestaand} gemeenten en OCMW's waren al geladen, niets gewijzigd.")
