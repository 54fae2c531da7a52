"""Claimed and accepted costs beside the project budget, by kind of costs. Pure: no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossiers.kosten.afrekening import deel


@dataclass(frozen=True)
class Soort:
    """A kind of costs with its limits in percent; None is no limit."""

    sleutel: str
    naam: str
    marge_procent: int | None = None
    aandeel_procent: int | None = None


@dataclass(frozen=True)
class Vergelijking:
    """One kind of costs, in cents.

    begroot: in the budget; gevraagd: in the claims; aanvaard: accepted, where nobody judged yet as claimed;
    grens: what may be accepted at most, None without limit.
    """

    sleutel: str
    naam: str
    begroot_cent: int
    gevraagd_cent: int
    aanvaard_cent: int
    grens_cent: int | None
    waarom_grens: str

    @property
    def boven_cent(self) -> int:
        """Return how much is above the limit."""
        return 0 if self.grens_cent is None else max(0, self.aanvaard_cent - self.grens_cent)


def vergelijk(
    soorten: Sequence[Soort], begroot: Mapping[str, int], gevraagd: Mapping[str, int], aanvaard: Mapping[str, int]
) -> list[Vergelijking]:
    """Return a row per kind of costs, in order. The amounts are by key, over all claims of the project.

    The limit is the smaller of: the budget with its margin (half a cent up), and the greatest share of all accepted
    costs. The share is taken of the costs as they stand, not of what would be left after cutting.
    """
    alle = sum(aanvaard.values())
    rijen = []
    for soort in soorten:
        cent = begroot.get(soort.sleutel, 0)
        grenzen = []
        if soort.marge_procent is not None:
            grenzen.append((deel(cent, 100 + soort.marge_procent), f"begroot plus {soort.marge_procent}%"))
        if soort.aandeel_procent is not None:
            grenzen.append((deel(alle, soort.aandeel_procent), f"{soort.aandeel_procent}% van alle kosten"))
        grens, waarom = min(grenzen, default=(None, ""))
        rijen.append(
            Vergelijking(
                soort.sleutel,
                soort.naam,
                cent,
                gevraagd.get(soort.sleutel, 0),
                aanvaard.get(soort.sleutel, 0),
                grens,
                waarom,
            )
        )
    return rijen
