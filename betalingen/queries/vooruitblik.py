"""What the page that looks ahead asks: amounts per year and article, planned and paid, delays, late reports."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, ExtractYear

from betalingen.grootboek import KOLOM
from betalingen.models import Betaling, Journaalregel, Krediet, Ontvangst, Stand
from betalingen.prognose import Post, Vertraging, vertraging
from dossiers.models import Dossier, Verslag
from kern import klok
from oproepen.models import Betaalschijf, Luik

# The amounts that the journal keeps, by the name of their total.
GEBOEKT = tuple(dict.fromkeys(KOLOM.values()))
GESTOPT = (Dossier.Status.VERZAAKT, Dossier.Status.STOPGEZET)
Status = Betaling.Status


def bedragen_per_artikel(
    regels: QuerySet[Journaalregel], luiken: QuerySet[Luik], kredieten: QuerySet[Krediet]
) -> list[dict[str, Any]]:
    """Return a row per year and article, newest year first: every amount of the house, in cents.

    Booked amounts count in the budget year of their credit, as the journal page filters; asked in the year of handing
    in, awarded in that of the decision. `beschikbaar` is what of the commitment credit is left, for all calls on it
    together, and `krediet` its key; None where there is no credit. Four queries.
    """
    uit: dict[tuple[int, str], dict[str, Any]] = defaultdict(
        lambda: dict.fromkeys(("gevraagd", "toegekend", *GEBOEKT), 0)
    )
    per = regels.order_by().values_list("krediet__jaar", "krediet__artikel__code", "soort")
    for jaar, artikel, soort, som in per.annotate(som=Sum("bedrag_cent")):
        uit[jaar, artikel][KOLOM[soort]] += som
    dossiers = Dossier.objects.filter(ronde__luik__in=luiken).order_by()
    for naam, dag in (("gevraagd", "ingediend_op"), ("toegekend", "beslist_op")):
        eigen = dossiers.filter(**{f"{dag}__isnull": False, f"{naam}_cent__isnull": False})
        rijen = eigen.annotate(j=ExtractYear(dag)).values_list("j", "ronde__luik__begrotingsartikel")
        for jaar, artikel, som in rijen.annotate(som=Sum(f"{naam}_cent")):
            uit[jaar, artikel][naam] += som
    vrij = _vrij(kredieten)
    return [
        {
            "jaar": jaar,
            "artikel": artikel,
            **bedragen,
            "encours": bedragen["vastgelegd"] - bedragen["vereffend"],
            "krediet": vrij.get((jaar, artikel), (None, None))[0],
            "beschikbaar": vrij.get((jaar, artikel), (None, None))[1],
        }
        for (jaar, artikel), bedragen in sorted(uit.items(), key=lambda rij: (-rij[0][0], rij[0][1]))
    ]


def _vrij(kredieten: QuerySet[Krediet]) -> dict[tuple[int, str], tuple[int, int | None]]:
    stand = Stand.objects.filter(soort=Stand.Soort.KREDIET, sleutel=OuterRef("pk")).annotate(
        vrij=F("limiet_cent") - F("gereserveerd_cent") - F("vastgelegd_cent") - F("vervallen_cent")
    )
    rijen = kredieten.order_by().annotate(vrij=Subquery(stand.values("vrij")[:1]))
    return {(j, a): (pk, v) for pk, j, a, v in rijen.values_list("pk", "jaar", "artikel__code", "vrij")}


@dataclass(frozen=True)
class Gepland:
    """The instalments of awards: all of the plan, what of it is still to be paid, and the delay per call."""

    plan: list[Post]
    posten: list[Post]
    vertragingen: dict[int, Vertraging]


def gepland(luiken: QuerySet[Luik]) -> Gepland:
    """Return what is planned on these tracks, with one query.

    An instalment falls due at the commitment, on its day, on the last day of its report, or on the last day to ask for
    it (without a term: of the project). Not in it: what lapsed, and what is
    left of a project that was given up or stopped. What was set off was planned too.
    """
    plan, posten, dagen = [], [], defaultdict(list)
    for sleutel, oproep, status, cent, verrekend, verval, betaald_op in _betalingen(luiken):
        if verrekend or status != Status.VERREKEND:
            plan.append(Post(oproep, verrekend + (0 if status == Status.VERREKEND else cent), verval, sleutel))
        if status == Status.UITBETAALD and betaald_op:
            dagen[oproep].append((betaald_op - verval).days)
        elif status not in Betaling.AFGEHANDELD:
            posten.append(Post(oproep, cent, verval, sleutel))
    return Gepland(plan, posten, {oproep: vertraging(rij) for oproep, rij in dagen.items()})


def _betalingen(luiken: QuerySet[Luik]) -> Iterator[Any]:
    verrekend = Ontvangst.objects.filter(betaling=OuterRef("pk")).order_by().values("betaling")
    rijen = Betaling.objects.filter(dossier__ronde__luik__in=luiken, dossier__beslist_op__isnull=False)
    rijen = rijen.exclude(status=Status.VERVALLEN).exclude(
        Q(dossier__status__in=GESTOPT) & ~Q(status__in=Betaling.AFGEHANDELD)
    )
    return (
        rijen.annotate(
            verrekend=Coalesce(Subquery(verrekend.annotate(som=Sum("bedrag_cent")).values("som")), 0),
            verval=vervaldag(),
        )
        .order_by()
        .values_list(
            "pk",
            "dossier__ronde__luik__oproep_id",
            "status",
            "bedrag_cent",
            "verrekend",
            "verval",
            "uitbetaald_op",
        )
        .iterator(chunk_size=2000)
    )


def vervaldag() -> Coalesce:
    """Return when an instalment falls due, as an expression on payments (see `gepland`)."""
    verslag = Verslag.objects.filter(dossier=OuterRef("dossier"), moment=OuterRef("schijf__verslagmoment"))
    return Coalesce(
        Subquery(verslag.values("uiterlijk")[:1]),
        "schijf__verslagmoment__uiterlijk",
        "schijf__datum",
        _op_aanvraag(),
        "dossier__beslist_op",
    )


def _op_aanvraag() -> Case:
    """Return when an instalment on request falls due: on the last day to ask, or else that of the project."""
    tot = Coalesce("aanvraag_verlengd_tot", "schijf__aanvraag_tot", "dossier__ronde__luik__project_tot")
    return Case(When(schijf__aanleiding=Betaalschijf.Aanleiding.AANVRAAG, then=tot))


def betaald_per_dag(regels: QuerySet[Journaalregel]) -> list[tuple[date, int]]:
    """Return the cents that were paid per day, oldest first: over the bank or by set-off, less what came back."""
    rijen = regels.filter(soort=Journaalregel.Soort.UITBETALING).order_by().values_list("feitdatum")
    return list(rijen.annotate(som=Sum("bedrag_cent")).order_by("feitdatum"))


def geblokkeerd_door(luiken: QuerySet[Luik], verslag: int) -> set[int]:
    """Return the keys of the payments that a report (key) holds up, as `verslagen_die_blokkeren` counts them."""
    rijen = Betaling.objects.filter(
        dossier__ronde__luik__in=luiken,
        dossier__verslagen=verslag,
        schijf__aanleiding=Betaalschijf.Aanleiding.VERSLAG,
        schijf__verslagmoment__verslagen=verslag,
        status=Status.GEPLAND,
    )
    return set(rijen.order_by().values_list("pk", flat=True))


def verslagen_die_blokkeren(luiken: QuerySet[Luik]) -> list[Any]:
    """Return the reports that are late and hold up an instalment, the latest first, with what they hold up.

    Adds geblokkeerd_cent and dagen (late).
    """
    schijf = Betaling.objects.filter(
        dossier=OuterRef("dossier"),
        schijf__aanleiding=Betaalschijf.Aanleiding.VERSLAG,
        schijf__verslagmoment=OuterRef("moment"),
        status=Status.GEPLAND,
    )
    som = schijf.order_by().values("dossier").annotate(som=Sum("bedrag_cent")).values("som")
    vandaag = klok.vandaag()
    rijen = Verslag.objects.filter(
        dossier__ronde__luik__in=luiken,
        dossier__kennisgegeven_op__isnull=False,
        status__in=(Verslag.Status.VERWACHT, Verslag.Status.TERUG),
        uiterlijk__lt=vandaag,
    ).exclude(dossier__status__in=GESTOPT)
    rijen = rijen.annotate(geblokkeerd_cent=Subquery(som, output_field=BigIntegerField())).filter(
        geblokkeerd_cent__gt=0
    )
    uit: list[Any] = list(rijen.select_related("moment", "dossier__organisatie").order_by("uiterlijk", "pk"))
    for rij in uit:
        rij.dagen = (vandaag - rij.uiterlijk).days
    return uit
