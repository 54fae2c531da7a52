"""The budget position per call, track and year; today, or as it was known on an earlier day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from betalingen.grootboek import GERESERVEERD, Soort, bewegingen
from betalingen.models import Journaalregel, Limietregel, Stand
from dossiers.models import Dossier
from kern import klok
from kern.models import Gebeurtenis
from oproepen.models import Luik, Oproep

# Every amount of the budget position, in cents; None where nothing is set.
BEDRAGEN = ("budget", "gereserveerd", "toegekend", "vastgelegd", "vereffend", "uitbetaald", "beschikbaar", "encours")
_GEBOEKT = ("gereserveerd", "vastgelegd", "vervallen", "vereffend", "uitbetaald")

Bedragen = dict[str, int | None]
Plaats = tuple[str, int]


def budgetstand(oproepen: QuerySet[Oproep], *, jaar: int | None = None, op: date | None = None) -> dict[str, Any]:
    """Return the budget position of these calls, in cents: totals, per call, per track and per year.

    A commitment counts in the year of its decision, a cancellation, a charge and a payment in their own, a reservation
    in the budget year that it is for. With `jaar` the amounts are those of that year only; a budget belongs to no
    year, so budget and beschikbaar are then None. `op`: as known on that day, the day included: what happened by
    then and was booked by then. Besides BEDRAGEN a row has `vervallen`: freed too late to be used again.
    """
    lijst = list(oproepen.order_by("slug"))
    luiken = list(Luik.objects.filter(oproep__in=lijst).order_by("slug"))
    grenzen = _grenzen(lijst, luiken, op)
    jaren = _per_jaar(lijst, op)
    tellingen = _tellingen(lijst, jaar, op)
    uit = []
    for oproep in lijst:
        eigen = [luik for luik in luiken if luik.oproep_id == oproep.pk]
        uit.append(
            {
                "oproep": oproep.slug,
                "titel": oproep.titel,
                "actie": oproep.actie_nr,
                **_bedragen(grenzen.get(("oproep", oproep.pk)), jaren["oproep", oproep.pk], jaar),
                **tellingen["oproep", oproep.pk],
                "luiken": [
                    {
                        "luik": luik.slug,
                        "naam": luik.naam,
                        **_bedragen(grenzen.get(("luik", luik.pk)), jaren["luik", luik.pk], jaar),
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


def einde_van(dag: date) -> datetime:
    """Return the first moment after a day, Brussels time: what was known on that day was booked before it."""
    return datetime.combine(dag + timedelta(days=1), time(), tzinfo=klok.BRUSSEL)


def bekend_op(regels: QuerySet[Any], op: date | None) -> QuerySet[Any]:
    """Keep the journal or limit rows that had happened and were booked on a day; None: all."""
    return regels if op is None else regels.filter(feitdatum__lte=op, geboekt_op__lt=einde_van(op))


def _grenzen(oproepen: Iterable[Oproep], luiken: Iterable[Luik], op: date | None) -> dict[Plaats, int | None]:
    zoek = Q(soort="oproep", sleutel__in=[o.pk for o in oproepen]) | Q(soort="luik", sleutel__in=[x.pk for x in luiken])
    bron: QuerySet[Any] = bekend_op(Limietregel.objects.order_by("pk"), op) if op else Stand.objects.all()
    return {(r.soort, r.sleutel): r.limiet_cent for r in bron.filter(zoek)}  # of the limit rows the last one stays


def _per_jaar(oproepen: list[Oproep], op: date | None) -> dict[Plaats, dict[int, dict[str, int]]]:
    uit: dict[Plaats, dict[int, dict[str, int]]] = defaultdict(
        lambda: defaultdict(lambda: dict.fromkeys((*_GEBOEKT, "toegekend"), 0))
    )
    regels = bekend_op(Journaalregel.objects.filter(oproep__in=oproepen), op).annotate(j=ExtractYear("feitdatum"))
    per = regels.order_by().values_list("oproep_id", "luik_id", "j", "krediet__jaar", "soort")
    for oproep, luik, feitjaar, begrotingsjaar, soort, som in per.annotate(som=Sum("bedrag_cent")):
        jaar = begrotingsjaar if Soort(soort) in GERESERVEERD else feitjaar
        for kolom, cent in bewegingen(soort, som, begrotingsjaar, feitjaar).items():
            if kolom in _GEBOEKT:
                uit["oproep", oproep][jaar][kolom] += cent
                uit["luik", luik][jaar][kolom] += cent
    toegekend = Dossier.objects.filter(_toegekend(op), ronde__luik__oproep__in=oproepen)
    rijen = toegekend.annotate(j=ExtractYear("beslist_op")).order_by()
    for oproep, luik, jaar, som in rijen.values_list("ronde__luik__oproep_id", "ronde__luik_id", "j").annotate(
        som=Sum("toegekend_cent")
    ):
        uit["oproep", oproep][jaar]["toegekend"] += som
        uit["luik", luik][jaar]["toegekend"] += som
    return uit


def _toegekend(op: date | None) -> Q:
    """Return the filter on awarded dossiers: those whose signed decision was registered by a day."""
    if op is None:
        return Q(toegekend_cent__isnull=False)
    feit = Gebeurtenis.objects.filter(
        keten__soort="dossier",
        keten__object_id=OuterRef("pk"),
        naar=Dossier.Status.TOEGEKEND,
        moment__lt=einde_van(op),
    )
    return Q(toegekend_cent__isnull=False, beslist_op__lte=op) & Q(Exists(feit))


def _bedragen(grens: int | None, jaren: dict[int, dict[str, int]], jaar: int | None) -> Bedragen:
    gekozen = [bedragen for j, bedragen in jaren.items() if jaar in {None, j}]
    som = {naam: sum(bedragen[naam] for bedragen in gekozen) for naam in (*_GEBOEKT, "toegekend")}
    budget = grens if jaar is None else None
    besteed = som["gereserveerd"] + som["vastgelegd"] + som["vervallen"]
    return {
        "budget": budget,
        "gereserveerd": som["gereserveerd"],
        "toegekend": som["toegekend"],
        "vastgelegd": som["vastgelegd"],
        "vereffend": som["vereffend"],
        "uitbetaald": som["uitbetaald"],
        "beschikbaar": None if budget is None else budget - besteed,
        "encours": som["vastgelegd"] - som["vereffend"],
        "vervallen": som["vervallen"],
    }


def _tellingen(oproepen: list[Oproep], jaar: int | None, op: date | None) -> dict[Plaats, dict[str, int]]:
    uit: dict[Plaats, dict[str, int]] = defaultdict(lambda: {"aantal_ingediend": 0, "aantal_toegekend": 0})
    ingediend, toegekend = Q(ingediend_op__isnull=False), _toegekend(op)
    if op is not None:
        ingediend &= Q(ingediend_op__lt=einde_van(op))
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
    for naam in (*BEDRAGEN, "vervallen"):
        bekend = [rij[naam] for rij in oproepen if rij[naam] is not None]
        totaal[naam] = sum(bekend) if bekend else None
    for naam in ("aantal_ingediend", "aantal_toegekend"):
        totaal[naam] = sum(rij[naam] for rij in oproepen)
    return totaal
