"""`manage.py betaalbestand`: the file of a payment order for the bank, or its sheet."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from betalingen import services
from betalingen.bank import pain
from betalingen.models import Betaalopdracht
from betalingen.resources import opdrachtblad
from kern import werkblad
from kern.weigering import Weigering
from organisaties.models import Gebruiker


class Command(BaseCommand):
    """Make the file and write it; when it cannot be written, nothing was made."""

    help = (
        "Schrijft het betaalbestand (pain.001) van een betaalopdracht. Dat kan een keer; daarna alleen met een reden. "
        "Eindigt de naam van het bestand op .xlsx of .csv, dan wordt het een rekenblad om elders te betalen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the order, the version and where to."""
        parser.add_argument("opdracht", metavar="OPDRACHT", help="nummer, bv. BO-2026-00007")
        parser.add_argument("--versie", choices=pain.VERSIES, default=pain.STANDAARD)
        parser.add_argument("--uit", metavar="BESTAND", required=True)
        parser.add_argument("--opnieuw", metavar="REDEN", default="", help="waarom het bestand nog eens nodig is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write."""
        pad = Path(options["uit"])
        if not pad.parent.is_dir():
            raise CommandError(f"De map {pad.parent} bestaat niet.")
        if pad.is_dir():
            raise CommandError(f"{pad} is een map.")
        opdracht = _opdracht(options["opdracht"])
        try:
            self._schrijf(opdracht, pad, options)
        except OSError as fout:
            raise CommandError(f"Het bestand {pad} kan niet geschreven worden: {fout.strerror}.") from fout
        except Weigering as fout:
            raise CommandError(_zin(fout)) from fout

    def _schrijf(self, opdracht: Betaalopdracht, pad: Path, options: dict[str, Any]) -> None:
        if pad.suffix.lower().removeprefix(".") in werkblad.FORMATEN:
            aantal = werkblad.bewaar(opdrachtblad(opdracht), pad)
            self.stdout.write(f"{aantal} {'rij' if aantal == 1 else 'rijen'} geschreven naar {pad}.")
            return
        keuze = {"versie": options["versie"], "opnieuw": options["opnieuw"]}
        with transaction.atomic():
            bestand = services.geef_betaalbestand(opdracht, **keuze, door=Gebruiker.objects.systeem())
            _bewaar(bestand.inhoud, pad)
        self.stdout.write(f"{opdracht}: pain.001.001.{bestand.versie} geschreven naar {pad}.")
        self.stdout.write(f"SHA-256: {bestand.sha256}")


def _opdracht(nummer: str) -> Betaalopdracht:
    opdracht = Betaalopdracht.objects.filter(nummer=nummer).select_related("oproep").first()
    if opdracht is None:
        raise CommandError(f"Er is geen betaalopdracht '{nummer}'. Bekijk ze met manage.py betaalopdrachten.")
    return opdracht


def _zin(fout: Weigering) -> str:
    hoe = ' Doe dat met --opnieuw "reden".' if fout.code == "al_gemaakt" else ""
    return fout.zin + hoe


def _bewaar(inhoud: bytes, pad: Path) -> None:
    deel = pad.with_name(f".{pad.name}.{os.getpid()}.deel")
    try:
        with deel.open("xb") as bestand:
            bestand.write(inhoud)
        deel.replace(pad)
    finally:
        deel.unlink(missing_ok=True)
