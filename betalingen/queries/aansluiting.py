"""What the rows of credits add up to, beside what their totals say: the check at the end of the auditor's report."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear

from betalingen.grootboek import Soort, bewegingen
from betalingen.models import AANTALLEN, Journaalregel, Krediet, Limietregel, Stand

# The totals of a credit without its limits: what the journal moves.
GRENZEN = ("limiet", "betaalkrediet")


def aansluiting(kredieten: QuerySet[Krediet], regels: QuerySet[Journaalregel]) -> list[dict[str, Any]]:
    """Return a row per credit, by year and article: what all its rows add up to, its Stand, and how far these differ.

    regels: what the report lists; `in_dit_blad` says how many of the `boekingen` of the credit that are, for the
    amounts count every booking of the credit, of other calls too. Amounts in cents: `opening_*` is the first setting
    of a limit and `wijziging_*` what later ones added; `annulering` is what of `vastlegging` was cancelled (negative);
    `stand_*` is the Stand; `verschil` adds up all differences without their sign, and is 0. Five queries.
    """
    lijst = list(kredieten.select_related("artikel").order_by("jaar", "artikel__code"))
    sleutels = [krediet.pk for krediet in lijst]
    geboekt, grenzen = _geboekt(sleutels), _grenzen(sleutels)
    getoond = dict(_tel(regels.filter(krediet__in=sleutels)))
    standen = {rij.sleutel: rij for rij in Stand.objects.filter(soort=Stand.Soort.KREDIET, sleutel__in=sleutels)}
    return [
        _rij(krediet, geboekt[krediet.pk], grenzen[krediet.pk], standen.get(krediet.pk, Stand()))
        | {"in_dit_blad": getoond.get(krediet.pk, 0)}
        for krediet in lijst
    ]


def _tel(regels: QuerySet[Journaalregel]) -> QuerySet[Any, tuple[int, int]]:
    return regels.order_by().values_list("krediet_id").annotate(n=Count("pk"))


def _geboekt(kredieten: list[int]) -> dict[int, dict[str, int]]:
    uit: dict[int, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys((*AANTALLEN, "vastlegging", "annulering", "boekingen"), 0)
    )
    regels = Journaalregel.objects.filter(krediet__in=kredieten).annotate(j=ExtractYear("feitdatum")).order_by()
    per = regels.values_list("krediet_id", "krediet__jaar", "j", "soort").annotate(
        som=Sum("bedrag_cent"), n=Count("pk")
    )
    for pk, jaar, feitjaar, soort, som, aantal in per:
        eigen = uit[pk]
        eigen["boekingen"] += aantal
        if soort in {Soort.VASTLEGGING, Soort.ANNULERING}:
            eigen[soort] += som
        for naam, cent in bewegingen(soort, som, jaar, feitjaar).items():
            eigen[naam] += cent
    return uit


def _grenzen(kredieten: list[int]) -> dict[int, dict[str, int]]:
    uit: dict[int, dict[str, int]] = defaultdict(lambda: {f"{w}_{g}": 0 for g in GRENZEN for w in ("opening", "nu")})
    begonnen = set()
    for regel in Limietregel.objects.filter(soort=Stand.Soort.KREDIET, sleutel__in=kredieten).order_by("pk"):
        for grens in GRENZEN:
            cent = getattr(regel, f"{grens}_cent") or 0
            uit[regel.sleutel][f"nu_{grens}"] = cent
            if regel.sleutel not in begonnen:
                uit[regel.sleutel][f"opening_{grens}"] = cent
        begonnen.add(regel.sleutel)
    return uit


def _rij(krediet: Krediet, geboekt: dict[str, int], grenzen: dict[str, int], stand: Stand) -> dict[str, Any]:
    rij: dict[str, Any] = {"jaar": krediet.jaar, "artikel": krediet.artikel.code, **geboekt}
    verschil = 0
    for grens in GRENZEN:
        rij[f"opening_{grens}"] = grenzen[f"opening_{grens}"]
        rij[f"wijziging_{grens}"] = grenzen[f"nu_{grens}"] - grenzen[f"opening_{grens}"]
        rij[f"stand_{grens}"] = getattr(stand, f"{grens}_cent") or 0
        verschil += abs(grenzen[f"nu_{grens}"] - rij[f"stand_{grens}"])
    for naam in AANTALLEN:
        rij[f"stand_{naam}"] = getattr(stand, f"{naam}_cent")
        verschil += abs(geboekt[naam] - rij[f"stand_{naam}"])
    return rij | {"verschil": verschil}
