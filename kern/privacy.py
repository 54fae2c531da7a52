"""The act of privacy: the payload of an event is erased, the event and its place in the chain stay."""

from typing import Any

from kern.models import Gebeurtenis, GebeurtenisInhoud, Keten
from kern.weg import handeling, noteer
from kern.weigering import Weigering, eis

WISSEN = "gebeurtenis.wis_inhoud"


def mag_wissen(gebruiker: Any, _keten: Keten) -> bool:
    """Return whether a person may erase: an administrator."""
    return bool(gebruiker.is_active and gebruiker.is_staff)


@handeling(WISSEN, "Inhoud van een gebeurtenis wissen", mag=mag_wissen)
def wis_inhoud(keten: Keten, *, nummer: int, reden: str, door: Any) -> Gebeurtenis:
    """Erase the payload of event `nummer` of a chain; the chain gets an event that says so.

    Raises Weigering: reden_ontbreekt, onbekende_gebeurtenis, al_gewist, niet_wisbaar (the trace of an erasure).
    """
    eis(reden.strip(), "reden_ontbreekt", "Schrijf waarom u deze inhoud wist.", "reden")
    gebeurtenis = keten.gebeurtenissen.filter(nummer=nummer).first()
    if gebeurtenis is None:
        raise Weigering("onbekende_gebeurtenis", f"Deze keten heeft geen gebeurtenis {nummer}.", "nummer")
    spoor = gebeurtenis.handeling == WISSEN
    eis(not spoor, "niet_wisbaar", "Het spoor van een wissing kan niet zelf gewist worden.", "nummer")
    gewist, _ = GebeurtenisInhoud.objects.filter(gebeurtenis=gebeurtenis).delete()
    eis(gewist, "al_gewist", f"De inhoud van gebeurtenis {nummer} is al gewist.", "nummer")
    return noteer(keten, door=door, inhoud={"nummer": nummer, "reden": reden})
