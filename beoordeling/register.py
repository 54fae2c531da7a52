"""What goes into the central register of de-minimis aid: awards, until when, and which were reported."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from dossiers.models import Dossier
from kern import klok
from kern.dagen import werkdagen_eerder, werkdagen_later
from oproepen import rechten as oproeprechten
from oproepen.deminimis import KORT, REGISTER_VANAF, REGISTER_WERKDAGEN
from organisaties.models import Gebruiker
from organisaties.rechten import organisaties_van

# How many working days before its end a term is near.
BIJNA_WERKDAGEN = 5
TE_MELDEN, GEMELD, NIET_VERPLICHT = "te melden", "gemeld", "niet verplicht"


def uiterlijk(beslist_op: date) -> date | None:
    """Return the last day to report an award of this day; None before the register was obligatory."""
    return werkdagen_later(beslist_op, REGISTER_WERKDAGEN) if beslist_op >= REGISTER_VANAF else None


def steun(dossiers: QuerySet[Dossier], *, jaar: int | None = None) -> QuerySet[Dossier]:
    """Keep the awards under a regulation, of a year of award; the oldest first, with what a list shows read along."""
    rijen = dossiers.exclude(ronde__luik__deminimis="").filter(toegekend_cent__isnull=False)
    if jaar is not None:
        rijen = rijen.filter(beslist_op__year=jaar)
    return rijen.select_related("organisatie", "ronde__luik__oproep", "deminimismelding").order_by("beslist_op", "pk")


def te_melden(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Keep the awards that are to be reported and are not yet."""
    return dossiers.exclude(ronde__luik__deminimis="").filter(
        toegekend_cent__isnull=False, beslist_op__gte=REGISTER_VANAF, deminimismelding=None
    )


def dringend_tot(vandaag: date) -> date:
    """Return the last day of which an award that was not reported is late, or will be within a few working days."""
    return werkdagen_eerder(werkdagen_later(vandaag, BIJNA_WERKDAGEN), REGISTER_WERKDAGEN)


def zichtbaar_voor(gebruiker: Gebruiker) -> QuerySet[Dossier]:
    """Return the dossiers of which a person sees the awards here: staff of their tracks, of own ones once notified."""
    luiken = oproeprechten.luiken_met_taak(gebruiker, *oproeprechten.PERSONEEL)
    onder_embargo = Q(organisatie__in=organisaties_van(gebruiker), kennisgegeven_op=None)
    return Dossier.objects.filter(ronde__luik__in=luiken).exclude(onder_embargo)


def met_termijn(rij: Any) -> Any:
    """Add to an award what a list shows: verordening, uiterlijk, melding, te_laat, register_op, referentie."""
    melding = getattr(rij, "deminimismelding", None)
    rij.verordening, rij.uiterlijk = KORT[rij.ronde.luik.deminimis], uiterlijk(rij.beslist_op)
    rij.register_op, rij.referentie = (melding.gemeld_op, melding.referentie) if melding else (None, "")
    rij.melding = GEMELD if melding else TE_MELDEN if rij.uiterlijk else NIET_VERPLICHT
    rij.te_laat = rij.melding == TE_MELDEN and rij.uiterlijk < klok.vandaag()
    return rij


class MetTermijn:
    """Awards with their terms, for a sheet."""

    def __init__(self, rijen: QuerySet[Dossier]) -> None:
        self.rijen = rijen

    def count(self) -> int:
        """Return how many there are."""
        return self.rijen.count()

    def __iter__(self) -> Iterator[Any]:
        """Give them one by one."""
        return map(met_termijn, self.rijen.iterator(chunk_size=2000))
