"""The number of a commitment: that of the outside books where a granter keeps them there, else our own."""

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, LPad

from betalingen.models import Journaalregel, Vastleggingsnummer
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
