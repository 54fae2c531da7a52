"""What the end of a budget year asks: what stays open on its last day, and what stands in the way of closing it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from betalingen.grootboek import GEBRUIKT_KREDIET, VASTGELEGD, VEREFFEND
from betalingen.models import Afschriftregel, Begrotingsjaar, Betaling, Journaalregel, Krediet, Stand
from betalingen.queries.bank import TE_DOEN
from kern import klok
from kern.geld import euro_tekst
from kern.weigering import Weigering

# How many payments a sentence names.
GENOEMD = 3


def regels_van_jaar(jaar: int) -> QuerySet[Journaalregel]:
    """Return the bookings of a year: with their date in it, or on a credit of it."""
    return Journaalregel.objects.filter(Q(feitdatum__year=jaar) | Q(krediet__jaar=jaar))


def vast_in_jaar(jaar: int) -> QuerySet[Journaalregel]:
    """Return the bookings that a closed year cannot get any more: with their date in it, or using its credit."""
    return Journaalregel.objects.filter(Q(feitdatum__year=jaar) | Q(krediet__jaar=jaar, soort__in=GEBRUIKT_KREDIET))


def boekingen_per_oproep(jaar: int) -> dict[int, int]:
    """Return how many bookings of a year each call has, by key."""
    rijen = regels_van_jaar(jaar).order_by().values_list("oproep_id")
    return dict(rijen.annotate(n=Count("pk")))


def encours_per_artikel(op: date) -> dict[str, int]:
    """Return what was committed and not charged yet on a day, in cents, by the code of the article; zeros left out."""
    uit: dict[str, int] = defaultdict(int)
    regels = Journaalregel.objects.filter(feitdatum__lte=op, soort__in=(*VASTGELEGD, *VEREFFEND)).order_by()
    for artikel, soort, som in regels.values_list("krediet__artikel__code", "soort").annotate(som=Sum("bedrag_cent")):
        uit[artikel] += -som if soort in VEREFFEND else som
    return {artikel: cent for artikel, cent in sorted(uit.items()) if cent}


def encours_op(op: date) -> int:
    """Return what was committed and not charged yet on a day, of all articles together, in cents."""
    return sum(encours_per_artikel(op).values())


def gereserveerd_per_artikel(jaar: int) -> dict[str, int]:
    """Return what is reserved now on the credits of a year, in cents, by the code of the article; zeros left out."""
    artikelen = dict(Krediet.objects.filter(jaar=jaar).values_list("pk", "artikel__code"))
    standen = Stand.objects.filter(soort=Stand.Soort.KREDIET, sleutel__in=artikelen, gereserveerd_cent__gt=0)
    return {artikelen[stand.sleutel]: stand.gereserveerd_cent for stand in standen.order_by("sleutel")}


def onderweg_uit(jaar: int) -> QuerySet[Betaling]:
    """Return the payments that were sent in a year and are neither paid nor come back, oldest first."""
    rijen = Betaling.objects.filter(status=Betaling.Status.VERSTUURD, opdracht__verstuurd_op__year=jaar)
    return rijen.select_related("dossier", "schijf", "opdracht").order_by("opdracht__verstuurd_op", "pk")


def bankregels_open(jaar: int) -> QuerySet[Afschriftregel]:
    """Return the lines of the bank of a year that wait for a person."""
    return Afschriftregel.objects.filter(status__in=TE_DOEN, regel__boekdatum__year=jaar)


def jaareinde(jaar: int) -> dict[str, Any]:
    """Return what the page before the closing of a year shows.

    Keys: artikelen (rows with artikel, encours_cent on the last day, gereserveerd_cent), encours_cent and
    gereserveerd_cent together, onderweg (payments), bankregels (number), redenen (sentences: why it cannot be closed).
    """
    encours, gereserveerd = encours_per_artikel(laatste_dag(jaar)), gereserveerd_per_artikel(jaar)
    onderweg = list(onderweg_uit(jaar))
    return {
        "artikelen": [
            {"artikel": code, "encours_cent": encours.get(code, 0), "gereserveerd_cent": gereserveerd.get(code, 0)}
            for code in sorted({*encours, *gereserveerd})
        ],
        "encours_cent": sum(encours.values()),
        "gereserveerd_cent": sum(gereserveerd.values()),
        "onderweg": onderweg,
        "bankregels": bankregels_open(jaar).count(),
        "redenen": [beletsel.zin for beletsel in _beletsels(jaar, sum(gereserveerd.values()), onderweg)],
    }


def laatste_dag(jaar: int) -> date:
    """Return the last day of a year."""
    return date(jaar, 12, 31)


def beletsels(jaar: int) -> Iterator[Weigering]:
    """Return why a year cannot be closed now.

    Codes: jaar_loopt_nog, eerder_jaar_open, reserveringen_open, betalingen_onderweg.
    Under the locks of the closing nothing of it can change any more.
    """
    return _beletsels(jaar, sum(gereserveerd_per_artikel(jaar).values()), list(onderweg_uit(jaar)))


def _beletsels(jaar: int, gereserveerd_cent: int, onderweg: list[Betaling]) -> Iterator[Weigering]:
    if jaar >= klok.vandaag().year:
        yield Weigering("jaar_loopt_nog", f"Het jaar {jaar} is nog niet voorbij.")
    eerder = _eerder_open_jaar(jaar)
    if eerder is not None:
        yield Weigering("eerder_jaar_open", f"Sluit eerst het jaar {eerder} af.")
    if gereserveerd_cent:
        yield Weigering(
            "reserveringen_open",
            f"Op het krediet van {jaar} is nog {euro_tekst(gereserveerd_cent)} gereserveerd. Registreer het besluit, "
            "of stuur het voorstel terug.",
        )
    if onderweg:
        yield Weigering("betalingen_onderweg", zin_onderweg(jaar, onderweg))


def zin_onderweg(jaar: int, rijen: list[Betaling]) -> str:
    """Return the sentence that names the first of these payments, and where they are settled."""
    namen = [f"{b.dossier.nummer}, {b.schijf.naam.lower()} ({euro_tekst(b.bedrag_cent)})" for b in rijen[:GENOEMD]]
    if rijen[GENOEMD:]:
        namen.append(f"en nog {len(rijen) - GENOEMD} andere")
    een = len(rijen) == 1
    wat = "is 1 betaling verstuurd" if een else f"zijn {len(rijen)} betalingen verstuurd"
    return (
        f"In {jaar} {wat} waarvan niet gemeld is of ze uitbetaald of teruggekomen {'is' if een else 'zijn'}: "
        f"{'; '.join(namen)}. Laat de boekhouder het rekeningafschrift of het bestand van de boekhouding inlezen, of "
        "het bij de betaling zelf melden."
    )


def _eerder_open_jaar(jaar: int) -> int | None:
    eerste = Krediet.objects.order_by("jaar").values_list("jaar", flat=True).first()
    dicht = set(Begrotingsjaar.objects.filter(status="afgesloten").values_list("jaar", flat=True))
    return next((j for j in range(eerste or jaar, jaar) if j not in dicht), None)


def laatste_boeking() -> int:
    """Return the key of the last booking of all; 0 when there is none."""
    return Journaalregel.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
