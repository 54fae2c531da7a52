"""The sheets for an outside accounting system: what it has to commit and to pay, and where it differs from here."""

from collections.abc import Iterable, Sequence

from django.db.models import F, OuterRef, QuerySet, Subquery

from betalingen.bank import mededeling
from betalingen.bank.pain import end_to_end_id
from betalingen.models import Betaling, Journaalregel, Opdrachtregel
from betalingen.queries import vastlegging_van
from betalingen.queries.verschillen import Verschil, extern_geboekt
from betalingen.resources import VASTLEGGINGSNUMMER
from dossiers.models import Dossier
from kern.resources import CentWidget, DagWidget, GetalWidget, Kolom, Rekenblad
from kern.werkblad import Blad


class VastTeLeggenResource(Rekenblad):
    """One row per award that waits for its commitment."""

    besluit = Kolom("besluit", "Besluit", breedte=18)
    datum = Kolom("beslist_op", "Datum besluit", DagWidget())
    dossier = Kolom("nummer", "Dossier", breedte=16)
    kbo = Kolom("organisatie__kbo", "KBO-nummer", breedte=14)
    naam = Kolom("organisatie__naam", "Begunstigde", breedte=40)
    artikel = Kolom("ronde__luik__begrotingsartikel", "Artikel", breedte=26)
    jaar = Kolom("jaar", "Jaar", GetalWidget(), waarde=lambda d: d.beslist_op.year)
    bedrag_cent = Kolom("toegekend_cent", "Bedrag", CentWidget())


class TeBetalenResource(Rekenblad):
    """One row per payment that was sent and that the other system did not pay yet."""

    opdracht = Kolom("opdracht__nummer", "Opdracht", breedte=16)
    dossier = Kolom("betaling__dossier__nummer", "Dossier", breedte=16)
    vastlegging = Kolom("vastlegging", VASTLEGGINGSNUMMER, breedte=20)
    naam = Kolom("naam", "Begunstigde", breedte=40)
    iban = Kolom("iban", "IBAN", breedte=24)
    bedrag_cent = Kolom("bedrag_cent", "Bedrag", CentWidget())
    referentie = Kolom(
        "referentie",
        "Referentie",
        waarde=lambda r: end_to_end_id(r.opdracht.nummer, r.betaling_id),
        breedte=22,
        uitleg="Komt terug bij de vereffening en de betaling.",
    )
    mededeling = Kolom(
        "mededeling",
        "Mededeling",
        waarde=lambda r: mededeling.schrijf(mededeling.maak(r.betaling_id)).strip("+"),
        uitleg="Gestructureerd.",
    )


class VerschilResource(Rekenblad):
    """One row per difference."""

    verstrekker = Kolom("verstrekker", "Verstrekker", breedte=30)
    soort = Kolom("soort_naam", "Soort", breedte=14)
    dossier = Kolom("dossiernummer", "Dossier", breedte=16)
    referentie = Kolom("referentie", "Nummer of referentie", breedte=22)
    hier_cent = Kolom("hier_cent", "In het loket", CentWidget())
    daar_cent = Kolom("daar_cent", "In de boekhouding", CentWidget())
    zin = Kolom("zin", "Verschil", breedte=60)
    verklaring = Kolom("verklaring", "Verklaring", breedte=40)


def vast_te_leggen(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Return the awards among these that wait for their commitment in an outside system, by number."""
    vast = Journaalregel.objects.filter(soort=Journaalregel.Soort.VASTLEGGING).values("dossier_id")
    rijen = extern_geboekt(dossiers).filter(vastleggingsnummer=None).exclude(pk__in=vast)
    return rijen.select_related("organisatie", "ronde__luik__oproep").order_by("nummer")


def te_betalen(dossiers: QuerySet[Dossier]) -> QuerySet[Opdrachtregel]:
    """Return the lines of orders that an outside system still has to pay."""
    rijen = Opdrachtregel.objects.filter(
        opdracht__extern=True, betaling__dossier__in=dossiers, betaling__status=Betaling.Status.VERSTUURD
    ).filter(opdracht=F("betaling__opdracht"))
    met_nummer = rijen.annotate(vastlegging=vastlegging_van("betaling__dossier"))
    return met_nummer.select_related("opdracht", "betaling__dossier").order_by("opdracht_id", "betaling_id")


def vastleggingenblad(
    dossiers: QuerySet[Dossier], jaar: int | None = None, getoond: Sequence[tuple[str, str]] = ()
) -> Blad:
    """Return the commitments that an outside system has to book, as a sheet."""
    van = Dossier.objects.filter(pk=OuterRef("pk"), besluitregels__uitkomst="toekenning")
    rijen = vast_te_leggen(dossiers).annotate(besluit=Subquery(van.values("besluitregels__besluit__nummer")[:1]))
    gekozen = rijen.filter(beslist_op__year=jaar) if jaar else rijen
    return Blad("Vast te leggen", "Vast te leggen in de boekhouding", VastTeLeggenResource(), gekozen, getoond)


def te_betalenblad(
    dossiers: QuerySet[Dossier], jaar: int | None = None, getoond: Sequence[tuple[str, str]] = ()
) -> Blad:
    """Return the payments that an outside system has to make, as a sheet."""
    rijen = te_betalen(dossiers)
    gekozen = rijen.filter(opdracht__verstuurd_op__year=jaar) if jaar else rijen
    return Blad("Te betalen", "Te betalen door de boekhouding", TeBetalenResource(), gekozen, getoond)


def verschillenblad(rijen: Iterable[Verschil], getoond: Sequence[tuple[str, str]] = ()) -> Blad:
    """Return the differences as a sheet."""
    return Blad("Verschillen", "Verschillen met de boekhouding", VerschilResource(), list(rijen), getoond)
