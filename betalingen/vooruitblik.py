"""The figures of the page that looks ahead, and of its sheet."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from betalingen import queries
from betalingen.beelden import verloop
from betalingen.models import Journaalregel, Krediet
from betalingen.prognose import Maand, prognose
from kern import klok
from oproepen.models import Luik


@dataclass(frozen=True)
class Cijfers:
    """What is planned, the forecast by month, amounts per year and article, paid against planned, late reports."""

    gepland: queries.Gepland
    maanden: list[Maand]
    artikelen: list[dict[str, Any]]
    verloop: dict[str, Any] | None
    verslagen: list[Any]


def bereken(regels: QuerySet[Journaalregel], luiken: QuerySet[Luik], kredieten: QuerySet[Krediet]) -> Cijfers:
    """Return the figures of these journal rows, tracks and credits, today."""
    vandaag = klok.vandaag()
    gepland = queries.gepland(luiken)
    plan = [(post.verval, post.bedrag_cent) for post in gepland.plan]
    maanden = prognose(gepland.posten, gepland.vertragingen, vandaag)
    return Cijfers(
        gepland,
        maanden,
        queries.bedragen_per_artikel(regels, luiken, kredieten),
        verloop(plan, queries.betaald_per_dag(regels), maanden, vandaag),
        queries.verslagen_die_blokkeren(luiken),
    )
