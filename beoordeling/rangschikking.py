"""The ranking of a round and the strict line under its budget: a pure computation on rows in memory.

Rule, published with the call: dossiers below the minimum score are refused on quality. The others are ranked by
score; at an equal score the one received first comes first. From the top each gets the full amount asked, or the
lesser amount that was set for it, until the first that no longer fits; it and everything below it are refused for lack
of budget (no skipping), or, where the call has a reserve list, put on it in the same order. A dossier whose amount was
set to nothing is refused for that, wherever the line falls.
"""

from collections.abc import Iterable
from dataclasses import dataclass

TOEKENNING = "toekenning"
WEIGERING_KWALITEIT = "weigering_kwaliteit"
WEIGERING_KREDIET = "weigering_krediet"
WEIGERING_BEDRAG = "weigering_bedrag"
RESERVE = "reserve"


@dataclass(frozen=True)
class Kandidaat:
    """A judged dossier: key, score in hundredths, receipt number in the round, amount asked in cents, and at most."""

    dossier: int
    score_honderdsten: int
    ontvangstnummer: int
    gevraagd_cent: int
    hoogstens_cent: int | None = None

    @property
    def bedrag_cent(self) -> int:
        """Return what it gets when it fits."""
        return self.gevraagd_cent if self.hoogstens_cent is None else min(self.gevraagd_cent, self.hoogstens_cent)


@dataclass(frozen=True)
class Plaats:
    """The place of a dossier in the ranking: rank from 1, outcome, amount in cents (0 without award).

    reserveplaats: its place on the reserve list from 1, None off it.
    """

    dossier: int
    rang: int
    score_honderdsten: int
    uitkomst: str
    bedrag_cent: int
    reserveplaats: int | None = None


def rangschik(
    kandidaten: Iterable[Kandidaat], *, minimumscore: int, beschikbaar_cent: int, reservelijst: bool = False
) -> list[Plaats]:
    """Return the ranking; minimumscore is on 100, inclusive."""
    volgorde = sorted(kandidaten, key=lambda k: (-k.score_honderdsten, k.ontvangstnummer))
    rest, lijn_bereikt, op_reserve = beschikbaar_cent, False, 0
    plaatsen = []
    for rang, kandidaat in enumerate(volgorde, start=1):
        uitkomst, bedrag = TOEKENNING, kandidaat.bedrag_cent
        if kandidaat.score_honderdsten < minimumscore * 100:
            uitkomst, bedrag = WEIGERING_KWALITEIT, 0
        elif not bedrag:
            uitkomst = WEIGERING_BEDRAG
        elif lijn_bereikt or bedrag > rest:
            uitkomst, bedrag, lijn_bereikt = RESERVE if reservelijst else WEIGERING_KREDIET, 0, True
        rest -= bedrag
        op_reserve += uitkomst == RESERVE
        plaats = op_reserve if uitkomst == RESERVE else None
        plaatsen.append(Plaats(kandidaat.dossier, rang, kandidaat.score_honderdsten, uitkomst, bedrag, plaats))
    return plaatsen
