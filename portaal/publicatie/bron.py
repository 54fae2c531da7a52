"""What may be published of awards: the one query under the Subsidieregister, 360Giving and OSLO.

Embargo: only decisions that were notified. Left out as well: granters of subsidies (bodies of the Flemish government).
Every applicant here is an organisation, so there are no natural persons.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import OuterRef, QuerySet, Subquery

from beoordeling.models import Besluit, Besluitregel
from betalingen.models import Journaalregel
from dossiers.models import Dossier
from oproepen.models import Criterium, Oproep
from organisaties.models import Categorie, Organisatie

Soort = Journaalregel.Soort
_SOORTEN = (Soort.VASTLEGGING, Soort.ANNULERING, Soort.UITBETALING)


@dataclass(frozen=True)
class Beweging:
    """A commitment, its cancellation (negative) or a payment (negative when the bank sent it back), in cents."""

    sleutel: int
    soort: str
    bedrag_cent: int
    datum: date


@dataclass(frozen=True)
class Toekenning:
    """An award with what was booked on it, oldest booking first; organisation, call, track and round are read along."""

    dossier: Dossier
    besluit: Besluit
    bewegingen: tuple[Beweging, ...]
    gewijzigd_op: datetime

    def totaal_cent(self, *soorten: str) -> int:
        """Return what the bookings of these kinds add up to."""
        return sum(b.bedrag_cent for b in self.bewegingen if b.soort in soorten)


def toekenningen(oproepen: QuerySet[Oproep], *, jaar: int | None = None) -> Iterator[Toekenning]:
    """Give the awards of these calls that may be published, by call, beneficiary and dossier.

    jaar: only those decided in that year. Two queries; the decisions and one award at a time are in memory.
    """
    regels = Journaalregel.objects.filter(
        oproep__in=oproepen,
        soort__in=_SOORTEN,
        dossier__kennisgegeven_op__isnull=False,
        dossier__toegekend_cent__isnull=False,
    ).exclude(dossier__organisatie__categorie=Categorie.VERSTREKKER)
    if jaar is not None:
        regels = regels.filter(dossier__beslist_op__year=jaar)
    toekenning = Besluitregel.objects.filter(
        dossier=OuterRef("dossier"), uitkomst=Besluitregel.Uitkomst.TOEKENNING
    ).values("besluit")
    regels = regels.annotate(besluit=Subquery(toekenning[:1])).select_related(
        "dossier__organisatie", "dossier__ronde__luik__oproep"
    )
    besluiten = Besluit.objects.filter(ronde__luik__oproep__in=oproepen).in_bulk()
    geordend = regels.order_by("oproep_id", "dossier__organisatie_id", "dossier_id", "pk")
    for _, groep in groupby(geordend.iterator(chunk_size=500), key=lambda regel: regel.dossier_id):
        eigen = list(groep)
        yield _toekenning(eigen, besluiten[eigen[0].besluit])


def _toekenning(regels: Sequence[Journaalregel], besluit: Besluit) -> Toekenning:
    dossier = regels[0].dossier
    momenten = [regel.geboekt_op for regel in regels]
    if dossier.kennisgegeven_op is not None:
        momenten.append(dossier.kennisgegeven_op)
    bewegingen = tuple(Beweging(r.pk, r.soort, r.bedrag_cent, r.feitdatum) for r in regels)
    return Toekenning(dossier, besluit, bewegingen, max(momenten))


def verstrekkers() -> dict[str, str]:
    """Return the KBO number of the granters that stand among the organisations, by name."""
    rijen = Organisatie.objects.filter(categorie=Categorie.VERSTREKKER, kbo__isnull=False)
    return {rij.naam: rij.kbo for rij in rijen if rij.kbo}


def criteria(oproepen: QuerySet[Oproep]) -> dict[int, list[Criterium]]:
    """Return the criteria of these calls in order, by key of the call."""
    uit: dict[int, list[Criterium]] = {}
    for criterium in Criterium.objects.filter(oproep__in=oproepen).order_by("oproep_id", "volgorde"):
        uit.setdefault(criterium.oproep_id, []).append(criterium)
    return uit
