"""The comparison of costs with the budget as bars beside its table (templates/dossiers/kosten/_vergelijking.html)."""

from collections.abc import Sequence
from typing import Any

from dossiers.kosten.vergelijking import Vergelijking

KOLOMMEN = (("Begroot", "begroot_cent", "gevraagd"), ("Gevraagd", "gevraagd_cent", "vastgelegd"))
AANVAARD = ("Aanvaard", "aanvaard_cent", "toegekend")


def vergelijkingsbeeld(rijen: Sequence[Vergelijking]) -> list[dict[str, Any]]:
    """Return per kind of costs its bars on one scale: the highest amount of all is 100. What is above a limit shows."""
    hoogste = max((getattr(rij, veld) for rij in rijen for _, veld, _ in (*KOLOMMEN, AANVAARD)), default=0) or 1
    return [{"rij": rij, "cellen": [_cel(rij, *kolom, hoogste) for kolom in (*KOLOMMEN, AANVAARD)]} for rij in rijen]


def _cel(rij: Vergelijking, label: str, veld: str, klasse: str, hoogste: int) -> dict[str, Any]:
    cent = getattr(rij, veld)
    te_veel = veld == AANVAARD[1] and rij.boven_cent
    return {
        "label": label,
        "cent": cent,
        "klasse": "tekort" if te_veel else klasse,
        "breedte": round(cent * 100 / hoogste, 3),
    }
