"""The credits of articles per year, and what of them is used."""

from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import ExtractYear

from betalingen.grootboek import bewegingen
from betalingen.models import AANTALLEN, Journaalregel, Krediet, Limietregel
from betalingen.queries.budgetstand import bekend_op


def kredietstand(kredieten: QuerySet[Krediet], *, op: date | None = None) -> list[dict[str, Any]]:
    """Return a row per credit, by year and article: amounts in cents, today or as known on a day (included).

    Keys: krediet, artikel, naam, jaar, aard, vastleggingskrediet and betaalkrediet (None: not set), referentie
    (of the decision that set them last), every amount of
    AANTALLEN, vak_vrij (still to commit) and vek_vrij (still to charge; both None where no credit is set).
    """
    lijst = list(kredieten.select_related("artikel").order_by("jaar", "artikel__code"))
    grenzen = {
        regel.sleutel: (regel.limiet_cent, regel.betaalkrediet_cent, regel.referentie)
        for regel in bekend_op(Limietregel.objects.filter(soort="krediet").order_by("pk"), op)
    }
    bedragen = _geboekt(lijst, op)
    return [_rij(krediet, grenzen.get(krediet.pk, (None, None, "")), bedragen[krediet.pk]) for krediet in lijst]


def _geboekt(kredieten: list[Krediet], op: date | None) -> dict[int, dict[str, int]]:
    uit = {krediet.pk: dict.fromkeys(AANTALLEN, 0) for krediet in kredieten}
    regels = bekend_op(Journaalregel.objects.filter(krediet__in=kredieten), op).annotate(j=ExtractYear("feitdatum"))
    per = regels.order_by().values_list("krediet_id", "krediet__jaar", "j", "soort")
    for pk, jaar, feitjaar, soort, som in per.annotate(som=Sum("bedrag_cent")):
        for naam, cent in bewegingen(soort, som, jaar, feitjaar).items():
            uit[pk][naam] += cent
    return uit


def _rij(krediet: Krediet, grens: tuple[int | None, int | None, str], bedragen: dict[str, int]) -> dict[str, Any]:
    vak, vek, referentie = grens
    besteed = bedragen["gereserveerd"] + bedragen["vastgelegd"] + bedragen["vervallen"]
    return {
        "krediet": krediet.pk,
        "artikel": krediet.artikel.code,
        "naam": krediet.artikel.naam,
        "jaar": krediet.jaar,
        "aard": krediet.get_aard_display(),
        "vastleggingskrediet": vak,
        "betaalkrediet": vek,
        "referentie": referentie,
        **bedragen,
        "vak_vrij": None if vak is None else vak - besteed,
        "vek_vrij": None if vek is None else vek - bedragen["vereffend"],
    }
