"""Recording that an award was reported to the central register of de-minimis aid."""

from datetime import date

from beoordeling import rechten
from beoordeling.models import Deminimismelding
from dossiers.models import Dossier
from kern import klok
from kern.weg import handeling, noteer
from kern.weigering import eis
from organisaties.models import Gebruiker


@handeling("dossier.meld_deminimis", "Melding aan het de-minimisregister noteren", mag=rechten.mag_deminimis_melden)
def meld_deminimis(dossier: Dossier, *, datum: date, referentie: str, door: Gebruiker) -> Deminimismelding:
    """Record the day and the reference of a report, once.

    Raises Weigering: geen_deminimis, al_gemeld, referentie_ontbreekt, datum_onmogelijk.
    """
    steun = dossier.ronde.luik.deminimis and dossier.toegekend_cent and dossier.beslist_op
    eis(steun, "geen_deminimis", "Voor dit dossier is geen de-minimissteun toegekend.")
    al = Deminimismelding.objects.filter(dossier_id=dossier.pk).exists()
    eis(not al, "al_gemeld", "Deze toekenning is al als gemeld genoteerd.")
    eis(referentie.strip(), "referentie_ontbreekt", "Schrijf de referentie van het register.", "referentie")
    eis(datum <= klok.vandaag(), "datum_onmogelijk", "De datum ligt in de toekomst.", "datum")
    eis(dossier.beslist_op <= datum, "datum_onmogelijk", "De datum ligt vóór de toekenning.", "datum")  # type: ignore[operator]
    rij = Deminimismelding.objects.create(dossier=dossier, gemeld_op=datum, referentie=referentie.strip(), door=door)
    inhoud = {"datum": datum, "referentie": rij.referentie}
    noteer(dossier, door=door, van=dossier.status, naar=dossier.status, inhoud=inhoud)
    return rij
