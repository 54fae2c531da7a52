"""Recoveries: from the intention to the notified decision (`besluit`), and from there to the last cent."""

from betalingen.services.terugvordering.besluit import (
    HOOGSTE_TERMIJN,
    Interest,
    Verjaring,
    beslis_terugvordering,
    geef_kennis_van_terugvordering,
    hoogstens,
    hoor_over_terugvordering,
    neem_terugvordering_voor,
    reageer_op_terugvordering,
    trek_terugvordering_in,
)
from betalingen.services.terugvordering.herroeping import herroep_ontvangst, te_herroepen
from betalingen.services.terugvordering.inning import (
    maan_aan,
    sta_afbetalingsplan_toe,
    stel_oninbaar_voor,
    verklaar_oninbaar,
    verleng_verjaring,
)
from betalingen.services.terugvordering.ontvangst import ontvang_terugvordering, te_verrekenen, verreken

__all__ = [
    "HOOGSTE_TERMIJN",
    "Interest",
    "Verjaring",
    "beslis_terugvordering",
    "geef_kennis_van_terugvordering",
    "herroep_ontvangst",
    "hoogstens",
    "hoor_over_terugvordering",
    "maan_aan",
    "neem_terugvordering_voor",
    "ontvang_terugvordering",
    "reageer_op_terugvordering",
    "sta_afbetalingsplan_toe",
    "stel_oninbaar_voor",
    "te_herroepen",
    "te_verrekenen",
    "trek_terugvordering_in",
    "verklaar_oninbaar",
    "verleng_verjaring",
    "verreken",
]
