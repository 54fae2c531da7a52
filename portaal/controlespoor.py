"""The auditor's report: every euro from credit to bank line and back, one row per journal line, in order of booking.

One query reads the lines with all that is theirs, as a stream: memory does not grow with the rows.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, F, FilteredRelation, JSONField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject

from beoordeling.models import Besluitregel
from betalingen.models import Afschriftregel, Betaalbestand, Journaalregel, Krediet, Ontvangst, Opdrachtregel
from betalingen.queries import aansluiting, met_alles
from kern.werkblad import Blad
from portaal.resources import AansluitingResource, ControlespoorResource

Soort = Journaalregel.Soort

# What is set off leaves in no order and over no bank.
VERREKENING = "terugvordering.verreken"
_GEEN_BEDRAG = ("jaar", "artikel", "boekingen", "in_dit_blad")


def controlespoorblad(
    regels: QuerySet[Journaalregel], kredieten: QuerySet[Krediet], getoond: Sequence[tuple[str, str]] = ()
) -> Blad:
    """Return the report on these rows, with the check of these credits on a second tab."""
    rijen = (
        {naam if naam in _GEEN_BEDRAG else f"{naam}_cent": waarde for naam, waarde in rij.items()}
        for rij in aansluiting(kredieten, regels)
    )
    aan = Blad("Aansluiting", "Aansluiting", AansluitingResource(), rijen)
    return Blad("Controlespoor", "Controlespoor", ControlespoorResource(), controlespoor(regels), getoond, erbij=[aan])


def controlespoor(regels: QuerySet[Journaalregel]) -> QuerySet[Journaalregel]:
    """Return these journal rows in order of booking, with what leads from each to its decision, order and bank line.

    Adds besluit_nummer and besluit_datum of the award; opdracht (nummer, and bestand: the hash of the last file made
    of it), None for what left in no order; bank (afschrift, sha256, plaats, datum, referentie, sleutel), None when
    no line of a statement was matched, with only a referentie for what was received by hand.
    """
    return (
        met_alles(regels)
        .select_related("ronde", "terugvordering", "gebeurtenis__keten")
        .annotate(
            toekenning=FilteredRelation(
                "dossier__besluitregels",
                condition=Q(dossier__besluitregels__uitkomst=Besluitregel.Uitkomst.TOEKENNING),
            ),
            besluit_nummer=F("toekenning__besluit__nummer"),
            besluit_datum=F("toekenning__besluit__datum"),
            opdracht=Case(
                When(~Q(gebeurtenis__handeling=VERREKENING) & Q(betaling__isnull=False), then=Subquery(_opdracht())),
                output_field=JSONField(),
            ),
            volgnummer=Coalesce(Subquery(_eerdere_ontvangsten()), 0),
            bank=Case(
                When(gebeurtenis__handeling=VERREKENING, then=None),
                When(soort=Soort.UITBETALING, bedrag_cent__gt=0, then=Subquery(_bankregel(regel__bedrag_cent__lt=0))),
                When(soort=Soort.UITBETALING, then=Subquery(_bankregel(regel__bedrag_cent__gt=0))),
                When(soort=Soort.ONTVANGST, then=Subquery(_ontvangst())),
                output_field=JSONField(),
            ),
        )
        .order_by("pk")
    )


def _opdracht() -> QuerySet[Any]:
    """The order in which the payment of a row had left by then: it may leave again later, in another."""
    bestand = Betaalbestand.objects.filter(opdracht=OuterRef("opdracht")).order_by("-nummer").values("sha256")[:1]
    rijen = Opdrachtregel.objects.filter(
        betaling=OuterRef("betaling"), opdracht__verstuurd_op__lte=OuterRef("geboekt_op")
    )
    velden = JSONObject(nummer="opdracht__nummer", bestand=Subquery(bestand))
    return rijen.order_by("-opdracht__verstuurd_op", "-pk").values_list(velden)[:1]


def _bankregel(**kant: Any) -> QuerySet[Any]:
    """The line that said that a payment left, or came back, on the day of the row."""
    rijen = Afschriftregel.objects.filter(
        betalingen=OuterRef("betaling"),
        status=Afschriftregel.Status.VERWERKT,
        regel__boekdatum=OuterRef("feitdatum"),
        **kant,
    )
    return rijen.order_by("pk").values_list(_velden("regel__", "regel__end_to_end_id"))[:1]


def _velden(pad: str, referentie: str) -> JSONObject:
    return JSONObject(
        afschrift=f"{pad}afschrift_id",
        sha256=f"{pad}afschrift__sha256",
        plaats=f"{pad}plaats",
        datum=f"{pad}boekdatum",
        sleutel=f"{pad}sleutel",
        referentie=referentie,
    )


def _ontvangst() -> QuerySet[Any]:
    """The receipt of a row: of the same recovery, day and amount the first booked is the first received."""
    zelfde = Ontvangst.objects.filter(
        terugvordering=OuterRef("terugvordering"), datum=OuterRef("datum"), bedrag_cent=OuterRef("bedrag_cent")
    )
    eerdere = zelfde.filter(pk__lt=OuterRef("pk")).order_by().values("datum").annotate(n=Count("pk")).values("n")
    rijen = Ontvangst.objects.filter(
        terugvordering=OuterRef("terugvordering"),
        datum=OuterRef("feitdatum"),
        bedrag_cent=OuterRef("bedrag_cent"),
        herroept=None,  # what takes a receipt back has no line of the bank
    ).annotate(nummer=Coalesce(Subquery(eerdere), 0))
    return rijen.filter(nummer=OuterRef("volgnummer")).values_list(_velden("bankregel__", "referentie"))[:1]


def _eerdere_ontvangsten() -> QuerySet[Any]:
    rijen = Journaalregel.objects.filter(
        terugvordering=OuterRef("terugvordering"),
        soort=Soort.ONTVANGST,
        feitdatum=OuterRef("feitdatum"),
        bedrag_cent=OuterRef("bedrag_cent"),
        pk__lt=OuterRef("pk"),
    )
    return rijen.order_by().values("feitdatum").annotate(n=Count("pk")).values("n")
