"""What one may ask about the money."""

from betalingen.queries.aansluiting import aansluiting
from betalingen.queries.bank import (
    TE_DOEN,
    afschriften_voor,
    boekhoudingen,
    laatste_weigering,
    opdracht_status,
    opdrachten,
    opdrachten_voor,
    regels_van,
    regels_van_afschrift,
    rekeningen,
)
from betalingen.queries.belemmering import (
    belemmeringen_gefilterd,
    belemmeringen_voor,
    geraakte_betalingen,
    lang_open,
    met_belemmeringen,
)
from betalingen.queries.betaling import betalingen_van_jaar, betalingen_voor, met_budget, met_stand
from betalingen.queries.budgetstand import BEDRAGEN, budgetstand
from betalingen.queries.encours import encours, leeftijd_jaren, op_te_kuisen, reden_op_te_kuisen
from betalingen.queries.gereed import aan_te_vragen, af_te_rekenen, belemmerd, met_stand_van_zaken, opstelbaar
from betalingen.queries.grootboek import gefilterd, journaal_voor, met_alles
from betalingen.queries.jaareinde import (
    beletsels,
    boekingen_per_oproep,
    encours_op,
    jaareinde,
    laatste_boeking,
    laatste_dag,
    regels_van_jaar,
    vast_in_jaar,
)
from betalingen.queries.krediet import kredietstand
from betalingen.queries.terugvordering import (
    met_terugvorderingen,
    som_van_terugvorderingen,
    terugvorderingen,
    terugvorderingen_gefilterd,
    terugvorderingen_te_behandelen,
    terugvorderingen_te_beslissen,
    terugvorderingen_voor,
)
from betalingen.queries.vooruitblik import (
    GEBOEKT,
    Gepland,
    bedragen_per_artikel,
    betaald_per_dag,
    gepland,
    verslagen_die_blokkeren,
)

__all__ = [
    "BEDRAGEN",
    "GEBOEKT",
    "TE_DOEN",
    "Gepland",
    "aan_te_vragen",
    "aansluiting",
    "af_te_rekenen",
    "afschriften_voor",
    "bedragen_per_artikel",
    "belemmerd",
    "belemmeringen_gefilterd",
    "belemmeringen_voor",
    "beletsels",
    "betaald_per_dag",
    "betalingen_van_jaar",
    "betalingen_voor",
    "boekhoudingen",
    "boekingen_per_oproep",
    "budgetstand",
    "encours",
    "encours_op",
    "gefilterd",
    "gepland",
    "geraakte_betalingen",
    "jaareinde",
    "journaal_voor",
    "kredietstand",
    "laatste_boeking",
    "laatste_dag",
    "laatste_weigering",
    "lang_open",
    "leeftijd_jaren",
    "met_alles",
    "met_belemmeringen",
    "met_budget",
    "met_stand",
    "met_stand_van_zaken",
    "met_terugvorderingen",
    "op_te_kuisen",
    "opdracht_status",
    "opdrachten",
    "opdrachten_voor",
    "opstelbaar",
    "reden_op_te_kuisen",
    "regels_van",
    "regels_van_afschrift",
    "regels_van_jaar",
    "rekeningen",
    "som_van_terugvorderingen",
    "terugvorderingen",
    "terugvorderingen_gefilterd",
    "terugvorderingen_te_behandelen",
    "terugvorderingen_te_beslissen",
    "terugvorderingen_voor",
    "vast_in_jaar",
    "verslagen_die_blokkeren",
]
