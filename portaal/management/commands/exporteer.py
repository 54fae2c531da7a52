"""`manage.py exporteer`: budget, dossiers or payments as a sheet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from beoordeling.resources import dossiersblad
from betalingen.models import Betaling
from betalingen.resources import betalingenblad, budgetblad
from dossiers.models import Dossier
from kern import werkblad
from kern.weigering import Weigering
from oproepen.models import Oproep


class Command(BaseCommand):
    """Write a sheet beside its place and move it there when it is complete."""

    help = (
        "Schrijft het budget, de ingediende dossiers of de betalingen naar een rekenblad. Het bestand bevat alles wat "
        "het personeel ziet, ook beslissingen die nog niet ter kennis gegeven zijn."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what and where to."""
        parser.add_argument("wat", choices=["budget", "dossiers", "betalingen"])
        parser.add_argument("--oproep", metavar="SLUG", help="alleen deze oproep")
        parser.add_argument("--uit", metavar="BESTAND", required=True, help="een naam op .xlsx of .csv")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write."""
        pad = _pad(options["uit"])
        oproepen = Oproep.objects.all()
        getoond = [("Oproep", "alle oproepen")]
        if options["oproep"]:
            oproepen = oproepen.filter(slug=options["oproep"])
            oproep = oproepen.first()
            if oproep is None:
                bekend = ", ".join(Oproep.objects.order_by("slug").values_list("slug", flat=True)) or "geen enkele"
                raise CommandError(f"Er is geen oproep '{options['oproep']}'. Bekend: {bekend}.")
            getoond = [("Oproep", oproep.titel)]
        try:
            aantal = werkblad.bewaar(_blad(options["wat"], oproepen, getoond), pad)
        except OSError as fout:
            raise CommandError(f"Het bestand {pad} kan niet geschreven worden: {fout.strerror}.") from fout
        except Weigering as fout:
            raise CommandError(fout.zin) from fout
        self.stdout.write(f"{aantal} {'rij' if aantal == 1 else 'rijen'} geschreven naar {pad}.")


def _pad(ruw: str) -> Path:
    pad = Path(ruw)
    if pad.suffix.lower().removeprefix(".") not in werkblad.FORMATEN:
        raise CommandError(f"De naam {pad.name} eindigt niet op .xlsx of .csv.")
    if not pad.parent.is_dir():
        raise CommandError(f"De map {pad.parent} bestaat niet.")
    if pad.is_dir():
        raise CommandError(f"{pad} is een map.")
    return pad


def _blad(wat: str, oproepen: Any, getoond: list[tuple[str, str]]) -> werkblad.Blad:
    if wat == "budget":
        return budgetblad(oproepen, getoond=getoond)
    if wat == "dossiers":
        # A draft is its applicant's own.
        dossiers = Dossier.objects.filter(ronde__luik__oproep__in=oproepen, ingediend_op__isnull=False).order_by("pk")
        return dossiersblad(dossiers, gebruiker=None, getoond=getoond)
    betalingen = Betaling.objects.filter(dossier__ronde__luik__oproep__in=oproepen)
    return betalingenblad(betalingen.order_by("dossier_id", "schijf__volgorde"), getoond)
