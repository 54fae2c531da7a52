"""What one may ask about the money: the budget position per call, track and year."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear

from betalingen import rechten
from betalingen.grootboek import KOLOM, Soort
from betalingen.models import Betaling, Journaalregel, Stand
from dossiers.models import Dossier
from oproepen.models import Luik, Oproep
from organisaties.models import Gebruiker

# Every amount of the budget position, in cents; None where nothing is set.
BEDRAGEN = ("budget", "gereserveerd", "toegekend", "vastgelegd", "vereffend", "uitbetaald", "beschikbaar", "encours")
_GEBOEKT = ("gereserveerd", "vastgelegd", "vereffend", "uitbetaald")

Bedragen = dict[str, int | None]


def budgetstand(oproepen: QuerySet[Oproep], *, jaar: int | None = None) -> dict[str, Any]:
    """Return the budget position of these calls, in cents: totals, per call, per track and per year.

    A commitment counts in the year of its decision, a charge and a payment in their own. With `jaar` the
    amounts are those of that year only; a budget belongs to no year, so budget and beschikbaar are then None.
    """
    lijst = list(oproepen.order_by("slug"))
    luiken = list(Luik.objects.filter(oproep__in=lijst).order_by("slug"))
    standen = _standen(lijst, luiken)
    jaren = _per_jaar(lijst)
    tellingen = _tellingen(lijst, jaar)
    uit = []
    for oproep in lijst:
        eigen = [luik for luik in luiken if luik.oproep_id == oproep.pk]
        uit.append(
            {
                "oproep": oproep.slug,
                "titel": oproep.titel,
                "actie": oproep.actie_nr,
                **_bedragen(standen.get(("oproep", oproep.pk)), jaren["oproep", oproep.pk], jaar),
                **tellingen["oproep", oproep.pk],
                "luiken": [
                    {
                        "luik": luik.slug,
                        "naam": luik.naam,
                        **_bedragen(standen.get(("luik", luik.pk)), jaren["luik", luik.pk], jaar),
                        **tellingen["luik", luik.pk],
                    }
                    for luik in eigen
                ],
                "jaren": [
                    {"jaar": j, **_bedragen(None, {j: bedragen}, j)}
                    for j, bedragen in sorted(jaren["oproep", oproep.pk].items())
                    if jaar in {None, j}
                ],
            }
        )
    return {"totaal": _totaal(uit), "oproepen": uit}


def _standen(oproepen: Iterable[Oproep], luiken: Iterable[Luik]) -> dict[tuple[str, int], Stand]:
    zoek = Q(soort="oproep", sleutel__in=[o.pk for o in oproepen]) | Q(soort="luik", sleutel__in=[x.pk for x in luiken])
    return {(stand.soort, stand.sleutel): stand for stand in Stand.objects.filter(zoek)}


def _per_jaar(oproepen: list[Oproep]) -> dict[tuple[str, int], dict[int, dict[str, int]]]:
    uit: dict[tuple[str, int], dict[int, dict[str, int]]] = defaultdict(
        lambda: defaultdict(lambda: dict.fromkeys((*_GEBOEKT, "toegekend"), 0))
    )
    regels = Journaalregel.objects.filter(oproep__in=oproepen).annotate(j=ExtractYear("feitdatum")).order_by()
    for oproep, luik, jaar, soort, som in regels.values_list("oproep_id", "luik_id", "j", "soort").annotate(
        som=Sum("bedrag_cent")
    ):
        kolom = KOLOM[Soort(soort)]
        if kolom in _GEBOEKT:
            uit["oproep", oproep][jaar][kolom] += som
            uit["luik", luik][jaar][kolom] += som
    toegekend = Dossier.objects.filter(ronde__luik__oproep__in=oproepen, toegekend_cent__isnull=False)
    rijen = toegekend.annotate(j=ExtractYear("beslist_op")).order_by()
    for oproep, luik, jaar, som in rijen.values_list("ronde__luik__oproep_id", "ronde__luik_id", "j").annotate(
        som=Sum("toegekend_cent")
    ):
        uit["oproep", oproep][jaar]["toegekend"] += som
        uit["luik", luik][jaar]["toegekend"] += som
    return uit


def _bedragen(stand: Stand | None, jaren: dict[int, dict[str, int]], jaar: int | None) -> Bedragen:
    gekozen = [bedragen for j, bedragen in jaren.items() if jaar in {None, j}]
    som = {naam: sum(bedragen[naam] for bedragen in gekozen) for naam in (*_GEBOEKT, "toegekend")}
    heel = jaar is None and stand is not None
    return {
        "budget": stand.limiet_cent if heel and stand else None,
        "gereserveerd": som["gereserveerd"],
        "toegekend": som["toegekend"],
        "vastgelegd": som["vastgelegd"],
        "vereffend": som["vereffend"],
        "uitbetaald": som["uitbetaald"],
        "beschikbaar": stand.beschikbaar_cent if heel and stand else None,
        "encours": som["vastgelegd"] - som["vereffend"],
    }


def _tellingen(oproepen: list[Oproep], jaar: int | None) -> dict[tuple[str, int], dict[str, int]]:
    uit: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: {"aantal_ingediend": 0, "aantal_toegekend": 0})
    ingediend, toegekend = Q(ingediend_op__isnull=False), Q(toegekend_cent__isnull=False)
    if jaar is not None:
        ingediend &= Q(ingediend_op__year=jaar)
        toegekend &= Q(beslist_op__year=jaar)
    rijen = Dossier.objects.filter(ronde__luik__oproep__in=oproepen).order_by()
    for oproep, luik, n_in, n_toe in rijen.values_list("ronde__luik__oproep_id", "ronde__luik_id").annotate(
        n_in=Count("pk", filter=ingediend), n_toe=Count("pk", filter=toegekend)
    ):
        for sleutel in (("oproep", oproep), ("luik", luik)):
            uit[sleutel]["aantal_ingediend"] += n_in
            uit[sleutel]["aantal_toegekend"] += n_toe
    return uit


def _totaal(oproepen: list[dict[str, Any]]) -> dict[str, Any]:
    totaal: dict[str, Any] = {}
    for naam in BEDRAGEN:
        bekend = [rij[naam] for rij in oproepen if rij[naam] is not None]
        totaal[naam] = sum(bekend) if bekend else None
    for naam in ("aantal_ingediend", "aantal_toegekend"):
        totaal[naam] = sum(rij[naam] for rij in oproepen)
    return totaal


def met_budget(qs: QuerySet[Oproep]) -> QuerySet[Oproep]:
    """Add `budget_cent` to the calls of a query: what may be committed on each; None where nothing is set."""
    stand = Stand.objects.filter(soort=Stand.Soort.OPROEP, sleutel=OuterRef("pk"))
    return qs.annotate(budget_cent=Subquery(stand.values("limiet_cent")[:1]))


def met_stand(qs: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add what is committed, charged and paid, in cents, to the dossiers of a query."""
    stand = Stand.objects.filter(soort=Stand.Soort.DOSSIER, sleutel=OuterRef("pk"))
    namen = ("vastgelegd_cent", "vereffend_cent", "uitbetaald_cent")
    return qs.annotate(**{naam: Coalesce(Subquery(stand.values(naam)[:1]), 0) for naam in namen})


def betalingen_voor(gebruiker: Gebruiker) -> QuerySet[Betaling]:
    """Return the payments that a person sees, with what the list shows read along."""
    rijen = rechten.zichtbaar_voor(Betaling.objects.all(), gebruiker)
    velden = ("dossier__organisatie", "dossier__ronde__luik__oproep", "schijf__verslagmoment", "opdracht")
    return rijen.select_related(*velden).order_by("dossier_id", "schijf__volgorde")
