"""How points become a score, exactly and the same everywhere.

A sheet's score is the sum over the criteria of weight x points / maximum, on 100; a dossier's score is the mean
of its sheets, rounded half up to hundredths of a point. Computed in fractions, so nothing depends on floats.
"""

from collections.abc import Iterable
from fractions import Fraction

from beoordeling.models import Scoreblad


def score_van_blad(blad: Scoreblad) -> Fraction:
    """Return the score of a complete sheet, on 100 (criteria read along with its scores)."""
    return sum(
        (
            Fraction(score.criterium.gewicht * (score.punten or 0), score.criterium.max_punten)
            for score in blad.scores.all()
        ),
        Fraction(0),
    )


def gemiddelde_honderdsten(bladen: Iterable[Scoreblad]) -> int:
    """Return the mean score of sheets in hundredths of a point (8333 is 83,33); ValueError without sheets."""
    scores = [score_van_blad(blad) for blad in bladen]
    if not scores:
        raise ValueError("geen scorebladen")
    return int(sum(scores, Fraction(0)) / len(scores) * 100 + Fraction(1, 2))


def score_tekst(honderdsten: int) -> str:
    """Return a score in Flemish notation: 8333 -> '83,33'."""
    return f"{honderdsten // 100},{honderdsten % 100:02d}"
