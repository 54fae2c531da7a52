"""The money: budget articles, totals with their limits, the journal, payments, bank files, recoveries."""

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
from betalingen.models.belemmering import Betaalbelemmering
from betalingen.models.betaling import Betaalopdracht, Betaling
from betalingen.models.boekhouding import Boekhouding, Buitenfeit, Vastleggingsnummer, Verschilverklaring
from betalingen.models.jaarrapport import Jaarrapport
from betalingen.models.journaal import Journaalregel
from betalingen.models.schijf import Betaalaanvraag, Saldoafrekening
from betalingen.models.terugvordering import Afbetaling, Ontvangst, Terugvordering

__all__ = [
    "AANTALLEN",
    "Afbetaling",
    "Afschrift",
    "Afschriftregel",
    "Bankregel",
    "Begrotingsartikel",
    "Begrotingsjaar",
    "Betaalaanvraag",
    "Betaalbelemmering",
    "Betaalbestand",
    "Betaalopdracht",
    "Betaling",
    "Boekhouding",
    "Buitenfeit",
    "IsGeheel",
    "Jaarrapport",
    "Journaalregel",
    "Krediet",
    "Limietregel",
    "Ontvangst",
    "Opdrachtregel",
    "Rekening",
    "Saldoafrekening",
    "Stand",
    "Terugvordering",
    "Vastleggingsnummer",
    "Verschilverklaring",
]
