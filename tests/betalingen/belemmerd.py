"""A seizure on an award that was notified, by acts only."""

from typing import Any

from betalingen import services
from betalingen.models import Betaalbelemmering
from dossiers.models import Dossier
from kern import klok, uploads
from tests import bouw


def dossier() -> Dossier:
    """Return the first dossier that was awarded."""
    rij = Dossier.objects.exclude(toegekend_cent=None).select_related("ronde__luik__oproep", "organisatie").first()
    assert rij is not None
    return rij


def registreer(w: bouw.Wereld, **anders: Any) -> Betaalbelemmering:
    """Register a seizure on the first dossier, as the handler."""
    door = anders.pop("door", w.bea)
    velden = {
        "hele_organisatie": False,
        "soort": "derdenbeslag",
        "sinds": klok.vandaag(),
        "kenmerk": "DB-2022-7",
        "bedrag_cent": 12_000_00,
        "nota": "Beslag door een leverancier.",
    } | anders
    bij = velden.pop("dossier", None) or dossier()
    document = velden.pop("document", None) or uploads.bewaar(bouw.upload("beslag.pdf"), door=w.bea)
    rij: Betaalbelemmering = services.registreer_belemmering(bij, document=document, **velden, door=door)
    return rij


def vers(rij: Betaalbelemmering) -> Betaalbelemmering:
    """Read it again."""
    return Betaalbelemmering.objects.get(pk=rij.pk)
