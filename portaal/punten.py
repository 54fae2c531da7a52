"""The lines of the work list and where they come from.

A source (Elk, Samen, Bundel) gives its lines and how many there are from the same rows, so that the number in the
header of every page is the number of lines on Mijn werk. That number is one expression in SQL and reads no row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Min, QuerySet, Subquery

from organisaties.models import Gebruiker


@dataclass(frozen=True)
class Punt:
    """One thing to do."""

    tekst: str
    url: str
    toelichting: str = ""
    dringend: bool = False


class Rijen(Subquery):
    """How many rows a query has, as an expression."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS rijen)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Elk:
    """A line for every row."""

    rijen: QuerySet[Any]
    punt: Callable[[Any], Punt]

    def punten(self) -> list[Punt]:
        """Return the lines."""
        return [self.punt(rij) for rij in self.rijen]

    def geteld(self) -> Sequence[QuerySet[Any]]:
        """Return queries with together as many rows as there are lines."""
        return [self.rijen]


@dataclass(frozen=True)
class Samen:
    """One line for all rows together, made of their number and the first key; no line without rows."""

    rijen: QuerySet[Any]
    punt: Callable[[int, int], Punt]

    def punten(self) -> list[Punt]:
        """Return the line, if there is one."""
        gevonden = self.rijen.aggregate(aantal=Count("pk"), eerste=Min("pk"))
        return [self.punt(gevonden["aantal"], gevonden["eerste"])] if gevonden["aantal"] else []

    def geteld(self) -> Sequence[QuerySet[Any]]:
        """Return queries with together as many rows as there are lines."""
        return [self.rijen[:1]]


@dataclass(frozen=True)
class Bundel:
    """Several `Samen`, asked together: one query, on the row of the person herself, for all their lines."""

    gebruiker: Gebruiker
    delen: Sequence[Samen]

    def punten(self) -> list[Punt]:
        """Return the line of each that has rows."""
        tellingen: dict[str, Any] = {}
        for nummer, deel in enumerate(self.delen):
            sleutels = deel.rijen.order_by("pk").values("pk")
            tellingen |= {f"n{nummer}": Rijen(sleutels), f"eerste{nummer}": Subquery(sleutels[:1])}
        gevonden: Any = Gebruiker.objects.filter(pk=self.gebruiker.pk).values(**tellingen).get()
        return [
            deel.punt(gevonden[f"n{nummer}"], gevonden[f"eerste{nummer}"])
            for nummer, deel in enumerate(self.delen)
            if gevonden[f"n{nummer}"]
        ]

    def geteld(self) -> Sequence[QuerySet[Any]]:
        """Return queries with together as many rows as there are lines."""
        return [rijen for deel in self.delen for rijen in deel.geteld()]


Bron = Elk | Samen | Bundel
