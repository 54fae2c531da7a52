"""Commitments: their number (that of the outside books where these are kept, else our own), and what is still open."""

from django.db.models import BigIntegerField, Case, CharField, Exists, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, LPad

from betalingen import grootboek
from betalingen.models import Betaling, Journaalregel, Vastleggingsnummer
from dossiers.models import Dossier

# Our own number is at least so many digits long; a longer key stays whole.
CIJFERS = 6


def vastlegging_van(dossier: str = "pk") -> Coalesce:
    """Return the commitment number of the dossier at this path, as an expression: '' as long as nothing is committed.

    Our own (V2022-000123) is the year of the commitment and the journal row that booked it.
    """
    elders = Vastleggingsnummer.objects.filter(dossier=OuterRef(dossier)).values("nummer")
    hier = Journaalregel.objects.filter(dossier=OuterRef(dossier), soort=Journaalregel.Soort.VASTLEGGING)
    sleutel = Cast("pk", CharField())
    lang = When(pk__gte=10**CIJFERS, then=sleutel)
    nummer = Case(lang, default=LPad(sleutel, CIJFERS, Value("0")), output_field=CharField())
    jaar = Cast(ExtractYear("feitdatum"), CharField())
    tekst = Concat(Value("V"), jaar, Value("-"), nummer, output_field=CharField())
    return Coalesce(Subquery(elders[:1]), Subquery(hier.order_by("pk").values_list(tekst)[:1]), Value(""))


def vastleggingsnummer(dossier: Dossier) -> str:
    """Return the commitment number of one dossier, '' without a commitment."""
    return str(Dossier.objects.filter(pk=dossier.pk).values_list(vastlegging_van(), flat=True).get())


def aangerekend(betaling: str) -> Exists:
    """Return whether the payment at this path was charged, as an expression; equal to `Betaling.is_aangerekend`."""
    regels = Journaalregel.objects.filter(betaling=OuterRef(betaling), terugvordering=None)
    return Exists(regels.filter(soort=Journaalregel.Soort.VEREFFENING))


def wacht_op_vereffening(betalingen: QuerySet[Betaling]) -> QuerySet[Betaling]:
    """Keep what left for an outside system that is still to charge it; equal to that of models/betaling.py."""
    return betalingen.filter(~aangerekend("pk"), status=Betaling.Status.VERSTUURD, opdracht__extern=True)


def onderweg_cent(dossier: str = "pk") -> Coalesce:
    """Return what of the dossier at this path left and is still to be charged elsewhere, as an expression."""
    rijen = wacht_op_vereffening(Betaling.objects.filter(dossier=OuterRef(dossier))).order_by().values("dossier")
    som = rijen.annotate(som=Sum("bedrag_cent")).values("som")
    return Coalesce(Subquery(som, output_field=BigIntegerField()), 0)


def te_annuleren_cent(dossier: Dossier) -> int:
    """Return what is committed and not charged, without what left for an outside system that is still to charge it."""
    onderweg = Dossier.objects.filter(pk=dossier.pk).values_list(onderweg_cent(), flat=True).get()
    return grootboek.stand_van(dossier).encours_cent - int(onderweg)
