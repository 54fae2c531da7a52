"""Commitments that were not charged yet: how old they are, and which can be cleared (the yearly list)."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from betalingen.grootboek import VASTGELEGD, VEREFFEND, Soort
from betalingen.models import Betaling, Journaalregel, Stand
from betalingen.queries.budgetstand import bekend_op
from betalingen.queries.vastlegging import onderweg_cent, vastlegging_van
from dossiers.models import Dossier
from kern import klok

# About eight years an open commitment is carried over (Flemish accounting manual, arr-3-2-7).
HOOGSTENS_JAREN = 8
GEEINDIGD = (Dossier.Status.AFGEROND, Dossier.Status.VERZAAKT, Dossier.Status.STOPGEZET)


def encours(dossiers: QuerySet[Dossier], *, op: date | None = None, jaar: int | None = None) -> QuerySet[Dossier]:
    """Keep the dossiers with an open commitment, oldest first; today, or as known on a day (included).

    jaar: only what was committed first in that year. The states of dossier and instalments are those of now: for an
    earlier day nothing says what could be cleared.
    Adds vastgelegd_cent, vereffend_cent, encours_cent, vastgelegd_op (first commitment), laatst_op (last booking),
    schijf_open (whether an instalment is still to leave), onderweg_cent (what left, and is still to be charged
    elsewhere) and vastlegging (its number).
    """
    open_ = Betaling.objects.filter(dossier=OuterRef("pk")).exclude(
        status__in=[*Betaling.AFGEHANDELD, Betaling.Status.VERSTUURD]
    )
    return (
        dossiers.annotate(
            vastgelegd_cent=_som("vastgelegd", VASTGELEGD, op),
            vereffend_cent=_som("vereffend", VEREFFEND, op),
            vastgelegd_op=Subquery(_geboekt(VASTGELEGD, op, Min("feitdatum"))),
            laatst_op=Subquery(_geboekt(list(Soort), op, Max("feitdatum"))),
            schijf_open=Exists(open_),
            onderweg_cent=onderweg_cent(),
            vastlegging=vastlegging_van(),
        )
        .annotate(encours_cent=F("vastgelegd_cent") - F("vereffend_cent"))
        .filter(Q(encours_cent__gt=0) & (Q(vastgelegd_op__year=jaar) if jaar else Q()))
        .order_by("vastgelegd_op", "pk")
    )


def _som(naam: str, soorten: Any, op: date | None) -> Any:
    """Return a total of the dossier: of now as it is kept, of an earlier day as the journal adds it up."""
    if op is None:
        stand = Stand.objects.filter(soort=Stand.Soort.DOSSIER, sleutel=OuterRef("pk"))
        return Subquery(stand.values(f"{naam}_cent")[:1])
    return Coalesce(Subquery(_geboekt(soorten, op, Sum("bedrag_cent"))), 0)


def _geboekt(soorten: Any, op: date | None, wat: Any) -> QuerySet[Any]:
    regels = bekend_op(Journaalregel.objects.filter(dossier=OuterRef("pk"), soort__in=soorten), op).order_by()
    uit: QuerySet[Any] = regels.values("dossier").annotate(wat=wat).values("wat")
    return uit


def leeftijd_jaren(dossier: Any, vandaag: date | None = None) -> int:
    """Return how many whole years ago the commitment of a row of `encours` was made."""
    dag = vandaag or klok.vandaag()
    van: date = dossier.vastgelegd_op
    return dag.year - van.year - ((dag.month, dag.day) < (van.month, van.day))


def reden_op_te_kuisen(dossier: Any, vandaag: date | None = None) -> str | None:
    """Return why the commitment of a row of `encours` can be cleared, or None: the yearly list shows these."""
    if dossier.encours_cent == dossier.onderweg_cent:
        return None  # the outside system charges all of it
    if dossier.status in GEEINDIGD:
        return f"Het project is {dossier.get_status_display().lower()}."
    if not dossier.schijf_open:
        return "Er is geen schijf meer te betalen."
    if leeftijd_jaren(dossier, vandaag) >= HOOGSTENS_JAREN:
        return f"De vastlegging is ouder dan {HOOGSTENS_JAREN} jaar."
    return None


def op_te_kuisen(rijen: QuerySet[Dossier], vandaag: date | None = None) -> QuerySet[Dossier]:
    """Keep the rows of `encours` with a `reden_op_te_kuisen`; equal to it."""
    dag = vandaag or klok.vandaag()
    grens = dag.replace(year=dag.year - HOOGSTENS_JAREN, day=min(dag.day, 28) if dag.month == 2 else dag.day)  # noqa: PLR2004  29 February
    vrij = rijen.exclude(Q(encours_cent=F("onderweg_cent")))
    return vrij.filter(Q(status__in=GEEINDIGD) | Q(schijf_open=False) | Q(vastgelegd_op__lte=grens))
