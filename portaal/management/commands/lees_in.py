"""`manage.py lees_in`: bring a sheet back; shows what it would do, and does it with --bevestig."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kern.geld import euro_tekst
from kern.inlezen import handelingen
from kern.inlezen.blad import BLADEN, Overzicht, Uitkomst
from kern.inlezen.lezer import MEESTE_BYTES
from kern.weigering import GeenRecht, Weigering
from organisaties.models import Gebruiker


class Command(BaseCommand):
    """Show the preview of one file; apply all of it, or nothing."""

    help = (
        "Leest een rekenblad (.xlsx of .csv) van het loket weer in. Toont per rij wat er zou gebeuren en wijzigt "
        "niets; met --bevestig wordt alles ingelezen, of niets."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what, from where, as whom."""
        parser.add_argument("soort", choices=sorted(BLADEN))
        parser.add_argument("bestand", type=Path, metavar="BESTAND")
        parser.add_argument("--door", metavar="EMAIL", help="als deze persoon; anders als het loket zelf")
        parser.add_argument("--bevestig", action="store_true", help="lees in wat het overzicht toont")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, show, and apply when that was asked."""
        door = _persoon(options["door"])
        try:
            with options["bestand"].open("rb") as bestand:
                inhoud = bestand.read(MEESTE_BYTES + 1)
            upload = SimpleUploadedFile(options["bestand"].name, inhoud)
            overzicht = handelingen.lees_bestand(options["soort"], upload, door=door)
            self._toon(overzicht)
            if overzicht.blokkade is not None:
                raise overzicht.blokkade
            if not options["bevestig"]:
                self.stdout.write("Er is niets gewijzigd. Voeg --bevestig toe om dit in te lezen.")
                return
            inlezing = handelingen.lees_upload(options["soort"], upload, door=door)
            handelingen.bevestig(inlezing, gezien=overzicht.vingerafdruk, door=door)
            self.stdout.write("Ingelezen.")
        except OSError as fout:
            raise CommandError(f"Het bestand {options['bestand']} kan niet gelezen worden: {fout.strerror}.") from fout
        except GeenRecht as fout:
            zin = f"{door.email} mag geen {options['soort']} inlezen; noem met --door wie dat wel mag."
            raise CommandError(zin) from fout
        except Weigering as fout:
            if fout.code == "niets_te_doen":
                self.stdout.write(fout.zin)
                return
            raise CommandError(fout.zin) from fout

    def _toon(self, overzicht: Overzicht) -> None:
        for v in overzicht.problemen_eerst:
            if v.uitkomst != Uitkomst.ONGEWIJZIGD:
                self.stdout.write(f"rij {v.rij}: {v.uitkomst.value}: {v.wat}: {v.zin}")
        som = "" if overzicht.som_cent is None else f", samen {euro_tekst(overzicht.som_cent)}"
        self.stdout.write(", ".join(f"{aantal} {naam}" for naam, aantal in overzicht.aantallen.items()) + som)


def _persoon(email: str | None) -> Gebruiker:
    if not email:
        return Gebruiker.objects.systeem()
    wie = Gebruiker.objects.filter(email=email.strip().lower(), is_active=True).first()
    if wie is None:
        raise CommandError(f"Er is niemand met e-mailadres {email}.")
    return wie
