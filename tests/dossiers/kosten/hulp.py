"""Claims in each state, made by the acts only.

s = lopend(wereld)                  project of Aartselaar notified, budget divided; the clock stands in May 2023
staat = met_regels(s, 120_00, 50_00)    ... a draft with these amounts; ingediend(...) hands it in
"""

import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from dossiers.kosten import opmaak, services
from dossiers.kosten.models import Kostenregel, Kostenstaat
from dossiers.kosten.regels import Regelgegevens
from dossiers.models import Dossier
from kern import klok, uploads
from oproepen.laden import GEGEVENS, lees_bestand
from oproepen.models import Kostencategorie, Kostenregeling
from tests import bouw
from tests.onthouden import onthoudt

NU = klok.brussel(2023, 5, 2, 12)
VAN, TOT = date(2022, 3, 1), date(2023, 2, 28)


@dataclass
class Spel:
    """A world with the project that claims."""

    w: bouw.Wereld
    dossier: Dossier

    def soort(self, sleutel: str = "werking") -> Kostencategorie:
        """Return a kind of costs."""
        return Kostencategorie.objects.get(regeling__luik__rondes=self.dossier.ronde_id, sleutel=sleutel)


def regeling(**anders: Any) -> dict[str, Any]:
    """Return the rules of zorgzame buurten with other values."""
    return copy.deepcopy(lees_bestand(GEGEVENS / "zorgzame-buurten.json")["kosten"]) | anders


@onthoudt
def lopend(w: bouw.Wereld, *, verdeel: bool = True, **velden: Any) -> Spel:
    """Notify the project of Aartselaar (and that of Boom); divide the budget; put other values in the rules."""
    bouw.kennisgegeven(w, {"an": 9, "ben": 8}, gevraagd_cent=50_000_00)
    klok.zet(NU)
    if velden:
        Kostenregeling.objects.filter(luik__oproep=w.oproep).update(**velden)
    spel = Spel(w, van(w, "Aartselaar"))
    if verdeel:
        verdeling(spel.dossier, w.an)
    return spel


def van(w: bouw.Wereld, organisatie: str) -> Dossier:
    """Return the dossier of an organisation."""
    return bouw.opnieuw(Dossier.objects.get(organisatie__naam=organisatie, ronde=w.ronde))


def verdeling(dossier: Dossier, door: Any) -> None:
    """Divide a budget: the first cost is staff, the others running costs."""
    per = dict(Kostencategorie.objects.filter(regeling__luik__rondes=dossier.ronde_id).values_list("sleutel", "pk"))
    regels = list(dossier.begrotingsregels.filter(soort="kost").order_by("volgorde"))
    soorten = {rij.pk: per["personeel" if i == 0 else "werking"] for i, rij in enumerate(regels)}
    services.verdeel_begroting(dossier, verdeling=soorten, door=door)


def kost(spel: Spel, cent: int = 100_00, **anders: Any) -> Regelgegevens:
    """Return one right line."""
    waarden: dict[str, Any] = {
        "categorie": spel.soort(),
        "omschrijving": "Drukwerk",
        "leverancier": "Drukkerij De Ridder bv",
        "factuurnummer": "",
        "factuurdatum": date(2022, 6, 1),
        "betaaldatum": date(2022, 6, 20),
        "bedrag_cent": cent,
    }
    return Regelgegevens(**(waarden | anders))


def begonnen(spel: Spel) -> Kostenstaat:
    """Start a claim about the first year."""
    return services.begin_kostenstaat(spel.dossier, van=VAN, tot=TOT, door=spel.w.an)


def met_regels(spel: Spel, *centen: int) -> Kostenstaat:
    """Start a claim with a line per amount."""
    staat = begonnen(spel)
    opmaak.voeg_regels_toe(staat, [kost(spel, cent) for cent in centen or (100_00,)], door=spel.w.an)
    return opnieuw(staat)


def ingediend(spel: Spel, *centen: int, bewijs: bool = True) -> Kostenstaat:
    """Hand in a claim; with a file of its own for every line."""
    staat = met_regels(spel, *centen)
    if bewijs:
        for rij in staat.regels.all():
            geef_bewijs(spel, rij)
    services.dien_kostenstaat_in(staat, door=spel.w.an)
    return opnieuw(staat)


def geef_bewijs(spel: Spel, rij: Kostenregel, tekst: str = "") -> None:
    """Put evidence with a line of a draft."""
    inhoud = bouw.PDF + f"{tekst or rij.pk}".encode()
    opmaak.zet_bewijs(rij, bouw.upload(f"factuur-{rij.volgnummer}.pdf", inhoud), door=spel.w.an)


def bestand(w: bouw.Wereld, naam: str = "factuur.pdf") -> Any:
    """Store a file."""
    return uploads.bewaar(bouw.upload(naam), door=w.an)


def opnieuw(staat: Kostenstaat) -> Kostenstaat:
    """Read a claim again."""
    return Kostenstaat.objects.select_related(*opmaak.LEZEN).get(pk=staat.pk)


def nummers(staat: Kostenstaat, **waar: Any) -> list[int]:
    """Return the numbers of the lines of a claim."""
    return list(staat.regels.filter(**waar).values_list("volgnummer", flat=True))


def alles(staat: Kostenstaat, *, reden: str = "", **anders: int) -> dict[int, services.Besluit]:
    """Return a verdict on every line: all accepted."""
    return {rij.volgnummer: services.Besluit(rij.bedrag_cent) for rij in staat.regels.all()}


def nagekeken(spel: Spel, *centen: int, opmerking: str = "") -> Kostenstaat:
    """Hand in, accept all, finish."""
    staat = ingediend(spel, *centen)
    services.beoordeel_regels(staat, besluiten=alles(staat), door=spel.w.bea)
    services.rond_kostenstaat_af(staat, opmerking=opmerking, door=spel.w.bea)
    return opnieuw(staat)
