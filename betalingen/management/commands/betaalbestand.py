"""`manage.py betaalbestand`: the file of a payment order for the bank, or its sheet."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from betalingen import services
from betalingen.bank import pain
from betalingen.models import Betaalbestand, Betaalopdracht, Betaling
from kern.weigering import Weigering
from organisaties.models import Gebruiker


class Command(BaseCommand):
    """Make the file and write it; when it cannot be written, nothing was made."""

    help = (
        "Schrijft het betaalbestand (pain.001) van een betaalopdracht. Dat kan een keer; daarna alleen met een reden. "
        "Eindigt de naam van het bestand op .xlsx of .csv, dan wordt het een rekenblad om elders te "
        "betalen; ook dat telt."
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
        blad = pad.suffix.lower().removeprefix(".")
        versie = blad if blad in Betaalbestand.BLADEN else options["versie"]
        onderweg = opdracht.betalingen.filter(status=Betaling.Status.VERSTUURD).count()
        keuze = {"versie": versie, "opnieuw": options["opnieuw"]}
        with transaction.atomic():
            bestand = services.geef_betaalbestand(opdracht, **keuze, door=Gebruiker.objects.systeem())
            _bewaar(bestand.inhoud, pad)
        for zin in services.waarschuwingen(opdracht, onderweg=onderweg):
            self.stderr.write(f"Let op. {zin}")
        wat = "rekenblad" if bestand.rekening is None else f"pain.001.001.{bestand.versie}"
        self.stdout.write(f"{opdracht}: {wat} geschreven naar {pad}.")
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
