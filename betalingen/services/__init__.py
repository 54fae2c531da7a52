"""What one may do with the money."""

from betalingen.services.afschrift import (
    bevestig_afschriftregel,
    lees_afschrift,
    sluit_afschriftregel_af,
)
from betalingen.services.bank import geef_betaalbestand, maak_bestand, rekening_voor, stel_bestand_op, stel_rekening_in
from betalingen.services.betaling import (
    keur_betaling_goed,
    meld_uitbetaald,
    plan_betalingen,
    rond_dossier_af,
    stel_betaling_op,
    stuur_betaling_terug,
    verstuur_betalingen,
)
from betalingen.services.budget import (
    herverdeel_krediet,
    sluit_begrotingsjaar_af,
    stel_budget_in,
    stel_krediet_in,
    verschuif_budget,
)
from betalingen.services.terugkeer import meld_geweigerd, wijzig_rekening
from betalingen.services.vastlegging import annuleer_vastlegging, verzaak, zet_stop

__all__ = [
    "annuleer_vastlegging",
    "bevestig_afschriftregel",
    "geef_betaalbestand",
    "herverdeel_krediet",
    "keur_betaling_goed",
    "lees_afschrift",
    "maak_bestand",
    "meld_geweigerd",
    "meld_uitbetaald",
    "plan_betalingen",
    "rekening_voor",
    "rond_dossier_af",
    "sluit_afschriftregel_af",
    "sluit_begrotingsjaar_af",
    "stel_bestand_op",
    "stel_betaling_op",
    "stel_budget_in",
    "stel_krediet_in",
    "stel_rekening_in",
    "stuur_betaling_terug",
    "verschuif_budget",
    "verstuur_betalingen",
    "verzaak",
    "wijzig_rekening",
    "zet_stop",
]
