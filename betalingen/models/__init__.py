"""The money: budget articles, totals with their limits, the journal, payments, their orders and bank files."""

from betalingen.models.bank import Afschrift, Afschriftregel, Bankregel, Betaalbestand, Opdrachtregel, Rekening
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
    "Afschrift",
    "Afschriftregel",
    "Bankregel",
    "Begrotingsartikel",
    "Begrotingsjaar",
    "Betaalbestand",
    "Betaalopdracht",
    "Betaling",
    "IsGeheel",
    "Journaalregel",
    "Krediet",
    "Limietregel",
    "Opdrachtregel",
    "Rekening",
    "Stand",
]
