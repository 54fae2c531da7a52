"""Reported facts that do not agree with what is booked here, as one query: for the work list of the accountant.

The list of differences says of each in which way (`verschillen`); a test holds the two side by side.
"""

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, ExtractYear, TruncDate

from betalingen import rechten
from betalingen.models import Betaling, Buitenfeit, Journaalregel, Stand, Vastleggingsnummer, Verschilverklaring
from kern import klok
from oproepen.models import Luik
from organisaties.models import Gebruiker

FeitSoort, Soort = Buitenfeit.Soort, Journaalregel.Soort


def afwijkende_feiten(gebruiker: Gebruiker, luiken: QuerySet[Luik]) -> QuerySet[Buitenfeit]:
    """Return the facts for an accountant of these tracks that differ from what is booked, and are not explained."""
    versies = Buitenfeit.objects.filter(verstrekker=OuterRef("verstrekker"), kenmerk=OuterRef("kenmerk"))
    eigen = Buitenfeit.objects.filter(
        Q(dossier=None) | Q(dossier__ronde__luik__in=luiken), verstrekker__in=rechten.met_boekhouder(gebruiker)
    )
    gelden = eigen.exclude(Exists(versies.filter(versie__gt=OuterRef("versie"))))
    open_ = gelden.exclude(Exists(Verschilverklaring.objects.filter(feit=OuterRef("pk"))))
    return open_.exclude(_vastgelegd()).exclude(_betaling_klopt() & ~_dubbel())


def _vastgelegd() -> Q:
    stand = Stand.objects.filter(
        soort=Stand.Soort.DOSSIER, sleutel=OuterRef("dossier"), vastgelegd_cent=OuterRef("bedrag_cent")
    )
    regels = Journaalregel.objects.filter(dossier=OuterRef("dossier"), soort=Soort.VASTLEGGING)
    jaar = regels.filter(krediet__jaar=ExtractYear(OuterRef("datum")))
    return Q(soort=FeitSoort.VASTLEGGING) & Q(_nummer()) & Q(Exists(stand)) & Q(Exists(jaar))


def _nummer() -> Exists:
    eigen = Vastleggingsnummer.objects.filter(dossier=OuterRef("dossier"), nummer=OuterRef("vastleggingsnummer"))
    return Exists(eigen)


def _betaling_klopt() -> Q:
    """The payment of the order that is named (or of the structured communication) was booked so."""
    zelfde = Betaling.objects.filter(pk=OuterRef("betaling"), bedrag_cent=OuterRef("bedrag_cent")).annotate(
        kenmerk=Concat("opdracht__nummer", Value("-"), Cast("pk", CharField()), output_field=CharField()),
        vanaf=TruncDate("opdracht__verstuurd_op", tzinfo=klok.BRUSSEL),
    )
    zelfde = zelfde.filter(opdracht__extern=True, vanaf__lte=OuterRef("datum"))
    regels = Journaalregel.objects.filter(betaling=OuterRef("betaling"), terugvordering=None, soort=Soort.VEREFFENING)
    jaar = regels.filter(krediet__jaar=ExtractYear(OuterRef("datum")))
    genoemd = ~Q(referentie__startswith="BO-") | Q(Exists(zelfde.filter(kenmerk=OuterRef("referentie"))))
    nummer = Q(vastleggingsnummer="") | Q(_nummer())
    vereffend = Q(Exists(zelfde), Exists(jaar), soort=FeitSoort.VEREFFENING)
    betaald = Q(Exists(zelfde.filter(uitbetaald_op=OuterRef("datum"))), soort=FeitSoort.BETALING)
    return genoemd & nummer & (vereffend | betaald)


def _dubbel() -> Q:
    eerder = Buitenfeit.objects.filter(
        verstrekker=OuterRef("verstrekker"),
        soort=OuterRef("soort"),
        dossiernummer=OuterRef("dossiernummer"),
        referentie=OuterRef("referentie"),
        bedrag_cent=OuterRef("bedrag_cent"),
        pk__lt=OuterRef("pk"),
    )
    return ~Q(stuknummer="") & Q(Exists(eerder.exclude(stuknummer="").exclude(stuknummer=OuterRef("stuknummer"))))
