"""`manage.py demo`: a living loket on an empty database."""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from kern import klok, outbox
from oproepen.models import Oproep
from organisaties.models import Gebruiker
from portaal.demo import mensen
from portaal.demo.elders import Elders
from portaal.demo.geschiedenis import Geschiedenis
from portaal.demo.vandaag import Vandaag


class Command(BaseCommand):
    """Play the zorgzame-buurten call to its outcome, and open one that is open today; all or nothing."""

    help = "Vult een lege databank met een nagespeelde oproep en een oproep die vandaag open is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --opnieuw."""
        parser.add_argument("--opnieuw", action="store_true", help="wis de demo op deze machine en begin opnieuw")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, unless the demo is there."""
        if Gebruiker._meta.db_table not in connection.introspection.table_names():
            self._maak_klaar()
        if options["opnieuw"]:
            self._wis()
        if Gebruiker.objects.filter(is_demo=True).exists():
            self.stdout.write("De demo staat er al; er is niets gewijzigd. Opnieuw beginnen: make demo-opnieuw")
            return
        if Gebruiker.objects.exists() or Oproep.objects.exists():
            raise CommandError("De databank is niet leeg; de demo komt alleen op een lege databank.")
        begin, nu = time.monotonic(), klok.nu()
        try:
            # One transaction: an interrupted demo leaves nothing behind.
            with transaction.atomic():
                self._speel(nu)
        finally:
            klok.laat_los()
        outbox.sla_nagespeelde_over()
        self.stdout.write(f"De demo staat klaar, na {time.monotonic() - begin:.0f} seconden.")

    def _speel(self, nu: datetime) -> None:
        klok.zet(klok.brussel(2021, 6, 1, 9))
        self._meld("Plan, organisaties en oproepen laden ...")
        call_command("laad_plan", stdout=self.stdout)
        call_command("laad_organisaties", stdout=self.stdout)
        call_command("laad_oproepen", stdout=self.stdout)
        systeem = Gebruiker.objects.systeem()
        wie = mensen.maak_accounts()
        for oproep in Oproep.objects.order_by("pk"):
            mensen.geef_rollen(oproep, wie, door=systeem)
        self._meld("De oproep zorgzame buurten naspelen, van juni 2021 tot vandaag ...")
        oproep = Oproep.objects.get(slug="zorgzame-buurten")
        Geschiedenis(oproep, wie, systeem, self._meld).speel()
        Elders(wie, systeem, nu, self._meld).speel()
        Vandaag(wie, systeem, nu, self._meld).speel()

    def _meld(self, zin: str) -> None:
        self.stdout.write(zin)
        self.stdout.flush()

    def _wis(self) -> None:
        if connection.vendor != "sqlite":
            raise CommandError("Alleen de demo op SQLite kan zo opnieuw beginnen; maak elders een nieuwe databank.")
        if Gebruiker.objects.exists() and not Gebruiker.objects.filter(is_demo=True).exists():
            raise CommandError("In deze databank staat geen demo; er is niets gewist.")
        connection.close()
        for achter in ("", "-wal", "-shm"):
            settings.DATABASES["default"]["NAME"].with_name(settings.DATABASES["default"]["NAME"].name + achter).unlink(
                missing_ok=True
            )
        self._maak_klaar()

    def _maak_klaar(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
