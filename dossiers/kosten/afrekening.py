"""What the accepted costs of a project come to: the one place where its arithmetic stands.

`afrekening(dossier)` is what the ledger side asks for the balance payment; it moves no money and knows no award. All
amounts are whole cents; every rounding is half a cent up, once per flat rate and once for the rate.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.db.models.functions import ExtractYear

from dossiers.kosten.models import AndereInkomst, Kostenregel, Kostenstaat
from oproepen.models import Kostenregeling

if TYPE_CHECKING:
    from dossiers.models import Dossier


@dataclass(frozen=True)
class Forfait:
    """A flat rate: so many percent of the accepted costs of these kinds; no kinds means all."""

    naam: str
    procent: int
    op: tuple[str, ...] = ()


@dataclass(frozen=True)
class Jaar:
    """What one year (of the invoice) adds: accepted costs and flat rates. The years add up to the whole."""

    jaar: int
    aanvaard_cent: int
    forfait_cent: int


@dataclass(frozen=True)
class Afrekening:
    """The accepted costs of a dossier over all its claims that were looked at, in cents.

    aanvaard_cent: accepted lines; forfait_cent: flat rates on them; andere_inkomsten_cent: what else paid for them;
    tarief: percent of the costs that the subsidy pays; per_jaar: in order of year, adds up to the two first;
    per_soort: accepted per key of a kind of costs; in_behandeling_cent: claimed, but not looked at yet.
    """

    aanvaard_cent: int
    forfait_cent: int
    andere_inkomsten_cent: int
    tarief: int
    per_jaar: tuple[Jaar, ...]
    per_soort: Mapping[str, int]
    in_behandeling_cent: int = 0

    @property
    def kosten_cent(self) -> int:
        """Return accepted costs with their flat rates."""
        return self.aanvaard_cent + self.forfait_cent

    @property
    def volgens_tarief_cent(self) -> int:
        """Return the share of the costs that the subsidy pays: rate x costs."""
        return deel(self.kosten_cent, self.tarief)

    @property
    def na_inkomsten_cent(self) -> int:
        """Return costs - other income, never less than nothing."""
        return max(0, self.kosten_cent - self.andere_inkomsten_cent)

    @property
    def hoogstens_cent(self) -> int:
        """Return the most that these costs justify: the smaller of the two. The award limits it further."""
        return min(self.volgens_tarief_cent, self.na_inkomsten_cent)


def deel(cent: int, procent: int) -> int:
    """Return `procent` of an amount that is not negative, half a cent up."""
    return (cent * procent + 50) // 100


def bereken(
    aanvaard: Iterable[tuple[str, int, int]],
    *,
    forfaits: Sequence[Forfait],
    tarief: int,
    andere_inkomsten_cent: int = 0,
    in_behandeling_cent: int = 0,
) -> Afrekening:
    """Return the statement of (kind of costs, year, accepted cents). Pure: no database, no clock."""
    per_soort: dict[str, int] = defaultdict(int)
    per_jaar: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for soort, jaar, cent in aanvaard:
        per_soort[soort] += cent
        per_jaar[jaar][soort] += cent
    jaren = _jaren(per_jaar, forfaits)
    return Afrekening(
        aanvaard_cent=sum(jaar.aanvaard_cent for jaar in jaren),
        forfait_cent=sum(deel(_grondslag(per_soort, forfait), forfait.procent) for forfait in forfaits),
        andere_inkomsten_cent=andere_inkomsten_cent,
        tarief=tarief,
        per_jaar=jaren,
        per_soort=dict(per_soort),
        in_behandeling_cent=in_behandeling_cent,
    )


def _jaren(per_jaar: Mapping[int, Mapping[str, int]], forfaits: Sequence[Forfait]) -> tuple[Jaar, ...]:
    # A year gets what the flat rates are with it less what they were without it: so the years add up to the cent.
    tot_nu: dict[str, int] = defaultdict(int)
    jaren, vorig = [], 0
    for jaar in sorted(per_jaar):
        for soort, cent in per_jaar[jaar].items():
            tot_nu[soort] += cent
        samen = sum(deel(_grondslag(tot_nu, forfait), forfait.procent) for forfait in forfaits)
        jaren.append(Jaar(jaar, sum(per_jaar[jaar].values()), samen - vorig))
        vorig = samen
    return tuple(jaren)


def _grondslag(per_soort: Mapping[str, int], forfait: Forfait) -> int:
    return sum(cent for soort, cent in per_soort.items() if not forfait.op or soort in forfait.op)


def afrekening(dossier: "Dossier") -> Afrekening | None:
    """Return the statement of a dossier; None when its track asks for no cost claims.

    Five queries, however many lines there are. Only claims that were looked at count.
    """
    regeling = Kostenregeling.objects.filter(luik__rondes=dossier.ronde_id).prefetch_related("forfaits").first()
    if regeling is None:
        return None
    nagekeken = Kostenstaat.Status.NAGEKEKEN
    regels = Kostenregel.objects.filter(kostenstaat__dossier=dossier)
    aanvaard = (
        regels.filter(kostenstaat__status=nagekeken, aanvaard_cent__gt=0)
        .order_by()
        .values_list("categorie__sleutel", ExtractYear("factuurdatum"))
        .annotate(cent=Sum("aanvaard_cent"))
    )
    inkomsten = AndereInkomst.objects.filter(kostenstaat__dossier=dossier, kostenstaat__status=nagekeken)
    wacht = regels.filter(kostenstaat__status=Kostenstaat.Status.INGEDIEND)
    return bereken(
        ((soort, jaar, int(cent)) for soort, jaar, cent in aanvaard),
        forfaits=forfaits_van(regeling),
        tarief=regeling.tarief_procent,
        andere_inkomsten_cent=int(inkomsten.aggregate(cent=Sum("bedrag_cent"))["cent"] or 0),
        in_behandeling_cent=int(wacht.aggregate(cent=Sum("bedrag_cent"))["cent"] or 0),
    )


def forfaits_van(regeling: Kostenregeling) -> list[Forfait]:
    """Return the flat rates of a track as `bereken` takes them."""
    return [Forfait(rij.naam, rij.procent, tuple(rij.grondslag)) for rij in regeling.forfaits.all()]
