"""When planned payments are expected to leave: arithmetic on whole cents and whole days, without the database.

A payment is expected so many days after its due date as payments of the same call took before: the median. The band is
what it would be with the delay of the fastest and of the slowest fifth (20th and 80th percentile), and is given from
five payments on. Percentiles are by nearest rank, so they are delays that happened. What should have left already is
expected today. What is expected after the last month stands in one row more: every column adds up to what is planned.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

MAANDEN = 12
GENOEG = 5
VLOT, MIDDEN, TRAAG = 20, 50, 80


@dataclass(frozen=True)
class Post:
    """A payment that is planned: of which call (key), how much, and when it falls due."""

    oproep: int
    bedrag_cent: int
    verval: date
    betaling: int = 0


@dataclass(frozen=True)
class Vertraging:
    """How many days payments left after they fell due (negative: before); no band below GENOEG payments."""

    aantal: int = 0
    mediaan: int = 0
    vlot: int | None = None
    traag: int | None = None


@dataclass(frozen=True)
class Maand:
    """What is expected in a month, in cents; `maand` is its first day, None for everything after the last one."""

    maand: date | None
    verwacht_cent: int
    vlot_cent: int | None
    traag_cent: int | None


def eerste_dag(dag: date) -> date:
    """Return the first day of the month of a day."""
    return dag.replace(day=1)


def maanden(vanaf: date, aantal: int) -> list[date]:
    """Return the first days of so many months, from that of a day on."""
    nummers = range(vanaf.year * 12 + vanaf.month - 1, vanaf.year * 12 + vanaf.month - 1 + aantal)
    return [date(nummer // 12, nummer % 12 + 1, 1) for nummer in nummers]


def aantal_maanden(vanaf: date, tot: date) -> int:
    """Return how many months there are from that of a day up to that of another, both counted."""
    return (tot.year - vanaf.year) * 12 + tot.month - vanaf.month + 1


def percentiel(geordend: Sequence[int], procent: int) -> int:
    """Return the smallest of these ordered numbers with at least so many percent of them up to it (nearest rank)."""
    return geordend[max(-(-procent * len(geordend) // 100), 1) - 1]


def vertraging(dagen: Iterable[int]) -> Vertraging:
    """Return the delay of past payments, from the days between due date and payment of each."""
    geordend = sorted(dagen)
    if not geordend:
        return Vertraging()
    band = len(geordend) >= GENOEG
    return Vertraging(
        aantal=len(geordend),
        mediaan=percentiel(geordend, MIDDEN),
        vlot=percentiel(geordend, VLOT) if band else None,
        traag=percentiel(geordend, TRAAG) if band else None,
    )


def prognose(posten: Iterable[Post], vertragingen: Mapping[int, Vertraging], vandaag: date) -> list[Maand]:
    """Return what is expected in this month and the next eleven, and after these; every column adds up to all posts.

    vertragingen: by call; a call without any is paid on the due date. There is a band only when every call that has
    something to pay has one.
    """
    lijst = list(posten)
    eigen = {post.oproep: vertragingen.get(post.oproep, Vertraging()) for post in lijst}
    heeft_band = bool(eigen) and all(v.vlot is not None for v in eigen.values())
    verwacht = _verdeel(((p.bedrag_cent, p.verval, eigen[p.oproep].mediaan) for p in lijst), vandaag)
    vlot = _verdeel(((p.bedrag_cent, p.verval, eigen[p.oproep].vlot or 0) for p in lijst), vandaag)
    traag = _verdeel(((p.bedrag_cent, p.verval, eigen[p.oproep].traag or 0) for p in lijst), vandaag)
    return [
        Maand(maand, verwacht[i], vlot[i] if heeft_band else None, traag[i] if heeft_band else None)
        for i, maand in enumerate([*maanden(vandaag, MAANDEN), None])
    ]


def _verdeel(posten: Iterable[tuple[int, date, int]], vandaag: date) -> list[int]:
    """Return the cents per month: of each (cents, due date, days of delay) all in the month in which it is expected."""
    uit = [0] * (MAANDEN + 1)
    for cent, verval, dagen in posten:
        uit[_plaats(verwacht_op(verval, dagen, vandaag), vandaag)] += cent
    return uit


def verwacht_op(verval: date, dagen: int, vandaag: date) -> date:
    """Return the day on which a payment is expected: so many days after it falls due, but not before today."""
    return max(verval + timedelta(days=dagen), vandaag)


def _plaats(dag: date, vandaag: date) -> int:
    return min(aantal_maanden(vandaag, dag) - 1, MAANDEN)


def in_maand(
    posten: Iterable[Post], vertragingen: Mapping[int, Vertraging], vandaag: date, maand: date | None, reeks: str
) -> list[Post]:
    """Return the payments that make a figure of `prognose`: of a month (first day; None: later) and a series."""
    plaats = MAANDEN if maand is None else aantal_maanden(vandaag, maand) - 1
    return [
        post
        for post in posten
        if _plaats(verwacht_op(post.verval, dagen_van(vertragingen, post, reeks), vandaag), vandaag) == plaats
    ]


def dagen_van(vertragingen: Mapping[int, Vertraging], post: Post, reeks: str) -> int:
    """Return the days of delay that a series ('verwacht', 'vlot', 'traag') reckons with for a payment."""
    v = vertragingen.get(post.oproep, Vertraging())
    return {"vlot": v.vlot, "traag": v.traag}.get(reeks, v.mediaan) or 0


def oplopend(feiten: Iterable[tuple[date, int]], reeks: Sequence[date]) -> list[int]:
    """Return for each of these months (first days, in order) the cents of all facts up to its end."""
    per_maand: dict[date, int] = {}
    som = 0
    for dag, cent in feiten:
        maand = eerste_dag(dag)
        if reeks and maand < reeks[0]:
            som += cent
        else:
            per_maand[maand] = per_maand.get(maand, 0) + cent
    uit = []
    for maand in reeks:
        som += per_maand.get(maand, 0)
        uit.append(som)
    return uit
