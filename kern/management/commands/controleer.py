"""`manage.py controleer`: recompute all evidence and totals."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import autodiscover_modules

from kern.controles import CONTROLES, aantal_gewist


class Command(BaseCommand):
    """One line per check; exit 1 at the first difference, with the row."""

    help = "Herrekent totalen, ketens en vingerafdrukken; stopt met 1 bij het eerste verschil."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the checks."""
        autodiscover_modules("controles")
        for controle in CONTROLES:
            verschil = next(controle.zoek(), None)
            if verschil is not None:
                self.stderr.write(f"VERSCHIL  {controle.naam}: {verschil}")
                sys.exit(1)
            self.stdout.write(f"in orde   {controle.naam}")
        gewist = aantal_gewist()
        if gewist:
            wat = "1 gebeurtenis" if gewist == 1 else f"{gewist} gebeurtenissen"
            self.stdout.write(f"gewist    de inhoud van {wat}, door een handeling van privacy")
