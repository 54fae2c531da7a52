"""Commitments that were not charged yet: how old they are, and which can be cleared (the yearly list)."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from betalingen.grootboek import VASTGELEGD, Soort
from betalingen.models import Betaling, Journaalregel, Stand
from betalingen.queries.vastlegging import onderweg_cent, vastlegging_van
from dossiers.models import Dossier
from kern import klok

# About eight years an open commitment is carried over (Flemish accounting manual, arr-3-2-7).
HOOGSTENS_JAREN = 8
GEEINDIGD = (Dossier.Status.AFGEROND, Dossier.Status.VERZAAKT, Dossier.Status.STOPGEZET)


def encours(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Keep the dossiers with an open commitment, oldest first.

    Adds vastgelegd_cent, vereffend_cent, encours_cent, vastgelegd_op (first commitment), laatst_op (last booking),
    schijf_open (whether an instalment is still to leave), onderweg_cent (what left, and is still to be charged
    elsewhere) and vastlegging (its number).
    """
    stand = Stand.objects.filter(soort=Stand.Soort.DOSSIER, sleutel=OuterRef("pk"))
    open_ = Betaling.objects.filter(dossier=OuterRef("pk")).exclude(
        status__in=[*Betaling.AFGEHANDELD, Betaling.Status.VERSTUURD]
    )
    return (
        dossiers.annotate(
            vastgelegd_cent=Subquery(stand.values("vastgelegd_cent")[:1]),
            vereffend_cent=Subquery(stand.values("vereffend_cent")[:1]),
            vastgelegd_op=Subquery(_datum(VASTGELEGD, Min)),
            laatst_op=Subquery(_datum(list(Soort), Max)),
            schijf_open=Exists(open_),
            onderweg_cent=onderweg_cent(),
            vastlegging=vastlegging_van(),
        )
        .annotate(encours_cent=F("vastgelegd_cent") - F("vereffend_cent"))
        .filter(encours_cent__gt=0)
        .order_by("vastgelegd_op", "pk")
    )


def _datum(soorten: Any, functie: Any) -> QuerySet[Any]:
    regels = Journaalregel.objects.filter(dossier=OuterRef("pk"), soort__in=soorten).order_by()
    return regels.values("dossier").annotate(dag=functie("feitdatum")).values("dag")


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
