"""Days: what a person typed in a cell, when it can be read in one way only; Belgian holidays and working days."""

import re
from datetime import date, timedelta
from functools import cache

from kern.weigering import Weigering

_VLAAMS = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def lees_dag(tekst: str) -> date:
    """Return the day of a text: 28/02/2022 (day first, as Flemings write it) or 2022-02-28.

    Another order, another sign between the numbers or a year of two digits can be read in more than one way and is
    refused. Raises Weigering(datum_onleesbaar).
    """
    kaal = tekst.strip()
    vlaams, iso = _VLAAMS.fullmatch(kaal), _ISO.fullmatch(kaal)
    delen = vlaams.groups()[::-1] if vlaams else iso.groups() if iso else None
    if delen is None:
        zin = f"De datum '{tekst[:40]}' kan niet op één manier gelezen worden. Schrijf ze als dd/mm/jjjj of jjjj-mm-dd."
        raise Weigering("datum_onleesbaar", zin)
    try:
        return date(*map(int, delen))
    except ValueError:
        zin = f"De datum '{tekst[:40]}' bestaat niet. Schrijf ze als dd/mm/jjjj of jjjj-mm-dd."
        raise Weigering("datum_onleesbaar", zin) from None


def pasen(jaar: int) -> date:
    """Return Easter Sunday of a year (the anonymous Gregorian computus)."""
    a, b, c = jaar % 19, jaar // 100, jaar % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    maand, dag = divmod(h + m - 7 * n + 114, 31)
    return date(jaar, maand, dag + 1)


@cache
def feestdagen(jaar: int) -> frozenset[date]:
    """Return the ten legal holidays of Belgium in a year (koninklijk besluit van 18 april 1974)."""
    vast = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    # Easter Monday, Ascension Day, Whit Monday.
    return frozenset(
        {date(jaar, maand, dag) for maand, dag in vast} | {pasen(jaar) + timedelta(days=na) for na in (1, 39, 50)}
    )


def werkdagen_later(dag: date, aantal: int) -> date:
    """Return the day that is so many working days later: `dag` itself, weekends and holidays do not count."""
    while aantal:
        dag += timedelta(days=1)
        aantal -= _is_werkdag(dag)
    return dag


def werkdagen_eerder(dag: date, aantal: int) -> date:
    """Return the last day after which so many working days have passed at the end of `dag`."""
    while aantal:
        aantal -= _is_werkdag(dag)
        dag -= timedelta(days=1)
    return dag


def _is_werkdag(dag: date) -> bool:
    return dag.weekday() < 5 and dag not in feestdagen(dag.year)  # noqa: PLR2004  Saturday
