"""The money: budget articles, totals with their limits, the journal, payments and their orders."""

from betalingen.models.begroting import (
    AANTALLEN,
    Begrotingsartikel,
    Begrotingsjaar,
    IsGeheel,
    Krediet,
    Limietregel,
    Stand,
)
from betalingen.models.betaling import Betaalopdracht, Betaling
from betalingen.models.journaal import Journaalregel

__all__ = [
    "AANTALLEN",
    "Begrotingsartikel",
    "Begrotingsjaar",
    "Betaalopdracht",
    "Betaling",
    "IsGeheel",
    "Journaalregel",
    "Krediet",
    "Limietregel",
    "Stand",
]
