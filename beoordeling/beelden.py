"""Pictures of judging, as numbers for the template componenten/spreiding.html; the table stands beside them."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from beoordeling.scores import score_tekst

# Units of the drawing per point on 100.
SCHAAL = 6


def spreiding(scores: Iterable[tuple[str, Fraction]], minimumscore: int, sleutel: str) -> dict[str, Any] | None:
    """Return the spread of the sheets of one dossier: a dot per juror and the mean, on a line from 0 to 100.

    scores: (name, score on 100) per sheet; None without sheets. One dossier's picture says whether jurors agree.
    """
    rijen = list(scores)
    punten = [{"naam": naam, "x": float(score * SCHAAL), "waarde": _tekst(score)} for naam, score in rijen]
    if not punten:
        return None
    gemiddelde = sum((score for _, score in rijen), Fraction(0)) / len(rijen)
    zin = ", ".join(f"{punt['naam']} {punt['waarde']}" for punt in punten)
    return {
        "id": f"spreiding-{sleutel}",
        "titel": "Spreiding van de scores",
        "tekst": f"{zin}; gemiddeld {_tekst(gemiddelde)}, minimum {minimumscore}.",
        "punten": punten,
        "gemiddelde_x": float(gemiddelde * SCHAAL),
        "minimum": minimumscore,
        "minimum_x": minimumscore * SCHAAL,
    }


def _tekst(score: Fraction) -> str:
    return score_tekst(int(score * 100 + Fraction(1, 2)))
