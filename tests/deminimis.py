"""A published call of which every track is de-minimis aid, and its line up to the signature, by acts only."""

from collections.abc import Sequence
from datetime import date, timedelta

from beoordeling import services as beoordeling
from beoordeling.models import Besluit
from betalingen import services as betalingen
from dossiers import services as dossiers
from dossiers.deminimis.opmaak import Steun, bewaar_verklaring
from dossiers.models import Dossier
from kern import klok
from oproepen import services as oproepen
from oproepen.models import Ronde
from tests import bouw
from tests.onthouden import onthoudt
from tests.proef import ARTIKEL, tweede_oproep

K = 1_000_00


@onthoudt
def wereld(w: bouw.Wereld, verordening: str = "algemeen") -> bouw.Wereld:
    """Add the call to a world, with budget; the clock stands in its open rounds."""
    ander = tweede_oproep(w, artikel=ARTIKEL, deminimis=verordening)
    per_luik: dict[str, int | None] = {"vlaanderen": 1_000 * K, "brussel": 1_000 * K}
    betalingen.stel_budget_in(ander.oproep, budget_cent=2_000 * K, per_luik=per_luik, door=ander.bart)
    klok.zet(bouw.OPEN)
    return bouw.vers(ander)


def steun(cent: int, datum: date = date(2021, 3, 1), verordening: str = "algemeen") -> Steun:
    """Return aid as an applicant declares it."""
    return Steun("Stad Antwerpen", datum, cent, verordening)


def verklaar(dossier: Dossier, regels: Sequence[Steun], door: object, verbonden: str = "") -> None:
    """Fill in the declaration."""
    keuze = "wel" if regels else "geen"
    bewaar_verklaring(dossier, keuze=keuze, verbonden=verbonden, op_eer=True, regels=regels, versie=0, door=door)


def ingediend(
    w: bouw.Wereld, wie: str = "an", regels: Sequence[Steun] = (), cent: int = 100 * K, verbonden: str = ""
) -> Dossier:
    """Fill in, declare and hand in."""
    dossier = bouw.volledig(w, wie, gevraagd_cent=cent)
    verklaar(dossier, regels, w.mensen[wie], verbonden)
    dossiers.dien_in(dossier, door=w.mensen[wie], ontvangen_op=klok.nu())
    return bouw.opnieuw(dossier)


def beoordeeld(w: bouw.Wereld, *rijen: Dossier) -> None:
    """Close the round of these dossiers and judge them all well."""
    bouw.sluit(w)
    for rij in rijen:
        dossiers.verklaar_ontvankelijk(rij, motivering="Alles is er.", door=w.bea)
    oproepen.start_beoordeling(w.ronde, door=w.bea)
    for rij in rijen:
        for jurylid in (w.jef, w.joke):
            bouw.scoreblad_ingediend(w, bouw.opnieuw(rij), jurylid, 8)
        beoordeling.stel_advies_vast(bouw.opnieuw(rij), gunstig=True, motivering="Zo vindt de jury.", door=w.vic)


def stel_voor(w: bouw.Wereld) -> Besluit:
    """Propose a week before the decision, and present it."""
    klok.zet(bouw.BESLIST - timedelta(days=7))
    ronde = Ronde.objects.select_related("luik__oproep").get(pk=w.ronde.pk)
    return beoordeling.leg_besluit_voor(beoordeling.stel_voor(ronde, door=w.bea), door=w.bea)


def toegekend(w: bouw.Wereld, wie: str = "an", regels: Sequence[Steun] = (), cent: int = 100 * K) -> Dossier:
    """... and signed on 1 February 2022."""
    rij = ingediend(w, wie, regels, cent)
    beoordeeld(w, rij)
    besluit = stel_voor(w)
    klok.zet(bouw.BESLIST)
    bouw.onderteken(w, besluit)
    return bouw.opnieuw(rij)
