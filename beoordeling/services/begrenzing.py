"""The most that can be awarded to a judged dossier: less than what it asks, with the reason that its letter tells."""

from beoordeling import queries, rechten
from dossiers.models import Dossier
from kern.geld import euro_tekst
from kern.weg import handeling, noteer
from kern.weigering import eis
from oproepen.models import Ronde
from organisaties.models import Gebruiker


@handeling(
    "dossier.begrens_bedrag",
    "Bepalen hoeveel een dossier hoogstens krijgt",
    mag=rechten.mag_begrenzen,
    sloten=lambda dossier, **_: {Ronde: [dossier.ronde_id]},
)
def begrens_bedrag(dossier: Dossier, *, bedrag_cent: int, motivering: str, door: Gebruiker) -> Dossier:
    """Set the most that a proposal awards to a dossier, until it is set again or lifted; 0: nothing can be awarded.

    Under the lock of its round, as the proposal: a limit counts in full or comes too late.
    Raises Weigering: verkeerde_status, advies_ontbreekt, besluit_loopt, bedrag_te_laag, bedrag_te_hoog,
    motivering_ontbreekt, ongewijzigd.
    """
    _eis_begrensbaar(dossier)
    gevraagd, reden = dossier.gevraagd_cent or 0, motivering.strip()
    eis(bedrag_cent >= 0, "bedrag_te_laag", "Het bedrag mag niet negatief zijn.", "bedrag_cent")
    zin = f"Vul een lager bedrag in dan wat gevraagd is: {euro_tekst(gevraagd)}."
    eis(bedrag_cent < gevraagd, "bedrag_te_hoog", zin, "bedrag_cent")
    eis(reden, "motivering_ontbreekt", "Schrijf waarom dit dossier niet meer kan krijgen.", "motivering")
    anders = (dossier.hoogstens_cent, dossier.hoogstens_motivering) != (bedrag_cent, reden)
    eis(anders, "ongewijzigd", "Dit bedrag en deze motivering staan er al.")
    return _zet(dossier, bedrag_cent, reden, door)


@handeling(
    "dossier.hef_begrenzing_op",
    "Begrenzing van het bedrag opheffen",
    mag=rechten.mag_begrenzen,
    sloten=lambda dossier, **_: {Ronde: [dossier.ronde_id]},
)
def hef_begrenzing_op(dossier: Dossier, *, door: Gebruiker) -> Dossier:
    """Let a dossier get again what it asks.

    Raises Weigering: verkeerde_status, advies_ontbreekt, besluit_loopt, geen_begrenzing.
    """
    _eis_begrensbaar(dossier)
    eis(dossier.hoogstens_cent is not None, "geen_begrenzing", "Het bedrag van dit dossier is niet begrensd.")
    return _zet(dossier, None, "", door)


def _eis_begrensbaar(dossier: Dossier) -> None:
    blokkade = queries.blokkade_begrenzing(dossier)
    if blokkade is not None:
        raise blokkade


def _zet(dossier: Dossier, bedrag_cent: int | None, motivering: str, door: Gebruiker) -> Dossier:
    inhoud = {"voorheen_cent": dossier.hoogstens_cent, "hoogstens_cent": bedrag_cent, "motivering": motivering}
    dossier.hoogstens_cent, dossier.hoogstens_motivering = bedrag_cent, motivering
    dossier.save(update_fields=["hoogstens_cent", "hoogstens_motivering"])
    noteer(dossier, door=door, van=dossier.status, naar=dossier.status, inhoud=inhoud)
    return dossier
