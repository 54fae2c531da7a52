"""Which lines of a claim are looked at: monetary-unit sampling, drawn so that anybody can draw it again.

Every euro has the same chance, so a large line is likelier to be drawn than a small one:

1. Lines of at least `altijd_vanaf_cent` are in it in any case.
2. The other lines are put one after another in the order of their numbers, each as long as its amount. That length is
   cut in as many equal pieces as lines are still to be drawn, and at the same place in each piece a point is put.
   A line with a point on it is in the sample.

Where the points start follows from the seed: the hash of the event of handing in. It covers random salt and the moment,
so neither applicant nor handler can steer it, and it stands in the chain of the claim for ever. The method is usual in
auditing; no source of a call prescribes one.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple


class Trekregel(NamedTuple):
    """A line as the draw sees it."""

    volgnummer: int
    bedrag_cent: int


def omvang(aantal: int, *, minimum: int, procent: int) -> int:
    """Return how many lines are looked at: `procent` of `aantal` rounded up, at least `minimum`, at most all."""
    return min(aantal, max(minimum, -(-aantal * procent // 100)))


def trek(regels: Sequence[Trekregel], *, aantal: int, altijd_vanaf_cent: int | None, zaad: str) -> set[int]:
    """Return the numbers of the lines in the sample: at least those above the limit, at most `aantal` others.

    regels: in any order, amounts above zero; zaad: hexadecimal. One large line can hold several points; then the sample
    has fewer lines than `aantal`, but as many euros.
    """
    op_volgorde = sorted(regels)
    zeker = {r.volgnummer for r in op_volgorde if altijd_vanaf_cent is not None and r.bedrag_cent >= altijd_vanaf_cent}
    rest = [regel for regel in op_volgorde if regel.volgnummer not in zeker]
    te_trekken = min(len(rest), max(0, aantal - len(zeker)))
    if te_trekken == len(rest):
        return {regel.volgnummer for regel in op_volgorde}
    if not te_trekken:
        return zeker
    return zeker | _systematisch(rest, te_trekken, zaad)


def _systematisch(rest: Sequence[Trekregel], te_trekken: int, zaad: str) -> set[int]:
    totaal = sum(regel.bedrag_cent for regel in rest)
    # In units of 1/te_trekken cent, so that every piece is exactly as long as the others: totaal.
    begin = int.from_bytes(hashlib.sha256(f"steekproef {zaad}".encode()).digest()) % totaal
    punten = [begin + totaal * i for i in range(te_trekken)]
    getrokken, tot, volgende = set(), 0, 0
    for regel in rest:
        tot += regel.bedrag_cent * te_trekken
        while volgende < te_trekken and punten[volgende] < tot:
            getrokken.add(regel.volgnummer)
            volgende += 1
    return getrokken
