"""The enterprise numbers in what an applicant writes about its linked undertakings: one a line, the number optional."""

import re
from collections.abc import Iterator

from kern.weigering import Weigering
from organisaties.nummers import lees_kbo

# Digits with points, spaces, strokes or hyphens between them. What is shorter or longer is no enterprise number: a
# year, a house number, an account.
_REEKS = re.compile(r"[0-9](?:[0-9. /-]*[0-9])?")
_KORTST, _LANGST = 9, 12


def kbo_nummers(tekst: str) -> list[str]:
    """Return the numbers in such a text, as ten digits, each once; what is no number is passed over."""
    return list(dict.fromkeys(nummer for _, _, nummer in _reeksen(tekst) if nummer is not None))


def nummer_fout(tekst: str) -> str | None:
    """Return the sentence of the first number that is wrong, or None."""
    for regel, reeks, nummer in _reeksen(tekst):
        if nummer is None:
            return f"Regel {regel}: '{reeks}' is geen geldig ondernemingsnummer. Schrijf het als 0123.456.789."
    return None


def _reeksen(tekst: str) -> Iterator[tuple[int, str, str | None]]:
    for regel, zin in enumerate(tekst.splitlines(), start=1):
        for gevonden in _REEKS.finditer(zin):
            cijfers = re.sub("[^0-9]", "", gevonden[0])
            if _KORTST <= len(cijfers) <= _LANGST:
                yield regel, gevonden[0], _lees(cijfers)


def _lees(cijfers: str) -> str | None:
    try:
        return lees_kbo(cijfers)
    except Weigering:
        return None
