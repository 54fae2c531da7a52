"""`manage.py plan`: the actions of the plan with their budgets, as JSON or as a table."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kern.geld import decimaal_tekst, getal_tekst
from oproepen.models import Actie
from oproepen.queries import acties_van_plannen


class Command(BaseCommand):
    help = "Toont de acties van het plan met hun budgetten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--formaat", choices=["json", "tabel"], default="tabel")

    def handle(self, *_: Any, **options: Any) -> None:
        acties = list(acties_van_plannen())
        if options["formaat"] == "json":
            self.stdout.write(json.dumps([als_json(actie) for actie in acties], ensure_ascii=False, indent=2))
            return
        if not acties:
            raise CommandError("Er is nog geen plan geladen. Laad het met: manage.py laad_plan")
        for actie in acties:
            self._toon(actie)

    def _toon(self, actie: Actie) -> None:
        oproep = f"  oproep: {actie.oproep_slug}" if actie.oproep_slug else ""
        self.stdout.write(f"{actie.nr:>3}  {actie.get_status_display():<18} {actie.titel}{oproep}")
        for regel in actie.budgetten.all():
            bedrag = "nog te bepalen" if regel.bedrag_cent is None else getal_tekst(regel.bedrag_cent)
            self.stdout.write(f"{'':5}{regel.get_soort_display():<10}{bedrag:>18}  {regel.omschrijving}")


def als_json(actie: Actie) -> dict[str, Any]:
    """Return an action with its budgets in euro as decimal strings; a budget without amount is left out."""
    return {
        "nr": actie.nr,
        "speerpunt": actie.speerpunt.nr,
        "titel": actie.titel,
        "status": actie.status,
        "oproep": actie.oproep_slug or None,
        "budgetten": [
            {
                "soort": regel.soort,
                "bedrag": decimaal_tekst(regel.bedrag_cent),
                "omschrijving": regel.omschrijving,
            }
            for regel in actie.budgetten.all()
            if regel.bedrag_cent is not None
        ],
    }
