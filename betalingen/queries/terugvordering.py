"""Recoveries: lists and sums."""

from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from betalingen import rechten
from betalingen.models import Afbetaling, Terugvordering
from dossiers.models import Dossier
from kern import klok
from oproepen.models import Luik
from organisaties.models import Gebruiker

Status = Terugvordering.Status


def terugvorderingen(rijen: QuerySet[Terugvordering]) -> QuerySet[Terugvordering]:
    """Read along what lists, pages and sheets show of recoveries, with what interest and due date need."""
    velden = ("dossier__organisatie", "dossier__ronde__luik__oproep", "rekening")
    return rijen.select_related(*velden).prefetch_related("ontvangsten", "afbetalingen")


def terugvorderingen_voor(gebruiker: Gebruiker) -> QuerySet[Terugvordering]:
    """Return the recoveries on the staff list of a person, newest first."""
    return rechten.terugvorderingen_van_personeel(Terugvordering.objects.all(), gebruiker).order_by("-pk")


def terugvorderingen_gefilterd(
    rijen: QuerySet[Terugvordering],
    *,
    status: str | None = None,
    oproep: str | None = None,
    jaar: int | None = None,
    dossier: str | None = None,
) -> QuerySet[Terugvordering]:
    """Keep the recoveries in a state, of a call (slug), a year of intention, a dossier (number); None: all."""
    voorwaarden: dict[str, Any] = {
        "status": status,
        "dossier__ronde__luik__oproep__slug": oproep,
        "dossier__nummer__iexact": dossier,
    }
    rijen = rijen.filter(**{veld: waarde for veld, waarde in voorwaarden.items() if waarde is not None})
    if jaar is None:
        return rijen
    # As Brussels counts years, whatever the zone of the database.
    begin, einde = (klok.brussel(j, 1, 1) for j in (jaar, jaar + 1))
    return rijen.filter(voorgenomen_op__gte=begin, voorgenomen_op__lt=einde)


def som_van_terugvorderingen(rijen: QuerySet[Terugvordering]) -> dict[str, int]:
    """Return what these recoveries add up to in cents: claimed (less what was written off), received, still due.

    Received is with interest; due is without, for that grows by the day.
    """
    bekend, open_ = Q(kennisgegeven_op__isnull=False), Q(status__in=Terugvordering.OPEN)
    sommen: dict[str, int] = rijen.order_by().aggregate(
        aantal=Count("pk"),
        geclaimd=Coalesce(Sum(F("bedrag_cent") - F("afgeschreven_cent"), filter=bekend), 0),
        ontvangen=Coalesce(Sum(F("ontvangen_cent") + F("interest_ontvangen_cent")), 0),
        open=Coalesce(Sum(F("bedrag_cent") - F("ontvangen_cent"), filter=open_), 0),
    )
    return sommen


def met_terugvorderingen(qs: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add how many recoveries a dossier has."""
    rijen = Terugvordering.objects.filter(dossier=OuterRef("pk")).order_by().values("dossier")
    return qs.annotate(terugvorderingen_aantal=Coalesce(Subquery(rijen.annotate(n=Count("pk")).values("n")), 0))


def terugvorderingen_te_behandelen(luiken: QuerySet[Luik], op: date) -> QuerySet[Terugvordering]:
    """Return the recoveries that wait for a handler: heard long enough, decided, due, or about to expire by limitation.

    Adds `te_laat`: the due date passed (of a plan: that of an instalment which is not covered).
    """
    gedekt = F("terugvordering__ontvangen_cent") + F("terugvordering__interest_ontvangen_cent")
    vervallen = (
        Afbetaling.objects.filter(terugvordering=OuterRef("pk"), plan_nummer=OuterRef("plan_nummer"), uiterlijk__lt=op)
        .order_by()
        .values("terugvordering")
        .annotate(som=Sum("bedrag_cent"))
        .filter(som__gt=gedekt - F("terugvordering__plan_vanaf_cent"))
    )
    gewoon = Q(status__in=(Status.KENNISGEGEVEN, Status.AANGEMAAND)) & (
        Q(aangemaand_tot__lt=op) | Q(aangemaand_tot=None, uiterlijk__lt=op)
    )
    te_laat = ExpressionWrapper(gewoon | Q(Exists(vervallen), status=Status.AFBETALINGSPLAN), BooleanField())
    wacht = Q(status=Status.VOORNEMEN, hoortermijn__lt=op) | Q(status=Status.BESLIST) | Q(te_laat=True)
    verjaart = Q(status__in=Terugvordering.OPEN, verjaart_op__lt=op + timedelta(days=365))
    rijen = Terugvordering.objects.filter(dossier__ronde__luik__in=luiken).annotate(te_laat=te_laat)
    return rijen.filter(wacht | verjaart).select_related("dossier").order_by("pk")


def terugvorderingen_te_beslissen(luiken: QuerySet[Luik]) -> QuerySet[Terugvordering]:
    """Return the recoveries that wait for a budget holder: to decide on, or to write off."""
    af_te_schrijven = Q(status__in=Terugvordering.OPEN, oninbaar_voorgesteld_door__isnull=False)
    rijen = Terugvordering.objects.filter(dossier__ronde__luik__in=luiken)
    return rijen.filter(Q(status=Status.GEHOORD) | af_te_schrijven).select_related("dossier").order_by("pk")
