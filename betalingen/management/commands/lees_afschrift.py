"""`manage.py lees_afschrift`: read a statement of account (camt.053) and book what needs no person."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from betalingen.bank.camt import LIMIET
from betalingen.models import Afschriftregel
from betalingen.services import lees_afschrift
from kern.weigering import Weigering
from organisaties.models import Gebruiker


class Command(BaseCommand):
    """Read one file; all of it or nothing."""

    help = "Leest een rekeningafschrift (camt.053) in. Tweemaal hetzelfde inlezen wijzigt niets."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file."""
        parser.add_argument("bestand", type=Path, metavar="BESTAND")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read."""
        pad: Path = options["bestand"]
        try:
            with pad.open("rb") as bestand:
                inhoud = bestand.read(LIMIET + 1)
            uit = lees_afschrift(inhoud, door=Gebruiker.objects.systeem())
        except OSError as fout:
            raise CommandError(f"Het bestand {pad} kan niet gelezen worden: {fout.strerror}.") from fout
        except Weigering as fout:
            raise CommandError(fout.zin) from fout
        if not uit.nieuw:
            self.stdout.write("Dit afschrift is al ingelezen; er is niets gewijzigd.")
            return
        self.stdout.write(f"{uit.nieuw} nieuwe regels ingelezen, {uit.bekend} waren al bekend.")
        for status in Afschriftregel.Status:
            if status in uit.per_status:
                self.stdout.write(f"  {status.label.lower()}: {uit.per_status[status]}")
        if uit.alsnog:
            self.stdout.write(f"Uit eerdere afschriften alsnog verwerkt: {uit.alsnog}")
