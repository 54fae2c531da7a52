"""Days at the edge: what a person typed in a cell becomes a date, when it can be read in one way only."""

import re
from datetime import date

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
