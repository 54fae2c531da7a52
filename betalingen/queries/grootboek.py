"""The journal, to drill down to from every figure."""

from datetime import date

from django.db.models import QuerySet

from betalingen.grootboek import KOLOM
from betalingen.models import Journaalregel
from betalingen.queries.budgetstand import bekend_op
from betalingen.queries.vastlegging import vastlegging_van
from oproepen.rechten import PERSONEEL, luiken_met_taak
from organisaties.models import Gebruiker


def journaal_voor(gebruiker: Gebruiker) -> QuerySet[Journaalregel]:
    """Return the journal rows of the tracks that a person works for, oldest first."""
    return Journaalregel.objects.filter(luik__in=luiken_met_taak(gebruiker, *PERSONEEL)).order_by("pk")


def gefilterd(
    regels: QuerySet[Journaalregel],
    *,
    oproep: str | None = None,
    jaar: int | None = None,
    soort: str | None = None,
    bedrag: str | None = None,
    artikel: str | None = None,
    dossier: str | None = None,
    tot: date | None = None,
    op: date | None = None,
) -> QuerySet[Journaalregel]:
    """Keep the rows of a call (slug), a budget year, a kind, an article (code), a dossier (number); None: all.

    bedrag: the kinds that together make this total ('vastgelegd'); tot: that happened up to this day; op: as known on.
    """
    voorwaarden = {
        "oproep__slug": oproep,
        "krediet__jaar": jaar,
        "soort": soort,
        "soort__in": None if bedrag is None else [soort for soort, naam in KOLOM.items() if naam == bedrag],
        "krediet__artikel__code": artikel,
        "dossier__nummer__iexact": dossier,
        "feitdatum__lte": tot,
    }
    return bekend_op(regels.filter(**{veld: w for veld, w in voorwaarden.items() if w is not None}), op)


def met_alles(regels: QuerySet[Journaalregel]) -> QuerySet[Journaalregel]:
    """Read along what a row of the list and the sheet shows."""
    lezen = ("oproep", "luik", "dossier__organisatie", "krediet__artikel", "gebeurtenis__door", "betaling__schijf")
    return regels.select_related(*lezen).annotate(vastlegging=vastlegging_van("dossier"))
