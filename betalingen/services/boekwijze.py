"""Where a granter keeps its books: here, or in an outside accounting system."""

from collections.abc import Iterable

from betalingen import rechten
from betalingen.models import Betaling, Boekhouding
from dossiers.models import Dossier
from kern import klok
from kern.weg import Sloten, handeling, noteer
from kern.weigering import Weigering, eis
from oproepen.models import Oproep, Ronde
from organisaties.models import Gebruiker

Wijze = Boekhouding.Wijze
MEESTE_GENOEMD = 5


def boekt_extern(verstrekker: str) -> bool:
    """Return whether an outside accounting system keeps the books of a granter now."""
    wijzen = Boekhouding.objects.filter(verstrekker=verstrekker).order_by("-pk").values_list("wijze", flat=True)
    return wijzen.first() == Wijze.EXTERN


def _geld_van(_wie: Gebruiker, *, verstrekker: str, **_: object) -> Sloten:
    """Lock the calls and rounds of a granter: signing takes its round, sending its call."""
    oproepen = Oproep.objects.filter(verstrekker=verstrekker)
    rondes = Ronde.objects.filter(luik__oproep__in=oproepen)
    return {Oproep: list(oproepen.values_list("pk", flat=True)), Ronde: list(rondes.values_list("pk", flat=True))}


@handeling(
    "boekhouding.stel_in",
    "Boekhouding van een verstrekker instellen",
    mag=rechten.mag_rekening_instellen,
    sloten=_geld_van,
)
def stel_boekhouding_in(wie: Gebruiker, *, verstrekker: str, wijze: str, reden: str, door: Gebruiker) -> Boekhouding:
    """Set where a granter keeps its books, from now on; not while money is under way that both would hold.

    wie: who sets it. Raises Weigering: onbekende_verstrekker, onbekende_wijze, reden_ontbreekt, zelfde_boekhouding,
    niet_vastgelegd, betalingen_onderweg.
    """
    bekend = Oproep.objects.filter(verstrekker=verstrekker).exists()
    eis(bekend, "onbekende_verstrekker", f"Geen enkele oproep heeft '{verstrekker}' als verstrekker.", "verstrekker")
    eis(wijze in Wijze.values, "onbekende_wijze", "Kies waar de boekhouding gebeurt.", "wijze")
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom de boekhouding wijzigt.", "reden")
    anders = (wijze == Wijze.EXTERN) != boekt_extern(verstrekker)
    eis(anders, "zelfde_boekhouding", "Zo staat de boekhouding van deze verstrekker al.", "wijze")
    _eis_niets_onderweg(verstrekker)
    velden = {"verstrekker": verstrekker, "wijze": wijze, "reden": reden.strip()}
    rij = Boekhouding.objects.create(**velden, ingesteld_op=klok.nu(), ingesteld_door=door)
    noteer(rij, door=door, inhoud=velden)
    return rij


def _eis_niets_onderweg(verstrekker: str) -> None:
    dossiers = Dossier.objects.filter(ronde__luik__oproep__verstrekker=verstrekker, toegekend_cent__isnull=False)
    open_ = dossiers.exclude(journaalregels__soort="vastlegging").order_by("nummer").values_list("nummer", flat=True)
    if wacht := list(open_):
        zin = f"Dit kan nog niet: ondertekend maar niet vastgelegd {_noem(wacht)}."
        raise Weigering("niet_vastgelegd", zin, "wijze")
    # What came back from the bank was sent too, and may not have been charged.
    gestuurd = Betaling.objects.filter(dossier__ronde__luik__oproep__verstrekker=verstrekker)
    gestuurd = gestuurd.filter(opdrachtregels__isnull=False).exclude(status__in=Betaling.AFGEHANDELD)
    onderweg = gestuurd.order_by("dossier__nummer", "schijf__volgorde").distinct()
    if namen := list(onderweg.values_list("dossier__nummer", "schijf__naam")):
        zin = f"Dit kan nog niet: verstuurd maar niet uitbetaald {_noem(f'{d} ({s.lower()})' for d, s in namen)}."
        raise Weigering("betalingen_onderweg", zin, "wijze")


def _noem(namen: Iterable[str | None]) -> str:
    alle = [str(naam) for naam in namen]
    wat = "is" if len(alle) == 1 else "zijn"
    meer = f" en nog {len(alle) - MEESTE_GENOEMD} andere" if len(alle) > MEESTE_GENOEMD else ""
    return f"{wat} {', '.join(alle[:MEESTE_GENOEMD])}{meer}"
