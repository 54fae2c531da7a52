"""What blocks payments: the list, and how it rests on dossiers."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from betalingen import rechten
from betalingen.models import Betaalbelemmering, Betaling
from dossiers.models import Dossier
from oproepen.models import Luik
from organisaties.models import Gebruiker

Status = Betaalbelemmering.Status
LANG_DAGEN = 90


def belemmeringen_voor(gebruiker: Gebruiker) -> QuerySet[Betaalbelemmering]:
    """Return what blocks payments that a person sees, the newest first, with what the list shows read along."""
    return _gelezen(rechten.belemmeringen_zichtbaar_voor(Betaalbelemmering.objects.all(), gebruiker))


def belemmeringen_op(dossiers: QuerySet[Dossier], *, jaar: int | None = None) -> QuerySet[Betaalbelemmering]:
    """Return what blocks payments of these dossiers, or blocked them, the newest first; since a day in this year."""
    rijen = Betaalbelemmering.objects.filter(_rust_op(dossiers))
    return _gelezen(rijen.filter(sinds__year=jaar) if jaar else rijen)


def _gelezen(rijen: QuerySet[Betaalbelemmering]) -> QuerySet[Betaalbelemmering]:
    velden = ("organisatie", "dossier", "document", "geregistreerd_door", "opgeheven_door")
    return rijen.select_related(*velden).order_by("-sinds", "-pk")


def belemmeringen_gefilterd(
    rijen: QuerySet[Betaalbelemmering],
    *,
    status: str | None = None,
    soort: str | None = None,
    dossier: str | None = None,
) -> QuerySet[Betaalbelemmering]:
    """Keep those in a state, of a kind, or that rest on a dossier (number); None: all."""
    voorwaarden: dict[str, Any] = {"status": status, "soort": soort}
    rijen = rijen.filter(**{veld: waarde for veld, waarde in voorwaarden.items() if waarde is not None})
    if dossier is None:
        return rijen
    return rijen.filter(_rust_op(Dossier.objects.filter(nummer__iexact=dossier, ingediend_op__isnull=False)))


def _rust_op(dossiers: QuerySet[Dossier]) -> Q:
    return Q(dossier__in=dossiers) | Q(dossier=None, organisatie__in=dossiers.values("organisatie_id"))


def met_belemmeringen(qs: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add how many open obstacles rest on the payments of a dossier."""
    rijen = (
        Betaalbelemmering.objects.filter(organisatie=OuterRef("organisatie_id"), status=Status.OPEN)
        .filter(Q(dossier=None) | Q(dossier=OuterRef("pk")))
        .order_by()
        .values("organisatie")
    )
    return qs.annotate(belemmeringen_aantal=Coalesce(Subquery(rijen.annotate(n=Count("pk")).values("n")), 0))


def geraakte_betalingen(belemmering: Betaalbelemmering, gebruiker: Gebruiker) -> QuerySet[Betaling]:
    """Return the payments that a person sees, on which an obstacle rests and that did not lapse."""
    rijen = rechten.zichtbaar_voor(Betaling.objects.filter(dossier__in=belemmering.dossiers()), gebruiker)
    rijen = rijen.exclude(status__in=(Betaling.Status.VERVALLEN, Betaling.Status.VERREKEND))
    return rijen.select_related("dossier", "schijf").order_by("dossier_id", "schijf__volgorde")


def lang_open(luiken: QuerySet[Luik], op: date) -> QuerySet[Betaalbelemmering]:
    """Return what has blocked payments of these tracks for more than 90 days."""
    dossiers = Dossier.objects.filter(ronde__luik__in=luiken, ingediend_op__isnull=False)
    rijen = Betaalbelemmering.objects.filter(status=Status.OPEN, sinds__lt=op - timedelta(days=LANG_DAGEN))
    return rijen.filter(Q(dossier__in=dossiers) | Q(dossier=None, organisatie__in=dossiers.values("organisatie_id")))
