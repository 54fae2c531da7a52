"""`manage.py laad_oproepen`: load the calls of a folder, with their budgets."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from betalingen.laden import laad_oproepen
from kern.weigering import Weigering
from oproepen.laden import GEGEVENS
from organisaties.models import Gebruiker


class Command(BaseCommand):
    """Load every file that is not loaded yet; all or nothing."""

    help = "Laadt de oproepen die nog niet geladen zijn; tweemaal laden wijzigt niets."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the folder."""
        parser.add_argument("map", nargs="?", type=Path, default=GEGEVENS, help="map met een JSON-bestand per oproep")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load."""
        try:
            uitkomsten = laad_oproepen(options["map"], door=Gebruiker.objects.systeem())
        except Weigering as fout:
            raise CommandError(fout.zin) from fout
        for uitkomst in uitkomsten:
            status = f"geladen als {uitkomst.oproep.get_status_display().lower()}"
            wat = status if uitkomst.nieuw else "was al geladen, niets gewijzigd"
            self.stdout.write(f"{uitkomst.oproep.slug}: {wat}.")
