"""`manage.py laad_plan`: load the policy plan with its actions and budget lines."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kern.weigering import Weigering
from oproepen.laad_plan import BESTAND, laad_plan
from organisaties.models import Gebruiker


class Command(BaseCommand):
    help = "Laadt het plan met zijn speerpunten, acties en budgetten; tweemaal laden wijzigt niets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bestand", nargs="?", type=Path, default=BESTAND, help="standaard het eenzaamheidsplan")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            plan, nieuw = laad_plan(options["bestand"], door=Gebruiker.objects.systeem())
        except Weigering as fout:
            raise CommandError(fout.zin) from fout
        if nieuw:
            aantallen = f"{plan.speerpunten.count()} speerpunten en {plan.acties.count()} acties"
            self.stdout.write(f"{plan}: {aantallen} geladen.")
        else:
            self.stdout.write(f"{plan}: was al geladen, niets gewijzigd.")
