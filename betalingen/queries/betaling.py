"""Payments, and what the ledger adds to calls and dossiers."""

from django.db.models import DateField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate

from betalingen import rechten
from betalingen.models import Betaling, Stand, Vastleggingsnummer
from betalingen.queries.vooruitblik import vervaldag
from dossiers.models import Dossier
from oproepen.models import Oproep
from organisaties.models import Gebruiker


def met_budget(qs: QuerySet[Oproep]) -> QuerySet[Oproep]:
    """Add `budget_cent` to the calls of a query: what may be committed on each; None where nothing is set."""
    stand = Stand.objects.filter(soort=Stand.Soort.OPROEP, sleutel=OuterRef("pk"))
    return qs.annotate(budget_cent=Subquery(stand.values("limiet_cent")[:1]))


def met_stand(qs: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add what is committed (with its number elsewhere), charged, paid, claimed back and received, in cents."""
    stand = Stand.objects.filter(soort=Stand.Soort.DOSSIER, sleutel=OuterRef("pk"))
    namen = ("vastgelegd_cent", "vereffend_cent", "uitbetaald_cent", "teruggevorderd_cent", "ontvangen_cent")
    nummer = Vastleggingsnummer.objects.filter(dossier=OuterRef("pk")).values("nummer")[:1]
    qs = qs.annotate(nummer_in_boekhouding=Subquery(nummer))
    return qs.annotate(**{naam: Coalesce(Subquery(stand.values(naam)[:1]), 0) for naam in namen})


def betalingen_voor(gebruiker: Gebruiker) -> QuerySet[Betaling]:
    """Return the payments that a person sees, with what the list shows read along."""
    rijen = rechten.zichtbaar_voor(Betaling.objects.all(), gebruiker)
    velden = (
        *("dossier__organisatie", "dossier__ronde__luik__oproep", "dossier__ronde__luik__kostenregeling"),
        *("schijf__verslagmoment", "opdracht", "aanvraag", "afrekening"),
    )
    return rijen.select_related(*velden).order_by("dossier_id", "schijf__volgorde")


def betalingen_van_jaar(qs: QuerySet[Betaling], jaar: int) -> QuerySet[Betaling]:
    """Keep the payments of a year: when they were paid, else when they left in their order, else when they fall due."""
    dag = Coalesce("uitbetaald_op", TruncDate("opdracht__verstuurd_op"), vervaldag(), output_field=DateField())
    return qs.annotate(dag_van_betaling=dag).filter(dag_van_betaling__year=jaar)
