"""What one may ask about the money."""

from betalingen.queries.aansluiting import aansluiting
from betalingen.queries.afwijkend import afwijkende_feiten
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
from betalingen.queries.betaling import (
    betalingen_gefilterd,
    betalingen_voor,
    met_budget,
    met_stand,
    tweede_keurders,
)
from betalingen.queries.budgetstand import BEDRAGEN, budgetstand
from betalingen.queries.encours import encours, leeftijd_jaren, op_te_kuisen, reden_op_te_kuisen
from betalingen.queries.gereed import aan_te_vragen, af_te_rekenen, belemmerd, met_stand_van_zaken, opstelbaar
from betalingen.queries.grootboek import ENCOURS, gefilterd, journaal_voor, met_alles, som_van
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
from betalingen.queries.vastlegging import (
    aangerekend,
    onderweg_cent,
    te_annuleren_cent,
    vastlegging_van,
    vastleggingsnummer,
    wacht_op_vereffening,
)
from betalingen.queries.vooruitblik import (
    GEBOEKT,
    Gepland,
    bedragen_per_artikel,
    betaald_per_dag,
    geblokkeerd_door,
    gepland,
    verslagen_die_blokkeren,
)

__all__ = [
    "BEDRAGEN",
    "ENCOURS",
    "GEBOEKT",
    "TE_DOEN",
    "Gepland",
    "aan_te_vragen",
    "aangerekend",
    "aansluiting",
    "af_te_rekenen",
    "afschriften_voor",
    "afwijkende_feiten",
    "bedragen_per_artikel",
    "belemmerd",
    "belemmeringen_gefilterd",
    "belemmeringen_voor",
    "betaald_per_dag",
    "betalingen_gefilterd",
    "betalingen_voor",
    "boekhoudingen",
    "budgetstand",
    "encours",
    "geblokkeerd_door",
    "gefilterd",
    "gepland",
    "geraakte_betalingen",
    "journaal_voor",
    "kredietstand",
    "laatste_weigering",
    "lang_open",
    "leeftijd_jaren",
    "met_alles",
    "met_belemmeringen",
    "met_budget",
    "met_stand",
    "met_stand_van_zaken",
    "met_terugvorderingen",
    "onderweg_cent",
    "op_te_kuisen",
    "opdracht_status",
    "opdrachten",
    "opdrachten_voor",
    "opstelbaar",
    "reden_op_te_kuisen",
    "regels_van",
    "regels_van_afschrift",
    "rekeningen",
    "som_van",
    "som_van_terugvorderingen",
    "te_annuleren_cent",
    "terugvorderingen",
    "terugvorderingen_gefilterd",
    "terugvorderingen_te_behandelen",
    "terugvorderingen_te_beslissen",
    "terugvorderingen_voor",
    "tweede_keurders",
    "vastlegging_van",
    "vastleggingsnummer",
    "verslagen_die_blokkeren",
    "wacht_op_vereffening",
]
