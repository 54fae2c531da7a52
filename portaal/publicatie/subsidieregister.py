"""The layout of the Subsidieregister: thirteen columns, signed rows per year, whole euros.

An award stands in the year of its decision, a payment in its own, a cancellation as a negative award in its own; award
and payments of a dossier in one year share a row, a cancellation has its own.

Rounding: of the rows of a beneficiary within a call, in the order written, the running total is rounded (half a euro
up) and a row is the difference with the row before. So their sum is at any point the rounded exact sum, and a year that
was published does not change by what happens in a later one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from kern.werkblad import Blad
from portaal.publicatie.bron import Soort, Toekenning
from portaal.resources import RegisterResource

LAND = "België"


def registerblad(
    toekenningen: Iterable[Toekenning],
    *,
    beleidsdomein: str,
    jaar: int | None = None,
    getoond: Sequence[tuple[str, str]] = (),
) -> Blad:
    """Return these awards as a sheet; jaar: only the rows of that year, of awards of any year."""
    alle = rijen(toekenningen, beleidsdomein)
    gekozen = (rij for rij in alle if jaar in {None, rij["jaar"]})
    return Blad("Subsidieregister", "Subsidieregister", RegisterResource(), gekozen, getoond)


def rijen(toekenningen: Iterable[Toekenning], beleidsdomein: str) -> Iterator[dict[str, Any]]:
    """Give the rows by call, beneficiary, year and dossier; the awards come by call and beneficiary."""
    per_begunstigde = groupby(toekenningen, key=lambda t: (t.dossier.ronde.luik.oproep_id, t.dossier.organisatie_id))
    for _, groep in per_begunstigde:
        toegekend = betaald = 0
        for t, jaar, (toegekend_cent, betaald_cent) in _jaarbedragen(groep):
            toegekend_eur = hele_euro(toegekend + toegekend_cent) - hele_euro(toegekend)
            betaald_eur = hele_euro(betaald + betaald_cent) - hele_euro(betaald)
            toegekend, betaald = toegekend + toegekend_cent, betaald + betaald_cent
            if toegekend_eur or betaald_eur:
                yield {**_vast(t, beleidsdomein), "jaar": jaar, "toegekend": toegekend_eur, "betaald": betaald_eur}


def hele_euro(cent: int) -> int:
    """Return cents as whole euros, half a euro up."""
    return (cent + 50) // 100


def _jaarbedragen(groep: Iterable[Toekenning]) -> Iterator[tuple[Toekenning, int, list[int]]]:
    bedragen: dict[tuple[int, int, bool], list[int]] = defaultdict(lambda: [0, 0])
    per_dossier = {}
    for t in groep:
        per_dossier[t.dossier.pk] = t
        for b in t.bewegingen:
            plaats = (b.datum.year, t.dossier.pk, b.soort == Soort.ANNULERING)
            bedragen[plaats][b.soort == Soort.UITBETALING] += b.bedrag_cent
    for jaar, dossier, annulering in sorted(bedragen):
        yield per_dossier[dossier], jaar, bedragen[jaar, dossier, annulering]


def _vast(t: Toekenning, beleidsdomein: str) -> dict[str, Any]:
    luik, organisatie = t.dossier.ronde.luik, t.dossier.organisatie
    return {
        "beleidsdomein": beleidsdomein,
        "thema": luik.oproep.titel,
        "subthema": luik.naam,
        "verstrekker": luik.oproep.verstrekker,
        "kbo": organisatie.kbo,
        "vestiging": "",
        "naam": organisatie.naam,
        "postcode": "",
        "gemeente": organisatie.gemeente,
        "land": LAND,
    }
