"""De-minimis aid: how much a single undertaking got in three years, and what an award would add.

Counted for an award on day D, in a track under a regulation: what its applicant declared, what was awarded here to the
same organisation (with its predecessors and successors) in tracks under the same regulation, and the award itself. The
day of an award counts, not that of its payment. Of the three years, D counts and the same day three years before does
not (`oproepen.deminimis.venster_na`). Assumed: an award that was given up or cancelled since counts in full, and one
here with a date after D counts too (a decision that is registered late must not pass below one that came in between).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from dossiers.models import Dossier, Steunregel
from kern import sloten
from kern.geld import euro_tekst
from kern.weigering import Weigering
from oproepen.deminimis import KORT, PLAFOND_CENT, TELT_MEE, venster_na
from oproepen.models import Luik
from organisaties.familie import families
from organisaties.models import Organisatie


@dataclass(frozen=True)
class Stand:
    """What counts for one award: declared, awarded here before, and asked in this proposal, in cents."""

    dossier: Dossier
    verordening: str
    verklaard_cent: int
    toegekend_cent: int
    voorgesteld_cent: int

    @property
    def som_cent(self) -> int:
        """Return all of it."""
        return self.verklaard_cent + self.toegekend_cent + self.voorgesteld_cent

    @property
    def plafond_cent(self) -> int:
        """Return the ceiling."""
        return PLAFOND_CENT[self.verordening]

    @property
    def ruimte_cent(self) -> int:
        """Return what is left under the ceiling without this proposal."""
        return max(self.plafond_cent - self.verklaard_cent - self.toegekend_cent, 0)

    @property
    def boven(self) -> bool:
        """Return whether the proposal passes the ceiling."""
        return self.som_cent > self.plafond_cent

    @property
    def zin(self) -> str:
        """Return what is wrong with it, as a sentence."""
        return (
            f"Dossier {self.dossier.nummer} gaat boven het plafond van de de-minimissteun: {euro_tekst(self.som_cent)} "
            f"in drie jaar, en {KORT[self.verordening]} laat {euro_tekst(self.plafond_cent)} toe. Er is nog "
            f"{euro_tekst(self.ruimte_cent)} vrij."
        )


def standen(luik: Luik, voorstel: Mapping[Dossier, int], op: date) -> list[Stand]:
    """Return what counts for each proposed award (dossier: cents) of a track on a day; empty without a regulation.

    Dossiers of one undertaking count together.
    """
    verordening = luik.deminimis
    if not verordening or not voorstel:
        return []
    familie = families(dossier.organisatie_id for dossier in voorstel)
    na = venster_na(op)
    verklaard = dict(
        Steunregel.objects.filter(verklaring__dossier__in=voorstel, datum__gt=na, verordening__in=TELT_MEE[verordening])
        .order_by()
        .values_list("verklaring__dossier")
        .annotate(som=Sum("bedrag_cent"))
    )
    hier: dict[int, int] = defaultdict(int)
    toegekend = Dossier.objects.filter(
        organisatie__in={pk for leden in familie.values() for pk in leden},
        ronde__luik__deminimis=verordening,
        toegekend_cent__isnull=False,
        beslist_op__gt=na,
    ).exclude(pk__in=[dossier.pk for dossier in voorstel])
    for organisatie, cent in toegekend.values_list("organisatie_id", "toegekend_cent"):
        hier[organisatie] += cent or 0
    samen: dict[frozenset[int], int] = defaultdict(int)
    for dossier, cent in voorstel.items():
        samen[familie[dossier.organisatie_id]] += cent
    return [
        Stand(
            dossier,
            verordening,
            verklaard.get(dossier.pk, 0),
            sum(hier[pk] for pk in familie[dossier.organisatie_id]),
            samen[familie[dossier.organisatie_id]],
        )
        for dossier in sorted(voorstel, key=lambda d: d.pk)
    ]


def waarschuwingen(luik: Luik, voorstel: Mapping[Dossier, int], op: date) -> list[str]:
    """Return a sentence for every award that would pass the ceiling."""
    return [stand.zin for stand in standen(luik, voorstel, op) if stand.boven]


def eis_onder_plafond(luik: Luik, voorstel: Mapping[Dossier, int], op: date) -> None:
    """Raise Weigering(boven_deminimis) for the first award that passes the ceiling, inside an act.

    The organisations are locked: of two decisions at the same moment, the second counts the awards of the first.
    """
    if not luik.deminimis or not voorstel:
        return
    familie = families(dossier.organisatie_id for dossier in voorstel)
    sloten.neem(Organisatie, {pk for leden in familie.values() for pk in leden})
    for zin in waarschuwingen(luik, voorstel, op):
        raise Weigering("boven_deminimis", zin)


def van_dossiers(dossiers: Iterable[Dossier]) -> dict[Dossier, int]:
    """Return what dossiers ask, as a proposal."""
    return {dossier: dossier.gevraagd_cent or 0 for dossier in dossiers}
