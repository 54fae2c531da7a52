"""The journal, to drill down to from every figure."""

from datetime import date

from django.db.models import Case, F, Q, QuerySet, Sum, When

from betalingen.grootboek import KOLOM, VASTGELEGD
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
    luik: str | None = None,
    van: date | None = None,
    tot: date | None = None,
    op: date | None = None,
) -> QuerySet[Journaalregel]:
    """Keep the rows of a call (slug), a budget year, a kind, an article (code), a dossier (number); None: all.

    luik: of this track (slug or name); van, tot: that happened from and up to this day; op: as known on that day.
    bedrag: the kinds that together make this total ('vastgelegd'), or 'encours': what is committed less what is
    charged, with `telt_cent`, in which a charge counts below zero.
    """
    voorwaarden = {
        "oproep__slug": oproep,
        "krediet__jaar": jaar,
        "soort": soort,
        "soort__in": None if bedrag is None else soorten_van(bedrag),
        "krediet__artikel__code": artikel,
        "dossier__nummer__iexact": dossier,
        "feitdatum__gte": van,
        "feitdatum__lte": tot,
    }
    gekozen = bekend_op(regels.filter(**{veld: w for veld, w in voorwaarden.items() if w is not None}), op)
    if luik is not None:
        gekozen = gekozen.filter(Q(luik__slug__iexact=luik) | Q(luik__naam__iexact=luik))
    return gekozen.annotate(telt_cent=_ENCOURS) if bedrag == ENCOURS else gekozen


ENCOURS = "encours"
_ENCOURS = Case(When(soort__in=VASTGELEGD, then=F("bedrag_cent")), default=-F("bedrag_cent"))


def soorten_van(bedrag: str) -> list[str]:
    """Return the kinds of bookings that make an amount."""
    namen = ("vastgelegd", "vereffend") if bedrag == ENCOURS else (bedrag,)
    return [soort for soort, naam in KOLOM.items() if naam in namen]


def som_van(regels: QuerySet[Journaalregel]) -> int:
    """Return what filtered rows add up to."""
    veld = "telt_cent" if "telt_cent" in regels.query.annotations else "bedrag_cent"
    som: int = regels.aggregate(som=Sum(veld))["som"] or 0
    return som


def met_alles(regels: QuerySet[Journaalregel]) -> QuerySet[Journaalregel]:
    """Read along what a row of the list and the sheet shows."""
    lezen = ("oproep", "luik", "dossier__organisatie", "krediet__artikel", "gebeurtenis__door", "betaling__schijf")
    return regels.select_related(*lezen).annotate(vastlegging=vastlegging_van("dossier"))
