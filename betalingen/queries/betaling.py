"""Payments, and what the ledger adds to calls and dossiers."""

from django.db.models import DateField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from betalingen import rechten
from betalingen.models import Betaling, Stand
from betalingen.queries.vastlegging import vastlegging_van
from betalingen.queries.vooruitblik import vervaldag
from dossiers.models import Dossier
from oproepen.models import Oproep, Taak
from organisaties.models import Gebruiker
from organisaties.rechten import leden_van


def met_budget(qs: QuerySet[Oproep]) -> QuerySet[Oproep]:
    """Add `budget_cent` to the calls of a query: what may be committed on each; None where nothing is set."""
    stand = Stand.objects.filter(soort=Stand.Soort.OPROEP, sleutel=OuterRef("pk"))
    return qs.annotate(budget_cent=Subquery(stand.values("limiet_cent")[:1]))


def met_stand(qs: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add what is committed (with its number), charged, paid, claimed back and received, in cents."""
    stand = Stand.objects.filter(soort=Stand.Soort.DOSSIER, sleutel=OuterRef("pk"))
    namen = ("vastgelegd_cent", "vereffend_cent", "uitbetaald_cent", "teruggevorderd_cent", "ontvangen_cent")
    qs = qs.annotate(vastlegging=vastlegging_van())
    return qs.annotate(**{naam: Coalesce(Subquery(stand.values(naam)[:1]), 0) for naam in namen})


def betalingen_voor(gebruiker: Gebruiker) -> QuerySet[Betaling]:
    """Return the payments that a person sees, with what the list shows read along."""
    rijen = rechten.zichtbaar_voor(Betaling.objects.all(), gebruiker)
    velden = (
        *("dossier__organisatie", "dossier__ronde__luik__oproep", "dossier__ronde__luik__kostenregeling"),
        *("schijf__verslagmoment", "opdracht", "aanvraag", "afrekening"),
    )
    return rijen.select_related(*velden).order_by("dossier_id", "schijf__volgorde")


def betalingen_gefilterd(
    rijen: QuerySet[Betaling], *, oproep: str | None = None, zoek: str | None = None
) -> QuerySet[Betaling]:
    """Keep the payments of a call (slug), and those whose dossier or applicant has this text; None: all."""
    if oproep is not None:
        rijen = rijen.filter(dossier__ronde__luik__oproep__slug=oproep)
    if zoek is None:
        return rijen
    titel = Q(dossier__nummer__icontains=zoek) | Q(dossier__titel__icontains=zoek)
    return rijen.filter(titel | Q(dossier__organisatie__naam__icontains=zoek))


def tweede_keurders(betaling: Betaling, *, eerste: Gebruiker) -> QuerySet[Gebruiker]:
    """Return who can approve a payment besides this first person: budget holders for whom it is nobody's own work."""
    luik = betaling.dossier.ronde.luik
    taken = Taak.objects.filter(Q(luik=None) | Q(luik_id=luik.pk), oproep_id=luik.oproep_id, rol=Taak.Rol.BUDGETHOUDER)
    niet = [pk for pk in (eerste.pk, betaling.opgesteld_door_id, betaling.rekening_door_id) if pk is not None]
    mensen = Gebruiker.objects.filter(pk__in=taken.values("gebruiker_id"), is_active=True).exclude(pk__in=niet)
    return mensen.exclude(pk__in=leden_van(betaling.dossier.organisatie_id))


def betalingen_van_jaar(qs: QuerySet[Betaling], jaar: int) -> QuerySet[Betaling]:
    """Keep the payments of a year: when they were paid, else when they left in their order, else when they fall due."""
    dag = Coalesce("uitbetaald_op", TruncDate("opdracht__verstuurd_op"), vervaldag(), output_field=DateField())
    return qs.annotate(dag_van_betaling=dag).filter(dag_van_betaling__year=jaar)
