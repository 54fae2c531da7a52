"""`manage.py exporteer`: budget, dossiers or payments as a sheet, and awards as open data."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from beoordeling.register import steun
from beoordeling.resources import alle_scoresblad, deminimisblad, dossiersblad
from betalingen.grootboek import VASTGELEGD
from betalingen.management.commands.budgetstand import bekende_dag
from betalingen.models import Betaling, Journaalregel, Krediet, Terugvordering
from betalingen.queries import (
    belemmeringen_op,
    betalingen_van_jaar,
    encours,
    gefilterd,
    terugvorderingen_gefilterd,
)
from betalingen.queries.verschillen import verschillen_van
from betalingen.resources import (
    belemmeringblad,
    betalingenblad,
    budgetblad,
    encoursblad,
    journaalblad,
    kredietblad,
    terugvorderingblad,
)
from betalingen.resources_boekhouding import te_betalenblad, vastleggingenblad, verschillenblad
from betalingen.resources_vooruitblik import vooruitblikblad
from betalingen.vooruitblik import bereken
from dossiers.models import Dossier, Kostenregel
from dossiers.resources import kostenblad
from kern import klok, werkblad
from kern.weigering import Weigering
from kern.werkblad import Blad
from oproepen.models import Luik, Oproep
from organisaties.models import Organisatie
from organisaties.resources import organisatieblad
from portaal.controlespoor import controlespoorblad
from portaal.publicatie import bron, giving, oslo
from portaal.publicatie.subsidieregister import registerblad

INTERN = (
    *("budget", "kredieten", "vastleggingen", "encours", "grootboek", "dossiers", "betalingen", "kostenstaten"),
    *("terugvorderingen", "controlespoor", "organisaties", "deminimis"),
    *("belemmeringen", "vooruitblik", "scores"),
    *("boekhouding-vastleggingen", "boekhouding-betalingen", "boekhouding-verschillen"),
)
ZONDER_JAAR = ("organisaties", "vooruitblik", "boekhouding-verschillen")
Oproepen = QuerySet[Oproep]
Getoond = list[tuple[str, str]]
# What is open data, with the types of its file.
PUBLIEK = {"subsidieregister": ("xlsx", "csv"), "360giving": ("json",), "oslo": ("jsonld",)}


class Command(BaseCommand):
    """Write a file beside its place and move it there when it is complete."""

    help = (
        "Schrijft het budget, de kredieten, de vastleggingen, wat daarvan openstaat (encours; --jaar: van de "
        "vastlegging), het grootboek, de ingediende dossiers (--jaar: van de indiening), de betalingen (--jaar: van de "
        "uitbetaling; anders van de opdracht, of van de vervaldag als ze nog niet vertrok), de kostenstaten (--jaar: "
        "van de factuur), de terugvorderingen (--jaar: van het voornemen), het "
        "controlespoor (elke boeking van krediet tot bankregel, met de aansluiting per krediet), de "
        "de-minimissteun (--jaar: van de toekenning), de organisaties, de belemmeringen van betalingen (--jaar: "
        "sinds), de vooruitblik, de scores van de jury (--jaar: van de indiening van het dossier), of wat een ander "
        "boekhoudsysteem nog moet vastleggen of betalen en waarin het verschilt (boekhouding-vastleggingen, "
        "boekhouding-betalingen, boekhouding-verschillen) "
        "naar een rekenblad (.xlsx of .csv); dat bevat alles wat het personeel ziet, ook beslissingen die nog niet ter "
        "kennis gegeven zijn. Of schrijft de toekenningen om te publiceren, alleen van beslissingen die ter kennis "
        "gegeven zijn: subsidieregister (.xlsx of .csv), 360giving (.json) en oslo (.jsonld)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what, of what, and where to."""
        parser.add_argument("wat", choices=[*INTERN, *PUBLIEK])
        parser.add_argument("--oproep", metavar="SLUG", help="alleen deze oproep")
        parser.add_argument(
            "--jaar",
            metavar="J",
            type=int,
            help="alleen dit jaar; 360giving en oslo: alleen wat in dit jaar beslist is",
        )
        parser.add_argument(
            "--op",
            metavar="DATUM",
            type=bekende_dag,
            help=f"zoals bekend op die dag, bv. 2022-12-31; alleen met {', '.join(MET_DAG)}",
        )
        parser.add_argument("--uit", metavar="BESTAND", required=True, help="de naam bepaalt het soort bestand")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write."""
        wat, jaar, op = options["wat"], options["jaar"], options["op"]
        pad = _pad(options["uit"], PUBLIEK.get(wat, ("xlsx", "csv")))
        _eis_jaar(wat, jaar)
        if op is not None and wat not in MET_DAG:
            raise CommandError(f"Met {wat} kan --op niet; wel met {', '.join(MET_DAG)}.")
        oproepen, getoond = _oproepen(options["oproep"])
        try:
            blad = MET_DAG[wat](oproepen, jaar, getoond, op) if wat in MET_DAG else None
            aantal = werkblad.bewaar(blad, pad) if blad else _schrijf(wat, oproepen, jaar, getoond, pad)
        except OSError as fout:
            raise CommandError(f"Het bestand {pad} kan niet geschreven worden: {fout.strerror}.") from fout
        except Weigering as fout:
            raise CommandError(fout.zin) from fout
        self.stdout.write(f"{aantal} {_rijen(wat, aantal)} geschreven naar {pad}.")


def _pad(ruw: str, soorten: tuple[str, ...]) -> Path:
    pad = Path(ruw)
    if pad.suffix.lower().removeprefix(".") not in soorten:
        namen = " of ".join(f".{soort}" for soort in soorten)
        raise CommandError(f"De naam {pad.name} eindigt niet op {namen}.")
    if not pad.parent.is_dir():
        raise CommandError(f"De map {pad.parent} bestaat niet.")
    if pad.is_dir():
        raise CommandError(f"{pad} is een map.")
    return pad


def _eis_jaar(wat: str, jaar: int | None) -> None:
    if jaar is None:
        return
    if wat in ZONDER_JAAR:
        wel = ", ".join(naam for naam in (*INTERN, *PUBLIEK) if naam not in ZONDER_JAAR)
        raise CommandError(f"Met {wat} kan --jaar niet; wel met {wel}.")
    if not 1900 <= jaar <= 2999:  # noqa: PLR2004  a year of four digits
        raise CommandError(f"{jaar} is geen jaar.")


def _oproepen(slug: str | None) -> tuple[QuerySet[Oproep], list[tuple[str, str]]]:
    oproepen = Oproep.objects.all()
    if not slug:
        return oproepen, [("Oproep", "alle oproepen")]
    oproepen = oproepen.filter(slug=slug)
    oproep = oproepen.first()
    if oproep is None:
        bekend = ", ".join(Oproep.objects.order_by("slug").values_list("slug", flat=True)) or "geen enkele"
        raise CommandError(f"Er is geen oproep '{slug}'. Bekend: {bekend}.")
    return oproepen, [("Oproep", oproep.titel)]


def _schrijf(wat: str, oproepen: Oproepen, jaar: int | None, getoond: Getoond, pad: Path) -> int:
    if wat == "360giving":
        toekenningen, wie = bron.toekenningen(oproepen, jaar=jaar), bron.verstrekkers()
        schrijf = partial(giving.schrijf, toekenningen, prefix=settings.PUBLICATIE_PREFIX, verstrekkers=wie)
        return werkblad.bewaar_heel(pad, partial(schrijf, moment=klok.nu()))
    if wat == "oslo":
        toekenningen, criteria = bron.toekenningen(oproepen, jaar=jaar), bron.criteria(oproepen)
        return werkblad.bewaar_heel(
            pad, partial(oslo.schrijf, toekenningen, basis=settings.ADRES.rstrip("/"), criteria=criteria)
        )
    return werkblad.bewaar(BLADEN[wat](oproepen, jaar, getoond), pad)


def _register(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    return registerblad(
        bron.toekenningen(oproepen),
        beleidsdomein=settings.PUBLICATIE_BELEIDSDOMEIN,
        jaar=jaar,
        getoond=[*getoond, ("Jaar", str(jaar) if jaar else "alle jaren")],
    )


def _kredieten_van(oproepen: Oproepen, jaar: int | None) -> QuerySet[Krediet]:
    codes = Luik.objects.filter(oproep__in=oproepen).values("begrotingsartikel")
    kredieten = Krediet.objects.filter(artikel__code__in=codes)
    return kredieten.filter(jaar=jaar) if jaar else kredieten


def _budget(oproepen: Oproepen, jaar: int | None, getoond: Getoond, op: date | None) -> Blad:
    return budgetblad(oproepen, jaar=jaar, op=op, getoond=getoond)


def _kredieten(oproepen: Oproepen, jaar: int | None, getoond: Getoond, op: date | None) -> Blad:
    return kredietblad(_kredieten_van(oproepen, jaar), op=op)


def _journaal(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    regels = gefilterd(Journaalregel.objects.filter(oproep__in=oproepen).order_by("pk"), jaar=jaar)
    return journaalblad(regels, [*getoond, ("Begrotingsjaar", str(jaar) if jaar else "alle jaren")])


def _controlespoor(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    regels = gefilterd(Journaalregel.objects.filter(oproep__in=oproepen), jaar=jaar)
    heel = [*getoond, ("Begrotingsjaar", str(jaar) if jaar else "alle jaren")]
    return controlespoorblad(regels, _kredieten_van(oproepen, jaar), heel)


def _vastleggingen(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    alle = Journaalregel.objects.filter(oproep__in=oproepen, soort__in=VASTGELEGD).order_by("pk")
    return journaalblad(gefilterd(alle, jaar=jaar), [*getoond, ("Begrotingsjaar", str(jaar) if jaar else "alle jaren")])


def _encours(oproepen: Oproepen, jaar: int | None, getoond: Getoond, op: date | None) -> Blad:
    rijen = encours(Dossier.objects.filter(ronde__luik__oproep__in=oproepen), op=op, jaar=jaar)
    return encoursblad(rijen, [*getoond, ("Jaar van de vastlegging", str(jaar) if jaar else "alle jaren")], op=op)


def _dossiers(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    # A draft is its applicant's own.
    dossiers = Dossier.objects.filter(ronde__luik__oproep__in=oproepen, ingediend_op__isnull=False).order_by("pk")
    gekozen = dossiers.filter(ingediend_op__year=jaar) if jaar else dossiers
    heel = [*getoond, ("Jaar van de indiening", str(jaar) if jaar else "alle jaren")]
    return dossiersblad(gekozen, gebruiker=None, getoond=heel)


def _betalingen(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    betalingen = Betaling.objects.filter(dossier__ronde__luik__oproep__in=oproepen)
    gekozen = betalingen_van_jaar(betalingen, jaar) if jaar else betalingen
    heel = [*getoond, ("Jaar van de uitbetaling, opdracht of vervaldag", str(jaar) if jaar else "alle jaren")]
    return betalingenblad(gekozen.order_by("dossier_id", "schijf__volgorde"), heel)


def _kostenstaten(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    # What was not handed in yet is the applicant's own.
    regels = Kostenregel.objects.filter(
        kostenstaat__dossier__ronde__luik__oproep__in=oproepen, kostenstaat__ingediend_op__isnull=False
    )
    gekozen = regels.filter(factuurdatum__year=jaar) if jaar else regels
    return kostenblad(gekozen, [*getoond, ("Jaar van de factuur", str(jaar) if jaar else "alle jaren")])


def _terugvorderingen(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    alle = Terugvordering.objects.filter(dossier__ronde__luik__oproep__in=oproepen).order_by("pk")
    voorgenomen = [*getoond, ("Jaar van het voornemen", str(jaar) if jaar else "alle jaren")]
    return terugvorderingblad(terugvorderingen_gefilterd(alle, jaar=jaar), voorgenomen)


def _deminimis(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    rijen = steun(Dossier.objects.filter(ronde__luik__oproep__in=oproepen), jaar=jaar)
    return deminimisblad(rijen, [*getoond, ("Jaar van de toekenning", str(jaar) if jaar else "alle jaren")])


def _vast_te_leggen(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    dossiers = Dossier.objects.filter(ronde__luik__oproep__in=oproepen)
    return vastleggingenblad(dossiers, jaar, [*getoond, ("Jaar van het besluit", str(jaar) if jaar else "alle jaren")])


def _te_betalen(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    dossiers = Dossier.objects.filter(ronde__luik__oproep__in=oproepen)
    return te_betalenblad(dossiers, jaar, [*getoond, ("Jaar van de opdracht", str(jaar) if jaar else "alle jaren")])


def _verschillen(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    dossiers = Dossier.objects.filter(ronde__luik__oproep__in=oproepen)
    return verschillenblad(verschillen_van(set(oproepen.values_list("verstrekker", flat=True)), dossiers), getoond)


def _belemmeringen(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    dossiers = Dossier.objects.filter(ronde__luik__oproep__in=oproepen, ingediend_op__isnull=False)
    sinds = [*getoond, ("Sinds een dag in", str(jaar) if jaar else "alle jaren")]
    return belemmeringblad(belemmeringen_op(dossiers, jaar=jaar), sinds)


def _vooruitblik(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    regels, luiken = Journaalregel.objects.filter(oproep__in=oproepen), Luik.objects.filter(oproep__in=oproepen)
    vanaf = [*getoond, ("Vanaf", klok.vandaag().isoformat())]
    return vooruitblikblad(bereken(regels, luiken, _kredieten_van(oproepen, None)), vanaf)


def _scores(oproepen: Oproepen, jaar: int | None, getoond: Getoond) -> Blad:
    dossiers = Dossier.objects.filter(ronde__luik__oproep__in=oproepen)
    gekozen = dossiers.filter(ingediend_op__year=jaar) if jaar else dossiers
    return alle_scoresblad(gekozen, [*getoond, ("Jaar van de indiening", str(jaar) if jaar else "alle jaren")])


# What can be given as it was known on an earlier day.
MET_DAG: dict[str, Callable[[Oproepen, int | None, Getoond, date | None], Blad]] = {
    "budget": _budget,
    "kredieten": _kredieten,
    "encours": _encours,
}
BLADEN: dict[str, Callable[[Oproepen, int | None, Getoond], Blad]] = {
    "vastleggingen": _vastleggingen,
    "grootboek": _journaal,
    "dossiers": _dossiers,
    "betalingen": _betalingen,
    "kostenstaten": _kostenstaten,
    "terugvorderingen": _terugvorderingen,
    "controlespoor": _controlespoor,
    "deminimis": _deminimis,
    "organisaties": lambda _oproepen, _jaar, _getoond: organisatieblad(Organisatie.objects.all()),
    "boekhouding-vastleggingen": _vast_te_leggen,
    "boekhouding-betalingen": _te_betalen,
    "boekhouding-verschillen": _verschillen,
    "belemmeringen": _belemmeringen,
    "vooruitblik": _vooruitblik,
    "scores": _scores,
    "subsidieregister": _register,
}


def _rijen(wat: str, aantal: int) -> str:
    if wat in {"360giving", "oslo"}:
        return "toekenning" if aantal == 1 else "toekenningen"
    return "rij" if aantal == 1 else "rijen"
