"""The columns of the list of dossiers: chosen in the address, and the same on screen and in the sheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from beoordeling.models import Scoreblad
from beoordeling.resources import RondeResource
from dossiers.models import Dossier
from kern.resources import CentWidget, GetalWidget, HonderdstenWidget, Kolom, MomentWidget
from kern.templatetags.loket import dag, euro, score

# What a row is known by: always there, on screen together in the first cell.
VAST = ("nummer", "titel")
STANDAARD = ("organisatie", "ingediend", "gevraagd", "toegekend", "status")
# What the list can be sorted by: a column and what it is in the database.
SORTEERT = {
    "nummer": "pk",
    "oproep": "ronde__luik__oproep__titel",
    "organisatie": "organisatie__naam",
    "gemeente": "organisatie__gemeente",
    "provincie": "organisatie__provincie",
    "titel": "titel",
    "ingediend": "ingediend_op",
    "gevraagd": "gevraagd_cent",
    "toegekend": "toegekend_cent",
    "status": "status",
    "score": "juryadvies__score_honderdsten",
}
_GETALLEN = (CentWidget, HonderdstenWidget, GetalWidget)


def _naam(veld: str) -> str:
    return veld.removesuffix("_cent").removesuffix("_op")


class LijstResource(RondeResource):
    """The chosen columns of the list, in their own order; the columns themselves stand in beoordeling/resources.py."""

    def __init__(self, namen: Iterable[str] = ()) -> None:
        super().__init__()
        self.namen = {*VAST, *namen}

    def kolommen(self) -> list[Kolom]:
        """Return the chosen columns, number and title in front."""
        alle = self.per_naam()
        return [alle[naam] for naam in (*VAST, *(naam for naam in alle if naam not in VAST and naam in self.namen))]

    def per_naam(self) -> dict[str, Kolom]:
        """Return every column by its name in the address."""
        return {_naam(veld): kolom for veld, kolom in self.fields.items()}


KEUZES = [(naam, kolom.column_name) for naam, kolom in LijstResource().per_naam().items() if naam not in VAST]


def gekozen(namen: Sequence[str]) -> list[str]:
    """Return the columns that can be shown of these names, or the usual ones when there is none."""
    return [naam for naam, _ in KEUZES if naam in namen] or list(STANDAARD)


@dataclass(frozen=True)
class Kop:
    """The heading of a column: what a click on it sorts by, and how the list is sorted by it now."""

    label: str
    sorteer: str
    richting: str
    getal: bool


def koppen(namen: Sequence[str], sleutel: str, *, aflopend: bool) -> list[Kop]:
    """Return the headings, that of the number first; `sleutel` is what the list is sorted by."""
    alle = LijstResource().per_naam()
    uit = []
    for naam in ("nummer", *namen):
        huidig = naam == sleutel
        sorteer = "" if naam not in SORTEERT else f"-{naam}" if huidig and not aflopend else naam
        richting = ("descending" if aflopend else "ascending") if huidig else ""
        uit.append(Kop(str(alle[naam].column_name), sorteer, richting, isinstance(alle[naam].widget, _GETALLEN)))
    return uit


def sortering(ruw: str) -> tuple[str, bool]:
    """Return the column to sort by, and whether from high to low; by number when it cannot be read."""
    sleutel = ruw.removeprefix("-")
    return (sleutel, ruw.startswith("-")) if sleutel in SORTEERT else ("nummer", False)


def gesorteerd(qs: QuerySet[Dossier], ruw: str) -> QuerySet[Dossier]:
    """Return the dossiers in order, those without a value last."""
    sleutel, aflopend = sortering(ruw)
    veld = F(SORTEERT[sleutel])
    eerst = veld.desc(nulls_last=True) if aflopend else veld.asc(nulls_last=True)
    return qs.order_by(eerst, "-pk" if aflopend else "pk")


def met_bladen(qs: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add how many sheets each dossier has, and how many are handed in."""

    def telling(**welke: str) -> Coalesce:
        bladen = Scoreblad.objects.filter(dossier=OuterRef("pk"), **welke).order_by().values("dossier")
        return Coalesce(Subquery(bladen.annotate(n=Count("pk")).values("n")), 0)

    return qs.annotate(bladen=telling(), bladen_in=telling(status=Scoreblad.Status.INGEDIEND))


def cellen(rij: Any, namen: Sequence[str]) -> list[dict[str, Any]]:
    """Return the cells of a row after the first: text, heading, whether it is a number."""
    alle = LijstResource().per_naam()
    return [_cel(alle[naam], alle[naam].get_value(rij)) for naam in namen]


def _cel(kolom: Kolom, waarde: Any) -> dict[str, Any]:
    return {"tekst": _tekst(kolom, waarde), "label": kolom.column_name, "getal": isinstance(kolom.widget, _GETALLEN)}


def _tekst(kolom: Kolom, waarde: Any) -> str:
    if waarde is None:
        return ""
    if isinstance(kolom.widget, CentWidget):
        return euro(waarde)
    if isinstance(kolom.widget, HonderdstenWidget):
        return score(waarde)
    return dag(waarde) if isinstance(kolom.widget, MomentWidget) else str(waarde)


def totalen(qs: QuerySet[Dossier], namen: Sequence[str]) -> tuple[int, list[dict[str, Any]]]:
    """Return how many dossiers there are, and the cells of the row of totals."""
    alle = LijstResource().per_naam()
    bedragen = [naam for naam in namen if isinstance(alle[naam].widget, CentWidget)]
    sommen = {f"som_{naam}": Sum(f"{naam}_cent") for naam in bedragen}
    gevonden = qs.order_by().aggregate(aantal=Count("pk"), **sommen)
    return gevonden["aantal"], [_cel(alle[naam], gevonden.get(f"som_{naam}")) for naam in namen]
