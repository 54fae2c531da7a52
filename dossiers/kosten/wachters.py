"""The guards of a cost claim: what is missing before it is handed in or finished, in one sentence."""

from typing import TYPE_CHECKING

from kern.wachters import wachter
from oproepen.models import Kostenregeling

if TYPE_CHECKING:
    from dossiers.kosten.models import Kostenstaat


@wachter("geen_regels")
def heeft_regels(staat: "Kostenstaat") -> str | None:
    """A claim has at least one line."""
    return None if staat.regels.exists() else "Voeg minstens één kost toe voor u de kostenstaat indient."


@wachter("begroting_niet_verdeeld")
def begroting_verdeeld(staat: "Kostenstaat") -> str | None:
    """Every cost of the budget belongs to a kind of costs, so that the two can be compared."""
    if staat.dossier.begrotingsregels.filter(soort="kost", koppeling=None).exists():
        return "Zeg eerst bij welke kostensoort elke regel van uw begroting hoort."
    return None


@wachter("bewijs_ontbreekt")
def bewijs_volledig(staat: "Kostenstaat") -> str | None:
    """Where the call asks for it, every line has its evidence."""
    if staat.dossier.ronde.luik.kostenregeling.bewijs != Kostenregeling.Bewijs.ELKE_REGEL:
        return None
    nummers = list(staat.regels.filter(bestand=None).values_list("volgnummer", flat=True))
    return f"Voeg het bewijsstuk toe bij {opsomming(nummers)}." if nummers else None


@wachter("niet_beoordeeld")
def alles_beoordeeld(staat: "Kostenstaat") -> str | None:
    """Every line of the sample is judged; where each line needs evidence, every line."""
    rijen = staat.regels.filter(oordeel="open")
    if staat.dossier.ronde.luik.kostenregeling.bewijs == Kostenregeling.Bewijs.STEEKPROEF:
        rijen = rijen.filter(in_steekproef=True)
    nummers = list(rijen.values_list("volgnummer", flat=True))
    return f"Beoordeel eerst {opsomming(nummers)}." if nummers else None


def opsomming(nummers: list[int], hoogstens: int = 5) -> str:
    """Return numbers of lines as people read them: 'regel 3', 'regels 3, 4 en 9', '... en 12 andere'."""
    if len(nummers) == 1:
        return f"regel {nummers[0]}"
    getoond, rest = nummers[:hoogstens], len(nummers) - hoogstens
    if rest > 0:
        return f"regels {', '.join(map(str, getoond))} en {rest} andere"
    return f"regels {', '.join(map(str, getoond[:-1]))} en {getoond[-1]}"
