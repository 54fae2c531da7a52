"""What one may do in judging and deciding."""

from beoordeling.services.begrenzing import begrens_bedrag, hef_begrenzing_op
from beoordeling.services.besluit import geef_kennis, leg_besluit_voor, registreer_ondertekening, stuur_besluit_terug
from beoordeling.services.deminimis import meld_deminimis
from beoordeling.services.jury import begin_scoreblad, bewaar_scores, dien_scoreblad_in, stel_advies_vast, wijs_toe
from beoordeling.services.voorstel import stel_reserve_voor, stel_voor

__all__ = [
    "begin_scoreblad",
    "begrens_bedrag",
    "bewaar_scores",
    "dien_scoreblad_in",
    "geef_kennis",
    "hef_begrenzing_op",
    "leg_besluit_voor",
    "meld_deminimis",
    "registreer_ondertekening",
    "stel_advies_vast",
    "stel_reserve_voor",
    "stel_voor",
    "stuur_besluit_terug",
    "wijs_toe",
]
